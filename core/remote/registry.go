package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

const (
	pageSize = 1_000
	// maxPage bounds a page of a list. Registries that do not page answer with all tags
	// of a repository at once.
	maxPage = 64 << 20
)

// registry is the Client over HTTP.
type registry struct {
	*client

	fallback sync.Mutex // of the index of referrers that is read, changed and written
}

// NewClient returns the Client of a registry at https://host[:port][/path], or of this
// program itself when the transport is one that calls its handler.
func NewClient(base *url.URL, transport http.RoundTripper, as Credential) Client {
	return newRegistry(base, NewLine(transport), as.always)
}

func newRegistry(base *url.URL, line Line, as login) *registry {
	return &registry{client: newClient(base, line, as)}
}

// Ping asks whether this is a registry that accepts the credential
// (distribution-spec, end-1).
func (r *registry) Ping(ctx context.Context) error {
	answer, err := r.do(ctx, request{doing: "ask whether this is a registry", method: http.MethodGet, url: r.at("/v2/"), follow: true, ok: []int{http.StatusOK, http.StatusNotFound}})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w: %s has no /v2/", ErrNotRegistry, r.base)
	case answer.Header.Get("Docker-Distribution-Api-Version") == "" && kind == "text/html":
		return fmt.Errorf("%w: %s/v2/ is a web page", ErrNotRegistry, r.base)
	}
	return nil
}

// Tags is end-8b of the distribution-spec.
func (r *registry) Tags(ctx context.Context, repository string, yield func(tags []string) error) error {
	first := r.at("/v2/" + repository + "/tags/list")
	first.RawQuery = fmt.Sprintf("n=%d", pageSize)
	doing := "list the tags of " + repository
	return r.pages(ctx, request{doing: doing, url: first, scopes: []string{pulls(repository)}}, func(body io.Reader) error {
		var page struct {
			Tags []string `json:"tags"`
		}
		if err := decode(body, &page); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		if len(page.Tags) == 0 {
			return nil
		}
		return yield(page.Tags)
	})
}

// catalog lists all repositories (distribution's API; not in the distribution-spec).
func (r *registry) catalog(ctx context.Context, yield func(page []Repository) error) error {
	first := r.at("/v2/_catalog")
	first.RawQuery = fmt.Sprintf("n=%d", pageSize)
	const doing = "list the repositories"
	return r.pages(ctx, request{doing: doing, url: first, scopes: []string{catalogScope}}, func(body io.Reader) error {
		var page struct {
			Repositories []string `json:"repositories"`
		}
		if err := decode(body, &page); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		return yieldNames(page.Repositories, yield)
	})
}

func yieldNames(names []string, yield func(page []Repository) error) error {
	if len(names) == 0 {
		return nil
	}
	page := make([]Repository, 0, len(names))
	for _, name := range names {
		page = append(page, Repository{Name: name})
	}
	return yield(page)
}

// pages reads a list that goes on at its Link with rel="next" (RFC 5988).
func (r *registry) pages(ctx context.Context, first request, read func(body io.Reader) error) error {
	first.method, first.follow, first.ok = http.MethodGet, true, []int{http.StatusOK}
	seen := map[string]bool{}
	for next := &first; ; {
		if seen[next.url.String()] {
			return fmt.Errorf("%s: the pages of %s go in circles", first.doing, r.base.Host)
		}
		seen[next.url.String()] = true
		answer, err := r.do(ctx, *next)
		if err != nil {
			return err
		}
		err = read(answer.Body)
		drain(answer.Body)
		if err != nil {
			return err
		}
		target := nextLink(answer.Header.Values("Link"))
		if target == "" {
			return nil
		}
		at, err := next.url.Parse(target)
		if err != nil {
			return fmt.Errorf("%s: the next page is at %.200q, which is no URL", first.doing, target)
		}
		if !strings.EqualFold(at.Hostname(), r.base.Hostname()) {
			return fmt.Errorf("%s: the next page is on another server, %s", first.doing, at.Host)
		}
		at.Scheme, at.Host = r.base.Scheme, r.base.Host // behind a proxy some do not know theirs
		step := first
		step.url = at
		next = &step
	}
}

func decode(body io.Reader, into any) error {
	limited := &io.LimitedReader{R: body, N: maxPage}
	if err := json.NewDecoder(limited).Decode(into); err != nil {
		if limited.N <= 0 {
			return fmt.Errorf("the answer has more than %d MiB", maxPage>>20)
		}
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	return nil
}

// nextLink reads the target of rel="next".
func nextLink(headers []string) string {
	for _, header := range headers {
		for rest := header; ; {
			_, after, found := strings.Cut(rest, "<")
			if !found {
				break
			}
			target, parameters, found := strings.Cut(after, ">")
			if !found {
				break
			}
			rest = parameters
			if at := strings.IndexByte(parameters, '<'); at >= 0 {
				parameters = parameters[:at]
			}
			for p := range strings.SplitSeq(parameters, ";") {
				key, value, _ := strings.Cut(strings.Trim(p, " \t,"), "=")
				if strings.EqualFold(key, "rel") && strings.EqualFold(strings.Trim(value, `" `), "next") {
					return target
				}
			}
		}
	}
	return ""
}
