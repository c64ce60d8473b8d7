package registryctl_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/registryctl"
)

// failing is the real index with one step that fails while err is set.
type failing struct {
	registryctl.Index
	err atomic.Pointer[error]
}

func (f *failing) set(err error) { f.err.Store(&err) }

func (f *failing) now() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

func (f *failing) CommitBlob(ctx context.Context, by rbac.Subject, repository string, d digest.Digest, size int64, id string, place func(context.Context) error) error {
	if err := f.now(); err != nil {
		return err
	}
	return f.Index.CommitBlob(ctx, by, repository, d, size, id, place)
}

func (f *failing) CommitSmall(ctx context.Context, repository string, d digest.Digest, content []byte, id string) (bool, error) {
	if err := f.now(); err != nil {
		return false, err
	}
	return f.Index.CommitSmall(ctx, repository, d, content, id)
}

func (f *failing) SaveUpload(ctx context.Context, u artifact.Upload) error {
	if err := f.now(); err != nil {
		return err
	}
	return f.Index.SaveUpload(ctx, u)
}

func (f *failing) CommitPush(ctx context.Context, by rbac.Subject, p artifact.Push) (artifact.Pushed, error) {
	if err := f.now(); err != nil {
		return artifact.Pushed{}, err
	}
	return f.Index.CommitPush(ctx, by, p)
}

func newFailing(t *testing.T) (*server, *failing) {
	t.Helper()
	s := newServer(t)
	s.project("library", false)
	f := &failing{Index: s.index}
	s.handler.Store(s.registry(f))
	return s, f
}

func TestAnUploadSurvivesADatabaseThatDoesNotAnswer(t *testing.T) {
	s, f := newFailing(t)
	c := s.as("admin")
	d := digest.FromString("content")
	f.set(fmt.Errorf("commit: %w", &pgconn.PgError{Code: "57P01", Message: "terminating connection due to administrator command"}))
	s.quiet()
	s.handler.Store(s.registry(f))
	whole := c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d.String(), []byte("content")), http.StatusServiceUnavailable, "UNAVAILABLE")
	if whole.header.Get("Retry-After") != "5" {
		t.Errorf("got %v", whole.header)
	}
	next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("content")), http.StatusAccepted, "").location()
	for range 2 {
		a := c.want(c.do(http.MethodPut, with(next, d), nil), http.StatusServiceUnavailable, "UNAVAILABLE")
		if !strings.Contains(string(a.body), "try again") || strings.Contains(string(a.body), "administrator command") {
			t.Errorf("got %s", a.body)
		}
	}
	f.set(nil)
	c.want(c.do(http.MethodPut, with(next, d), nil), http.StatusCreated, "")
	c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+d.String(), nil), http.StatusOK, "")
}

func TestARefusedCommitEndsTheUpload(t *testing.T) {
	s, f := newFailing(t)
	c := s.as("admin")
	d := digest.FromString("content")
	f.set(fault.Denied("the quota is full"))
	next := c.start("library/app")
	a := c.want(c.do(http.MethodPut, with(next, d), []byte("content")), http.StatusForbidden, "DENIED")
	if _, message := a.errors(); message != "the quota is full" {
		t.Errorf("got %s", a.body)
	}
	c.want(c.do(http.MethodGet, next, nil), http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN")
	c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d.String(), []byte("content")), http.StatusForbidden, "DENIED")
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
}

func TestTheServersOwnFailuresTellNothing(t *testing.T) {
	s, f := newFailing(t)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	s.quiet()
	s.handler.Store(s.registry(f))
	f.set(errors.New("pq: password of 10.0.0.1 is hunter2"))
	d := digest.FromString("content")
	for name, a := range map[string]answer{
		"POST":     c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d.String(), []byte("content")),
		"PUT":      c.do(http.MethodPut, with(c.start("library/app"), d), []byte("content")),
		"manifest": c.do(http.MethodPut, "/v2/library/app/manifests/v2", manifest, "Content-Type", ociManifest),
	} {
		if a.status != http.StatusInternalServerError || a.code() != "UNKNOWN" || strings.Contains(string(a.body), "hunter2") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestRefusalsKeepTheirStatusAndMessage(t *testing.T) {
	s, f := newFailing(t)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	for _, e := range []struct {
		err    error
		status int
		code   string
	}{
		{fault.Invalid("size", "say so"), 400, "MANIFEST_INVALID"},
		{fault.Forbidden("say so"), 403, "DENIED"},
		{fault.Denied("say so"), 403, "DENIED"},
		{fault.NotFound("say so"), 404, "MANIFEST_UNKNOWN"},
		{fault.Conflict("say so"), 409, "CONFLICT"},
		{fault.Precondition("say so"), 412, "PRECONDITION"},
		{fault.TooLarge("say so"), 413, "SIZE_INVALID"},
		{fault.TooMany(7, "say so"), 429, "TOOMANYREQUESTS"},
		{fault.NotBuilt("say so"), 405, "UNSUPPORTED"},
		{fault.Unavailable("say so"), 503, "UNAVAILABLE"},
	} {
		f.set(e.err)
		a := c.want(c.do(http.MethodPut, "/v2/library/app/manifests/v2", manifest, "Content-Type", ociManifest), e.status, e.code)
		if _, message := a.errors(); message != "say so" {
			t.Errorf("%d: %s", e.status, a.body)
		}
		if e.status == 429 && a.header.Get("Retry-After") != "7" {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
	}
}
