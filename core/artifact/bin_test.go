package artifact_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func (x *index) later(d time.Duration) { x.now = x.now.Add(d) }

func (x *index) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *index) id(d digest.Digest) int64 {
	x.t.Helper()
	return x.one(`SELECT id FROM artifact WHERE digest = $1`, d.String())
}

func (x *index) tags(repository string) string {
	x.t.Helper()
	names, err := x.TagNames(ctx, repository, "", 1000)
	if errors.Is(err, fault.ErrNotFound) {
		return "no repository"
	}
	x.must(err)
	return strings.Join(names, " ")
}

func (x *index) bin() []artifact.BinnedArtifact {
	x.t.Helper()
	list, err := x.BinnedArtifacts(ctx, artifact.BinFilter{}, page.Page{Size: 100})
	x.must(err)
	if int(list.Total) != len(list.Items) {
		x.t.Errorf("%d of %d in the bin", len(list.Items), list.Total)
	}
	return list.Items
}

func (x *index) repositoryBin() []artifact.BinnedRepository {
	x.t.Helper()
	list, err := x.BinnedRepositories(ctx, artifact.BinFilter{}, page.Page{Size: 100})
	x.must(err)
	return list.Items
}

func (x *index) restore(ids ...int64) artifact.Restored {
	x.t.Helper()
	r, err := x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: ids})
	x.must(err)
	return r
}

// signed pushes an image with a signature, and with another thing that refers to that.
func (x *index) signed(repository, tag, seed string) (image, signature artifact.Push) {
	x.t.Helper()
	image = x.image(repository, tag, seed)
	x.push(image)
	signature = x.referrer(repository, image)
	x.push(signature)
	x.push(x.referrer(repository, signature))
	return image, signature
}

func (x *index) referrer(repository string, of artifact.Push) artifact.Push {
	x.t.Helper()
	empty := x.blob(repository, "{}", "application/vnd.oci.empty.v1+json")
	subject := descriptor(of)
	return x.manifest(repository, "", manifestText{
		SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, ArtifactType: "application/x.example", Config: &empty,
		Layers: []oci.Descriptor{empty}, Subject: &subject,
	})
}

func (x *index) indexOf(repository, tag string, children ...artifact.Push) artifact.Push {
	x.t.Helper()
	text := manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex}
	for _, c := range children {
		text.Manifests = append(text.Manifests, descriptor(c))
	}
	return x.manifest(repository, tag, text)
}

func TestADeletedArtifactComesBackWithItsTagsAndWhatRefersToIt(t *testing.T) {
	x := newIndex(t)
	image, _ := x.signed("library/app", "v1", "one")
	_, err := x.AddTag(ctx, x.by, "library", "app", "v1", "stable")
	x.must(err)
	x.later(time.Hour)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.checkInvariants()
	bin := x.bin()
	if len(bin) != 1 || bin[0].Digest != image.Digest.String() || fmt.Sprint(bin[0].Tags) != "[stable v1]" || bin[0].By != "alice" ||
		bin[0].Cause != "delete-artifact" || !bin[0].At.Equal(x.now) || !bin[0].Until.Equal(x.now.Add(14*24*time.Hour)) || bin[0].Repository != "library/app" {
		t.Fatalf("%+v", bin)
	}
	if used := x.one(`SELECT sum(bytes)::bigint FROM quota_delta`); bin[0].Kept <= 0 || bin[0].Kept > used {
		t.Errorf("the bin keeps %d of %d bytes", bin[0].Kept, used)
	}
	x.later(time.Hour)
	r := x.restore(bin[0].ID)
	if len(r.Artifacts) != 1 || r.Artifacts[0].Repository != "library/app" || len(r.Tags) != 2 || len(r.Taken) != 0 {
		t.Errorf("%+v", r)
	}
	x.checkInvariants()
	if got := x.tags("library/app"); got != "stable v1" || len(x.bin()) != 0 {
		t.Errorf("%q, %d in the bin", got, len(x.bin()))
	}
	referrers, err := x.Referrers(ctx, "library/app", image.Digest, "", "", 10)
	if err != nil || len(referrers) != 1 {
		t.Error(referrers, err)
	}
	if n := x.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact'`); n != 0 {
		t.Errorf("%d candidates are left", n)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE operation = 'restore' AND resource = $1`, "library/app@"+image.Digest.String()); n != 1 {
		t.Errorf("%d entries in the audit log", n)
	}
	_, err = x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{bin[0].ID}})
	if !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("restored twice: %v", err)
	}
}

func TestATagWhoseNameIsUsedAgainStaysWhereItIs(t *testing.T) {
	x := newIndex(t)
	first := x.image("library/app", "v1", "one")
	x.push(first)
	_, err := x.AddTag(ctx, x.by, "library", "app", "v1", "old")
	x.must(err)
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.later(time.Minute)
	second := x.image("library/app", "v1", "two")
	x.push(second)
	r := x.restore(x.id(first.Digest))
	if len(r.Tags) != 1 || r.Tags[0].Name != "old" || len(r.Taken) != 1 || r.Taken[0].Name != "v1" || r.Taken[0].Digest != first.Digest.String() {
		t.Errorf("%+v", r)
	}
	got, err := x.ResolveManifest(ctx, "library/app", tagged("v1"))
	if err != nil || got.Digest != second.Digest {
		t.Error(got.Digest, err)
	}
	x.checkInvariants()
}

func TestAnIndexComesBackWithItsChildrenWheneverTheyWereDeleted(t *testing.T) {
	x := newIndex(t)
	one, two := x.image("library/app", "", "one"), x.image("library/app", "", "two")
	x.push(one)
	x.push(two)
	list := x.indexOf("library/app", "v1", one, two, one)
	x.push(list)
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", one.Digest.String()))
	x.checkInvariants()
	if len(x.bin()) != 2 {
		t.Errorf("%+v", x.bin())
	}
	if err := x.DeleteForEver(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{x.id(one.Digest)}}); err == nil || !strings.Contains(err.Error(), "is part of the index") {
		t.Errorf("a child without its index: %v", err)
	}
	x.restore(x.id(list.Digest))
	x.checkInvariants()
	for _, d := range []digest.Digest{one.Digest, two.Digest, list.Digest} {
		if _, err := x.ResolveManifest(ctx, "library/app", byDigest(d)); err != nil {
			t.Error(err)
		}
	}
	if err := x.Delete(ctx, x.by, "library", "app", one.Digest.String()); !errors.Is(err, artifact.ErrReferenced) {
		t.Errorf("a child of a restored index is deleted: %v", err)
	}
}

func TestADeletedRepositoryComesBackAsItWas(t *testing.T) {
	x := newIndex(t)
	before := x.image("library/app", "before", "zero")
	x.push(before)
	x.signed("library/app", "v1", "one")
	x.push(x.image("library/app", "v2", "two"))
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "before"))
	x.later(time.Minute)
	x.must(x.DeleteRepository(ctx, x.by, "library", "app"))
	x.checkInvariants()
	bin := x.repositoryBin()
	if len(bin) != 1 || bin[0].Name != "library/app" || bin[0].Artifacts != 4 || bin[0].Tags != 2 || bin[0].By != "alice" || bin[0].Kept <= 0 || len(x.bin()) != 0 {
		t.Fatalf("%+v %+v", bin, x.bin())
	}
	if _, err := x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{x.id(before.Digest)}}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an artifact without its repository: %v", err)
	}

	x.push(x.image("library/app", "v1", "another"))
	what := artifact.Selection{Repositories: []int64{bin[0].ID}}
	if _, err := x.Restore(ctx, x.by, "library", what); !errors.Is(err, fault.ErrConflict) || !strings.Contains(err.Error(), "under another name, or delete that one first") {
		t.Errorf("while the name is used: %v", err)
	}
	x.later(time.Minute)
	x.must(x.DeleteRepository(ctx, x.by, "library", "app"))
	upload := x.blob("library/app", "an upload that makes the name again", "x/y")
	r, err := x.Restore(ctx, x.by, "library", what)
	x.must(err)
	if fmt.Sprint(r.Repositories) != "[library/app]" || len(r.Tags) != 2 {
		t.Errorf("%+v", r)
	}
	x.checkInvariants()
	if got := x.tags("library/app"); got != "v1 v2" {
		t.Error(got)
	}
	if _, err := x.StatBlob(ctx, "library/app", upload.Digest); err != nil {
		t.Errorf("the upload has lost its blob: %v", err)
	}
	if len(x.bin()) != 1 || len(x.repositoryBin()) != 1 {
		t.Errorf("what was deleted before is still in the bin: %+v %+v", x.bin(), x.repositoryBin())
	}
}

func TestARepositoryWhoseNameIsUsedAgainComesBackUnderAnother(t *testing.T) {
	x := newIndex(t)
	image, _ := x.signed("library/app", "v1", "one")
	x.push(x.image("library/app", "v1", "two"))
	if _, err := x.ResolveManifest(ctx, "library/app", byDigest(image.Digest)); err != nil { // and remembers it
		t.Fatal(err)
	}
	x.later(time.Minute)
	x.must(x.DeleteRepository(ctx, x.by, "library", "app"))
	id := x.repositoryBin()[0].ID
	if x.repositoryBin()[0].NameTaken {
		t.Error("nobody has its name yet")
	}
	x.blob("library/app", "an upload that makes the name again", "x/y")
	if x.repositoryBin()[0].NameTaken {
		t.Error("an upload alone takes its name")
	}
	again := x.image("library/app", "v1", "again")
	x.push(again)
	x.push(x.image("library/used", "v1", "used"))
	if !x.repositoryBin()[0].NameTaken {
		t.Error("its name is used again")
	}
	before, used := x.one(`SELECT count(*) FROM audit_event`), x.one(`SELECT sum(bytes)::bigint FROM quota_delta`)
	for as, kind := range map[string]error{
		"used": fault.ErrConflict, "app": fault.ErrConflict, "": fault.ErrInvalid, "Old": fault.ErrInvalid, "a//b": fault.ErrInvalid, "/a": fault.ErrInvalid, "a/": fault.ErrInvalid,
		strings.Repeat("a", 248): fault.ErrInvalid,
	} {
		_, err := x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: []int64{id}, Names: map[int64]string{id: as}})
		if !errors.Is(err, kind) {
			t.Errorf("as %q: %v", as, err)
		}
	}
	_, err := x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: []int64{id}, Names: map[int64]string{id: "old", id + 100: "other"}})
	if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "not among the repositories to restore") {
		t.Errorf("a name for what is not restored: %v", err)
	}
	if x.one(`SELECT count(*) FROM audit_event`) != before || len(x.repositoryBin()) != 1 || x.tags("library/app") != "v1" {
		t.Error("what was refused has changed something")
	}
	x.later(time.Minute)
	blob := x.blob("library/team/old", "an upload under the new name", "x/y")
	r, err := x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: []int64{id}, Names: map[int64]string{id: "team/old"}})
	x.must(err)
	if fmt.Sprint(r.Repositories) != "[library/team/old]" || len(r.Tags) != 1 || r.Tags[0].Repository != "library/team/old" || len(r.Taken) != 0 {
		t.Errorf("%+v", r)
	}
	x.checkInvariants()
	if got := x.one(`SELECT sum(bytes)::bigint FROM quota_delta`); got != used {
		t.Errorf("%d bytes are counted, %d were", got, used)
	}
	if x.tags("library/team/old") != "v1" || x.tags("library/app") != "v1" || len(x.repositoryBin()) != 0 {
		t.Errorf("%q %q", x.tags("library/team/old"), x.tags("library/app"))
	}
	if _, err := x.ResolveManifest(ctx, "library/app", byDigest(image.Digest)); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the other repository serves what was restored: %v", err)
	}
	if got, err := x.ResolveManifest(ctx, "library/app", tagged("v1")); err != nil || got.Digest != again.Digest {
		t.Error(got.Digest, err)
	}
	if _, err := x.ResolveManifest(ctx, "library/team/old", byDigest(image.Digest)); err != nil {
		t.Error(err)
	}
	if _, err := x.StatBlob(ctx, "library/team/old", blob.Digest); err != nil {
		t.Errorf("the upload under the new name has lost its blob: %v", err)
	}
	moves, err := x.History(ctx, "library", "team/old", "v1", page.Page{Size: 10})
	if err != nil || moves.Total != 4 { // pushed twice, deleted, restored
		t.Errorf("%+v, %v", moves, err)
	}
	if referrers, err := x.Referrers(ctx, "library/team/old", image.Digest, "", "", 10); err != nil || len(referrers) != 1 {
		t.Error(referrers, err)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE operation = 'restore' AND resource = 'library/team/old' AND description = 'restore repository: library/app as library/team/old'`); n != 1 {
		t.Errorf("%d entries in the audit log", n)
	}
}

// Two that were deleted one after the other under one name, and each under the other's.
func TestRepositoriesComeBackTogetherUnderNamesOfTheirOwn(t *testing.T) {
	x := newIndex(t)
	var ids []int64
	for _, seed := range []string{"one", "two"} {
		x.push(x.image("library/app", "v1", seed))
		x.later(time.Minute)
		x.must(x.DeleteRepository(ctx, x.by, "library", "app"))
		ids = append(ids, x.repositoryBin()[0].ID)
	}
	for _, names := range []map[int64]string{nil, {ids[0]: "same", ids[1]: "same"}} {
		if _, err := x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: ids, Names: names}); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("%v: %v", names, err)
		}
	}
	r, err := x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: ids, Names: map[int64]string{ids[0]: "first", ids[1]: "app"}})
	x.must(err)
	if fmt.Sprint(r.Repositories) != "[library/first library/app]" || len(r.Tags) != 2 {
		t.Errorf("%+v", r)
	}
	x.must(x.DeleteRepository(ctx, x.by, "library", "first"))
	x.must(x.DeleteRepository(ctx, x.by, "library", "app"))
	_, err = x.Restore(ctx, x.by, "library", artifact.Selection{Repositories: ids, Names: map[int64]string{ids[0]: "app", ids[1]: "first"}})
	x.must(err)
	x.checkInvariants()
}

// Garbage collection begins with what is due while somebody waits to restore it: then
// nothing comes back, and not what it has left.
func TestWhatIsDueWhenItIsLockedIsNotRestored(t *testing.T) {
	x := newIndex(t)
	image, whole := x.image("library/app", "v1", "one"), x.image("library/web", "v1", "two")
	x.push(image)
	x.push(whole)
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.must(x.DeleteRepository(ctx, x.by, "library", "web"))
	const waiting = `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.datname = current_database()`
	for _, c := range []struct {
		locked digest.Digest
		what   artifact.Selection
	}{
		{image.Digest, artifact.Selection{Artifacts: []int64{x.id(image.Digest)}}},
		{whole.Digest, artifact.Selection{Repositories: []int64{x.one(`SELECT id FROM repository WHERE name = 'web'`)}}},
	} {
		collection, err := x.db.Pool.Begin(ctx)
		x.must(err)
		_, err = collection.Exec(ctx, `SELECT FROM artifact WHERE digest = $1 FOR UPDATE`, c.locked.String())
		x.must(err)
		restored := make(chan error, 1)
		go func() {
			_, err := x.Restore(ctx, x.by, "library", c.what)
			restored <- err
		}()
		for x.one(waiting) == 0 {
			select {
			case err := <-restored:
				t.Fatal("it did not wait", err)
			default:
			}
		}
		x.exec(`UPDATE deletion SET until = $1`, x.now)
		x.exec(`UPDATE gc_candidate SET not_before = $1 WHERE kind = 'artifact'`, x.now)
		x.must(collection.Rollback(ctx))
		if err := <-restored; !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%+v: %v", c.what, err)
		}
		x.exec(`UPDATE deletion SET until = $1`, x.now.Add(time.Hour))
		x.exec(`UPDATE gc_candidate SET not_before = $1 WHERE kind = 'artifact'`, x.now.Add(time.Hour))
	}
	if len(x.bin()) != 1 || len(x.repositoryBin()) != 1 {
		t.Errorf("%+v, %+v", x.bin(), x.repositoryBin())
	}
	x.checkInvariants()
}

func TestTheWindowIsTheOneThatHeldWhenItWasDeleted(t *testing.T) {
	x := newIndex(t)
	window := func(days string) {
		x.exec(`UPDATE project SET metadata = jsonb_build_object('recovery_days', $1::text) WHERE name = 'library'`, days)
	}
	for i := range 3 {
		x.push(x.image("library/app", fmt.Sprint("v", i), fmt.Sprint(i)))
	}
	window("2")
	x.must(x.Delete(ctx, x.by, "library", "app", "v0"))
	window("0")
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	window("365")
	until := x.now.Add(48 * time.Hour)
	x.later(time.Second)
	if bin := x.bin(); len(bin) != 1 || !bin[0].Until.Equal(until) {
		t.Errorf("%+v", bin)
	}
	if d, err := x.Window(ctx, x.one(`SELECT id FROM project`)); err != nil || d != 365*24*time.Hour {
		t.Error(d, err)
	}
	id := x.bin()[0].ID
	x.later(48 * time.Hour)
	if _, err := x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{id}}); !errors.Is(err, fault.ErrNotFound) || len(x.bin()) != 0 {
		t.Errorf("after its time: %v", err)
	}
}

func TestWhatIsDeletedForEverIsInTheBinNoMore(t *testing.T) {
	x := newIndex(t)
	x.project("other", -1)
	image, _ := x.signed("library/app", "v1", "one")
	x.push(x.image("library/app", "v2", "two"))
	x.push(x.image("library/web", "v1", "three"))
	x.push(x.image("library/api", "v1", "four"))
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.must(x.Delete(ctx, x.by, "library", "app", "v2"))
	x.must(x.DeleteRepository(ctx, x.by, "library", "web"))
	x.must(x.DeleteRepository(ctx, x.by, "library", "api"))
	web := x.one(`SELECT id FROM repository WHERE name = 'web'`)
	what := artifact.Selection{Artifacts: []int64{x.id(image.Digest)}, Repositories: []int64{web}}
	if err := x.DeleteForEver(ctx, x.by, "other", what); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("by another project: %v", err)
	}
	x.must(x.DeleteForEver(ctx, x.by, "library", what))
	if len(x.bin()) != 1 || len(x.repositoryBin()) != 1 {
		t.Errorf("%+v %+v", x.bin(), x.repositoryBin())
	}
	if n := x.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact' AND not_before <= $1`, x.now); n != 4 { // with the two that refer to it
		t.Errorf("%d candidates are due", n)
	}
	for _, s := range []artifact.Selection{{Artifacts: what.Artifacts}, {Repositories: what.Repositories}} {
		if _, err := x.Restore(ctx, x.by, "library", s); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%+v is restored: %v", s, err)
		}
	}
	n, err := x.EmptyBin(ctx, x.by, "library")
	if err != nil || n.Repositories != 1 || n.Artifacts != 2 || len(x.bin())+len(x.repositoryBin()) != 0 {
		t.Errorf("%+v, %v, %+v", n, err, x.bin())
	}
	if err := x.DeleteForEver(ctx, x.by, "library", artifact.Selection{}); err == nil {
		t.Error("nothing is deleted for ever")
	}
}

func TestWhatSomebodyElseHasTakenFromItIsGivenBack(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	x.must(x.UnlinkBlob(ctx, x.by, "library/app", p.Manifest.Layers[0].Digest))
	x.restore(x.id(p.Digest))
	x.checkInvariants()
}

func TestRecoverableIsWhatOnlyTheBinKeeps(t *testing.T) {
	x := newIndex(t)
	id := x.one(`SELECT id FROM project`)
	projects := project.NewService(x.db.Gorm, rbac.NewPolicy(), x.changes, artifact.Always(time.Hour), func() time.Time { return x.now })
	recoverable := func() int64 {
		t.Helper()
		n, err := projects.Recoverable(ctx, []int64{id})
		x.must(err)
		want := x.one(`SELECT coalesce(sum(size), 0)::bigint FROM blob WHERE id IN (SELECT blob_id FROM project_blob)
			AND id NOT IN (SELECT blob_id FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id WHERE a.deleted_at IS NULL)`)
		if n[id] != want {
			t.Errorf("%d are recoverable, want %d", n[id], want)
		}
		return n[id]
	}
	x.push(x.image("library/app", "v1", "one"))
	x.push(x.image("library/web", "v1", "one")) // the same blobs
	x.push(x.image("library/app", "v2", "two"))
	if recoverable() != 0 {
		t.Error("nothing was deleted")
	}
	x.later(time.Minute)
	x.must(x.Delete(ctx, x.by, "library", "app", "v1"))
	if recoverable() != 0 || x.bin()[0].Kept != 0 {
		t.Error("the other repository has them")
	}
	x.later(time.Minute)
	x.must(x.DeleteRepository(ctx, x.by, "library", "web"))
	if n := recoverable(); n == 0 || x.bin()[0].Kept != n || x.repositoryBin()[0].Kept != n {
		t.Errorf("%d, %+v", n, x.bin())
	}
	if _, err := x.EmptyBin(ctx, x.by, "library"); err != nil {
		t.Error(err)
	}
	if n, err := projects.Recoverable(ctx, []int64{id}); err != nil || n[id] != 0 {
		t.Errorf("%d are recoverable after 'delete for ever', %v", n[id], err)
	}
}

func TestARuleDeletesManyAndLeavesWhatItMust(t *testing.T) {
	x := newIndex(t)
	x.rule("app", "keep*")
	one, two, kept := x.image("library/app", "v1", "one"), x.image("library/app", "v2", "two"), x.image("library/app", "keep-1", "three")
	child, lone := x.image("library/app", "", "child"), x.image("library/app", "v3", "lone")
	for _, p := range []artifact.Push{one, two, kept, child, lone} {
		x.push(p)
	}
	list := x.indexOf("library/app", "list", child)
	x.push(list)
	x.later(time.Minute)
	got, err := x.DeleteTags(ctx, x.by, "library", "app", []string{"v1", "keep-1", "nosuch"}, artifact.CauseRetention)
	if err != nil || fmt.Sprint(got.Tags, got.Immutable) != "[v1] [keep-1]" {
		t.Errorf("%+v, %v", got, err)
	}
	x.checkInvariants()
	ids := []int64{x.id(one.Digest), x.id(two.Digest), x.id(kept.Digest), x.id(child.Digest), 999_999}
	got, err = x.DeleteArtifacts(ctx, x.by, "library", "app", ids, artifact.CauseRetention)
	if err != nil || !slices.Equal(got.Artifacts, ids[:2]) || fmt.Sprint(got.Tags, got.Immutable, got.Listed) != fmt.Sprint("[v2] [keep-1] ", ids[3:4]) {
		t.Errorf("%+v, %v", got, err)
	}
	x.checkInvariants()
	if again, err := x.DeleteArtifacts(ctx, x.by, "library", "app", ids[:2], artifact.CauseRetention); err != nil || len(again.Artifacts) != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	got, err = x.DeleteArtifacts(ctx, x.by, "library", "app", []int64{x.id(child.Digest), x.id(list.Digest)}, artifact.CauseRetention)
	if err != nil || len(got.Artifacts) != 2 {
		t.Errorf("an index with its child: %+v, %v", got, err)
	}
	x.checkInvariants()
	if bin := x.bin(); len(bin) != 4 || bin[0].Cause != artifact.CauseRetention {
		t.Errorf("%+v", bin)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE description LIKE '%(retention)'`); n != 5 {
		t.Errorf("%d entries in the audit log", n)
	}
	x.restore(x.id(child.Digest), x.id(list.Digest))
	x.checkInvariants()
}

func TestTheBinIsSearched(t *testing.T) {
	x := newIndex(t)
	for _, name := range []string{"app", "web"} {
		x.push(x.image("library/"+name, "v-"+name, name))
		x.later(time.Minute)
		x.must(x.Delete(ctx, x.by, "library", name, "v-"+name))
	}
	x.push(x.image("library/gone", "v1", "gone"))
	x.must(x.DeleteRepository(ctx, x.by, "library", "gone"))
	for q, want := range map[string]string{
		"repository=~we": "[library/web]", "tag=v-app": "[library/app]", "tag=~v-": "[library/web library/app]", "operator=bob": "[]", "cause=delete-artifact": "[library/web library/app]",
	} {
		list, err := x.BinnedArtifacts(ctx, artifact.BinFilter{}, query(t, q, ""))
		x.must(err)
		names := []string{}
		for _, a := range list.Items {
			names = append(names, a.Repository)
		}
		if fmt.Sprint(names) != want || int(list.Total) != len(names) {
			t.Errorf("%s: %v of %d, want %s", q, names, list.Total, want)
		}
	}
	list, err := x.BinnedRepositories(ctx, artifact.BinFilter{}, query(t, "name=~gon", "-name"))
	if err != nil || len(list.Items) != 1 {
		t.Error(list, err)
	}
}

// What people open while much is in the bin, and much is not.
func TestHistoryAndBinReadByIndexes(t *testing.T) {
	x := newIndex(t)
	x.fill("big", 2_000, 8_000)
	id := x.fill("small", 5, 500)
	x.exec(`INSERT INTO tag_event (repository_id, name, to_artifact_id, at, by_name, cause) SELECT repository_id, name, artifact_id, since, 'alice', 'push' FROM tag`)
	for _, p := range []string{"big", "small"} {
		x.exec(`UPDATE artifact SET deleted_at = now() - id * interval '1 second', tag_count = 0 WHERE project_id = (SELECT id FROM project WHERE name = $1) AND id % 20 = 3`, p)
	}
	x.exec(`INSERT INTO tag_event (repository_id, name, from_artifact_id, at, by_name, cause)
		SELECT t.repository_id, t.name, a.id, a.deleted_at, 'alice', 'delete-artifact' FROM artifact a JOIN tag t ON t.artifact_id = a.id WHERE a.deleted_at IS NOT NULL`)
	x.exec(`INSERT INTO deletion (repository_id, at, by_name, cause, until) SELECT repository_id, deleted_at, 'alice', 'delete-artifact', now() + interval '1 day' FROM artifact WHERE deleted_at IS NOT NULL`)
	x.exec(`INSERT INTO gc_candidate (kind, id, not_before) SELECT 'artifact', id, now() + interval '1 day' FROM artifact WHERE deleted_at IS NOT NULL`)
	x.exec(`UPDATE tag SET expires_at = now() + interval '3 day', expiry_due = now() + interval '2 day' WHERE id % 50 = 0`)
	x.exec(`INSERT INTO purged_artifact (id, repository_id, digest, at) SELECT 1000000 + i, 1, 'sha256:' || i, now() FROM generate_series(1, 50000) i`)
	x.exec(`INSERT INTO blob (digest, size, lease_until) SELECT 'sha256:b' || i, i, now() FROM generate_series(1, 20000) i`)
	x.exec(`INSERT INTO artifact_blob (artifact_id, blob_id, role) SELECT a.id, b.id, 'layer' FROM artifact a JOIN blob b ON b.id IN (a.id, a.id + 1, 1)`)
	x.exec(`INSERT INTO gc_candidate (kind, id, not_before) SELECT 'blob', id, now() + interval '1 day' FROM blob`)
	x.exec(`INSERT INTO repository (project_id, name, full_name, deleted_at) SELECT p.id, 'gone' || i, p.name || '/gone' || i, now() - i * interval '1 minute'
		FROM project p, generate_series(1, 20000) i WHERE p.name = 'big' OR p.name = 'small' AND i <= 50`)
	x.exec(`INSERT INTO deletion (repository_id, at, by_name, cause, until) SELECT id, deleted_at, 'alice', 'delete-repository', now() + interval '1 day' FROM repository WHERE deleted_at IS NOT NULL`)
	x.exec(`INSERT INTO project (name, owner_id) SELECT 'p' || i, $1 FROM generate_series(1, 1500) i`, x.by.ID)
	repository := x.one(`SELECT min(id) FROM repository WHERE project_id = $1`, id)
	all := []storetest.Statement{
		{SQL: artifact.TagsOfDeletionSQL, Args: []any{[]int64{3, 23, 43}}}, {SQL: artifact.ComesBackSQL, Args: []any{[]int64{3, 23}}},
		{SQL: artifact.ArtifactsOfDeletionSQL, Args: []any{repository, x.now, x.now}}, {SQL: artifact.DueTagsSQL, Args: []any{x.now, 100}},
		{SQL: artifact.DifferencesSQL, Args: []any{repository, time.Now(), 100}},
		{SQL: strings.NewReplacer("IN ?", "= ANY($1)", "> ?", "> $2").Replace(project.RecoverableSQL), Args: []any{[]int64{id}, x.now}},
	}
	add := func(some []storetest.Statement, err error) {
		x.must(err)
		all = append(all, some...)
	}
	add(x.MovesSQL(ctx, repository, "", page.Page{}))
	add(x.MovesSQL(ctx, repository, "v7", page.Page{}))
	f := artifact.BinFilter{ProjectID: &id}
	for _, q := range []string{"", "tag=v7", "repository=~r1"} {
		add(x.BinnedArtifactsSQL(ctx, f, query(t, q, "")))
	}
	add(x.BinnedRepositoriesSQL(ctx, f, page.Page{}))
	storetest.NoSeqScans(t, x.db, all...)
}
