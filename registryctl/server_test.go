package registryctl_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/token"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
	"github.com/roadstead-registry/roadstead/registryctl"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

const password = "Passw0rd-of-tests"

// server is a registry with everything real: Postgres, services, files.
type server struct {
	*httptest.Server
	t        testing.TB
	db       *store.DB
	store    *storage.Store
	root     string // of the storage
	users    *user.Service
	projects *project.Service
	tokens   *token.Service
	index    *artifact.Service
	secret   []byte
	clock    func() time.Time

	policy  *rbac.Policy
	authn   *auth.Service
	log     *slog.Logger
	handler atomic.Pointer[registryctl.Registry]

	readOnly atomic.Bool
}

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{t: t, db: storetest.New(t, migrations.Files), root: filepath.Join(t.TempDir(), "storage"), clock: time.Now}
	s.secret = make([]byte, 32)
	_, _ = rand.Read(s.secret)
	policy := rbac.NewPolicy()
	s.policy = policy
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	auditing := audit.NewService(s.db.Gorm, s.clock)
	s.users = user.NewService(s.db.Gorm, s.clock, user.PasswordParams{Memory: 64, Time: 1, Threads: 1})
	changes, err := change.NewFeed(t.Context(), s.db.Pool, s.clock)
	if err != nil {
		t.Fatal(err)
	}
	s.projects = project.NewService(s.db.Gorm, policy, changes, artifact.Always(time.Hour), s.clock)
	authn := auth.NewService(s.db.Gorm, s.users, auditing, s.clock, auth.DefaultOptions())
	box, err := seal.New(s.secret)
	if err != nil {
		t.Fatal(err)
	}
	s.tokens, err = token.NewService(s.db.Gorm, box, authn, s.projects, auditing, s.clock, token.Options{
		Log: log, Address: address, ExternalURL: func(r *http.Request) string { return "http://" + r.Host },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.users.EnsureAdmin(t.Context(), password); err != nil {
		t.Fatal(err)
	}
	s.index = artifact.New(artifact.Deps{
		DB: s.db, Policy: policy, Audit: audit.NewBatch(s.db, s.clock, log), Clock: s.clock, Changes: changes, Recovery: artifact.Always(time.Hour), Log: log,
	})
	s.authn, s.log = authn, log
	s.handler.Store(s.registry(s.index))
	mux := http.NewServeMux()
	mux.Handle("/service/token", s.tokens)
	mux.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) { s.handler.Load().ServeHTTP(w, r) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.Close()
		if err := s.handler.Load().Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// restart replaces the Registry by one that remembers nothing.
func (s *server) restart() { s.handler.Store(s.registry(s.index)) }

// registry opens a Registry over the server's database and files, as a replica
// or a restart would.
func (s *server) registry(index registryctl.Index) *registryctl.Registry {
	s.t.Helper()
	var err error
	if s.store, err = storage.Open(s.t.Context(), storage.Options{Kind: storage.KindFilesystem, Root: s.root}); err != nil {
		s.t.Fatal(err)
	}
	r, err := registryctl.New(context.WithoutCancel(s.t.Context()), registryctl.Deps{
		Index: index, Tokens: s.tokens, Authn: s.authn, Projects: s.projects, Policy: s.policy, Store: s.store,
		Secret: s.secret, ExternalURL: externalURL, ReadOnly: func(context.Context) (bool, error) { return s.readOnly.Load(), nil }, ClientAddress: address,
		Cache: registryctl.DefaultCache, Metrics: prometheus.NewRegistry(), Log: s.log, Clock: s.clock,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// quiet keeps failures that a test wants out of its output.
func (s *server) quiet() { s.log = slog.New(slog.DiscardHandler) }

func externalURL(r *http.Request) *url.URL { return &url.URL{Scheme: "http", Host: r.Host} }

func address(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return host
}

func (s *server) host() string { return s.Listener.Addr().String() }

// project makes a project owned by the administrator.
func (s *server) project(name string, public bool) project.Project {
	s.t.Helper()
	p, err := s.projects.Create(s.t.Context(), rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin", SysAdmin: true},
		project.New{Name: name, Public: public, StorageLimit: -1})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// member makes a user and, when role is not 0, a member of p.
func (s *server) member(name string, p project.Project, role rbac.Role) {
	s.t.Helper()
	admin := rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin", SysAdmin: true}
	u, err := s.users.Create(s.t.Context(), admin, user.New{Name: name, Email: name + "@example.org", Realname: name, Password: password})
	if err != nil {
		s.t.Fatal(err)
	}
	if role != 0 {
		s.grant(u.ID, p, role)
	}
}

func (s *server) grant(userID int64, p project.Project, role rbac.Role) {
	s.t.Helper()
	admin := rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin", SysAdmin: true}
	if _, err := s.projects.AddMember(s.t.Context(), admin, p.ID, project.NewMember{UserID: userID, Role: role}); err != nil {
		s.t.Fatal(err)
	}
}

// client sends requests with one user's credentials; "" sends none.
type client struct {
	*server
	t    testing.TB
	user string
	auth string // Authorization, instead of user's
}

func (s *server) as(user string) client { return client{server: s, t: s.t, user: user} }

type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request; headers are name, value pairs.
func (c client) do(method, path string, body []byte, headers ...string) answer {
	c.t.Helper()
	target, err := url.Parse(c.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	if target, err = target.Parse(path); err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, target.String(), bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	switch {
	case c.auth != "":
		r.Header.Set("Authorization", c.auth)
	case c.user != "":
		r.SetBasicAuth(c.user, password)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	p, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, p}
}

// want fails the test unless the status, and the code of the error body when one
// is given, are as expected.
func (c client) want(a answer, status int, code string) answer {
	c.t.Helper()
	if a.status != status {
		c.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if code != "" && a.code() != code {
		c.t.Fatalf("code %q, want %q: %s", a.code(), code, a.body)
	}
	return a
}

func (a answer) errors() (code, message string) {
	var body struct {
		Errors []struct{ Code, Message string }
	}
	if json.Unmarshal(a.body, &body) != nil || len(body.Errors) != 1 {
		return "", ""
	}
	return body.Errors[0].Code, body.Errors[0].Message
}

func (a answer) code() string { code, _ := a.errors(); return code }

func (a answer) location() string { return a.header.Get("Location") }

// start begins an upload and returns its Location.
func (c client) start(repository string) string {
	c.t.Helper()
	return c.want(c.do(http.MethodPost, "/v2/"+repository+"/blobs/uploads/", nil), http.StatusAccepted, "").location()
}

// with adds a digest to a Location.
func with(location string, d digest.Digest) string {
	u, _ := url.Parse(location)
	q := u.Query()
	q.Set("digest", d.String())
	u.RawQuery = q.Encode()
	return u.String()
}

// blob pushes a blob as docker does: POST, PATCH, PUT.
func (c client) blob(repository string, p []byte) digest.Digest {
	c.t.Helper()
	d := digest.FromBytes(p)
	next := c.want(c.do(http.MethodPatch, c.start(repository), p), http.StatusAccepted, "").location()
	c.want(c.do(http.MethodPut, with(next, d), nil), http.StatusCreated, "")
	return d
}

const ociManifest = "application/vnd.oci.image.manifest.v1+json"

type descriptor struct {
	MediaType string        `json:"mediaType"`
	Digest    digest.Digest `json:"digest"`
	Size      int           `json:"size"`
}

type image struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	ArtifactType  string            `json:"artifactType,omitempty"`
	Config        descriptor        `json:"config"`
	Layers        []descriptor      `json:"layers"`
	Subject       *descriptor       `json:"subject,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

func imageOf(config, layer []byte) image {
	return image{
		SchemaVersion: 2, MediaType: ociManifest,
		Config: descriptor{"application/vnd.oci.image.config.v1+json", digest.FromBytes(config), len(config)},
		Layers: []descriptor{{"application/vnd.oci.image.layer.v1.tar+gzip", digest.FromBytes(layer), len(layer)}},
	}
}

func (m image) bytes() []byte {
	p, _ := json.Marshal(m)
	return p
}

// push pushes a small image and returns its manifest.
func (c client) push(repository, tag string, seed string) []byte {
	c.t.Helper()
	config := []byte(`{"architecture":"amd64","os":"linux","config":{"Env":["SEED=` + seed + `"]},"rootfs":{"type":"layers","diff_ids":[]}}`)
	layer := []byte("the layer of " + seed)
	c.blob(repository, config)
	c.blob(repository, layer)
	manifest := imageOf(config, layer).bytes()
	c.want(c.do(http.MethodPut, "/v2/"+repository+"/manifests/"+tag, manifest, "Content-Type", ociManifest), http.StatusCreated, "")
	return manifest
}
