package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	// OtherEvents stands, in a purge, for every kind of entry that EventTypes has not.
	OtherEvents = "other"

	// MaxRetentionHours is the most that a purge can keep, Harbor's bound.
	MaxRetentionHours = 240_000

	purgeBatch = 5_000 // entries in one transaction
	dropTries  = 3
	// dropWait is how long writers may have to wait for a partition to be dropped.
	dropWait = "SET LOCAL lock_timeout = '500ms'"

	codeLockTimeout = "55P03"
)

// CheckPurge says what is wrong with a purge.
func CheckPurge(args job.PurgeArgs) error {
	switch {
	case args.RetentionHours < 0 || args.RetentionHours > MaxRetentionHours:
		return fault.Invalid("audit_retention_hour", "audit_retention_hour should be between 0 and %d, not %d", MaxRetentionHours, args.RetentionHours)
	case len(args.EventTypes) == 0:
		return fault.Invalid("include_event_types", "include_event_types should name at least one kind of entry: %s or %s", strings.Join(EventTypes(), ", "), OtherEvents)
	}
	for _, t := range args.EventTypes {
		if t != OtherEvents && !slices.Contains(EventTypes(), t) {
			return fault.Invalid("include_event_types", "include_event_types has %.64q, which is none of %s or %s", t, strings.Join(EventTypes(), ", "), OtherEvents)
		}
	}
	return nil
}

// Purged is the result of a purge.
type Purged struct {
	Entries int64     `json:"purged_entries"`
	Before  time.Time `json:"purged_before"`
	DryRun  bool      `json:"dry_run"`
}

// Purge deletes the entries of some kinds that are older than a number of hours, a
// batch a transaction; a month of which nothing is kept goes whole. A dry run only
// counts. One that is broken off goes on where it was.
func (s *Service) Purge(ctx context.Context, run *job.Run, args job.PurgeArgs) error {
	if err := CheckPurge(args); err != nil {
		return err
	}
	p := purge{Service: s, run: run, before: s.clock().UTC().Add(-time.Duration(args.RetentionHours) * time.Hour), listed: list(EventTypes()), chosen: list(args.EventTypes), other: slices.Contains(args.EventTypes, OtherEvents)}
	run.Infof("keep %d hours: entries before %s of %s", args.RetentionHours, p.before.Format(time.RFC3339), strings.Join(args.EventTypes, ", "))
	parts, err := p.count(ctx)
	if err != nil {
		return err
	}
	result := Purged{Before: p.before, DryRun: args.DryRun}
	if args.DryRun {
		result.Entries = total(parts)
		run.Progress(result.Entries, result.Entries, 0)
		run.Infof("dry run: %d entries would be deleted", result.Entries)
		return run.Result(result)
	}
	if err := p.deleteFrom(ctx, parts); err != nil {
		return err
	}
	result.Entries = run.Done()
	run.Infof("deleted %d entries", result.Entries)
	run.AtEnd(func(tx store.Tx) error {
		return Record(tx, rbac.Subject{Name: run.Username}, Entry{Operation: Delete, ResourceType: Log, Resource: "auditlog",
			Description: fmt.Sprintf("purge audit log: %d entries before %s, by execution %d", result.Entries, p.before.Format(time.RFC3339), run.ExecutionID)})
	})
	return run.Result(result)
}

type purge struct {
	*Service
	run            *job.Run
	before         time.Time
	listed, chosen string // arrays of event types
	other          bool
}

// part is a partition of the log and what there is in it.
type part struct {
	name    string
	entries int64
	goes    int64
}

func list(types []string) string { return "{" + strings.Join(types, ",") + "}" }

func total(parts []part) (n int64) {
	for _, p := range parts {
		n += p.goes
	}
	return n
}

// goes is the condition of what is deleted; its parameters are args.
const goes = `(at < ? AND (operation || '_' || resource_type = ANY (?::text[]) OR (?::boolean AND operation || '_' || resource_type <> ALL (?::text[]))))`

func (p *purge) args(before ...any) []any {
	return append(before, p.before, p.chosen, p.other, p.listed)
}

// count looks through the partitions, oldest first.
func (p *purge) count(ctx context.Context) ([]part, error) {
	var names []string
	db := p.db.WithContext(ctx)
	err := db.Raw(`SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_event'::regclass ORDER BY c.relname`).Scan(&names).Error
	if err != nil {
		return nil, fmt.Errorf("list the audit log's partitions: %w", err)
	}
	var parts []part
	for _, name := range names {
		var n struct{ Entries, Goes int64 }
		err := db.Raw("SELECT count(*) AS entries, count(*) FILTER (WHERE "+goes+") AS goes FROM "+name, p.args()...).Scan(&n).Error
		if err != nil {
			return nil, fmt.Errorf("count audit entries: %w", err)
		}
		if n.Goes > 0 {
			parts = append(parts, part{name, n.Entries, n.Goes})
		}
	}
	return parts, nil
}

func (p *purge) deleteFrom(ctx context.Context, parts []part) error {
	all := p.run.Done() + total(parts)
	p.run.Progress(p.run.Done(), all, 0)
	if err := p.run.Flush(ctx); err != nil {
		return err
	}
	thisMonth := "audit_event_" + p.clock().UTC().Format("2006_01") // and "default" comes after every month
	for _, part := range parts {
		if part.goes == part.entries && part.name < thisMonth {
			dropped, err := p.drop(ctx, part.name)
			if err != nil {
				return err
			}
			if dropped {
				continue
			}
		}
		if err := p.batches(ctx, part.name); err != nil {
			return err
		}
		p.run.Infof("deleted %d entries of %s", part.goes, part.name)
	}
	return nil
}

// Whoever takes entries away holds the tally's mark, so that each is taken off the
// tally exactly if it was counted.
const (
	takeOff = `off AS (SELECT project_id, username, count(*) AS n FROM gone WHERE id <= (SELECT id FROM mark) GROUP BY 1, 2),
taken AS (UPDATE audit_tally t SET entries = t.entries - off.n FROM off WHERE t.project_id = off.project_id AND t.username = off.username)
SELECT count(*) AS n, coalesce(max(id), 0) AS last FROM gone`
	deleteBatch = `
WITH mark AS (SELECT id FROM audit_tallied FOR UPDATE),
gone AS (DELETE FROM %[1]s WHERE id IN (SELECT id FROM %[1]s WHERE id > ? AND ` + goes + ` ORDER BY id LIMIT ?) RETURNING id, coalesce(project_id, 0) AS project_id, username),
` + takeOff
	countWhole = `
WITH mark AS (SELECT id FROM audit_tallied FOR UPDATE),
gone AS (SELECT id, coalesce(project_id, 0) AS project_id, username FROM %[1]s),
` + takeOff
)

// batches deletes from a partition a batch a transaction.
func (p *purge) batches(ctx context.Context, name string) error {
	for last := int64(0); ; {
		var gone struct{ N, Last int64 }
		err := p.run.Step(ctx, func(tx store.Tx) (int64, error) {
			args := append(append([]any{last}, p.args()...), purgeBatch)
			if err := tx.Raw(fmt.Sprintf(deleteBatch, name), args...).Scan(&gone).Error; err != nil {
				return 0, fmt.Errorf("delete audit entries: %w", err)
			}
			return gone.N, nil
		})
		if err != nil || gone.N < purgeBatch {
			return err
		}
		last = gone.Last
	}
}

// drop removes a partition, unless something in it is to be kept after all or
// writers would have to wait too long.
func (p *purge) drop(ctx context.Context, name string) (bool, error) {
	for range dropTries {
		dropped := false
		err := p.run.Step(ctx, func(tx store.Tx) (n int64, err error) {
			n, dropped, err = p.tryDrop(tx, name)
			return n, err
		})
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == codeLockTimeout {
			continue
		}
		if dropped && err == nil {
			p.run.Infof("dropped %s whole", name)
		}
		return dropped, err
	}
	return false, nil
}

// tryDrop first keeps others from adding to this one partition, which no entry of
// today does, and takes the lock that all writers wait for last.
func (p *purge) tryDrop(tx store.Tx, name string) (int64, bool, error) {
	for _, sql := range []string{dropWait, "LOCK TABLE " + name + " IN SHARE MODE"} {
		if err := tx.Exec(sql).Error; err != nil {
			return 0, false, fmt.Errorf("drop %s: %w", name, err)
		}
	}
	var kept bool
	if err := tx.Raw("SELECT EXISTS (SELECT 1 FROM "+name+" WHERE NOT "+goes+")", p.args()...).Scan(&kept).Error; err != nil || kept {
		return 0, false, err
	}
	var gone struct{ N, Last int64 }
	if err := tx.Raw(fmt.Sprintf(countWhole, name)).Scan(&gone).Error; err != nil {
		return 0, false, fmt.Errorf("drop %s: %w", name, err)
	}
	if err := tx.Exec("DROP TABLE " + name).Error; err != nil {
		return 0, false, fmt.Errorf("drop %s: %w", name, err)
	}
	return gone.N, true, nil
}
