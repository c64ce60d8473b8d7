package artifact_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

var ctx = context.Background()

func tagged(tag string) oci.Reference { return oci.Reference{Tag: tag} }

func byDigest(d digest.Digest) oci.Reference { return oci.Reference{Digest: d} }

func TestAPushIsVisibleToTheNextPull(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	for _, ref := range []oci.Reference{tagged("v1"), byDigest(p.Digest)} {
		r, err := x.ResolveManifest(ctx, "library/app", ref)
		if err != nil {
			t.Fatal(err)
		}
		if r.Digest != p.Digest || string(r.Payload) != string(p.Payload) || r.MediaType != oci.MediaTypeImageManifest || (ref.Tag != "") != (r.TagID != 0) {
			t.Errorf("%s: got %+v", ref, r)
		}
	}
	x.checkInvariants()
}

func TestAPullByTagIsOneQueryColdOrWarmAndAWarmOneFetchesNoBytes(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	n := storetest.Count(t, x.db)
	if _, err := x.ResolveManifest(ctx, "library/app", tagged("v1")); err != nil {
		t.Fatal(err)
	}
	if n.Queries() != 1 {
		t.Errorf("a cold pull by tag took %d queries: %v", n.Queries(), n.Statements())
	}
	n.Reset()
	r, err := x.ResolveManifest(ctx, "library/app", tagged("v1"))
	if err != nil || r.Payload != nil || r.Digest != p.Digest {
		t.Errorf("a warm pull: %+v, %v", r, err)
	}
	if n.Queries() != 1 || !strings.Contains(n.Statements()[0], "FROM change") {
		t.Errorf("a warm pull asked more than what has changed: %v", n.Statements())
	}
}

func TestASmallImageTakesThreeCommits(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v0", "zero"))
	n := storetest.Count(t, x.db)
	x.push(x.image("library/app", "v1", "one"))
	if n.Commits() != 3 { // config, layer, manifest
		t.Errorf("%d commits", n.Commits())
	}
}

// A plan that was made while the tables were small is kept for as long as a connection
// lives, also for the checks of foreign keys. Pushes must not slow down with their number.
func TestPushesReadNoTableFromEndToEndHoweverSmallItWasWhenTheyBegan(t *testing.T) {
	x := newIndex(t)
	push := func(from, to int) {
		for i := from; i < to; i++ {
			x.push(x.image("library/app", fmt.Sprint("v", i), fmt.Sprint("content ", i)))
		}
	}
	push(0, 10)
	x.exec("ANALYZE")
	push(10, 100)
	for _, c := range x.db.Pool.AcquireAllIdle(ctx) {
		if _, err := c.Exec(ctx, "SELECT pg_stat_force_next_flush()"); err != nil {
			t.Fatal(err)
		}
		c.Release()
	}
	rows, err := x.db.Pool.Query(ctx, `SELECT relname, seq_tup_read FROM pg_stat_user_tables
		WHERE seq_tup_read > 200 AND relname IN ('artifact', 'artifact_blob', 'blob', 'manifest', 'repository_blob', 'tag')`)
	if err != nil {
		t.Fatal(err)
	}
	var table string
	var read int64
	if _, err := pgx.ForEachRow(rows, []any{&table, &read}, func() error {
		t.Errorf("%d rows of %s were read by scans", read, table)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n := x.one(`SELECT sum(idx_scan)::bigint FROM pg_stat_user_tables WHERE relname = 'blob'`); n < 100 {
		t.Fatalf("the counters say nothing: %d index scans of blob", n)
	}
}

func TestWhatIsNotThereIsToldApart(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	for repository, want := range map[string]string{
		"library/app":  "artifact library/app:nosuch not found",
		"library/none": "repository library/none not found",
		"none/app":     "repository none/app not found",
	} {
		_, err := x.ResolveManifest(ctx, repository, tagged("nosuch"))
		if !errors.Is(err, fault.ErrNotFound) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", repository, err, want)
		}
	}
}

func TestAManifestWhoseBlobsAreMissingIsRefusedAndChangesNothing(t *testing.T) {
	x := newIndex(t)
	missing := oci.Descriptor{MediaType: oci.MediaTypeImageConfig, Digest: digest.FromString("nowhere"), Size: 7}
	_, err := x.CommitPush(ctx, x.by, x.manifest("library/app", "v1", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &missing}))
	var m *artifact.MissingError
	if !errors.As(err, &m) || len(m.Blobs) != 1 || m.Blobs[0] != missing.Digest {
		t.Fatalf("got %v", err)
	}
	if n := x.one(`SELECT (SELECT count(*) FROM artifact) + (SELECT count(*) FROM manifest) + (SELECT count(*) FROM tag) + (SELECT count(*) FROM audit_event)`); n != 0 {
		t.Errorf("the refused push left %d rows", n)
	}
}

func TestABlobOfAnotherRepositoryDoesNotCount(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	p.Repository = "library/other"
	_, err := x.CommitPush(ctx, x.by, p)
	var m *artifact.MissingError
	if !errors.As(err, &m) || len(m.Blobs) != 2 {
		t.Fatalf("got %v", err)
	}
}

func TestASizeThatIsNotTheBlobsIsRefused(t *testing.T) {
	x := newIndex(t)
	c := x.blob("library/app", "{}", oci.MediaTypeImageConfig)
	c.Size = 99
	_, err := x.CommitPush(ctx, x.by, x.manifest("library/app", "v1", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &c}))
	if !errors.Is(err, fault.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
}

func TestEachMoveOfATagIsARowOfItsHistory(t *testing.T) {
	x := newIndex(t)
	one, two := x.image("library/app", "v1", "one"), x.image("library/app", "v1", "two")
	x.push(one)
	x.push(two)
	x.push(one)
	if err := x.DeleteManifest(ctx, x.by, "library/app", tagged("v1")); err != nil {
		t.Fatal(err)
	}
	if n := x.one(`SELECT count(*) FROM tag_event WHERE name = 'v1' AND by_name = 'alice'`); n != 4 {
		t.Errorf("%d rows of history, want 4", n)
	}
	if n := x.one(`SELECT count(*) FROM tag_event WHERE cause = 'delete' AND to_artifact_id IS NULL AND from_artifact_id IS NOT NULL`); n != 1 {
		t.Error("the deletion is not in the history")
	}
	x.checkInvariants()
}

func TestAnIndexNeedsItsChildrenAndKeepsThem(t *testing.T) {
	x := newIndex(t)
	child := x.image("library/app", "", "child")
	list := manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{descriptor(child)}}
	list.Manifests[0].Platform = &oci.Platform{OS: "linux", Architecture: "arm64"}
	top := x.manifest("library/app", "multi", list)
	_, err := x.CommitPush(ctx, x.by, top)
	var m *artifact.MissingError
	if !errors.As(err, &m) || len(m.Manifests) != 1 {
		t.Fatalf("got %v", err)
	}
	x.push(child)
	x.push(top)
	if err := x.Delete(ctx, x.by, "library", "app", child.Digest.String()); !errors.Is(err, artifact.ErrReferenced) {
		t.Errorf("deleting a child: %v", err)
	}
	a, err := x.Get(ctx, "library", "app", "multi")
	if err != nil || len(a.Children) != 1 || a.Children[0].ChildDigest != child.Digest.String() || a.Children[0].Platform.Architecture != "arm64" {
		t.Errorf("got %+v, %v", a, err)
	}
	if want := int64(len(top.Payload)) + child.Manifest.Size(); a.Size != want {
		t.Errorf("the index has %d bytes, with its child it should have %d", a.Size, want)
	}
	all, err := x.List(ctx, artifact.Filter{ProjectID: a.ProjectID, Repository: "app"}, page.Page{})
	if err != nil || all.Total != 1 {
		t.Errorf("the list shows %d artifacts (%v); the untagged child is not one of them", all.Total, err)
	}
	x.checkInvariants()
	if err := x.Delete(ctx, x.by, "library", "app", "multi"); err != nil {
		t.Fatal(err)
	}
	if err := x.Delete(ctx, x.by, "library", "app", child.Digest.String()); err != nil {
		t.Errorf("without its index the child can go: %v", err)
	}
	x.checkInvariants()
}

func TestADeletedArtifactPushedAgainLives(t *testing.T) {
	x := newIndex(t)
	child := x.image("library/app", "", "child")
	x.push(child)
	top := x.manifest("library/app", "multi", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{descriptor(child)}})
	x.push(top)
	if err := x.Delete(ctx, x.by, "library", "app", top.Digest.String()); err != nil {
		t.Fatal(err)
	}
	if _, err := x.ResolveManifest(ctx, "library/app", tagged("multi")); !errors.Is(err, fault.ErrNotFound) {
		t.Fatalf("a deleted artifact resolves: %v", err)
	}
	if n := x.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact' AND not_before = $1`, x.now.AddDate(0, 0, 14)); n != 1 {
		t.Errorf("%d candidates for garbage collection after the recovery window", n)
	}
	x.push(top)
	x.checkInvariants()
	if n := x.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact'`); n != 0 {
		t.Error("a living artifact is a candidate for garbage collection")
	}
}

func TestReferrersAreThoseWhoseManifestNamesTheSubject(t *testing.T) {
	x := newIndex(t)
	subject := x.image("library/app", "v1", "one")
	x.push(subject)
	to := descriptor(subject)
	empty := x.blob("library/app", "{}", "application/vnd.oci.empty.v1+json")
	sbom := x.manifest("library/app", "", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, ArtifactType: "application/spdx+json", Config: &empty, Subject: &to, Annotations: map[string]string{"k": "v"}})
	if out := x.push(sbom); out.Subject != subject.Digest {
		t.Errorf("Subject is %q", out.Subject)
	}
	simple := x.blob("library/app", "signature", "application/vnd.dev.cosign.simplesigning.v1+json")
	x.push(x.manifest("library/app", strings.Replace(subject.Digest.String(), ":", "-", 1)+".sig", manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &empty, Layers: []oci.Descriptor{simple}}))

	all, err := x.Referrers(ctx, "library/app", subject.Digest, "", "", 10)
	if err != nil || len(all) != 1 || all[0].ArtifactType != "application/spdx+json" || all[0].Annotations["k"] != "v" || all[0].Size != int64(len(sbom.Payload)) {
		t.Errorf("referrers: %+v, %v", all, err)
	}
	if none, err := x.Referrers(ctx, "library/app", subject.Digest, "application/other", "", 10); err != nil || len(none) != 0 {
		t.Errorf("filtered: %+v, %v", none, err)
	}
	a, err := x.Get(ctx, "library", "app", "v1")
	if err != nil || len(a.Accessories) != 2 {
		t.Fatalf("accessories: %+v, %v", a.Accessories, err)
	}
	list, err := x.List(ctx, artifact.Filter{ProjectID: a.ProjectID, Repository: "app", With: artifact.With{Accessories: true}}, page.Page{})
	if err != nil || list.Total != 1 || len(list.Items[0].Accessories) != 2 {
		t.Errorf("accessories are listed under their subject only: %+v, %v", list, err)
	}
	if err := x.Delete(ctx, x.by, "library", "app", "v1"); err != nil {
		t.Fatal(err)
	}
	if n := x.one(`SELECT count(*) FROM artifact WHERE deleted_at IS NULL`); n != 0 {
		t.Errorf("%d accessories outlived their subject", n)
	}
	x.checkInvariants()
}

func TestAQuotaIsKeptAtCommitAndARefusedPushChangesNothing(t *testing.T) {
	x := newIndex(t)
	x.project("small", 700)
	x.push(x.image("small/app", "v1", "one"))
	used := x.one(`SELECT used FROM quota q JOIN project p ON p.id = q.project_id WHERE p.name = 'small'`)
	_, err := x.CommitPush(ctx, x.by, x.image("small/app", "v2", "two"))
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindDenied || !strings.Contains(f.Message, "will exceed the configured upper limit of 700 B.") {
		t.Fatalf("got %v", err)
	}
	if now := x.one(`SELECT used FROM quota q JOIN project p ON p.id = q.project_id WHERE p.name = 'small'`); now != used {
		t.Errorf("the refused push changed the usage from %d to %d", used, now)
	}
	if _, err := x.ResolveManifest(ctx, "small/app", tagged("v2")); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the refused push is visible: %v", err)
	}
	x.push(x.image("small/copy", "v1", "one")) // the same bytes in the same project cost nothing
	x.checkInvariants()
}

func TestConcurrentPushesOfSharedLayersAndTagsKeepTheInvariants(t *testing.T) {
	x := newIndex(t)
	pushes := make([]artifact.Push, 0, 24)
	for i := range 24 {
		pushes = append(pushes, x.image("library/app", fmt.Sprintf("t%d", i%5), fmt.Sprint(i%7)))
	}
	var group sync.WaitGroup
	errs := make(chan error, len(pushes))
	for i, p := range pushes {
		group.Go(func() {
			_, err := x.CommitPush(ctx, x.by, p)
			if err == nil && i%6 == 5 {
				if err = x.DeleteManifest(ctx, x.by, "library/app", byDigest(p.Digest)); errors.Is(err, fault.ErrNotFound) {
					err = nil // another one was quicker
				}
			}
			errs <- err
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	x.checkInvariants()
}

func TestAPushToAProjectThatIsNotThereIsNotFound(t *testing.T) {
	x := newIndex(t)
	err := x.CommitBlob(ctx, x.by, "nowhere/app", digest.FromString("x"), 1, "", func(context.Context) error { return nil })
	if !errors.Is(err, fault.ErrNotFound) || err.Error() != "project nowhere not found" {
		t.Fatalf("got %v", err)
	}
}

func TestAPushIsAudited(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	n := x.one(`SELECT count(*) FROM audit_event WHERE username = 'alice' AND operation = 'create' AND resource_type = 'artifact'
		AND resource = 'library/app:v1' AND description = $1 AND project_id IS NOT NULL`, "push artifact: library/app@"+p.Digest.String())
	if n != 1 {
		t.Errorf("%d audit entries", n)
	}
}

func TestConfigFactsThatJSONBCannotHoldDoNotRefuseThePush(t *testing.T) {
	x := newIndex(t)
	for i, config := range []string{`not json`, `{"os":"linux","config":{"Env":["a\u0000b"]}}`, `{"os":"linux","author":"` + strings.Repeat("x", 300<<10) + `"}`, `{"os":7}`} {
		c := x.blob("library/app", config, oci.MediaTypeImageConfig)
		p := x.manifest("library/app", fmt.Sprintf("v%d", i), manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &c})
		p.Config = []byte(config)
		x.push(p)
		if _, err := x.Get(ctx, "library", "app", p.Tag); err != nil {
			t.Errorf("config %.30q: %v", config, err)
		}
	}
}

// Whatever takes something away or points it elsewhere has to note it, or another
// process would go on answering from memory: each way of doing so, seen from a second
// process that had it in memory.
func TestAnotherProcessForgetsWhatHasChanged(t *testing.T) {
	x := newIndex(t)
	other := newReplica(t, x)
	app := func(tag string) func() error {
		return func() error { _, err := other.ResolveManifest(ctx, "library/app", tagged(tag)); return err }
	}
	first := x.image("library/app", "v1", "one")
	x.push(first)
	blob := first.Manifest.Blobs()[0].Digest
	for _, step := range []struct {
		what string
		look func() error // before it is fine, afterwards not found
		do   func() error
		back func()
	}{
		{"a tag is deleted", app("v1"), func() error { return x.DeleteTag(ctx, x.by, "library", "app", "v1", "v1") }, func() { x.push(first) }},
		{"an artifact is deleted, asked for by tag", app("v1"), func() error { return x.Delete(ctx, x.by, "library", "app", first.Digest.String()) }, func() { x.push(first) }},
		{"an artifact is deleted, asked for by digest", func() error {
			_, err := other.ResolveManifest(ctx, "library/app", byDigest(first.Digest))
			return err
		}, func() error { return x.Delete(ctx, x.by, "library", "app", "v1") }, func() { x.push(first) }},
		{"a blob is unlinked", func() error { _, err := other.StatBlob(ctx, "library/loose", blob); return err }, func() error {
			return x.UnlinkBlob(ctx, x.by, "library/loose", blob)
		}, nil},
		{"a repository is deleted", app("v1"), func() error { return x.DeleteRepository(ctx, x.by, "library", "app") }, nil},
	} {
		x.blob("library/loose", "one", "m")
		if _, _, err := x.MountBlob(ctx, x.by, "library/app", "library/loose", blob); err != nil {
			t.Fatal(err)
		}
		for range 2 { // read, then from memory
			if err := step.look(); err != nil {
				t.Errorf("before %s: %v", step.what, err)
			}
		}
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		if err := step.look(); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s, and the other process answers %v", step.what, err)
		}
		if step.back != nil {
			step.back()
		}
	}
}

func TestAnotherProcessSeesATagMove(t *testing.T) {
	x := newIndex(t)
	other := newReplica(t, x)
	for i := range 5 {
		p := x.image("library/app", "latest", fmt.Sprint("content ", i))
		x.push(p)
		for range 2 {
			if r, err := other.ResolveManifest(ctx, "library/app", tagged("latest")); err != nil || r.Digest != p.Digest {
				t.Fatalf("push %d: the other process has %s, want %s, %v", i, r.Digest, p.Digest, err)
			}
		}
	}
}
