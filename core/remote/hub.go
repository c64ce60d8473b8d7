package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// hub is Docker Hub: a registry, and an API on another host.
// https://docs.docker.com/reference/api/hub/latest/
type hub struct {
	*registry
	api *api
	as  Credential

	mu      sync.Mutex
	bearer  string
	expires time.Time
}

const (
	hubAPI      = "https://hub.docker.com"
	hubRegistry = "https://registry-1.docker.io"
	// hubLife is how long a token of the API is used; it is good for ten minutes.
	hubLife = 8 * time.Minute
)

func openHub(_ context.Context, t Target) (Adapter, error) {
	h := &hub{as: t.Credential}
	apiBase := t.URL
	if host := t.URL.Hostname(); host == "docker.io" || strings.HasSuffix(host, ".docker.io") || host == "hub.docker.com" {
		apiBase, _ = url.Parse(hubAPI)
		t.URL, _ = url.Parse(hubRegistry)
	}
	h.registry = t.registry()
	h.api = newAPI(apiBase, t, h.sign)
	return h, nil
}

// sign adds a token of the API, where there is an account.
func (h *hub) sign(ctx context.Context, header http.Header) error {
	if h.as.Empty() {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bearer == "" || !h.api.line.Clock().Before(h.expires) {
		var made struct {
			AccessToken string `json:"access_token"`
		}
		anonymous := &api{client: h.api.client, sign: func(context.Context, request, []byte) error { return nil }}
		_, _, err := anonymous.call(ctx, call{
			doing: "sign in to Docker Hub", method: http.MethodPost, path: "/v2/auth/token",
			in: map[string]string{"identifier": h.as.Key, "secret": h.as.Secret.Reveal()}, out: &made,
		})
		if err != nil {
			return err
		}
		h.bearer, h.expires = made.AccessToken, h.api.line.Clock().Add(hubLife)
	}
	header.Set("Authorization", "Bearer "+h.bearer)
	return nil
}

// Ping also signs in to the API.
func (h *hub) Ping(ctx context.Context) error {
	if err := h.sign(ctx, http.Header{}); err != nil {
		return err
	}
	return h.registry.Ping(ctx)
}

// Repositories lists those of the namespaces that the patterns name, else the
// account's own. Nobody can list the whole Docker Hub.
func (h *hub) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	if !ok {
		var err error
		if of, err = h.own(ctx); err != nil {
			return err
		}
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		next := h.api.escaped("v2", "namespaces", namespace, "repositories")
		next.RawQuery = "page_size=100"
		for next != nil {
			var page struct {
				Next    string `json:"next"`
				Results []struct {
					Name string `json:"name"`
				} `json:"results"`
			}
			_, _, err := h.api.call(ctx, call{doing: "list the repositories of " + namespace, url: next, out: &page})
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			found := make([]string, 0, len(page.Results))
			for _, r := range page.Results {
				found = append(found, namespace+"/"+r.Name)
			}
			if err := yieldNames(found, yield); err != nil {
				return err
			}
			if next, err = h.follow(next, page.Next); err != nil {
				return err
			}
		}
		return nil
	})
}

// follow reads the URL of the next page; nil is none.
func (h *hub) follow(from *url.URL, text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	next, err := from.Parse(text)
	if err != nil || next.String() == from.String() || !strings.EqualFold(next.Hostname(), h.api.base.Hostname()) {
		return nil, fmt.Errorf("the next page of Docker Hub's list is at %.200q", text)
	}
	next.Scheme, next.Host = h.api.base.Scheme, h.api.base.Host
	return next, nil
}

// own are the account's namespaces: its name and its organisations.
func (h *hub) own(ctx context.Context) ([]string, error) {
	if h.as.Empty() {
		return nil, errors.New("without an account, name the repositories of Docker Hub, or their namespace: library/**")
	}
	var all struct {
		Namespaces []string `json:"namespaces"`
	}
	_, _, err := h.api.call(ctx, call{doing: "list the namespaces", path: "/v2/repositories/namespaces/", out: &all})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if own := strings.ToLower(h.as.Key); !slices.Contains(all.Namespaces, own) {
		all.Namespaces = append(all.Namespaces, own)
	}
	return all.Namespaces, nil
}

// EnsureNamespace checks that the account may push there: organisations are made by
// people.
func (h *hub) EnsureNamespace(ctx context.Context, repositories []string) error {
	own, err := h.own(ctx)
	if err != nil {
		return err
	}
	for _, namespace := range projectsOf(repositories) {
		if !slices.Contains(own, namespace) {
			return missing("namespace", namespace, "Docker Hub", "make the organisation, or let the account "+h.as.Key+" into it")
		}
	}
	return nil
}

// DeleteTag goes by the API: the registry deletes nothing.
func (h *hub) DeleteTag(ctx context.Context, repository, tag string) error {
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	at := h.api.escaped("v2", "repositories", namespace, name, "tags", tag, "")
	_, _, err := h.api.call(ctx, call{doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, url: at, ok: []int{http.StatusNoContent, http.StatusOK, http.StatusAccepted}})
	return err
}

// DeleteManifest is nothing that Docker Hub has.
func (h *hub) DeleteManifest(context.Context, string, string) error {
	return fmt.Errorf("%w: Docker Hub deletes tags only", ErrUnsupported)
}
