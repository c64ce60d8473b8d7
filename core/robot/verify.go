package robot

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

const (
	// One row for each grant, or one with NULL. The index is robot_name_key.
	verifyQuery = `SELECT r.id, r.secret_hash, r.disabled, r.expires_at, r.used_at,
		coalesce(g.scope, ''), coalesce(g.project_id, 0), coalesce(array_to_string(g.permissions, ' '), '')
	FROM robot r LEFT JOIN robot_grant g ON g.robot_id = r.id
	WHERE r.name = ? AND coalesce(r.project_id, 0) = `
	ofSystem  = "0"
	ofProject = "(SELECT id FROM project WHERE name = ? AND deleted_at IS NULL)"
)

// remembered is how many accounts are.
const remembered = 8_192

// accountKey is by which an account is remembered: the project, "" for the system's,
// and the name without either.
type accountKey struct{ project, name string }

// topic is noted when a robot of that name is changed or deleted, of whichever project.
func topic(name string) change.Topic { return change.Topic("robot:" + name) }

// Verify returns who has that name and secret now, with what they may do, in one
// query, or from memory when nobody has changed the robot since. ok is false when nobody has. Who has the secret of a robot that is
// disabled or has expired is told so, by an auth.EndedError.
func (s *Service) Verify(ctx context.Context, full, secret string) (who rbac.Subject, ok bool, err error) {
	set, err := s.settings.Get(ctx)
	if err != nil {
		return rbac.Subject{}, false, err
	}
	project, name, ok := parts(set.RobotNamePrefix, full)
	if !ok {
		return rbac.Subject{}, false, nil
	}
	a, err := s.account(ctx, project, name)
	if err != nil {
		return rbac.Subject{}, false, fmt.Errorf("look up robot: %w", err)
	}
	if a.id == 0 || subtle.ConstantTimeCompare(a.secretHash, hash(secret)) != 1 {
		return rbac.Subject{}, false, nil
	}
	now := s.now()
	switch {
	case a.disabled:
		err = &auth.EndedError{Reason: "the robot account " + full + " is disabled; ask who looks after it to enable it"}
	case a.expiresAt != nil && !now.Before(*a.expiresAt):
		err = &auth.EndedError{Reason: "the robot account " + full + " has expired; ask who looks after it to give it more time"}
	default:
		s.used.note(a.id, a.usedAt, now)
	}
	return rbac.Subject{Kind: rbac.Machine, ID: a.id, Name: full, Grants: &a.grants}, true, err
}

type account struct {
	id         ID
	secretHash []byte
	disabled   bool
	expiresAt  *time.Time
	usedAt     *time.Time
	grants     rbac.Grants
}

var errNone = errors.New("there is no such robot")

// account returns one without id when there is none.
func (s *Service) account(ctx context.Context, in, name string) (account, error) {
	topics := func() []change.Topic {
		out := []change.Topic{topic(name)}
		if in != "" {
			out = append(out, project.Topic(in))
		}
		return out
	}
	a, err := s.accounts.Get(ctx, accountKey{in, name}, topics, func(ctx context.Context) (account, error) {
		a, err := s.readAccount(ctx, in, name)
		if err == nil && a.id == 0 {
			err = errNone // which is not remembered: the next moment somebody may make it
		}
		return a, err
	})
	if errors.Is(err, errNone) {
		err = nil
	}
	return a, err
}

func (s *Service) readAccount(ctx context.Context, project, name string) (account, error) {
	sql, args := verifyQuery+ofSystem, []any{name}
	if project != "" {
		sql, args = verifyQuery+ofProject, []any{name, project}
	}
	var a account
	rows, err := s.db.WithContext(ctx).Raw(sql, args...).Rows()
	if err != nil {
		return a, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var scope Scope
		var in int64
		var given string
		if err := rows.Scan(&a.id, &a.secretHash, &a.disabled, &a.expiresAt, &a.usedAt, &scope, &in, &given); err != nil {
			return a, err
		}
		switch scope {
		case System:
			a.grants.System = permissions(given)
		case Projects:
			a.grants.Projects = permissions(given)
		case Project:
			if a.grants.In == nil {
				a.grants.In = map[int64][]rbac.Permission{}
			}
			a.grants.In[in] = permissions(given)
		}
	}
	return a, rows.Err()
}
