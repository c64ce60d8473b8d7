package storage

import (
	"path"

	"github.com/opencontainers/go-digest"
)

// The layout of blobs is distribution's own, so that a folder or bucket of a
// distribution or Harbor registry can be adopted in place, and left again.
// Uploads have their own folder: nothing of distribution looks there.
const (
	root    = "/docker/registry/v2"
	blobs   = root + "/blobs"
	uploads = root + "/_roadstead/uploads"
	damaged = root + "/_roadstead/damaged"
)

// BlobPath is where the bytes of a digest are. The digest must have been parsed.
func BlobPath(d digest.Digest) string {
	hex := d.Encoded()
	return path.Join(blobs, d.Algorithm().String(), hex[:2], hex, "data")
}

// uploadDir and uploadPath take an id that this program made.
func uploadDir(id string) string { return path.Join(uploads, id) }

func uploadPath(id string) string { return path.Join(uploads, id, "data") }
