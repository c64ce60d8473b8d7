package remote

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// tencent is an instance of Tencent Container Registry, Enterprise Edition: its API, signed
// with the secret key, gives a password for the registry that is good for an hour.
// https://cloud.tencent.com/document/api/1141/41603
type tencent struct {
	*registry
	api    *client
	as     Credential
	host   string // of the registry
	id     string // of the instance
	region string

	mu       sync.Mutex
	user     string
	password string
	expires  time.Time
}

const (
	tencentAPI     = "https://tcr.tencentcloudapi.com"
	tencentVersion = "2019-09-24"
	// tencentRegion is where instances of all regions are asked for.
	tencentRegion = "ap-guangzhou"
	tencentPage   = 100
	tencentMargin = 5 * time.Minute
)

func openTencent(ctx context.Context, t Target) (Adapter, error) {
	apiBase := t.URL
	if strings.HasSuffix(t.URL.Hostname(), ".tencentcloudcr.com") {
		apiBase, _ = url.Parse(tencentAPI)
	}
	c := &tencent{as: t.Credential, host: t.URL.Host}
	c.api = newClient(apiBase, t.Line, t.Credential.always)
	c.registry = newRegistry(t.URL, t.Line, c.login)
	return c, c.find(ctx)
}

// find learns the id and the region of the instance.
func (c *tencent) find(ctx context.Context) error {
	for offset := 0; ; {
		var page struct {
			TotalCount int
			Registries []struct{ RegistryId, RegistryName, PublicDomain, RegionName string } //nolint:revive // as the API has it
		}
		err := c.action(ctx, "look for the instance", "DescribeInstances", map[string]any{"AllRegion": true, "Limit": tencentPage, "Offset": offset}, &page)
		if err != nil {
			return err
		}
		for _, r := range page.Registries {
			if r.PublicDomain == c.host || strings.HasPrefix(c.host, r.RegistryName+".") {
				c.id, c.region = r.RegistryId, r.RegionName
				return nil
			}
		}
		if offset += len(page.Registries); len(page.Registries) == 0 || offset >= page.TotalCount {
			return fmt.Errorf("the account has no instance at %s: write the URL as https://<name of the instance>.tencentcloudcr.com", c.host)
		}
	}
}

// action calls an action of the API.
func (c *tencent) action(ctx context.Context, doing, name string, in, out any) error {
	if c.as.Empty() {
		return fmt.Errorf("%s: Tencent Cloud needs the id and the key of a secret", doing)
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	region := firstOf(c.region, tencentRegion)
	at, now := c.api.at("/"), c.api.line.Clock()
	h := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Tc-Action": {name}, "X-Tc-Version": {tencentVersion},
		"X-Tc-Region": {region}, "X-Tc-Timestamp": {strconv.FormatInt(now.Unix(), 10)},
	}
	h.Set("Authorization", tc3(c.as.Key, c.as.Secret.Reveal(), "tcr", at.Host, h.Get("Content-Type"), text, now))
	answer, err := c.api.do(ctx, request{doing: doing, method: http.MethodPost, url: at, header: h, open: true, ok: []int{http.StatusOK}, body: payload(text), size: int64(len(text))})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	var said struct{ Response json.RawMessage }
	if err := decode(answer.Body, &said); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var refused struct {
		Error *struct{ Code, Message string }
	}
	if err := json.Unmarshal(said.Response, &refused); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	if refused.Error != nil {
		return c.refused(at.Host, doing, refused.Error.Code, refused.Error.Message)
	}
	if err := json.Unmarshal(said.Response, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	return nil
}

func (c *tencent) refused(host, doing, code, message string) error {
	status := http.StatusBadRequest
	switch kind, _, _ := strings.Cut(code, "."); kind {
	case "ResourceNotFound":
		return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(message))
	case "AuthFailure":
		status = http.StatusUnauthorized
	case "UnauthorizedOperation":
		status = http.StatusForbidden
	}
	return &RefusedError{Host: host, Doing: doing, Status: status, Code: plain(code), Message: plain(message)}
}

// tc3 is the Authorization of Tencent Cloud's signature v3, over content type and host.
// https://cloud.tencent.com/document/api/213/30654
func tc3(id, secret, service, host, contentType string, body []byte, now time.Time) string {
	const algorithm, signed = "TC3-HMAC-SHA256", "content-type;host"
	day := now.UTC().Format(time.DateOnly)
	canonical := strings.Join([]string{http.MethodPost, "/", "", "content-type:" + contentType + "\nhost:" + host + "\n", signed, hexSum(body)}, "\n")
	scope := day + "/" + service + "/tc3_request"
	toSign := strings.Join([]string{algorithm, strconv.FormatInt(now.Unix(), 10), scope, hexSum([]byte(canonical))}, "\n")
	key := []byte("TC3" + secret)
	for _, part := range []string{day, service, "tc3_request"} {
		key = mac(key, part)
	}
	return algorithm + " Credential=" + id + "/" + scope + ", SignedHeaders=" + signed + ", Signature=" + hex.EncodeToString(mac(key, toSign))
}

// login gets the password of the registry.
func (c *tencent) login(ctx context.Context) (string, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.password != "" && c.api.line.Clock().Before(c.expires) {
		return c.user, c.password, nil
	}
	var got struct {
		Username, Token string
		ExpTime         int64 // milliseconds
	}
	if err := c.action(ctx, "sign in to the registry", "CreateInstanceToken", map[string]string{"RegistryId": c.id, "TokenType": "temp"}, &got); err != nil {
		return "", "", err
	}
	if got.Token == "" {
		return "", "", errors.New("sign in to the registry: it gives no password")
	}
	c.user, c.password, c.expires = got.Username, got.Token, time.UnixMilli(got.ExpTime).Add(-tencentMargin)
	return c.user, c.password, nil
}

// Repositories lists by the API those of the namespaces that the patterns name, or all.
func (c *tencent) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	if !ok {
		of = []string{""} // all
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		in := map[string]any{"RegistryId": c.id, "Limit": tencentPage}
		if namespace != "" {
			in["NamespaceName"] = namespace
		}
		seen := 0
		for n := 1; ; n++ {
			in["Offset"] = n // a page's number
			var page struct {
				TotalCount     int
				RepositoryList []struct{ Name string } // namespace/name
			}
			err := c.action(ctx, "list the repositories", "DescribeRepositories", in, &page)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			found := make([]string, 0, len(page.RepositoryList))
			for _, r := range page.RepositoryList {
				found = append(found, r.Name)
			}
			if err := yieldNames(found, yield); err != nil {
				return err
			}
			if seen += len(found); len(found) == 0 || seen >= page.TotalCount {
				return nil
			}
		}
	})
}

// EnsureNamespace makes the namespaces that are not there, private.
func (c *tencent) EnsureNamespace(ctx context.Context, repositories []string) error {
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		var found struct{ NamespaceList []struct{ Name string } }
		err := c.action(ctx, "look for the namespace "+namespace, "DescribeNamespaces", map[string]any{"RegistryId": c.id, "NamespaceName": namespace, "Limit": tencentPage}, &found)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		for _, n := range found.NamespaceList {
			if n.Name == namespace {
				return nil
			}
		}
		var made struct{}
		return c.action(ctx, "make the namespace "+namespace, "CreateNamespace", map[string]any{"RegistryId": c.id, "NamespaceName": namespace, "IsPublic": false}, &made)
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
	return c.action(ctx, "delete the tag "+written(repository, tag), "DeleteImage",
		map[string]string{"RegistryId": c.id, "NamespaceName": namespace, "RepositoryName": name, "ImageVersion": tag}, &done)
}
