package artifact_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// rule makes the tags immutable that a pattern matches, in the project library.
func (x *index) rule(repositories, tags string) immutable.Rule {
	x.t.Helper()
	r, err := immutable.NewService(x.db.Gorm, time.Now).Create(ctx, x.by, x.one(`SELECT id FROM project WHERE name = 'library'`), immutable.Fields{
		Repositories: []selector.Selector{{Kind: "doublestar", Decoration: "repoMatches", Pattern: repositories}},
		Tags:         []selector.Selector{{Kind: "doublestar", Decoration: "matches", Pattern: tags}},
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

func refusedAsImmutable(t *testing.T, what, begins string, err error) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != fault.KindPrecondition || !strings.HasPrefix(f.Message, begins) {
		t.Errorf("%s: %v, want %q", what, err, begins)
	}
}

func TestAnImmutableTagIsMadeOnceAndThenNeitherMovedNorDeleted(t *testing.T) {
	x := newIndex(t)
	x.rule("app", "v*")
	first := x.image("library/app", "v1", "one")
	x.push(first)
	other := x.image("library/app", "latest", "two")
	x.push(other)
	x.push(first) // the same again changes nothing

	other.Tag = "v1"
	_, err := x.CommitPush(ctx, x.by, other)
	refusedAsImmutable(t, "moving it", "Failed to process request due to 'app:v1' configured as immutable.", err)
	const kept = "the tag v1 configured as immutable, cannot be deleted"
	refusedAsImmutable(t, "deleting it", kept, x.DeleteTag(ctx, x.by, "library", "app", "v1", "v1"))
	refusedAsImmutable(t, "over the protocol", kept, x.DeleteManifest(ctx, x.by, "library/app", tagged("v1")))
	refusedAsImmutable(t, "its artifact", kept, x.Delete(ctx, x.by, "library", "app", first.Digest.String()))
	refusedAsImmutable(t, "its repository", kept, x.DeleteRepository(ctx, x.by, "library", "app"))
	x.checkInvariants()
	if names, err := x.TagNames(ctx, "library/app", "", 10); err != nil || fmt.Sprint(names) != "[latest v1]" {
		t.Errorf("what was refused has left %v, %v", names, err)
	}

	for _, p := range []artifact.Push{x.image("library/app", "latest", "three"), x.image("library/web", "v1", "one"), x.image("library/web", "v1", "two"), x.image("library/app", "v2", "two")} {
		x.push(p) // another tag, another repository, a new tag
	}
	if err := x.DeleteTag(ctx, x.by, "library", "app", "latest", "latest"); err != nil {
		t.Error(err)
	}
	if err := x.DeleteRepository(ctx, x.by, "library", "web"); err != nil {
		t.Error(err)
	}
	x.exec(`UPDATE immutable_rule SET disabled = true`)
	if err := x.DeleteRepository(ctx, x.by, "library", "app"); err != nil {
		t.Errorf("with the rule disabled: %v", err)
	}
	x.checkInvariants()
}

func TestAnArtifactStaysWhileATagOfItsSignatureIsImmutable(t *testing.T) {
	x := newIndex(t)
	image := x.image("library/app", "latest", "one")
	x.push(image)
	layer := x.blob("library/app", "signature", "application/vnd.dev.cosign.simplesigning.v1+json")
	config := x.blob("library/app", "{}", oci.MediaTypeImageConfig)
	tag := strings.Replace(image.Digest.String(), ":", "-", 1) + ".sig"
	x.push(x.manifest("library/app", tag, manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &config, Layers: []oci.Descriptor{layer}}))
	x.rule("**", "sha256-*")
	refusedAsImmutable(t, "deleting the image", "the tag "+tag+" configured as immutable", x.Delete(ctx, x.by, "library", "app", "latest"))
}

func TestANewTagCostsNoQueryForRulesAndAMovedTagOne(t *testing.T) {
	x := newIndex(t)
	one, two := x.image("library/app", "latest", "one"), x.image("library/app", "latest", "two")
	x.push(one)
	x.rule("**", "v*")
	n := storetest.Count(t, x.db)
	asked := func(p artifact.Push) (rules int) {
		n.Reset()
		x.push(p)
		for _, sql := range n.Statements() {
			if strings.Contains(sql, "immutable_rule") {
				rules++
			}
		}
		return rules
	}
	fresh := x.image("library/app", "v1", "three")
	if got := asked(fresh); got != 0 {
		t.Errorf("a new tag asked %d times", got)
	}
	if got := asked(two); got != 1 {
		t.Errorf("a moved tag asked %d times", got)
	}
}

// Pushes move a tag back and forth while a rule for it is made. Once somebody was
// told that the rule is there, the tag stays where it is; and the rule does not have
// to wait until nobody pushes.
func TestARuleHoldsFromTheMomentItIsThere(t *testing.T) {
	x := newIndex(t)
	pushes := []artifact.Push{x.image("library/app", "v1", "one"), x.image("library/app", "v1", "two")}
	x.push(pushes[0])
	running, stop := context.WithCancel(ctx)
	defer stop()
	var pushers sync.WaitGroup
	for i := range 4 {
		pushers.Go(func() {
			for n := i; running.Err() == nil; n++ {
				_, _ = x.CommitPush(ctx, x.by, pushes[n%2])
			}
		})
	}
	where := func() int64 { return x.one(`SELECT artifact_id FROM tag WHERE name = 'v1'`) }
	for from := where(); where() == from; { // until they have begun
	}
	x.rule("**", "v*")
	at, moves := where(), x.one(`SELECT count(*) FROM tag_event WHERE from_artifact_id <> to_artifact_id`)
	for before := x.one(`SELECT count(*) FROM tag_event`); x.one(`SELECT count(*) FROM tag_event`) < before+10; { // the same again is pushed on
	}
	stop()
	pushers.Wait()
	if after := x.one(`SELECT count(*) FROM tag_event WHERE from_artifact_id <> to_artifact_id`); where() != at || after != moves {
		t.Errorf("the tag moved %d times after the rule was made", after-moves)
	}
	x.checkInvariants()
}

func TestListsSayWhichTagsAreImmutable(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	p.Tag = "latest"
	x.push(p)
	x.rule("**", "v*")
	id := x.one(`SELECT id FROM project WHERE name = 'library'`)
	for asked, want := range map[bool]string{true: "map[latest:false v1:true]", false: "map[latest:false v1:false]"} {
		list, err := x.List(ctx, artifact.Filter{ProjectID: id, Repository: "app", With: artifact.With{Tags: true, Immutable: asked}}, page.Page{})
		if err != nil || immutability(list.Items[0].Tags) != want {
			t.Errorf("in a list, asked %t: %+v, %v", asked, list.Items, err)
		}
		tags, err := x.Tags(ctx, "library", "app", "v1", asked, page.Page{})
		if err != nil || immutability(tags.Items) != want {
			t.Errorf("of tags, asked %t: %+v, %v", asked, tags.Items, err)
		}
	}
}

func immutability(tags []artifact.Tag) string {
	out := map[string]bool{}
	for _, tag := range tags {
		out[tag.Name] = tag.Immutable
	}
	return fmt.Sprint(out)
}
