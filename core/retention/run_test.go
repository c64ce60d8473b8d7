package retention_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/retention"
)

// harbour is a project with two repositories, of which rules keep the newest.
type harbour struct {
	*shed
	project, app, web                           int64
	newest, older, fixed, untagged, index, arch int64
	tagged, signature                           int64
}

func newHarbour(t *testing.T) *harbour {
	t.Helper()
	h := &harbour{shed: newShed(t)}
	h.project = h.shed.project("harbour")
	h.app, h.web = h.repository(h.project, "app"), h.repository(h.project, "team/web")
	h.newest, _ = h.put(thing{repository: h.app, pushed: ago(1), tags: []string{"v3"}})
	var digest string
	h.older, digest = h.put(thing{repository: h.app, pushed: ago(9), tags: []string{"v2", "also"}})
	h.signature, _ = h.put(thing{repository: h.app, pushed: ago(9), subject: digest, tags: []string{"signature-2"}})
	h.fixed, _ = h.put(thing{repository: h.app, pushed: ago(10), tags: []string{"release-1"}})
	h.untagged, _ = h.put(thing{repository: h.app, pushed: ago(11)})
	h.arch, _ = h.put(thing{repository: h.app, pushed: ago(12)})
	h.tagged, _ = h.put(thing{repository: h.app, pushed: ago(12), tags: []string{"amd64"}})
	h.index, _ = h.put(thing{repository: h.app, pushed: ago(12), tags: []string{"v1"}, children: []int64{h.arch, h.tagged}})
	h.put(thing{repository: h.web, pushed: ago(1), tags: []string{"x"}})
	h.immutable(h.project, "**", "release-*")
	return h
}

func (h *harbour) want(living ...int64) {
	h.t.Helper()
	got := h.living(h.app)
	if len(got) != len(living) {
		h.t.Errorf("%d artifacts are there, want %d: %v", len(got), len(living), got)
	}
	for _, id := range living {
		if !got[id] {
			h.t.Errorf("artifact %d is gone", id)
		}
	}
}

func TestADryRunDeletesNothingAndSaysWhatItWould(t *testing.T) {
	h := newHarbour(t)
	p := h.policy(h.project, rule("latestPushedK", 1, "**", "**"))
	e := h.start(p, true)
	got := h.work(e)
	if want := (retention.Counts{Total: 6, Retained: 2, Deleted: 4, DryRun: true}); got["app"] != want {
		t.Errorf("%+v, want %+v", got["app"], want)
	}
	if want := (retention.Counts{Total: 1, Retained: 1, DryRun: true}); got["team/web"] != want {
		t.Errorf("%+v, want %+v", got["team/web"], want)
	}
	if len(h.living(h.app)) != 8 {
		t.Error("a dry run deleted something")
	}
	if e, err := h.Jobs.Get(ctx, job.Retention, e.ID); err != nil || e.Status != job.Success || e.Progress.Done != 4 || e.Progress.Total != 4 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestARunDeletesWhatNoRuleKeepsSoThatItCanBeUndone(t *testing.T) {
	h := newHarbour(t)
	p := h.policy(h.project, rule("latestPushedK", 1, "**", "**"))
	preview, err := h.Retention.Preview(ctx, h.project, p.Rules, page.Page{Number: 1, Size: 10})
	if err != nil || preview.Deleted != 4 || preview.Along != 2 || preview.Immutable != 1 || preview.Repositories != 2 || preview.Artifacts != 7 {
		t.Errorf("%+v, %v", preview, err)
	}
	if first := preview.Items[0]; first.Repository != "app" || first.TagCount != 2 || first.Looked != 1 || len(first.Tags) != 2 {
		t.Errorf("%+v", first)
	}
	e := h.start(p, false)
	got := h.work(e)
	if want := (retention.Counts{Total: 6, Retained: 2, Deleted: 4}); got["app"] != want {
		t.Errorf("%+v, want %+v", got["app"], want)
	}
	h.want(h.newest, h.fixed)
	if n := h.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact' AND not_before > now()`); n != 6 {
		t.Errorf("%d artifacts can be restored, want 6", n)
	}
	if n := h.one(`SELECT count(*) FROM tag_event WHERE cause = 'retention' AND by_name = 'admin'`); n != 5 {
		t.Errorf("%d tags have their end in the history, want 5", n)
	}
	if n := h.one(`SELECT count(*) FROM audit_event WHERE operation = 'delete' AND resource_type = 'artifact' AND username = 'admin' AND project_id = $1`, h.project); n != 5 {
		t.Errorf("%d audit entries, want 5: what refers to an artifact has none of its own", n)
	}
	tasks, err := h.Jobs.SpreadTasks(ctx, e.ID, page.Page{})
	if err != nil || tasks.Total != 2 {
		t.Fatalf("%+v, %v", tasks, err)
	}
	text, err := h.Jobs.Log(ctx, tasks.Items[1].JobID) // app was first
	for _, line := range []string{"Run retention process.", " Repository: harbour/app", "Load 6 candidates from repository harbour/app", "| Digest | Tag | Kind | Labels |", "| also,v2 | image |", " RETAIN |", " IMMUTABLE |", " DEL |", "1 artifacts that only deleted indexes consisted of went along"} {
		if err != nil || !strings.Contains(text, line) {
			t.Errorf("no %q in %v\n%s", line, err, text)
		}
	}
	if again := h.work(h.start(p, false)); again["app"] != (retention.Counts{Total: 2, Retained: 2}) {
		t.Errorf("a second run: %+v", again["app"])
	}
}

func TestWhatAnIndexThatStaysConsistsOfStaysToo(t *testing.T) {
	h := newHarbour(t)
	p := h.policy(h.project, rule("always", 0, "**", "v1"))
	p.Rules[0].Tags[0].Extras = `{"untagged":false}`
	h.must(h.Retention.Update(ctx, h.Admin, p.ID, nil, retention.Fields{Rules: p.Rules}))
	got := h.work(h.start(p, false))
	if want := (retention.Counts{Total: 6, Retained: 3, Deleted: 3}); got["app"] != want { // the index, what it consists of, and the immutable one
		t.Errorf("%+v, want %+v", got["app"], want)
	}
	h.want(h.index, h.arch, h.tagged, h.fixed)
}

func TestARepositoryThatNoRuleIsAboutIsLeftAlone(t *testing.T) {
	h := newHarbour(t)
	off := rule("nothing", 0, "**", "**")
	off.Disabled = true
	p := h.policy(h.project, rule("nothing", 0, "team/**", "**"), off)
	if got := h.work(h.start(p, false)); len(got) != 1 || got["team/web"] != (retention.Counts{Total: 1, Deleted: 1}) {
		t.Errorf("%+v", got)
	}
	if len(h.living(h.app)) != 8 {
		t.Error("the other repository was touched")
	}
}

// many is a repository of more than three batches, of which one artifact stays.
func (s *shed) many(projectID int64, n int) int64 {
	s.t.Helper()
	repository := s.repository(projectID, "many")
	s.exec(`CREATE TABLE IF NOT EXISTS made (i int, digest text)`)
	s.exec(`INSERT INTO made SELECT i, 'sha256:' || encode(sha256(convert_to($1 || i::text, 'UTF8')), 'hex') FROM generate_series(1, $2::int) i`, fmt.Sprint("many", projectID), n)
	s.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT digest, '', 2, '{}' FROM made`)
	s.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count, pushed_at)
		SELECT $1, $2, digest, 'image', '', 1, 1, now() - i * interval '1 hour' FROM made ORDER BY i`, projectID, repository)
	s.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'v' || id, id, pushed_at FROM artifact WHERE repository_id = $1`, repository)
	s.exec(`DROP TABLE made`)
	return repository
}

// gone is how often artifacts were deleted: each time has an audit entry.
func (s *shed) gone() (artifacts, entries int64) {
	s.t.Helper()
	return s.one(`SELECT count(*) FROM artifact WHERE deleted_at IS NOT NULL`),
		s.one(`SELECT count(*) FROM audit_event WHERE operation = 'delete' AND resource_type = 'artifact'`)
}

// A worker that dies in the middle has deleted whole batches. The next one does the
// rest, and what the first may still do afterwards is refused.
func TestWhatWasBegunGoesOnElsewhereAndNothingIsDeletedTwice(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	s.many(a, 3*retention.DeleteBatch+51)
	e := s.start(s.policy(a, rule("latestPushedK", 1, "**", "**")), false)
	first, args, _ := s.begin(e)
	s.must(s.Retention.Run(ctx, first, args))
	s.end(first, job.Outcome{})

	dying, args, _ := s.begin(e)
	// The second batch waits for somebody, who lets go when the attempt has been lost.
	var id int64
	id = s.one(`SELECT id FROM artifact ORDER BY id OFFSET $1 LIMIT 1`, retention.DeleteBatch+30)
	hold, err := s.DB.Pool.Begin(ctx)
	s.must(err)
	_, err = hold.Exec(ctx, `SELECT FROM artifact WHERE id = $1 FOR UPDATE`, id)
	s.must(err)
	failed := make(chan error, 1)
	go func() { failed <- s.Retention.Run(ctx, dying, args) }()
	s.await(func() bool {
		return s.one(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0
	})
	if n, _ := s.gone(); n != retention.DeleteBatch {
		t.Fatalf("%d are deleted, want one batch", n)
	}
	// It is killed: its connection goes, and with it what was not committed.
	s.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	s.must(hold.Rollback(ctx))
	if err := <-failed; err == nil {
		t.Fatal("a worker whose connection was cut off went on")
	}
	s.exec(`UPDATE task SET status = 'Pending', attempt = attempt + 1 WHERE id = $1`, dying.TaskID) // as Rescue does
	next, args, _ := s.begin(e)
	s.must(s.Retention.Run(ctx, next, args))
	if err := s.Retention.Run(ctx, dying, args); err != nil && !errors.Is(err, job.ErrLost) {
		t.Errorf("the first attempt wakes: %v", err)
	}
	task := s.end(next, job.Outcome{})
	var counts retention.Counts
	s.must(task.Result.Into(&counts))
	all := int64(3*retention.DeleteBatch + 51)
	if counts != (retention.Counts{Total: all, Retained: 1, Deleted: all - 1}) || task.Done != all-1 {
		t.Errorf("%+v, %d done", counts, task.Done)
	}
	if artifacts, entries := s.gone(); artifacts != all-1 || entries != all-1 {
		t.Errorf("%d artifacts were deleted, by %d entries; want %d", artifacts, entries, all-1)
	}
}

func TestWhatIsUsedWhileARunIsUnderWayStays(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	repository := s.many(a, 2*retention.DeleteBatch)
	e := s.start(s.policy(a, rule("latestPushedK", 1, "**", "**")), false)
	run, args, _ := s.begin(e)
	s.must(s.Retention.Run(ctx, run, args))
	s.end(run, job.Outcome{})
	run, args, _ = s.begin(e)
	// In the middle of the run the first of the second batch is tagged, and the next pulled.
	s.exec(`CREATE FUNCTION use() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		UPDATE tag SET since = clock_timestamp() + interval '1 second' WHERE artifact_id = (SELECT min(id) + 300 FROM artifact);
		UPDATE artifact SET pulled_at = clock_timestamp() + interval '1 second' WHERE id = (SELECT min(id) + 301 FROM artifact);
		RETURN NULL; END $$`)
	s.exec(`CREATE TRIGGER use AFTER INSERT ON gc_candidate FOR EACH STATEMENT EXECUTE FUNCTION use()`)
	s.must(s.Retention.Run(ctx, run, args))
	task := s.end(run, job.Outcome{})
	var counts retention.Counts
	s.must(task.Result.Into(&counts))
	if want := (retention.Counts{Total: 400, Retained: 3, Deleted: 397}); counts != want {
		t.Errorf("%+v, want %+v", counts, want)
	}
	if n := len(s.living(repository)); n != 3 {
		t.Errorf("%d artifacts are left", n)
	}
	if text, err := s.Jobs.Log(ctx, task.JobID); err != nil || strings.Count(text, "was pushed, tagged or pulled meanwhile") != 2 {
		t.Error(text, err)
	}
}

func TestARunThatIsStoppedEndsAfterItsBatchAndDoesNotGrow(t *testing.T) {
	s := newShed(t)
	a := s.project("a")
	s.many(a, 3*retention.DeleteBatch)
	p := s.policy(a, rule("nothing", 0, "**", "**"))
	e := s.start(p, false)
	first, args, _ := s.begin(e)
	s.must(s.Jobs.Stop(ctx, s.Admin, job.Retention, e.ID))
	if err := s.Retention.Run(ctx, first, args); !errors.Is(err, job.ErrStopped) {
		t.Errorf("what was stopped makes tasks: %v", err)
	}
	s.end(first, job.Outcome{Err: job.ErrStopped, Stopped: true})
	if got, err := s.Jobs.Get(ctx, job.Retention, e.ID); err != nil || got.Status != job.Stopped || got.Progress.Tasks != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	e = s.start(p, false)
	first, args, _ = s.begin(e)
	s.must(s.Retention.Run(ctx, first, args))
	s.must(s.Retention.Run(ctx, first, args)) // begun again: no task is made twice
	s.end(first, job.Outcome{})
	run, args, _ := s.begin(e)
	stopping, stop := context.WithCancelCause(ctx)
	go func() {
		s.await(func() bool { n, _ := s.gone(); return n >= retention.DeleteBatch })
		stop(job.ErrStopped)
	}()
	err := s.Retention.Run(stopping, run, args)
	n, entries := s.gone()
	if n != entries || n%retention.DeleteBatch != 0 || (err == nil && n != 3*retention.DeleteBatch) {
		t.Errorf("%v after %d artifacts, with %d entries", err, n, entries)
	}
	s.end(run, job.Outcome{Err: job.ErrStopped, Stopped: true})
	if _, _, more := s.begin(e); more {
		t.Error("something still waits")
	}
}

func TestAPolicyThatIsDeletedMeanwhileDeletesNothingMore(t *testing.T) {
	h := newHarbour(t)
	p := h.policy(h.project, rule("nothing", 0, "**", "**"))
	e := h.start(p, false)
	run, args, _ := h.begin(e)
	h.must(h.Retention.Run(ctx, run, args))
	h.end(run, job.Outcome{})
	h.must(h.Retention.Delete(ctx, h.Admin, p.ID))
	if got := h.work(e); got["app"] != (retention.Counts{}) {
		t.Errorf("%+v", got)
	}
	if len(h.living(h.app)) != 8 {
		t.Error("something was deleted for a policy that is gone")
	}
}

func TestAPolicyRunsOnceAtATimeAndByItself(t *testing.T) {
	h := newHarbour(t)
	p, err := h.Retention.Create(ctx, somebody, h.project, retention.Fields{Rules: []retention.Rule{rule("latestPushedK", 1, "app", "**")}, Cron: "0 0 0 * * *"})
	h.must(err)
	h.exec(`UPDATE schedule SET next_at = now() - interval '1 minute'`)
	if n, err := h.Jobs.Due(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := h.Retention.Start(ctx, h.Admin, p.ID, true); err == nil || !strings.Contains(err.Error(), "RETENTION is under way already") {
		t.Errorf("a second run: %v", err)
	}
	id := h.one(`SELECT max(id) FROM execution`)
	e, err := h.Retention.Execution(ctx, p.ID, id)
	if err != nil || e.Trigger != job.BySchedule {
		t.Fatal(e, err)
	}
	h.work(e)
	h.want(h.newest, h.fixed)
	if _, err := h.Retention.Execution(ctx, p.ID+1, id); err == nil {
		t.Error("a run is another policy's too")
	}
}
