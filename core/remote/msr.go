package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// msr is Mirantis Secure Registry, which Harbor knows by its former name, DTR.
// https://docs.mirantis.com/msr/
type msr struct {
	*registry
	api *api
}

const msrPage = "100"

func openMSR(_ context.Context, t Target) (Adapter, error) {
	return &msr{t.registry(), newAPI(t.URL, t, t.Credential.asBasic)}, nil
}

// Repositories lists by the API those of the namespaces that the patterns name, or all
// that the account sees.
func (m *msr) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	if !ok {
		return m.list(ctx, "/api/v0/repositories", yield)
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		err := m.list(ctx, "/api/v0/repositories/"+url.PathEscape(namespace), yield)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}

func (m *msr) list(ctx context.Context, path string, yield func(page []Repository) error) error {
	query := url.Values{"pageSize": {msrPage}}
	for {
		var page struct {
			Repositories []struct {
				Namespace string `json:"namespace"`
				Name      string `json:"name"`
			} `json:"repositories"`
		}
		header, _, err := m.api.call(ctx, call{doing: "list the repositories", path: path, query: query, out: &page})
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
		next := header.Get("X-Next-Page-Start")
		if next == "" || next == query.Get("pageStart") {
			return nil
		}
		query.Set("pageStart", next)
	}
}

// EnsureNamespace makes organisations and repositories: a push makes neither.
func (m *msr) EnsureNamespace(ctx context.Context, repositories []string) error {
	err := each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		_, _, err := m.api.call(ctx, call{doing: "look for the namespace " + namespace, path: "/enzi/v0/accounts/" + url.PathEscape(namespace)})
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		_, _, err = m.api.call(ctx, call{
			doing: "make the organization " + namespace, method: http.MethodPost, path: "/enzi/v0/accounts",
			in: map[string]any{"name": namespace, "isOrg": true}, ok: []int{http.StatusOK, http.StatusCreated},
		})
		return err
	})
	if err != nil {
		return err
	}
	return each(ctx, repositories, func(ctx context.Context, repository string) error {
		namespace, name, ok := strings.Cut(repository, "/")
		if !ok || strings.Contains(name, "/") {
			return missing("repository", repository, m.base.Host, "a name there is <namespace>/<repository>, no more and no less; flatten the names")
		}
		path := "/api/v0/repositories/" + url.PathEscape(namespace)
		_, _, err := m.api.call(ctx, call{doing: "look for the repository " + repository, path: path + "/" + url.PathEscape(name)})
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		_, _, err = m.api.call(ctx, call{
			doing: "make the repository " + repository, method: http.MethodPost, path: path,
			in: map[string]string{"name": name, "visibility": "private"}, ok: []int{http.StatusCreated, http.StatusOK},
		})
		return err
	})
}

// DeleteTag goes by the API.
func (m *msr) DeleteTag(ctx context.Context, repository, tag string) error {
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	at := m.api.escaped("api", "v0", "repositories", namespace, name, "tags", tag)
	_, _, err := m.api.call(ctx, call{doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, url: at, ok: []int{http.StatusNoContent, http.StatusOK}})
	return err
}
