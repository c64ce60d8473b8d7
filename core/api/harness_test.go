package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/addition"
	"github.com/roadstead-registry/roadstead/core/api"
	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/core/web"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const password = coretest.Password

// site is the API over a real database and a real connection.
type site struct {
	t         testing.TB
	url       string
	db        *store.DB
	users     *user.Service
	projects  *project.Service
	artifacts *artifact.Service
	domain    *coretest.Domain
	blobs     sync.Map // bytes by digest
	admin     rbac.Subject
	broken    atomic.Bool // health panics
	caCert    string      // a file that is not there yet
	log       logBuffer
}

func newSite(t testing.TB) *site {
	t.Helper()
	d := coretest.New(t)
	s := &site{t: t, db: d.DB, users: d.Users, projects: d.Projects, artifacts: d.Artifacts, domain: d, admin: d.Admin, caCert: filepath.Join(t.TempDir(), "ca.crt")}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	additions, err := addition.New(d.Artifacts, s.open)
	if err != nil {
		t.Fatal(err)
	}
	h, err := api.New(api.Deps{
		Users: d.Users, Audit: d.Audit, Auth: d.Auth, Projects: d.Projects, Artifacts: d.Artifacts, Labels: d.Labels, Immutable: d.Immutable, Retention: d.Retention,
		Quotas: d.Quotas, Robots: d.Robots, Remote: d.Remote, Settings: d.Settings, Stats: d.Stats, Additions: additions, Search: d.Search, Jobs: d.Jobs, Garbage: d.Garbage, Replications: d.Replications, Policy: d.Policy,
		Health: func(context.Context) api.HealthReport {
			if s.broken.Load() {
				panic("the health check is broken")
			}
			return api.HealthReport{Components: []api.Component{{Name: "core", Status: api.Healthy}, {Name: "database", Status: api.Healthy}}}
		},
		Volume:      func(context.Context) (api.Volume, error) { return api.Volume{Total: 1000, Free: 400}, nil },
		CACert:      s.caCert,
		ExternalURL: func(r *http.Request) *url.URL { return &url.URL{Scheme: "http", Host: r.Host} },
		Clock:       time.Now, Log: log, Version: "1.2.3", StorageName: "filesystem", CSRFKey: bytes.Repeat([]byte{7}, 32),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web.Identified(web.Recovered(log, h)))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

type response struct {
	status int
	header http.Header
	body   string
}

func (r response) json(t *testing.T) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%q is no JSON: %v", r.body, err)
	}
	return v
}

// message is the one of Harbor's error body.
func (r response) message(t *testing.T) string {
	t.Helper()
	var v struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(r.body), &v); err != nil || len(v.Errors) != 1 || v.Errors[0].Code == "" {
		t.Fatalf("status %d: %q is not Harbor's error body", r.status, r.body)
	}
	return v.Errors[0].Message
}

// call makes a request as somebody ("" is nobody, "name:password" has another
// password); headers are pairs.
func (s *site) call(who, method, path, body string, headers ...string) response {
	s.t.Helper()
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/c/") {
		path = "/api/v2.0" + path
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if name, secret, own := strings.Cut(who, ":"); own {
		req.SetBasicAuth(name, secret)
	} else if who != "" {
		req.SetBasicAuth(who, password)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response{res.StatusCode, res.Header, string(raw)}
}

func (s *site) want(status int, who, method, path, body string, headers ...string) response {
	s.t.Helper()
	r := s.call(who, method, path, body, headers...)
	if r.status != status {
		s.t.Fatalf("%s %s as %q: status %d, want %d: %s", method, path, who, r.status, status, r.body)
	}
	return r
}

func (s *site) user(name string) user.User {
	s.t.Helper()
	u, err := s.users.Create(s.t.Context(), s.admin, user.New{
		Name: name, Email: name + "@example.com", Realname: "Person " + name, Comment: "c", Password: password,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

func (s *site) project(name string, public bool) project.Project {
	s.t.Helper()
	p, err := s.projects.Create(s.t.Context(), s.admin, project.New{Name: name, Public: public})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *site) member(p project.Project, u user.User, role rbac.Role) project.Member {
	s.t.Helper()
	m, err := s.projects.AddMember(s.t.Context(), s.admin, p.ID, project.NewMember{UserID: u.ID, Role: role})
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

const imageConfig = `{"architecture":"amd64","author":"peer","created":"2026-01-01T00:00:00Z","os":"linux",
"config":{"Cmd":["/h"],"Env":["SEED=%s"],"ExposedPorts":{"80/tcp":{}},"Labels":{"a":"b"}},
"history":[{"created":"2026-01-01T00:00:00Z","created_by":"COPY h / # buildkit","comment":"buildkit"},
{"created":"2026-01-01T00:00:00Z","created_by":"CMD [\"/h\"]","empty_layer":true}],"rootfs":{"type":"layers","diff_ids":[]}}`

const (
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	ociManifest    = "application/vnd.oci.image.manifest.v1+json"
	ociIndex       = "application/vnd.oci.image.index.v1+json"
)

// image pushes a small image; different seeds are different images.
func (s *site) image(repository, tag, seed string) digest.Digest {
	s.t.Helper()
	config := []byte(fmt.Sprintf(imageConfig, seed))
	layer := []byte("layer " + seed)
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`, dockerManifest,
		s.blob(repository, "application/vnd.docker.container.image.v1+json", config),
		s.blob(repository, "application/vnd.docker.image.rootfs.diff.tar.gzip", layer))
	return s.push(repository, tag, dockerManifest, manifest, config)
}

func (s *site) open(_ context.Context, d digest.Digest) (io.ReadCloser, error) {
	content, ok := s.blobs.Load(d)
	if !ok {
		return nil, fmt.Errorf("no blob %s", d)
	}
	return io.NopCloser(bytes.NewReader(content.([]byte))), nil
}

// blob uploads bytes and returns their descriptor.
func (s *site) blob(repository, mediaType string, content []byte) string {
	s.t.Helper()
	d := digest.FromBytes(content)
	s.blobs.Store(d, content)
	err := s.artifacts.CommitBlob(s.t.Context(), s.admin, repository, d, int64(len(content)), "", func(context.Context) error { return nil })
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, d, len(content))
}

func (s *site) push(repository, tag, mediaType, payload string, config []byte) digest.Digest {
	s.t.Helper()
	m, err := oci.ParseManifest(mediaType, []byte(payload))
	if err != nil {
		s.t.Fatal(err)
	}
	d := digest.FromString(payload)
	_, err = s.artifacts.CommitPush(s.t.Context(), s.admin, artifact.Push{
		Repository: repository, Tag: tag, Manifest: m, Digest: d, Payload: []byte(payload), Config: config,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// index pushes an index of images that are there.
func (s *site) index(repository, tag string, children ...digest.Digest) digest.Digest {
	s.t.Helper()
	platforms := []string{`{"architecture":"amd64","os":"linux"}`, `{"architecture":"arm64","os":"linux","variant":"v8"}`}
	var entries []string
	for i, d := range children {
		_, payload, err := s.artifacts.Manifest(s.t.Context(), strings.Split(repository, "/")[0], strings.SplitN(repository, "/", 2)[1], d.String())
		if err != nil {
			s.t.Fatal(err)
		}
		entries = append(entries, fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d,"platform":%s}`, dockerManifest, d, len(payload), platforms[i%2]))
	}
	payload := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"manifests":[%s]}`, ociIndex, strings.Join(entries, ","))
	return s.push(repository, tag, ociIndex, payload, nil)
}

// referrer pushes something that refers to an artifact.
func (s *site) referrer(repository string, subject digest.Digest, size int) digest.Digest {
	s.t.Helper()
	empty := s.blob(repository, "application/vnd.oci.empty.v1+json", []byte("{}"))
	payload := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"artifactType":"application/x.example","config":%s,"layers":[%s],"subject":{"mediaType":%q,"digest":%q,"size":%d}}`,
		ociManifest, empty, empty, dockerManifest, subject, size)
	return s.push(repository, "", ociManifest, payload, nil)
}

// logBuffer is what the server logged.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func digestOf(s string) digest.Digest { return digest.Digest(s) }

func located(format string, id int64) string { return fmt.Sprintf(format, id) }
