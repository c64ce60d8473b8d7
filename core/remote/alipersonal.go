package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// aliPersonal is Alibaba Cloud's Container Registry, Personal Edition: one registry for
// all accounts of a region, whose API knows what is the account's own.
// https://www.alibabacloud.com/help/doc-detail/72334.htm
type aliPersonal struct {
	*registry
	api *aliAPI
}

// aliPersonalURL is that of a region.
var aliPersonalURL = regexp.MustCompile(`^registry(?:-vpc|-internal|-intl)?\.([a-z0-9-]+)\.aliyuncs\.com$`)

func openAliPersonal(t Target, region string) *aliPersonal {
	c := &aliPersonal{api: newAliAPI(t, region, "2016-06-07")}
	c.registry = newRegistry(t.URL, t.Line, (&temporary{clock: t.Line.Clock, get: c.password}).login)
	return c
}

// password gets that of the registry.
func (c *aliPersonal) password(ctx context.Context) (string, string, time.Time, error) {
	var got struct {
		Data struct {
			TempUserName, AuthorizationToken string
			ExpireDate                       int64 // milliseconds
		}
	}
	err := c.api.call(ctx, "sign in to the registry", "GetAuthorizationToken", http.MethodGet, c.api.at("/tokens"), nil, &got)
	return got.Data.TempUserName, got.Data.AuthorizationToken, time.UnixMilli(got.Data.ExpireDate), err
}

// Repositories lists by the API those of the namespaces that the patterns name, or of the
// account's.
func (c *aliPersonal) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	return numbered{all: c.namespaces, page: c.page}.list(ctx, patterns, yield)
}

func (c *aliPersonal) namespaces(ctx context.Context) ([]string, error) {
	var got struct {
		Data struct {
			Namespaces []struct{ Namespace string }
		}
	}
	err := c.api.call(ctx, "list the namespaces", "GetNamespaceList", http.MethodGet, c.api.at("/namespace"), nil, &got)
	out := make([]string, 0, len(got.Data.Namespaces))
	for _, n := range got.Data.Namespaces {
		out = append(out, n.Namespace)
	}
	return out, err
}

func (c *aliPersonal) page(ctx context.Context, namespace string, n, _ int) ([]string, int, error) {
	at := c.api.at("/repos/" + namespace)
	at.RawQuery = escapedQuery(url.Values{"Page": {strconv.Itoa(n)}, "PageSize": {strconv.Itoa(aliPage)}})
	var got struct {
		Data struct {
			Total int
			Repos []struct{ RepoNamespace, RepoName string }
		}
	}
	if err := c.api.call(ctx, "list the repositories of "+namespace, "GetRepoListByNamespace", http.MethodGet, at, nil, &got); err != nil {
		return nil, 0, err
	}
	found := make([]string, 0, len(got.Data.Repos))
	for _, r := range got.Data.Repos {
		found = append(found, r.RepoNamespace+"/"+r.RepoName)
	}
	return found, got.Data.Total, nil
}

// EnsureNamespace makes the namespaces that are not there, in which a push makes private
// repositories.
func (c *aliPersonal) EnsureNamespace(ctx context.Context, repositories []string) error {
	type named struct{ Namespace string }
	type kept struct {
		AutoCreate        bool
		DefaultVisibility string
	}
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		at := c.api.at("/namespace/" + namespace)
		err := c.api.call(ctx, "look for the namespace "+namespace, "GetNamespace", http.MethodGet, at, nil, nil)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		doing := "make the namespace " + namespace
		if err := c.api.call(ctx, doing, "CreateNamespace", http.MethodPut, c.api.at("/namespace"), map[string]any{"Namespace": named{namespace}}, nil); err != nil {
			return err
		}
		return c.api.call(ctx, doing, "UpdateNamespace", http.MethodPost, at, map[string]any{"Namespace": kept{AutoCreate: true, DefaultVisibility: "PRIVATE"}}, nil)
	})
}

// DeleteTag goes by the API.
func (c *aliPersonal) DeleteTag(ctx context.Context, repository, tag string) error {
	if !strings.Contains(repository, "/") {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	if _, err := c.Resolve(ctx, repository, tag); err != nil {
		return err
	}
	return c.api.call(ctx, "delete the tag "+written(repository, tag), "DeleteImage", http.MethodDelete, c.api.at("/repos/"+repository+"/tags/"+tag), nil, nil)
}
