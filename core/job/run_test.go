package job_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

func note(text string) func(tx store.Tx) (int64, error) {
	return func(tx store.Tx) (int64, error) {
		return 1, tx.Exec("INSERT INTO paused_queue (kind, username) VALUES (?, '')", text).Error
	}
}

func TestAWorkerThatWasGivenUpCanDoNothingVisibleAnyMore(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	pool := job.Pool{ID: "paused", Host: "h", PID: 1, Concurrency: 3}
	if _, _, err := y.Heartbeat(t.Context(), pool, nil); err != nil {
		t.Fatal(err)
	}
	slow := y.begin(y.task(e.ID), pool.ID)
	y.exec("UPDATE river_job SET state = 'running', attempted_by = '{paused}', attempted_at = now()")
	if err := slow.Step(t.Context(), note("first")); err != nil {
		t.Fatal(err)
	}
	if moved, err := y.Rescue(t.Context()); err != nil || moved != 0 {
		t.Fatalf("%d, %v: it lives", moved, err)
	}
	y.exec("UPDATE task SET heartbeat_at = now() - interval '21 seconds'")
	y.exec("UPDATE worker_pool SET heartbeat_at = now() - interval '21 seconds'")
	if moved, err := y.Rescue(t.Context()); err != nil || moved != 1 {
		t.Fatal(moved, err)
	}
	if pools, err := y.Pools(t.Context()); err != nil || len(pools) != 0 {
		t.Error(pools, err)
	}
	if n := y.count("SELECT count(*) FROM river_job WHERE state = 'running'"); n != 0 {
		t.Error("the old River job still runs")
	}
	slow.Infof("a late line")
	_, end := slow.End(t.Context(), job.Outcome{}, func(store.Tx) error { return nil })
	for what, err := range map[string]error{"a step": slow.Step(t.Context(), note("late")), "a line": slow.Flush(t.Context()), "the end": end} {
		if !errors.Is(err, job.ErrLost) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, lost, err := y.Heartbeat(t.Context(), pool, []*job.Run{slow}); err != nil || len(lost) != 1 {
		t.Error(lost, err)
	}
	other := y.begin(y.task(e.ID), "other")
	if other.Done() != 1 || other.Attempt != 2 {
		t.Errorf("it goes on at %d with attempt %d", other.Done(), other.Attempt)
	}
	if err := slow.Step(t.Context(), note("later")); !errors.Is(err, job.ErrLost) {
		t.Error(err)
	}
	if err := other.Step(t.Context(), note("second")); err != nil {
		t.Error(err)
	}
	ended := y.end(other, job.Outcome{})
	if ended.Done != 2 || ended.Lost != 1 || y.count("SELECT count(*) FROM paused_queue WHERE kind IN ('first', 'second', 'late', 'later')") != 2 {
		t.Errorf("%+v", ended)
	}
	if text := y.log(ended); !strings.Contains(text, "no sign of life") || strings.Contains(text, "a late line") {
		t.Error(text)
	}
}

func TestAJobThatKillsItsProcessesIsAnErrorInTheEnd(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	for range 5 {
		y.begin(y.task(e.ID), "gone")
		y.exec("UPDATE task SET heartbeat_at = now() - interval '1 minute'")
		if _, err := y.Rescue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if task := y.task(e.ID); task.Status != job.Error || !strings.Contains(task.Error, "no sign of life") || y.status(e.ID) != job.Error {
		t.Errorf("%+v", task)
	}
	stopping := y.start(manyArgs{2})
	y.begin(y.task(stopping.ID), "gone")
	if err := y.Stop(t.Context(), boss, "", stopping.ID); err != nil {
		t.Fatal(err)
	}
	y.exec("UPDATE task SET heartbeat_at = now() - interval '1 minute'")
	if _, err := y.Rescue(t.Context()); err != nil || y.status(stopping.ID) != job.Stopped {
		t.Errorf("%v: what was to stop is %s", err, y.status(stopping.ID))
	}
}

func TestWhatWaitsWithoutARiverJobIsQueuedAgain(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	y.exec("UPDATE river_job SET state = 'discarded', finalized_at = now()")
	if moved, err := y.Rescue(t.Context()); err != nil || moved != 0 {
		t.Fatalf("%d, %v: it may be on its way", moved, err)
	}
	y.exec("UPDATE task SET updated_at = now() - interval '1 minute'")
	if moved, err := y.Rescue(t.Context()); err != nil || moved != 1 {
		t.Fatal(moved, err)
	}
	y.end(y.begin(y.task(e.ID), "a"), job.Outcome{})
}

func TestWhatBelongsToTheEndIsThereExactlyWhenTheEndIs(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	run := y.begin(y.task(e.ID), "a")
	if err := run.Result(map[string]int{"n": 3}); err != nil {
		t.Fatal(err)
	}
	run.AtEnd(func(tx store.Tx) error { _, err := note("end")(tx); return err })
	broken := errors.New("broken")
	if _, err := run.End(t.Context(), job.Outcome{}, func(store.Tx) error { return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if y.status(e.ID) != job.Running || y.count("SELECT count(*) FROM paused_queue WHERE kind = 'end'") != 0 {
		t.Error("half of the end is there")
	}
	y.end(run, job.Outcome{})
	got, err := y.Get(t.Context(), "", e.ID)
	if err != nil || got.Status != job.Success || got.Result == nil || *got.Result != `{"n": 3}` || y.count("SELECT count(*) FROM paused_queue WHERE kind = 'end'") != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if text := y.log(y.task(e.ID)); strings.Count(text, "done") != 1 {
		t.Error(text)
	}
}

func TestALogIsReadAsItGrowsAndKeepsItsBeginningAndItsEnd(t *testing.T) {
	y := newYard(t)
	e := y.start(manyArgs{1})
	run := y.begin(y.task(e.ID), "a")
	run.Infof("two\nlines of %s", "text\x00\xff")
	run.Warnf("a warning")
	if err := run.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	name := run.JobID
	lines, task, err := y.Lines(t.Context(), name, 1)
	if err != nil || len(lines) != 2 || lines[0].Seq != 2 || lines[0].Text != "lines of text\ufffd\ufffd" || lines[1].Level != "WARNING" || task.EndedAt != nil {
		t.Fatalf("%+v, %v", lines, err)
	}
	long := strings.Repeat("x", 1000)
	for i := range 30 {
		for j := range 100 {
			run.Infof("%d %s", i*100+j, long)
		}
		if err := run.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	y.end(run, job.Outcome{})
	text := y.log(y.task(e.ID))
	if len(text) > 1<<20+200_000 || len(text) < 700_000 {
		t.Errorf("%d bytes", len(text))
	}
	if !strings.Contains(text, "INFO] 0 xxx") || !strings.Contains(text, "INFO] 2999 xxx") || strings.Contains(text, "INFO] 1000 xxx") || !strings.HasSuffix(text, "INFO] done\n") {
		t.Error("it is not the beginning and the end that are kept")
	}
	kept := strings.Count(text, long)
	if !strings.Contains(text, fmt.Sprintf("[… %d lines were dropped here", 3000-kept)) || strings.Count(text, "dropped here") != 1 {
		t.Errorf("%d lines are kept", kept)
	}
	if real := y.count("SELECT sum(octet_length(text)) FROM task_log"); int64(real) != y.task(e.ID).LogBytes {
		t.Errorf("%d bytes, %d are counted", real, y.task(e.ID).LogBytes)
	}
	run = y.begin(y.task(y.start(manyArgs{2}).ID), "a")
	run.Infof("%s", strings.Repeat("é", 10_000))
	y.end(run, job.Outcome{})
	if lines, _, err := y.Lines(t.Context(), run.JobID, 0); err != nil || len(lines[0].Text) > 5000 || !strings.HasSuffix(lines[0].Text, "é…") {
		t.Error("a long line", len(lines[0].Text), err)
	}
}
