package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ali is an instance of Alibaba Cloud's Container Registry, Enterprise Edition: its API,
// signed with the access key, gives a password for the registry that is good for an
// hour. https://help.aliyun.com/zh/acr/developer-reference/api-cr-2018-12-01-overview
type ali struct {
	*registry
	api *aliAPI
	id  string // of the instance
}

const aliPage = 100

// aliURL is that of an instance: its name and its region.
var aliURL = regexp.MustCompile(`^(.+)-registry(?:-vpc)?\.([a-z0-9-]+)\.cr\.aliyuncs\.com$`)

func openAli(ctx context.Context, t Target) (Adapter, error) {
	host := strings.ToLower(t.URL.Hostname())
	if m := aliPersonalURL.FindStringSubmatch(host); m != nil {
		return openAliPersonal(t, m[1]), nil
	}
	m := aliURL.FindStringSubmatch(host)
	if m == nil {
		return nil, fmt.Errorf("%w of the kind ali-acr: %s is neither the host of an instance of the Enterprise Edition, such as name-registry.cn-shanghai.cr.aliyuncs.com, nor of the Personal Edition, such as registry.cn-shanghai.aliyuncs.com; docker-registry is the kind of others", ErrNotRegistry, t.URL.Hostname())
	}
	c := &ali{api: newAliAPI(t, m[2], "2018-12-01")}
	c.registry = newRegistry(t.URL, t.Line, (&temporary{clock: t.Line.Clock, get: c.password}).login)
	return c, c.find(ctx, m[1])
}

func aliRegions() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, region := range []string{
		"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-guangzhou", "cn-chengdu", "cn-hongkong",
		"ap-southeast-1", "ap-southeast-3", "ap-southeast-5", "ap-northeast-1", "us-west-1", "us-east-1", "eu-central-1", "eu-west-1", "me-east-1",
	} {
		out.Choice = append(out.Choice,
			NamedURL{region + "-ee", "https://instanceName-registry." + region + ".cr.aliyuncs.com"},
			NamedURL{region, "https://registry." + region + ".aliyuncs.com"})
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

// action calls an action of the API.
func (c *ali) action(ctx context.Context, doing, name string, in url.Values, out any) error {
	if c.id != "" {
		in.Set("InstanceId", c.id)
	}
	at := c.api.at("/")
	at.RawQuery = escapedQuery(in)
	return c.api.call(ctx, doing, name, http.MethodPost, at, nil, out)
}

// password gets that of the registry.
func (c *ali) password(ctx context.Context) (string, string, time.Time, error) {
	var got struct {
		TempUsername, AuthorizationToken string
		ExpireTime                       int64 // milliseconds
	}
	err := c.action(ctx, "sign in to the registry", "GetAuthorizationToken", url.Values{}, &got)
	return got.TempUsername, got.AuthorizationToken, time.UnixMilli(got.ExpireTime), err
}

// Repositories lists by the API those of the namespaces that the patterns name, or all.
func (c *ali) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	return numbered{page: c.page}.list(ctx, patterns, yield)
}

func (c *ali) page(ctx context.Context, namespace string, n, _ int) ([]string, int, error) {
	in := url.Values{"RepoStatus": {"NORMAL"}, "PageNo": {strconv.Itoa(n)}, "PageSize": {strconv.Itoa(aliPage)}}
	if namespace != "" {
		in.Set("RepoNamespaceName", namespace)
	}
	var page struct {
		TotalCount   json.Number // a number, in quotes in some answers
		Repositories []struct{ RepoNamespaceName, RepoName string }
	}
	if err := c.action(ctx, "list the repositories", "ListRepository", in, &page); err != nil {
		return nil, 0, err
	}
	total, err := strconv.Atoi(page.TotalCount.String())
	if err != nil {
		return nil, 0, fmt.Errorf("list the repositories: there are %q", page.TotalCount)
	}
	found := make([]string, 0, len(page.Repositories))
	for _, r := range page.Repositories {
		found = append(found, r.RepoNamespaceName+"/"+r.RepoName)
	}
	return found, total, nil
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
