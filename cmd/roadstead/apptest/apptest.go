// Package apptest is a whole server for a test in one call: the real program
// over real Postgres, with its storage in a folder of the test, and a client
// that speaks to it over a real connection. It is for tests only.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// Password is the password of admin and of every user that User makes.
const Password = "Harbor12345"

// Server is a running server.
type Server struct {
	t    testing.TB
	URL  string // http://127.0.0.1:port
	Host string // 127.0.0.1:port
	Data string // its data folder

	Config config.Config // what it was started with
}

// Start runs a server with the defaults and the given settings (KEY=value, as in
// the environment), and stops it when the test ends. It fails the test when the
// server does not stop cleanly.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	data := t.TempDir()
	environ := append([]string{
		"ROADSTEAD_LISTEN=127.0.0.1:0", "ROADSTEAD_METRICS_LISTEN=off", "ROADSTEAD_DATA_DIR=" + data,
		"ROADSTEAD_STORAGE_ROOT=" + filepath.Join(data, "storage"),
		"ROADSTEAD_ADMIN_PASSWORD=" + Password, "ROADSTEAD_DATABASE_URL=" + storetest.URL(t, migrations.Files), "ROADSTEAD_DATABASE_MAX_CONNS=12",
	}, settings...)
	cfg, err := config.Load("", environ)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	a, err := app.New(ctx, cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-stopped:
			if err != nil {
				t.Errorf("the server stopped with %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("the server does not stop")
		}
	})
	return &Server{t: t, URL: "http://" + a.Addr(), Host: a.Addr(), Data: data, Config: cfg}
}

// Response is an answer, read whole.
type Response struct {
	*http.Response
	Text string
}

// Do sends a request as a user (” for nobody) with the password Password.
func (s *Server) Do(user, method, path string, body any, header ...string) Response {
	s.t.Helper()
	var reader io.Reader
	contentType := ""
	switch b := body.(type) {
	case nil:
	case []byte:
		reader, contentType = bytes.NewReader(b), "application/octet-stream"
	case string:
		reader, contentType = bytes.NewBufferString(b), "application/json"
	default:
		text, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		reader, contentType = bytes.NewReader(text), "application/json"
	}
	request, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, reader)
	if err != nil {
		s.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if user != "" {
		request.SetBasicAuth(user, Password)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		s.t.Fatal(err)
	}
	return Response{Response: response, Text: string(text)}
}

// Must is Do with a status that has to come.
func (s *Server) Must(status int, user, method, path string, body any, header ...string) Response {
	s.t.Helper()
	r := s.Do(user, method, path, body, header...)
	if r.StatusCode != status {
		s.t.Fatalf("%s %s as %q: status %d, want %d: %s", method, path, user, r.StatusCode, status, r.Text)
	}
	return r
}

// Project makes a project.
func (s *Server) Project(name string, public bool) {
	s.t.Helper()
	s.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/projects", map[string]any{"project_name": name, "public": public})
}

// User makes a user with the password Password.
func (s *Server) User(name string) {
	s.t.Helper()
	s.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/users",
		map[string]any{"username": name, "email": name + "@example.com", "realname": name, "password": Password})
}

// Member gives a user a role (Harbor's id) in a project.
func (s *Server) Member(project, user string, role int) {
	s.t.Helper()
	s.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/projects/"+project+"/members",
		map[string]any{"role_id": role, "member_user": map[string]string{"username": user}})
}
