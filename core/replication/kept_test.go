package replication_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
	"github.com/roadstead-registry/roadstead/core/replication"
)

const largeLayer = 17 << 20

// half reads half of a body, and does something.
type half struct {
	io.ReadCloser
	left int64
	then func()
}

func (h *half) Read(p []byte) (int, error) {
	if h.left == 0 {
		h.then()
		return 0, io.ErrUnexpectedEOF
	}
	n, err := h.ReadCloser.Read(p[:min(int64(len(p)), h.left)])
	h.left -= int64(n)
	return n, err
}

// next takes up the execution's next task.
func (y *yard) next(execution int64) (*job.Run, job.ReplicationArgs) {
	y.t.Helper()
	task := y.one("SELECT id FROM task WHERE execution_id = ? AND status = 'Pending' ORDER BY id LIMIT 1", execution)
	attempt := int(y.one("SELECT attempt FROM task WHERE id = ?", task))
	run, err := y.domain.Jobs.Begin(y.t.Context(), job.Delivery{Task: task, Attempt: attempt, Of: job.Replication}, "test")
	if err != nil {
		y.t.Fatal(err)
	}
	var args job.ReplicationArgs
	if err := run.Args(&args); err != nil {
		y.t.Fatal(err)
	}
	return run, args
}

func (y *yard) exec(sql string, args ...any) {
	y.t.Helper()
	if err := y.domain.DB.Gorm.Exec(sql, args...).Error; err != nil {
		y.t.Fatal(err)
	}
}

func TestAnotherAttemptGoesOnWithALargeBlobWhereTheLastOneWas(t *testing.T) {
	for name, test := range map[string]struct {
		cause  error
		end    *job.Outcome // nil: there was no time for it
		goesOn bool
	}{
		"the process left":    {job.ErrLeaving, &job.Outcome{Leaving: true}, true},
		"the process died":    {job.ErrLost, nil, true},
		"somebody stopped it": {job.ErrStopped, &job.Outcome{Stopped: true}, false},
	} {
		t.Run(name, func(t *testing.T) { anotherAttempt(t, test.cause, test.end, test.goesOn) })
	}
}

func anotherAttempt(t *testing.T, cause error, end *job.Outcome, goesOn bool) {
	y := newYard(t)
	there := adaptertest.New(t, adaptertest.Options{}, nil)
	big, err := random.Image(largeLayer, 1)
	if err != nil {
		t.Fatal(err)
	}
	y.far.push("team/app:big", big)
	layers, err := big.Layers()
	if err != nil {
		t.Fatal(err)
	}
	layer, err := layers[0].Digest()
	if err != nil {
		t.Fatal(err)
	}
	p := y.policy(func(p *replication.Policy) { p.Namespace = "mirror" })
	e, err := y.Start(t.Context(), y.domain.Admin, p.ID, job.Manual)
	if err != nil {
		t.Fatal(err)
	}
	y.work(t.Context(), job.Delivery{Task: y.one("SELECT id FROM task WHERE execution_id = ?", e.ID), Attempt: 1, Of: job.Replication})

	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var broken atomic.Bool
	y.here.during(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		if r.Method == http.MethodPut && r.ContentLength >= largeLayer && broken.CompareAndSwap(false, true) {
			r.Body = &half{r.Body, r.ContentLength / 2, func() {
				if end == nil { // another process is told
					y.exec("UPDATE task SET heartbeat_at = now() - interval '1 hour' WHERE status = 'Running'")
					if n, err := y.domain.Jobs.Rescue(t.Context()); err != nil || n != 1 {
						t.Errorf("%d rescued: %v", n, err)
					}
				}
				cancel(cause)
			}}
		}
		there.ServeHTTP(w, r)
	})
	run, args := y.next(e.ID)
	err = y.Work(ctx, run, args)
	if err == nil || !broken.Load() {
		t.Fatal("it was not broken off")
	}
	if kept := y.one("SELECT count(*) FROM replication_upload WHERE task_id = ?", run.TaskID) == 1; kept != goesOn || (there.Uploads() == 1) != goesOn {
		t.Errorf("noted: %v; %d uploads are left there", kept, there.Uploads())
	}
	if n := y.one("SELECT count(*) FROM replication_upload WHERE position('uploads'::bytea IN location) > 0"); n != 0 {
		t.Error("it can be read")
	}
	if end != nil {
		end.Err = err
		if _, err := run.End(t.Context(), *end, noMore); err != nil {
			t.Fatal(err)
		}
		if end.Stopped {
			if err := y.domain.Jobs.Retry(t.Context(), y.domain.Admin, e.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	y.here.forget()
	done := y.finish(e.ID)
	y.want(done, job.Success)
	if on := strings.Contains(y.log(done), "going on with blob "+layer.String()+" at byte "); on != goesOn {
		t.Errorf("gone on with: %v\n%s", on, y.log(done))
	}
	if content := there.BlobOf("mirror/app", digest.Digest(layer.String())); digest.FromBytes(content).String() != layer.String() {
		t.Errorf("%d bytes, and other ones", len(content))
	}
	if n := y.one("SELECT count(*) FROM replication_upload"); n != 0 || there.Uploads() != 0 {
		t.Errorf("%d are noted still, %d are left there", n, there.Uploads())
	}
}

func TestUploadsOfSmallBlobsAreNotNoted(t *testing.T) {
	y := newYard(t)
	y.far.push("team/app:v1", image(t, 3))
	y.exec("DROP TABLE replication_upload")
	y.want(y.run(y.policy(func(p *replication.Policy) { p.Namespace = "mirror" })), job.Success)
}
