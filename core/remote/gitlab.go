package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// gitlab is GitLab's registry. Its API is on GitLab's own host, which the registry
// names as its token service. https://docs.gitlab.com/api/container_registry/
type gitlab struct {
	*registry
	target Target

	mu  sync.Mutex
	api *api
}

const (
	gitlabPage = 100
	// gitlabDepth is how many components a repository may have below its project.
	gitlabDepth = 2
)

func openGitLab(_ context.Context, t Target) (Adapter, error) {
	return &gitlab{registry: t.registry(), target: t}, nil
}

// at finds GitLab's API.
func (g *gitlab) open(ctx context.Context) (*api, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.api != nil {
		return g.api, nil
	}
	if err := g.Ping(ctx); err != nil {
		return nil, err
	}
	at, err := g.base.Parse(g.signIn.realm())
	if err != nil || at.Host == "" || !strings.HasSuffix(at.Path, "/jwt/auth") {
		return nil, fmt.Errorf("%w of the kind gitlab: %s does not name a GitLab as its token service", ErrNotRegistry, g.base)
	}
	if g.base.Scheme == "https" && at.Scheme != "https" {
		return nil, fmt.Errorf("the GitLab %s of the registry %s has no TLS, and would get the token in clear text", at.Host, g.base.Host)
	}
	at.Path, at.RawQuery = strings.TrimSuffix(at.Path, "/jwt/auth")+"/api/v4", ""
	g.api = newAPI(at, g.target, func(_ context.Context, h http.Header) error {
		if !g.target.Credential.Empty() {
			h.Set("PRIVATE-TOKEN", g.target.Credential.Secret.Reveal())
		}
		return nil
	})
	return g.api, nil
}

// Repositories lists those of the projects that the account is a member of, or, when
// the patterns name groups, of the projects there that it sees.
func (g *gitlab) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	if !ok {
		return g.projects(ctx, url.Values{"membership": {"true"}}, "", yield)
	}
	return each(ctx, of, func(ctx context.Context, group string) error {
		return g.projects(ctx, url.Values{"search": {group}, "search_namespaces": {"true"}}, group, yield)
	})
}

func (g *gitlab) projects(ctx context.Context, query url.Values, group string, yield func(page []Repository) error) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	query.Set("per_page", strconv.Itoa(gitlabPage))
	query.Set("simple", "true")
	for n := "1"; n != ""; {
		query.Set("page", n)
		var page []struct {
			ID   int64  `json:"id"`
			Path string `json:"path_with_namespace"`
		}
		header, _, err := a.call(ctx, call{doing: "list the projects", path: "/projects", query: query, out: &page})
		if err != nil {
			return err
		}
		for _, p := range page {
			if group != "" && !strings.HasPrefix(strings.ToLower(p.Path), strings.ToLower(group)+"/") {
				continue
			}
			if err := g.ofProject(ctx, a, p.ID, yield); err != nil {
				return err
			}
		}
		n = header.Get("X-Next-Page")
	}
	return nil
}

func (g *gitlab) ofProject(ctx context.Context, a *api, id int64, yield func(page []Repository) error) error {
	for n := "1"; n != ""; {
		var page []struct {
			Path string `json:"path"`
		}
		header, _, err := a.call(ctx, call{
			doing: fmt.Sprintf("list the repositories of project %d", id), path: fmt.Sprintf("/projects/%d/registry/repositories", id),
			query: url.Values{"per_page": {strconv.Itoa(gitlabPage)}, "page": {n}}, out: &page,
		})
		var refused *RefusedError
		if errors.Is(err, ErrNotFound) || errors.As(err, &refused) && refused.Status == http.StatusForbidden {
			return nil // its registry is switched off, or not for this account
		}
		if err != nil {
			return err
		}
		found := make([]string, 0, len(page))
		for _, r := range page {
			found = append(found, r.Path)
		}
		if err := yieldNames(found, yield); err != nil {
			return err
		}
		n = header.Get("X-Next-Page")
	}
	return nil
}

// EnsureNamespace checks that each repository is in a project: GitLab makes none.
func (g *gitlab) EnsureNamespace(ctx context.Context, repositories []string) error {
	a, err := g.open(ctx)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	return each(ctx, repositories, func(ctx context.Context, repository string) error {
		parts := strings.Split(repository, "/")
		for n := len(parts); n >= 2 && n >= len(parts)-gitlabDepth; n-- {
			project := strings.Join(parts[:n], "/")
			if there[project] {
				return nil
			}
			_, _, err := a.call(ctx, call{doing: "look for the project " + project, url: a.escaped("projects", project)})
			if err == nil {
				there[project] = true
				return nil
			}
			if !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		return missing("project of", repository, a.base.Host, "make it in GitLab, or choose a destination below one that is there")
	})
}
