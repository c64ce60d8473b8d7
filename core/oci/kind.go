package oci

import "strings"

// Kind is what an artifact is to the people who push and look for it.
type Kind string

// The kinds. KindOther is everything that says what it is in a way that is not
// known here.
const (
	KindImage       Kind = "image"
	KindIndex       Kind = "index"
	KindChart       Kind = "chart"
	KindSignature   Kind = "signature"
	KindSBOM        Kind = "sbom"
	KindAttestation Kind = "attestation"
	KindWASM        Kind = "wasm"
	KindCNAB        Kind = "cnab"
	KindModel       Kind = "model"
	KindNydus       Kind = "nydus"
	KindOther       Kind = "other"
)

const (
	typeNotationSignature = "application/vnd.cncf.notary.signature"
	typeCosignSignature   = "application/vnd.dev.cosign.artifact.sig.v1+json"
	typeSimpleSigning     = "application/vnd.dev.cosign.simplesigning.v1+json"
	typeSigstoreBundle    = "application/vnd.dev.sigstore.bundle.v0.3+json"
	typeHarborSBOM        = "application/vnd.goharbor.harbor.sbom.v1"
	typeCNAB              = "application/vnd.cnab.manifest.v1"
	typeWASMConfig        = "application/vnd.wasm.config.v1+json"
	typeModelManifest     = "application/vnd.cncf.model.manifest.v1+json"

	prefixSigstoreBundle = "application/vnd.dev.sigstore.bundle."

	annotationArtifactType  = "org.opencontainers.artifactType" // CNAB's, from before artifactType
	annotationNydus         = "containerd.io/snapshot/nydus-bootstrap"
	annotationPredicateType = "dev.sigstore.bundle.predicateType"
	predicateCosignSign     = "https://sigstore.dev/cosign/sign/v1"
)

// Classify says what m is: by its artifact type, else by its layers, for tools
// that put their own layers under an image's config.
func Classify(m Manifest) Kind {
	if m.index {
		t := m.ArtifactType
		if t == "" {
			t = m.Annotations[annotationArtifactType]
		}
		if k := kindOfType(t, m.Annotations); k != "" {
			return k
		}
		return KindIndex
	}
	if k := kindOfType(m.ArtifactType, m.Annotations); k != "" {
		return k
	}
	if isImageConfig(m.ArtifactType) {
		switch {
		case isNydus(m):
			return KindNydus
		case isAnnotatedWASM(m):
			return KindWASM
		}
	}
	if k := kindOfLayers(m); k != "" {
		return k
	}
	if isImageConfig(m.ArtifactType) {
		return KindImage
	}
	return KindOther
}

// kindOfType knows the artifact and config types that need no further look.
func kindOfType(t string, annotations map[string]string) Kind {
	switch t {
	case MediaTypeChartConfig:
		return KindChart
	case typeNotationSignature, typeCosignSignature:
		return KindSignature
	}
	switch {
	case strings.HasPrefix(t, prefixSigstoreBundle):
		// A bundle is an envelope for both; without a predicate it is a plain signature.
		if p := annotations[annotationPredicateType]; p != "" && p != predicateCosignSign {
			return KindAttestation
		}
		return KindSignature
	case isSBOMType(t):
		return KindSBOM
	case isAttestationType(t):
		return KindAttestation
	case isWASMType(t):
		return KindWASM
	case strings.HasPrefix(t, "application/vnd.cnab."):
		return KindCNAB
	case isModelType(t):
		return KindModel
	}
	return ""
}

// kindOfLayers is for cosign's legacy tags, buildkit's attestations, ollama and
// wasm tools. One cosign or model layer tells; the others must be all the same,
// because an image may well carry an SBOM as a layer.
func kindOfLayers(m Manifest) Kind {
	same := Kind("")
	for i, l := range m.Layers {
		k := Kind("")
		switch t := l.MediaType; {
		case t == typeSimpleSigning:
			return KindSignature
		case isModelType(t):
			return KindModel
		case isSBOMType(t):
			k = KindSBOM
		case isAttestationType(t):
			k = KindAttestation
		case isWASMType(t):
			k = KindWASM
		}
		if i == 0 {
			same = k
		}
		if k != same {
			same = ""
		}
	}
	return same
}

func isSBOMType(t string) bool {
	switch t {
	case typeHarborSBOM, "application/spdx+json", "text/spdx", "text/spdx+json", "text/spdx+xml",
		"application/vnd.spdx", "application/vnd.spdx+json", "application/vnd.syft+json":
		return true
	}
	return strings.HasPrefix(t, "application/vnd.cyclonedx")
}

func isAttestationType(t string) bool {
	switch t {
	case "application/vnd.in-toto+json", "application/vnd.dsse.envelope.v1+json",
		"application/vnd.docker.attestation.manifest.v1+json":
		return true
	}
	return strings.HasPrefix(t, "application/vnd.in-toto.")
}

func isWASMType(t string) bool {
	return t == "application/wasm" || strings.HasPrefix(t, "application/vnd.wasm.")
}

func isModelType(t string) bool {
	for _, prefix := range [...]string{
		"application/vnd.cncf.model.", // ModelPack
		"application/vnd.cnai.model.", // its earlier name
		"application/vnd.docker.ai.",  // Docker Model Runner
		"application/vnd.kitops.modelkit.",
		"application/vnd.ollama.image.model",
	} {
		if strings.HasPrefix(t, prefix) {
			return true
		}
	}
	return false
}

// isNydus looks at the last layer, where the converter puts the bootstrap.
func isNydus(m Manifest) bool {
	if len(m.Layers) == 0 {
		return false
	}
	_, ok := m.Layers[len(m.Layers)-1].Annotations[annotationNydus]
	return ok
}

// isAnnotatedWASM is of modules wrapped as an image, for crun and for wasm shims.
func isAnnotatedWASM(m Manifest) bool {
	return m.Annotations["module.wasm.image/variant"] == "compat" || m.Annotations["run.oci.handler"] == "wasm"
}
