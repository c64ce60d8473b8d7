package oci_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// what the real-world manifests in testdata are.
var kinds = map[string]struct {
	kind      oci.Kind
	harbor    string
	accessory string // without a tag
}{
	"docker-manifest":           {oci.KindImage, "IMAGE", ""},
	"docker-windows":            {oci.KindImage, "IMAGE", ""},
	"docker-list":               {oci.KindIndex, "IMAGE", ""},
	"oci-image":                 {oci.KindImage, "IMAGE", ""},
	"oci-index":                 {oci.KindIndex, "IMAGE", ""},
	"helm-chart":                {oci.KindChart, "CHART", ""},
	"cosign-legacy":             {oci.KindSignature, "IMAGE", ""},
	"cosign-referrer":           {oci.KindSignature, "UNKNOWN", oci.AccessoryCosign},
	"sigstore-signature":        {oci.KindSignature, "UNKNOWN", oci.AccessoryCosign},
	"sigstore-attestation":      {oci.KindAttestation, "UNKNOWN", oci.AccessoryCosign},
	"cosign-attestation-legacy": {oci.KindAttestation, "IMAGE", ""},
	"buildkit-attestation":      {oci.KindAttestation, "IMAGE", ""},
	"notation":                  {oci.KindSignature, "UNKNOWN", oci.AccessoryNotation},
	"notation-1.0":              {oci.KindSignature, "UNKNOWN", oci.AccessoryNotation},
	"sbom-harbor":               {oci.KindSBOM, "SBOM", oci.AccessorySBOM},
	"sbom-spdx":                 {oci.KindSBOM, "SBOM", oci.AccessorySubject},
	"sbom-cosign-legacy":        {oci.KindSBOM, "IMAGE", ""},
	"wasm-to-oci":               {oci.KindWASM, "WASM", ""},
	"wasm-component":            {oci.KindWASM, "WASM", ""},
	"wasm-annotated":            {oci.KindWASM, "WASM", ""},
	"cnab":                      {oci.KindCNAB, "CNAB", ""},
	"modelpack":                 {oci.KindModel, "CNAI", ""},
	"modelkit":                  {oci.KindModel, "MODELKIT", ""},
	"ollama":                    {oci.KindModel, "IMAGE", ""},
	"nydus":                     {oci.KindNydus, "IMAGE", oci.AccessoryNydus},
	"artifact":                  {oci.KindOther, "UNKNOWN", oci.AccessorySubject},
	"artifact-no-type":          {oci.KindOther, "DATASET", ""},
}

func TestEveryRealWorldManifestIsKnownForWhatItIs(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(kinds) {
		t.Errorf("%d files, %d expectations", len(files), len(kinds))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			want, ok := kinds[name]
			if !ok {
				t.Fatal("nothing is expected of it")
			}
			m := parse(t, name)
			kind := oci.Classify(m)
			if kind != want.kind {
				t.Errorf("kind %q, want %q", kind, want.kind)
			}
			if got := kind.HarborType(m); got != want.harbor {
				t.Errorf("Harbor's type %q, want %q", got, want.harbor)
			}
			if got := oci.AccessoryType(m, ""); got != want.accessory {
				t.Errorf("accessory %q, want %q", got, want.accessory)
			}
		})
	}
}

func TestAClassificationThatTheFilesDoNotShow(t *testing.T) {
	for _, c := range []struct {
		sentence, payload string
		kind              oci.Kind
		harbor            string
	}{
		{"an artifact type goes before an image's config", `{` + ociType + `,"artifactType":"application/vnd.example","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"` + sha256a + `","size":2}}`, oci.KindOther, "IMAGE"},
		{"one SBOM layer among others does not make an SBOM", image(`,"layers":[{"mediaType":"application/spdx+json","digest":"` + sha256a + `","size":1},` + layer(1, 1) + `]`), oci.KindOther, "UNKNOWN"},
		{"nor does one at the end", image(`,"layers":[` + layer(1, 1) + `,{"mediaType":"application/spdx+json","digest":"` + sha256a + `","size":1}]`), oci.KindOther, "UNKNOWN"},
		{"an index with an artifact type is that artifact", `{` + indexType + `,"artifactType":"application/vnd.cncf.model.manifest.v1+json","manifests":[]}`, oci.KindModel, "CNAI"},
		{"an index with an unknown artifact type is an index", `{` + indexType + `,"artifactType":"application/vnd.example","manifests":[]}`, oci.KindIndex, "UNKNOWN"},
		{"a config type with no word before .config has none", image(`,"artifactType":"application/vnd.a"`), oci.KindOther, "UNKNOWN"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			m, err := oci.ParseManifest("", []byte(c.payload))
			if err != nil {
				t.Fatal(err)
			}
			kind := oci.Classify(m)
			if kind != c.kind || kind.HarborType(m) != c.harbor {
				t.Errorf("got %q, %q", kind, kind.HarborType(m))
			}
		})
	}
}

func TestHarborTakesTheTypeFromTheConfigsMediaType(t *testing.T) {
	for mediaType, want := range map[string]string{
		"application/vnd.example.thing.config.v1+json":    "THING",
		"application/vnd.example.a.b.config.v1+json":      "A.B",
		"application/vnd.example.thing.config.v1.2+json":  "UNKNOWN",
		"application/vnd.example.thing.config.v1":         "UNKNOWN",
		"application/vnd.example..config.v1+json":         "UNKNOWN",
		"application/vnd.example.config.v1+json":          "UNKNOWN",
		"application/example.thing.config.v1+json":        "UNKNOWN",
		"application/vnd.example.thing.manifest.v1+json":  "UNKNOWN",
		"application/vnd.+json":                           "UNKNOWN",
		"application/vnd.example.config.config.beta+json": "CONFIG",
	} {
		m, err := oci.ParseManifest("", []byte(`{`+ociType+`,"config":{"mediaType":"`+mediaType+`","digest":"`+sha256a+`","size":2}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := oci.Classify(m).HarborType(m); got != want {
			t.Errorf("%s is %q, want %q", mediaType, got, want)
		}
	}
}

func TestACosignTagMakesASignatureOnlyOfASignature(t *testing.T) {
	tag := "sha256-" + hex64 + ".sig"
	for _, c := range []struct{ sentence, file, tag, want string }{
		{"a signature under its tag", "cosign-legacy", tag, oci.AccessoryCosign},
		{"a signature under another tag", "cosign-legacy", "v1", ""},
		{"an image under a signature's tag", "oci-image", tag, ""},
		{"an attestation under its tag is none of Harbor's accessories", "cosign-attestation-legacy", "sha256-" + hex64 + ".att", ""},
		{"the referrers index", "oci-index", "sha256-" + hex64, ""},
		{"a referrer keeps its type whatever the tag", "notation", "v1", oci.AccessoryNotation},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := oci.AccessoryType(parse(t, c.file), c.tag); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
