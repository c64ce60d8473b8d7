package oci

import (
	"errors"
	"fmt"
)

// The members of a manifest that mean something here. fsLayers only in order to
// refuse it: it is how a schema 1 manifest hides in another.
const (
	fieldSchemaVersion = iota
	fieldMediaType
	fieldArtifactType
	fieldConfig
	fieldLayers
	fieldManifests
	fieldSubject
	fieldAnnotations
	fieldFSLayers
	fieldCount
)

// manifestFields are the raw members; one that is missing is nil, unlike null.
type manifestFields [fieldCount][]byte

func manifestFieldNames() []string {
	return []string{"schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject", "annotations", "fsLayers"}
}

// isIndex decides by the media type, and for unknown ones by what is there. A
// document that reads as both is refused: clients would disagree about it
// (CVE-2021-41190).
func (f manifestFields) isIndex(mediaType string) (bool, error) {
	image := !isNull(f[fieldConfig]) || !isNull(f[fieldLayers])
	index := !isNull(f[fieldManifests])
	switch {
	case !isNull(f[fieldFSLayers]):
		return false, errors.New("fsLayers belongs to Docker schema 1, which is not accepted")
	case image && index:
		return false, errors.New("a manifest has either config and layers or manifests, not both")
	}
	switch mediaType {
	case MediaTypeImageManifest, MediaTypeDockerManifest:
		index = false
	case MediaTypeImageIndex, MediaTypeDockerList:
		index = true
	default:
		if !image && !index {
			return false, errors.New("a manifest of an unknown media type needs config and layers, or manifests")
		}
	}
	switch {
	case index && image:
		return false, fmt.Errorf("%s lists manifests; config and layers belong to an image manifest", mediaType)
	case index && f[fieldManifests] == nil:
		return false, errors.New("manifests is required in an index; it may be empty")
	case !index && !isNull(f[fieldManifests]):
		return false, fmt.Errorf("%s has config and layers; manifests belongs to an index", mediaType)
	case !index && isNull(f[fieldConfig]):
		return false, errors.New("config is required in a manifest; an artifact without one uses application/vnd.oci.empty.v1+json")
	}
	return index, nil
}
