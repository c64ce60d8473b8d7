package artifact

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// A mirror that pulls a whole repository must not fill the audit log: when one client
// pulls more than entriesOfOne manifests of a repository within one flush, they are
// listed in the payload of a few entries, none of which is longer than listedBytes.
const (
	entriesOfOne = 20
	listedBytes  = 12 << 10
)

// puller is who pulls from where.
type puller struct{ who, address, repository string }

// reading is a pull as the audit log tells it.
type reading struct {
	pull
	pullNote
}

func (r reading) puller() puller { return puller{r.who, r.address, r.repository} }

// reference is the tag, or the digest when it was pulled by that.
func (r reading) reference() string { return cmp.Or(r.tag, r.digest.String()) }

// entries are those of a flush, in the order of time.
func entries(notes map[pull]pullNote) []audit.Noted {
	of := map[puller][]reading{}
	for k, n := range notes {
		r := reading{k, n}
		of[r.puller()] = append(of[r.puller()], r)
	}
	out := make([]audit.Noted, 0, len(of))
	for p, all := range of {
		if len(all) > entriesOfOne {
			out = append(out, p.lists(all)...)
			continue
		}
		for _, r := range all {
			out = append(out, r.entry())
		}
	}
	slices.SortFunc(out, func(a, b audit.Noted) int { return a.At.Compare(b.At) })
	return out
}

// entry is one for all the pulls of a moment that are alike.
func (r reading) entry() audit.Noted {
	e := audit.Entry{
		ProjectID: &r.project, Operation: audit.Pull, ResourceType: audit.Artifact, Resource: reference(r.repository, r.reference()),
		Description: "pull artifact: " + reference(r.repository, r.digest.String()),
	}
	if r.n > 1 {
		e.Description += fmt.Sprintf(" (%d times)", r.n)
		e.Payload = map[string]int64{"times": r.n}
	}
	return audit.Noted{By: r.by(), At: r.last.UTC(), Entry: e}
}

func (p pull) by() rbac.Subject { return rbac.Subject{Name: p.who, Address: p.address} }

// manyPulled is the payload of an entry for many manifests.
type manyPulled struct {
	Times      int64    `json:"times"`
	References []string `json:"references"` // tags, and digests of what was pulled by digest
}

// lists are entries that together name everything that one client pulled.
func (p puller) lists(all []reading) []audit.Noted {
	slices.SortFunc(all, func(a, b reading) int { return cmp.Compare(a.reference(), b.reference()) })
	var out []audit.Noted
	for len(all) > 0 {
		var l manyPulled
		last, bytes := all[0], 0
		for len(all) > 0 && bytes < listedBytes {
			r := all[0]
			all = all[1:]
			l.Times += r.n
			l.References = append(l.References, r.reference())
			bytes += len(r.reference()) + len(`"",`)
			if r.last.After(last.last) {
				last = r
			}
		}
		out = append(out, audit.Noted{By: last.by(), At: last.last.UTC(), Entry: audit.Entry{
			ProjectID: &last.project, Operation: audit.Pull, ResourceType: audit.Artifact, Resource: p.repository, Payload: l,
			Description: fmt.Sprintf("pull artifacts: %d of %s (%d times in all)", len(l.References), p.repository, l.Times),
		}})
	}
	return out
}
