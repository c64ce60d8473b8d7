//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// fleet is what has been pushed, by name, and what each name has to have at the other side.
type fleet map[string]string

// sail pushes 200 images and indexes, every tenth of them signed as cosign does and every other tenth with a referrer.
func sail(t *testing.T, who harness.API, project string) fleet {
	t.Helper()
	out := fleet{}
	var mu sync.Mutex
	note := func(where string, digest v1.Hash) {
		mu.Lock()
		defer mu.Unlock()
		out[where] = digest.String()
	}
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := w; i < 200; i += 4 {
				if err := sailOne(t.Context(), who, fmt.Sprintf("%s/app-%d", project, i%25), i, note); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return out
}

func sailOne(ctx context.Context, who harness.API, repository string, i int, note func(string, v1.Hash)) error {
	where := fmt.Sprintf("%s:v%d", repository, i)
	if i%8 == 3 {
		index, err := random.Index(512, 1, 2)
		if err != nil {
			return err
		}
		digest, err := index.Digest()
		if err != nil {
			return err
		}
		note(where, digest)
		return who.PushIndex(ctx, where, index)
	}
	image, err := random.Image(1024, 1)
	if err != nil {
		return err
	}
	image = mutate.MediaType(image, types.OCIManifestSchema1)
	digest, err := image.Digest()
	if err != nil {
		return err
	}
	note(where, digest)
	if err := who.Push(ctx, where, image); err != nil {
		return err
	}
	beside, err := random.Image(64, 1)
	if err != nil {
		return err
	}
	switch i % 10 {
	case 0:
		signature, err := beside.Digest()
		if err != nil {
			return err
		}
		tag := repository + ":" + strings.Replace(digest.String(), ":", "-", 1) + ".sig"
		note(tag, signature)
		return who.Push(ctx, tag, beside)
	case 5:
		ref, err := who.Reference(where)
		if err != nil {
			return err
		}
		subject, err := remote.Head(ref, who.Remote(ctx, http.DefaultTransport)...)
		if err != nil {
			return err
		}
		referrer := mutate.Subject(mutate.MediaType(beside, types.OCIManifestSchema1), *subject).(v1.Image)
		d, err := referrer.Digest()
		if err != nil {
			return err
		}
		note(repository+"@"+d.String(), d)
		return who.Push(ctx, repository+"@"+d.String(), referrer)
	}
	return nil
}

// arrived pulls all of a fleet under another name and verifies every byte.
func (f fleet) arrived(t *testing.T, who harness.API, from, to string) {
	t.Helper()
	options := who.Remote(t.Context(), http.DefaultTransport)
	for where, want := range f {
		at := to + strings.TrimPrefix(where, from)
		ref, err := who.Reference(at)
		must(t, err)
		got, err := remote.Get(ref, options...)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			continue
		}
		if got.Digest.String() != want {
			t.Errorf("%s is %s, want %s", at, got.Digest, want)
			continue
		}
		if got.MediaType.IsIndex() {
			index, err := got.ImageIndex()
			must(t, err)
			err = validate.Index(index)
			if err != nil {
				t.Errorf("%s: %v", at, err)
			}
			continue
		}
		image, err := got.Image()
		must(t, err)
		if err := validate.Image(image); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// replicating is the administrator of a server, and its replications.
type replicating struct {
	harness.API
	t *testing.T
}

func (r replicating) made(path string, body any) string {
	r.t.Helper()
	answer, err := r.Want(r.t.Context(), http.StatusCreated, http.MethodPost, path, body)
	must(r.t, err)
	return answer.Header.Get("Location")
}

func (r replicating) register(kind, at string, credential map[string]string) int {
	r.t.Helper()
	var id int
	where := r.made("/api/v2.0/registries", map[string]any{"name": fmt.Sprint("to ", at), "type": kind, "url": at, "insecure": true, "credential": credential})
	_, err := fmt.Sscan(path.Base(where), &id)
	must(r.t, err)
	return id
}

func (r replicating) policy(body map[string]any) (id int) {
	r.t.Helper()
	body["enabled"], body["override"] = true, true
	_, err := fmt.Sscan(path.Base(r.made("/api/v2.0/replication/policies", body)), &id)
	must(r.t, err)
	return id
}

func (r replicating) start(policy int) string {
	r.t.Helper()
	return r.made("/api/v2.0/replication/executions", map[string]any{"policy_id": policy})
}

type replicationState struct {
	Status     string `json:"status"`
	StatusText string `json:"status_text"`
	Bytes      int64  `json:"bytes"`
	Total      int    `json:"total"`
	InProgress int    `json:"in_progress"`
}

func (r replicating) ended(where, status string, limit time.Duration) {
	r.t.Helper()
	err := harness.Eventually(r.t.Context(), limit, func() error {
		var now replicationState
		if err := r.Get(r.t.Context(), where, &now); err != nil {
			return err
		}
		if now.Status != status {
			return fmt.Errorf("%s is %s: %s", where, now.Status, now.StatusText)
		}
		return nil
	})
	if err != nil {
		r.t.Fatalf("%v\n%s", err, r.log(where))
	}
}

func (r replicating) log(where string) string {
	var tasks []struct {
		ID int `json:"id"`
	}
	if err := r.Get(r.t.Context(), where+"/tasks", &tasks); err != nil {
		return err.Error()
	}
	var out strings.Builder
	for _, task := range tasks {
		answer, err := r.Do(r.t.Context(), http.MethodGet, fmt.Sprintf("%s/tasks/%d/log", where, task.ID), nil)
		if err != nil {
			return err.Error()
		}
		out.Write(answer.Body)
	}
	return out.String()
}

// replicationTask is what one is known by, and how it ended.
type replicationTask struct {
	SrcResource string `json:"src_resource"`
	Status      string `json:"status"`
	StatusText  string `json:"status_text"`
	RunCount    int    `json:"run_count"`
	EndTime     string `json:"end_time"`
}

// tasks are those of an execution, by their repositories.
func (r replicating) tasks(where string) map[string]replicationTask {
	r.t.Helper()
	var all []replicationTask
	must(r.t, r.Get(r.t.Context(), where+"/tasks?page_size=100", &all))
	out := map[string]replicationTask{}
	for _, task := range all {
		repository, _, _ := strings.Cut(task.SrcResource, " ")
		out[repository] = task
	}
	return out
}

func named(pattern string) []any { return []any{map[string]string{"type": "name", "value": pattern}} }

// TestServerReplication copies a fleet to a plain distribution registry, and from there back under another name.
func TestServerReplication(t *testing.T) {
	plain := harness.StartPlain(t)
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(t.Context(), "ships", false))
	ships := sail(t, server.Admin, "ships")
	r := replicating{server.Admin, t}
	far := r.register("docker-registry", plain.URL, nil)
	began := time.Now()
	r.ended(r.start(r.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": far}, "filters": named("ships/**")})), "Succeed", 2*time.Minute)
	t.Logf("%d artifacts to distribution in %s", len(ships), time.Since(began).Round(time.Millisecond))
	ships.arrived(t, harness.API{URL: plain.URL}, "ships", "ships")
	began = time.Now()
	r.ended(r.start(r.policy(map[string]any{"name": "back", "src_registry": map[string]any{"id": far}, "filters": named("ships/**"), "dest_namespace": "back", "dest_namespace_replace_count": 1})), "Succeed", 2*time.Minute)
	t.Logf("and from it in %s", time.Since(began).Round(time.Millisecond))
	ships.arrived(t, server.Admin, "ships", "back")
}

// strait stands between a server and a registry.
type strait struct {
	*httptest.Server
	during atomic.Pointer[func(w http.ResponseWriter, r *http.Request, pass http.Handler)]
}

func newStrait(t *testing.T, to string) *strait {
	t.Helper()
	target, err := url.Parse(to)
	must(t, err)
	pass := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }, ErrorLog: nil}
	pass.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { panic(http.ErrAbortHandler) }
	s := &strait{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if during := s.during.Load(); during != nil {
			(*during)(w, r, pass)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// shortBody hangs up in the middle of what is sent.
type shortBody struct {
	io.ReadCloser
	left int
}

func (b *shortBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// TestServerReplicationInTrouble copies over a line that is cut in the middle of a layer, to a registry that asks to wait, and to
// one that is not there for a while.
func TestServerReplicationInTrouble(t *testing.T) {
	plain := harness.StartPlain(t)
	between := newStrait(t, plain.URL)
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(t.Context(), "ships", false))
	r := replicating{server.Admin, t}
	far := r.register("docker-registry", between.URL, nil)
	policy := r.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": far}})
	push := func(repository string) fleet {
		image, err := random.Image(8<<20, 2)
		must(t, err)
		must(t, server.Admin.Push(t.Context(), repository+":v1", image))
		digest, err := image.Digest()
		must(t, err)
		return fleet{repository + ":v1": digest.String()}
	}

	t.Run("cut", func(t *testing.T) {
		ships := push("ships/cut")
		var cuts atomic.Int64
		cut := func(w http.ResponseWriter, q *http.Request, pass http.Handler) {
			if (q.Method == http.MethodPut || q.Method == http.MethodPatch) && q.ContentLength > 1<<20 && cuts.Add(1) <= 2 {
				q.Body = &shortBody{q.Body, 1 << 20}
			}
			pass.ServeHTTP(w, q)
		}
		between.during.Store(&cut)
		defer between.during.Store(nil)
		r.ended(r.start(policy), "Succeed", 2*time.Minute)
		if cuts.Load() < 3 {
			t.Errorf("%d uploads; the line was not cut", cuts.Load())
		}
		ships.arrived(t, harness.API{URL: plain.URL}, "", "")
	})
	t.Run("asked to wait", func(t *testing.T) {
		ships := push("ships/slow")
		var asked atomic.Int64
		wait := func(w http.ResponseWriter, q *http.Request, pass http.Handler) {
			if strings.Contains(q.URL.Path, "/ships/slow/") && asked.Add(1)%5 == 2 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			pass.ServeHTTP(w, q)
		}
		between.during.Store(&wait)
		defer between.during.Store(nil)
		where := r.start(policy)
		r.ended(where, "Succeed", 2*time.Minute)
		ships.arrived(t, harness.API{URL: plain.URL}, "", "")
		if log := r.log(where); !strings.Contains(log, "429") {
			t.Errorf("the log does not say that it was asked to wait:\n%s", log)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		ships := push("ships/stopped")
		plain.Stop()
		where := r.start(policy)
		err := harness.Eventually(t.Context(), time.Minute, func() error { // until it has failed at least once
			if log := r.log(where); !strings.Contains(log, "ERROR") {
				return fmt.Errorf("it has not failed yet:\n%s", log)
			}
			return nil
		})
		must(t, plain.Begin(t.Context()))
		if err != nil {
			var now replicationState
			must(t, r.Get(t.Context(), where, &now))
			if now.Status == "Failed" { // before there were tasks
				must(t, r.put(where+"/retry"))
			}
		}
		r.ended(where, "Succeed", 3*time.Minute)
		ships.arrived(t, harness.API{URL: plain.URL}, "", "")
	})
}

func (r replicating) put(path string) error {
	_, err := r.Want(r.t.Context(), http.StatusOK, http.MethodPut, path, nil)
	return err
}

// TestCrashOfAReplication kills the process that is in the middle of a copy. The other server on the same database goes on, and at
// the end all of it is there.
func TestCrashOfAReplication(t *testing.T) {
	ctx := t.Context()
	plain := harness.StartPlain(t)
	shared := map[string]string{
		"ROADSTEAD_DATABASE_URL": harness.Database(t),
		"ROADSTEAD_STORAGE_ROOT": filepath.Join(harness.Folder(t), "storage"),
		"ROADSTEAD_SECRET_KEY":   base64.StdEncoding.EncodeToString(randomBytes(t, 32)),
	}
	servers := map[int]*harness.Server{}
	var one *harness.Server
	for range 2 {
		server := harness.Prepare(t, shared)
		must(t, server.Begin())
		must(t, server.Healthy(ctx, time.Minute))
		servers[server.PID()], one = server, server
	}
	must(t, one.Admin.CreateProject(ctx, "ships", false))
	image, err := random.Image(6<<20, 3)
	must(t, err)
	must(t, one.Admin.Push(ctx, "ships/large:v1", image))
	digest, err := image.Digest()
	must(t, err)
	r := replicating{one.Admin, t}
	far := r.register("docker-registry", plain.URL, nil)
	where := r.start(r.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": far}, "speed": 1024}))
	must(t, harness.Eventually(ctx, time.Minute, func() error {
		var now replicationState
		if err := one.Admin.Get(ctx, where, &now); err != nil {
			return err
		}
		if now.Bytes < 2<<20 {
			return fmt.Errorf("%d bytes are copied", now.Bytes)
		}
		return nil
	}))
	pid := workerOf(t, one)
	must(t, syscall.Kill(pid, syscall.SIGKILL))
	began := time.Now()
	for p, server := range servers {
		if p != pid {
			r.API = server.Admin
		}
	}
	r.ended(where, "Succeed", 2*time.Minute)
	t.Logf("the other server had done it %s later", time.Since(began).Round(time.Second))
	fleet{"ships/large:v1": digest.String()}.arrived(t, harness.API{URL: plain.URL}, "", "")
}
