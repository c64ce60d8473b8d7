package api_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

// chart pushes a Helm chart with names and contents in turn.
func (s *site) chart(repository, tag string, pairs ...string) digest.Digest {
	s.t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	for i := 0; i < len(pairs); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: "chart/" + pairs[i], Mode: 0o644, Size: int64(len(pairs[i+1])), Typeflag: tar.TypeReg}); err != nil {
			s.t.Fatal(err)
		}
		if _, err := io.WriteString(w, pairs[i+1]); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		s.t.Fatal(err)
	}
	config := []byte(`{"name":"chart","version":"1.0.0","apiVersion":"v2","dependencies":[{"name":"db","version":"1","repository":"https://example.com"}]}`)
	payload := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`, ociManifest,
		s.blob(repository, "application/vnd.cncf.helm.config.v1+json", config),
		s.blob(repository, "application/vnd.cncf.helm.chart.content.v1.tar+gzip", packed.Bytes()))
	return s.push(repository, tag, ociManifest, payload, config)
}

func TestEveryAdditionLinkLeadsToAnAddition(t *testing.T) {
	s := newSite(t)
	s.project("gold", true)
	s.chart("gold/chart", "v1", "values.yaml", "a: 1", "README.md", "# <b>Chart</b>")
	s.image("gold/image", "v1", "one")
	for repository, names := range map[string][]string{"chart": {"values.yaml", "readme.md", "dependencies", "files"}, "image": {"build_history"}} {
		a := s.want(http.StatusOK, "", "GET", "/projects/gold/repositories/"+repository+"/artifacts/v1", "").json(t).(map[string]any)
		links := a["addition_links"].(map[string]any)
		if len(links) != len(names) {
			t.Errorf("%s has %v", repository, links)
		}
		for _, name := range names {
			href := links[name].(map[string]any)["href"].(string)
			r := s.want(http.StatusOK, "", "GET", href, "")
			if r.body == "" || r.header.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(r.header.Get("Content-Type"), "html") {
				t.Errorf("%s: %q %v", href, r.body, r.header)
			}
		}
	}
	const additions = "/projects/gold/repositories/%s/artifacts/v1/additions/%s"
	for name, want := range map[string][2]string{"values.yaml": {"a: 1", "text/plain; charset=utf-8"}, "readme.md": {"# <b>Chart</b>", "text/markdown; charset=utf-8"}} {
		if r := s.want(http.StatusOK, "", "GET", fmt.Sprintf(additions, "chart", name), ""); r.body != want[0] || r.header.Get("Content-Type") != want[1] {
			t.Errorf("%s: %q %s", name, r.body, r.header.Get("Content-Type"))
		}
	}
	for path, want := range map[string]string{
		fmt.Sprintf(additions, "chart", "build_history"): "addition BUILD_HISTORY isn't supported for CHART",
		fmt.Sprintf(additions, "image", "values.yaml"):   "addition VALUES.YAML isn't supported for IMAGE(manifest version 2)",
		fmt.Sprintf(additions, "image", "sbom"):          "addition SBOM isn't supported for IMAGE(manifest version 2)",
	} {
		if m := s.want(http.StatusBadRequest, "", "GET", path, "").message(t); m != want {
			t.Errorf("%s: %s", path, m)
		}
	}
	if r := s.call("admin", "GET", fmt.Sprintf(additions, "chart", "nosuch"), ""); r.status != http.StatusUnprocessableEntity {
		t.Error(r.body)
	}
}

func TestAChartThatIsNoArchiveIsAnErrorOfItsOwn(t *testing.T) {
	s := newSite(t)
	s.project("gold", true)
	config := []byte(`{"name":"chart"}`)
	s.push("gold/chart", "v1", ociManifest, fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`, ociManifest,
		s.blob("gold/chart", "application/vnd.cncf.helm.config.v1+json", config), s.blob("gold/chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", []byte("no archive"))), config)
	r := s.want(http.StatusBadRequest, "", "GET", "/projects/gold/repositories/chart/artifacts/v1/additions/values.yaml", "")
	if m := r.message(t); !strings.Contains(m, "cannot be shown") {
		t.Error(m)
	}
}

func TestEveryIconIsAPicture(t *testing.T) {
	s := newSite(t)
	s.project("gold", true)
	s.chart("gold/chart", "v1", "values.yaml", "a: 1")
	chart := s.want(http.StatusOK, "admin", "GET", "/projects/gold/repositories/chart/artifacts/v1", "").json(t).(map[string]any)["icon"].(string)
	for _, d := range []string{
		chart,
		"sha256:0048162a053eef4d4ce3fe7518615bef084403614f8bca43b40ae2e762e11e06", "sha256:089bdda265c14d8686111402c8ad629e8177a1ceb7dcd0f7f39b6480f623b3bd",
		"sha256:badd7693bcaf115be202748241dd0ea6ee3b0524bfab9ac22d1e1c43721afec6", "sha256:20401d5b3a0f6dbc607c8d732eb08471af4ae6b19811a4efce8c6a724aed2882",
		"sha256:dfcb6617cd9c144358dc1b305b87bbe34f0b619f1e329116e6aee2e41f2e34cf", "sha256:da834479c923584f4cbcdecc0dac61f32bef1d51e8aae598cf16bd154efab49f",
	} {
		icon := s.want(http.StatusOK, "admin", "GET", "/icons/"+d, "").json(t).(map[string]any)
		svg, err := base64.StdEncoding.DecodeString(icon["content"].(string))
		if err != nil || icon["content-type"] != "image/svg+xml" || xml.Unmarshal(svg, new(struct{ XMLName xml.Name })) != nil || bytes.Contains(svg, []byte("script")) {
			t.Errorf("%s: %s, %v", d, svg, err)
		}
	}
	s.want(http.StatusNotFound, "admin", "GET", "/icons/sha256:"+strings.Repeat("0", 64), "")
	s.want(http.StatusNotFound, "admin", "GET", "/icons/x", "")
	s.want(http.StatusUnauthorized, "", "GET", "/icons/"+chart, "")
}
