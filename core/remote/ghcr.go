package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// ghcr is GitHub's registry, whose lists are in GitHub's API.
// https://docs.github.com/en/rest/packages/packages
type ghcr struct {
	*registry
	api *api
	as  Credential
}

const ghcrPage = 100

func openGHCR(_ context.Context, t Target) (Adapter, error) {
	apiBase := *t.URL
	switch host, below := strings.CutPrefix(t.URL.Host, "containers."); {
	case t.URL.Hostname() == "ghcr.io":
		apiBase = url.URL{Scheme: "https", Host: "api.github.com"}
	case below: // GitHub Enterprise Server
		apiBase.Host, apiBase.Path = host, "/api/v3"
	default:
		apiBase.Path = "/api/v3"
	}
	return &ghcr{t.registry(), newAPI(&apiBase, t, func(_ context.Context, h http.Header) error {
		h.Set("Accept", "application/vnd.github+json")
		if !t.Credential.Empty() {
			h.Set("Authorization", "Bearer "+t.Credential.Secret.Reveal())
		}
		return nil
	}), t.Credential}, nil
}

// Repositories lists the container packages of the owners that the patterns name, else
// the account's own.
func (g *ghcr) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	if g.as.Empty() {
		return errors.New("GitHub lists packages for accounts only: give a token with read:packages, or write the repositories out")
	}
	of, ok := namespaces(patterns)
	if !ok {
		return g.list(ctx, "/user/packages", yield)
	}
	return each(ctx, of, func(ctx context.Context, owner string) error {
		err := g.list(ctx, "/orgs/"+url.PathEscape(owner)+"/packages", yield)
		if errors.Is(err, ErrNotFound) {
			err = g.list(ctx, "/users/"+url.PathEscape(owner)+"/packages", yield)
		}
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}

func (g *ghcr) list(ctx context.Context, path string, yield func(page []Repository) error) error {
	for n := 1; ; n++ {
		var page []struct {
			Name  string `json:"name"`
			Owner struct {
				Login string `json:"login"`
			} `json:"owner"`
		}
		query := url.Values{"package_type": {"container"}, "per_page": {strconv.Itoa(ghcrPage)}, "page": {strconv.Itoa(n)}}
		if _, _, err := g.api.call(ctx, call{doing: "list the packages", path: path, query: query, out: &page}); err != nil {
			return err
		}
		found := make([]string, 0, len(page))
		for _, p := range page {
			found = append(found, strings.ToLower(p.Owner.Login+"/"+p.Name))
		}
		if err := yieldNames(found, yield); err != nil || len(page) < ghcrPage {
			return err
		}
	}
}

// DeleteTag is nothing that GitHub has: a version goes with all of its tags.
func (g *ghcr) DeleteTag(context.Context, string, string) error {
	return fmt.Errorf("%w: GitHub deletes a version with all of its tags, not one tag", ErrUnsupported)
}

// DeleteManifest deletes the package's version of that digest, by the API.
func (g *ghcr) DeleteManifest(ctx context.Context, repository, digest string) error {
	owner, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no owner", ErrNotFound, repository)
	}
	for _, kind := range []string{"orgs", "users"} {
		id, err := g.version(ctx, kind, owner, name, digest)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		at := g.api.escaped(kind, owner, "packages", "container", name, "versions", strconv.FormatInt(id, 10))
		_, _, err = g.api.call(ctx, call{doing: "delete " + written(repository, digest), method: http.MethodDelete, url: at, ok: []int{http.StatusNoContent}})
		return err
	}
	return fmt.Errorf("delete %s: %w", written(repository, digest), ErrNotFound)
}

func (g *ghcr) version(ctx context.Context, kind, owner, name, digest string) (int64, error) {
	for n := 1; ; n++ {
		var page []struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
		}
		at := g.api.escaped(kind, owner, "packages", "container", name, "versions")
		at.RawQuery = url.Values{"per_page": {strconv.Itoa(ghcrPage)}, "page": {strconv.Itoa(n)}}.Encode()
		if _, _, err := g.api.call(ctx, call{doing: "list the versions of " + name, url: at, out: &page}); err != nil {
			return 0, err
		}
		for _, v := range page {
			if v.Name == digest {
				return v.ID, nil
			}
		}
		if len(page) < ghcrPage {
			return 0, ErrNotFound
		}
	}
}
