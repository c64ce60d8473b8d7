package artifact_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/quota"
)

// limits changes what projects may store.
func (x *index) limits() *quota.Service { return quota.NewService(x.db.Gorm, time.Now) }

func (x *index) limit(project, hard int64) {
	x.t.Helper()
	if err := x.limits().Update(context.Background(), x.by, project, hard, nil); err != nil {
		x.t.Fatal(err)
	}
}

// images are pushes of one size into a project, with their blobs uploaded.
func (x *index) images(project string, n int) (pushes []artifact.Push, bytes int64) {
	x.t.Helper()
	for i := range n {
		p := x.image(fmt.Sprintf("%s/app%d", project, i%4), "v", fmt.Sprintf("%s %04d", project, i))
		bytes = int64(len(p.Payload)) + p.Manifest.Config.Size + p.Manifest.Layers[0].Size
		pushes = append(pushes, p)
	}
	return pushes, bytes
}

// all pushes four at a time and returns how many the quota refused; before each of
// them it calls then.
func (x *index) all(pushes []artifact.Push, then func(i int)) (refused int) {
	x.t.Helper()
	var mu sync.Mutex
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := w; i < len(pushes); i += 4 {
				then(i)
				_, err := x.CommitPush(context.Background(), x.by, pushes[i])
				f, denied := fault.As(err)
				switch {
				case err == nil:
				case denied && f.Kind == fault.KindDenied:
					mu.Lock()
					refused++
					mu.Unlock()
				default:
					x.t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	return refused
}

func TestALimitThatComesDuringPushesIsNeverExceeded(t *testing.T) {
	x := newIndex(t)
	id := x.project("busy", -1)
	pushes, bytes := x.images("busy", 40)
	hard := bytes * 24
	refused := x.all(pushes, func(i int) {
		if i == 4 { // the others push on meanwhile
			x.limit(id, hard)
		}
	})
	x.checkInvariants()
	if used := x.one(`SELECT used FROM quota WHERE project_id = $1`, id); used != hard || refused != 16 {
		t.Fatalf("%d of %d bytes used, %d pushes refused", used, hard, refused)
	}
	if n := x.one(`SELECT count(*) FROM quota_delta WHERE project_id = $1`, id); n != 0 {
		t.Fatalf("%d deltas beside a limit", n)
	}
}

func TestALimitThatComesAndGoesLosesNothing(t *testing.T) {
	x := newIndex(t)
	id := x.project("busy", -1)
	pushes, _ := x.images("busy", 40)
	refused := x.all(pushes, func(i int) {
		switch i % 4 {
		case 1:
			x.limit(id, 1<<40+int64(i))
		case 3:
			x.limit(id, -1)
		case 0:
			if _, err := x.Fold(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	if refused != 0 {
		t.Errorf("%d refused", refused)
	}
	x.checkInvariants()
}

func TestALimitWaitsForWhatAPushHasNotedAndNotCommitted(t *testing.T) {
	x := newIndex(t)
	id := x.project("busy", -1)
	push, err := x.db.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = push.Rollback(context.Background()) }()
	for _, sql := range []string{"SELECT " + project.SharePolicies + " FROM project p WHERE id = $1", "INSERT INTO quota_delta (project_id, bytes) VALUES ($1, 100)"} {
		if _, err := push.Exec(t.Context(), sql, id); err != nil {
			t.Fatal(err)
		}
	}
	limited := make(chan error, 1)
	go func() { limited <- x.limits().Update(context.Background(), x.by, id, 150, nil) }()
	const waiting = `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.datname = current_database()`
	for x.one(waiting) == 0 {
		select {
		case err := <-limited:
			t.Fatal("the limit did not wait", err)
		default:
		}
	}
	if err := push.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-limited; err != nil {
		t.Fatal(err)
	}
	if used := x.one(`SELECT used FROM quota WHERE project_id = $1`, id); used != 100 {
		t.Fatalf("%d used", used)
	}
}

func TestLessThanWhatIsStoredOnlyKeepsMoreFromComing(t *testing.T) {
	x := newIndex(t)
	id := x.project("small", -1)
	pushes, bytes := x.images("small", 2)
	x.push(pushes[0])
	x.limit(id, 10)
	if out := x.push(pushes[0]); !out.Usage.NearlyFull() || out.Usage.Used != bytes { // nothing new
		t.Errorf("%+v", out.Usage)
	}
	_, err := x.CommitPush(t.Context(), x.by, pushes[1])
	if f, ok := fault.As(err); !ok || f.Kind != fault.KindDenied || !strings.Contains(f.Message, "will exceed the configured upper limit of 10 B.") {
		t.Error(err)
	}
	x.checkInvariants()
}

func TestAPushSaysWhatIsUsedAndTheLogWhenItBecomesMuch(t *testing.T) {
	x := newIndex(t)
	id := x.project("small", -1)
	pushes, bytes := x.images("small", 10)
	if out := x.push(pushes[0]); out.Usage.NearlyFull() || out.Usage.Hard != -1 {
		t.Errorf("without a limit: %+v", out.Usage)
	}
	x.limit(id, 10*bytes)
	warned := []int{}
	for i, p := range pushes[1:] {
		out := x.push(p)
		if out.Usage.Used != bytes*int64(i+2) || out.Usage.Hard != 10*bytes {
			t.Errorf("%+v after push %d", out.Usage, i+1)
		}
		if out.Usage.NearlyFull() {
			warned = append(warned, i+1)
		}
	}
	if len(warned) != 2 || warned[0] != 8 { // 90 and 100 percent
		t.Errorf("warned at %v", warned)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE resource_type = 'quota' AND project_id = $1 AND description LIKE 'quota of project small is nearly full: it uses % (90 \%)'`, id); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestALimitOfAProjectThatIsNotThereIsRefused(t *testing.T) {
	x := newIndex(t)
	if err := x.limits().Update(t.Context(), x.by, 999, 5, nil); !errors.Is(err, fault.ErrNotFound) || err.Error() != "quota 999 not found" {
		t.Fatal(err)
	}
}
