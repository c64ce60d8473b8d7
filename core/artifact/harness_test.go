package artifact_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// index is a Service over a database of its own, with one project per name asked for.
type index struct {
	*artifact.Service
	t       testing.TB
	db      *store.DB
	changes *change.Feed

	auditBatch *audit.Batch
	by         rbac.Subject
	now        time.Time
}

func newIndex(t testing.TB) *index {
	t.Helper()
	x := &index{t: t, db: storetest.New(t, migrations.Files), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return x.now }
	log := slog.New(slog.DiscardHandler)
	var err error
	if x.changes, err = change.NewFeed(context.Background(), x.db.Pool, time.Now); err != nil {
		t.Fatal(err)
	}
	x.auditBatch = audit.NewBatch(x.db, clock, log)
	x.Service = artifact.New(artifact.Deps{
		DB: x.db, Policy: rbac.NewPolicy(), Audit: x.auditBatch, Clock: clock, Changes: x.changes, Recovery: artifact.Always(14 * 24 * time.Hour), Log: log,
	})
	x.by = rbac.Subject{Kind: rbac.Human, ID: x.one(`INSERT INTO account (name) VALUES ('alice') RETURNING id`), Name: "alice"}
	x.project("library", -1)
	return x
}

// newReplica is another process over the same database.
func newReplica(t testing.TB, x *index) *artifact.Service {
	t.Helper()
	changes, err := change.NewFeed(context.Background(), x.db.Pool, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	clock, log := func() time.Time { return x.now }, slog.New(slog.DiscardHandler)
	return artifact.New(artifact.Deps{
		DB: x.db, Policy: rbac.NewPolicy(), Audit: audit.NewBatch(x.db, clock, log), Clock: clock, Changes: changes, Recovery: artifact.Always(time.Hour), Log: log,
	})
}

func (x *index) project(name string, hard int64) int64 {
	x.t.Helper()
	id := x.one(`INSERT INTO project (name, owner_id) VALUES ($1, $2) RETURNING id`, name, x.by.ID)
	x.exec(`INSERT INTO quota (project_id, hard) VALUES ($1, $2)`, id, hard)
	x.exec(`INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) VALUES ('u', $1, 1, $2)`, x.by.ID, id)
	return id
}

func (x *index) one(sql string, args ...any) (n int64) {
	x.t.Helper()
	if err := x.db.Pool.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		x.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func (x *index) exec(sql string, args ...any) {
	x.t.Helper()
	if _, err := x.db.Pool.Exec(context.Background(), sql, args...); err != nil {
		x.t.Fatalf("%s: %v", sql, err)
	}
}

// blob commits content as an uploaded blob and returns its descriptor.
func (x *index) blob(repository, content, mediaType string) oci.Descriptor {
	x.t.Helper()
	d := digest.FromString(content)
	err := x.CommitBlob(context.Background(), x.by, repository, d, int64(len(content)), "", func(context.Context) error { return nil })
	if err != nil {
		x.t.Fatal(err)
	}
	return oci.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(content))}
}

type manifestText struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	ArtifactType  string            `json:"artifactType,omitempty"`
	Config        *oci.Descriptor   `json:"config,omitempty"`
	Layers        []oci.Descriptor  `json:"layers,omitempty"`
	Manifests     []oci.Descriptor  `json:"manifests,omitempty"`
	Subject       *oci.Descriptor   `json:"subject,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

// image uploads a config and a layer and returns the push of their manifest.
func (x *index) image(repository, tag, seed string) artifact.Push {
	x.t.Helper()
	config := fmt.Sprintf(`{"architecture":"arm64","os":"linux","author":"peer","config":{"Env":["SEED=%s"]},"rootfs":{"type":"layers","diff_ids":[]},"history":[{"created_by":"COPY"}]}`, seed)
	c := x.blob(repository, config, oci.MediaTypeImageConfig)
	l := x.blob(repository, "layer of "+seed, "application/vnd.oci.image.layer.v1.tar+gzip")
	p := x.manifest(repository, tag, manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageManifest, Config: &c, Layers: []oci.Descriptor{l}})
	p.Config = []byte(config)
	return p
}

func (x *index) manifest(repository, tag string, text manifestText) artifact.Push {
	x.t.Helper()
	payload, err := json.Marshal(text)
	if err != nil {
		x.t.Fatal(err)
	}
	m, err := oci.ParseManifest(text.MediaType, payload)
	if err != nil {
		x.t.Fatal(err)
	}
	return artifact.Push{Repository: repository, Tag: tag, Manifest: m, Digest: m.Digest, Payload: payload}
}

func (x *index) push(p artifact.Push) artifact.Pushed {
	x.t.Helper()
	out, err := x.CommitPush(context.Background(), x.by, p)
	if err != nil {
		x.t.Fatal(err)
	}
	return out
}

func descriptor(p artifact.Push) oci.Descriptor {
	return oci.Descriptor{MediaType: p.Manifest.MediaType, Digest: p.Digest, Size: int64(len(p.Payload))}
}

// checkInvariants compares what is kept twice: every rule here is one that
// docs/architecture.md states for the index.
func (x *index) checkInvariants() {
	x.t.Helper()
	for what, sql := range map[string]string{
		"a tag names a deleted artifact": `SELECT count(*) FROM tag t JOIN artifact a ON a.id = t.artifact_id WHERE a.deleted_at IS NOT NULL`,
		"tag_count is wrong":             `SELECT count(*) FROM artifact a WHERE tag_count <> (SELECT count(*) FROM tag WHERE artifact_id = a.id)`,
		"parent_count is wrong": `SELECT count(*) FROM artifact a WHERE parent_count <>
			(SELECT count(DISTINCT c.parent_id) FROM artifact_child c JOIN artifact p ON p.id = c.parent_id WHERE c.child_id = a.id AND p.deleted_at IS NULL)`,
		"a living index lists a deleted child": `SELECT count(*) FROM artifact_child c JOIN artifact p ON p.id = c.parent_id JOIN artifact a ON a.id = c.child_id
			WHERE p.deleted_at IS NULL AND a.deleted_at IS NOT NULL`,
		"a living artifact has a blob its repository does not serve": `SELECT count(*) FROM artifact a JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest'
			WHERE a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM repository_blob rb WHERE rb.repository_id = a.repository_id AND rb.blob_id = e.blob_id)`,
		"a repository has another full name than its project's and its own": `SELECT count(*) FROM repository r JOIN project p ON p.id = r.project_id
			WHERE r.full_name <> p.name || '/' || r.name`,
		"tag is not the fold of tag_event": `SELECT count(*) FROM (
			SELECT repository_id, name, artifact_id FROM tag EXCEPT
			SELECT repository_id, name, to_artifact_id FROM (SELECT DISTINCT ON (repository_id, name) * FROM tag_event ORDER BY repository_id, name, id DESC) last WHERE to_artifact_id IS NOT NULL) x`,
		"tag_event names a tag that is not there": `SELECT count(*) FROM (
			SELECT repository_id, name, to_artifact_id FROM (SELECT DISTINCT ON (repository_id, name) * FROM tag_event ORDER BY repository_id, name, id DESC) last WHERE to_artifact_id IS NOT NULL EXCEPT
			SELECT repository_id, name, artifact_id FROM tag) x`,
		"project_blob is not the projects' distinct blobs": `SELECT count(*) FROM (
			(SELECT r.project_id, e.blob_id FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id JOIN repository r ON r.id = a.repository_id EXCEPT SELECT project_id, blob_id FROM project_blob)
			UNION ALL (SELECT project_id, blob_id FROM project_blob EXCEPT
			SELECT r.project_id, e.blob_id FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id JOIN repository r ON r.id = a.repository_id)) x`,
		"quota.used is not the sum of project_blob": `SELECT count(*) FROM quota q WHERE
			q.used + coalesce((SELECT sum(bytes) FROM quota_delta d WHERE d.project_id = q.project_id), 0) <>
			coalesce((SELECT sum(b.size) FROM project_blob pb JOIN blob b ON b.id = pb.blob_id WHERE pb.project_id = q.project_id), 0)`,
	} {
		if n := x.one(sql); n != 0 {
			x.t.Errorf("invariant broken: %s (%d)", what, n)
		}
	}
}
