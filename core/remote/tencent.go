package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// tencent is an instance of Tencent Container Registry, Enterprise Edition: its API, signed
// with the secret key, gives a password for the registry that is good for an hour.
// https://cloud.tencent.com/document/api/1141/41603
type tencent struct {
	*registry
	api  *tencentAPI
	host string // of the registry
	id   string // of the instance
}

const tencentPage = 100

func openTencent(ctx context.Context, t Target) (Adapter, error) {
	switch host := strings.ToLower(t.URL.Hostname()); {
	case host == tencentPersonalHost:
		return openTencentPersonal(t), nil
	case strings.HasSuffix(host, ".ccs.tencentyun.com"):
		return nil, fmt.Errorf("%w of the kind tencent-tcr: of the Personal Edition only %s is known to its API; docker-registry is the kind of %s", ErrNotRegistry, tencentPersonalHost, host)
	}
	apiBase := t.URL
	if strings.HasSuffix(t.URL.Hostname(), ".tencentcloudcr.com") {
		apiBase = tencentBase()
	}
	c := &tencent{api: newTencentAPI(apiBase, t, t.Credential), host: t.URL.Host}
	c.registry = newRegistry(t.URL, t.Line, (&temporary{clock: t.Line.Clock, get: c.password}).login)
	return c, c.find(ctx)
}

// find learns the id and the region of the instance.
func (c *tencent) find(ctx context.Context) error {
	for offset := 0; ; {
		var page struct {
			TotalCount int
			Registries []struct{ RegistryId, RegistryName, PublicDomain, RegionName string } //nolint:revive // as the API has it
		}
		err := c.api.action(ctx, "look for the instance", "DescribeInstances", map[string]any{"AllRegion": true, "Limit": tencentPage, "Offset": offset}, &page)
		if err != nil {
			return err
		}
		for _, r := range page.Registries {
			if r.PublicDomain == c.host || strings.HasPrefix(c.host, r.RegistryName+".") {
				c.id, c.api.region = r.RegistryId, r.RegionName
				return nil
			}
		}
		if offset += len(page.Registries); len(page.Registries) == 0 || offset >= page.TotalCount {
			return fmt.Errorf("the account has no instance at %s: write the URL as https://<name of the instance>.tencentcloudcr.com", c.host)
		}
	}
}

// password gets that of the registry.
func (c *tencent) password(ctx context.Context) (string, string, time.Time, error) {
	var got struct {
		Username, Token string
		ExpTime         int64 // milliseconds
	}
	err := c.api.action(ctx, "sign in to the registry", "CreateInstanceToken", map[string]string{"RegistryId": c.id, "TokenType": "temp"}, &got)
	return got.Username, got.Token, time.UnixMilli(got.ExpTime), err
}

// Repositories lists by the API those of the namespaces that the patterns name, or all.
func (c *tencent) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	return numbered{page: c.page}.list(ctx, patterns, yield)
}

func (c *tencent) page(ctx context.Context, namespace string, n, _ int) ([]string, int, error) {
	in := map[string]any{"RegistryId": c.id, "Limit": tencentPage, "Offset": n} // a page's number
	if namespace != "" {
		in["NamespaceName"] = namespace
	}
	var page struct {
		TotalCount     int
		RepositoryList []struct{ Name string } // namespace/name
	}
	if err := c.api.action(ctx, "list the repositories", "DescribeRepositories", in, &page); err != nil {
		return nil, 0, err
	}
	found := make([]string, 0, len(page.RepositoryList))
	for _, r := range page.RepositoryList {
		found = append(found, r.Name)
	}
	return found, page.TotalCount, nil
}

// EnsureNamespace makes the namespaces that are not there, private.
func (c *tencent) EnsureNamespace(ctx context.Context, repositories []string) error {
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		var found struct{ NamespaceList []struct{ Name string } }
		err := c.api.action(ctx, "look for the namespace "+namespace, "DescribeNamespaces", map[string]any{"RegistryId": c.id, "NamespaceName": namespace, "Limit": tencentPage}, &found)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for _, n := range found.NamespaceList {
			if n.Name == namespace {
				return nil
			}
		}
		var made struct{}
		return c.api.action(ctx, "make the namespace "+namespace, "CreateNamespace", map[string]any{"RegistryId": c.id, "NamespaceName": namespace, "IsPublic": false}, &made)
	})
}

// DeleteTag goes by the API, which does not say of a tag that it is not there.
func (c *tencent) DeleteTag(ctx context.Context, repository, tag string) error {
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	if _, err := c.Resolve(ctx, repository, tag); err != nil {
		return err
	}
	var done struct{}
	return c.api.action(ctx, "delete the tag "+written(repository, tag), "DeleteImage",
		map[string]string{"RegistryId": c.id, "NamespaceName": namespace, "RepositoryName": name, "ImageVersion": tag}, &done)
}
