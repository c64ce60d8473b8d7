package remote

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// swr is Huawei Cloud's Software Repository for Container, basic edition: its API, signed
// with the access key, gives a password for the registry.
// https://support.huaweicloud.com/api-swr/swr_02_0018.html
type swr struct {
	*registry
	api   *api
	as    Credential
	login bool // the credential is that of the registry, not of the API
}

const (
	swrPage = 100
	// swrLife is that of a password whose end the API does not say: older regions do not,
	// and theirs are good for hours.
	swrLife = time.Hour
)

// swrURL is that of a region.
var swrURL = regexp.MustCompile(`^swr\.([a-z0-9-]+)\.(myhuaweicloud\.(?:com|eu))$`)

func openHuawei(_ context.Context, t Target) (Adapter, error) {
	m := swrURL.FindStringSubmatch(strings.ToLower(t.URL.Hostname()))
	if m == nil {
		return nil, fmt.Errorf("%w of the kind huawei-SWR: %s is not the host of a region, such as swr.cn-north-4.myhuaweicloud.com; docker-registry is the kind of others", ErrNotRegistry, t.URL.Hostname())
	}
	c := &swr{as: t.Credential, login: strings.Contains(t.Credential.Key, "@")}
	base := &url.URL{Scheme: "https", Host: "swr-api." + m[1] + "." + m[2]}
	c.api = &api{client: newClient(base, t.Line, t.Credential.always), sign: c.sign}
	as := t.Credential.always
	if !c.login && !t.Credential.Empty() {
		as = (&temporary{clock: t.Line.Clock, get: c.password}).login
	}
	c.registry = newRegistry(t.URL, t.Line, as)
	return c, nil
}

func swrRegions() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, region := range []string{
		"cn-north-1", "cn-north-4", "cn-north-9", "cn-east-2", "cn-east-3", "cn-south-1", "cn-southwest-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
		"af-south-1", "la-north-2", "la-south-2", "na-mexico-1", "sa-brazil-1", "tr-west-1",
	} {
		out.Choice = append(out.Choice, NamedURL{region, "https://swr." + region + ".myhuaweicloud.com"})
	}
	return out
}

// sign adds the signature of the access key.
func (c *swr) sign(_ context.Context, r request, body []byte) error {
	switch {
	case c.as.Empty():
		return fmt.Errorf("%s: Huawei Cloud needs the id and the secret of an access key", r.doing)
	case c.login:
		return fmt.Errorf("%s: Huawei Cloud needs the id and the secret of an access key; a login of the registry, such as %s, is enough for repositories that are written out", r.doing, c.as.Key)
	}
	// The date must be signed, and nothing else has to be.
	h := http.Header{}
	if kind := r.header.Get("Content-Type"); kind != "" {
		h.Set("Content-Type", kind)
	}
	sdkHMAC(c.as.Key, c.as.Secret.Reveal(), r.method, r.url, h, body, c.api.line.Clock())
	for key := range h {
		r.header.Set(key, h.Get(key))
	}
	return nil
}

// sdkHMAC signs a request by Huawei Cloud's signature. All headers that are set are signed,
// and Host. https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-002.html
func sdkHMAC(id, secret, method string, at *url.URL, h http.Header, body []byte, now time.Time) {
	const algorithm = "SDK-HMAC-SHA256"
	date := now.UTC().Format(signatureTime)
	h.Set("X-Sdk-Date", date)
	text, signed := canonical(method, at, strings.TrimSuffix(escapedPath(at), "/")+"/", h, body)
	toSign := strings.Join([]string{algorithm, date, hexSum([]byte(text))}, "\n")
	h.Set("Authorization", algorithm+" Access="+id+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac([]byte(secret), toSign)))
}

// password gets that of the registry, which the API writes as Docker keeps it.
func (c *swr) password(ctx context.Context) (user, password string, expires time.Time, err error) {
	var got struct {
		Auths map[string]struct {
			Auth string `json:"auth"`
		} `json:"auths"`
	}
	header, _, err := c.api.call(ctx, call{doing: "sign in to the registry", method: http.MethodPost, path: "/v2/manage/utils/secret", out: &got, ok: []int{http.StatusOK, http.StatusCreated}})
	if err != nil {
		return "", "", time.Time{}, err
	}
	for _, a := range got.Auths {
		if text, err := base64.StdEncoding.DecodeString(a.Auth); err == nil {
			user, password, _ = strings.Cut(string(text), ":")
		}
	}
	expires, err = time.Parse(time.RFC3339, header.Get("X-Swr-Expireat"))
	if err != nil {
		expires = c.api.line.Clock().Add(swrLife)
	}
	return user, password, expires, nil
}

// Repositories lists by the API those of the organisations that the patterns name, or all
// of the account's.
func (c *swr) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	return numbered{page: c.page}.list(ctx, patterns, yield)
}

func (c *swr) page(ctx context.Context, namespace string, _, seen int) ([]string, int, error) {
	query := url.Values{"limit": {strconv.Itoa(swrPage)}, "offset": {strconv.Itoa(seen)}, "order_column": {"name"}, "order_type": {"asc"}}
	if namespace != "" {
		query.Set("namespace", namespace)
	}
	var page []struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	}
	header, _, err := c.api.call(ctx, call{doing: "list the repositories", path: "/v2/manage/repos", query: query, out: &page})
	if err != nil {
		return nil, 0, err
	}
	found := make([]string, 0, len(page))
	for _, r := range page {
		found = append(found, r.Namespace+"/"+strings.ReplaceAll(r.Name, "$", "/"))
	}
	// <offset>-<count>/<total>; without it, the list ends with an empty page.
	_, text, _ := strings.Cut(header.Get("Content-Range"), "/")
	total, err := strconv.Atoi(text)
	if err != nil {
		total = math.MaxInt
	}
	return found, total, nil
}

// EnsureNamespace makes the organisations that are not there, in which a push makes private
// repositories.
func (c *swr) EnsureNamespace(ctx context.Context, repositories []string) error {
	if c.login {
		return nil // the push says whether it is there
	}
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		_, _, err := c.api.call(ctx, call{doing: "look for the organisation " + namespace, path: "/v2/manage/namespaces/" + namespace})
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		_, _, err = c.api.call(ctx, call{
			doing: "make the organisation " + namespace, method: http.MethodPost, path: "/v2/manage/namespaces",
			in: map[string]string{"namespace": namespace}, ok: []int{http.StatusCreated, http.StatusOK},
		})
		var refused *RefusedError
		if errors.As(err, &refused) && refused.Status == http.StatusConflict {
			return fmt.Errorf("%w: %w", missing("organisation", namespace, c.base.Host, "another account has the name, which is the whole region's; choose another destination namespace"), err)
		}
		return err
	})
}

// DeleteTag goes by the API, in whose paths a repository has $ for a slash.
func (c *swr) DeleteTag(ctx context.Context, repository, tag string) error {
	if c.login {
		return c.registry.DeleteTag(ctx, repository, tag)
	}
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no organisation", ErrNotFound, repository)
	}
	path := "/v2/manage/namespaces/" + namespace + "/repos/" + strings.ReplaceAll(name, "/", "$") + "/tags/" + tag
	_, _, err := c.api.call(ctx, call{doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, path: path, ok: []int{http.StatusNoContent, http.StatusOK}})
	return err
}
