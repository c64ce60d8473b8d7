package retention_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/selector"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var ctx = context.Background()

// shed is the domain with artifacts that a test puts there by SQL.
type shed struct {
	*coretest.Domain
	t    testing.TB
	made int
}

func newShed(t testing.TB) *shed {
	t.Helper()
	return &shed{Domain: coretest.New(t), t: t}
}

func (s *shed) one(sql string, args ...any) (n int64) {
	s.t.Helper()
	if err := s.DB.Pool.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (s *shed) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.DB.Pool.Exec(ctx, sql, args...); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

func (s *shed) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shed) project(name string) int64 {
	s.t.Helper()
	p, err := s.Projects.Create(ctx, s.Admin, project.New{Name: name})
	s.must(err)
	return p.ID
}

func (s *shed) repository(projectID int64, name string) int64 {
	s.t.Helper()
	return s.one(`INSERT INTO repository (project_id, name, full_name, published_at)
		SELECT id, $2::text, name || '/' || $2::text, now() FROM project WHERE id = $1 RETURNING id`, projectID, name)
}

// thing is an artifact to be there.
type thing struct {
	repository int64
	subject    string // of an accessory: a digest
	pushed     time.Time
	pulled     *time.Time
	tags       []string
	children   []int64
	blobs      []int64
}

func (s *shed) digest() string {
	s.made++
	return fmt.Sprintf("sha256:%064x", s.made)
}

func (s *shed) blob(size int64) int64 {
	s.t.Helper()
	return s.one(`INSERT INTO blob (digest, size, lease_until) VALUES ($1, $2, now()) RETURNING id`, s.digest(), size)
}

// put makes an artifact and returns its id and digest.
func (s *shed) put(a thing) (int64, string) {
	s.t.Helper()
	digest := s.digest()
	accessory := ""
	var subject *string
	if a.subject != "" {
		accessory, subject = "signature.cosign", &a.subject
	}
	s.exec(`INSERT INTO manifest (digest, media_type, size, payload) VALUES ($1, 'application/vnd.oci.image.manifest.v1+json', 2, '{}')`, digest)
	id := s.one(`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, subject_digest, refers, accessory_type, tag_count, pushed_at, pulled_at)
		SELECT project_id, id, $2::text, 'image', 'application/vnd.oci.image.manifest.v1+json', 7, $3::text, $3::text IS NOT NULL, $4::text, $5::integer, $6::timestamptz, $7::timestamptz FROM repository WHERE id = $1 RETURNING id`,
		a.repository, digest, subject, accessory, len(a.tags), a.pushed, a.pulled)
	for _, tag := range a.tags {
		s.exec(`INSERT INTO tag (repository_id, name, artifact_id, since) VALUES ($1, $2, $3, $4)`, a.repository, tag, id, a.pushed)
		s.exec(`INSERT INTO tag_event (repository_id, name, to_artifact_id, at, by_name, cause) VALUES ($1, $2, $3, $4, 'test', 'push')`, a.repository, tag, id, a.pushed)
	}
	for i, child := range a.children {
		s.exec(`INSERT INTO artifact_child (parent_id, child_id, position) VALUES ($1, $2, $3)`, id, child, i)
		s.exec(`UPDATE artifact SET parent_count = parent_count + 1 WHERE id = $1`, child)
	}
	for _, blob := range a.blobs {
		s.exec(`INSERT INTO artifact_blob (artifact_id, blob_id, role) VALUES ($1, $2, 'layer')`, id, blob)
	}
	return id, digest
}

func ago(days float64) time.Time {
	return time.Now().Add(-time.Duration(days * 24 * float64(time.Hour))).UTC().Truncate(time.Microsecond)
}

func agoP(days float64) *time.Time {
	at := ago(days)
	return &at
}

// rule is one of a template with a number, about repositories and tags that match.
func rule(template string, number int, repositories, tags string) retention.Rule {
	return retention.Rule{
		Template: template, Params: map[string]any{template: float64(number)},
		Repositories: []selector.Selector{{Kind: selector.Doublestar, Decoration: selector.RepoMatches, Pattern: repositories}},
		Tags:         []selector.Selector{{Kind: selector.Doublestar, Decoration: selector.Matches, Pattern: tags}},
	}
}

func (s *shed) immutable(projectID int64, repositories, tags string) {
	s.t.Helper()
	_, err := s.Immutable.Create(ctx, s.Admin, projectID, immutable.Fields{
		Repositories: []selector.Selector{{Kind: selector.Doublestar, Decoration: selector.RepoMatches, Pattern: repositories}},
		Tags:         []selector.Selector{{Kind: selector.Doublestar, Decoration: selector.Matches, Pattern: tags}},
	})
	s.must(err)
}

func (s *shed) policy(projectID int64, rules ...retention.Rule) retention.Policy {
	s.t.Helper()
	p, err := s.Retention.Create(ctx, s.Admin, projectID, retention.Fields{Rules: rules})
	s.must(err)
	return p
}

func (s *shed) start(p retention.Policy, dryRun bool) job.Execution {
	s.t.Helper()
	e, err := s.Retention.Start(ctx, s.Admin, p.ID, dryRun)
	s.must(err)
	return e
}

// begin takes up the first task of an execution that waits, or says that there is none.
func (s *shed) begin(e job.Execution) (*job.Run, job.RetentionArgs, bool) {
	s.t.Helper()
	var d job.Delivery
	var args job.RetentionArgs
	err := s.DB.Pool.QueryRow(ctx, "SELECT id, attempt, kind FROM task WHERE execution_id = $1 AND status = 'Pending' ORDER BY id LIMIT 1", e.ID).Scan(&d.Task, &d.Attempt, &d.Of)
	if err != nil {
		return nil, args, false
	}
	run, err := s.Jobs.Begin(ctx, d, "test")
	s.must(err)
	s.must(run.Args(&args))
	return run, args, true
}

func (s *shed) end(run *job.Run, o job.Outcome) job.Task {
	s.t.Helper()
	t, err := run.End(ctx, o, func(store.Tx) error { return nil })
	s.must(err)
	return t
}

// work does all tasks of an execution.
func (s *shed) work(e job.Execution) map[string]retention.Counts {
	s.t.Helper()
	out := map[string]retention.Counts{}
	for {
		run, args, more := s.begin(e)
		if !more {
			return out
		}
		s.must(s.Retention.Run(ctx, run, args))
		t := s.end(run, job.Outcome{})
		if t.Result != nil {
			var c retention.Counts
			s.must(t.Result.Into(&c))
			out[args.Repository] = c
		}
	}
}

// living are the ids of a repository's artifacts that are not deleted.
func (s *shed) living(repository int64) map[int64]bool {
	s.t.Helper()
	rows, err := s.DB.Pool.Query(ctx, `SELECT id FROM artifact WHERE repository_id = $1 AND deleted_at IS NULL`, repository)
	s.must(err)
	defer rows.Close()
	out := map[int64]bool{}
	for rows.Next() {
		var id int64
		s.must(rows.Scan(&id))
		out[id] = true
	}
	s.must(rows.Err())
	return out
}

var somebody = rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin"}

// await waits for something that another goroutine does.
func (s *shed) await(done func() bool) {
	s.t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); {
		if done() {
			return
		}
		runtime.Gosched()
	}
	s.t.Error("waited for 30 seconds in vain")
}
