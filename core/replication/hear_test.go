package replication_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/replication"
)

// quay is a yard whose own index has artifacts.
func newQuay(t testing.TB, projects ...string) *yard {
	t.Helper()
	y := newYard(t)
	for _, p := range projects {
		if _, err := y.domain.Projects.Create(t.Context(), y.domain.Admin, project.New{Name: p}); err != nil {
			t.Fatal(err)
		}
	}
	return y
}

type manifestText struct {
	SchemaVersion int              `json:"schemaVersion"`
	MediaType     string           `json:"mediaType"`
	Config        *oci.Descriptor  `json:"config,omitempty"`
	Layers        []oci.Descriptor `json:"layers,omitempty"`
	Manifests     []oci.Descriptor `json:"manifests,omitempty"`
	Subject       *oci.Descriptor  `json:"subject,omitempty"`
}

// put pushes an image into the index; replicated says by whom.
func (y *yard) put(where, seed string, replicated bool, change func(*manifestText)) oci.Descriptor {
	y.t.Helper()
	repository, tag, _ := strings.Cut(where, ":")
	content := []byte(seed)
	d := digest.FromBytes(content)
	err := y.domain.Artifacts.CommitBlob(y.t.Context(), y.domain.Admin, repository, d, int64(len(content)), "", func(context.Context) error { return nil })
	if err != nil {
		y.t.Fatal(err)
	}
	config := oci.Descriptor{MediaType: oci.MediaTypeImageConfig, Digest: d, Size: int64(len(content))}
	text := manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &config, Layers: []oci.Descriptor{}}
	if change != nil {
		change(&text)
	}
	payload, err := json.Marshal(text)
	if err != nil {
		y.t.Fatal(err)
	}
	m, err := oci.ParseManifest(text.MediaType, payload)
	if err != nil {
		y.t.Fatal(err)
	}
	_, err = y.domain.Artifacts.CommitPush(y.t.Context(), y.domain.Admin, artifact.Push{Repository: repository, Tag: tag, Manifest: m, Digest: m.Digest, Payload: payload, Replicated: replicated})
	if err != nil {
		y.t.Fatal(err)
	}
	return oci.Descriptor{MediaType: text.MediaType, Digest: m.Digest, Size: int64(len(payload))}
}

// heard is what the policies want after all that has happened: "do repository refs".
func (y *yard) heard() []string {
	y.t.Helper()
	before := y.one("SELECT coalesce(max(id), 0) FROM execution")
	if _, err := y.Hear(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
	if n := y.one("SELECT count(*) FROM event WHERE due_at <= now()"); n != 0 {
		y.t.Errorf("%d events are left", n)
	}
	var all []string
	var parameters []string
	if err := y.domain.DB.Gorm.Raw("SELECT parameters::text FROM execution WHERE id > ? ORDER BY id", before).Scan(&parameters).Error; err != nil {
		y.t.Fatal(err)
	}
	for _, text := range parameters {
		var args job.ReplicationArgs
		if err := json.Unmarshal([]byte(text), &args); err != nil {
			y.t.Fatal(err)
		}
		for _, w := range args.Wanted {
			refs := slices.Clone(w.References)
			slices.Sort(refs)
			all = append(all, fmt.Sprintf("%s %s %s", w.Do, w.Source, strings.Join(refs, " ")))
		}
	}
	slices.Sort(all)
	return all
}

func (y *yard) wants(want ...string) {
	y.t.Helper()
	slices.Sort(want)
	if got := y.heard(); !slices.Equal(got, want) {
		y.t.Errorf("wanted:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func eventPolicy(change func(*replication.Policy)) func(*replication.Policy) {
	return func(p *replication.Policy) {
		p.Push, p.Trigger = true, replication.EventBased
		if change != nil {
			change(p)
		}
	}
}

func TestNothingIsWrittenDownWhenNobodyListens(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(func(p *replication.Policy) { p.Push = true })
	y.policy(eventPolicy(func(p *replication.Policy) { p.Enabled = false }))
	y.put("library/app:v1", "one", false, nil)
	if n := y.one("SELECT count(*) FROM event"); n != 0 {
		t.Errorf("%d events", n)
	}
	if n, err := y.Hear(t.Context()); n != 0 || err != nil {
		t.Error(n, err)
	}
}

func TestAPushIsCopiedAndWhatItBelongsTo(t *testing.T) {
	y := newQuay(t, "library", "other")
	y.policy(eventPolicy(func(p *replication.Policy) {
		p.Filters = replication.Filters{{Type: replication.ByName, Pattern: "library/**"}, {Type: replication.ByTag, Pattern: "v*"}}
	}))
	image := y.put("library/app:v1", "one", false, nil)
	y.put("library/app:dev", "two", false, nil)
	y.put("other/app:v1", "three", false, nil)
	y.wants("copy library/app v1")

	// Pushing the same again is no news.
	y.put("library/app:v1", "one", false, nil)
	y.wants()

	// A signature comes to what has a name.
	y.put("library/app", "signature", false, func(m *manifestText) { m.Subject = &image })
	y.wants("copy library/app v1")

	// The manifests of an index come before it and are part of it.
	child := y.put("library/app", "child", false, nil)
	y.put("library/app:v2", "index", false, func(m *manifestText) {
		m.MediaType, m.Config, m.Layers, m.Manifests = oci.MediaTypeImageIndex, nil, nil, []oci.Descriptor{child}
	})
	y.wants("copy library/app v2")

	// A second name, and a copy inside of this registry.
	if _, err := y.domain.Artifacts.AddTag(t.Context(), y.domain.Admin, "library", "app", "v1", "v1.0"); err != nil {
		t.Fatal(err)
	}
	from, err := artifact.ParseSource("library/app:v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := y.domain.Artifacts.Copy(t.Context(), y.domain.Admin, from, "library", "copy"); err != nil {
		t.Fatal(err)
	}
	y.wants("copy library/app v1.0", "copy library/copy v1")
}

func TestDeletionsAreWantedOnlyWhereThePolicySaysSo(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(eventPolicy(func(p *replication.Policy) {
		p.Name, p.Deletion = "mirrors", true
		p.Filters = replication.Filters{{Type: replication.ByTag, Pattern: "v*"}}
	}))
	y.policy(eventPolicy(func(p *replication.Policy) { p.Name = "backs up" }))
	gone := y.put("library/app:v1", "one", false, nil)
	y.put("library/app:v2", "two", false, nil)
	y.put("library/app:dev", "three", false, nil)
	y.heard()
	ctx := t.Context()
	for _, err := range []error{
		y.domain.Artifacts.Delete(ctx, y.domain.Admin, "library", "app", "v1"),
		y.domain.Artifacts.DeleteTag(ctx, y.domain.Admin, "library", "app", "v2", "v2"),
		y.domain.Artifacts.Delete(ctx, y.domain.Admin, "library", "app", "dev"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	y.wants("deletion library/app "+gone.Digest.String(), "tag deletion library/app v2")
}

func TestAWholeRepositoryGoesToo(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(eventPolicy(func(p *replication.Policy) { p.Deletion = true }))
	one := y.put("library/app:v1", "one", false, nil)
	two := y.put("library/app:v2", "two", false, nil)
	y.heard()
	if err := y.domain.Artifacts.DeleteRepository(t.Context(), y.domain.Admin, "library", "app"); err != nil {
		t.Fatal(err)
	}
	refs := []string{one.Digest.String(), two.Digest.String()}
	slices.Sort(refs)
	y.wants("deletion library/app " + strings.Join(refs, " "))
}

// Two registries that replicate to each other by events must not play ping-pong: what a
// replication brought goes on only where the tag is as it was before.
// What is restored is to be copied as what is pushed, with a tag or without.
func TestWhatIsRestoredIsCopiedAgain(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(eventPolicy(func(p *replication.Policy) { p.Deletion = true }))
	image := y.put("library/app:v1", "one", false, nil)
	untagged := y.put("library/app", "two", false, nil)
	sbom := y.put("library/app", "sbom", false, func(m *manifestText) { m.Subject = &image })
	child := y.put("library/app", "child", false, nil)
	index := y.put("library/app", "", false, func(m *manifestText) {
		*m = manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex, Manifests: []oci.Descriptor{child}}
	})
	y.heard()
	restore := func(what ...oci.Descriptor) {
		t.Helper()
		var s artifact.Selection
		for _, d := range what {
			s.Artifacts = append(s.Artifacts, y.one("SELECT id FROM artifact WHERE digest = ?", d.Digest))
		}
		if _, err := y.domain.Artifacts.Restore(t.Context(), y.domain.Admin, "library", s); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(what ...oci.Descriptor) {
		t.Helper()
		for _, d := range what {
			if err := y.domain.Artifacts.Delete(t.Context(), y.domain.Admin, "library", "app", d.Digest.String()); err != nil {
				t.Fatal(err)
			}
		}
		y.heard()
	}
	remove(untagged)
	restore(untagged)
	y.wants("copy library/app " + untagged.Digest.String())
	remove(sbom)
	restore(sbom) // it comes to something that has a name
	y.wants("copy library/app v1")
	remove(index)
	restore(index) // and not what it lists
	y.wants("copy library/app " + index.Digest.String())
	remove(image)
	y.put("library/app:v1", "three", false, nil)
	y.heard()
	restore(image) // whose tag is used again
	y.wants("copy library/app " + image.Digest.String())
	if err := y.domain.Artifacts.DeleteRepository(t.Context(), y.domain.Admin, "library", "app"); err != nil {
		t.Fatal(err)
	}
	y.heard()
	id := y.one("SELECT id FROM repository WHERE name = 'app'")
	_, err := y.domain.Artifacts.Restore(t.Context(), y.domain.Admin, "library", artifact.Selection{Repositories: []int64{id}, Names: map[int64]string{id: "old"}})
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"v1", image.Digest.String(), untagged.Digest.String(), index.Digest.String()}
	slices.Sort(all)
	y.wants("copy library/old " + strings.Join(all, " "))
}

func TestWhatAReplicationBroughtSaysWhatTheTagNamedBefore(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(eventPolicy(nil))
	first := y.put("library/app:v1", "one", true, nil)
	y.put("library/app:v1", "two", true, nil)
	if _, err := y.Hear(t.Context()); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := y.domain.DB.Gorm.Raw("SELECT parameters::text FROM execution ORDER BY id DESC LIMIT 1").Scan(&text).Error; err != nil {
		t.Fatal(err)
	}
	var args job.ReplicationArgs
	if err := json.Unmarshal([]byte(text), &args); err != nil {
		t.Fatal(err)
	}
	if got := args.Wanted[0].Before["v1"]; got != first.Digest.String() {
		t.Errorf("before: %q, want %s", got, first.Digest)
	}
	// A person's push counts whatever is there.
	y.put("library/app:v1", "three", true, nil)
	y.put("library/app:v1", "four", false, nil)
	if _, err := y.Hear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := y.domain.DB.Gorm.Raw("SELECT parameters::text FROM execution ORDER BY id DESC LIMIT 1").Scan(&text).Error; err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, "before") {
		t.Errorf("a person's push is bound by what was there: %s", text)
	}
}

func TestEachEventIsActedOnOnceByWhoeverIsQuickest(t *testing.T) {
	y := newQuay(t, "library")
	y.policy(eventPolicy(nil))
	for i := range 40 {
		y.put(fmt.Sprintf("library/app:v%d", i), fmt.Sprint("seed ", i), false, nil)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		all.Go(func() {
			n, err := y.Hear(t.Context())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	all.Wait()
	if total != 40 {
		t.Errorf("%d of 40 events were acted on", total)
	}
}

func TestAPolicyThatRunsOneAtATimeHearsLater(t *testing.T) {
	y := newQuay(t, "library")
	p := y.policy(eventPolicy(func(p *replication.Policy) { p.Single = true }))
	y.put("library/app:v1", "one", false, nil)
	y.wants("copy library/app v1")
	y.put("library/app:v2", "two", false, nil)
	y.wants()
	if n := y.one("SELECT count(*) FROM event WHERE subject_id = ?", p.ID); n != 1 {
		t.Fatalf("%d events wait", n)
	}
	if err := y.domain.DB.Gorm.Exec("UPDATE execution SET ended_at = now(), status = 'Success'").Error; err != nil {
		t.Fatal(err)
	}
	if err := y.domain.DB.Gorm.Exec("UPDATE event SET due_at = now()").Error; err != nil {
		t.Fatal(err)
	}
	y.wants("copy library/app v2")
}

func TestAPolicySeesWhatPeopleSeeInTheIndex(t *testing.T) {
	y := newQuay(t, "library", "other")
	image := y.put("library/app:v1", "one", false, nil)
	y.put("library/app", "signature", false, func(m *manifestText) { m.Subject = &image })
	child := y.put("library/multi", "child", false, nil)
	y.put("library/multi:v1", "index", false, func(m *manifestText) {
		m.MediaType, m.Config, m.Layers, m.Manifests = oci.MediaTypeImageIndex, nil, nil, []oci.Descriptor{child}
	})
	plain := y.put("library/plain", "untagged", false, nil)
	y.put("other/app:v1", "other", false, nil)
	preview := func(filters ...replication.Filter) (out []string) {
		t.Helper()
		got, err := y.Preview(t.Context(), replication.Policy{RegistryID: y.endpoint, Push: true, Trigger: replication.Manual, Filters: filters})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Matches {
			out = append(out, m.Source+" "+strings.Join(m.References, " "))
		}
		return out
	}
	for _, c := range []struct {
		filters []replication.Filter
		want    []string
	}{
		{nil, []string{"library/app v1", "library/multi v1", "library/plain " + plain.Digest.String(), "other/app v1"}},
		{[]replication.Filter{{Type: replication.ByName, Pattern: "library/**"}, {Type: replication.ByTag, Pattern: "v*"}}, []string{"library/app v1", "library/multi v1"}},
		{[]replication.Filter{{Type: replication.ByLabel, Labels: []string{"release"}}}, nil},
		{[]replication.Filter{{Type: replication.ByName, Pattern: "other/*"}, {Type: replication.ByLabel, Labels: []string{"release"}, Decoration: replication.Excludes}}, []string{"other/app v1"}},
		{[]replication.Filter{{Type: replication.ByResource, Pattern: replication.Artifact}}, nil},
	} {
		if got := preview(c.filters...); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.filters, got, c.want)
		}
	}
}
