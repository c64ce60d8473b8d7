package oci_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t testing.TB, name string) oci.Manifest {
	t.Helper()
	m, err := oci.ParseManifest("", golden(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	emptyConfig = `{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}`
	ociType     = `"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"`
	indexType   = `"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"`
)

// layer is a descriptor of that size; n makes its digest.
func layer(n int, size any) string {
	return fmt.Sprintf(`{"mediaType":"application/x","digest":"sha256:%064x","size":%v}`, n, size)
}

func image(members string) string {
	return "{" + ociType + `,"config":` + emptyConfig + members + "}"
}

func TestAnImageManifestIsReadInFull(t *testing.T) {
	payload := golden(t, "oci-image")
	m, err := oci.ParseManifest("application/vnd.oci.image.manifest.v1+json; charset=utf-8", payload)
	if err != nil {
		t.Fatal(err)
	}
	if m.MediaType != oci.MediaTypeImageManifest || m.ArtifactType != oci.MediaTypeImageConfig || m.IsIndex() {
		t.Errorf("it is taken for %q, %q", m.MediaType, m.ArtifactType)
	}
	if m.Digest != digest.FromBytes(payload) {
		t.Errorf("digest %s", m.Digest)
	}
	if d, err := m.DigestWith(digest.SHA512); err != nil || d != digest.SHA512.FromBytes(payload) {
		t.Errorf("by sha512 %s, %v", d, err)
	}
	if d, err := m.DigestWith(digest.SHA384); err != nil || d != digest.SHA384.FromBytes(payload) {
		t.Errorf("by sha384 %s, %v", d, err)
	}
	if _, err := m.DigestWith("md5"); !errors.Is(err, oci.ErrDigestUnsupported) {
		t.Errorf("by md5 %v", err)
	}
	if m.Config.Size != 2297 || len(m.Layers) != 2 || m.Layers[1].MediaType != "application/vnd.oci.image.layer.v1.tar+zstd" {
		t.Errorf("config %+v, layers %+v", m.Config, m.Layers)
	}
	if want := int64(len(payload)) + 2297 + 3401613 + 914; m.Size() != want {
		t.Errorf("size %d, want %d", m.Size(), want)
	}
	if m.Annotations["org.opencontainers.image.version"] != "1.4.2" {
		t.Errorf("annotations %v", m.Annotations)
	}
}

func TestAnIndexListsItsChildrenWithTheirPlatforms(t *testing.T) {
	m := parse(t, "docker-list")
	if !m.IsIndex() || m.Config != nil || len(m.Children) != 3 || len(m.Blobs()) != 0 || m.ArtifactType != "" {
		t.Fatalf("got %+v", m)
	}
	if p := m.Children[1].Platform; p.Architecture != "arm" || p.Variant != "v7" {
		t.Errorf("arm is %+v", p)
	}
	if p := m.Children[2].Platform; p.OSVersion != "10.0.17763.5329" || len(p.OSFeatures) != 1 || p.OSFeatures[0] != "win32k" {
		t.Errorf("windows is %+v", p)
	}
	if m.Size() != int64(len(m.Payload)) {
		t.Errorf("an index's size is its payload's, got %d", m.Size())
	}
}

func TestASubjectAndEmbeddedDataAreRead(t *testing.T) {
	m := parse(t, "artifact")
	if m.Subject == nil || m.Subject.Size != 1234 || m.ArtifactType != "application/vnd.example.thing" {
		t.Errorf("subject %+v, type %q", m.Subject, m.ArtifactType)
	}
	if string(m.Config.Data) != "{}" {
		t.Errorf("data %q", m.Config.Data)
	}
}

func TestBlobsAreTheOnesThatMustExist(t *testing.T) {
	for _, c := range []struct {
		sentence, file string
		want           int
	}{
		{"a layer used twice is one blob", "docker-manifest", 4},
		{"a foreign layer with urls need not be pushed", "docker-windows", 2},
		{"config and layer may be the same blob", "artifact", 1},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			m := parse(t, c.file)
			blobs := m.Blobs()
			if len(blobs) != c.want || blobs[0].Digest != m.Config.Digest {
				t.Errorf("got %v", blobs)
			}
		})
	}
	t.Run("a foreign layer without urls must be pushed", func(t *testing.T) {
		m, err := oci.ParseManifest("", []byte(image(`,"layers":[{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"`+sha256a+`","size":5}]`)))
		if err != nil || len(m.Blobs()) != 2 {
			t.Errorf("got %v, %v", m.Blobs(), err)
		}
	})
}

func TestManifestsThatAreAccepted(t *testing.T) {
	for _, c := range []struct{ sentence, contentType, payload string }{
		{"the inner media type is enough", "", image(`,"layers":[]`)},
		{"the Content-Type is enough for OCI", oci.MediaTypeImageManifest, `{"schemaVersion":2,"config":` + emptyConfig + `}`},
		{"application/json says nothing", "application/json", image("")},
		{"Go writes an empty list as null", "", image(`,"layers":null,"manifests":null,"subject":null,"annotations":null`)},
		{"an empty index", "", `{` + indexType + `,"manifests":[]}`},
		{"an empty index written by Go", "", `{` + indexType + `,"manifests":null}`},
		{"an unknown media type in the shape of a manifest", "application/vnd.example.v1+json", `{"schemaVersion":2,"config":` + emptyConfig + `}`},
		{"an unknown media type in the shape of an index", "application/vnd.example.v1+json", `{"schemaVersion":2,"manifests":[` + layer(1, 2) + `]}`},
		{"unknown members are ignored", "", image(`,"Extra":{"deep":[1,2,{"config":null}]}`)},
		{"space stands anywhere", "", " \n{ " + strings.ReplaceAll(ociType, ":2,", " :\t2 ,") + "\r\n , \"config\" : " + emptyConfig + " } \n"},
		{"an annotation key may be any text", "", image(`,"annotations":{"Size":"1","size":"2","\u00e4\"\\":"\ud83d\ude00","":null}`)},
		{"a layer of an unknown type and digest by sha512", "", image(`,"layers":[{"mediaType":"","digest":"sha512:` + hex128 + `","size":0}]`)},
		{"as many layers as allowed", "", image(`,"layers":[` + strings.Repeat(layer(1, 1)+",", oci.MaxLayers-1) + layer(1, 1) + `]`)},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if _, err := oci.ParseManifest(c.contentType, []byte(c.payload)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	const schema1 = "push the image again with a current client"
	for _, c := range []struct{ sentence, contentType, payload, message string }{
		{"it must be JSON", oci.MediaTypeImageManifest, `{"schemaVersion":2,`, "not valid JSON"},
		{"nothing may follow it", "", image("") + "{}", "not valid JSON"},
		{"nothing is not a manifest", oci.MediaTypeImageManifest, "", "not valid JSON"},
		{"a list is not a manifest", oci.MediaTypeImageManifest, "[]", "must be an object"},
		{"it must be UTF-8", "", image(",\"a\":\"\xff\""), "not valid UTF-8"},
		{"it must not nest without end", "", image(`,"a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70)), "nests deeper than 64"},
		{"it must not hold U+0000", "", image(`,"annotations":{"a":"\u0000"}`), "U+0000"},
		{"it must not hold half a character", "", image(`,"annotations":{"a":"\ud83d!"}`), "surrogate"},
		{"nor its other half", "", image(`,"annotations":{"a":"\udc00"}`), "surrogate"},
		{"nor a number that nothing can hold", "", image(`,"a":1e999`), "number out of range"},
		{"nor one that is too small", "", image(`,"a":1e-9999`), "number out of range"},
		{"nor one that is too long", "", image(`,"a":` + strings.Repeat("1", 65)), "more than 64 characters"},
		{"some media type must be named", "", `{"schemaVersion":2}`, "names no media type"},
		{"the two media types must agree", oci.MediaTypeImageManifest, `{` + indexType + `,"manifests":[]}`, `manifest's mediaType is "application/vnd.oci.image.index.v1+json" but Content-Type says "application/vnd.oci.image.manifest.v1+json"; send the same in both`},
		{"Docker's manifest names its type inside, in Harbor's words", oci.MediaTypeDockerManifest, `{}`, "unmarshal manifest failed: mediaType in manifest should be 'application/vnd.docker.distribution.manifest.v2+json' not ''"},
		{"Docker's list names its type inside", oci.MediaTypeDockerList, `{"schemaVersion":2,"manifests":[]}`, "mediaType in manifest list should be"},
		{"schema 1 by media type", "application/vnd.docker.distribution.manifest.v1+prettyjws", `{"schemaVersion":1}`, schema1},
		{"schema 1 by inner media type", "", `{"mediaType":"application/vnd.docker.distribution.manifest.v1+json"}`, schema1},
		{"schema 1 by version", "application/json", `{"schemaVersion":1,"fsLayers":[]}`, schema1},
		{"the media type must be a string", "", `{"mediaType":7}`, "mediaType: must be a string"},
		{"the media type must be of a manifest", "text/plain", `{"schemaVersion":2}`, "not a media type of manifests"},
		{"the media type must have a reasonable length", "application/" + strings.Repeat("a", 300) + "+json", `{"schemaVersion":2}`, "longer than 255"},
		{"the schema version is required", oci.MediaTypeImageManifest, `{"config":` + emptyConfig + `}`, "schemaVersion must be 2"},
		{"a newer schema is not known", oci.MediaTypeImageManifest, `{"schemaVersion":3}`, "schemaVersion must be 2"},
		{"a manifest needs a config", "", `{` + ociType + `,"layers":[]}`, "config is required"},
		{"an index needs its list", "", `{` + indexType + `}`, "manifests is required"},
		{"a manifest is not also an index", "", image(`,"manifests":[]`), "not both"},
		{"an index has no layers", "", `{` + indexType + `,"layers":[]}`, "belong to an image manifest"},
		{"a manifest does not list manifests", "", `{` + ociType + `,"manifests":[]}`, "manifests belongs to an index"},
		{"a manifest hides no schema 1", "", image(`,"fsLayers":[]`), "fsLayers"},
		{"an unknown type needs a known shape", "application/vnd.example+json", `{"schemaVersion":2}`, "unknown media type"},
		{"a member may not be there twice", "", image(`,"config":` + emptyConfig), "config is there twice"},
		{"a member may not be there in another case", "", image(`,"Layers":[]`), `"Layers" must be written layers`},
		{"nor in a case that only Unicode knows", "", image(`,"layer\u017f":[]`), "must be written layers"},
		{"a descriptor's member may not be there twice", "", image(`,"layers":[{"digest":"` + sha256a + `","size":1,"size":2}]`), "layers[0]: size is there twice"},
		{"layers are a list", "", image(`,"layers":{}`), "layers: must be an array"},
		{"a layer is an object", "", image(`,"layers":[1]`), "layers[0]: must be an object"},
		{"a digest is required", "", image(`,"layers":[{"size":1}]`), "layers[0]: digest"},
		{"a digest must be whole", "", image(`,"layers":[{"digest":"sha256:ab","size":1}]`), "is malformed"},
		{"a digest must be supported", "", image(`,"layers":[{"digest":"md5:ab","size":1}]`), "not supported"},
		{"a size is required", "", image(`,"layers":[{"digest":"` + sha256a + `"}]`), "size: is required"},
		{"a size is not negative", "", image(`,"layers":[` + layer(1, -1) + `]`), "size: must be a number of bytes"},
		{"a size is whole", "", image(`,"layers":[` + layer(1, 1.5) + `]`), "size: must be a number of bytes"},
		{"a size is a number", "", image(`,"layers":[` + layer(1, `"1"`) + `]`), "size: must be a number of bytes"},
		{"a size fits 64 bits", "", image(`,"layers":[` + layer(1, "9223372036854775808") + `]`), "size: must be a number of bytes"},
		{"the sizes do not overflow", "", image(`,"layers":[` + layer(1, math.MaxInt64) + `,` + layer(2, math.MaxInt64) + `]`), "add up to more than"},
		{"a blob has one size", "", image(`,"layers":[` + layer(1, 1) + `,` + layer(1, 2) + `]`), "with size 1 and with size 2"},
		{"layers are counted", "", image(`,"layers":[` + strings.Repeat(layer(1, 1)+",", oci.MaxLayers) + layer(1, 1) + `]`), "layers: has more than 4096 entries"},
		{"annotations are texts", "", image(`,"annotations":{"a":1}`), `annotations: "a" must be a string`},
		{"annotations are counted", "", image(`,"annotations":{` + strings.Repeat(`"a":"",`, 70_000) + `"a":""}`), "more than 65536"},
		{"urls are counted", "", image(`,"layers":[{"digest":"` + sha256a + `","size":1,"urls":[` + strings.Repeat(`"u",`, 64) + `"u"]}]`), "urls: has more than 64"},
		{"embedded data is base64", "", image(`,"layers":[{"digest":"` + sha256a + `","size":1,"data":"*"}]`), "data: must be base64"},
		{"embedded data is the blob's", "", image(`,"layers":[{"digest":"` + sha256a + `","size":2,"data":"e30="}]`), "not what size and digest say"},
		{"a platform is an object of texts", "", `{` + indexType + `,"manifests":[{"digest":"` + sha256a + `","size":2,"platform":{"os":1}}]}`, "manifests[0]: platform: os: must be a string"},
		{"a platform's features are counted", "", `{` + indexType + `,"manifests":[{"digest":"` + sha256a + `","size":2,"platform":{"os.features":[` + strings.Repeat(`"f",`, 64) + `"f"]}}]}`, "platform: os.features: has more than 64"},
		{"a platform's fields are there once", "", `{` + indexType + `,"manifests":[{"digest":"` + sha256a + `","size":2,"platform":{"os":"linux","OS":"windows"}}]}`, `"OS" must be written os`},
		{"children are counted", "", `{` + indexType + `,"manifests":[` + strings.Repeat(layer(1, 1)+",", oci.MaxChildren) + layer(1, 1) + `]}`, "manifests: has more than 10000 entries"},
		{"a layer's media type is printable", "", image(`,"layers":[{"mediaType":"a\nb","digest":"` + sha256a + `","size":1}]`), "printable ASCII"},
		{"an artifact type is text", "", image(`,"artifactType":[]`), "artifactType: must be a string"},
		{"a subject is a descriptor", "", image(`,"subject":{"size":1}`), "subject: digest"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			_, err := oci.ParseManifest(c.contentType, []byte(c.payload))
			if !errors.Is(err, oci.ErrManifestInvalid) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), c.message) || len(err.Error()) > 1_000 {
				t.Errorf("message %q should say %q", err, c.message)
			}
		})
	}
}

func TestAManifestHasABound(t *testing.T) {
	pad := func(n int) []byte { return []byte(image("") + strings.Repeat(" ", n-len(image("")))) }
	if _, err := oci.ParseManifest("", pad(oci.MaxManifestSize)); err != nil {
		t.Errorf("4 MiB are accepted, got %v", err)
	}
	if _, err := oci.ParseManifest("", pad(oci.MaxManifestSize+1)); !errors.Is(err, oci.ErrManifestTooLarge) {
		t.Errorf("one byte more gave %v", err)
	}
}

func FuzzParseManifest(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("", b)
		f.Add(oci.MediaTypeImageManifest, b)
	}
	f.Add("application/vnd.example+json", []byte(image(`,"layers":[`+layer(1, 1)+`],"annotations":{"a":"\ud83d\ude00\\\"\n"}`)))
	f.Fuzz(func(t *testing.T, contentType string, payload []byte) {
		m, err := oci.ParseManifest(contentType, payload)
		if err != nil {
			if !errors.Is(err, oci.ErrManifestInvalid) && !errors.Is(err, oci.ErrManifestTooLarge) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		all := append(append([]oci.Descriptor{}, m.Layers...), m.Children...)
		if m.Config != nil {
			all = append(all, *m.Config)
		}
		if m.Subject != nil {
			all = append(all, *m.Subject)
		}
		for _, d := range all {
			if d.Digest.Validate() != nil || d.Size < 0 {
				t.Fatalf("accepted %+v", d)
			}
		}
		if m.IsIndex() == (m.Config != nil) || m.Size() < int64(len(payload)) || m.Digest.Validate() != nil {
			t.Fatalf("accepted %+v", m)
		}
		if oci.Classify(m).HarborType(m) == "" {
			t.Fatal("no type")
		}
		again, err := oci.ParseManifest(m.MediaType, payload)
		if err != nil || again.Digest != m.Digest {
			t.Fatalf("its own media type is refused: %v", err)
		}
	})
}

func BenchmarkParseManifest(b *testing.B) {
	for _, name := range []string{"docker-manifest", "oci-index", "sigstore-signature"} {
		b.Run(name, func(b *testing.B) {
			payload := golden(b, name)
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := oci.ParseManifest("", payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
