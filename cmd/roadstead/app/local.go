package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/token"
)

// localHost is this registry's name for itself. No DNS has it.
const localHost = "local.roadstead.invalid"

// replicationAgent is in how this program calls other registries, and itself: it reads
// without counting as a pull, as Harbor's own components do, and what it pushes is told
// apart from what people push.
const replicationAgent = "roadstead-replication; harbor-registry-client"

const localAgent = "roadstead (" + replicationAgent + ")"

// local speaks to this program's registry as clients do, without a connection: one
// path for both sides of a copy, and whatever holds for a push holds for a copy.
type local struct {
	tokens   *token.Service
	outside  http.RoundTripper // where the storage redirects to
	handler  http.Handler      // given before anything runs
	mu       sync.Mutex
	speakers map[string]remote.Client // by name
}

func newLocal(tokens *token.Service, outside http.RoundTripper) *local {
	return &local{tokens: tokens, outside: outside, speakers: map[string]remote.Client{}}
}

const maxSpeakers = 1_000

// client speaks in somebody's name. They are kept, with their tokens.
func (l *local) client(who rbac.Subject) remote.Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.speakers[who.Name]
	if !ok {
		if len(l.speakers) >= maxSpeakers {
			clear(l.speakers)
		}
		c = remote.NewClient(&url.URL{Scheme: "http", Host: localHost}, inProcess{l, who}, remote.Credential{})
		l.speakers[who.Name] = c
	}
	return c
}

// inProcess is the http.RoundTripper of one speaker.
type inProcess struct {
	*local
	who rbac.Subject
}

// RoundTrip answers by the handler. What the storage redirects to goes outside.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case r.URL.Host != localHost:
		return t.outside.RoundTrip(r)
	case r.URL.Path == token.Path:
		return t.issue(r)
	}
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI, in.Host, in.RemoteAddr = r.URL.RequestURI(), localHost, ""
	in.Header.Set("User-Agent", localAgent)
	if in.Body == nil {
		in.Body = http.NoBody
	}
	reader, writer := io.Pipe()
	w := &answer{header: http.Header{}, begun: make(chan struct{}), body: writer}
	go func() {
		defer cancel()
		defer func() { _ = in.Body.Close() }()
		defer w.end()
		t.handler.ServeHTTP(w, in)
	}()
	select {
	case <-w.begun:
	case <-r.Context().Done():
		_ = reader.CloseWithError(r.Context().Err()) // so that the handler does not wait for who reads
		return nil, r.Context().Err()
	}
	if w.broken != nil {
		return nil, w.broken
	}
	return w.response(r, reader), nil
}

// issue is the token service for who is known already.
func (t inProcess) issue(r *http.Request) (*http.Response, error) {
	asked, err := token.ParseScopes(r.URL.Query()["scope"])
	if err != nil {
		return nil, err
	}
	signed, expires, err := t.tokens.Issue(r.Context(), t.who, asked)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(map[string]any{"token": signed, "expires_in": int(t.tokens.Left(expires).Seconds())})
	if err != nil {
		return nil, err
	}
	w := &answer{header: http.Header{"Content-Type": {"application/json"}}, sent: http.Header{"Content-Type": {"application/json"}}, status: http.StatusOK}
	return w.response(r, io.NopCloser(bytes.NewReader(text))), nil
}

// answer is the http.ResponseWriter whose other end is a http.Response.
type answer struct {
	header http.Header
	begun  chan struct{} // closed when status and sent are set
	body   *io.PipeWriter
	status int
	sent   http.Header
	broken error
}

// Header implements http.ResponseWriter.
func (w *answer) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *answer) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK {
		return
	}
	w.status, w.sent = status, w.header.Clone()
	close(w.begun)
}

// Write waits until what it is given is read.
func (w *answer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// end is deferred around the handler.
func (w *answer) end() {
	if p := recover(); p != nil { // the handler has said why, or meant to hang up
		err := errors.New("the registry broke the answer off")
		_ = w.body.CloseWithError(err)
		if w.status == 0 {
			w.broken = err
			w.status = http.StatusInternalServerError
			close(w.begun)
		}
		return
	}
	w.WriteHeader(http.StatusOK)
	_ = w.body.Close()
}

func (w *answer) response(r *http.Request, body io.ReadCloser) *http.Response {
	out := &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, Body: body, ContentLength: -1, Request: r,
	}
	if n, err := strconv.ParseInt(strings.TrimSpace(w.sent.Get("Content-Length")), 10, 64); err == nil {
		out.ContentLength = n
	}
	if r.Method == http.MethodHead { // nothing will come
		_ = body.Close()
		out.Body = http.NoBody
	}
	return out
}

// itself says whether a URL is this server's own: the one that people reach it by, or
// what it listens on.
func (a *App) itself(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}
	if a.cfg.ExternalURL != nil && hostOf(u) == hostOf(a.cfg.ExternalURL) {
		return true
	}
	host, port, err := net.SplitHostPort(hostOf(u))
	if err != nil {
		return false
	}
	listens, onPort, err := net.SplitHostPort(a.Addr())
	if err != nil || port != onPort {
		return false
	}
	ip, any := net.ParseIP(host), net.ParseIP(listens)
	switch {
	case host == listens:
		return true
	case any != nil && !any.IsUnspecified() && !any.IsLoopback():
		return false
	}
	name, _ := os.Hostname() // nobody reaches it by a name that it does not know
	return host == "localhost" || ip != nil && ip.IsLoopback() || name != "" && strings.EqualFold(host, name)
}

// hostOf is host and port, the usual one where none is given.
func hostOf(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// storageLimit is that of a project that nobody chose one for.
func (s *services) storageLimit(ctx context.Context) (int64, error) {
	now, err := s.settings.Get(ctx)
	return now.StoragePerProject, err
}
