package remote

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/roadstead-registry/roadstead/core/config"
)

// quay is Quay, whose API wants an OAuth token of its own and whose registry a name and
// a password. https://docs.quay.io/api/
type quay struct {
	*registry
	api   *api
	token config.Secret
}

// quayKey is the access key that says, as in Harbor, that the secret is a JSON text
// with all three.
const quayKey = "json_file"

func openQuay(_ context.Context, t Target) (Adapter, error) {
	q := &quay{}
	if t.Credential.Key == quayKey {
		var both struct {
			Account  string        `json:"account_name"`
			Password config.Secret `json:"docker_cli_password"`
			Token    config.Secret `json:"oauth2_token"`
		}
		// What is no JSON signs in as nobody, which Ping will be told.
		_ = json.Unmarshal([]byte(t.Credential.Secret.Reveal()), &both)
		t.Credential.Key, t.Credential.Secret, q.token = both.Account, both.Password, both.Token
	}
	q.registry = t.registry()
	q.api = newAPI(t.URL, t, func(_ context.Context, h http.Header) error {
		if q.token != "" {
			h.Set("Authorization", "Bearer "+q.token.Reveal())
		}
		return nil
	})
	return q, nil
}

// Repositories lists by the API those of a namespace, and by the catalogue those that
// the account sees when no namespace is named.
func (q *quay) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	of, ok := namespaces(patterns)
	if !ok {
		return q.registry.Repositories(ctx, patterns, yield)
	}
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		query := url.Values{"namespace": {namespace}, "public": {"true"}}
		for {
			var page struct {
				Next         string `json:"next_page"`
				Repositories []struct {
					Namespace string `json:"namespace"`
					Name      string `json:"name"`
				} `json:"repositories"`
			}
			_, _, err := q.api.call(ctx, call{doing: "list the repositories of " + namespace, path: "/api/v1/repository", query: query, out: &page})
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			found := make([]string, 0, len(page.Repositories))
			for _, r := range page.Repositories {
				found = append(found, r.Namespace+"/"+r.Name)
			}
			if err := yieldNames(found, yield); err != nil {
				return err
			}
			if page.Next == "" || page.Next == query.Get("next_page") {
				return nil
			}
			query.Set("next_page", page.Next)
		}
	})
}

// EnsureNamespace makes organisations, where there is a token of the API.
func (q *quay) EnsureNamespace(ctx context.Context, repositories []string) error {
	if q.token == "" {
		return nil // the push says whether it is there
	}
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		for _, path := range []string{"/api/v1/organization/", "/api/v1/users/"} {
			_, _, err := q.api.call(ctx, call{doing: "look for the namespace " + namespace, path: path + url.PathEscape(namespace)})
			if !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		_, _, err := q.api.call(ctx, call{
			doing: "make the organization " + namespace, method: http.MethodPost, path: "/api/v1/organization/",
			in: map[string]string{"name": namespace, "email": namespace + "@" + strings.ToLower(q.base.Hostname())}, ok: []int{http.StatusCreated, http.StatusOK},
		})
		return err
	})
}
