package addition_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/addition"
	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const (
	typeChartConfig = "application/vnd.cncf.helm.config.v1+json"
	typeChartLayer  = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
	typeModel       = "application/vnd.cncf.model.manifest.v1+json"
	typeModelConfig = "application/vnd.cncf.model.config.v1+json"
)

// shelf is a domain whose blobs are in memory.
type shelf struct {
	*coretest.Domain
	*addition.Service
	t     *testing.T
	blobs map[digest.Digest][]byte
	opens int
	away  error // why no blob can be opened
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{Domain: coretest.New(t), t: t, blobs: map[digest.Digest][]byte{}}
	var err error
	s.Service, err = addition.New(s.Artifacts, func(_ context.Context, d digest.Digest) (io.ReadCloser, error) {
		s.opens++
		return io.NopCloser(bytes.NewReader(s.blobs[d])), s.away
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Projects.Create(t.Context(), s.Admin, project.New{Name: "shelf"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shelf) blob(mediaType string, content []byte, file string) oci.Descriptor {
	s.t.Helper()
	d := digest.FromBytes(content)
	s.blobs[d] = content
	err := s.Artifacts.CommitBlob(s.t.Context(), s.Admin, "shelf/thing", d, int64(len(content)), "", func(context.Context) error { return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	out := oci.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(content))}
	if file != "" {
		out.Annotations = map[string]string{"org.cncf.model.filepath": file}
	}
	return out
}

func (s *shelf) push(artifactType, configType string, config []byte, layers ...oci.Descriptor) artifact.Artifact {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": oci.MediaTypeImageManifest, "artifactType": artifactType, "config": s.blob(configType, config, ""), "layers": layers,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	m, err := oci.ParseManifest(oci.MediaTypeImageManifest, payload)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.Artifacts.CommitPush(s.t.Context(), s.Admin, artifact.Push{Repository: "shelf/thing", Tag: "v1", Manifest: m, Digest: m.Digest, Payload: payload, Config: config})
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.Artifacts.Get(s.t.Context(), "shelf", "thing", "v1")
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *shelf) want(a artifact.Artifact, name, mediaType, body string) {
	s.t.Helper()
	got, err := s.Get(s.t.Context(), a, name)
	if err != nil || got.MediaType != mediaType || strings.TrimSpace(string(got.Body)) != body {
		s.t.Errorf("%s: %q %q, %v; want %q %q", name, got.MediaType, got.Body, err, mediaType, body)
	}
}

func TestAChartShowsItsFiles(t *testing.T) {
	s := newShelf(t)
	layer := s.blob(typeChartLayer, addition.Packed(t,
		"app/Chart.yaml", "name: app", "app/values.yaml", "replicas: 1\n", "app/Readme.MD", "# App",
		"app/charts/db/values.yaml", "not: these", "app/templates/x.yaml", "{{ }}",
	), "")
	signature := s.blob("application/vnd.cncf.helm.chart.provenance.v1.prov", []byte("signed"), "")
	a := s.push("", typeChartConfig, []byte(`{"name":"app","version":"1.0.0","dependencies":[{"name":"db","version":"^2","repository":"oci://example.com/charts"}]}`), signature, layer)
	if got := addition.Of(a); strings.Join(got, " ") != "values.yaml readme.md dependencies files" {
		t.Fatal(got)
	}
	s.want(a, addition.Values, "text/plain; charset=utf-8", "replicas: 1")
	s.want(a, addition.Readme, "text/markdown; charset=utf-8", "# App")
	s.want(a, addition.Dependencies, "application/json; charset=utf-8", `[{"name":"db","version":"^2","repository":"oci://example.com/charts"}]`)
	s.want(a, addition.Files, "application/json; charset=utf-8", `[{"name":"charts","type":"directory","children":[{"name":"db","type":"directory","children":[{"name":"values.yaml","type":"file","size":10}]}]},`+
		`{"name":"templates","type":"directory","children":[{"name":"x.yaml","type":"file","size":5}]},{"name":"Chart.yaml","type":"file","size":9},{"name":"Readme.MD","type":"file","size":5},{"name":"values.yaml","type":"file","size":12}]`)
	before := s.opens
	s.want(a, addition.Values, "text/plain; charset=utf-8", "replicas: 1")
	if s.opens != before {
		t.Error("what was read once is read again")
	}
}

func TestAnOldChartHasItsDependenciesInAFile(t *testing.T) {
	s := newShelf(t)
	layer := s.blob(typeChartLayer, addition.Packed(t, "app/requirements.yaml", "dependencies:\n- {name: db, version: 1.2.3, repository: 'https://example.com'}\n"), "")
	a := s.push("", typeChartConfig, []byte(`{"name":"app","apiVersion":"v1"}`), layer)
	s.want(a, addition.Dependencies, "application/json; charset=utf-8", `[{"name":"db","version":"1.2.3","repository":"https://example.com"}]`)
	s.want(a, addition.Readme, "text/markdown; charset=utf-8", "")
}

func TestAChartWithoutDependenciesHasAnEmptyList(t *testing.T) {
	s := newShelf(t)
	a := s.push("", typeChartConfig, []byte(`{"name":"app"}`), s.blob(typeChartLayer, addition.Packed(t, "app/Chart.yaml", "name: app"), ""))
	s.want(a, addition.Dependencies, "application/json; charset=utf-8", "[]")
}

func TestAModelShowsItsDocumentsAndFilesWithoutOpeningItsWeights(t *testing.T) {
	s := newShelf(t)
	a := s.push(typeModel, typeModelConfig, []byte(`{}`),
		s.blob("application/vnd.cncf.model.weight.v1.tar", []byte("weights"), "weights/part-1.safetensors"),
		s.blob("application/vnd.cncf.model.doc.v1.raw", []byte("# Model"), "README.md"),
		s.blob("application/vnd.cncf.model.doc.v1.tar+gzip", addition.Packed(t, "LICENSE", "Apache"), "docs/LICENSE"),
	)
	if got := addition.Of(a); strings.Join(got, " ") != "readme.md license files" {
		t.Fatal(got)
	}
	s.want(a, addition.Files, "application/json; charset=utf-8",
		`[{"name":"docs","type":"directory","children":[{"name":"LICENSE","type":"file","size":`+itoa(len(addition.Packed(t, "LICENSE", "Apache")))+`}]},`+
			`{"name":"weights","type":"directory","children":[{"name":"part-1.safetensors","type":"file","size":7}]},{"name":"README.md","type":"file","size":7}]`)
	if s.opens != 0 {
		t.Error("listing the files opened a layer")
	}
	s.want(a, addition.Readme, "text/markdown; charset=utf-8", "# Model")
	s.want(a, addition.License, "text/plain; charset=utf-8", "Apache")
}

func itoa(n int) string {
	p, _ := json.Marshal(n)
	return string(p)
}

func TestAModelWithoutADocumentSaysSo(t *testing.T) {
	s := newShelf(t)
	a := s.push(typeModel, typeModelConfig, []byte(`{}`), s.blob("application/vnd.cncf.model.weight.v1.raw", []byte("w"), "README.md"))
	if _, err := s.Get(t.Context(), a, addition.Readme); !errors.Is(err, fault.ErrNotFound) || !strings.HasPrefix(err.Error(), "readme layer not found") {
		t.Fatal(err)
	}
}

func TestContentThatCannotBeReadIsRefusedAndRemembered(t *testing.T) {
	s := newShelf(t)
	a := s.push("", typeChartConfig, []byte(`{"name":"app"}`), s.blob(typeChartLayer, []byte("no archive"), ""))
	for range 2 {
		if _, err := s.Get(t.Context(), a, addition.Values); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "cannot be shown") {
			t.Fatal(err)
		}
	}
	if s.opens != 1 {
		t.Errorf("it was read %d times", s.opens)
	}
}

func TestAStorageThatIsAwayIsAskedAgain(t *testing.T) {
	s := newShelf(t)
	a := s.push("", typeChartConfig, []byte(`{"name":"app"}`), s.blob(typeChartLayer, addition.Packed(t, "app/values.yaml", "a: 1"), ""))
	s.away = errors.New("away")
	if _, err := s.Get(t.Context(), a, addition.Values); !errors.Is(err, s.away) {
		t.Fatal(err)
	}
	s.away = nil
	s.want(a, addition.Values, "text/plain; charset=utf-8", "a: 1")
}

func TestWhatAnArtifactDoesNotHaveIsNotThere(t *testing.T) {
	s := newShelf(t)
	a := s.push("", oci.MediaTypeImageConfig, []byte(`{"history":[{"created_by":"COPY <x>"}]}`))
	s.want(a, addition.BuildHistory, "application/json; charset=utf-8", `[{"created_by":"COPY <x>"}]`)
	if _, err := s.Get(t.Context(), a, addition.Values); !errors.Is(err, fault.ErrNotFound) {
		t.Fatal(err)
	}
}
