package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// artifactory is JFrog's registry: the first component of a name is the key of one of
// its repositories, each of which is a registry of its own.
// https://jfrog.com/help/r/jfrog-rest-apis
type artifactory struct {
	*registry
	api *api
}

func openArtifactory(_ context.Context, t Target) (Adapter, error) {
	return &artifactory{t.registry(), newAPI(t.URL, t, t.Credential.asBasic)}, nil
}

type artifactoryKey struct {
	Key string `json:"key"`
}

// Repositories lists the catalogues of the Docker repositories that the patterns name,
// or of all of them.
func (a *artifactory) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	keys, ok := namespaces(patterns)
	if !ok {
		var all []artifactoryKey
		_, _, err := a.api.call(ctx, call{doing: "list the Docker repositories", path: "/artifactory/api/repositories", query: url.Values{"packageType": {"docker"}}, out: &all})
		if err != nil {
			return err
		}
		for _, r := range all {
			keys = append(keys, r.Key)
		}
	}
	return each(ctx, keys, func(ctx context.Context, key string) error {
		err := a.ofKey(ctx, key, yield)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}

// ofKey reads a catalogue, whose pages go on after the last name.
func (a *artifactory) ofKey(ctx context.Context, key string, yield func(page []Repository) error) error {
	query := url.Values{"n": {fmt.Sprint(pageSize)}}
	for {
		var page struct {
			Repositories []string `json:"repositories"`
		}
		if _, _, err := a.api.call(ctx, call{doing: "list the images of " + key, path: "/artifactory/api/docker/" + url.PathEscape(key) + "/v2/_catalog", query: query, out: &page}); err != nil {
			return err
		}
		found := make([]string, 0, len(page.Repositories))
		for _, name := range page.Repositories {
			found = append(found, key+"/"+name)
		}
		if err := yieldNames(found, yield); err != nil || len(page.Repositories) < pageSize {
			return err
		}
		last := page.Repositories[len(page.Repositories)-1]
		if last == query.Get("last") {
			return nil
		}
		query.Set("last", last)
	}
}

// EnsureNamespace makes local Docker repositories, for which the account has to be an
// administrator.
func (a *artifactory) EnsureNamespace(ctx context.Context, repositories []string) error {
	return each(ctx, projectsOf(repositories), func(ctx context.Context, key string) error {
		path := "/artifactory/api/repositories/" + url.PathEscape(key)
		_, _, err := a.api.call(ctx, call{doing: "look for the repository " + key, path: path})
		var refused *RefusedError
		// Artifactory answers 400 to a key that it does not know.
		if !errors.Is(err, ErrNotFound) && (!errors.As(err, &refused) || refused.Status != http.StatusBadRequest) {
			return err
		}
		_, _, err = a.api.call(ctx, call{
			doing: "make the repository " + key, method: http.MethodPut, path: path,
			in: map[string]string{"key": key, "rclass": "local", "packageType": "docker", "dockerApiVersion": "V2"}, ok: []int{http.StatusOK, http.StatusCreated},
		})
		if errors.As(err, &refused) && refused.Denied() {
			return fmt.Errorf("%w: %w", missing("repository", key, a.base.Host, "make a local Docker repository of that key, or use an administrator's account"), err)
		}
		return err
	})
}

// DeleteTag deletes the folder of the tag, as Artifactory keeps it.
func (a *artifactory) DeleteTag(ctx context.Context, repository, tag string) error {
	at := a.api.escaped(append([]string{"artifactory"}, append(strings.Split(repository, "/"), tag)...)...)
	_, _, err := a.api.call(ctx, call{doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, url: at, ok: []int{http.StatusNoContent, http.StatusOK}})
	return err
}
