package registryctl_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/quota"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/user"
)

func TestReadOnlyRefusesPushesAndDeletionsAndNoPulls(t *testing.T) {
	s := newServer(t)
	s.project("library", true)
	c := s.as("admin")
	c.push("library/app", "v1", "one")
	s.readOnly.Store(true)
	for _, r := range []struct{ method, path string }{
		{http.MethodPost, "/v2/library/app/blobs/uploads/"}, {http.MethodPut, "/v2/library/app/manifests/v2"}, {http.MethodDelete, "/v2/library/app/manifests/v1"},
	} {
		a := c.want(c.do(r.method, r.path, nil), http.StatusForbidden, "DENIED")
		if _, message := a.errors(); message != "The system is in read only mode. Any modification is prohibited." {
			t.Errorf("%s %s: %q", r.method, r.path, message)
		}
	}
	c.want(c.do(http.MethodGet, "/v2/library/app/manifests/v1", nil), http.StatusOK, "")
	s.readOnly.Store(false)
	c.push("library/app", "v2", "two")
}

func TestAPushIntoAProjectThatIsNearlyFullWarns(t *testing.T) {
	s := newServer(t)
	p := s.project("small", false)
	c := s.as("admin")
	c.push("small/app", "v1", "one")
	var used int64
	if err := s.db.Pool.QueryRow(t.Context(), "SELECT sum(bytes) FROM quota_delta WHERE project_id = $1", p.ID).Scan(&used); err != nil {
		t.Fatal(err)
	}
	admin := rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true}
	limit := func(hard int64) {
		t.Helper()
		if err := quota.NewService(s.db.Gorm, time.Now).Update(t.Context(), admin, p.ID, hard, nil); err != nil {
			t.Fatal(err)
		}
	}
	manifest := c.do(http.MethodGet, "/v2/small/app/manifests/v1", nil)
	again := func() answer {
		t.Helper()
		return c.want(c.do(http.MethodPut, "/v2/small/app/manifests/v2", manifest.body, "Content-Type", manifest.header.Get("Content-Type")), http.StatusCreated, "")
	}
	limit(used * 2)
	if w := again().header.Get("Warning"); w != "" {
		t.Errorf("half full: %q", w)
	}
	limit(used + 1)
	if w := again().header.Get("Warning"); !strings.HasPrefix(w, `299 - "project small uses `) || !strings.HasSuffix(w, `"`) || strings.Count(w, `"`) != 2 {
		t.Errorf("nearly full: %q", w)
	}
}
