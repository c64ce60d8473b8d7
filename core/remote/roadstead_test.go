package remote_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

func TestAnotherRoadstead(t *testing.T) {
	s := apptest.Start(t)
	admin := remote.Credential{Key: "admin", Secret: apptest.Password}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		return adaptertest.Subject{
			Adapter: adaptertest.Open(t, "harbor", s.URL, admin),
			Denied: func() remote.Adapter {
				return adaptertest.Open(t, "harbor", s.URL, remote.Credential{Key: "admin", Secret: "wrong"})
			},
			Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**",
			ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
	t.Run("it is not counted as somebody who pulls", func(t *testing.T) {
		if got := s.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/projects/team/repositories/app", nil); strings.Contains(got.Text, `"pull_count"`) && !strings.Contains(got.Text, `"pull_count":0`) {
			t.Error(got.Text)
		}
	})
	t.Run("a robot of one project reads there and nowhere else", func(t *testing.T) {
		s.Project("other", false)
		made := s.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/robots", map[string]any{
			"name": "copy", "level": "project", "duration": -1,
			"permissions": []any{map[string]any{"kind": "project", "namespace": "team", "access": []any{
				map[string]string{"resource": "repository", "action": "pull"}, map[string]string{"resource": "repository", "action": "list"},
			}}},
		})
		_, rest, _ := strings.Cut(made.Text, `"secret":"`)
		secret, _, _ := strings.Cut(rest, `"`)
		a := adaptertest.Open(t, "harbor", s.URL, remote.Credential{Key: "robot$team+copy", Secret: config.Secret(secret)})
		if err := a.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Resolve(t.Context(), "team/app", "v1"); err != nil {
			t.Error(err)
		}
		var all []string
		err := a.Repositories(t.Context(), []string{"team/**"}, func(page []remote.Repository) error {
			for _, r := range page {
				all = append(all, r.Name)
			}
			return nil
		})
		if err != nil || fmt.Sprint(all) != "[team/app team/tools/cli]" && fmt.Sprint(all) != "[team/tools/cli team/app]" {
			t.Errorf("%v, %v", all, err)
		}
		if err := a.PutManifest(t.Context(), "team/app", "v9", "application/vnd.oci.image.manifest.v1+json", []byte(`{}`)); err == nil {
			t.Error("it may push")
		}
	})
}
