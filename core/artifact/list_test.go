package artifact_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func query(t *testing.T, q, sort string) page.Page {
	t.Helper()
	p, err := page.New(1, 100, q, sort)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPageOfArtifactsTakesTheSameQueriesWhateverItsSize(t *testing.T) {
	x := newIndex(t)
	var id int64
	for i := range 12 {
		x.push(x.image("library/app", fmt.Sprintf("v%d", i), fmt.Sprint(i)))
	}
	id = x.one(`SELECT id FROM project WHERE name = 'library'`)
	n := storetest.Count(t, x.db)
	for _, size := range []int{1, 12} {
		n.Reset()
		got, err := x.List(ctx, artifact.Filter{ProjectID: id, Repository: "app", With: artifact.With{Tags: true, Labels: true, Accessories: true, Immutable: true}}, page.Page{Size: size})
		if err != nil || len(got.Items) != size || got.Total != 12 || len(got.Items[0].Tags) != 1 {
			t.Fatalf("got %d of %d, %v", len(got.Items), got.Total, err)
		}
		if n.Queries() != 4 {
			t.Errorf("a page of %d took %d queries", size, n.Queries())
		}
	}
}

func TestArtifactsAreFilteredAndSorted(t *testing.T) {
	x := newIndex(t)
	for i, tag := range []string{"v1", "v2", "latest", ""} {
		x.now = x.now.Add(time.Minute)
		x.push(x.image("library/app", tag, fmt.Sprint(i)))
	}
	x.push(x.image("library/web", "v1", "web"))
	id := x.one(`SELECT id FROM project WHERE name = 'library'`)
	tests := []struct {
		q, sort    string
		repository string
		latest     bool
		total      int64
	}{
		{"", "", "app", false, 4},
		{"", "push_time", "", false, 5},
		{"tags=v1", "", "app", false, 1},
		{"tags=~v", "", "app", false, 2},
		{"tags=~%", "", "app", false, 0},
		{"tags=*", "", "app", false, 3},
		{"tags=nil", "", "app", false, 1},
		{"tags={v1 latest}", "", "app", false, 2},
		{"type=IMAGE", "-size", "app", false, 4},
		{"type=CHART", "", "app", false, 0},
		{"push_time=[2026-03-01T12:02:00~2026-03-01T12:03:00]", "", "app", false, 2},
		{"", "", "", true, 2},
		{"", "", "nosuch", false, 0},
	}
	for _, test := range tests {
		got, err := x.List(ctx, artifact.Filter{ProjectID: id, Repository: test.repository, LatestInRepository: test.latest}, query(t, test.q, test.sort))
		if err != nil || got.Total != test.total || int64(len(got.Items)) != test.total {
			t.Errorf("%+v: got %d items, total %d, %v", test, len(got.Items), got.Total, err)
		}
	}
}

func TestRepositoriesAreListedOnceTheyHaveAManifestAndToThoseWhoMaySeeThem(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	x.blob("library/unfinished", "bytes", "")
	stranger := rbac.Subject{Kind: rbac.Human, ID: 99, Name: "eve"}
	tests := []struct {
		name string
		who  rbac.Subject
		want int64
	}{{"a member", x.by, 1}, {"a stranger", stranger, 0}, {"nobody", rbac.Subject{}, 0}, {"an administrator", rbac.Subject{Kind: rbac.Human, SysAdmin: true}, 1}}
	for _, test := range tests {
		got, err := x.ListRepositories(ctx, artifact.RepositoryFilter{Who: test.who}, page.Page{})
		if err != nil || got.Total != test.want {
			t.Errorf("%s sees %d repositories, want %d (%v)", test.name, got.Total, test.want, err)
		}
	}
	x.exec(`UPDATE project SET public = true`)
	if got, err := x.ListRepositories(ctx, artifact.RepositoryFilter{}, query(t, "name=~app", "-name")); err != nil || got.Total != 1 || got.Items[0].FullName() != "library/app" || got.Items[0].ArtifactCount != 1 {
		t.Errorf("of a public project: %+v, %v", got, err)
	}
}

func TestADescriptionIsRefusedAfterAnotherEditButNotAfterAPush(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	seen, err := x.GetRepository(ctx, "library", "app")
	if err != nil {
		t.Fatal(err)
	}
	x.exec(`UPDATE repository SET updated_at = updated_at + interval '2 seconds'`) // as a later push does
	if err := x.UpdateRepository(ctx, x.by, "library", "app", &seen.UpdatedAt, "mine"); err != nil {
		t.Errorf("after a push: %v", err)
	}
	stale := seen.UpdatedAt.Add(-time.Second)
	if err := x.UpdateRepository(ctx, x.by, "library", "app", &stale, "theirs"); err == nil || !strings.Contains(err.Error(), "somebody has changed this") {
		t.Errorf("after an edit: %v", err)
	}
}

func TestADeletedRepositoryIsGoneWithItsTagsAndItsNameIsFree(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	if err := x.UpdateRepository(ctx, x.by, "library", "app", nil, "hello"); err != nil {
		t.Fatal(err)
	}
	if r, err := x.GetRepository(ctx, "library", "app"); err != nil || r.Description != "hello" {
		t.Errorf("got %+v, %v", r, err)
	}
	if err := x.DeleteRepository(ctx, x.by, "library", "app"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.GetRepository(ctx, "library", "app"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if err := x.DeleteRepository(ctx, x.by, "library", "app"); !errors.Is(err, fault.ErrNotFound) || err.Error() != "repository library/app not found" {
		t.Errorf("a second time: %v", err)
	}
	x.checkInvariants()
	x.push(x.image("library/app", "v2", "two"))
	if names, err := x.TagNames(ctx, "library/app", "", 10); err != nil || len(names) != 1 || names[0] != "v2" {
		t.Errorf("tags: %v, %v", names, err)
	}
	x.checkInvariants()
}

func TestTagsAndTheCatalogueArePagedInLexicalOrder(t *testing.T) {
	x := newIndex(t)
	x.project("lib", -1)
	for _, tag := range []string{"b", "a", "C", "a1"} {
		x.push(x.image("library/app", tag, "one"))
	}
	x.push(x.image("lib/z", "v1", "one"))
	for last, want := range map[string]string{"": "[C a]", "C": "[a a1]", "a1": "[b]", "b": "[]"} {
		if got, err := x.TagNames(ctx, "library/app", last, 2); err != nil || fmt.Sprint(got) != want {
			t.Errorf("after %q: %v, %v", last, got, err)
		}
	}
	if _, err := x.TagNames(ctx, "library/none", "", 2); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("of a repository that is not there: %v", err)
	}
	if got, err := x.Catalog(ctx, "", 10); err != nil || fmt.Sprint(got) != "[lib/z library/app]" {
		t.Errorf("catalogue: %v, %v", got, err)
	}
	if got, err := x.Catalog(ctx, "lib/z", 10); err != nil || fmt.Sprint(got) != "[library/app]" {
		t.Errorf("catalogue after lib/z: %v, %v", got, err)
	}
}

func TestTagsAreAddedListedAndRemovedByName(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	if _, err := x.AddTag(ctx, x.by, "library", "app", p.Digest.String(), "stable"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.AddTag(ctx, x.by, "library", "app", "v1", "stable"); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a taken name: %v", err)
	}
	if _, err := x.AddTag(ctx, x.by, "library", "app", "v1", "bad tag"); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a bad name: %v", err)
	}
	if got, err := x.Tags(ctx, "library", "app", "v1", false, query(t, "", "name")); err != nil || got.Total != 2 || got.Items[0].Name != "stable" {
		t.Errorf("tags: %+v, %v", got, err)
	}
	if err := x.DeleteTag(ctx, x.by, "library", "app", "v1", "stable"); err != nil {
		t.Fatal(err)
	}
	if err := x.DeleteTag(ctx, x.by, "library", "app", "v1", "stable"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	x.checkInvariants()
}

func TestPullsAreCountedInBatchesAndAudited(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	r, err := x.ResolveManifest(ctx, "library/app", tagged("v1"))
	if err != nil {
		t.Fatal(err)
	}
	n := storetest.Count(t, x.db)
	for range 100 {
		x.Pulled(x.by, "library/app", r, "v1")
	}
	if n.Queries() != 0 {
		t.Errorf("100 pulls wrote %d times in their requests", n.Queries())
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	x.RunPulls(stopped) // what is left when the program stops is written
	if _, err := x.Fold(ctx); err != nil {
		t.Fatal(err)
	}
	repository, err := x.GetRepository(ctx, "library", "app")
	if err != nil || repository.PullCount != 100 {
		t.Errorf("pull count %d, %v", repository.PullCount, err)
	}
	a, err := x.Get(ctx, "library", "app", "v1")
	if err != nil || a.PulledAt == nil || !a.PulledAt.Equal(x.now) || a.Tags[0].PulledAt == nil {
		t.Errorf("got %+v, %v", a, err)
	}
	x.auditBatch.Run(stopped)
	const entries = `SELECT count(*) FROM audit_event WHERE operation = 'pull' AND resource = 'library/app:v1' AND username = 'alice' AND payload = '{"times": 100}' AND description LIKE '%(100 times)'`
	if got := x.one(entries); got != 1 {
		t.Errorf("%d entries say that there were 100 pulls", got)
	}
	if again, err := x.Fold(ctx); err != nil || again != 0 {
		t.Errorf("a second fold took %d rows, %v", again, err)
	}
}

func TestAClientThatPullsAWholeRepositoryIsListedInAFewEntries(t *testing.T) {
	x := newIndex(t)
	const tags = 3000
	for i := range tags {
		r := artifact.Resolved{ArtifactID: 1, TagID: int64(i + 1), ProjectID: 1, Digest: "sha256:1"}
		for range 2 {
			x.Pulled(x.by, "library/app", r, fmt.Sprintf("version-%04d", i))
		}
	}
	x.Pulled(x.by, "library/other", artifact.Resolved{ArtifactID: 2, ProjectID: 1, Digest: "sha256:2"}, "v1")
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	x.RunPulls(stopped)
	x.auditBatch.Run(stopped)
	for what, c := range map[string]struct {
		sql  string
		want int64
	}{
		"entries":          {`SELECT count(*) FROM audit_event WHERE resource = 'library/app'`, 4},
		"tags in them":     {`SELECT count(DISTINCT tag) FROM audit_event, jsonb_array_elements_text(payload -> 'references') AS tag WHERE resource = 'library/app'`, tags},
		"times in them":    {`SELECT sum((payload ->> 'times')::bigint)::bigint FROM audit_event WHERE resource = 'library/app'`, 2 * tags},
		"the other one":    {`SELECT count(*) FROM audit_event WHERE resource = 'library/other:v1' AND payload IS NULL`, 1},
		"pulls counted":    {`SELECT sum(count)::bigint FROM pull_delta`, 2*tags + 1},
		"entries too long": {`SELECT count(*) FROM audit_event WHERE payload ? 'omitted'`, 0},
	} {
		if got := x.one(c.sql); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}

func TestHotQueriesUseTheirIndexes(t *testing.T) {
	x := newIndex(t)
	x.exec(`INSERT INTO project (name, owner_id) SELECT 'p' || i, $1 FROM generate_series(1, 2000) i`, x.by.ID)
	x.exec(`INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || i, 'm', 1, '' FROM generate_series(1, 20000) i`)
	x.exec(`INSERT INTO repository (project_id, name, full_name, published_at) SELECT 1, 'r' || i, 'library/r' || i, now() FROM generate_series(1, 2000) i`)
	x.exec(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count) SELECT 1, 1 + i % 10, 'sha256:' || i, 'image', 'm', 1, 1 FROM generate_series(1, 20000) i`)
	x.exec(`INSERT INTO tag (repository_id, name, artifact_id) SELECT a.repository_id, 't' || a.id, a.id FROM artifact a`)
	x.exec(`INSERT INTO blob (digest, size, lease_until) SELECT 'sha256:' || i, 1, now() FROM generate_series(1, 20000) i`)
	x.exec(`INSERT INTO repository_blob (repository_id, blob_id, lease_until) SELECT 1 + b.id % 10, b.id, now() FROM blob b`)
	x.exec(`ANALYZE`)
	for _, sql := range []string{artifact.ResolveTagSQL, artifact.ResolveDigestSQL} {
		storetest.NoSeqScan(t, x.db, sql, "library", "r1", "t7")
	}
	storetest.NoSeqScan(t, x.db, artifact.StatBlobSQL, "library", "r1", "sha256:7")
}
