package gc_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestADeletedArtifactIsKeptForItsWindowAndThenGoesWithAllThatIsItsOwn(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config 1", "base", "layer 1")
	kept := y.push("library/app", "v2", "config 2", "base", "layer 2")
	before := y.rows()
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.clock.Pass(window - time.Second)
	y.collect()
	if got := y.rows(); got != strings.Replace(before, "gc_candidate 0", "gc_candidate 1", 1) {
		t.Errorf("within the window: %s, had %s", got, before)
	}
	y.clock.Pass(time.Second)
	if n := y.collect(); n != 4 || y.collect() != 0 {
		t.Errorf("%d are removed: an artifact, its manifest and two blobs should be", n)
	}
	want := "repository 1, artifact 1, artifact_blob 4, repository_blob 3, blob 4, manifest 1, project_blob 4, gc_candidate 0, objects 4"
	if got := y.rows(); got != want {
		t.Errorf("after it: %s, want %s", got, want)
	}
	for _, content := range []string{"config 2", "base", "layer 2"} {
		if _, ok := y.storage.Get(digest.FromString(content)); !ok {
			t.Errorf("%s is gone", content)
		}
	}
	if n := y.one(`SELECT count(*) FROM purged_artifact p JOIN tag_event e ON e.from_artifact_id = p.id`); n != 1 {
		t.Errorf("the history does not say what went: %d", n)
	}
	y.checkInvariants()
	y.must(y.put("library/app", "v2", kept)) // what is kept is whole
}

// An upload that nobody names is kept for its lease, wherever it was linked.
func TestWhatNobodyPushedAManifestForGoesAfterItsLease(t *testing.T) {
	y := newYard(t)
	for _, repository := range []string{"library/one", "library/two"} { // the second link comes to a blob that is there
		_, err := y.upload(repository, "layer")
		y.must(err)
	}
	y.must(y.uploadSmall("library/three", "small"))
	_, ok, err := y.artifacts.MountBlob(t.Context(), y.by, "library/one", "library/four", digest.FromString("layer"))
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	y.clock.Pass(artifact.Lease - time.Second)
	y.collect()
	if n := y.one(`SELECT count(*) FROM repository_blob`); n != 4 {
		t.Errorf("%d links within the lease", n)
	}
	// A client that was told the blob is there is given another lease.
	y.must(y.artifacts.ExtendLease(t.Context(), "library/one", digest.FromString("layer")))
	y.clock.Pass(2 * time.Second)
	y.collect()
	if got := y.rows(); got != "repository 1, artifact 0, artifact_blob 0, repository_blob 1, blob 1, manifest 0, project_blob 0, gc_candidate 2, objects 1" {
		t.Error(got)
	}
	if err := y.artifacts.ExtendLease(t.Context(), "library/two", digest.FromString("layer")); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a client is told to rely on what is gone: %v", err)
	}
	y.clock.Pass(artifact.Lease)
	y.collect()
	if got := y.rows(); got != emptyYard {
		t.Error(got)
	}
}

// What processes remember of a repository is forgotten with its links.
func TestAnEndedLinkIsNotServedFromMemory(t *testing.T) {
	y := newYard(t)
	_, err := y.upload("library/app", "layer")
	y.must(err)
	y.push("library/app", "v1", "config", "other")
	d := digest.FromString("layer")
	if _, err := y.artifacts.StatBlob(t.Context(), "library/app", d); err != nil {
		t.Fatal(err)
	}
	y.clock.Pass(artifact.Lease + time.Second)
	y.collect()
	if _, err := y.artifacts.StatBlob(t.Context(), "library/app", d); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("served though it is gone: %v", err)
	}
}

func TestAPushBringsBackWhatIsInTheBinAndCollectionLeavesIt(t *testing.T) {
	y := newYard(t)
	m := y.push("library/app", "v1", "config", "layer")
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.must(y.put("library/app", "v2", m))
	y.clock.Pass(2 * window)
	y.collect()
	if got := y.rows(); got != "repository 1, artifact 1, artifact_blob 3, repository_blob 2, blob 3, manifest 1, project_blob 3, gc_candidate 0, objects 3" {
		t.Error(got)
	}
	y.checkInvariants()
}

// The parts of a deleted index stay with it, and go after it.
func TestAnIndexIsPurgedBeforeItsParts(t *testing.T) {
	y := newYard(t)
	one, two := y.push("library/app", "", "config 1", "layer 1"), y.push("library/app", "", "config 2", "layer 2")
	y.must(y.put("library/app", "multi", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{one.descriptor(), two.descriptor()}}))
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "multi"))
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", one.descriptor().Digest.String()))
	y.exec(`UPDATE gc_candidate SET not_before = $1 WHERE id = (SELECT id FROM artifact WHERE digest = $2)`, y.clock.Read(), one.descriptor().Digest)
	y.collect()
	if n := y.one(`SELECT count(*) FROM artifact`); n != 3 {
		t.Fatalf("%d artifacts: a part went before its index", n)
	}
	y.clock.Pass(window)
	y.collect()
	if got := y.rows(); got != "repository 1, artifact 1, artifact_blob 3, repository_blob 2, blob 3, manifest 1, project_blob 3, gc_candidate 0, objects 3" {
		t.Error(got)
	}
	y.checkInvariants()
}

func TestADeletedRepositoryGoesWithItsHistory(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config 1", "layer")
	y.push("library/app", "v1", "config 2", "layer")
	y.must(y.artifacts.DeleteRepository(t.Context(), y.by, "library", "app"))
	y.push("library/app", "v1", "config 3", "layer") // another one of the same name
	y.clock.Pass(window)
	y.collect()
	if got := y.rows(); got != "repository 1, artifact 1, artifact_blob 3, repository_blob 2, blob 3, manifest 1, project_blob 3, gc_candidate 0, objects 3" {
		t.Error(got)
	}
	if n := y.one(`SELECT count(*) FROM tag_event`) + y.one(`SELECT count(*) FROM purged_artifact`); n != 1 {
		t.Errorf("%d of the history, one event is of the living repository", n)
	}
	y.checkInvariants()
}

func TestUsageIsTakenOffWithALimitAndWithout(t *testing.T) {
	y := newYard(t)
	y.project("limited", 1<<20)
	for _, project := range []string{"library", "limited"} {
		y.push(project+"/one", "v1", "config", "layer")
		y.push(project+"/two", "v1", "config", "layer", "more")
		y.must(y.artifacts.Delete(t.Context(), y.by, project, "two", "v1"))
	}
	used := func(project string) int64 {
		return y.one(`SELECT q.used + coalesce((SELECT sum(bytes) FROM quota_delta d WHERE d.project_id = q.project_id), 0) FROM quota q JOIN project p ON p.id = q.project_id WHERE p.name = $1`, project)
	}
	had := used("limited")
	y.clock.Pass(window)
	y.collect()
	for _, project := range []string{"library", "limited"} {
		if got := used(project); got >= had || got == 0 {
			t.Errorf("%s uses %d, had %d", project, got, had)
		}
	}
	y.checkInvariants()
}

// Wherever a pass is broken off, another one goes on, and a push of the same digest
// waits for the end of the deletion.
func TestABrokenOffDeletionIsFinishedBySomebodyElse(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.clock.Pass(window)
	y.storage.Fail(func(op string, d digest.Digest) error {
		if op == "remove" && d == digest.FromString("layer") {
			return errors.New("the disk does not answer")
		}
		return nil
	})
	if _, err := y.garbage.Collect(t.Context()); err == nil || !strings.Contains(err.Error(), "the disk does not answer") {
		t.Errorf("the failure is not told: %v", err)
	}
	if n := y.one(`SELECT count(*) FROM blob WHERE state = 'deleting' AND digest = $1`, digest.FromString("layer")); n != 1 {
		t.Fatal("nothing is marked")
	}
	if _, err := y.artifacts.CommitSmall(t.Context(), "library/app", digest.FromString("layer"), []byte("layer"), ""); !errors.Is(err, artifact.ErrBlobDeleting) {
		t.Errorf("a push does not see the deletion: %v", err)
	}
	y.storage.Fail(func(string, digest.Digest) error { return nil })
	pushed := make(chan error)
	go func() {
		_, err := y.upload("library/app", "layer")
		pushed <- err
	}()
	y.collectBy(y.collector())
	if n := y.one(`SELECT count(*) FROM blob WHERE state = 'deleting'`); n == 0 {
		t.Error("another process took it over at once")
	}
	y.clock.Pass(20 * time.Second)
	y.collectBy(y.collector())
	if err := <-pushed; err != nil {
		t.Errorf("the push that waited: %v", err)
	}
	if content, ok := y.storage.Get(digest.FromString("layer")); !ok || string(content) != "layer" {
		t.Errorf("what was pushed again is %q", content)
	}
	if n := y.one(`SELECT count(*) FROM blob WHERE state = 'deleting'`); n != 0 {
		t.Errorf("%d are left", n)
	}
	y.checkInvariants()
}

// A manifest push that meets the deletion of its digest waits, and writes the copy again.
func TestAManifestThatIsBeingDeletedIsPushedAgain(t *testing.T) {
	y := newYard(t)
	m := y.push("library/app", "v1", "config", "layer")
	y.push("library/app", "v2", "other", "layer", "config")
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.clock.Pass(window)
	y.storage.Fail(func(op string, _ digest.Digest) error {
		if op == "remove" {
			return errors.New("the disk does not answer")
		}
		return nil
	})
	if _, err := y.garbage.Collect(t.Context()); err == nil {
		t.Fatal("it does not fail")
	}
	y.storage.Fail(func(string, digest.Digest) error { return nil })
	pushed := make(chan error)
	go func() { pushed <- y.put("library/app", "v1", m) }()
	y.clock.Pass(20 * time.Second)
	y.collectBy(y.collector())
	if err := <-pushed; err != nil {
		t.Fatal(err)
	}
	if _, ok := y.storage.Get(m.descriptor().Digest); !ok {
		t.Error("the storage has no copy of it")
	}
	y.checkInvariants()
}

// While a push holds what is to go, collection neither waits nor takes it.
func TestCollectionWaitsForNobody(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.clock.Pass(window)
	had := y.rows()
	for what, lock := range map[string]string{
		"the artifact": `SELECT FROM artifact FOR NO KEY UPDATE`,
		"a blob":       `SELECT FROM blob WHERE size = 5 FOR KEY SHARE`,
	} {
		y.must(store.InTx(t.Context(), y.db.Gorm, func(tx store.Tx) error {
			if err := tx.Exec(lock).Error; err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := y.garbage.Collect(ctx)
			return err
		}))
		if got := y.rows(); got != had {
			t.Errorf("%s is held: %s, had %s", what, got, had)
		}
	}
	y.collect()
	if n := y.one(`SELECT count(*) FROM artifact`); n != 0 {
		t.Error("it is not taken up again")
	}
}

func TestNothingIsCollectedWhileItRests(t *testing.T) {
	y := newYard(t)
	_, err := y.upload("library/app", "layer")
	y.must(err)
	y.clock.Pass(2 * artifact.Lease)
	y.rest = true
	y.collect()
	if n := y.one(`SELECT count(*) FROM blob`); n != 1 {
		t.Error("collected")
	}
	freed, err := y.garbage.CollectNow(t.Context(), 2) // somebody says so
	if err != nil || freed.Blobs != 1 || freed.Bytes != 5 || freed.Links != 1 || freed.Repositories != 1 {
		t.Errorf("%+v, %v", freed, err)
	}
}

// Pulls hardly feel it: after each batch it rests many times as long as Postgres worked.
func TestCollectionByItselfTakesItsTime(t *testing.T) {
	y := newYard(t)
	leave := func(n int) {
		y.exec(`WITH made AS (INSERT INTO blob (digest, size, lease_until, created_at)
			SELECT 'sha256:' || md5(g::text) || md5($2::text || g), 1, $3, $3::timestamptz FROM generate_series(1, $1::int) g RETURNING id)
			INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, $3 FROM made`, n, rand.Text(), y.clock.Read())
	}
	var rested []time.Duration
	then := func() {}
	y.garbage.SetWait(func(_ context.Context, d time.Duration) error {
		rested = append(rested, d)
		then()
		return nil
	})
	began := time.Now()
	leave(1_100)
	if n := y.collect(); n != 1_100 {
		t.Errorf("%d are freed", n)
	}
	took := time.Since(began)
	if len(rested) != 3 || slices.Min(rested) < gc.Rests*100*time.Microsecond || slices.Max(rested) > min(gc.Rests*took, gc.MostRest) {
		t.Errorf("rests of %v, in %s", rested, took)
	}

	rested = nil
	leave(1_100)
	if freed, err := y.garbage.CollectNow(t.Context(), 2); err != nil || freed.Blobs != 1_100 || rested != nil {
		t.Errorf("somebody who asks for it waits: %+v, %v, %v", freed, rested, err)
	}
	leave(1_100)
	y.clock.Pass(time.Hour)
	if n := y.collect(); n != 1_100 || len(rested) > 1 { // once at the end, when nothing is late any more
		t.Errorf("what is late: %d, %v", n, rested)
	}

	leave(1_100)
	then = func() { y.rest = true } // a backup begins
	if n := y.collect(); n != 500 {
		t.Errorf("%d are freed though it is to wait", n)
	}
	y.rest, then = false, func() { y.clock.Pass(5 * time.Minute) }
	if n := y.collect(); n != 500 {
		t.Errorf("a pass that is long enough frees %d", n)
	}
	if n := y.collect(); n != 100 {
		t.Errorf("the next one frees %d", n)
	}
}

// Finding that nothing is due is a handful of look-ups.
func TestAnEmptyQueueCostsLittle(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config", "layer")
	count := storetest.Count(t, y.db)
	y.collect()
	if n := count.Queries(); n > 8 {
		t.Errorf("%d queries:\n%s", n, strings.Join(count.Statements(), "\n"))
	}
}

func TestARunTellsWhatItFreedAndADryRunWhatItWould(t *testing.T) {
	y := newYard(t)
	y.push("library/app", "v1", "config 1", "base", "layer 1")
	y.push("library/app", "v2", "config 2", "base", "layer 2")
	gone := y.push("library/app", "", "config 3", "base", "layer 3") // untagged
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	y.clock.Pass(window)
	had := y.rows()
	dry, log := y.runCollection(job.CollectArgs{DryRun: true, DeleteUntagged: true})
	if got := y.rows(); got != had {
		t.Errorf("a dry run changes: %s, had %s", got, had)
	}
	for _, says := range []string{
		"blob eligible for deletion: " + digest.FromString("layer 1").String() + ", 7 bytes", "manifest eligible for deletion: ", "untagged: library/app@" + gone.descriptor().Digest.String(),
		"dry run: 1 artifacts, 2 blobs and 1 manifests",
	} {
		if !strings.Contains(log, says) {
			t.Errorf("the log does not say %q:\n%s", says, log)
		}
	}
	if strings.Contains(log, digest.FromString("base").String()) || strings.Contains(log, digest.FromString("layer 3").String()) {
		t.Errorf("the log names what stays:\n%s", log)
	}
	done, log := y.runCollection(job.CollectArgs{DeleteUntagged: true, Workers: 3})
	if done.Bytes != dry.Bytes || done.Blobs != 2 || done.Manifests != 1 || done.Artifacts != 1 || done.Untagged != 1 || dry.Untagged != 1 {
		t.Errorf("freed %+v, the dry run said %+v\n%s", done, dry, log)
	}
	if n := y.one(`SELECT count(*) FROM artifact WHERE deleted_at IS NOT NULL AND digest = $1`, gone.descriptor().Digest); n != 1 {
		t.Error("the untagged artifact is not in the recycle bin")
	}
	if n := y.one(`SELECT count(*) FROM audit_event WHERE operation = 'delete' AND resource_type = 'artifact' AND username = 'alice' AND description LIKE '%(untagged)'`); n != 1 {
		t.Error("its deletion is not in the audit log")
	}
	emptied, _ := y.runCollection(job.CollectArgs{EmptyBin: true})
	if emptied.Emptied != 1 || emptied.Artifacts != 1 || emptied.Blobs != 2 {
		t.Errorf("%+v", emptied)
	}
	y.checkInvariants()
}

func TestWhatIsEmptiedWithAllBinsComesBackInNoWay(t *testing.T) {
	y := newYard(t)
	p := y.lostProject(t, "gold", 1)
	y.push("library/app", "v1", "config", "layer")
	y.must(y.artifacts.DeleteRepository(t.Context(), y.by, "library", "app"))
	y.runCollection(job.CollectArgs{EmptyBin: true})
	if _, err := y.projects.Restore(t.Context(), y.by, p, ""); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the project: %v", err)
	}
	list, err := y.artifacts.BinnedRepositories(t.Context(), artifact.BinFilter{}, page.Page{Size: 10})
	if err != nil || list.Total != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	what := artifact.Selection{Repositories: []int64{y.one(`SELECT id FROM repository WHERE full_name = 'library/app'`)}}
	if _, err := y.artifacts.Restore(t.Context(), y.by, "library", what); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a repository without what it held: %v", err)
	}
}

// lostProject is one that was deleted with n repositories, each an hour after the last.
func (y *yard) lostProject(t *testing.T, name string, n int) project.ID {
	t.Helper()
	p, err := y.projects.Create(t.Context(), y.by, project.New{Name: name, StorageLimit: 1 << 20})
	y.must(err)
	for i := range n {
		repository := fmt.Sprint("r", i)
		y.push(name+"/"+repository, "v1", fmt.Sprint("config of ", name, i), "layer of all", fmt.Sprint("layer of ", name, i))
		y.must(y.artifacts.DeleteRepository(t.Context(), y.by, name, repository))
		y.clock.Pass(time.Hour)
	}
	y.must(y.projects.Delete(t.Context(), y.by, p.ID))
	return p.ID
}

// Garbage collection counts what it takes from a deleted project's usage as from a living one's.
func TestADeletedProjectIsCollectedAndStillComesBack(t *testing.T) {
	y := newYard(t)
	p := y.lostProject(t, "gold", 2)
	y.clock.Pass(window - 2*time.Hour) // the first repository is due, the second is not
	y.collect()
	y.checkInvariants()
	_, err := y.projects.Restore(t.Context(), y.by, p, "silver")
	y.must(err)
	list, err := y.artifacts.BinnedRepositories(t.Context(), artifact.BinFilter{ProjectID: &p}, page.Page{Size: 10})
	if err != nil || list.Total != 1 || list.Items[0].Name != "silver/r1" || list.Items[0].Artifacts != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	_, err = y.artifacts.Restore(t.Context(), y.by, "silver", artifact.Selection{Repositories: []int64{list.Items[0].ID}})
	y.must(err)
	y.checkInvariants()
	if _, ok := y.storage.Get(digest.FromString("layer of gold1")); !ok || y.one(`SELECT count(*) FROM tag`) != 1 {
		t.Error("what is restored has lost a blob")
	}
	y.push("silver/r2", "v1", "config", "layer")
	y.checkInvariants()
}

// While collectors take what is due, a project comes back under another name and whoever
// is quick restores what is in its bin: all of a repository or nothing of it.
func TestAProjectIsRestoredWhileItsBinIsCollected(t *testing.T) {
	y := newYard(t)
	const repositories = 6
	collectors := []*gc.Service{y.collector(), y.collector()}
	back := 0
	for round := range 12 {
		name := fmt.Sprint("p", round)
		p := y.lostProject(t, name, repositories)
		// Some of them are due, and the next while it goes on.
		y.clock.Pass(window - time.Duration(repositories-round%(repositories-1))*time.Hour)
		var work sync.WaitGroup
		for _, c := range collectors {
			work.Go(func() {
				if _, err := c.Collect(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		work.Go(func() { y.clock.Pass(time.Hour) })
		var restored []int64
		work.Go(func() {
			as := name + "-again"
			if _, err := y.projects.Restore(context.Background(), y.by, p, as); err != nil {
				t.Errorf("the project: %v", err)
				return
			}
			rows, err := y.db.Pool.Query(context.Background(), `SELECT id FROM repository WHERE project_id = $1 ORDER BY id`, p)
			if err != nil {
				t.Error(err)
				return
			}
			ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if err != nil {
				t.Error(err)
			}
			for _, id := range ids {
				_, err := y.artifacts.Restore(context.Background(), y.by, as, artifact.Selection{Repositories: []int64{id}})
				switch {
				case err == nil:
					restored = append(restored, id)
				case !errors.Is(err, fault.ErrNotFound):
					t.Error(err)
				}
			}
		})
		work.Wait()
		y.clock.Pass(2 * window)
		y.collect()
		y.checkInvariants()
		for _, id := range restored {
			if n := y.one(`SELECT count(*) FROM tag t JOIN artifact a ON a.id = t.artifact_id AND a.deleted_at IS NULL JOIN artifact_blob e ON e.artifact_id = a.id
				WHERE t.repository_id = $1`, id); n != 4 {
				t.Errorf("round %d: repository %d came back with %d blobs", round, id, n)
			}
		}
		back += len(restored)
		if n := y.one(`SELECT count(*) FROM repository WHERE project_id = $1`, p); n != int64(len(restored)) {
			t.Errorf("round %d: %d repositories are left, %d were restored", round, n, len(restored))
		}
	}
	for _, d := range y.storage.All() {
		if n := y.one(`SELECT count(*) FROM blob WHERE digest = $1`, d); n != 1 {
			t.Errorf("%s is left in the storage and has no row", d)
		}
	}
	t.Logf("%d repositories were quick enough", back)
}

// A tag, a parent, a subject that lives and a young push each keep an untagged artifact.
func TestDeleteUntaggedLeavesWhatIsNeeded(t *testing.T) {
	y := newYard(t)
	tagged := y.push("library/app", "v1", "config 1", "layer 1")
	part := y.push("library/app", "", "config 2", "layer 2")
	y.must(y.put("library/app", "multi", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{part.descriptor()}}))
	subject := tagged.descriptor()
	signature := image("signature", "payload")
	signature.Subject, signature.ArtifactType = &subject, "application/vnd.dev.cosign.artifact.sig.v1+json"
	for _, content := range []string{"signature", "payload"} {
		_, err := y.upload("library/app", content)
		y.must(err)
	}
	y.must(y.put("library/app", "", signature))
	y.clock.Pass(artifact.Lease)
	y.push("library/app", "", "config 3", "layer 3") // young
	if got, log := y.runCollection(job.CollectArgs{DeleteUntagged: true}); got.Untagged != 0 {
		t.Error(log)
	}
	y.must(y.artifacts.DeleteTag(t.Context(), y.by, "library", "app", "v1", "v1"))
	y.clock.Pass(artifact.Lease)
	got, log := y.runCollection(job.CollectArgs{DeleteUntagged: true})
	if got.Untagged != 2 { // the image, with its signature, and the one that was young
		t.Errorf("%d\n%s", got.Untagged, log)
	}
	if n := y.one(`SELECT count(*) FROM artifact WHERE deleted_at IS NOT NULL`); n != 3 {
		t.Errorf("%d are in the recycle bin", n)
	}
	y.checkInvariants()
}

func TestARunThatIsStoppedOrKilledIsGoneOnWith(t *testing.T) {
	y := newYard(t)
	for i := range 30 {
		y.push("library/app", "", "config "+string(rune('a'+i)), "layer "+string(rune('a'+i)))
	}
	y.must(y.artifacts.DeleteRepository(t.Context(), y.by, "library", "app"))
	y.clock.Pass(window)
	args := job.CollectArgs{Workers: 1}
	e, err := y.jobs.Start(t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
	y.must(err)
	ctx, cancel := context.WithCancel(t.Context())
	removed := 0
	y.storage.Fail(func(op string, _ digest.Digest) error {
		if removed++; op == "remove" && removed == 40 {
			cancel()
		}
		return nil
	})
	run := y.begin(e.ID)
	failed := y.garbage.Run(ctx, run, args)
	if !errors.Is(failed, context.Canceled) {
		t.Fatal(failed)
	}
	_, err = run.End(t.Context(), job.Outcome{Err: failed, Leaving: true}, func(store.Tx) error { return nil })
	y.must(err)
	y.clock.Pass(time.Minute)
	run = y.begin(e.ID)
	y.must(y.garbage.Run(t.Context(), run, args))
	_, err = run.End(t.Context(), job.Outcome{}, func(store.Tx) error { return nil })
	y.must(err)
	got, _ := y.ended(e.ID)
	if !strings.Contains(strings.ReplaceAll(string(*got.Result), " ", ""), `"purged_blobs":60`) || !strings.Contains(strings.ReplaceAll(string(*got.Result), " ", ""), `"purged_manifests":30`) {
		t.Errorf("of both attempts: %s", *got.Result)
	}
	var result gc.Result
	y.must(got.Result.Into(&result))
	if got.Progress.Bytes == 0 || got.Progress.Bytes != result.Bytes {
		t.Errorf("%d bytes of progress, %d freed", got.Progress.Bytes, result.Bytes)
	}
	if got := y.rows(); got != emptyYard {
		t.Error(got)
	}
}

func TestARunIsRefusedWithWrongWorkers(t *testing.T) {
	y := newYard(t)
	for _, n := range []int{0, 11, -1} {
		args := job.CollectArgs{Workers: n}
		e, err := y.jobs.Start(t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
		y.must(err)
		run := y.begin(e.ID)
		err = y.garbage.Run(t.Context(), run, args)
		if !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%d workers: %v", n, err)
		}
		_, err = run.End(t.Context(), job.Outcome{Err: err, Final: true}, func(store.Tx) error { return nil })
		y.must(err)
	}
}

func TestTheSummaryTellsWhatWaitsAndWhatWasFreed(t *testing.T) {
	y := newYard(t)
	m := y.push("library/app", "v1", "config", "layer")
	y.must(y.artifacts.Delete(t.Context(), y.by, "library", "app", "v1"))
	sum, err := y.garbage.Summary(t.Context())
	size := m.descriptor().Size + 6 + 5
	if err != nil || sum.Bin.Count != 1 || sum.Bin.Bytes != size || sum.Oldest != nil || sum.Month.Bytes != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	y.clock.Pass(window)
	if sum, err = y.garbage.Summary(t.Context()); err != nil || sum.Oldest == nil {
		t.Errorf("%+v, %v", sum, err)
	}
	y.collect()
	sum, err = y.garbage.Summary(t.Context())
	if err != nil || sum.Bin.Count != 0 || sum.Today.Bytes != size || sum.Today.Blobs != 2 || sum.Today.Manifests != 1 || sum.Month != sum.Today {
		t.Errorf("%+v, %v", sum, err)
	}
	y.clock.Pass(24 * time.Hour)
	if sum, err = y.garbage.Summary(t.Context()); err != nil || sum.Today.Bytes != 0 || sum.Month.Bytes != size {
		t.Errorf("a day later %+v, %v", sum, err)
	}
}

// A blob whose bytes Postgres still keeps would be written back by whoever settles it.
func TestAnUnsettledBlobIsLeftUntilItIsSettled(t *testing.T) {
	y := newYard(t)
	d := digest.FromString("small")
	_, err := y.artifacts.CommitSmall(t.Context(), "library/app", d, []byte("small"), "")
	y.must(err)
	y.must(y.storage.Put(d, []byte("small")))
	y.clock.Pass(2 * artifact.Lease)
	y.collect()
	if !slices.Contains(y.storage.All(), d) {
		t.Fatal("it is gone")
	}
	y.must(y.artifacts.SettleBlobs(t.Context(), []digest.Digest{d}))
	y.clock.Pass(time.Minute)
	y.collect()
	if got := y.rows(); got != emptyYard {
		t.Error(got)
	}
}
