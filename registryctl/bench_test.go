package registryctl_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/opencontainers/go-digest"
)

// inMemory is a request that is answered without reading a name, a file or a key.
func inMemory(t testing.TB, method, what string) func() {
	t.Helper()
	s := newServer(t)
	s.project("library", false)
	manifest := s.as("admin").push("library/app", "v1", "one")
	layer := s.as("admin").blob("library/app", []byte("content"))
	path := map[string]string{"tag": "manifests/v1", "digest": "manifests/" + digest.FromBytes(manifest).String(), "blob": "blobs/" + layer.String()}[what]
	bearer := "Bearer " + s.token("admin", "repository:library/app:pull")
	handler := s.handler.Load()
	ask := func() {
		r := httptest.NewRequestWithContext(t.Context(), method, "/v2/library/app/"+path, nil)
		r.Header.Set("Authorization", bearer)
		w := &discarding{header: http.Header{}}
		handler.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			t.Fatalf("%s %s: %d", method, path, w.status)
		}
	}
	for range 3 {
		ask()
	}
	return ask
}

// discarding is a ResponseWriter that keeps the status alone.
type discarding struct {
	header http.Header
	status int
}

func (w *discarding) Header() http.Header         { return w.header }
func (w *discarding) WriteHeader(status int)      { w.status = status }
func (w *discarding) Write(p []byte) (int, error) { return len(p), nil }

func BenchmarkFromMemory(b *testing.B) {
	for _, c := range []struct{ method, what string }{{http.MethodGet, "tag"}, {http.MethodGet, "digest"}, {http.MethodHead, "tag"}, {http.MethodGet, "blob"}, {http.MethodHead, "blob"}} {
		b.Run(c.method+" "+c.what, func(b *testing.B) {
			ask := inMemory(b, c.method, c.what)
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					ask()
				}
			})
		})
	}
}

// What a pull leaves behind, the test's request and the question whether anything has
// changed included: of those the most is the question, which many pulls share.
func TestAPullFromMemoryAllocatesLittle(t *testing.T) {
	for what, most := range map[string]float64{"tag": 100, "blob": 100} {
		if got := testing.AllocsPerRun(100, inMemory(t, http.MethodGet, what)); got > most {
			t.Errorf("GET by %s: %.0f allocations, at most %.0f are promised", what, got, most)
		} else {
			t.Logf("GET by %s: %.0f allocations", what, got)
		}
	}
}
