package oci

import (
	"strings"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// Media types of manifests and configs. Docker's stand here because the
// image-spec has only its own.
const (
	MediaTypeImageManifest  = v1.MediaTypeImageManifest
	MediaTypeImageIndex     = v1.MediaTypeImageIndex
	MediaTypeDockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	MediaTypeDockerList     = "application/vnd.docker.distribution.manifest.list.v2+json"

	MediaTypeImageConfig  = v1.MediaTypeImageConfig
	MediaTypeDockerConfig = "application/vnd.docker.container.image.v1+json"
	MediaTypeChartConfig  = "application/vnd.cncf.helm.config.v1+json"
)

const (
	mediaTypeDockerSchema1       = "application/vnd.docker.distribution.manifest.v1+json"
	mediaTypeDockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws"
	mediaTypeDockerForeignLayer  = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
	nonDistributablePrefix       = "application/vnd.oci.image.layer.nondistributable.v1.tar"
)

const maxMediaTypeLength = 255

// decideMediaType settles what a manifest is from its Content-Type and its own
// mediaType. The two must agree: a client that trusts the other one would see
// another document.
func decideMediaType(contentType, inner string) (string, error) {
	outer, _, _ := strings.Cut(contentType, ";")
	outer = strings.TrimSpace(outer)
	if outer == "application/json" {
		outer = "" // says nothing of the kind
	}
	switch {
	case isSchema1(outer) || isSchema1(inner):
		return "", errSchema1()
	case outer == "" && inner == "":
		return "", refuse(ErrManifestInvalid, "the manifest names no media type; send it as Content-Type, for example %s", MediaTypeImageManifest)
	case outer == MediaTypeDockerManifest && inner == "":
		return "", refuse(ErrManifestInvalid, "unmarshal manifest failed: mediaType in manifest should be '%s' not ''", outer)
	case outer == MediaTypeDockerList && inner == "":
		return "", refuse(ErrManifestInvalid, "unmarshal manifest failed: mediaType in manifest list should be '%s' not ''", outer)
	case outer != "" && inner != "" && outer != inner:
		return "", refuse(ErrManifestInvalid, "manifest's mediaType is %s but Content-Type says %s; send the same in both", quote(inner), quote(outer))
	case inner != "":
		outer = inner
	}
	if err := checkMediaType(outer); err != nil {
		return "", refuse(ErrManifestInvalid, "mediaType: %w", err)
	}
	if !strings.HasPrefix(outer, "application/") || !strings.HasSuffix(outer, "+json") {
		return "", refuse(ErrManifestInvalid, "%s is not a media type of manifests; push an image manifest or index (%s, %s)", quote(outer), MediaTypeImageManifest, MediaTypeImageIndex)
	}
	return outer, nil
}

func errSchema1() error {
	return refuse(ErrManifestInvalid, "Docker image manifest schema 1 is not accepted; push the image again with a current client (Docker 1.10 or newer, or skopeo copy --format v2s2)")
}

func isSchema1(mediaType string) bool {
	return mediaType == mediaTypeDockerSchema1 || mediaType == mediaTypeDockerSchema1Signed
}

func isImageConfig(mediaType string) bool {
	return mediaType == MediaTypeImageConfig || mediaType == MediaTypeDockerConfig
}

// isForeign is of layers that their maker forbids to distribute; clients fetch
// them from their urls and never push them.
func isForeign(d Descriptor) bool {
	return len(d.URLs) > 0 &&
		(d.MediaType == mediaTypeDockerForeignLayer || strings.HasPrefix(d.MediaType, nonDistributablePrefix))
}
