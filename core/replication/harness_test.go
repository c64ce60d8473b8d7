package replication_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	ggcr "github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/replication"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// peer is a registry in memory, and what happens before a request reaches it.
type peer struct {
	t    testing.TB
	host string
	url  string

	mu     sync.Mutex
	before func(w http.ResponseWriter, r *http.Request, serve http.Handler)
	asked  []string
}

func newPeer(t testing.TB) *peer {
	t.Helper()
	p := &peer{t: t}
	h := registry.New(registry.Logger(log.New(io.Discard, "", 0)), registry.WithReferrersSupport(true))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.Method+" "+r.URL.Path)
		before := p.before
		p.mu.Unlock()
		if before != nil {
			before(w, r, h)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	p.url, p.host = s.URL, strings.TrimPrefix(s.URL, "http://")
	return p
}

func (p *peer) during(before func(w http.ResponseWriter, r *http.Request, serve http.Handler)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before = before
}

// count is how many requests a method made to paths that contain a text, since forget.
func (p *peer) count(method, part string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.asked {
		if strings.HasPrefix(a, method+" ") && strings.Contains(a, part) {
			n++
		}
	}
	return n
}

func (p *peer) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = nil
}

func (p *peer) ref(where string) name.Reference {
	p.t.Helper()
	r, err := name.ParseReference(p.host+"/"+where, name.Insecure)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *peer) push(where string, image v1.Image) v1.Hash {
	p.t.Helper()
	if err := ggcr.Write(p.ref(where), image); err != nil {
		p.t.Fatal(err)
	}
	d, err := image.Digest()
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// digest is what a reference names, "" for nothing.
func (p *peer) digest(where string) string {
	p.t.Helper()
	d, err := ggcr.Head(p.ref(where))
	if err != nil {
		return ""
	}
	return d.Digest.String()
}

// yard is a Service between a registry that stands for this one and another one.
type yard struct {
	*replication.Service
	t         testing.TB
	domain    *coretest.Domain
	here, far *peer
	endpoint  remote.ID
	waited    []time.Duration
}

func newYard(t testing.TB) *yard {
	t.Helper()
	y := &yard{t: t, domain: coretest.New(t), here: newPeer(t), far: newPeer(t)}
	u, err := url.Parse(y.here.url)
	if err != nil {
		t.Fatal(err)
	}
	y.Service = replication.NewService(replication.Deps{
		DB: y.domain.DB, Jobs: y.domain.Jobs, Projects: y.domain.Projects, Registries: y.domain.Remote, Sealer: y.domain.Sealer, Clock: time.Now,
		Local: func(rbac.Subject) remote.Client {
			return remote.NewClient(u, http.DefaultTransport, remote.Credential{})
		},
		StorageLimit: func(context.Context) (int64, error) { return -1, nil },
		Itself:       func(url string) bool { return url == y.here.url },
		Log:          slog.New(slog.DiscardHandler),
	})
	y.SetWait(func(_ context.Context, d time.Duration) error { y.waited = append(y.waited, d); return nil })
	y.endpoint = y.register("far", y.far.url)
	return y
}

func (y *yard) register(name, url string) remote.ID {
	y.t.Helper()
	e, err := y.domain.Remote.Create(y.t.Context(), y.domain.Admin, remote.Fields{Name: name, Kind: "docker-registry", URL: url, Insecure: true})
	if err != nil {
		y.t.Fatal(err)
	}
	return e.ID
}

func (y *yard) policy(change func(*replication.Policy)) replication.Policy {
	y.t.Helper()
	p := replication.Policy{Name: fmt.Sprint("policy ", time.Now().UnixNano()), RegistryID: y.endpoint, ReplaceCount: -1, Trigger: replication.Manual, Override: true, Enabled: true, Filters: replication.Filters{}}
	change(&p)
	out, err := y.Create(y.t.Context(), y.domain.Admin, p)
	if err != nil {
		y.t.Fatal(err)
	}
	return out
}

// run starts a policy and does all that it makes, one thing after the other.
func (y *yard) run(p replication.Policy) job.Execution {
	y.t.Helper()
	e, err := y.Start(y.t.Context(), y.domain.Admin, p.ID, job.Manual)
	if err != nil {
		y.t.Fatal(err)
	}
	return y.finish(e.ID)
}

// finish works on an execution until nothing of it waits.
func (y *yard) finish(execution int64) job.Execution {
	y.t.Helper()
	ctx := y.t.Context()
	for {
		var next []struct {
			ID      int64
			Attempt int
		}
		err := y.domain.DB.Gorm.Raw("SELECT id, attempt FROM task WHERE execution_id = ? AND status IN ('Pending', 'Scheduled') AND NOT held ORDER BY id LIMIT 1", execution).Scan(&next).Error
		if err != nil {
			y.t.Fatal(err)
		}
		if len(next) == 0 {
			break
		}
		y.work(ctx, job.Delivery{Task: next[0].ID, Attempt: next[0].Attempt, Of: job.Replication})
	}
	e, err := y.domain.Jobs.Get(ctx, job.Replication, execution)
	if err != nil {
		y.t.Fatal(err)
	}
	return e
}

func (y *yard) work(ctx context.Context, d job.Delivery) {
	y.t.Helper()
	run, err := y.domain.Jobs.Begin(ctx, d, "test")
	if err != nil {
		y.t.Fatal(err)
	}
	var args job.ReplicationArgs
	if err := run.Args(&args); err != nil {
		y.t.Fatal(err)
	}
	err = y.Work(ctx, run, args)
	if _, err := run.End(ctx, job.Outcome{Err: err, Final: job.IsFinal(err)}, noMore); err != nil {
		y.t.Fatal(err)
	}
}

// log is all that the tasks of an execution wrote.
func (y *yard) log(e job.Execution) string {
	y.t.Helper()
	var lines []string
	err := y.domain.DB.Gorm.Raw("SELECT l.text FROM task_log l JOIN task t ON t.id = l.task_id WHERE t.execution_id = ? ORDER BY t.id, l.seq", e.ID).Scan(&lines).Error
	if err != nil {
		y.t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func (y *yard) one(sql string, args ...any) (n int64) {
	y.t.Helper()
	if err := y.domain.DB.Gorm.Raw(sql, args...).Scan(&n).Error; err != nil {
		y.t.Fatal(err)
	}
	return n
}
