package remote

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ali is an instance of Alibaba Cloud's Container Registry, Enterprise Edition: its API,
// signed with the access key, gives a password for the registry that is good for an
// hour. https://help.aliyun.com/zh/acr/developer-reference/api-cr-2018-12-01-overview
type ali struct {
	*registry
	api *client
	as  Credential
	id  string // of the instance

	mu       sync.Mutex
	user     string
	password string
	expires  time.Time
}

const (
	aliVersion = "2018-12-01"
	aliPage    = 100
	aliMargin  = 5 * time.Minute
)

// aliURL is that of an instance: its name and its region.
var aliURL = regexp.MustCompile(`^(.+)-registry(?:-vpc)?\.([a-z0-9-]+)\.cr\.aliyuncs\.com$`)

func openAli(ctx context.Context, t Target) (Adapter, error) {
	m := aliURL.FindStringSubmatch(strings.ToLower(t.URL.Hostname()))
	if m == nil {
		return nil, fmt.Errorf("%w of the kind ali-acr: %s is not the host of an instance of the Enterprise Edition, such as name-registry.cn-shanghai.cr.aliyuncs.com; docker-registry is the kind of others", ErrNotRegistry, t.URL.Hostname())
	}
	c := &ali{as: t.Credential}
	c.api = newClient(&url.URL{Scheme: "https", Host: "cr." + m[2] + ".aliyuncs.com"}, t.Line, t.Credential.always)
	c.registry = newRegistry(t.URL, t.Line, c.login)
	return c, c.find(ctx, m[1])
}

func aliRegions() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, region := range []string{
		"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-guangzhou", "cn-chengdu", "cn-hongkong",
		"ap-southeast-1", "ap-southeast-3", "ap-southeast-5", "ap-northeast-1", "us-west-1", "us-east-1", "eu-central-1", "eu-west-1", "me-east-1",
	} {
		out.Choice = append(out.Choice, NamedURL{region + "-ee", "https://instanceName-registry." + region + ".cr.aliyuncs.com"})
	}
	return out
}

// find learns the id of the instance.
func (c *ali) find(ctx context.Context, name string) error {
	var found struct {
		Instances []struct{ InstanceId, InstanceName string } //nolint:revive // as the API has it
	}
	if err := c.action(ctx, "look for the instance", "ListInstance", url.Values{"InstanceName": {name}, "PageNo": {"1"}, "PageSize": {strconv.Itoa(aliPage)}}, &found); err != nil {
		return err
	}
	for _, i := range found.Instances {
		if strings.EqualFold(i.InstanceName, name) {
			c.id = i.InstanceId
			return nil
		}
	}
	return fmt.Errorf("the account has no instance of the name %s in this region", name)
}

// action calls an action of the API. A page of its own refusals comes with 200, too.
func (c *ali) action(ctx context.Context, doing, name string, in url.Values, out any) error {
	if c.as.Empty() {
		return fmt.Errorf("%s: Alibaba Cloud needs the id and the secret of an access key", doing)
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	at := c.api.at("/")
	if c.id != "" {
		in.Set("InstanceId", c.id)
	}
	at.RawQuery = strings.ReplaceAll(in.Encode(), "+", "%20")
	h := http.Header{"Accept": {"application/json"}}
	acs3(c.as.Key, c.as.Secret.Reveal(), at, h, name, aliVersion, hex.EncodeToString(nonce[:]), c.api.line.Clock())
	answer, err := c.api.do(ctx, request{
		doing: doing, method: http.MethodPost, url: at, header: h, open: true, body: payload(nil),
		ok: []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	var said struct {
		Code, Message string
		IsSuccess     *bool
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxPage))
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	if answer.StatusCode != http.StatusOK || said.IsSuccess != nil && !*said.IsSuccess {
		return aliRefused(at.Host, doing, answer.StatusCode, said.Code, said.Message)
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	return nil
}

func aliRefused(host, doing string, status int, code, message string) error {
	switch {
	case strings.HasPrefix(code, "InvalidAccessKeyId"), code == "SignatureDoesNotMatch", code == "IncompleteSignature":
		status = http.StatusUnauthorized
	case strings.HasSuffix(code, "_NOT_EXIST"):
		return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(firstOf(message, code)))
	case status == http.StatusOK:
		status = http.StatusBadRequest
	}
	return &RefusedError{Host: host, Doing: doing, Status: status, Code: plain(code), Message: plain(message)}
}

// acs3 signs a request without a body by Alibaba Cloud's signature V3.
// https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
func acs3(id, secret string, at *url.URL, h http.Header, action, version, nonce string, now time.Time) {
	const algorithm, signed = "ACS3-HMAC-SHA256", "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
	content, date := hexSum(nil), now.UTC().Format(time.RFC3339)
	headers := ""
	for _, pair := range [][2]string{{"host", at.Host}, {"x-acs-action", action}, {"x-acs-content-sha256", content}, {"x-acs-date", date}, {"x-acs-signature-nonce", nonce}, {"x-acs-version", version}} {
		headers += pair[0] + ":" + pair[1] + "\n"
		if pair[0] != "host" {
			h.Set(pair[0], pair[1])
		}
	}
	canonical := strings.Join([]string{http.MethodPost, "/", at.RawQuery, headers, signed, content}, "\n")
	signature := hex.EncodeToString(mac([]byte(secret), algorithm+"\n"+hexSum([]byte(canonical))))
	h.Set("Authorization", algorithm+" Credential="+id+",SignedHeaders="+signed+",Signature="+signature)
}

// login gets the password of the registry.
func (c *ali) login(ctx context.Context) (string, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.password != "" && c.api.line.Clock().Before(c.expires) {
		return c.user, c.password, nil
	}
	var got struct {
		TempUsername, AuthorizationToken string
		ExpireTime                       int64 // milliseconds
	}
	if err := c.action(ctx, "sign in to the registry", "GetAuthorizationToken", url.Values{}, &got); err != nil {
		return "", "", err
	}
	if got.AuthorizationToken == "" {
		return "", "", errors.New("sign in to the registry: it gives no password")
	}
	c.user, c.password, c.expires = got.TempUsername, got.AuthorizationToken, time.UnixMilli(got.ExpireTime).Add(-aliMargin)
	return c.user, c.password, nil
}

// Repositories lists by the API those of the namespaces that the patterns name, or all.
func (c *ali) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	if !ok {
		of = []string{""} // all
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		seen := 0
		for n := 1; ; n++ {
			in := url.Values{"RepoStatus": {"NORMAL"}, "PageNo": {strconv.Itoa(n)}, "PageSize": {strconv.Itoa(aliPage)}}
			if namespace != "" {
				in.Set("RepoNamespaceName", namespace)
			}
			var page struct {
				TotalCount   json.Number // a number, in quotes in some answers
				Repositories []struct{ RepoNamespaceName, RepoName string }
			}
			err := c.action(ctx, "list the repositories", "ListRepository", in, &page)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			total, err := strconv.Atoi(page.TotalCount.String())
			if err != nil {
				return fmt.Errorf("list the repositories: there are %q", page.TotalCount)
			}
			found := make([]string, 0, len(page.Repositories))
			for _, r := range page.Repositories {
				found = append(found, r.RepoNamespaceName+"/"+r.RepoName)
			}
			if err := yieldNames(found, yield); err != nil {
				return err
			}
			if seen += len(found); len(found) == 0 || seen >= total {
				return nil
			}
		}
	})
}

// EnsureNamespace makes the namespaces that are not there, private, in which a push makes
// repositories.
func (c *ali) EnsureNamespace(ctx context.Context, repositories []string) error {
	return each(ctx, projectsOf(repositories), func(ctx context.Context, namespace string) error {
		var done struct{}
		err := c.action(ctx, "look for the namespace "+namespace, "GetNamespace", url.Values{"NamespaceName": {namespace}}, &done)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		return c.action(ctx, "make the namespace "+namespace, "CreateNamespace",
			url.Values{"NamespaceName": {namespace}, "AutoCreateRepo": {"true"}, "DefaultRepoType": {"PRIVATE"}}, &done)
	})
}

// DeleteTag goes by the API, which knows repositories by their id.
func (c *ali) DeleteTag(ctx context.Context, repository, tag string) error {
	namespace, name, ok := strings.Cut(repository, "/")
	if !ok {
		return fmt.Errorf("%w: %s has no namespace", ErrNotFound, repository)
	}
	if _, err := c.Resolve(ctx, repository, tag); err != nil {
		return err
	}
	var found struct{ RepoId string } //nolint:revive // as the API has it
	if err := c.action(ctx, "look for the repository "+repository, "GetRepository", url.Values{"RepoNamespaceName": {namespace}, "RepoName": {name}}, &found); err != nil {
		return err
	}
	var done struct{}
	return c.action(ctx, "delete the tag "+written(repository, tag), "DeleteRepoTag", url.Values{"RepoId": {found.RepoId}, "Tag": {tag}}, &done)
}
