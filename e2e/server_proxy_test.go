//go:build e2e

package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// Behind a proxy that ends TLS, clients are sent to the address that they know; from anybody else such headers are not believed.
func TestServerBehindAProxy(t *testing.T) {
	cases := map[string]struct {
		trusted string
		realm   func(*harness.Server) string
	}{
		"a trusted proxy is believed": {"127.0.0.0/8", func(*harness.Server) string { return "https://registry.example.com/service/token" }},
		"a stranger is not":           {"192.0.2.0/24", func(s *harness.Server) string { return s.URL + "/service/token" }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := harness.Start(t, map[string]string{"ROADSTEAD_TRUSTED_PROXIES": c.trusted})
			answer := forwarded(t, server.Admin.Anonymous(), http.MethodGet, "/v2/")
			if challenge := answer.Header.Get("Www-Authenticate"); !strings.Contains(challenge, `realm="`+c.realm(server)+`"`) {
				t.Errorf("the challenge is %q, want the realm %s", challenge, c.realm(server))
			}
		})
	}
	t.Run("an upload's location stays on the client's side", func(t *testing.T) {
		server := harness.Start(t, map[string]string{"ROADSTEAD_TRUSTED_PROXIES": "127.0.0.0/8"})
		must(t, server.Admin.CreateProject(t.Context(), "proxied", false))
		answer := forwarded(t, server.Admin, http.MethodPost, "/v2/proxied/app/blobs/uploads/")
		location, err := url.Parse(answer.Header.Get("Location"))
		must(t, err)
		if answer.Status != http.StatusAccepted || location.Path == "" || (location.Host != "" && location.Host != "registry.example.com") || location.Scheme == "http" {
			t.Errorf("the answer is %d with the location %q", answer.Status, location)
		}
	})
}

func forwarded(t *testing.T, who harness.API, method, path string) harness.Answer {
	t.Helper()
	request, err := who.Request(t.Context(), method, path, nil)
	must(t, err)
	request.Header.Set("X-Forwarded-Proto", "https")
	request.Header.Set("X-Forwarded-Host", "registry.example.com")
	answer, err := harness.Send(request)
	must(t, err)
	return answer
}
