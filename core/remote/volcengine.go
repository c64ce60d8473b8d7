package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// volcengine is an instance of Volcengine's Container Registry: its API, signed with the
// access key, gives a password for the registry that is good for a while.
// https://www.volcengine.com/docs/6420/79198
type volcengine struct {
	*registry
	api    *client
	signer sigV4
	as     Credential
	name   string // of the instance
}

const (
	volcengineAPI     = "open.volcengineapi.com"
	volcengineVersion = "2022-05-12"
	volcenginePage    = 100
)

// volcengineURL is that of an instance: its name and its region.
var volcengineURL = regexp.MustCompile(`^(.+)-((?:cn|ap)-[a-z]+[0-9]*(?:-[0-9]+)?)\.cr\.i?volces\.com$`)

func openVolcengine(_ context.Context, t Target) (Adapter, error) {
	m := volcengineURL.FindStringSubmatch(strings.ToLower(t.URL.Hostname()))
	if m == nil {
		return nil, fmt.Errorf("%w of the kind volcengine-cr: %s is not the host of an instance, such as name-cn-beijing.cr.volces.com; write that of the instance where it has another, too", ErrNotRegistry, t.URL.Hostname())
	}
	c := &volcengine{as: t.Credential, name: m[1]}
	c.signer = sigV4{dialect: dialectOfVolcengine(), keyID: t.Credential.Key, secret: t.Credential.Secret.Reveal(), region: m[2], service: "cr"}
	c.api = newClient(&url.URL{Scheme: "https", Host: volcengineAPI}, t.Line, t.Credential.always)
	as := t.Credential.always
	if !t.Credential.Empty() {
		as = (&temporary{clock: t.Line.Clock, get: c.password}).login
	}
	c.registry = newRegistry(t.URL, t.Line, as)
	return c, nil
}

func volcengineRegions() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, region := range []string{"cn-beijing", "cn-guangzhou", "cn-shanghai", "ap-southeast-1"} {
		out.Choice = append(out.Choice, NamedURL{region, "https://registryName-" + region + ".cr.volces.com"})
	}
	return out
}

// dialectOfVolcengine is https://www.volcengine.com/docs/6369/67270
func dialectOfVolcengine() dialect {
	return dialect{algorithm: "HMAC-SHA256", date: "X-Date", end: "request"}
}

// action calls an action of the API on the instance.
func (c *volcengine) action(ctx context.Context, doing, name string, in map[string]any, out any) error {
	if c.as.Empty() {
		return fmt.Errorf("%s: Volcengine needs the id and the secret of an access key", doing)
	}
	in["Registry"] = c.name
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	at := c.api.at("/")
	at.RawQuery = escapedQuery(url.Values{"Action": {name}, "Version": {volcengineVersion}})
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	c.signer.sign(http.MethodPost, at, h, text, c.api.line.Clock())
	answer, err := c.api.do(ctx, request{
		doing: doing, method: http.MethodPost, url: at, header: h, open: true, body: payload(text), size: int64(len(text)),
		ok: []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	var said struct {
		ResponseMetadata struct {
			Error struct{ Code, Message string }
		}
		Result json.RawMessage
	}
	if err := decode(answer.Body, &said); err != nil && answer.StatusCode == http.StatusOK {
		return fmt.Errorf("%s: %w", doing, err)
	}
	refused := said.ResponseMetadata.Error
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(firstOf(refused.Message, refused.Code)))
	case answer.StatusCode != http.StatusOK || refused.Code != "":
		return &RefusedError{Host: at.Host, Doing: doing, Status: max(answer.StatusCode, http.StatusBadRequest), Code: plain(refused.Code), Message: plain(refused.Message)}
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(said.Result, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	return nil
}

// password gets that of the registry.
func (c *volcengine) password(ctx context.Context) (string, string, time.Time, error) {
	var got struct {
		Username, Token string
		ExpireTime      time.Time
	}
	err := c.action(ctx, "sign in to the registry", "GetAuthorizationToken", map[string]any{}, &got)
	return got.Username, got.Token, got.ExpireTime, err
}

// Repositories lists by the API those of the namespaces that the patterns name, or all.
func (c *volcengine) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	return numbered{page: c.page}.list(ctx, patterns, yield)
}

func (c *volcengine) page(ctx context.Context, namespace string, n, _ int) ([]string, int, error) {
	in := map[string]any{"PageNumber": n, "PageSize": volcenginePage}
	if namespace != "" {
		in["Filter"] = map[string][]string{"Namespaces": {namespace}}
	}
	var page struct {
		TotalCount int
		Items      []struct{ Namespace, Name string }
	}
	if err := c.action(ctx, "list the repositories", "ListRepositories", in, &page); err != nil {
		return nil, 0, err
	}
	found := make([]string, 0, len(page.Items))
	for _, r := range page.Items {
		found = append(found, r.Namespace+"/"+r.Name)
	}
	return found, page.TotalCount, nil
}

// EnsureNamespace makes the namespaces that are not there, and the repositories, private: a
// push makes none.
func (c *volcengine) EnsureNamespace(ctx context.Context, repositories []string) error {
	err := each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		return c.ensure(ctx, "namespace "+namespace, "ListNamespaces", map[string][]string{"Names": {namespace}}, "CreateNamespace", map[string]any{"Name": namespace})
	})
	if err != nil {
		return err
	}
	all := slices.Clone(repositories)
	slices.Sort(all)
	return each(ctx, slices.Compact(all), func(ctx context.Context, repository string) error {
		namespace, name, ok := strings.Cut(repository, "/")
		if !ok {
			return missing("repository", repository, c.base.Host, "a name there is <namespace>/<repository>; choose such a destination namespace")
		}
		return c.ensure(ctx, "repository "+repository, "ListRepositories", map[string][]string{"Namespaces": {namespace}, "Names": {name}},
			"CreateRepository", map[string]any{"Namespace": namespace, "Name": name, "AccessLevel": "Private"})
	})
}

// ensure makes what a filter, of names in full, does not find.
func (c *volcengine) ensure(ctx context.Context, what, list string, filter map[string][]string, create string, in map[string]any) error {
	var found struct{ TotalCount int }
	if err := c.action(ctx, "look for the "+what, list, map[string]any{"Filter": filter, "PageNumber": 1, "PageSize": 1}, &found); err != nil {
		return err
	}
	if found.TotalCount > 0 {
		return nil
	}
	return c.action(ctx, "make the "+what, create, in, nil)
}

// DeleteTag goes by the API.
func (c *volcengine) DeleteTag(ctx context.Context, repository, tag string) error {
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	if _, err := c.Resolve(ctx, repository, tag); err != nil {
		return err
	}
	var done struct {
		Failures []struct{ Name, Reason string }
	}
	doing := "delete the tag " + written(repository, tag)
	if err := c.action(ctx, doing, "DeleteTags", map[string]any{"Namespace": namespace, "Repository": name, "Names": []string{tag}}, &done); err != nil {
		return err
	}
	if len(done.Failures) > 0 {
		return &RefusedError{Host: c.api.base.Host, Doing: doing, Status: http.StatusBadRequest, Message: plain(done.Failures[0].Reason)}
	}
	return nil
}
