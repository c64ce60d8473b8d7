package retention_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// model is what retention is, written down once more without SQL: Harbor's steps, one
// artifact after the other. Its patterns are matched by the library itself.
type model struct {
	now       time.Time
	things    map[int64]*modelThing
	immutable []modelImmutable
	names     map[int64]string // of repositories
}

type modelThing struct {
	thing
	id       int64
	digest   string
	parents  []int64
	children []int64
}

type modelImmutable struct{ repositories, tags string }

func matched(pattern, name string) bool {
	ok, err := doublestar.Match(pattern, name)
	if err != nil {
		panic(err)
	}
	return ok
}

func chosen(s selector.Selector, name string) bool {
	excludes := s.Decoration == selector.Excludes || s.Decoration == selector.RepoExcludes
	return matched(s.Pattern, name) != excludes
}

func (m *model) looksAt(r retention.Rule, a *modelThing) bool {
	for _, s := range r.Repositories {
		if !chosen(s, m.names[a.repository]) {
			return false
		}
	}
	for _, s := range r.Tags {
		takes := false
		if len(a.tags) == 0 {
			untagged := s.Decoration == selector.Matches
			switch s.Extras {
			case `{"untagged":true}`:
				untagged = s.Decoration == selector.Matches
			case `{"untagged":false}`:
				untagged = s.Decoration == selector.Excludes
			}
			takes = untagged
			if s.Extras == "" {
				takes = true
			}
		}
		for _, tag := range a.tags {
			takes = takes || chosen(s, tag)
		}
		if !takes {
			return false
		}
	}
	return true
}

func active(a *modelThing) time.Time {
	if a.pulled != nil && a.pulled.After(a.pushed) {
		return *a.pulled
	}
	return a.pushed
}

// keeps returns what a rule keeps of a repository.
func (m *model) keeps(r retention.Rule, candidates []*modelThing) []*modelThing {
	var looked []*modelThing
	for _, a := range candidates {
		if m.looksAt(r, a) {
			looked = append(looked, a)
		}
	}
	n := int(r.Params[r.Template].(float64))
	newer := func(a, b time.Time, x, y *modelThing) bool {
		if !a.Equal(b) {
			return a.After(b)
		}
		if !x.pushed.Equal(y.pushed) {
			return x.pushed.After(y.pushed)
		}
		return x.id > y.id
	}
	first := func(at func(*modelThing) time.Time) []*modelThing {
		sort.Slice(looked, func(i, j int) bool { return newer(at(looked[i]), at(looked[j]), looked[i], looked[j]) })
		return looked[:min(n, len(looked))]
	}
	since := m.now.AddDate(0, 0, -n)
	only := func(keep func(*modelThing) bool) []*modelThing {
		return slices.DeleteFunc(looked, func(a *modelThing) bool { return !keep(a) })
	}
	switch r.Template {
	case "latestPushedK":
		return first(func(a *modelThing) time.Time { return a.pushed })
	case "latestPulledN":
		return first(func(a *modelThing) time.Time {
			if a.pulled == nil {
				return time.Time{}
			}
			return *a.pulled
		})
	case "latestActiveK":
		return first(active)
	case "nDaysSinceLastPush", "lastXDays":
		return only(func(a *modelThing) bool { return a.pushed.After(since) })
	case "nDaysSinceLastPull":
		return only(func(a *modelThing) bool { return a.pulled != nil && a.pulled.After(since) })
	case "always":
		return looked
	}
	return nil
}

func (m *model) accessories(a *modelThing) []*modelThing {
	var out []*modelThing
	for _, b := range m.things {
		if b.repository == a.repository && b.subject == a.digest && len(b.parents) == 0 {
			out = append(append(out, b), m.accessories(b)...)
		}
	}
	return out
}

func (m *model) sealed(a *modelThing) bool {
	for _, b := range append(m.accessories(a), a) {
		for _, tag := range b.tags {
			for _, r := range m.immutable {
				if matched(r.repositories, m.names[b.repository]) && matched(r.tags, tag) {
					return true
				}
			}
		}
	}
	return false
}

// fates decides about one repository; gone is all that goes, accessories too.
func (m *model) fates(repository int64, rules []retention.Rule) (fates map[int64]int, gone map[int64]bool) {
	fates, gone = map[int64]int{}, map[int64]bool{}
	var about []retention.Rule
	for _, r := range rules {
		all := !r.Disabled
		for _, s := range r.Repositories {
			all = all && chosen(s, m.names[repository])
		}
		if all {
			about = append(about, r)
		}
	}
	if len(about) == 0 {
		return fates, gone
	}
	var candidates []*modelThing
	for _, a := range m.things {
		if a.repository == repository && a.subject == "" && (len(a.tags) > 0 || len(a.parents) == 0) {
			candidates = append(candidates, a)
			fates[a.id] = retention.Deleted
		}
	}
	for _, r := range about {
		for _, a := range m.keeps(r, candidates) {
			fates[a.id] = retention.Kept
		}
	}
	for _, a := range candidates {
		if fates[a.id] == retention.Deleted && m.sealed(a) {
			fates[a.id] = retention.Sealed
		}
	}
	for changed := true; changed; {
		changed = false
		for _, a := range candidates {
			for _, p := range a.parents {
				if fate, judged := fates[p]; fates[a.id] == retention.Deleted && (!judged || fate != retention.Deleted) {
					fates[a.id], changed = retention.Listed, true
				}
			}
		}
	}
	for _, a := range candidates {
		if fates[a.id] == retention.Deleted {
			gone[a.id] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for _, a := range m.things {
			if gone[a.id] || len(a.parents) == 0 || len(a.tags) > 0 || a.repository != repository {
				continue
			}
			if !slices.ContainsFunc(a.parents, func(p int64) bool { return !gone[p] }) {
				gone[a.id], fates[a.id], changed = true, retention.DeletedToo, true
			}
		}
	}
	for id := range maps.Clone(gone) {
		for _, b := range m.accessories(m.things[id]) {
			gone[b.id] = true
		}
	}
	return fates, gone
}

// world is a random project.
func (s *shed) world(random *rand.Rand, n int) (int64, *model) {
	s.t.Helper()
	name := fmt.Sprintf("world%d", n)
	projectID := s.project(name)
	m := &model{things: map[int64]*modelThing{}, names: map[int64]string{}}
	tags := []string{"v1", "v1.1", "v2", "latest", "dev-1", "dev-2", "rc", "edge", "stable", "a", "b", "c"}
	add := func(a thing) *modelThing {
		id, digest := s.put(a)
		m.things[id] = &modelThing{thing: a, id: id, digest: digest, children: a.children}
		for _, child := range a.children {
			m.things[child].parents = append(m.things[child].parents, id)
		}
		return m.things[id]
	}
	shared := s.blob(1 << 20)
	for r := range 1 + random.IntN(3) {
		repository := s.repository(projectID, []string{"app", "team/web", "team/db"}[r])
		m.names[repository] = []string{"app", "team/web", "team/db"}[r]
		free := slices.Clone(tags)
		random.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		take := func(most int) (out []string) {
			for range min(random.IntN(most+1), len(free)) {
				out, free = append(out, free[0]), free[1:]
			}
			return out
		}
		var images []*modelThing
		for range 4 + random.IntN(10) {
			a := thing{repository: repository, pushed: ago(float64(random.IntN(40)) + 0.5), tags: take(2), blobs: []int64{s.blob(int64(1 + random.IntN(1000)))}}
			if random.IntN(2) == 0 {
				a.pulled = agoP(float64(random.IntN(40)) + 0.25)
			}
			if random.IntN(3) == 0 {
				a.blobs = append(a.blobs, shared)
			}
			if len(images) > 2 && random.IntN(4) == 0 {
				for _, at := range random.Perm(len(images))[:2] {
					a.children = append(a.children, images[at].id)
				}
			}
			images = append(images, add(a))
		}
		for range random.IntN(4) {
			subject := images[random.IntN(len(images))]
			signature := add(thing{repository: repository, subject: subject.digest, pushed: ago(1), tags: take(1), blobs: []int64{s.blob(5)}})
			if random.IntN(3) == 0 {
				add(thing{repository: repository, subject: signature.digest, pushed: ago(1), blobs: []int64{s.blob(3)}})
			}
		}
	}
	for range random.IntN(3) {
		r := modelImmutable{[]string{"**", "team/*", "app"}[random.IntN(3)], []string{"v*", "stable", "[a-c]", "**"}[random.IntN(4)]}
		if !slices.Contains(m.immutable, r) {
			s.immutable(projectID, r.repositories, r.tags)
			m.immutable = append(m.immutable, r)
		}
	}
	return projectID, m
}

func randomRules(random *rand.Rand) []retention.Rule {
	var out []retention.Rule
	for range 1 + random.IntN(4) {
		all := retention.Templates()
		t := all[random.IntN(len(all))]
		r := rule(t.Name, random.IntN(5), []string{"**", "team/**", "app", "{app,team/db}"}[random.IntN(4)], []string{"**", "v*", "dev-?", "{latest,edge}", "[a-c]", "nothing-*"}[random.IntN(6)])
		if t.Unit == retention.Days {
			r = rule(t.Name, random.IntN(40), r.Repositories[0].Pattern, r.Tags[0].Pattern)
		}
		r.Tags[0].Extras = []string{"", `{"untagged":true}`, `{"untagged":false}`}[random.IntN(3)]
		if random.IntN(4) == 0 {
			r.Tags[0].Decoration = selector.Excludes
		}
		if random.IntN(5) == 0 {
			r.Repositories[0].Decoration = selector.RepoExcludes
		}
		if random.IntN(4) == 0 {
			r.Tags = append(r.Tags, selector.Selector{Kind: selector.Doublestar, Decoration: selector.Excludes, Pattern: "v2"})
		}
		r.Disabled = random.IntN(8) == 0
		r.ID = len(out)
		out = append(out, r)
	}
	return out
}

// The statement and the model decide the same about random projects, and the preview
// adds it up.
func TestTheStatementIsTheModel(t *testing.T) {
	s := newShed(t)
	seed := uint64(time.Now().UnixNano())
	if t.Logf("seed %d", seed); testing.Short() {
		seed = 1
	}
	random := rand.New(rand.NewPCG(seed, 3))
	seen := map[int]int{}
	for n := range 40 {
		projectID, m := s.world(random, n)
		for range 4 {
			rules := randomRules(random)
			if retention.CheckRules(rules) != nil { // twice the same
				continue
			}
			m.now = time.Now()
			gone := map[int64]bool{}
			var judged, deleted, repositories int64
			for repository, name := range m.names {
				want, went := m.fates(repository, rules)
				maps.Copy(gone, went)
				for _, fate := range want {
					seen[fate]++
					if fate != retention.DeletedToo {
						judged++
					}
					if fate == retention.Deleted {
						deleted++
					}
				}
				if len(want) == 0 {
					continue
				}
				repositories++
				got, err := s.Retention.Fates(ctx, projectID, repository, name, rules)
				if err != nil {
					t.Fatal(err)
				}
				if !maps.Equal(got, want) {
					t.Fatalf("project %d, repository %s, rules %+v:\n got %v\nwant %v", n, name, rules, got, want)
				}
			}
			p, err := s.Retention.Preview(ctx, projectID, rules, page.Page{Number: 1, Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			if p.Artifacts != judged && repositories > 0 || p.Deleted != deleted || p.Along != int64(len(gone))-deleted || int64(len(p.Items)) != deleted || p.Bytes != s.freed(projectID, gone) {
				t.Fatalf("project %d, rules %+v: %+v, want %d judged, %d deleted, %d along, %d bytes", n, rules, p, judged, deleted, int64(len(gone))-deleted, s.freed(projectID, gone))
			}
		}
	}
	for _, fate := range []int{retention.Kept, retention.Sealed, retention.Listed, retention.Deleted, retention.DeletedToo} {
		if seen[fate] == 0 {
			t.Errorf("no artifact had the fate %d: the worlds are too simple", fate)
		}
	}
}

// freed adds up blobs one by one.
func (s *shed) freed(projectID int64, gone map[int64]bool) (bytes int64) {
	s.t.Helper()
	rows, err := s.DB.Pool.Query(ctx, `SELECT e.blob_id, b.size, e.artifact_id FROM artifact_blob e JOIN blob b ON b.id = e.blob_id JOIN artifact a ON a.id = e.artifact_id WHERE a.project_id = $1`, projectID)
	s.must(err)
	defer rows.Close()
	sizes, held := map[int64]int64{}, map[int64]bool{}
	for rows.Next() {
		var blob, size, of int64
		s.must(rows.Scan(&blob, &size, &of))
		sizes[blob] = size
		held[blob] = held[blob] || !gone[of]
	}
	for blob, size := range sizes {
		if !held[blob] {
			bytes += size
		}
	}
	return bytes
}
