package artifact

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Labels of an image's config, and annotations of a manifest, that say how long the
// tag that it is pushed by is kept: 1h, 2d, 3w.
const (
	expiryLabel     = "roadstead.expires-after"
	quayExpiryLabel = "quay.expires-after"
)

// Keys of a project's metadata: tags that match the pattern expire after so many days,
// unless the image says otherwise.
const (
	ExpiryDaysKey    = "tag_expiry_days"
	ExpiryPatternKey = "tag_expiry_pattern"
)

const (
	warnBefore  = 24 * time.Hour
	lookAgain   = 24 * time.Hour // at what a rule keeps
	longestLife = 10 * 365 * 24 * time.Hour
	expireBatch = 500
)

// expiryOf are expressions over a row p of project.
const expiryOf = `coalesce((p.metadata ->> '` + ExpiryDaysKey + `')::integer, 0) AS expiry_days, coalesce(p.metadata ->> '` + ExpiryPatternKey + `', '**') AS expiry_pattern`

// expiryRule is a project's; no days are no rule.
type expiryRule struct {
	days    int
	pattern string // doublestar
}

// of is when a tag expires by the rule, nil for never.
func (r expiryRule) of(tag string, now time.Time) *time.Time {
	if r.days <= 0 || !selector.Match(r.pattern, tag) {
		return nil
	}
	at := now.Add(time.Duration(r.days) * 24 * time.Hour)
	return &at
}

// expiry is when the tag of a push expires: as the image says, else by the project's
// rule.
func (w *pushing) expiry() *time.Time {
	if w.facts.expiresAfter == 0 {
		return w.target.expiry.of(w.push.Tag, w.now)
	}
	at := w.now.Add(w.facts.expiresAfter)
	return &at
}

// firstLook is when the sweep looks at a tag that expires: a day before, to warn, unless
// it lives shorter than that.
func firstLook(expires *time.Time, since time.Time) *time.Time {
	if expires == nil {
		return nil
	}
	if warn := expires.Add(-warnBefore); warn.After(since) {
		return &warn
	}
	return expires
}

// expiresAfter reads the label; what cannot be read is not there.
func expiresAfter(labels map[string]string) time.Duration {
	for _, key := range []string{expiryLabel, quayExpiryLabel} {
		if d, ok := parseLife(labels[key]); ok {
			return d
		}
	}
	return 0
}

func parseLife(text string) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if len(text) < 2 {
		return 0, false
	}
	unit, known := map[byte]time.Duration{
		's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	}[text[len(text)-1]]
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
	if !known || err != nil || n == 0 || n > uint64(longestLife/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

// expiryLabels are those of an image's config that say something about expiry.
func expiryLabels(config []byte) map[string]string {
	if !bytes.Contains(config, []byte(".expires-after")) {
		return nil
	}
	var c struct{ Labels map[string]json.RawMessage }
	if json.Unmarshal(config, &c) != nil {
		return nil
	}
	out := map[string]string{}
	for _, key := range []string{expiryLabel, quayExpiryLabel} {
		var text string
		if json.Unmarshal(c.Labels[key], &text) == nil {
			out[key] = text
		}
	}
	return out
}

// ruledExpiry is for names that people give: what an image says is about the tag that
// it was pushed by.
func (s *Service) ruledExpiry(ctx context.Context, q querier, projectID int64, tag string, now time.Time) (*time.Time, error) {
	var r expiryRule
	if err := q.QueryRow(ctx, `SELECT `+expiryOf+` FROM project p WHERE p.id = $1`, projectID).Scan(&r.days, &r.pattern); err != nil {
		return nil, fmt.Errorf("read the expiry rule of project %d: %w", projectID, err)
	}
	return r.of(tag, now), nil
}

const setExpiry = `UPDATE tag SET expires_at = $3, expiry_due = $4 WHERE repository_id = $1 AND name = $2`

// SetTagExpiry says when a tag expires; nil is never. The next push of the tag decides
// anew.
func (s *Service) SetTagExpiry(ctx context.Context, by rbac.Subject, project, repository, tag string, at *time.Time) error {
	now := s.now()
	if at != nil && (!at.After(now) || at.Sub(now) > longestLife) {
		return fault.Invalid("expire_time", "expire_time must be in the future and at most ten years away, as 2026-12-31T12:00:00Z; null is never")
	}
	full := project + "/" + repository + ":" + tag
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), by, project, repository, CauseExpire)
		if err != nil {
			return err
		}
		if at != nil {
			if err := mayDelete(d.rules, repository, []string{tag}); err != nil {
				return err
			}
		}
		done, err := d.tx.Exec(ctx, setExpiry, d.repositoryID, tag, at, firstLook(at, now))
		if err != nil {
			return fmt.Errorf("set the expiry of %s: %w", full, err)
		}
		if done.RowsAffected() == 0 {
			return fault.NotFound("tag %s not found", full)
		}
		what := "tag " + full + " does not expire any more"
		if at != nil {
			what = "tag " + full + " expires at " + at.UTC().Format(time.RFC3339)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &d.projectID, Operation: audit.Update, ResourceType: audit.Tag, Resource: full, Description: what,
		})
	})
}

const (
	dueTags = `
SELECT p.name, r.name, t.name FROM tag t JOIN repository r ON r.id = t.repository_id JOIN project p ON p.id = r.project_id
WHERE t.expiry_due <= $1 ORDER BY t.expiry_due LIMIT $2`

	lockDueTags = `
SELECT name, artifact_id, expires_at, expiry_due FROM tag WHERE repository_id = $1 AND name = ANY($2) AND expiry_due <= $3 ORDER BY name FOR UPDATE`

	lookLater = `UPDATE tag SET expiry_due = $3 WHERE repository_id = $1 AND name = $2`
)

// expirer is in whose name tags expire.
func expirer() rbac.Subject { return rbac.Subject{Name: "roadstead"} }

// ExpireTags removes the tags whose time has come, and their artifacts when they have
// no other, into the recycle bin; it warns of those that expire in a day. A tag that a
// rule makes immutable stays, and the audit log says so. It says how many it looked at and
// how many of them are gone, may run anywhere, and does nothing twice.
func (s *Service) ExpireTags(ctx context.Context) (looked, removed int64, err error) {
	for {
		rows, err := s.db.Pool.Query(ctx, dueTags, s.now(), expireBatch)
		if err != nil {
			return looked, removed, fmt.Errorf("list tags that expire: %w", err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[dueTag])
		if err != nil {
			return looked, removed, fmt.Errorf("list tags that expire: %w", err)
		}
		in := map[[2]string][]string{}
		for _, t := range all {
			where := [2]string{t.Project, t.Repository}
			in[where] = append(in[where], t.Name)
		}
		for where, names := range in { // one that fails does not hold up the others
			n, failed := s.expire(ctx, where[0], where[1], names)
			if failed != nil && err == nil {
				err = fmt.Errorf("expire tags of %s/%s: %w", where[0], where[1], failed)
			}
			removed += int64(n)
		}
		looked += int64(len(all))
		if err != nil || len(all) < expireBatch {
			return looked, removed, err
		}
	}
}

type dueTag struct{ Project, Repository, Name string }

type expiring struct {
	Name       string
	ArtifactID int64
	ExpiresAt  time.Time
	Due        time.Time
}

func (s *Service) expire(ctx context.Context, project, repository string, names []string) (removed int, err error) {
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		removed = 0
		d, err := s.deleteFrom(ctx, store.PgxTx(tx), expirer(), project, repository, CauseExpire)
		if errors.Is(err, fault.ErrNotFound) {
			return nil // deleted meanwhile, and its tags with it
		}
		if err != nil {
			return err
		}
		rows, err := d.tx.Query(ctx, lockDueTags, d.repositoryID, names, d.at)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[expiring])
		if err != nil {
			return err
		}
		e := expiry{deletion: d, full: project + "/" + repository, batch: &pgx.Batch{}}
		if removed, err = e.removeOf(all); err != nil {
			return err
		}
		return d.send(e.batch)
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// expiry is what happens to the tags of one repository that are looked at.
type expiry struct {
	*deletion
	full  string
	batch *pgx.Batch // what is left to do, the audit entries among it
}

// removeOf says how many tags it has removed.
func (e *expiry) removeOf(all []expiring) (int, error) {
	var gone []string
	var artifacts []int64
	for _, t := range all {
		rule, immutable := e.rules.Match(e.repository, t.Name)
		switch {
		case t.ExpiresAt.After(e.at):
			e.batch.Queue(lookLater, e.repositoryID, t.Name, t.ExpiresAt)
			if err := e.say(audit.Update, t.Name, "expires at "+t.ExpiresAt.UTC().Format(time.RFC3339)); err != nil {
				return 0, err
			}
		case immutable:
			e.batch.Queue(lookLater, e.repositoryID, t.Name, e.at.Add(lookAgain))
			if !t.Due.Equal(t.ExpiresAt) {
				continue // said already
			}
			if err := e.say(audit.Update, t.Name, fmt.Sprintf("has expired, but immutability rule %d keeps it", rule)); err != nil {
				return 0, err
			}
		default:
			gone, artifacts = append(gone, t.Name), append(artifacts, t.ArtifactID)
			if err := e.say(audit.Delete, t.Name, "has expired"); err != nil {
				return 0, err
			}
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	if err := e.lock(compact(artifacts)); err != nil {
		return 0, err
	}
	roots, rest := e.whole(compact(artifacts), gone)
	if len(roots) > 0 {
		if err := e.take(roots); err != nil {
			return 0, err
		}
	}
	if len(rest) == 0 {
		return len(gone), nil
	}
	return len(gone), removeTags(e.ctx, e.tx, e.removal, "name = ANY($2)", rest)
}

// whole are the artifacts that have no other tag, and go too, and the tags of the rest.
func (e *expiry) whole(artifacts []int64, gone []string) (roots []int64, rest []string) {
	with := map[string]bool{}
	for _, id := range artifacts {
		a, living := e.found[id]
		other := slices.ContainsFunc(e.tags[id], func(tag string) bool { return !slices.Contains(gone, tag) })
		if !living || a.parents > 0 || other || len(e.immutableOf(id)) > 0 {
			continue
		}
		roots = append(roots, id)
		for _, tag := range e.tags[id] {
			with[tag] = true
		}
	}
	for _, tag := range gone {
		if !with[tag] {
			rest = append(rest, tag)
		}
	}
	return roots, rest
}

func (e *expiry) say(operation, tag, what string) error {
	return audit.Queue(e.ctx, e.batch, expirer(), audit.Entry{
		ProjectID: &e.projectID, Operation: operation, ResourceType: audit.Tag, Resource: e.full + ":" + tag,
		Description: "tag " + e.full + ":" + tag + " " + what,
	})
}
