package oci

import "strings"

const harborTypeUnknown = "UNKNOWN"

// Harbor's accessory types, as its API has them. An artifact that refers to
// another in any other way is AccessorySubject.
const (
	AccessoryCosign   = "signature.cosign"
	AccessoryNotation = "signature.notation"
	AccessoryNydus    = "accelerator.nydus"
	AccessorySBOM     = "sbom.harbor"
	AccessorySubject  = "subject.accessory"
)

// HarborType is the `type` that Harbor's API gives to m, whose kind is k. Harbor
// (2.16) first looks the artifact type up, then takes the word before .config
// out of the config's media type. Where it would say UNKNOWN of a kind that it
// has a word for, that word is given instead.
func (k Kind) HarborType(m Manifest) string {
	switch m.harborResolvedType() {
	case MediaTypeImageConfig, MediaTypeDockerConfig, MediaTypeImageIndex, MediaTypeDockerList:
		return "IMAGE"
	case MediaTypeChartConfig:
		return "CHART"
	case typeCNAB:
		return "CNAB"
	case typeWASMConfig:
		return "WASM"
	case typeModelManifest:
		return "CNAI"
	case typeHarborSBOM:
		return "SBOM"
	}
	if m.Config != nil {
		if t := harborTypeOfConfig(m.Config.MediaType); t != harborTypeUnknown {
			return t
		}
	}
	switch k {
	case KindCNAB:
		return "CNAB"
	case KindWASM:
		return "WASM"
	case KindModel:
		return "CNAI"
	case KindSBOM:
		return "SBOM"
	}
	return harborTypeUnknown
}

func (m Manifest) harborResolvedType() string {
	switch {
	case m.index && m.ArtifactType != "":
		return m.ArtifactType
	case m.index && m.Annotations[annotationArtifactType] != "":
		return m.Annotations[annotationArtifactType]
	case m.index:
		return m.MediaType
	case isImageConfig(m.ArtifactType) && isAnnotatedWASM(m):
		return typeWASMConfig
	}
	return m.ArtifactType
}

// harborTypeOfConfig matches application/vnd.<vendor>.<type>.config.<version>+json.
func harborTypeOfConfig(mediaType string) string {
	rest, ok := strings.CutPrefix(mediaType, "application/vnd.")
	if !ok {
		return harborTypeUnknown
	}
	if rest, ok = strings.CutSuffix(rest, "+json"); !ok {
		return harborTypeUnknown
	}
	_, rest, _ = strings.Cut(rest, ".")
	version := strings.LastIndexByte(rest, '.')
	if version < 0 {
		return harborTypeUnknown
	}
	name, ok := strings.CutSuffix(rest[:version], ".config")
	if !ok || name == "" {
		return harborTypeUnknown
	}
	return strings.ToUpper(name)
}

// AccessoryType is Harbor's word for how m, pushed under tag or under none,
// belongs to another artifact: to its subject, or to the one that cosign's tag
// names. It is empty if m stands for itself. Harbor calls every sigstore bundle
// a cosign signature; what must tell signatures from attestations asks Classify.
func AccessoryType(m Manifest, tag string) string {
	if _, suffix, ok := ParseFallbackTag(tag); ok && suffix == SuffixSignature && hasLayer(m, typeSimpleSigning) {
		return AccessoryCosign
	}
	if m.Subject == nil {
		return ""
	}
	switch t := m.ArtifactType; {
	case t == typeNotationSignature:
		return AccessoryNotation
	case t == typeCosignSignature || t == typeSigstoreBundle:
		return AccessoryCosign
	case t == typeHarborSBOM:
		return AccessorySBOM
	case isImageConfig(t) && isNydus(m):
		return AccessoryNydus
	}
	return AccessorySubject
}

func hasLayer(m Manifest, mediaType string) bool {
	for _, l := range m.Layers {
		if l.MediaType == mediaType {
			return true
		}
	}
	return false
}
