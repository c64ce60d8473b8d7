package remote

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// ecr is Amazon's registry: its API, signed with the access key, gives a password for
// the registry that is good for twelve hours.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
type ecr struct {
	*registry
	api    *client
	signer sigV4
	target Target

	mu       sync.Mutex
	password string
	user     string
	proxy    string // where the registry is
	expires  time.Time
}

const (
	ecrTarget = "AmazonEC2ContainerRegistry_V20150921."
	ecrPage   = 1_000
	// ecrMargin is how long before its end a password is not used any more.
	ecrMargin = 10 * time.Minute
)

// ecrURL is that of the API, as Harbor has it, or of the registry itself.
var ecrURL = regexp.MustCompile(`^(?:api\.ecr|\d{12}\.dkr\.ecr)(?:-fips)?\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$`)

func openECR(ctx context.Context, t Target) (Adapter, error) {
	region, apiBase := "us-east-1", *t.URL
	if m := ecrURL.FindStringSubmatch(strings.ToLower(t.URL.Hostname())); m != nil {
		region = m[1]
		apiBase = url.URL{Scheme: "https", Host: "api.ecr." + m[1] + "." + m[2]}
	}
	e := &ecr{target: t, signer: sigV4{dialect: dialectOfAWS(), keyID: t.Credential.Key, secret: t.Credential.Secret.Reveal(), region: region, service: "ecr"}}
	e.api = newClient(&apiBase, t.Line, t.Credential.always)
	e.registry = newRegistry(t.URL, t.Line, e.login)
	return e, e.settle(ctx)
}

func ecrRegions() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, region := range []string{
		"ap-northeast-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-east-1", "ap-south-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2",
		"ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "me-south-1", "me-central-1", "sa-east-1", "af-south-1",
	} {
		out.Choice = append(out.Choice, NamedURL{region, "https://api.ecr." + region + ".amazonaws.com"})
	}
	for _, region := range []string{"cn-north-1", "cn-northwest-1"} {
		out.Choice = append(out.Choice, NamedURL{region, "https://api.ecr." + region + ".amazonaws.com.cn"})
	}
	return out
}

// action calls an action of the API.
func (e *ecr) action(ctx context.Context, doing, name string, in, out any) error {
	if e.target.Credential.Empty() {
		return fmt.Errorf("%s: ECR needs the id and the secret of an access key", doing)
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	at := e.api.at("/")
	h := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {ecrTarget + name}}
	e.signer.sign(http.MethodPost, at, h, text, e.api.line.Clock())
	answer, err := e.api.do(ctx, request{doing: doing, method: http.MethodPost, url: at, header: h, open: true, ok: []int{http.StatusOK, http.StatusBadRequest}, body: payload(text), size: int64(len(text))})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	if answer.StatusCode == http.StatusBadRequest {
		var refused struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		if err := decode(answer.Body, &refused); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		code := refused.Type[strings.LastIndex(refused.Type, "#")+1:]
		status := http.StatusBadRequest
		switch code {
		case "RepositoryNotFoundException", "ImageNotFoundException":
			return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(refused.Message))
		case "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException", "ExpiredTokenException":
			status = http.StatusUnauthorized
		case "AccessDeniedException":
			status = http.StatusForbidden
		}
		return &RefusedError{Host: at.Host, Doing: doing, Status: status, Code: plain(code), Message: plain(refused.Message)}
	}
	if err := decode(answer.Body, out); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// login gets the password of the registry, and where the registry is.
func (e *ecr) login(ctx context.Context) (string, string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.password != "" && e.api.line.Clock().Before(e.expires) {
		return e.user, e.password, nil
	}
	var got struct {
		AuthorizationData []struct {
			AuthorizationToken string  `json:"authorizationToken"`
			ExpiresAt          float64 `json:"expiresAt"`
			ProxyEndpoint      string  `json:"proxyEndpoint"`
		} `json:"authorizationData"`
	}
	if err := e.action(ctx, "sign in to ECR", "GetAuthorizationToken", struct{}{}, &got); err != nil {
		return "", "", err
	}
	if len(got.AuthorizationData) == 0 {
		return "", "", errors.New("sign in to ECR: it gives no password")
	}
	data := got.AuthorizationData[0]
	text, err := base64.StdEncoding.DecodeString(data.AuthorizationToken)
	user, password, ok := strings.Cut(string(text), ":")
	if err != nil || !ok {
		return "", "", errors.New("sign in to ECR: what it gives is no password")
	}
	e.user, e.password, e.proxy = user, password, data.ProxyEndpoint
	e.expires = time.Unix(int64(data.ExpiresAt), 0).Add(-ecrMargin)
	return user, password, nil
}

// settle learns where the registry is, which only the API knows when its URL was given.
func (e *ecr) settle(ctx context.Context) error {
	if _, _, err := e.login(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !strings.EqualFold(e.target.URL.Host, e.api.base.Host) {
		return nil // it was named
	}
	at, err := url.Parse(e.proxy)
	if err != nil || at.Host == "" || at.Scheme != e.api.base.Scheme {
		return fmt.Errorf("sign in to ECR: it says that the registry is at %.200q", e.proxy)
	}
	e.base = at
	return nil
}

// Repositories lists by the API: ECR has no catalogue.
func (e *ecr) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	in := map[string]any{"maxResults": ecrPage}
	for {
		var page struct {
			NextToken    string `json:"nextToken"`
			Repositories []struct {
				RepositoryName string `json:"repositoryName"`
			} `json:"repositories"`
		}
		if err := e.action(ctx, "list the repositories", "DescribeRepositories", in, &page); err != nil {
			return err
		}
		found := make([]string, 0, len(page.Repositories))
		for _, r := range page.Repositories {
			found = append(found, r.RepositoryName)
		}
		if err := yieldNames(found, yield); err != nil {
			return err
		}
		if page.NextToken == "" || page.NextToken == in["nextToken"] {
			return nil
		}
		in["nextToken"] = page.NextToken
	}
}

// EnsureNamespace makes the repositories themselves: ECR makes none by a push.
func (e *ecr) EnsureNamespace(ctx context.Context, repositories []string) error {
	all := slices.Clone(repositories)
	slices.Sort(all)
	return each(ctx, slices.Compact(all), func(ctx context.Context, repository string) error {
		var made struct{}
		err := e.action(ctx, "make the repository "+repository, "CreateRepository", map[string]string{"repositoryName": repository}, &made)
		var refused *RefusedError
		if errors.As(err, &refused) && refused.Code == "RepositoryAlreadyExistsException" {
			return nil
		}
		return err
	})
}

// DeleteTag deletes by the API: with the last tag the image goes.
func (e *ecr) DeleteTag(ctx context.Context, repository, tag string) error {
	return e.delete(ctx, repository, tag, map[string]string{"imageTag": tag})
}

// DeleteManifest deletes by the API.
func (e *ecr) DeleteManifest(ctx context.Context, repository, digest string) error {
	return e.delete(ctx, repository, digest, map[string]string{"imageDigest": digest})
}

func (e *ecr) delete(ctx context.Context, repository, ref string, id map[string]string) error {
	var said struct {
		Failures []struct {
			FailureCode   string `json:"failureCode"`
			FailureReason string `json:"failureReason"`
		} `json:"failures"`
	}
	doing := "delete " + written(repository, ref)
	if err := e.action(ctx, doing, "BatchDeleteImage", map[string]any{"repositoryName": repository, "imageIds": []any{id}}, &said); err != nil {
		return err
	}
	switch {
	case len(said.Failures) == 0:
		return nil
	case said.Failures[0].FailureCode == "ImageNotFound":
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	}
	return &RefusedError{Host: e.api.base.Host, Doing: doing, Status: http.StatusBadRequest, Code: plain(said.Failures[0].FailureCode), Message: plain(said.Failures[0].FailureReason)}
}
