package artifact_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// labelled is an image whose config has a label.
func (x *index) labelled(repository, tag, seed, label, value string) artifact.Push {
	x.t.Helper()
	config := fmt.Sprintf(`{"architecture":"arm64","os":"linux","config":{"Env":["SEED=%s"],"Labels":{%q:%q}},"rootfs":{"type":"layers","diff_ids":[]}}`, seed, label, value)
	c := x.blob(repository, config, oci.MediaTypeImageConfig)
	p := x.manifest(repository, tag, manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &c})
	p.Config = []byte(config)
	return p
}

// expires is when a tag does, ” for never.
func (x *index) expires(tag string) string {
	x.t.Helper()
	a, err := x.Get(ctx, "library", "app", tag)
	x.must(err)
	for _, t := range a.Tags {
		if t.Name == tag && t.ExpiresAt != nil {
			return t.ExpiresAt.Sub(x.now).String()
		}
	}
	return ""
}

func (x *index) sweep() int64 {
	x.t.Helper()
	looked, _, err := x.ExpireTags(ctx)
	x.must(err)
	x.checkInvariants()
	return looked
}

func (x *index) said(what string) int64 {
	x.t.Helper()
	return x.one(`SELECT count(*) FROM audit_event WHERE username = 'roadstead' AND description LIKE $1`, "%"+what+"%")
}

func TestAnImageOrTheProjectSaysWhenItsTagExpires(t *testing.T) {
	x := newIndex(t)
	x.exec(`UPDATE project SET metadata = '{"tag_expiry_days": "5", "tag_expiry_pattern": "{pr,tmp}-*"}' WHERE name = 'library'`)
	for tag, test := range map[string]struct{ label, value, want string }{
		"a": {"quay.expires-after", "1h", "1h0m0s"}, "b": {"roadstead.expires-after", "2d", "48h0m0s"}, "c": {"quay.expires-after", "3w", "504h0m0s"},
		"d": {"quay.expires-after", "soon", ""}, "e": {"quay.expires-after", "-3d", ""}, "f": {"quay.expires-after", "0h", ""}, "g": {"quay.expires-after", "99999999w", ""},
		"h": {"other", "1h", ""}, "pr-1": {"other", "", "120h0m0s"}, "tmp-2": {"quay.expires-after", "1d", "24h0m0s"}, "xpr-1": {"other", "", ""},
	} {
		x.push(x.labelled("library/app", tag, tag, test.label, test.value))
		if got := x.expires(tag); got != test.want {
			t.Errorf("%s with %s=%s expires after %q, want %q", tag, test.label, test.value, got, test.want)
		}
	}
	_, err := x.AddTag(ctx, x.by, "library", "app", "a", "pr-2")
	x.must(err)
	_, err = x.AddTag(ctx, x.by, "library", "app", "a", "for-good")
	x.must(err)
	if x.expires("pr-2") != "120h0m0s" || x.expires("for-good") != "" {
		t.Error("a tag that a person made: ", x.expires("pr-2"), x.expires("for-good"))
	}
	x.push(x.image("library/app", "a", "another")) // decides anew
	if got := x.expires("a"); got != "" {
		t.Error(got)
	}
	child := x.image("library/app", "", "child")
	x.push(child)
	annotated := x.manifest("library/app", "list", manifestText{
		SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{descriptor(child)}, Annotations: map[string]string{"quay.expires-after": "1h"},
	})
	x.push(annotated)
	if got := x.expires("list"); got != "1h0m0s" {
		t.Error("an index: ", got)
	}
}

func TestDecidingWhenATagExpiresCostsAPushNoQuery(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v0", "zero"))
	count := func(p artifact.Push) int {
		n := storetest.Count(t, x.db)
		x.push(p)
		return n.Queries()
	}
	plain := count(x.image("library/app", "v1", "one"))
	x.exec(`UPDATE project SET metadata = '{"tag_expiry_days": "5"}'`)
	if ruled, labelled := count(x.image("library/app", "v2", "two")), count(x.labelled("library/app", "v3", "three", "quay.expires-after", "1h")); ruled != plain || labelled != plain {
		t.Errorf("%d queries, by a rule %d, by a label %d", plain, ruled, labelled)
	}
}

func TestAnExpiredTagGoesIntoTheBinAndItsArtifactWhenThatHasNoOther(t *testing.T) {
	x := newIndex(t)
	lone, _ := x.signed("library/app", "lone", "one")
	shared := x.image("library/app", "short", "two")
	x.push(shared)
	_, err := x.AddTag(ctx, x.by, "library", "app", "short", "long")
	x.must(err)
	child := x.image("library/app", "child", "three")
	x.push(child)
	x.push(x.indexOf("library/app", "list", child))
	x.rule("app", "fixed")
	at := x.now.Add(72 * time.Hour)
	for _, tag := range []string{"lone", "short", "child"} {
		x.must(x.SetTagExpiry(ctx, x.by, "library", "app", tag, &at))
	}
	x.exec(`UPDATE project SET metadata = '{"tag_expiry_days": "3"}'`)
	x.push(x.image("library/app", "fixed", "four"))
	if n := x.sweep(); n != 0 {
		t.Errorf("looked at %d before their time", n)
	}
	x.later(48 * time.Hour)
	if n := x.sweep(); n != 4 || x.said("expires at") != 4 || x.sweep() != 0 || x.tags("library/app") != "child fixed list lone long short" {
		t.Errorf("warned of %d, said %d: %s", n, x.said("expires at"), x.tags("library/app"))
	}
	x.later(24 * time.Hour)
	if n := x.sweep(); n != 4 || x.said("has expired") != 4 || x.tags("library/app") != "fixed list long" {
		t.Errorf("looked at %d: %s", n, x.tags("library/app"))
	}
	if x.said("immutability rule") != 1 || x.sweep() != 0 {
		t.Error("it is not said that a rule keeps it")
	}
	bin := x.bin()
	if len(bin) != 1 || bin[0].Digest != lone.Digest.String() || bin[0].Cause != artifact.CauseExpire || bin[0].By != "roadstead" {
		t.Fatalf("%+v", bin)
	}
	x.later(24 * time.Hour)
	if n := x.sweep(); n != 1 || x.said("immutability rule") != 1 {
		t.Errorf("what a rule keeps is looked at every day and told once: %d", n)
	}
	x.restore(bin[0].ID)
	x.checkInvariants()
	if x.expires("lone") != "" || x.sweep() != 0 {
		t.Error("what a person restores expires again")
	}
}

func TestAnExpiredTagIsGoneWithinAMinute(t *testing.T) {
	x := newIndex(t)
	var runs job.Periodic
	for _, p := range job.Periodics() {
		for _, step := range p.Steps {
			if step.Name == job.TagExpiry {
				runs = p
			}
		}
	}
	schedule, err := runs.Schedule()
	x.must(err)
	expiry := map[string]time.Time{}
	for i := range 20 {
		tag := fmt.Sprintf("pr-%d", i)
		x.push(x.image("library/app", tag, tag))
		at := x.now.Add(time.Hour + time.Duration(i)*7300*time.Millisecond)
		x.must(x.SetTagExpiry(ctx, x.by, "library", "app", tag, &at))
		expiry[tag] = at
	}
	for gone := int64(0); gone < 20; {
		next := schedule.Next(x.now)
		x.later(next.Sub(x.now))
		_, removed, err := x.ExpireTags(ctx)
		x.must(err)
		gone += removed
		for tag, at := range expiry {
			there := slices.Contains(strings.Fields(x.tags("library/app")), tag)
			if late := x.now.Sub(at); there && late >= 30*time.Second {
				t.Fatalf("%s has expired %s ago and is still there", tag, late)
			} else if !there && late < 0 {
				t.Fatalf("%s is gone %s before its time", tag, -late)
			}
		}
		if x.now.After(expiry["pr-19"].Add(time.Minute)) && gone < 20 {
			t.Fatalf("%d of 20 are removed", gone)
		}
	}
}

func TestWhenATagExpiresIsSetWithCare(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	past, never, soon := x.now.Add(-time.Second), x.now.Add(20*365*24*time.Hour), x.now.Add(time.Hour)
	for _, at := range []time.Time{past, never} {
		if err := x.SetTagExpiry(ctx, x.by, "library", "app", "v1", &at); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%v: %v", at, err)
		}
	}
	if err := x.SetTagExpiry(ctx, x.by, "library", "app", "nosuch", &soon); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
	x.must(x.SetTagExpiry(ctx, x.by, "library", "app", "v1", &soon))
	if got := x.expires("v1"); got != "1h0m0s" {
		t.Error(got)
	}
	x.must(x.SetTagExpiry(ctx, x.by, "library", "app", "v1", nil))
	x.rule("app", "v1")
	refusedAsImmutable(t, "an immutable tag", "the tag v1 configured as immutable", x.SetTagExpiry(ctx, x.by, "library", "app", "v1", &soon))
	x.later(2 * time.Hour)
	if x.expires("v1") != "" || x.sweep() != 0 {
		t.Error("it expires still")
	}
}
