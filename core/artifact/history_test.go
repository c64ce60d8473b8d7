package artifact_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

func (x *index) history(tag string) []artifact.Move {
	x.t.Helper()
	list, err := x.History(ctx, "library", "app", tag, page.Page{Size: 100})
	x.must(err)
	if int(list.Total) != len(list.Items) {
		x.t.Errorf("%d of %d moves", len(list.Items), list.Total)
	}
	return list.Items
}

// purge does what garbage collection does to an artifact's row.
func (x *index) purge(id int64) {
	x.t.Helper()
	x.exec(`INSERT INTO purged_artifact (id, repository_id, digest, at) SELECT id, repository_id, digest, now() FROM artifact WHERE id = $1`, id)
	x.exec(`DELETE FROM gc_candidate WHERE kind = 'artifact' AND id = $1`, id)
	x.exec(`DELETE FROM artifact_child WHERE parent_id = $1`, id)
	x.exec(`WITH gone AS (DELETE FROM artifact_blob WHERE artifact_id = $1 RETURNING blob_id),
		counted AS (DELETE FROM project_blob pb USING artifact a WHERE a.id = $1 AND pb.project_id = a.project_id AND pb.blob_id IN (SELECT blob_id FROM gone)
			AND NOT EXISTS (SELECT FROM artifact_blob e JOIN artifact o ON o.id = e.artifact_id WHERE e.blob_id = pb.blob_id AND e.artifact_id <> $1 AND o.project_id = a.project_id)
			RETURNING pb.project_id, pb.blob_id)
		INSERT INTO quota_delta (project_id, bytes) SELECT c.project_id, -b.size FROM counted c JOIN blob b ON b.id = c.blob_id`, id)
	x.exec(`DELETE FROM artifact WHERE id = $1`, id)
}

func TestATagsHistoryTellsWhoMovedItWhyAndWhatIsLeft(t *testing.T) {
	x := newIndex(t)
	var digests []digest.Digest
	for i := range 3 {
		p := x.image("library/app", "v1", fmt.Sprint("content ", i))
		x.push(p)
		digests = append(digests, p.Digest)
		x.later(time.Minute)
	}
	x.must(x.Delete(ctx, x.by, "library", "app", digests[1].String()))
	x.must(x.Delete(ctx, x.by, "library", "app", digests[0].String()))
	x.purge(x.id(digests[0]))
	x.later(time.Minute)
	x.must(x.DeleteTag(ctx, x.by, "library", "app", "v1", "v1"))
	moves := x.history("v1")
	var got []string
	for _, m := range moves {
		from, to := "-", "-"
		if m.From != nil {
			from = fmt.Sprint(indexOf(digests, m.From.Digest), m.From.State)
		}
		if m.To != nil {
			to = fmt.Sprint(indexOf(digests, m.To.Digest), m.To.State)
		}
		got = append(got, fmt.Sprintf("%s %s>%s %s", m.Cause, from, to, m.By))
	}
	want := "delete 2alive>- alice, push 1bin>2alive alice, push 0purged>1bin alice, push ->0purged alice"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("%s\nwant %s", s, want)
	}
	if u := moves[1].From.Until; u == nil || !u.Equal(x.now.Add(14*24*time.Hour-time.Minute)) {
		t.Errorf("restorable until %v", u)
	}
	x.push(x.image("library/app", "v2", "more"))
	if n := len(x.history("")); n != 5 {
		t.Errorf("the repository's history has %d moves", n)
	}
	if _, err := x.History(ctx, "library", "nosuch", "", page.Page{}); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
}

func indexOf(all []digest.Digest, d string) int {
	for i := range all {
		if all[i].String() == d {
			return i
		}
	}
	return -1
}

func TestATagIsRestoredToWhatItHasPointedAt(t *testing.T) {
	x := newIndex(t)
	first, _ := x.signed("library/app", "v1", "one")
	_, err := x.AddTag(ctx, x.by, "library", "app", "v1", "also")
	x.must(err)
	x.later(time.Minute)
	second := x.image("library/app", "v1", "two")
	x.push(second)
	other := x.image("library/app", "v2", "three")
	x.push(other)
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", first.Digest.String()))
	x.later(time.Minute)

	_, err = x.RestoreTag(ctx, x.by, "library", "app", "v1", first.Digest, false)
	if !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("by who may not use the bin: %v", err)
	}
	_, err = x.RestoreTag(ctx, x.by, "library", "app", "v1", other.Digest, true)
	if !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("to what it never pointed at: %v", err)
	}
	got, err := x.RestoreTag(ctx, x.by, "library", "app", "v1", first.Digest, true)
	if err != nil || !got.Revived || got.From != second.Digest.String() || got.To != first.Digest.String() {
		t.Errorf("%+v, %v", got, err)
	}
	x.checkInvariants()
	r, err := x.ResolveManifest(ctx, "library/app", tagged("v1"))
	if err != nil || r.Digest != first.Digest {
		t.Error(r.Digest, err)
	}
	if got := x.tags("library/app"); got != "v1 v2" { // and not 'also'
		t.Error(got)
	}
	if referrers, err := x.Referrers(ctx, "library/app", first.Digest, "", "", 10); err != nil || len(referrers) != 1 {
		t.Error(referrers, err)
	}
	if m := x.history("v1"); m[0].Cause != "restore" || m[0].From.Digest != second.Digest.String() {
		t.Errorf("%+v", m[0])
	}
	if got, err := x.RestoreTag(ctx, x.by, "library", "app", "v1", first.Digest, true); err != nil || got.Revived || len(x.history("v1")) != 3 {
		t.Errorf("where it is: %+v, %v", got, err)
	}

	x.must(x.DeleteTag(ctx, x.by, "library", "app", "v1", "v1"))
	if got, err := x.RestoreTag(ctx, x.by, "library", "app", "v1", second.Digest, false); err != nil || got.From != "" {
		t.Errorf("a tag that is gone: %+v, %v", got, err)
	}
	x.rule("app", "v1")
	_, err = x.RestoreTag(ctx, x.by, "library", "app", "v1", first.Digest, true)
	refusedAsImmutable(t, "restoring it", "Failed to process request due to 'app:v1' configured as immutable.", err)
	x.checkInvariants()
}

func TestARepositoryIsRestoredToATime(t *testing.T) {
	x := newIndex(t)
	x.rule("app", "fixed*")
	a, b, c := x.image("library/app", "moved", "a"), x.image("library/app", "gone", "b"), x.image("library/app", "lost", "c")
	for _, p := range []artifact.Push{a, b, c} {
		x.push(p)
	}
	x.push(x.image("library/app", "same", "same"))
	x.push(x.image("library/app", "fixed-then", "f"))
	x.later(time.Minute)
	then := x.now
	x.later(time.Minute)
	x.push(x.image("library/app", "moved", "d"))
	x.push(x.image("library/app", "new", "e"))
	x.push(x.image("library/app", "fixed-now", "g"))
	x.must(x.Delete(ctx, x.by, "library", "app", "gone"))
	x.must(x.Delete(ctx, x.by, "library", "app", "lost"))
	x.must(x.Delete(ctx, x.by, "library", "app", a.Digest.String()))
	x.purge(x.id(c.Digest))
	x.later(time.Minute)
	before := x.tags("library/app")
	plan, err := x.PlanRestore(ctx, "library", "app", then)
	x.must(err)
	want := map[artifact.Effect]int64{artifact.Moves: 1, artifact.ComesBack: 1, artifact.Goes: 1, artifact.Lost: 1, artifact.Kept: 1}
	if fmt.Sprint(plan.Counts) != fmt.Sprint(want) || plan.Revived != 2 || len(plan.Changes) != 5 || x.tags("library/app") != before {
		t.Fatalf("%+v, tags %s", plan, x.tags("library/app"))
	}
	if first := plan.Changes[0]; first.Tag != "fixed-now" || first.Effect != artifact.Kept || plan.Changes[1].To != b.Digest.String() {
		t.Errorf("%+v", plan.Changes)
	}
	done, err := x.RestoreRepository(ctx, x.by, "library", "app", then)
	x.must(err)
	if fmt.Sprint(done) != fmt.Sprint(plan) {
		t.Errorf("%+v\nplanned %+v", done, plan)
	}
	x.checkInvariants()
	if got := x.tags("library/app"); got != "fixed-now fixed-then gone moved same" {
		t.Error(got)
	}
	for tag, p := range map[string]artifact.Push{"moved": a, "gone": b} {
		if r, err := x.ResolveManifest(ctx, "library/app", tagged(tag)); err != nil || r.Digest != p.Digest {
			t.Errorf("%s: %s, %v", tag, r.Digest, err)
		}
	}
	x.later(time.Minute)
	again, err := x.PlanRestore(ctx, "library", "app", then)
	if err != nil || again.Counts[artifact.Moves]+again.Counts[artifact.ComesBack]+again.Counts[artifact.Goes] != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	for _, at := range []time.Time{{}, x.now.Add(time.Second)} {
		if _, err := x.RestoreRepository(ctx, x.by, "library", "app", at); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("to %v: %v", at, err)
		}
	}
}

// 100,000 tags are put back in one transaction, by statements whose number does not
// grow with them.
func TestARepositoryOfManyTagsIsRestoredToATime(t *testing.T) {
	x := newIndex(t)
	const artifacts = 20_000
	x.fill("many", 1, artifacts)
	x.exec(`DELETE FROM tag WHERE name LIKE 'many-%'`)
	x.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) SELECT repository_id, 'n' || n || '-' || id, id, pushed_at
		FROM artifact, generate_series(1, 4) n WHERE kind = 'image'`)
	x.exec(`UPDATE artifact a SET tag_count = (SELECT count(*) FROM tag t WHERE t.artifact_id = a.id)`)
	at := time.Now().Add(-time.Hour)
	x.exec(`INSERT INTO tag_event (repository_id, name, to_artifact_id, at, by_name, cause) SELECT repository_id, name, artifact_id, $1, 'alice', 'push' FROM tag`, at.Add(-time.Hour))
	x.now = time.Now()
	n := x.one(`SELECT count(*) FROM tag`)
	if n < 90_000 {
		t.Fatal(n)
	}
	x.exec(`ANALYZE`)
	x.must(x.DeleteRepository(ctx, x.by, "many", "r1"))
	x.later(time.Minute)
	start := time.Now()
	r, err := x.Restore(ctx, x.by, "many", artifact.Selection{Repositories: []int64{x.one(`SELECT id FROM repository WHERE full_name = 'many/r1'`)}})
	if err != nil || int64(len(r.Tags)) != n {
		t.Fatal(len(r.Tags), err)
	}
	t.Logf("the repository was restored in %v", time.Since(start))
	x.later(time.Minute)
	x.exec(`WITH moved AS (UPDATE tag SET artifact_id = artifact_id + 1 WHERE name LIKE 'n1-%' AND artifact_id < (SELECT max(id) FROM artifact) RETURNING repository_id, name, artifact_id)
		INSERT INTO tag_event (repository_id, name, from_artifact_id, to_artifact_id, at, by_name, cause) SELECT repository_id, name, artifact_id - 1, artifact_id, $1, 'alice', 'retag' FROM moved`, x.now)
	x.exec(`WITH gone AS (DELETE FROM tag WHERE name LIKE 'n2-%' RETURNING repository_id, name, artifact_id)
		INSERT INTO tag_event (repository_id, name, from_artifact_id, at, by_name, cause) SELECT repository_id, name, artifact_id, $1, 'alice', 'delete' FROM gone`, x.now)
	x.exec(`UPDATE artifact a SET tag_count = (SELECT count(*) FROM tag t WHERE t.artifact_id = a.id)`)
	x.later(time.Minute)
	start = time.Now()
	done, err := x.RestoreRepository(ctx, x.by, "many", "r1", at)
	x.must(err)
	t.Logf("%d tags were moved and %d made in %v", done.Counts[artifact.Moves], done.Counts[artifact.ComesBack], time.Since(start))
	if done.Counts[artifact.Moves] < artifacts/2 || done.Counts[artifact.ComesBack] < artifacts/2 || len(done.Changes) != artifact.MostPlanned || time.Since(start) > time.Minute {
		t.Errorf("%+v", done.Counts)
	}
	if wrong := x.one(`SELECT count(*) FROM artifact a WHERE tag_count <> (SELECT count(*) FROM tag WHERE artifact_id = a.id)`); wrong != 0 {
		t.Errorf("tag_count of %d artifacts is wrong", wrong)
	}
}
