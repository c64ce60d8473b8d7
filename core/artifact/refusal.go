package artifact

import (
	"context"
	"sync"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Bounds of the audit entries about refused pushes. A client that tries again and
// again, and one that tries every name, must not fill the log.
const (
	refusalsOfOne = 20    // a minute, of one subject
	refusalsOfAll = 1_000 // a minute, of one process
)

// refusals remembers what was refused in this minute.
type refusals struct {
	mu     sync.Mutex
	minute time.Time
	seen   map[refusalKey]bool
	count  map[subjectKey]int
}

type subjectKey struct {
	kind rbac.SubjectKind
	id   int64
}

type refusalKey struct {
	subjectKey
	repository string
}

// first says whether a refusal is worth an entry: the first of its subject and
// repository in a minute.
func (r *refusals) first(by rbac.Subject, repository string, now time.Time) bool {
	who := subjectKey{by.Kind, by.ID}
	key := refusalKey{who, repository}
	r.mu.Lock()
	defer r.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(r.minute) {
		r.minute, r.seen, r.count = minute, map[refusalKey]bool{}, map[subjectKey]int{}
	}
	if r.seen[key] || r.count[who] >= refusalsOfOne || len(r.seen) >= refusalsOfAll {
		return false
	}
	r.seen[key] = true
	r.count[who]++
	return true
}

// PushRefused notes that somebody who is known was not allowed to push, and why: one
// entry for a repository and a minute, written in a batch. A project that does not
// exist has no log of its own; the entry is in the system's.
func (s *Service) PushRefused(ctx context.Context, by rbac.Subject, repository, ref, reason string) {
	if !s.refusals.first(by, repository, s.clock()) {
		return
	}
	e := audit.Entry{
		Operation: audit.Create, ResourceType: audit.Artifact, Resource: repository, Failed: true,
		Description: "push refused: " + reason, RequestID: audit.RequestID(ctx),
	}
	if ref != "" {
		e.Resource = reference(repository, ref)
	}
	if project, _, err := split(repository); err == nil {
		var id int64
		if s.db.Pool.QueryRow(ctx, `SELECT id FROM project WHERE name = $1 AND deleted_at IS NULL`, project).Scan(&id) == nil {
			e.ProjectID = &id
		}
	}
	s.pulls.audit.Add(audit.Noted{By: by, Entry: e})
}
