package artifact_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func (x *index) source(from string) artifact.Source {
	x.t.Helper()
	s, err := artifact.ParseSource(from)
	if err != nil {
		x.t.Fatal(err)
	}
	return s
}

func (x *index) copy(from, to string) error {
	x.t.Helper()
	project, repository, _ := oci.SplitProject(to)
	return x.Copy(ctx, x.by, x.source(from), project, repository)
}

func (x *index) mustCopy(from, to string) {
	x.t.Helper()
	if err := x.copy(from, to); err != nil {
		x.t.Fatalf("copy %s to %s: %v", from, to, err)
	}
}

// release pushes an index of images, and with it something that refers to the index
// and a signature of its first image as cosign tags it.
func (x *index) release(repository, tag string, images int) (root artifact.Push, all []digest.Digest) {
	x.t.Helper()
	var children []oci.Descriptor
	for i := range images {
		p := x.image(repository, "", fmt.Sprint(tag, i))
		x.push(p)
		children = append(children, descriptor(p))
		all = append(all, p.Digest)
	}
	root = x.manifest(repository, tag, manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: children})
	x.push(root)
	empty := x.blob(repository, "{}", "application/vnd.oci.empty.v1+json")
	subject := descriptor(root)
	sbom := x.manifest(repository, "", manifestText{
		SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, ArtifactType: "application/x.sbom", Config: &empty, Layers: []oci.Descriptor{empty}, Subject: &subject,
	})
	x.push(sbom)
	claim := x.blob(repository, "claim "+tag, "application/vnd.dev.cosign.simplesigning.v1+json")
	config := x.blob(repository, "{}", oci.MediaTypeImageConfig)
	signature := x.manifest(repository, strings.Replace(children[0].Digest.String(), ":", "-", 1)+".sig", manifestText{
		SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &config, Layers: []oci.Descriptor{claim},
	})
	x.push(signature)
	return root, append(all, root.Digest, sbom.Digest, signature.Digest)
}

func TestACopyTakesChildrenAndAllThatRefersToThemAlong(t *testing.T) {
	x := newIndex(t)
	x.project("other", -1)
	root, all := x.release("library/app", "v1", 3)
	x.mustCopy("library/app:v1", "other/team/app")
	for _, d := range all {
		if _, err := x.ResolveManifest(ctx, "other/team/app", byDigest(d)); err != nil {
			t.Errorf("%s did not come along: %v", d, err)
		}
	}
	got, err := x.Get(ctx, "other", "team/app", "v1")
	if err != nil || got.Digest != root.Digest.String() || len(got.Children) != 3 || len(got.Accessories) != 1 || len(got.Tags) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	child, err := x.Get(ctx, "other", "team/app", all[0].String())
	if err != nil || len(child.Accessories) != 1 || child.Accessories[0].Type != oci.AccessoryCosign {
		t.Fatalf("%+v, %v", child, err)
	}
	signature, err := x.ResolveManifest(ctx, "other/team/app", tagged(strings.Replace(all[0].String(), ":", "-", 1)+".sig"))
	if err != nil || signature.Digest != all[len(all)-1] {
		t.Errorf("cosign does not find its signature by tag: %v", err)
	}
	if d := got.Children[0].Platform; d != nil || got.Children[0].ChildID == child.ID && child.RepositoryID != got.RepositoryID {
		t.Errorf("the copy's children are those of the source: %+v", got.Children)
	}
	x.checkInvariants()
}

func TestCopyingWhatIsThereAlreadyOnlyMovesTheTag(t *testing.T) {
	x := newIndex(t)
	x.release("library/app", "v1", 2)
	x.mustCopy("library/app:v1", "library/copy")
	before := x.one(`SELECT count(*) FROM artifact`)
	used := x.one(`SELECT sum(bytes) FROM quota_delta`)
	x.mustCopy("library/app:v1", "library/copy")
	x.mustCopy("library/app:v1", "library/app") // to itself
	if n := x.one(`SELECT count(*) FROM artifact`); n != before || x.one(`SELECT sum(bytes) FROM quota_delta`) != used {
		t.Errorf("%d artifacts became %d", before, n)
	}
	x.checkInvariants()
}

func TestACopyRevivesWhatWasDeletedInTheTarget(t *testing.T) {
	x := newIndex(t)
	_, all := x.release("library/app", "v1", 2)
	x.mustCopy("library/app:v1", "library/copy")
	if err := x.Delete(ctx, x.by, "library", "copy", "v1"); err != nil {
		t.Fatal(err)
	}
	if err := x.Delete(ctx, x.by, "library", "copy", all[0].String()); err != nil { // no longer a child of anything
		t.Fatal(err)
	}
	x.checkInvariants()
	x.mustCopy("library/app:v1", "library/copy")
	for _, d := range all {
		if _, err := x.ResolveManifest(ctx, "library/copy", byDigest(d)); err != nil {
			t.Errorf("%s did not come back: %v", d, err)
		}
	}
	if n := x.one(`SELECT count(*) FROM gc_candidate WHERE kind = 'artifact'`); n != 0 {
		t.Errorf("%d copies still wait for garbage collection", n)
	}
	x.checkInvariants()
}

func TestACopyByDigestHasNoTag(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	x.mustCopy("library/app@"+p.Digest.String(), "library/copy")
	got, err := x.Get(ctx, "library", "copy", p.Digest.String())
	if err != nil || len(got.Tags) != 0 || string(got.Config) == "" || got.Size == 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	x.mustCopy("library/app:v1@"+p.Digest.String(), "library/pinned")
	if _, err := x.Get(ctx, "library", "pinned", "v1"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the digest decides, but there is a tag: %v", err)
	}
	x.checkInvariants()
}

func TestACopyBeyondTheQuotaIsRefusedAndChangesNothing(t *testing.T) {
	x := newIndex(t)
	x.project("small", 100)
	x.release("library/app", "v1", 1)
	var f *fault.Fault
	err := x.copy("library/app:v1", "small/app")
	if !errors.As(err, &f) || f.Kind != fault.KindDenied || !strings.Contains(f.Message, "will exceed the configured upper limit of 100 B") {
		t.Fatal(err)
	}
	if n := x.one(`SELECT count(*) FROM repository r JOIN project p ON p.id = r.project_id WHERE p.name = 'small'`); n != 0 {
		t.Error("the refused copy left its repository")
	}
	x.checkInvariants()
}

func TestACopyDoesNotMoveAnImmutableTag(t *testing.T) {
	x := newIndex(t)
	x.rule("copy", "v*")
	x.push(x.image("library/app", "v1", "one"))
	x.mustCopy("library/app:v1", "library/copy")
	x.mustCopy("library/app:v1", "library/copy") // again: nothing moves
	x.push(x.image("library/app", "v1", "two"))
	before := x.one(`SELECT count(*) FROM artifact`)
	refusedAsImmutable(t, "moving it", "Failed to process request due to 'copy:v1' configured as immutable.", x.copy("library/app:v1", "library/copy"))
	if n := x.one(`SELECT count(*) FROM artifact`); n != before {
		t.Errorf("the refused copy left %d artifacts", n-before)
	}
	x.checkInvariants()
}

func TestACopyWithinAProjectCostsNoQuota(t *testing.T) {
	x := newIndex(t)
	id := x.project("full", 100_000)
	x.release("full/app", "v1", 2)
	before := x.one(`SELECT used FROM quota WHERE project_id = $1`, id)
	x.exec(`UPDATE quota SET hard = used WHERE project_id = $1`, id)
	x.mustCopy("full/app:v1", "full/copy")
	if used := x.one(`SELECT used FROM quota WHERE project_id = $1`, id); used != before {
		t.Errorf("%d bytes became %d", before, used)
	}
	x.checkInvariants()
}

func TestCopyingWhatIsNotThereIsRefused(t *testing.T) {
	x := newIndex(t)
	root, all := x.release("library/app", "v1", 1)
	for from, want := range map[string]string{
		"library/app:nosuch":                            "artifact library/app:nosuch not found",
		"library/nosuch:v1":                             "artifact library/nosuch:v1 not found",
		"nosuch/app@" + root.Digest.String():            "artifact nosuch/app@" + root.Digest.String() + " not found",
		"library/app@" + all[len(all)-2].String():       "the operation isn't supported for an artifact accessory",
		"library/app@" + digest.FromString("").String(): "artifact library/app@" + digest.FromString("").String() + " not found",
	} {
		if err := x.copy(from, "library/copy"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", from, err, want)
		}
	}
	if err := x.copy("library/app:v1", "nosuch/app"); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	if err := x.copy("library/app:v1", "library/Bad Name"); !errors.Is(err, fault.ErrInvalid) {
		t.Error(err)
	}
	for _, from := range []string{"", "app:v1", "library/app", "library/app:", "library/app@", "library/app@sha256:00", "library/app:v1@v2", "a:b/c:d", "/a:v", "library/App:v1", "library/app:\x00", ":", "@", strings.Repeat("a/", 5000) + ":v1"} {
		if _, err := artifact.ParseSource(from); !errors.Is(err, fault.ErrInvalid) || len(err.Error()) > 500 {
			t.Errorf("%.40q: %v", from, err)
		}
	}
}

func TestACopyIsToldToBothProjectsAndCountsAsOnePush(t *testing.T) {
	x := newIndex(t)
	other := x.project("other", -1)
	x.release("library/app", "v1", 2)
	x.exec(`DELETE FROM push_delta`)
	x.mustCopy("library/app:v1", "other/app")
	for what, sql := range map[string]string{
		"the target's log":      `SELECT count(*) FROM audit_event WHERE project_id = $1 AND operation = 'create' AND resource = 'other/app:v1' AND description LIKE 'copy artifact: library/app:v1 to other/app@sha256:%'`,
		"the source's log":      `SELECT count(*) FROM audit_event WHERE project_id <> $1 AND operation = 'pull' AND resource = 'library/app:v1'`,
		"the target's activity": `SELECT count(*) FROM push_delta WHERE project_id = $1`,
		"the tag's history":     `SELECT count(*) FROM tag_event e JOIN repository r ON r.id = e.repository_id WHERE r.project_id = $1 AND e.name = 'v1' AND e.cause = 'copy'`,
	} {
		if n := x.one(sql, other); n != 1 {
			t.Errorf("%s has %d entries", what, n)
		}
	}
}

func TestAnIndexOfFiftyTakesAsManyStatementsAsAnImage(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	x.release("library/app", "big", 50)
	n := storetest.Count(t, x.db)
	x.mustCopy("library/app:v1", "library/one")
	few := n.Queries()
	n.Reset()
	x.mustCopy("library/app:big", "library/fifty")
	if n.Queries() != few || few > 26 || n.Commits() != 1 {
		t.Errorf("%d statements for an image, %d for an index of 50, %d commits:\n%s", few, n.Queries(), n.Commits(), strings.Join(n.Statements(), "\n"))
	}
}

func TestCopiesPushesAndDeletionsAtTheSameTimeLeaveEverythingWhole(t *testing.T) {
	x := newIndex(t)
	x.project("other", 1<<30)
	root, _ := x.release("library/app", "v1", 4)
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 4 {
				if err := x.copy("library/app:v1", "other/app"); err != nil {
					t.Errorf("copy %d: %v", i, err)
				}
			}
		})
		group.Go(func() {
			for j := range 4 {
				p := x.image("other/app", "v1", fmt.Sprint("mine", i, j))
				if _, err := x.CommitPush(ctx, x.by, p); err != nil {
					t.Errorf("push %d: %v", i, err)
				}
			}
		})
	}
	group.Go(func() {
		for range 8 {
			if err := x.Delete(ctx, x.by, "other", "app", root.Digest.String()); err != nil && !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("delete: %v", err)
			}
		}
	})
	group.Wait()
	x.checkInvariants()
}
