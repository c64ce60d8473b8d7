package gc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// window is how long what a test deletes can be restored.
const window = 14 * 24 * time.Hour

// yard is an index and a storage over a clock that the test moves.
type yard struct {
	t         testing.TB
	db        *store.DB
	clock     *coretest.Clock
	storage   *coretest.Storage
	artifacts *artifact.Service
	projects  *project.Service
	garbage   *gc.Service
	jobs      *job.Queue
	by        rbac.Subject
	rest      bool
}

func newYard(t testing.TB) *yard {
	t.Helper()
	y := &yard{t: t, db: storetest.New(t, migrations.Files), clock: coretest.NewClock(time.Now().UTC().Truncate(time.Second))}
	log := slog.New(slog.DiscardHandler)
	changes, err := change.NewFeed(t.Context(), y.db.Pool, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	y.storage = coretest.NewStorage(y.clock.Read)
	y.artifacts = artifact.New(artifact.Deps{
		DB: y.db, Policy: rbac.NewPolicy(), Audit: audit.NewBatch(y.db, y.clock.Read, log), Clock: y.clock.Read, Changes: changes, Recovery: artifact.Always(window), Log: log,
	})
	y.projects = project.NewService(y.db.Gorm, rbac.NewPolicy(), changes, artifact.Always(window), y.clock.Read)
	y.garbage = y.collector()
	if y.jobs, err = job.NewQueue(y.db.Gorm, job.Kinds(), audit.RecordJob, y.clock.Read); err != nil {
		t.Fatal(err)
	}
	y.by = rbac.Subject{Kind: rbac.Human, ID: y.one(`INSERT INTO account (name) VALUES ('alice') RETURNING id`), Name: "alice", SysAdmin: true}
	y.project("library", -1)
	return y
}

// collector is another process's.
func (y *yard) collector() *gc.Service {
	y.t.Helper()
	s, err := gc.New(gc.Deps{
		DB: y.db, Artifacts: y.artifacts, Storage: y.storage, Clock: y.clock.Read, Metrics: prometheus.NewRegistry(),
		Resting: func(context.Context) (bool, error) { return y.rest, nil },
	})
	if err != nil {
		y.t.Fatal(err)
	}
	s.SetWait(func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	return s
}

func (y *yard) project(name string, hard int64) {
	y.t.Helper()
	id := y.one(`INSERT INTO project (name, owner_id) VALUES ($1, $2) RETURNING id`, name, y.by.ID)
	y.exec(`INSERT INTO quota (project_id, hard) VALUES ($1, $2)`, id, hard)
}

func (y *yard) one(sql string, args ...any) (n int64) {
	y.t.Helper()
	if err := y.db.Pool.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		y.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (y *yard) exec(sql string, args ...any) {
	y.t.Helper()
	if _, err := y.db.Pool.Exec(context.Background(), sql, args...); err != nil {
		y.t.Fatalf("%s: %v", sql, err)
	}
}

func (y *yard) must(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

// upload commits a blob as the registry does: its bytes first.
func (y *yard) upload(repository, content string) (oci.Descriptor, error) {
	d := digest.FromString(content)
	err := y.artifacts.CommitBlob(context.Background(), y.by, repository, d, int64(len(content)), "", func(context.Context) error {
		return y.storage.Put(d, []byte(content))
	})
	if there, _ := y.storage.Has(context.Background(), d, int64(len(content))); err == nil && !there {
		err = y.storage.Put(d, []byte(content)) // as makeGood
	}
	return oci.Descriptor{MediaType: "application/vnd.oci.image.layer.v1.tar+gzip", Digest: d, Size: int64(len(content))}, err
}

// uploadSmall commits a small blob as the registry does: its bytes are in Postgres
// until they are in the storage for certain.
func (y *yard) uploadSmall(repository, content string) error {
	d := digest.FromString(content)
	stored, err := y.artifacts.CommitSmall(context.Background(), repository, d, []byte(content), "")
	if err != nil {
		return err
	}
	if there, _ := y.storage.Has(context.Background(), d, int64(len(content))); stored && there {
		return nil
	}
	if err := y.storage.Put(d, []byte(content)); err != nil {
		return err
	}
	return y.artifacts.SettleBlobs(context.Background(), []digest.Digest{d})
}

type manifestText struct {
	SchemaVersion int              `json:"schemaVersion"`
	MediaType     string           `json:"mediaType"`
	ArtifactType  string           `json:"artifactType,omitempty"`
	Config        *oci.Descriptor  `json:"config,omitempty"`
	Layers        []oci.Descriptor `json:"layers,omitempty"`
	Manifests     []oci.Descriptor `json:"manifests,omitempty"`
	Subject       *oci.Descriptor  `json:"subject,omitempty"`
}

func described(content, mediaType string) oci.Descriptor {
	return oci.Descriptor{MediaType: mediaType, Digest: digest.FromString(content), Size: int64(len(content))}
}

// image is a manifest of a config and layers.
func image(config string, layers ...string) manifestText {
	c := described(config, oci.MediaTypeImageConfig)
	m := manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &c}
	for _, l := range layers {
		m.Layers = append(m.Layers, described(l, "application/vnd.oci.image.layer.v1.tar+gzip"))
	}
	return m
}

func (m manifestText) descriptor() oci.Descriptor {
	payload, _ := json.Marshal(m)
	return oci.Descriptor{MediaType: m.MediaType, Digest: digest.FromBytes(payload), Size: int64(len(payload))}
}

// put pushes a manifest whose parts are there.
func (y *yard) put(repository, tag string, m manifestText) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	parsed, err := oci.ParseManifest(m.MediaType, payload)
	if err != nil {
		return err
	}
	wrote := false
	place := func(ctx context.Context) error {
		if there, _ := y.storage.Has(ctx, parsed.Digest, int64(len(payload))); there {
			wrote = false
			return nil
		}
		wrote = true
		return y.storage.Put(parsed.Digest, payload)
	}
	if err := place(context.Background()); err != nil {
		return err
	}
	pushed, err := y.artifacts.CommitPush(context.Background(), y.by, artifact.Push{
		Repository: repository, Tag: tag, Manifest: parsed, Digest: parsed.Digest, Payload: payload, Place: place,
	})
	if err == nil && pushed.New && !wrote { // as the registry does
		err = place(context.Background())
	}
	return err
}

// push uploads an image with all its parts.
func (y *yard) push(repository, tag string, config string, layers ...string) manifestText {
	y.t.Helper()
	for _, content := range append([]string{config}, layers...) {
		_, err := y.upload(repository, content)
		y.must(err)
	}
	m := image(config, layers...)
	y.must(y.put(repository, tag, m))
	return m
}

// collect does passes until nothing is due, and says how much they have removed.
func (y *yard) collect() int64 {
	y.t.Helper()
	return y.collectBy(y.garbage)
}

// collectBy is collect in a process of its own.
func (y *yard) collectBy(process *gc.Service) int64 {
	y.t.Helper()
	removed, err := process.Collect(context.Background())
	y.must(err)
	return removed
}

// run starts a job and does it, as a worker does.
func (y *yard) run(args job.Args, do func(context.Context, *job.Run) error) (job.Execution, string) {
	y.t.Helper()
	e, err := y.jobs.Start(y.t.Context(), job.Request{Args: args, Trigger: job.Manual, By: y.by})
	y.must(err)
	r := y.begin(e.ID)
	failed := do(y.t.Context(), r)
	_, err = r.End(y.t.Context(), job.Outcome{Err: failed, Final: true}, func(store.Tx) error { return nil })
	y.must(err)
	y.must(failed)
	return y.ended(e.ID)
}

func (y *yard) begin(execution int64) *job.Run {
	y.t.Helper()
	var d job.Delivery
	y.must(y.db.Pool.QueryRow(y.t.Context(), "SELECT id, attempt, kind FROM task WHERE execution_id = $1", execution).Scan(&d.Task, &d.Attempt, &d.Of))
	r, err := y.jobs.Begin(y.t.Context(), d, "test")
	y.must(err)
	return r
}

func (y *yard) ended(execution int64) (job.Execution, string) {
	y.t.Helper()
	e, err := y.jobs.Get(y.t.Context(), "", execution)
	y.must(err)
	log, err := y.jobs.ExecutionLog(y.t.Context(), e.Kind, e.ID)
	y.must(err)
	return e, log
}

func (y *yard) runCollection(args job.CollectArgs) (gc.Result, string) {
	y.t.Helper()
	if args.Workers == 0 {
		args.Workers = 1
	}
	e, log := y.run(args, func(ctx context.Context, r *job.Run) error { return y.garbage.Run(ctx, r, args) })
	var out gc.Result
	y.must(e.Result.Into(&out))
	return out, log
}

func (y *yard) check(args job.CheckStorageArgs) (gc.Checked, string) {
	y.t.Helper()
	if args.Rate == 0 {
		args.Rate = gc.DefaultRate
	}
	e, log := y.run(args, func(ctx context.Context, r *job.Run) error { return y.garbage.Check(ctx, r, args) })
	var out gc.Checked
	y.must(e.Result.Into(&out))
	return out, log
}

// rows counts what the index has.
func (y *yard) rows() string {
	y.t.Helper()
	out := ""
	for _, table := range []string{"repository", "artifact", "artifact_blob", "repository_blob", "blob", "manifest", "project_blob", "gc_candidate"} {
		out += fmt.Sprintf("%s %d, ", table, y.one("SELECT count(*) FROM "+table))
	}
	return out + fmt.Sprintf("objects %d", len(y.storage.All()))
}

const emptyYard = "repository 0, artifact 0, artifact_blob 0, repository_blob 0, blob 0, manifest 0, project_blob 0, gc_candidate 0, objects 0"

// checkInvariants compares what is kept twice, and looks for garbage that nobody will
// look at again.
func (y *yard) checkInvariants() {
	y.t.Helper()
	for what, sql := range map[string]string{
		"a tag names a deleted artifact": `SELECT count(*) FROM tag t JOIN artifact a ON a.id = t.artifact_id WHERE a.deleted_at IS NOT NULL`,
		"tag_count is wrong":             `SELECT count(*) FROM artifact a WHERE tag_count <> (SELECT count(*) FROM tag WHERE artifact_id = a.id)`,
		"parent_count is wrong": `SELECT count(*) FROM artifact a WHERE parent_count <>
			(SELECT count(DISTINCT c.parent_id) FROM artifact_child c JOIN artifact p ON p.id = c.parent_id WHERE c.child_id = a.id AND p.deleted_at IS NULL)`,
		"a living index lists a deleted child": `SELECT count(*) FROM artifact_child c JOIN artifact p ON p.id = c.parent_id JOIN artifact a ON a.id = c.child_id
			WHERE p.deleted_at IS NULL AND a.deleted_at IS NOT NULL`,
		"a living artifact has a blob its repository does not serve": `SELECT count(*) FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest'
			WHERE a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM repository_blob rb WHERE rb.repository_id = a.repository_id AND rb.blob_id = e.blob_id)`,
		"an artifact has a blob that is being deleted": `SELECT count(*) FROM artifact_blob e JOIN blob b ON b.id = e.blob_id WHERE b.state <> 'live'`,
		"a repository has another full name than its project's and its own": `SELECT count(*) FROM repository r JOIN project p ON p.id = r.project_id
			WHERE r.full_name <> p.name || '/' || r.name`,
		"tag is not the fold of tag_event": `SELECT count(*) FROM (
			SELECT repository_id, name, artifact_id FROM tag EXCEPT
			SELECT repository_id, name, to_artifact_id FROM (SELECT DISTINCT ON (repository_id, name) * FROM tag_event ORDER BY repository_id, name, id DESC) last WHERE to_artifact_id IS NOT NULL) x`,
		"history names an artifact that is neither there nor purged": `SELECT count(*) FROM tag_event e, LATERAL (VALUES (from_artifact_id), (to_artifact_id)) v (id)
			WHERE v.id IS NOT NULL AND NOT EXISTS (SELECT FROM artifact WHERE id = v.id) AND NOT EXISTS (SELECT FROM purged_artifact WHERE id = v.id)`,
		"project_blob is not the projects' distinct blobs": `SELECT count(*) FROM (
			(SELECT a.project_id, e.blob_id FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id EXCEPT SELECT project_id, blob_id FROM project_blob)
			UNION ALL (SELECT project_id, blob_id FROM project_blob EXCEPT
			SELECT a.project_id, e.blob_id FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id)) x`,
		"quota.used is not the sum of project_blob": `SELECT count(*) FROM quota q WHERE
			q.used + coalesce((SELECT sum(bytes) FROM quota_delta d WHERE d.project_id = q.project_id), 0) <>
			coalesce((SELECT sum(b.size) FROM project_blob pb JOIN blob b ON b.id = pb.blob_id WHERE pb.project_id = q.project_id), 0)`,
		"a manifest without a blob of its own": `SELECT count(*) FROM manifest m WHERE NOT EXISTS (SELECT FROM blob b WHERE b.digest = m.digest)`,
		"a deleted artifact that nobody will look at": `SELECT count(*) FROM artifact a WHERE deleted_at IS NOT NULL
			AND NOT EXISTS (SELECT FROM gc_candidate WHERE kind = 'artifact' AND id = a.id) AND NOT EXISTS (SELECT FROM artifact_child WHERE child_id = a.id)`,
	} {
		if n := y.one(sql); n != 0 {
			y.t.Errorf("invariant broken: %s (%d)", what, n)
		}
	}
}
