package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// harbor is Harbor, and Roadstead, by the API that they share.
type harbor struct {
	*registry
	api *api
}

func openHarbor(_ context.Context, t Target) (Adapter, error) {
	h := &harbor{t.registry(), newAPI(t.URL, t, t.Credential.asBasic)}
	h.agent = harborAgent
	return h, nil
}

const (
	harborBase = "/api/v2.0"
	harborPage = 100
	// harborAgent is who Harbor, to the letter, does not count as somebody who pulls.
	harborAgent = "harbor-registry-client"
)

// Ping also asks whether it is a Harbor.
func (h *harbor) Ping(ctx context.Context) error {
	if err := h.registry.Ping(ctx); err != nil {
		return err
	}
	var about struct {
		AuthMode string `json:"auth_mode"`
	}
	_, _, err := h.api.call(ctx, call{doing: "ask whether this is a Harbor", path: harborBase + "/systeminfo", out: &about})
	if errors.Is(err, ErrNotFound) || err == nil && about.AuthMode == "" {
		return fmt.Errorf("%w of the kind harbor: %s has no Harbor's API; docker-registry is the kind of any other", ErrNotRegistry, h.base)
	}
	return err
}

// Repositories lists those of the projects that the patterns name, or all that the
// account sees.
func (h *harbor) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	projects, ok := namespaces(patterns)
	if !ok {
		return h.list(ctx, harborBase+"/repositories", yield)
	}
	return each(ctx, projects, func(ctx context.Context, project string) error {
		err := h.list(ctx, harborBase+"/projects/"+url.PathEscape(project)+"/repositories", yield)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
}

func (h *harbor) list(ctx context.Context, path string, yield func(page []Repository) error) error {
	for n := 1; ; n++ {
		var page []struct {
			Name string `json:"name"`
		}
		if _, _, err := h.api.call(ctx, call{doing: "list the repositories", path: path, query: pageOf(n), out: &page}); err != nil {
			return err
		}
		found := make([]string, 0, len(page))
		for _, r := range page {
			found = append(found, r.Name)
		}
		if err := yieldNames(found, yield); err != nil || len(page) < harborPage {
			return err
		}
	}
}

func pageOf(n int) url.Values {
	return url.Values{"page": {strconv.Itoa(n)}, "page_size": {strconv.Itoa(harborPage)}}
}

// EnsureNamespace makes the projects that are not there, private.
func (h *harbor) EnsureNamespace(ctx context.Context, repositories []string) error {
	return each(ctx, projectsOf(repositories), func(ctx context.Context, project string) error {
		_, _, err := h.api.call(ctx, call{doing: "look for the project " + project, method: http.MethodHead, path: harborBase + "/projects", query: url.Values{"project_name": {project}}})
		var refused *RefusedError
		switch {
		case err == nil, errors.As(err, &refused) && refused.Status == http.StatusForbidden: // it is there, and the push will tell
			return nil
		case !errors.Is(err, ErrNotFound):
			return err
		}
		_, _, err = h.api.call(ctx, call{
			doing: "make the project " + project, method: http.MethodPost, path: harborBase + "/projects",
			in: map[string]any{"project_name": project, "metadata": map[string]string{"public": "false"}}, ok: []int{http.StatusCreated, http.StatusConflict},
		})
		if errors.As(err, &refused) && refused.Denied() {
			return fmt.Errorf("%w: %w", missing("project", project, h.base.Host, "make it, or use an account that may make projects"), err)
		}
		return err
	})
}

// DeleteTag goes by Harbor's API: its registry answers 400 to a tag.
func (h *harbor) DeleteTag(ctx context.Context, repository, tag string) error {
	path, err := artifactsOf(repository)
	if err != nil {
		return err
	}
	_, _, err = h.api.call(ctx, call{doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, path: path + "/" + tag + "/tags/" + tag})
	return err
}

func artifactsOf(repository string) (string, error) {
	project, name, ok := oci.SplitProject(repository)
	if !ok {
		return "", fmt.Errorf("%w: %s is in no project", ErrNotFound, repository)
	}
	return harborBase + "/projects/" + url.PathEscape(project) + "/repositories/" + url.PathEscape(name) + "/artifacts", nil
}

// LabelledTags implements Labelled.
func (h *harbor) LabelledTags(ctx context.Context, repository string, labels []string) ([]string, error) {
	path, err := artifactsOf(repository)
	if err != nil {
		return nil, err
	}
	type named struct {
		Name string `json:"name"`
	}
	var out []string
	for n := 1; ; n++ {
		var page []struct {
			Labels []named `json:"labels"`
			Tags   []named `json:"tags"`
		}
		query := pageOf(n)
		query.Set("with_label", "true")
		query.Set("with_tag", "true")
		if _, _, err := h.api.call(ctx, call{doing: "list the labels of " + repository, path: path, query: query, out: &page}); err != nil {
			return nil, err
		}
		for _, a := range page {
			has := func(label string) bool {
				return slices.ContainsFunc(a.Labels, func(l named) bool { return l.Name == label })
			}
			if slices.ContainsFunc(labels, func(l string) bool { return !has(l) }) {
				continue
			}
			for _, t := range a.Tags {
				out = append(out, t.Name)
			}
		}
		if len(page) < harborPage {
			return out, nil
		}
	}
}
