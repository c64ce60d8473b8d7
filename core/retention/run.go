package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	deleteBatch = 200   // artifacts in one transaction
	shownKept   = 2_000 // rows of a log about what stays
	loggedTags  = 10    // of an artifact
	mostFolds   = 10    // before it begins: more are pulled all the time
)

// Counts are the result of a task, in Harbor's words.
type Counts struct {
	Total    int64 `json:"total"`
	Retained int64 `json:"retained"`
	Deleted  int64 `json:"deleted"`
	DryRun   bool  `json:"dry_run"`
}

// Run is the work of one task: the first one of an execution makes the others, one for
// each repository, which delete what the rules do not keep. What was deleted when a
// worker dies is deleted, and the next one goes on with the rest: what the rules keep
// does not depend on what they do not keep.
func (s *Service) Run(ctx context.Context, run *job.Run, args job.RetentionArgs) error {
	if args.RepositoryID == 0 {
		return s.plan(ctx, run, args)
	}
	var rules []Rule
	if err := json.Unmarshal(args.Rules, &rules); err != nil {
		return fmt.Errorf("read the rules of a run: %w", err)
	}
	return s.clean(ctx, run, args, rules)
}

func (s *Service) plan(ctx context.Context, run *job.Run, args job.RetentionArgs) error {
	p, err := find(s.db.Gorm.WithContext(ctx), args.PolicyID)
	if errors.Is(err, fault.ErrNotFound) {
		run.Warnf("the policy has been deleted: nothing is done")
		return nil
	}
	if err != nil {
		return err
	}
	c, err := summon(ctx, s.db.Pool, p.ProjectID, p.Rules, s.now())
	if err != nil {
		return err
	}
	tasks := make([]job.Args, 0, len(c.repositories))
	for _, r := range c.repositories {
		rules, err := json.Marshal(rulesFor(c.rules, r.Name))
		if err != nil {
			return fmt.Errorf("write the rules of a run: %w", err)
		}
		tasks = append(tasks, job.RetentionArgs{PolicyID: p.ID, DryRun: args.DryRun, RepositoryID: r.ID, Repository: r.Name, Rules: rules})
	}
	if err := run.Spread(ctx, tasks...); err != nil {
		return err
	}
	run.Infof("policy %d: %d rules, %d repositories", p.ID, len(c.rules), len(tasks))
	return nil
}

// row is an artifact with what becomes of it.
type row struct {
	ID        int64
	Digest    string
	Kind      string
	PushedAt  time.Time
	PulledAt  *time.Time
	CreatedAt time.Time // in Harbor's words: when it was pushed itself, not a tag
	Tags      []string
	Labels    []string
	Fate      int
}

// candidate says whether rules look at it.
func (r row) candidate() bool { return r.Fate != deletedToo }

// Oldest last, as Harbor lists; what an index consists of after all indexes.
const selectRows = `
SELECT j.id, a.digest, a.kind, j.pushed, j.pulled, a.pushed_at,
  ARRAY(SELECT t.name FROM tag t WHERE t.artifact_id = j.id ORDER BY t.since DESC, t.id DESC LIMIT %[1]s),
  ARRAY(SELECT l.name FROM artifact_label al JOIN label l ON l.id = al.label_id WHERE al.artifact_id = j.id ORDER BY l.name), ` + fate + `, j.listed
FROM judged j JOIN artifact a ON a.id = j.id
UNION ALL
SELECT a.id, a.digest, a.kind, a.pushed_at, a.pulled_at, a.pushed_at, '{}', '{}', 4, true FROM children c CROSS JOIN LATERAL (SELECT id, digest, kind, pushed_at, pulled_at FROM artifact WHERE id = c.id OFFSET 0) a
ORDER BY 10, 4 DESC, 1 DESC`

func (c court) rows() (string, []any) {
	sql, v := c.judge()
	sql += fmt.Sprintf(selectRows, v.arg(loggedTags))
	return sql, v.args
}

// judgeAll decides about every artifact of a repository that rules look at.
func (s *Service) judgeAll(ctx context.Context, projectID int64, r repository, rules []Rule) (out []row, planned time.Time, err error) {
	for range mostFolds { // pulls that are only noted yet are pulls
		n, err := s.artifacts.Fold(ctx)
		if err != nil {
			return nil, planned, err
		}
		if n == 0 {
			break
		}
	}
	planned = s.now()
	err = s.reading(ctx, func(tx pgx.Tx) error {
		c := court{projectID: projectID, now: planned, repositories: []repository{r}, rules: rules}
		for i := range rules {
			c.places = append(c.places, i)
		}
		if c.immutable, err = immutable.Load(ctx, tx, projectID); err != nil {
			return err
		}
		sql, args := c.rows()
		found, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(found, func(from pgx.CollectableRow) (r row, err error) {
			err = from.Scan(&r.ID, &r.Digest, &r.Kind, &r.PushedAt, &r.PulledAt, &r.CreatedAt, &r.Tags, &r.Labels, &r.Fate, nil)
			return r, err
		})
		return err
	})
	if err != nil {
		return nil, planned, fmt.Errorf("find what retention keeps of %s: %w", r.Name, err)
	}
	return out, planned, nil
}

// cleaning is the work on one repository.
type cleaning struct {
	*Service
	run     *job.Run
	args    job.RetentionArgs
	project string
	planned time.Time

	rows    map[int64]row
	deleted int64 // of what rules look at, by this attempt and those before
	along   int64
}

const whereItIs = `
SELECT p.id, p.name FROM retention_policy y JOIN project p ON p.id = y.project_id JOIN repository r ON r.project_id = p.id
WHERE y.id = $1 AND r.id = $2 AND p.deleted_at IS NULL AND r.deleted_at IS NULL`

// clean deletes what rules do not keep of a repository.
func (s *Service) clean(ctx context.Context, run *job.Run, args job.RetentionArgs, rules []Rule) error {
	w := &cleaning{Service: s, run: run, args: args, rows: map[int64]row{}, deleted: run.Done()}
	var projectID int64
	err := s.db.Pool.QueryRow(ctx, whereItIs, args.PolicyID, args.RepositoryID).Scan(&projectID, &w.project)
	if errors.Is(err, pgx.ErrNoRows) {
		run.Warnf("the policy or the repository %s has been deleted: nothing is done", args.Repository)
		return run.Result(Counts{Total: w.deleted, Deleted: w.deleted, DryRun: args.DryRun})
	}
	if err != nil {
		return fmt.Errorf("find the repository of a run: %w", err)
	}
	run.Infof("Run retention process.\n Repository: %s/%s \n Rule Algorithm: %s \n Dry Run: %t", w.project, args.Repository, algorithm, args.DryRun)
	all, planned, err := s.judgeAll(ctx, projectID, repository{args.RepositoryID, args.Repository}, rules)
	if err != nil {
		return err
	}
	w.planned = planned
	var doomed []int64
	var candidates, wanted int64
	for _, r := range all {
		w.rows[r.ID] = r
		if r.candidate() {
			candidates++
		}
		if r.Fate == deleted {
			wanted++
		}
		if r.Fate >= deleted {
			doomed = append(doomed, r.ID)
		}
	}
	total := w.deleted + candidates
	run.Infof("Load %d candidates from repository %s/%s", candidates, w.project, args.Repository)
	w.head(all)
	run.Progress(w.deleted, w.deleted+wanted, 0)
	if err := run.Flush(ctx); err != nil {
		return err
	}
	if args.DryRun {
		w.told(doomed)
		run.Progress(wanted, wanted, 0)
		return run.Result(Counts{Total: total, Retained: total - wanted, Deleted: wanted, DryRun: true})
	}
	if err := w.delete(ctx, doomed); err != nil {
		return err
	}
	if w.along > 0 {
		run.Infof("%d artifacts that only deleted indexes consisted of went along", w.along)
	}
	return run.Result(Counts{Total: total, Retained: total - w.deleted, Deleted: w.deleted})
}

// delete deletes in batches. What an index of another batch consists of is tried again
// when that has gone, as long as anything goes.
func (w *cleaning) delete(ctx context.Context, doomed []int64) error {
	for progress := true; progress && len(doomed) > 0; {
		progress = false
		var again []int64
		for batch := range slices.Chunk(doomed, deleteBatch) {
			out, err := w.step(ctx, batch)
			if err != nil {
				return err
			}
			if out.stopped {
				return nil
			}
			progress = progress || len(out.Artifacts) > 0
			again = append(again, out.Listed...)
			w.told(out.Artifacts)
			w.left(out.Deleted)
		}
		doomed = again
	}
	for _, id := range doomed {
		w.line(id, "ERR")
		w.run.Warnf("Retention error for artifact %s/%s@%s: an index consists of it that stays", w.project, w.args.Repository, w.rows[id].Digest)
	}
	return nil
}

type stepped struct {
	artifact.Deleted
	stopped bool
}

// step deletes a batch, unless the policy has been deleted meanwhile.
func (w *cleaning) step(ctx context.Context, batch []int64) (out stepped, err error) {
	var counted int64
	err = w.run.Step(ctx, func(tx store.Tx) (int64, error) {
		counted = 0
		var there bool
		err := store.PgxTx(tx).QueryRow(ctx, "SELECT EXISTS (SELECT FROM retention_policy WHERE id = $1)", w.args.PolicyID).Scan(&there)
		if err != nil || !there {
			out = stepped{stopped: true}
			return 0, err
		}
		out = stepped{}
		out.Deleted, err = w.artifacts.DeletePlanned(tx, rbac.Subject{Name: w.run.Username}, w.project, w.args.Repository, batch, artifact.CauseRetention, w.planned)
		for _, id := range out.Artifacts {
			if w.rows[id].candidate() {
				counted++
			}
		}
		return counted, err
	})
	if errors.Is(err, fault.ErrNotFound) { // the repository
		err, out.stopped = nil, true
	}
	if err != nil {
		return out, err
	}
	if out.stopped {
		w.run.Warnf("the policy or the repository has been deleted: nothing more is done")
		return out, nil
	}
	w.deleted += counted
	w.along += int64(len(out.Artifacts)) - counted
	return out, nil
}

// head begins the log's table with what stays.
func (w *cleaning) head(all []row) {
	w.run.Infof("| Digest | Tag | Kind | Labels | PushedTime | PulledTime | CreatedTime | Retention |")
	w.run.Infof("|--------|-----|------|--------|------------|------------|-------------|-----------|")
	shown := 0
	for _, r := range all {
		mark := ""
		switch r.Fate {
		case kept:
			mark = "RETAIN"
		case sealed:
			mark = "IMMUTABLE"
		case listed:
			mark = "LISTED"
		}
		if mark == "" {
			continue
		}
		if shown++; shown <= shownKept {
			w.line(r.ID, mark)
		}
	}
	if shown > shownKept {
		w.run.Infof("… and %d more that stay", shown-shownKept)
	}
}

// told writes a row for each artifact that was deleted.
func (w *cleaning) told(deleted []int64) {
	for _, id := range deleted {
		w.line(id, "DEL")
	}
}

// left writes why artifacts stay after all.
func (w *cleaning) left(out artifact.Deleted) {
	for _, id := range out.Changed {
		w.line(id, "RETAIN")
		w.run.Infof("%s was pushed, tagged or pulled meanwhile: the next run looks at it again", w.rows[id].Digest)
	}
	if len(out.Immutable) > 0 {
		w.run.Infof("immutable since the run has begun, and left with their artifacts: %s", strings.Join(out.Immutable, ", "))
	}
}

// line is a row of the table, as Harbor's log has it.
func (w *cleaning) line(id int64, mark string) {
	r := w.rows[id]
	if !r.candidate() {
		return
	}
	tags := strings.Join(r.Tags, ",")
	if len(r.Tags) == loggedTags {
		tags += ",…"
	}
	w.run.Infof("| %s | %s | %s | %s | %s | %s | %s | %s |", r.Digest, tags, r.Kind, strings.Join(r.Labels, ","), logTime(&r.PushedAt), logTime(r.PulledAt), logTime(&r.CreatedAt), mark)
}

func logTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006/01/02 15:04:05")
}
