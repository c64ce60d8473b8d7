package app_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
	"github.com/roadstead-registry/roadstead/core/config"
)

// collected runs `roadstead gc` on the server's data.
func collected(t *testing.T, s *apptest.Server, o app.CollectOptions) string {
	t.Helper()
	var out bytes.Buffer
	if err := app.Collect(t.Context(), s.Config, o, slog.New(slog.DiscardHandler), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// stored are the digests whose bytes are in the server's storage.
func stored(t *testing.T, s *apptest.Server) (out []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(s.Data, "storage"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "data" {
			out = append(out, "sha256:"+filepath.Base(filepath.Dir(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatWasDeletedIsFreedBesideARunningServer(t *testing.T) {
	s := apptest.Start(t, "ROADSTEAD_ROLES=core,registry") // nobody else collects
	s.Project("web", true)
	texts := map[string]string{}
	for _, tag := range []string{"v1", "v2"} {
		texts[tag] = manifest(t, s, "admin", "web/app", "the layer of "+tag)
		if r := put(s, "admin", "web/app", tag, texts[tag]); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	if n := len(stored(t, s)); n != 5 {
		t.Fatalf("%d blobs and manifests are stored", n)
	}
	s.Must(http.StatusAccepted, "admin", http.MethodDelete, "/v2/web/app/manifests/"+digest.FromString(texts["v1"]).String(), nil)
	db, err := pgx.Connect(t.Context(), s.Config.DatabaseURL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(t.Context()) }()
	if _, err := db.Exec(t.Context(), "UPDATE gc_candidate SET not_before = now(); UPDATE blob SET lease_until = now(); UPDATE repository_blob SET lease_until = now(); DELETE FROM blob_content"); err != nil {
		t.Fatal(err)
	}
	gone := []string{digest.FromString("the layer of v1").String(), digest.FromString(texts["v1"]).String()}
	would := collected(t, s, app.CollectOptions{DryRun: true, Workers: 2})
	for _, d := range gone {
		if !strings.Contains(would, d) {
			t.Errorf("%s is not listed:\n%s", d, would)
		}
	}
	if n := len(stored(t, s)); n != 5 || !strings.Contains(would, "1 artifacts, 1 blobs and 1 manifests") {
		t.Errorf("%d are stored after a dry run, which says\n%s", n, would)
	}
	if did := collected(t, s, app.CollectOptions{Workers: 2}); !strings.Contains(did, "1 artifacts, 1 blobs and 1 manifests") {
		t.Error(did)
	}
	left := strings.Join(stored(t, s), " ")
	for _, d := range gone {
		if strings.Contains(left, d) {
			t.Errorf("%s is left", d)
		}
	}
	// The server answers for what is left, and takes what is gone again.
	s.Must(http.StatusOK, "admin", http.MethodGet, "/v2/web/app/manifests/v2", nil)
	s.Must(http.StatusOK, "admin", http.MethodGet, "/v2/web/app/blobs/"+digest.FromString("the layer of v2").String(), nil)
	s.Must(http.StatusNotFound, "admin", http.MethodHead, "/v2/web/app/blobs/"+gone[0], nil)
	if r := put(s, "admin", "web/app", "v1", manifest(t, s, "admin", "web/app", "the layer of v1")); r.StatusCode != http.StatusCreated {
		t.Error(r.Text)
	}
	if n := len(stored(t, s)); n != 5 {
		t.Errorf("%d are stored after the push", n)
	}
	if did := collected(t, s, app.CollectOptions{Workers: 1}); !strings.Contains(did, "0 artifacts, 0 blobs and 0 manifests") {
		t.Error(did)
	}
}

func TestAWrongNumberOfWorkersIsRefused(t *testing.T) {
	for _, n := range []int{0, 11} {
		if err := app.Collect(t.Context(), config.Config{}, app.CollectOptions{Workers: n}, slog.New(slog.DiscardHandler), nil); err == nil || !strings.Contains(err.Error(), "use 1 to 10") {
			t.Errorf("%d: %v", n, err)
		}
	}
}
