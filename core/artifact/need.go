package artifact

import (
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// MissingError names the blobs or child manifests that a manifest needs and the
// repository does not have.
type MissingError struct {
	Repository string
	Blobs      []digest.Digest
	Manifests  []digest.Digest
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("the manifest refers to %d blobs and %d manifests that %s does not have; push them first",
		len(e.Blobs), len(e.Manifests), e.Repository)
}

const (
	// Locked in digest order, so that garbage collection cannot take one in
	// between and two pushes cannot deadlock.
	// The link is a subquery of its own, so that no plan begins with all that the
	// repository has.
	lockBlobs = `
SELECT b.id, b.digest, b.size FROM blob b
WHERE b.digest = ANY($2) AND b.state = 'live' AND (SELECT true FROM repository_blob rb WHERE rb.repository_id = $1 AND rb.blob_id = b.id)
ORDER BY b.digest FOR KEY SHARE OF b`

	lockChildren = `
SELECT id, digest, size FROM artifact WHERE repository_id = $1 AND digest = ANY($2) AND deleted_at IS NULL
ORDER BY id FOR NO KEY UPDATE`
)

// requireBlobs returns the row ids of the blobs that the manifest is made of.
func (w *pushing) requireBlobs() (map[digest.Digest]int64, error) {
	want := w.push.Manifest.Blobs()
	if len(want) == 0 {
		return nil, nil
	}
	digests := make([]string, len(want))
	for i, d := range want {
		digests[i] = d.Digest.String()
	}
	rows, err := w.tx.Query(w.ctx, lockBlobs, w.target.repositoryID, digests)
	if err != nil {
		return nil, fmt.Errorf("find the manifest's blobs: %w", err)
	}
	ids, sizes := map[digest.Digest]int64{}, map[digest.Digest]int64{}
	var id, size int64
	var d digest.Digest
	_, err = pgx.ForEachRow(rows, []any{&id, &d, &size}, func() error {
		ids[d], sizes[d] = id, size
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the manifest's blobs: %w", err)
	}
	missing := &MissingError{Repository: w.push.Repository}
	for _, d := range want {
		switch size, ok := sizes[d.Digest]; {
		case !ok:
			missing.Blobs = append(missing.Blobs, d.Digest)
		case size != d.Size:
			return nil, fault.Invalid("size", "the manifest says that %s has %d bytes, but it has %d; a client could not pull it", d.Digest, d.Size, size)
		}
	}
	if len(missing.Blobs) > 0 {
		return nil, missing
	}
	return ids, nil
}

// requireChildren returns the artifact ids of what an index lists. Their sizes are
// part of the index's, as Harbor counts.
func (w *pushing) requireChildren() (map[digest.Digest]int64, error) {
	want := w.push.Manifest.Children
	if len(want) == 0 {
		return nil, nil
	}
	digests := make([]string, len(want))
	for i, d := range want {
		digests[i] = d.Digest.String()
	}
	rows, err := w.tx.Query(w.ctx, lockChildren, w.target.repositoryID, digests)
	if err != nil {
		return nil, fmt.Errorf("find the index's manifests: %w", err)
	}
	ids := map[digest.Digest]int64{}
	var id, size int64
	var d digest.Digest
	_, err = pgx.ForEachRow(rows, []any{&id, &d, &size}, func() error {
		ids[d] = id
		w.facts.size += size
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the index's manifests: %w", err)
	}
	missing := &MissingError{Repository: w.push.Repository}
	for _, d := range want {
		if _, ok := ids[d.Digest]; !ok && !slices.Contains(missing.Manifests, d.Digest) {
			missing.Manifests = append(missing.Manifests, d.Digest)
		}
	}
	if len(missing.Manifests) > 0 {
		return nil, missing
	}
	return ids, nil
}
