package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
)

// foreign writes a storage as distribution does.
type foreign struct {
	t    *testing.T
	root string
}

func (f foreign) file(path, content string) {
	f.t.Helper()
	full := filepath.Join(f.root, "docker/registry/v2", path)
	if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f foreign) blob(content, mediaType string) string {
	d := digest.FromString(content)
	f.file(fmt.Sprintf("blobs/sha256/%s/%s/data", d.Encoded()[:2], d.Encoded()), content)
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, d, len(content))
}

func (f foreign) manifest(repository, content, mediaType string, tags ...string) string {
	d := digest.FromString(content)
	f.file(fmt.Sprintf("repositories/%s/_manifests/revisions/sha256/%s/link", repository, d.Encoded()), d.String())
	for _, tag := range tags {
		f.file(fmt.Sprintf("repositories/%s/_manifests/tags/%s/current/link", repository, tag), d.String())
	}
	return f.blob(content, mediaType)
}

func (f foreign) image(repository, seed string, tags ...string) string {
	config := f.blob(`{"os":"linux","architecture":"arm64"}`, "application/vnd.oci.image.config.v1+json")
	layer := f.blob(seed, "application/vnd.oci.image.layer.v1.tar")
	return f.manifest(repository, fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`, imageManifest, config, layer), imageManifest, tags...)
}

func rebuilt(t *testing.T, s *apptest.Server, o app.RebuildOptions) string {
	t.Helper()
	var out bytes.Buffer
	if err := app.RebuildIndex(t.Context(), s.Config, o, slog.New(slog.DiscardHandler), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTheNamesOfAnotherRegistryAreTakenOver(t *testing.T) {
	s := apptest.Start(t)
	if text := rebuilt(t, s, app.RebuildOptions{}); !strings.Contains(text, "names no repositories") {
		t.Error(text)
	}
	f := foreign{t, filepath.Join(s.Data, "storage")}
	one, two := f.image("team/deep/app", "the first layer"), f.image("team/deep/app", "the second layer", "plain")
	const index = "application/vnd.oci.image.index.v1+json"
	f.manifest("team/deep/app", fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"manifests":[%s,%s]}`, index, one, two), index, "multi", "latest")
	f.image("alone", "without a project", "v1")
	broken := f.image("team/broken", "lost", "v1")
	lost := digest.FromString("lost")
	if err := os.RemoveAll(filepath.Join(f.root, "docker/registry/v2/blobs/sha256", lost.Encoded()[:2], lost.Encoded())); err != nil {
		t.Fatal(err)
	}
	if text := rebuilt(t, s, app.RebuildOptions{DryRun: true}); !strings.Contains(text, "would be taken over") || !strings.Contains(text, "say which with --into") {
		t.Error(text)
	}
	s.Must(http.StatusUnauthorized, "admin", http.MethodGet, "/v2/team/deep/app/manifests/multi", nil) // no such project
	text := rebuilt(t, s, app.RebuildOptions{Into: "library"})
	for _, says := range []string{"project team is new, and private", "team/deep/app: 3 manifests, 3 tags", "3 repositories, 4 manifests and 4 tags taken over, 2 problems", "PROBLEM team/broken@sha256:", lost.String()} {
		if !strings.Contains(text, says) {
			t.Errorf("it does not say %q:\n%s", says, text)
		}
	}
	for _, path := range []string{
		"/v2/team/deep/app/manifests/multi", "/v2/team/deep/app/manifests/latest", "/v2/team/deep/app/manifests/plain", "/v2/library/alone/manifests/v1",
		"/v2/team/deep/app/blobs/" + digest.FromString("the first layer").String(), "/v2/library/alone/blobs/" + digest.FromString("without a project").String(),
	} {
		s.Must(http.StatusOK, "admin", http.MethodGet, path, nil)
	}
	s.Must(http.StatusNotFound, "admin", http.MethodGet, "/v2/team/broken/manifests/v1", nil)
	if again := rebuilt(t, s, app.RebuildOptions{Into: "library"}); !strings.Contains(again, "3 repositories, 4 manifests and 4 tags taken over, 2 problems") {
		t.Error(again)
	}
	_ = broken
}
