package remote_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

const (
	user     = "mover"
	password = "Anchor-2026"
)

var mover = remote.Credential{Type: "basic", Key: user, Secret: password}

// subject is a registry in memory as one of a kind.
func subject(t *testing.T, kind string, o adaptertest.Options, handle func(mux *http.ServeMux, r *adaptertest.Registry)) adaptertest.Subject {
	t.Helper()
	o.User, o.Password = user, password
	r := adaptertest.New(t, o, handle)
	return adaptertest.Subject{
		Adapter: adaptertest.Open(t, kind, r.URL, mover),
		Denied: func() remote.Adapter {
			return adaptertest.Open(t, kind, r.URL, remote.Credential{Key: user, Secret: "wrong"})
		},
		Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**",
		ListsAll: true, DeletesTags: o.DeleteTags, DeletesContent: !o.NoDelete, Mounts: !o.NoMount,
	}
}

// known says whether a request has the password, and answers where it has not.
func known(w http.ResponseWriter, q *http.Request) bool {
	name, secret, _ := q.BasicAuth()
	if name == user && secret == password {
		return true
	}
	adaptertest.Refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "unauthorized")
	return false
}

func TestAnyRegistryOfTheSpecification(t *testing.T) {
	for name, o := range map[string]adaptertest.Options{
		"1.1, with tokens and pages":          {Bearer: true, Referrers: true, DeleteTags: true, PageSize: 2, ChunkMin: 400_000},
		"1.0, with a password":                {},
		"that mounts nothing, ranges nothing": {NoMount: true, NoRange: true, NoSessions: true, NoDelete: true},
		"1.1 without a list of what refers":   {Bearer: true, DeleteTags: true, PageSize: 100},
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
				return subject(t, "docker-registry", o, nil)
			})
		})
	}
	t.Run("open to everybody", func(t *testing.T) {
		adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
			r := adaptertest.New(t, adaptertest.Options{Referrers: true}, nil)
			return adaptertest.Subject{
				Adapter:    adaptertest.Open(t, "docker-registry", r.URL, remote.Credential{}),
				Repository: "team/app", Other: "team/other", Namespace: "team/*", ListsAll: true, DeletesContent: true, Mounts: true,
			}
		})
	})
}

// harborAPI is what Harbor's API answers of projects and repositories, in the shapes
// of harbor-api-v2.0.
func harborAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	var mu sync.Mutex
	projects := map[string]bool{"library": true}
	mux.HandleFunc("GET /api/v2.0/systeminfo", func(w http.ResponseWriter, q *http.Request) {
		adaptertest.Answer(w, http.StatusOK, map[string]any{"auth_mode": "db_auth", "harbor_version": "v2.16.0"})
	})
	mux.HandleFunc("HEAD /api/v2.0/projects", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !projects[q.URL.Query().Get("project_name")] {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	mux.HandleFunc("POST /api/v2.0/projects", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		var in struct {
			Name string `json:"project_name"`
		}
		_ = json.NewDecoder(q.Body).Decode(&in)
		mu.Lock()
		defer mu.Unlock()
		if in.Name == "forbidden" {
			adaptertest.Refuse(w, http.StatusForbidden, "FORBIDDEN", "only system admins may create projects")
			return
		}
		if projects[in.Name] {
			adaptertest.Refuse(w, http.StatusConflict, "CONFLICT", "The project named "+in.Name+" already exists")
			return
		}
		projects[in.Name] = true
		w.WriteHeader(http.StatusCreated)
	})
	list := func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		project := q.PathValue("project")
		out := []any{}
		for _, name := range r.Repositories() {
			if project == "" || strings.HasPrefix(name, project+"/") {
				out = append(out, map[string]any{"name": name, "id": len(out) + 1})
			}
		}
		if q.URL.Query().Get("page") != "1" {
			out = []any{}
		}
		adaptertest.Answer(w, http.StatusOK, out)
	}
	mux.HandleFunc("GET /api/v2.0/repositories", list)
	mux.HandleFunc("GET /api/v2.0/projects/{project}/repositories", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		there := projects[q.PathValue("project")]
		mu.Unlock()
		if !there {
			adaptertest.Refuse(w, http.StatusNotFound, "NOT_FOUND", "project not found")
			return
		}
		list(w, q)
	})
	repository := func(q *http.Request) string {
		name, _ := url.PathUnescape(q.PathValue("repository")) // it came escaped twice
		return q.PathValue("project") + "/" + name
	}
	const artifacts = "/api/v2.0/projects/{project}/repositories/{repository}/artifacts"
	mux.HandleFunc("DELETE "+artifacts+"/{ref}/tags/{tag}", func(w http.ResponseWriter, q *http.Request) {
		if known(w, q) && !r.RemoveTag(repository(q), q.PathValue("tag")) {
			adaptertest.Refuse(w, http.StatusNotFound, "NOT_FOUND", "tag not found")
		}
	})
	mux.HandleFunc("GET "+artifacts, func(w http.ResponseWriter, q *http.Request) {
		byDigest := map[digest.Digest][]any{}
		for tag, d := range r.TagsOf(repository(q)) {
			byDigest[d] = append(byDigest[d], map[string]any{"name": tag})
		}
		out := []any{}
		for _, tags := range byDigest {
			labels := []any{}
			for _, tag := range tags {
				if tag.(map[string]any)["name"] == "v1" {
					labels = append(labels, map[string]any{"name": "released"}, map[string]any{"name": "tested"})
				}
			}
			out = append(out, map[string]any{"labels": labels, "tags": tags})
		}
		adaptertest.Answer(w, http.StatusOK, out)
	})
}

func TestHarbor(t *testing.T) {
	o := adaptertest.Options{Bearer: true, TokenPath: "/service/token", Referrers: true}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		s := subject(t, "harbor", o, harborAPI)
		s.DeletesTags = true
		return s
	})
	t.Run("the tags that have labels", func(t *testing.T) {
		s := subject(t, "harbor", o, func(mux *http.ServeMux, r *adaptertest.Registry) {
			harborAPI(mux, r)
			r.PutManifest("library/a/b", "v1", "application/json", []byte("{}"))
			r.PutManifest("library/a/b", "v2", "application/json", []byte("{ }"))
		})
		labelled := s.Adapter.(remote.Labelled)
		for want, labels := range map[string][]string{"v1": {"released", "tested"}, "": {"released", "other"}} {
			tags, err := labelled.LabelledTags(t.Context(), "library/a/b", labels)
			if err != nil || strings.Join(tags, " ") != want {
				t.Errorf("%v: %v, %v", labels, tags, err)
			}
		}
	})
	t.Run("a project that may not be made says what to do", func(t *testing.T) {
		s := subject(t, "harbor", o, harborAPI)
		err := s.Adapter.EnsureNamespace(t.Context(), []string{"forbidden/app"})
		if err == nil || !strings.Contains(err.Error(), "the project forbidden is not there") || !strings.Contains(err.Error(), "make it, or use an account") {
			t.Fatal(err)
		}
	})
	t.Run("another registry is none", func(t *testing.T) {
		s := subject(t, "harbor", adaptertest.Options{}, nil)
		if err := s.Adapter.Ping(t.Context()); err == nil || !strings.Contains(remote.Reason(err), "docker-registry is the kind of any other") {
			t.Fatal(err)
		}
	})
}

// hubAPI is Docker Hub's: https://docs.docker.com/reference/api/hub/latest/
func hubAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	const token = "a-token-of-the-hub"
	signedIn := func(w http.ResponseWriter, q *http.Request) bool {
		if q.Header.Get("Authorization") == "Bearer "+token {
			return true
		}
		adaptertest.Answer(w, http.StatusUnauthorized, map[string]any{"detail": "Incorrect authentication credentials"})
		return false
	}
	mux.HandleFunc("POST /v2/auth/token", func(w http.ResponseWriter, q *http.Request) {
		var in struct{ Identifier, Secret string }
		_ = json.NewDecoder(q.Body).Decode(&in)
		if in.Identifier != user || in.Secret != password {
			adaptertest.Answer(w, http.StatusUnauthorized, map[string]any{"detail": "Incorrect authentication credentials"})
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"access_token": token})
	})
	mux.HandleFunc("GET /v2/repositories/namespaces/", func(w http.ResponseWriter, q *http.Request) {
		if signedIn(w, q) {
			adaptertest.Answer(w, http.StatusOK, map[string]any{"namespaces": []string{user, "team"}})
		}
	})
	mux.HandleFunc("GET /v2/namespaces/{namespace}/repositories", func(w http.ResponseWriter, q *http.Request) {
		if !signedIn(w, q) {
			return
		}
		var all []string
		for _, name := range r.Repositories() {
			if of, short, _ := strings.Cut(name, "/"); of == q.PathValue("namespace") {
				all = append(all, short)
			}
		}
		if len(all) == 0 {
			adaptertest.Answer(w, http.StatusNotFound, map[string]any{"detail": "object not found"})
			return
		}
		// One on each page, as page_size=1 would be answered.
		n := 1
		_, _ = fmt.Sscan(q.URL.Query().Get("page"), &n)
		body := map[string]any{"count": len(all), "next": nil, "results": []any{map[string]any{"name": all[n-1], "namespace": q.PathValue("namespace")}}}
		if n < len(all) {
			body["next"] = fmt.Sprintf("%s/v2/namespaces/%s/repositories?page=%d", r.URL, q.PathValue("namespace"), n+1)
		}
		adaptertest.Answer(w, http.StatusOK, body)
	})
	mux.HandleFunc("DELETE /v2/repositories/{namespace}/{name}/tags/{tag}/", func(w http.ResponseWriter, q *http.Request) {
		if !signedIn(w, q) {
			return
		}
		if !r.RemoveTag(q.PathValue("namespace")+"/"+q.PathValue("name"), q.PathValue("tag")) {
			adaptertest.Answer(w, http.StatusNotFound, map[string]any{"detail": "object not found"})
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func TestDockerHub(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		s := subject(t, "docker-hub", adaptertest.Options{Bearer: true, NoDelete: true, NoCatalog: true, PageSize: 3}, hubAPI)
		s.Other, s.DeletesTags = "team/cli", true
		return s
	})
	t.Run("an organisation is not made", func(t *testing.T) {
		s := subject(t, "docker-hub", adaptertest.Options{Bearer: true}, hubAPI)
		err := s.Adapter.EnsureNamespace(t.Context(), []string{"strangers/app"})
		if err == nil || !strings.Contains(err.Error(), "the namespace strangers is not there at Docker Hub: make the organisation") {
			t.Fatal(err)
		}
	})
	t.Run("the real address leads to the API and to the registry", func(t *testing.T) {
		seen := map[string]bool{}
		var mu sync.Mutex
		r := adaptertest.New(t, adaptertest.Options{Bearer: true, User: user, Password: password, Before: func(_ http.ResponseWriter, q *http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			seen[q.Header.Get("X-Forwarded-Host")+q.URL.Path] = true
			return false
		}, Realm: "https://auth.docker.io/token"}, hubAPI)
		k, err := remote.FindKind("docker-hub")
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse("https://hub.docker.com")
		a, err := k.Open(t.Context(), remote.Target{URL: u, Credential: mover, Line: adaptertest.Elsewhere(t, r.Server)})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"hub.docker.com/v2/auth/token", "registry-1.docker.io/v2/", "auth.docker.io/token"} {
			if !seen[want] {
				t.Errorf("%s was not asked: %v", want, seen)
			}
		}
	})
}

// quayAPI is Quay's: https://docs.quay.io/api/swagger/
func quayAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	var mu sync.Mutex
	organizations := map[string]bool{}
	mux.HandleFunc("GET /api/v1/repository", func(w http.ResponseWriter, q *http.Request) {
		all := []any{}
		for _, name := range r.Repositories() {
			if of, short, _ := strings.Cut(name, "/"); of == q.URL.Query().Get("namespace") {
				all = append(all, map[string]any{"namespace": of, "name": short, "is_public": true})
			}
		}
		body := map[string]any{"repositories": all}
		switch next := q.URL.Query().Get("next_page"); {
		case next == "" && len(all) > 1:
			body["repositories"], body["next_page"] = all[:1], "gAAAAABb"
		case next == "gAAAAABb":
			body["repositories"] = all[1:]
		}
		adaptertest.Answer(w, http.StatusOK, body)
	})
	mux.HandleFunc("GET /api/v1/organization/{name}", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !organizations[q.PathValue("name")] {
			adaptertest.Answer(w, http.StatusNotFound, map[string]any{"error_message": "Not Found", "status": 404})
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"name": q.PathValue("name")})
	})
	mux.HandleFunc("GET /api/v1/users/{name}", func(w http.ResponseWriter, q *http.Request) {
		adaptertest.Answer(w, http.StatusNotFound, map[string]any{"error_message": "Not Found", "status": 404})
	})
	mux.HandleFunc("POST /api/v1/organization/", func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "Bearer oauth-token" {
			adaptertest.Answer(w, http.StatusForbidden, map[string]any{"error_message": "Unauthorized"})
			return
		}
		var in struct{ Name, Email string }
		_ = json.NewDecoder(q.Body).Decode(&in)
		mu.Lock()
		defer mu.Unlock()
		organizations[in.Name] = in.Email != ""
		adaptertest.Answer(w, http.StatusCreated, "Created")
	})
}

func TestQuay(t *testing.T) {
	o := adaptertest.Options{Bearer: true, TokenPath: "/v2/auth", DeleteTags: true, PageSize: 4}
	t.Run("with a user", func(t *testing.T) {
		adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject { return subject(t, "quay", o, quayAPI) })
	})
	t.Run("with a token of the API", func(t *testing.T) {
		adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
			s := subject(t, "quay", o, nil)
			r := adaptertest.New(t, adaptertest.Options{Bearer: true, TokenPath: "/v2/auth", DeleteTags: true, User: user, Password: password}, quayAPI)
			s.Adapter = adaptertest.Open(t, "quay", r.URL, remote.Credential{
				Key: "json_file", Secret: `{"account_name":"` + user + `","docker_cli_password":"` + password + `","oauth2_token":"oauth-token"}`,
			})
			return s
		})
	})
}

// githubAPI is GitHub's: https://docs.github.com/en/rest/packages/packages
func githubAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	list := func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "Bearer "+password {
			adaptertest.Answer(w, http.StatusUnauthorized, map[string]any{"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
			return
		}
		out := []any{}
		for _, name := range r.Repositories() {
			of, short, _ := strings.Cut(name, "/")
			if owner := q.PathValue("owner"); owner == "" || owner == of {
				out = append(out, map[string]any{"id": 197, "name": short, "package_type": "container", "owner": map[string]any{"login": strings.ToUpper(of)}})
			}
		}
		if q.URL.Query().Get("package_type") != "container" {
			out = []any{}
		}
		adaptertest.Answer(w, http.StatusOK, out)
	}
	mux.HandleFunc("GET /api/v3/user/packages", list)
	mux.HandleFunc("GET /api/v3/users/{owner}/packages", list)
	mux.HandleFunc("GET /api/v3/users/{owner}/packages/container/{name}/versions", func(w http.ResponseWriter, q *http.Request) {
		out := []any{}
		for _, d := range r.TagsOf(q.PathValue("owner") + "/" + q.PathValue("name")) {
			out = append(out, map[string]any{"id": id(d), "name": d})
		}
		adaptertest.Answer(w, http.StatusOK, out)
	})
	mux.HandleFunc("DELETE /api/v3/users/{owner}/packages/container/{name}/versions/{id}", func(w http.ResponseWriter, q *http.Request) {
		repository := q.PathValue("owner") + "/" + q.PathValue("name")
		for _, d := range r.TagsOf(repository) {
			if fmt.Sprint(id(d)) == q.PathValue("id") {
				r.RemoveManifest(repository, d)
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		adaptertest.Answer(w, http.StatusNotFound, map[string]any{"message": "Not Found"})
	})
}

// id is a number for a digest.
func id(d digest.Digest) int {
	n := 0
	for _, c := range d.Encoded()[:6] {
		n = n*37 + int(c)
	}
	return n
}

func TestGitHub(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		s := subject(t, "github-ghcr", adaptertest.Options{Bearer: true, NoDelete: true, NoCatalog: true}, githubAPI)
		s.DeletesContent = true
		return s
	})
}

// gitlabAPI is GitLab's: https://docs.gitlab.com/api/container_registry/
func gitlabAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	projects := []string{"team/app", "team/tools", "other/app"}
	known := func(w http.ResponseWriter, q *http.Request) bool {
		if q.Header.Get("PRIVATE-TOKEN") == password {
			return true
		}
		adaptertest.Answer(w, http.StatusUnauthorized, map[string]any{"message": "401 Unauthorized"})
		return false
	}
	mux.HandleFunc("GET /api/v4/projects", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		out := []any{}
		for i, p := range projects {
			out = append(out, map[string]any{"id": i + 1, "path_with_namespace": p})
		}
		// A page each, to be followed.
		n := 1
		_, _ = fmt.Sscan(q.URL.Query().Get("page"), &n)
		if n < len(out) {
			w.Header().Set("X-Next-Page", fmt.Sprint(n+1))
		}
		adaptertest.Answer(w, http.StatusOK, out[n-1:n])
	})
	mux.HandleFunc("GET /api/v4/projects/{id}/registry/repositories", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		n := 0
		_, _ = fmt.Sscan(q.PathValue("id"), &n)
		if n == 3 {
			adaptertest.Answer(w, http.StatusForbidden, map[string]any{"message": "403 Forbidden"})
			return
		}
		out := []any{}
		for _, name := range r.Repositories() {
			if p := projects[n-1]; name == p || strings.HasPrefix(name, p+"/") {
				out = append(out, map[string]any{"id": len(out), "path": name})
			}
		}
		adaptertest.Answer(w, http.StatusOK, out)
	})
	mux.HandleFunc("GET /api/v4/projects/{id}", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		if !slices.Contains(projects, q.PathValue("id")) {
			adaptertest.Answer(w, http.StatusNotFound, map[string]any{"message": "404 Project Not Found"})
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"id": 1, "path_with_namespace": q.PathValue("id")})
	})
}

func TestGitLab(t *testing.T) {
	o := adaptertest.Options{Bearer: true, TokenPath: "/jwt/auth", DeleteTags: true, NoCatalog: true}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject { return subject(t, "gitlab", o, gitlabAPI) })
	t.Run("a project is not made", func(t *testing.T) {
		s := subject(t, "gitlab", o, gitlabAPI)
		err := s.Adapter.EnsureNamespace(t.Context(), []string{"team/app/image", "team/nowhere/image"})
		if err == nil || !strings.Contains(err.Error(), "the project of team/nowhere/image is not there") {
			t.Fatal(err)
		}
	})
	t.Run("a registry that is no GitLab's is told apart", func(t *testing.T) {
		s := subject(t, "gitlab", adaptertest.Options{Bearer: true}, nil)
		err := s.Adapter.EnsureNamespace(t.Context(), []string{"team/app"})
		if err == nil || !strings.Contains(err.Error(), "does not name a GitLab as its token service") {
			t.Fatal(err)
		}
	})
}

// ecrAPI is Amazon's: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
type ecrAPI struct {
	mu    sync.Mutex
	made  map[string]bool
	calls []string
}

func (e *ecrAPI) has(repository string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.made[repository]
}

func (e *ecrAPI) serve(mux *http.ServeMux, r *adaptertest.Registry) {
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, q *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		_, action, _ := strings.Cut(q.Header.Get("X-Amz-Target"), ".")
		e.calls = append(e.calls, action)
		refuse := func(kind, message string) {
			adaptertest.Answer(w, http.StatusBadRequest, map[string]any{"__type": kind, "message": message})
		}
		if !scoped(q, "AWS4-HMAC-SHA256", "AWS4", "X-Amz-Date", "aws4_request", password) {
			refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
			return
		}
		var in struct {
			RepositoryName string              `json:"repositoryName"`
			NextToken      string              `json:"nextToken"`
			ImageIDs       []map[string]string `json:"imageIds"`
		}
		_ = json.NewDecoder(q.Body).Decode(&in)
		switch action {
		case "GetAuthorizationToken":
			text := base64.StdEncoding.EncodeToString([]byte("AWS:" + password))
			adaptertest.Answer(w, http.StatusOK, map[string]any{"authorizationData": []any{map[string]any{
				"authorizationToken": text, "expiresAt": float64(time.Now().Add(12*time.Hour).UnixMilli()) / 1000, "proxyEndpoint": r.URL,
			}}})
		case "CreateRepository":
			if e.made[in.RepositoryName] {
				refuse("RepositoryAlreadyExistsException", "The repository with name '"+in.RepositoryName+"' already exists in the registry with id '012345678910'")
				return
			}
			e.made[in.RepositoryName] = true
			adaptertest.Answer(w, http.StatusOK, map[string]any{"repository": map[string]any{"repositoryName": in.RepositoryName}})
		case "DescribeRepositories":
			all := []any{}
			for name := range e.made {
				all = append(all, map[string]any{"repositoryName": name})
			}
			body := map[string]any{"repositories": all}
			slices.SortFunc(all, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			if in.NextToken == "" && len(all) > 1 {
				body["repositories"], body["nextToken"] = all[:1], "eyJuZXh0"
			} else if in.NextToken != "" {
				body["repositories"] = all[1:]
			}
			adaptertest.Answer(w, http.StatusOK, body)
		case "BatchDeleteImage":
			done := false
			for _, id := range in.ImageIDs {
				if tag := id["imageTag"]; tag != "" {
					done = r.RemoveTag(in.RepositoryName, tag)
				} else {
					done = r.RemoveManifest(in.RepositoryName, digest.Digest(id["imageDigest"]))
				}
			}
			body := map[string]any{"failures": []any{}, "imageIds": in.ImageIDs}
			if !done {
				body["failures"] = []any{map[string]any{"failureCode": "ImageNotFound", "failureReason": "Requested image not found", "imageId": in.ImageIDs[0]}}
			}
			adaptertest.Answer(w, http.StatusOK, body)
		default:
			refuse("UnknownOperationException", "")
		}
	})
}

func TestECR(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		e := &ecrAPI{made: map[string]bool{}}
		r := adaptertest.New(t, adaptertest.Options{User: "AWS", Password: password, NoCatalog: true, NoDelete: true, Needs: e.has}, e.serve)
		return adaptertest.Subject{
			Adapter: adaptertest.Open(t, "aws-ecr", r.URL, mover), Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**",
			ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
	t.Run("a wrong key is told when it is opened", func(t *testing.T) {
		e := &ecrAPI{made: map[string]bool{}}
		r := adaptertest.New(t, adaptertest.Options{}, e.serve)
		_, err := adaptertest.TryOpen(t, "aws-ecr", r.URL, remote.Credential{Key: "somebody", Secret: "x"})
		if err == nil || !strings.HasPrefix(remote.Reason(err), "the registry does not accept the name and the secret") {
			t.Fatal(err)
		}
	})
	t.Run("the API's address leads to the account's registry, and is asked once", func(t *testing.T) {
		e := &ecrAPI{made: map[string]bool{}}
		hosts := map[string]int{}
		var mu sync.Mutex
		r := adaptertest.New(t, adaptertest.Options{User: "AWS", Password: password, Before: func(w http.ResponseWriter, q *http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			hosts[q.Header.Get("X-Forwarded-Host")]++
			if q.Header.Get("X-Amz-Target") == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken" {
				if !strings.Contains(q.Header.Get("Authorization"), "/eu-west-3/ecr/aws4_request") {
					t.Errorf("signed for another region: %s", q.Header.Get("Authorization"))
				}
				text := base64.StdEncoding.EncodeToString([]byte("AWS:" + password))
				adaptertest.Answer(w, http.StatusOK, map[string]any{"authorizationData": []any{map[string]any{
					"authorizationToken": text, "expiresAt": float64(time.Now().Add(12 * time.Hour).Unix()), "proxyEndpoint": "https://012345678910.dkr.ecr.eu-west-3.amazonaws.com",
				}}})
				return true
			}
			return false
		}}, e.serve)
		k, err := remote.FindKind("aws-ecr")
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse("https://api.ecr.eu-west-3.amazonaws.com")
		a, err := k.Open(t.Context(), remote.Target{URL: u, Credential: mover, Line: adaptertest.Elsewhere(t, r.Server)})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := a.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if hosts["api.ecr.eu-west-3.amazonaws.com"] != 1 || hosts["012345678910.dkr.ecr.eu-west-3.amazonaws.com"] != 4 {
			t.Errorf("%v", hosts)
		}
	})
}

func TestAzure(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		s := subject(t, "azure-acr", adaptertest.Options{Bearer: true, TokenPath: "/oauth2/token", Referrers: true, PageSize: 2}, func(mux *http.ServeMux, r *adaptertest.Registry) {
			mux.HandleFunc("DELETE /acr/v1/", func(w http.ResponseWriter, q *http.Request) {
				repository, tag, _ := strings.Cut(strings.TrimPrefix(q.URL.Path, "/acr/v1/"), "/_tags/")
				if !strings.HasPrefix(q.Header.Get("Authorization"), "Bearer ") {
					w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="acr",scope="repository:%s:delete"`, r.URL+"/oauth2/token", repository))
					adaptertest.Refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization for more information.")
					return
				}
				if !r.RemoveTag(repository, tag) {
					adaptertest.Refuse(w, http.StatusNotFound, "TAG_UNKNOWN", "the specified tag does not exist")
					return
				}
				w.WriteHeader(http.StatusAccepted)
			})
		})
		s.DeletesTags = true
		return s
	})
}

func TestGoogle(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		r := adaptertest.New(t, adaptertest.Options{Bearer: true, User: "_json_key", Password: password, TokenPath: "/v2/token", DeleteTags: true, PageSize: 10}, nil)
		return adaptertest.Subject{
			Adapter:    adaptertest.Open(t, "google-gcr", r.URL, remote.Credential{Secret: password}),
			Repository: "team/app", Other: "team/x/y", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
	t.Run("Artifact Registry wants a repository in the name", func(t *testing.T) {
		a := adaptertest.Open(t, "google-gcr", "https://us-docker.pkg.dev", remote.Credential{})
		err := a.EnsureNamespace(t.Context(), []string{"project/app"})
		if err == nil || !strings.Contains(err.Error(), "<project>/<repository>/<image>") {
			t.Fatal(err)
		}
	})
}

// artifactoryAPI is JFrog's: https://jfrog.com/help/r/jfrog-rest-apis/repositories
func artifactoryAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	var mu sync.Mutex
	keys := map[string]bool{}
	mux.HandleFunc("GET /artifactory/api/repositories", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		out := []any{}
		for key := range keys {
			out = append(out, map[string]any{"key": key, "type": "LOCAL", "packageType": "Docker"})
		}
		adaptertest.Answer(w, http.StatusOK, out)
	})
	mux.HandleFunc("GET /artifactory/api/repositories/{key}", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if !keys[q.PathValue("key")] {
			adaptertest.Answer(w, http.StatusBadRequest, map[string]any{"errors": []any{map[string]any{"status": 400, "message": "Bad Request"}}})
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"key": q.PathValue("key"), "rclass": "local"})
	})
	mux.HandleFunc("PUT /artifactory/api/repositories/{key}", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		keys[q.PathValue("key")] = true
		_, _ = fmt.Fprintf(w, "Successfully created repository '%s'", q.PathValue("key"))
	})
	mux.HandleFunc("GET /artifactory/api/docker/{key}/v2/_catalog", func(w http.ResponseWriter, q *http.Request) {
		all := []string{}
		for _, name := range r.Repositories() {
			if key, image, _ := strings.Cut(name, "/"); key == q.PathValue("key") {
				all = append(all, image)
			}
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"repositories": all})
	})
	mux.HandleFunc("DELETE /artifactory/", func(w http.ResponseWriter, q *http.Request) {
		path := strings.TrimPrefix(q.URL.Path, "/artifactory/")
		at := strings.LastIndexByte(path, '/')
		if known(w, q) {
			if !r.RemoveTag(path[:at], path[at+1:]) {
				adaptertest.Answer(w, http.StatusNotFound, map[string]any{"errors": []any{map[string]any{"status": 404, "message": "Could not locate artifact"}}})
				return
			}
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func TestArtifactory(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		s := subject(t, "jfrog-artifactory", adaptertest.Options{NoCatalog: true}, artifactoryAPI)
		s.DeletesTags = true
		return s
	})
}

// msrAPI is Mirantis's: https://docs.mirantis.com/msr/
func msrAPI(mux *http.ServeMux, r *adaptertest.Registry, made *sync.Map) {
	mux.HandleFunc("GET /enzi/v0/accounts/{name}", func(w http.ResponseWriter, q *http.Request) {
		if _, there := made.Load(q.PathValue("name")); !there {
			adaptertest.Refuse(w, http.StatusNotFound, "NO_SUCH_ACCOUNT", "An account with the given name or ID does not exist.")
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"name": q.PathValue("name"), "isOrg": true})
	})
	mux.HandleFunc("POST /enzi/v0/accounts", func(w http.ResponseWriter, q *http.Request) {
		if !known(w, q) {
			return
		}
		var in struct {
			Name  string `json:"name"`
			IsOrg bool   `json:"isOrg"`
		}
		_ = json.NewDecoder(q.Body).Decode(&in)
		if in.IsOrg {
			made.Store(in.Name, true)
		}
		adaptertest.Answer(w, http.StatusOK, in)
	})
	mux.HandleFunc("GET /api/v0/repositories/{namespace}/{name}", func(w http.ResponseWriter, q *http.Request) {
		if _, there := made.Load(q.PathValue("namespace") + "/" + q.PathValue("name")); !there {
			adaptertest.Refuse(w, http.StatusNotFound, "NO_SUCH_REPOSITORY", "A repository with the given name does not exist")
			return
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"name": q.PathValue("name")})
	})
	mux.HandleFunc("POST /api/v0/repositories/{namespace}", func(w http.ResponseWriter, q *http.Request) {
		var in struct{ Name string }
		_ = json.NewDecoder(q.Body).Decode(&in)
		if known(w, q) {
			made.Store(q.PathValue("namespace")+"/"+in.Name, true)
			adaptertest.Answer(w, http.StatusCreated, in)
		}
	})
	list := func(w http.ResponseWriter, q *http.Request) {
		all := []any{}
		for _, name := range r.Repositories() {
			of, short, _ := strings.Cut(name, "/")
			if want := q.PathValue("namespace"); want == "" || want == of {
				all = append(all, map[string]any{"namespace": of, "name": short})
			}
		}
		if q.URL.Query().Get("pageStart") == "" && len(all) > 1 {
			w.Header().Set("X-Next-Page-Start", "second")
			all = all[:1]
		} else if len(all) > 1 {
			all = all[1:]
		}
		adaptertest.Answer(w, http.StatusOK, map[string]any{"repositories": all})
	}
	mux.HandleFunc("GET /api/v0/repositories", list)
	mux.HandleFunc("GET /api/v0/repositories/{namespace}", list)
	mux.HandleFunc("DELETE /api/v0/repositories/{namespace}/{name}/tags/{tag}", func(w http.ResponseWriter, q *http.Request) {
		if !r.RemoveTag(q.PathValue("namespace")+"/"+q.PathValue("name"), q.PathValue("tag")) {
			adaptertest.Refuse(w, http.StatusNotFound, "NO_SUCH_TAG", "A tag with the given name does not exist")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func TestMSR(t *testing.T) {
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		made := &sync.Map{}
		s := subject(t, "dtr", adaptertest.Options{Bearer: true, TokenPath: "/auth/token", NoCatalog: true, Needs: func(repository string) bool {
			_, there := made.Load(repository)
			return there
		}}, func(mux *http.ServeMux, r *adaptertest.Registry) { msrAPI(mux, r, made) })
		s.Other, s.DeletesTags = "team/cli", true
		return s
	})
	t.Run("names have two parts", func(t *testing.T) {
		made := &sync.Map{}
		s := subject(t, "dtr", adaptertest.Options{}, func(mux *http.ServeMux, r *adaptertest.Registry) { msrAPI(mux, r, made) })
		if err := s.Adapter.EnsureNamespace(t.Context(), []string{"team/tools/cli"}); err == nil || !strings.Contains(err.Error(), "flatten the names") {
			t.Fatal(err)
		}
	})
}

// tencentAPI is Tencent Cloud's: https://cloud.tencent.com/document/api/1141/41603
func tencentAPI(mux *http.ServeMux, r *adaptertest.Registry) {
	var mu sync.Mutex
	made := map[string]bool{}
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		answer := func(body map[string]any) {
			body["RequestId"] = "d92365c7-3484-4d52-8add-93f682e127bd"
			adaptertest.Answer(w, http.StatusOK, map[string]any{"Response": body})
		}
		refuse := func(code, message string) {
			answer(map[string]any{"Error": map[string]string{"Code": code, "Message": message}})
		}
		day := time.Now().UTC().Format(time.DateOnly)
		if !tc3(q, day, password) || q.Header.Get("X-TC-Version") != "2019-09-24" {
			refuse("AuthFailure.SignatureFailure", "The provided credentials could not be validated. Please check your signature is correct.")
			return
		}
		var in struct {
			RegistryId, NamespaceName, RepositoryName, ImageVersion string
			Offset                                                  int
		}
		_ = json.NewDecoder(q.Body).Decode(&in)
		action := q.Header.Get("X-TC-Action")
		if want := map[bool]string{true: "ap-guangzhou", false: "ap-shanghai"}[action == "DescribeInstances"]; q.Header.Get("X-TC-Region") != want {
			refuse("UnsupportedRegion", q.Header.Get("X-TC-Region"))
			return
		}
		if action != "DescribeInstances" && in.RegistryId != "tcr-dg284imq" {
			refuse("InvalidParameter", "RegistryId")
			return
		}
		switch action {
		case "DescribeInstances":
			answer(map[string]any{"TotalCount": 2, "Registries": []any{
				map[string]any{"RegistryId": "tcr-other", "RegistryName": "other", "PublicDomain": "other.tencentcloudcr.com", "RegionName": "ap-beijing"},
				map[string]any{"RegistryId": "tcr-dg284imq", "RegistryName": "mine", "PublicDomain": q.Host, "RegionName": "ap-shanghai"},
			}})
		case "CreateInstanceToken":
			answer(map[string]any{"Username": "100036950234", "Token": password, "ExpTime": time.Now().Add(time.Hour).UnixMilli()})
		case "DescribeNamespaces":
			list := []any{}
			for name := range made {
				list = append(list, map[string]any{"Name": name, "Public": false})
			}
			answer(map[string]any{"NamespaceList": list, "TotalCount": len(list)})
		case "CreateNamespace":
			if made[in.NamespaceName] {
				refuse("FailedOperation", "the namespace exists")
				return
			}
			made[in.NamespaceName] = true
			answer(map[string]any{})
		case "DescribeRepositories":
			all := []any{}
			for _, name := range r.Repositories() {
				if of, _, _ := strings.Cut(name, "/"); in.NamespaceName == "" || of == in.NamespaceName {
					all = append(all, map[string]any{"Name": name, "Namespace": of})
				}
			}
			page := []any{} // of one each
			if in.Offset >= 1 && in.Offset <= len(all) {
				page = all[in.Offset-1 : in.Offset]
			}
			answer(map[string]any{"RepositoryList": page, "TotalCount": len(all)})
		case "DeleteImage":
			r.RemoveTag(in.NamespaceName+"/"+in.RepositoryName, in.ImageVersion)
			answer(map[string]any{})
		default:
			refuse("InvalidAction", action)
		}
	})
}

func TestTencent(t *testing.T) {
	o := adaptertest.Options{User: "100036950234", Password: password, Bearer: true, NoCatalog: true}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		r := adaptertest.New(t, o, tencentAPI)
		return adaptertest.Subject{
			Adapter: adaptertest.Open(t, "tencent-tcr", r.URL, mover), Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**",
			ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
	t.Run("a wrong secret is told when it is opened", func(t *testing.T) {
		r := adaptertest.New(t, o, tencentAPI)
		_, err := adaptertest.TryOpen(t, "tencent-tcr", r.URL, remote.Credential{Key: "somebody", Secret: "x"})
		if err == nil || !strings.HasPrefix(remote.Reason(err), "the registry does not accept the name and the secret") {
			t.Fatal(err)
		}
	})
}

// aliAPI is Alibaba Cloud's: https://help.aliyun.com/zh/acr/developer-reference/api-cr-2018-12-01-overview
func aliAPI(mux *http.ServeMux, r *adaptertest.Registry, seen *sync.Map) {
	var mu sync.Mutex
	made := map[string]bool{}
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		in, action := q.URL.Query(), q.Header.Get("X-Acs-Action")
		seen.Store(q.Header.Get("X-Forwarded-Host"), true)
		refuse := func(status int, code, message string) {
			adaptertest.Answer(w, status, map[string]any{"Code": code, "Message": message, "RequestId": "E069EB86-E6AD-4A98-ADDE-0E993390239A"})
		}
		answer := func(body map[string]any) {
			body["Code"], body["IsSuccess"], body["RequestId"] = "success", true, "E069EB86-E6AD-4A98-ADDE-0E993390239A"
			adaptertest.Answer(w, http.StatusOK, body)
		}
		switch {
		case !acs3(q, password):
			refuse(http.StatusBadRequest, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
			return
		case q.Header.Get("X-Acs-Version") != "2018-12-01", action != "ListInstance" && in.Get("InstanceId") != "cri-kmsiwlxxdcvaduwb":
			refuse(http.StatusBadRequest, "InvalidParameter", "InstanceId")
			return
		}
		switch action {
		case "ListInstance":
			answer(map[string]any{"TotalCount": 1, "Instances": []any{map[string]any{"InstanceId": "cri-kmsiwlxxdcvaduwb", "InstanceName": "mine", "InstanceStatus": "RUNNING"}}})
		case "GetAuthorizationToken":
			answer(map[string]any{"TempUsername": "temp_user_cr", "AuthorizationToken": password, "ExpireTime": time.Now().Add(time.Hour).UnixMilli()})
		case "GetNamespace":
			if !made[in.Get("NamespaceName")] {
				adaptertest.Answer(w, http.StatusOK, map[string]any{"Code": "NAMESPACE_NOT_EXIST", "IsSuccess": false})
				return
			}
			answer(map[string]any{"NamespaceName": in.Get("NamespaceName")})
		case "CreateNamespace":
			made[in.Get("NamespaceName")] = in.Get("DefaultRepoType") == "PRIVATE"
			answer(map[string]any{})
		case "ListRepository":
			all := []any{}
			for _, name := range r.Repositories() {
				if of, short, _ := strings.Cut(name, "/"); in.Get("RepoNamespaceName") == "" || of == in.Get("RepoNamespaceName") {
					all = append(all, map[string]any{"RepoNamespaceName": of, "RepoName": short, "RepoId": name})
				}
			}
			n := 0
			_, _ = fmt.Sscan(in.Get("PageNo"), &n)
			page := []any{} // of one each
			if n >= 1 && n <= len(all) {
				page = all[n-1 : n]
			}
			answer(map[string]any{"Repositories": page, "TotalCount": fmt.Sprint(len(all))})
		case "GetRepository":
			answer(map[string]any{"RepoId": in.Get("RepoNamespaceName") + "/" + in.Get("RepoName")})
		case "DeleteRepoTag":
			r.RemoveTag(in.Get("RepoId"), in.Get("Tag"))
			answer(map[string]any{})
		default:
			refuse(http.StatusNotFound, "InvalidApi.NotFound", "Specified api is not found.")
		}
	})
}

func TestAlibaba(t *testing.T) {
	kind, err := remote.FindKind("ali-acr")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("https://mine-registry.cn-shanghai.cr.aliyuncs.com")
	opens := func(t *testing.T, as remote.Credential) (remote.Adapter, *sync.Map, error) {
		seen := &sync.Map{}
		r := adaptertest.New(t, adaptertest.Options{User: "temp_user_cr", Password: password, Bearer: true, NoCatalog: true, TokenPath: "/auth", Realm: "https://dockerauth-ee.cn-shanghai.aliyuncs.com/auth"},
			func(mux *http.ServeMux, r *adaptertest.Registry) { aliAPI(mux, r, seen) })
		a, err := kind.Open(t.Context(), remote.Target{URL: u, Credential: as, Line: adaptertest.Elsewhere(t, r.Server)})
		return a, seen, err
	}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		a, seen, err := opens(t, mover)
		if err != nil {
			t.Fatal(err)
		}
		if _, asked := seen.Load("cr.cn-shanghai.aliyuncs.com"); !asked {
			t.Error("another region was asked")
		}
		return adaptertest.Subject{
			Adapter: a, Repository: "team/app", Other: "team/tools", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
	t.Run("a wrong key is told when it is opened", func(t *testing.T) {
		_, _, err := opens(t, remote.Credential{Key: "somebody", Secret: "x"})
		if err == nil || !strings.HasPrefix(remote.Reason(err), "the registry does not accept the name and the secret") {
			t.Fatal(err)
		}
	})
	t.Run("another host is told apart", func(t *testing.T) {
		_, err := adaptertest.TryOpen(t, "ali-acr", "https://crpi-name.cn-hangzhou.personal.cr.aliyuncs.com", mover)
		if !errors.Is(err, remote.ErrNotRegistry) || !strings.Contains(remote.Reason(err), "docker-registry is the kind of others") {
			t.Fatal(err)
		}
	})
}

func TestEveryKindIsInOneOfTheTests(t *testing.T) {
	held := []string{
		"ali-acr", "aws-ecr", "azure-acr", "docker-hub", "docker-registry", "dtr", "github-ghcr", "gitlab", "google-gcr", "harbor", "huawei-SWR", "jfrog-artifactory", "quay", "tencent-tcr",
		"volcengine-cr",
	}
	var have []string
	for _, k := range remote.Kinds() {
		have = append(have, k.Name)
	}
	if !slices.Equal(have, held) {
		t.Errorf("the kinds are %v; each is held to adaptertest.Conformance here, and they stand in order", have)
	}
}
