package gc_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store"
)

const orphanAge = 8 * 24 * time.Hour

func TestBytesWithoutARowAreRemovedOnceTheyAreOlderThanAnyUpload(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	old, young := digest.FromString("old"), digest.FromString("young")
	y.must(y.storage.Put(old, []byte("old")))
	y.storage.Stray("sha256:a/half")
	y.clock.Pass(orphanAge + time.Second)
	y.must(y.storage.Put(young, []byte("young")))
	y.storage.Stray("sha256:b/half")
	got, log := y.check(job.CheckStorageArgs{})
	if got.Objects != 5 || got.Orphans != 1 || got.Left != 1 || got.Missing != 0 || got.Freed.Bytes != 3 {
		t.Errorf("%+v\n%s", got, log)
	}
	if _, ok := y.storage.Get(old); ok {
		t.Error("the old bytes are left")
	}
	if _, ok := y.storage.Get(young); !ok {
		t.Error("the young bytes are gone: somebody may be about to commit them")
	}
	if y.storage.Strays() != 1 {
		t.Errorf("%d strays", y.storage.Strays())
	}
	if n := y.one(`SELECT count(*) FROM blob WHERE digest = $1`, old); n != 0 {
		t.Error("a row is left of them")
	}
	y.checkInvariants()
}

// A folder that was another registry's must not be emptied by mistake.
func TestBytesThatAreMostOfWhatThereIsStayUnlessForced(t *testing.T) {
	y := newYard(t)
	n := 0
	for i := 0; n < 40; i++ { // all in one shard
		content := fmt.Sprintf("of another registry %d", i)
		if d := digest.FromString(content); strings.HasPrefix(d.String(), "sha256:7") {
			y.must(y.storage.Put(d, []byte(content)))
			n++
		}
	}
	y.clock.Pass(orphanAge + time.Second)
	got, log := y.check(job.CheckStorageArgs{})
	if got.Orphans != 0 || got.Left != 40 || len(y.storage.All()) != 40 || !strings.Contains(log, "knows only 0 of 40 objects") {
		t.Errorf("%+v, %d objects\n%s", got, len(y.storage.All()), log)
	}
	if got, _ := y.check(job.CheckStorageArgs{Force: true}); got.Orphans != 40 || len(y.storage.All()) != 0 {
		t.Errorf("%+v, %d objects", got, len(y.storage.All()))
	}
}

func TestMissingBytesAreNamedWithWhatTheyBreakUntilTheyAreThereAgain(t *testing.T) {
	y := newYard(t)
	m := y.push("library/app", "v1", "config", "base", "layer")
	y.push("library/app", "v2", "config 2", "base")
	y.storage.Lose(digest.FromString("base"))
	y.storage.Lose(m.descriptor().Digest) // a copy, which Postgres has
	got, log := y.check(job.CheckStorageArgs{})
	if got.Missing != 1 || got.Repaired != 1 || !strings.Contains(log, "missing: "+digest.FromString("base").String()) {
		t.Errorf("%+v\n%s", got, log)
	}
	if _, ok := y.storage.Get(m.descriptor().Digest); !ok {
		t.Error("the manifest's copy is not written again")
	}
	found, err := y.garbage.Findings(t.Context(), page.Page{Number: 1, Size: 10})
	y.must(err)
	if found.Total != 1 || found.Items[0].Kind != "missing" || found.Items[0].Artifacts != 2 || len(found.Items[0].Broken) != 2 ||
		found.Items[0].Broken[0].Repository != "library/app" || found.Items[0].Broken[0].Tag == "" {
		t.Errorf("%+v", found)
	}
	// The next push of it brings it back, though the index has it.
	_, err = y.upload("library/other", "base")
	y.must(err)
	if _, ok := y.storage.Get(digest.FromString("base")); !ok {
		t.Fatal("a push does not put it back")
	}
	if got, log := y.check(job.CheckStorageArgs{}); got.Missing != 0 {
		t.Errorf("%+v\n%s", got, log)
	}
	y.storage.Lose(digest.FromString("base"))
	y.check(job.CheckStorageArgs{})
	y.must(y.storage.Put(digest.FromString("base"), []byte("base"))) // from a backup
	if got, log := y.check(job.CheckStorageArgs{}); got.Missing != 0 || y.one(`SELECT count(*) FROM blob WHERE NOT stored AND digest = $1`, digest.FromString("base")) != 0 {
		t.Errorf("%+v\n%s", got, log)
	}
}

func TestDamagedBytesAreSetAsideAndAPushPutsThemRight(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer", "other layer")
	y.clock.Pass(2 * time.Hour)
	d := digest.FromString("layer")
	y.must(y.storage.Put(d, []byte("LAYER")))
	if got, _ := y.check(job.CheckStorageArgs{}); got.Damaged != 0 || got.Verified != 0 {
		t.Errorf("found without reading: %+v", got)
	}
	got, log := y.check(job.CheckStorageArgs{Verify: true})
	if got.Damaged != 1 || got.Verified != 2 || !strings.Contains(log, "damaged, and set aside: "+d.String()) {
		t.Errorf("%+v\n%s", got, log)
	}
	if content, ok := y.storage.Aside(d); !ok || string(content) != "LAYER" {
		t.Error("the damaged bytes are not kept")
	}
	if n := y.one(`SELECT count(*) FROM blob WHERE verified_at IS NOT NULL`); n != 2 {
		t.Errorf("%d are marked as read", n)
	}
	if got, _ := y.check(job.CheckStorageArgs{}); got.Damaged != 1 || got.Missing != 0 {
		t.Errorf("after another look: %+v", got)
	}
	_, err := y.upload("library/app", "layer")
	y.must(err)
	if got, log := y.check(job.CheckStorageArgs{Verify: true}); got.Damaged != 0 || got.Verified != 3 {
		t.Errorf("%+v\n%s", got, log)
	}
}

func TestACheckGoesOnWhereItWasBrokenOff(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	args := job.CheckStorageArgs{Rate: 1 << 20}
	e, err := y.jobs.Start(t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
	y.must(err)
	walked := 0
	y.storage.Fail(func(op string, _ digest.Digest) error {
		if op != "walk" {
			return nil
		}
		if walked++; walked == 6 {
			return errors.New("the storage is away")
		}
		return nil
	})
	run := y.begin(e.ID)
	failed := y.garbage.Check(t.Context(), run, args)
	if failed == nil {
		t.Fatal("it does not fail")
	}
	_, err = run.End(t.Context(), job.Outcome{Err: failed, Leaving: true}, func(store.Tx) error { return nil })
	y.must(err)
	run = y.begin(e.ID)
	y.must(y.garbage.Check(t.Context(), run, args))
	_, err = run.End(t.Context(), job.Outcome{}, func(store.Tx) error { return nil })
	y.must(err)
	if _, log := y.ended(e.ID); walked != 17 || !strings.Contains(log, "goes on after 5 of 16 parts") {
		t.Errorf("%d walks\n%s", walked, log)
	}
}

func TestACheckTellsHowMuchItHasRead(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer", "other layer")
	y.clock.Pass(2 * time.Hour)
	args := job.CheckStorageArgs{Verify: true, Rate: gc.DefaultRate}
	e, err := y.jobs.Start(t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
	y.must(err)
	broken := errors.New("the storage is away")
	read := 0
	y.storage.Fail(func(op string, _ digest.Digest) error {
		if op != "hash" {
			return nil
		}
		if read++; read == 2 {
			return broken
		}
		return nil
	})
	run := y.begin(e.ID)
	failed := y.garbage.Check(t.Context(), run, args)
	if !errors.Is(failed, broken) {
		t.Fatal(failed)
	}
	_, err = run.End(t.Context(), job.Outcome{Err: failed, Leaving: true}, func(store.Tx) error { return nil })
	y.must(err)
	first, sizes := int64(len("config"+"layer")), int64(len("config"+"layer"+"other layer"))
	if got, _ := y.ended(e.ID); got.Progress.Done != 16 || got.Progress.Total != 19 || got.Progress.Bytes != first || got.Progress.Noted == nil {
		t.Errorf("broken off: %+v, not %d bytes", got.Progress, first)
	}
	run = y.begin(e.ID)
	y.must(y.garbage.Check(t.Context(), run, args))
	_, err = run.End(t.Context(), job.Outcome{}, func(store.Tx) error { return nil })
	y.must(err)
	if got, _ := y.ended(e.ID); got.Progress.Done != 19 || got.Progress.Total != 19 || got.Progress.Bytes != first+sizes {
		t.Errorf("at the end: %+v, not %d bytes", got.Progress, first+sizes)
	}
}

// What lost its candidate, by a database that was restored, is found again.
func TestACheckFindsGarbageThatNobodyWouldLookAt(t *testing.T) {
	y := newYard(t)
	_, err := y.upload("library/app", "layer")
	y.must(err)
	y.exec(`DELETE FROM repository_blob`)
	y.exec(`UPDATE gc_cursor SET at = 1000`)
	y.clock.Pass(orphanAge + time.Second)
	y.collect()
	if len(y.storage.All()) != 1 {
		t.Fatal("it is found without a check")
	}
	y.check(job.CheckStorageArgs{})
	if got := y.one(`SELECT count(*) FROM blob`); got != 0 || len(y.storage.All()) != 0 {
		t.Errorf("%d rows, %d objects", got, len(y.storage.All()))
	}
}

func TestACheckIsRefusedWithAWrongRate(t *testing.T) {
	y := newYard(t)
	for _, rate := range []int64{0, 1, 1 << 40} {
		args := job.CheckStorageArgs{Rate: rate}
		e, err := y.jobs.Start(t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
		y.must(err)
		run := y.begin(e.ID)
		err = y.garbage.Check(context.Background(), run, args)
		if !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%d: %v", rate, err)
		}
		_, err = run.End(t.Context(), job.Outcome{Err: err, Final: true}, func(store.Tx) error { return nil })
		y.must(err)
	}
}
