package registryctl_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// noting is an index that remembers the refusals that it is told of.
type noting struct {
	*failing
	mu   sync.Mutex
	told []string
}

func (n *noting) PushRefused(_ context.Context, by rbac.Subject, repository, reference, reason string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.told = append(n.told, fmt.Sprintf("%s %s %s: %.12s", by.Name, repository, reference, reason))
}

func (n *noting) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	told := n.told
	n.told = nil
	return told
}

func TestRefusedPushesAreToldAndNothingElse(t *testing.T) {
	s := newServer(t)
	p := s.project("library", true)
	s.member("guest", p, rbac.Guest)
	index := &noting{failing: &failing{Index: s.index}}
	s.handler.Store(s.registry(index))
	admin, guest := s.as("admin"), s.as("guest")
	admin.push("library/app", "v1", "one")
	manifest := admin.do(http.MethodGet, "/v2/library/app/manifests/v1", nil).body
	if told := index.take(); len(told) != 0 {
		t.Fatalf("what was allowed is told as refused: %v", told)
	}
	const mediaType = "application/vnd.oci.image.manifest.v1+json"
	guest.want(guest.do(http.MethodPost, "/v2/library/app/blobs/uploads/", nil), http.StatusUnauthorized, "UNAUTHORIZED")
	guest.want(guest.do(http.MethodPut, "/v2/library/app/manifests/v2", manifest, "Content-Type", mediaType), http.StatusUnauthorized, "UNAUTHORIZED")
	if told := index.take(); !slices.Equal(told, []string{"guest library/app : unauthorized", "guest library/app v2: unauthorized"}) {
		t.Error(told)
	}
	index.set(fault.Denied("quota exceeded"))
	admin.want(admin.do(http.MethodPut, "/v2/library/app/manifests/v2", manifest, "Content-Type", mediaType), http.StatusForbidden, "DENIED")
	if told := index.take(); !slices.Equal(told, []string{"admin library/app v2: quota exceed"}) {
		t.Error(told)
	}
	index.set(nil)
	guest.want(guest.do(http.MethodDelete, "/v2/library/app/manifests/v1", nil), http.StatusUnauthorized, "UNAUTHORIZED")
	admin.want(admin.do(http.MethodGet, "/v2/library/app/manifests/nosuch", nil), http.StatusNotFound, "MANIFEST_UNKNOWN")
	admin.want(admin.do(http.MethodPut, "/v2/library/app/manifests/v3", []byte("{}"), "Content-Type", mediaType), http.StatusBadRequest, "MANIFEST_INVALID")
	nobody := s.as("")
	nobody.want(nobody.do(http.MethodPut, "/v2/library/app/manifests/v2", manifest, "Content-Type", mediaType), http.StatusUnauthorized, "UNAUTHORIZED")
	if told := index.take(); len(told) != 0 {
		t.Errorf("told as refused pushes: %v", strings.Join(told, "\n"))
	}
}
