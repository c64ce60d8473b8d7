package replication

import (
	"context"
	"errors"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/remote"
)

const (
	previewTime  = 20 * time.Second // that somebody waits for a registry to list
	previewRows  = 100
	previewRefs  = 10
	previewStops = 5_000 // repositories
)

// Preview is what a policy would copy if it ran now.
type Preview struct {
	Repositories int
	Artifacts    int
	Truncated    bool // there is more than was looked at
	Matches      []Match
}

// Match is a repository that would be copied.
type Match struct {
	Source      string
	Destination string
	Artifacts   int
	References  []string // the first of them
	Collides    string   // another repository that would be copied to the same one
	Problem     string   // why it could not be copied
}

// Preview says what a policy that need not be saved would copy. It changes nothing,
// here or there.
func (s *Service) Preview(ctx context.Context, p Policy) (Preview, error) {
	if p.Name == "" {
		p.Name = "preview"
	}
	if err := s.mayBe(ctx, p); err != nil {
		return Preview{}, err
	}
	far, err := s.Registries.Open(ctx, p.RegistryID)
	if err != nil {
		return Preview{}, err
	}
	bounded, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	var out Preview
	from := map[string]string{}
	err = s.matching(bounded, p, far, func(f found) error {
		if out.Repositories == previewStops {
			return errEnough
		}
		out.Repositories++
		out.Artifacts += len(f.references)
		m := p.match(f)
		if other, taken := from[m.Destination]; taken && m.Problem == "" {
			m.Collides = other
		}
		from[m.Destination] = f.repository
		if len(out.Matches) < previewRows {
			out.Matches = append(out.Matches, m)
		}
		return nil
	})
	if errors.Is(err, errEnough) || err != nil && bounded.Err() != nil && ctx.Err() == nil {
		out.Truncated, err = true, nil
	}
	if _, ours := fault.As(err); err != nil && !ours && !p.Push && ctx.Err() == nil {
		err = fault.Precondition("the registry cannot say what it has: %s", remote.Reason(err))
	}
	return out, err
}

var errEnough = errors.New("enough for a preview")

func (p Policy) match(f found) Match {
	m := Match{Source: f.repository, Artifacts: len(f.references), References: f.references[:min(previewRefs, len(f.references))]}
	to, err := destination(f.repository, p.Namespace, p.ReplaceCount)
	if err != nil {
		m.Problem = err.Error()
		return m
	}
	m.Destination = to
	if _, _, ok := oci.SplitProject(to); !ok && !p.Push {
		m.Problem = "it would be in no project: choose a destination namespace"
	}
	return m
}
