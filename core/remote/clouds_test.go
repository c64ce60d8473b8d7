package remote_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// made is what a fake's API has made: namespaces, and repositories where a push makes none.
type made struct {
	mu  sync.Mutex
	all map[string]bool
}

func (m *made) has(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all[name]
}

func (m *made) make(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = map[string]bool{}
	}
	m.all[name] = true
}

// namespaces are those that have no slash in them.
func (m *made) namespaces() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := []string{}
	for name := range m.all {
		if !strings.Contains(name, "/") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// within says whether a repository is in a namespace that was made.
func (m *made) within(repository string) bool {
	namespace, _, _ := strings.Cut(repository, "/")
	return m.has(namespace)
}

// of are the repositories of a namespace, or all.
func of(r *adaptertest.Registry, namespace string) []string {
	return slices.DeleteFunc(r.Repositories(), func(name string) bool {
		return namespace != "" && !strings.HasPrefix(name, namespace+"/")
	})
}

// one is the nth of a list, from 1, as a page.
func one(all []string, n int) []string {
	if n < 1 || n > len(all) {
		return nil
	}
	return all[n-1 : n]
}

// cloud opens a registry whose hosts are one server of the test.
func cloud(t *testing.T, kind, at string, as remote.Credential, o adaptertest.Options, api func(mux *http.ServeMux, r *adaptertest.Registry)) (remote.Adapter, *adaptertest.Registry) {
	t.Helper()
	k, err := remote.FindKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	r := adaptertest.New(t, o, api)
	a, err := k.Open(t.Context(), remote.Target{URL: u, Credential: as, Line: adaptertest.Elsewhere(t, r.Server)})
	if err != nil {
		t.Fatal(err)
	}
	return a, r
}
