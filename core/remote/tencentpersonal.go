package remote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/roadstead-registry/roadstead/core/config"
)

// tencentPersonal is Tencent Container Registry, Personal Edition: its API wants a secret
// key, and its registry the account's number and the password that was set for it. The
// API gives no password.
// https://cloud.tencent.com/document/product/1141/41583
type tencentPersonal struct {
	*registry
	api *tencentAPI
}

const tencentPersonalHost = "ccr.ccs.tencentyun.com"

// openTencentPersonal takes a user's name and password, with which names have to be
// written out, or the name of quayKey and a JSON text with all four.
func openTencentPersonal(t Target) *tencentPersonal {
	var key Credential
	if t.Credential.Key == quayKey {
		var all struct {
			Account  string        `json:"account_name"`
			Password config.Secret `json:"docker_cli_password"`
			ID       string        `json:"secret_id"`
			Key      config.Secret `json:"secret_key"`
		}
		// What is no JSON signs in as nobody, which Ping will be told.
		_ = json.Unmarshal([]byte(t.Credential.Secret.Reveal()), &all)
		t.Credential.Key, t.Credential.Secret = all.Account, all.Password
		key = Credential{Key: all.ID, Secret: all.Key}
	}
	return &tencentPersonal{t.registry(), newTencentAPI(tencentBase(), t, key)}
}

// Repositories lists by the API those of the namespaces that the patterns name, or all of
// the account's.
func (c *tencentPersonal) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if _, ok := names(patterns); !ok && c.api.as.Empty() {
		return errors.New("list the repositories: the Personal Edition of Tencent Cloud lists for a secret key only: give the name json_file and a JSON text with account_name, docker_cli_password, secret_id and secret_key, or write the repositories out")
	}
	return numbered{page: c.page}.list(ctx, patterns, yield)
}

func (c *tencentPersonal) page(ctx context.Context, namespace string, _, seen int) ([]string, int, error) {
	action, in := "DescribeRepositoryOwnerPersonal", map[string]any{"Limit": tencentPage, "Offset": seen}
	if namespace != "" {
		action, in["Namespace"] = "DescribeRepositoryFilterPersonal", namespace
	}
	var page struct {
		Data struct {
			TotalCount int
			RepoInfo   []struct{ RepoName string } // namespace/name
		}
	}
	if err := c.api.action(ctx, "list the repositories", action, in, &page); err != nil {
		return nil, 0, err
	}
	found := make([]string, 0, len(page.Data.RepoInfo))
	for _, r := range page.Data.RepoInfo {
		found = append(found, r.RepoName)
	}
	return found, page.Data.TotalCount, nil
}

// EnsureNamespace makes the namespaces that are not there, where there is a secret key.
func (c *tencentPersonal) EnsureNamespace(ctx context.Context, repositories []string) error {
	if c.api.as.Empty() {
		return nil // the push says whether it is there
	}
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		var found struct {
			Data struct {
				NamespaceInfo []struct{ Namespace string } // those that have it in their name
			}
		}
		if err := c.api.action(ctx, "look for the namespace "+namespace, "DescribeNamespacePersonal", map[string]any{"Namespace": namespace, "Limit": tencentPage, "Offset": 0}, &found); err != nil {
			return err
		}
		for _, n := range found.Data.NamespaceInfo {
			if n.Namespace == namespace {
				return nil
			}
		}
		var made struct{}
		return c.api.action(ctx, "make the namespace "+namespace, "CreateNamespacePersonal", map[string]any{"Namespace": namespace}, &made)
	})
}

// DeleteTag goes by the API.
func (c *tencentPersonal) DeleteTag(ctx context.Context, repository, tag string) error {
	if c.api.as.Empty() {
		return c.registry.DeleteTag(ctx, repository, tag)
	}
	if _, err := c.Resolve(ctx, repository, tag); err != nil {
		return err
	}
	var done struct{}
	return c.api.action(ctx, "delete the tag "+written(repository, tag), "DeleteImagePersonal", map[string]string{"RepoName": repository, "Tag": tag}, &done)
}
