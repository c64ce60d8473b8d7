package artifact

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Push is a manifest that a client puts into a repository. Its payload is in the
// storage already.
type Push struct {
	Repository string // project/name
	Tag        string // '' when pushed by digest
	Manifest   oci.Manifest
	Digest     digest.Digest // as the client names it; sha256 of the payload when pushed by tag
	Payload    []byte
	Config     []byte // the config blob, when the caller read it
	Replicated bool   // another registry's replication pushes it

	// Place writes the payload into the storage once more: garbage collection may have
	// taken what was there before the push was committed. Nil: nothing is to be written.
	Place func(context.Context) error
}

// Pushed is what a push made.
type Pushed struct {
	ArtifactID int64
	Subject    digest.Digest // what the manifest itself refers to, '' for nothing
	Usage      Usage         // of the project's quota
	New        bool          // no repository had the manifest
}

const (
	addManifest = `
INSERT INTO manifest (digest, media_type, size, payload) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING`

	lockArtifact = `
SELECT id, deleted_at IS NOT NULL FROM artifact WHERE repository_id = $1 AND digest = $2 FOR NO KEY UPDATE`

	addArtifact = `
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, artifact_type, size, subject_digest,
                      refers, accessory_type, annotations, platform, config, pushed_by, pushed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (repository_id, digest) DO NOTHING
RETURNING id`

	reviveArtifact = `UPDATE artifact SET deleted_at = NULL, pushed_at = $2, pushed_by = $3 WHERE id = $1`

	// It counts the links to the blobs $5: a link may have ended just before the blobs
	// were locked, which keeps it from ending now.
	addEdges = `
WITH edges AS (
  INSERT INTO artifact_blob (artifact_id, blob_id, role)
  SELECT $1, e.id, e.role FROM unnest($2::bigint[], $3::text[]) AS e(id, role) ON CONFLICT DO NOTHING)
SELECT count(*) FROM repository_blob WHERE repository_id = $4 AND blob_id = ANY($5)`

	addChildren = `
INSERT INTO artifact_child (parent_id, child_id, position, platform)
SELECT $1, e.child, e.position, e.platform FROM unnest($2::bigint[], $3::integer[], $4::jsonb[]) AS e(child, position, platform)`

	adoptChildren = `UPDATE artifact SET parent_count = parent_count + $2 WHERE id = ANY($1)`

	touchRepository = `
UPDATE repository SET updated_at = $2, published_at = coalesce(published_at, $2)
WHERE id = $1 AND (published_at IS NULL OR updated_at < $3)`
)

// CommitPush makes a pushed manifest, and its tag, visible in one transaction:
// artifact, edges, referrer, tag and its history, quota and audit. It refuses
// with MissingError, with fault.Denied when the quota would be exceeded, and
// then nothing has changed. While garbage collection is deleting a manifest with the
// same digest it waits, as CommitBlob does.
func (s *Service) CommitPush(ctx context.Context, by rbac.Subject, p Push) (Pushed, error) {
	project, name, err := split(p.Repository)
	if err != nil {
		return Pushed{}, err
	}
	f := describe(p.Manifest, p.Tag, p.Config)
	for range goneTries {
		out, err := s.commitPush(ctx, by, p, project, name, f)
		if !errors.Is(err, errBlobGone) {
			return out, err
		}
		if _, err := s.awaitBlob(ctx, p.Digest); err != nil {
			return Pushed{}, err
		}
		if p.Place != nil {
			if err := p.Place(ctx); err != nil {
				return Pushed{}, fmt.Errorf("place manifest %s: %w", p.Digest, err)
			}
		}
	}
	return Pushed{}, fault.Unavailable("manifest %s is being deleted at this moment; push again", p.Digest)
}

func (s *Service) commitPush(ctx context.Context, by rbac.Subject, p Push, project, name string, f facts) (out Pushed, err error) {
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		w := pushing{Service: s, ctx: ctx, tx: store.PgxTx(tx), by: by, push: p, facts: f, now: s.clock()}
		if w.target, err = lockTarget(ctx, w.tx, project, name, p.Tag); err != nil {
			return err
		}
		if out, err = w.run(); err != nil {
			return err
		}
		return out.Usage.record(tx, by, w.target.projectID, project)
	})
	return out, err
}

// pushing is one attempt at the transaction of a push.
type pushing struct {
	*Service
	ctx    context.Context
	tx     pgx.Tx
	by     rbac.Subject
	push   Push
	facts  facts
	now    time.Time
	target target
	blobs  []int64 // of the artifact, the manifest's own first
	fresh  bool    // the artifact is new to the repository
	first  bool    // and its manifest to all of them
	again  bool    // it was deleted there and is not any more
}

func (w *pushing) spoken() string {
	if w.push.Tag != "" {
		return w.push.Tag
	}
	return w.push.Digest.String()
}

// run is the transaction, in few round trips: what does not wait for an answer goes
// with the next statement.
func (w *pushing) run() (Pushed, error) {
	blobs, err := w.requireBlobs()
	if err != nil {
		return Pushed{}, err
	}
	children, err := w.requireChildren()
	if err != nil {
		return Pushed{}, err
	}
	edges, rest := &pgx.Batch{}, &pgx.Batch{}
	id, err := w.putArtifact(blobs, children, edges)
	if err != nil {
		return Pushed{}, err
	}
	if err := w.nameArtifact(id, edges, rest); err != nil {
		return Pushed{}, err
	}
	if w.push.Tag == "" && (w.fresh || w.again) {
		event.Queue(rest, event.Change{
			Kind: event.Push, RepositoryID: w.target.repositoryID, ArtifactID: id, Replicated: w.push.Replicated, ByName: w.by.Name, At: w.now,
		})
	}
	rest.Queue(touchRepository, w.target.repositoryID, w.now, w.now.Add(-time.Second))
	rest.Queue(notePush, w.target.projectID, w.now)
	err = audit.Queue(w.ctx, rest, w.by, audit.Entry{
		ProjectID: &w.target.projectID, Operation: audit.Create, ResourceType: audit.Artifact,
		Resource:    reference(w.push.Repository, w.spoken()),
		Description: "push artifact: " + reference(w.push.Repository, w.push.Digest.String()),
	})
	if err != nil {
		return Pushed{}, err
	}
	out := Pushed{ArtifactID: id, New: w.first}
	if subject := w.push.Manifest.Subject; subject != nil {
		out.Subject = subject.Digest
	}
	out.Usage, err = w.charge(rest)
	return out, err
}

// nameArtifact sends the edges and, with a tag, tries to make it; what is left of
// moving it goes into rest.
func (w *pushing) nameArtifact(id int64, edges, rest *pgx.Batch) error {
	move := tagMove{target: w.target, name: w.push.Tag, to: id, by: w.by.Name, cause: causePush, at: w.now, until: w.expiry(), replicated: w.push.Replicated}
	n := edges.Len()
	if move.name != "" {
		edges.Queue(addTag, move.arguments()...)
	}
	if edges.Len() == 0 {
		return nil
	}
	answers := w.tx.SendBatch(w.ctx, edges)
	if err := w.readEdges(answers, n); err != nil {
		return errors.Join(err, answers.Close())
	}
	if move.name == "" {
		return answers.Close()
	}
	var added addedTag
	added.err = answers.QueryRow().Scan(&added.id)
	if err := answers.Close(); err != nil { // the connection is free for what comes next
		return fmt.Errorf("add tag %s: %w", move.name, err)
	}
	return move.queue(w.ctx, w.tx, added, rest)
}

// readEdges reads the answers of what queueEdges has queued, if anything.
func (w *pushing) readEdges(answers pgx.BatchResults, n int) error {
	if n == 0 {
		return nil
	}
	var links int
	if err := answers.QueryRow().Scan(&links); err != nil {
		return fmt.Errorf("store the edges of %s: %w", w.push.Digest, err)
	}
	if links < len(w.blobs)-1 {
		return errBlobGone // the next attempt says which
	}
	for range n - 1 {
		if _, err := answers.Exec(); err != nil {
			return fmt.Errorf("store the edges of %s: %w", w.push.Digest, err)
		}
	}
	return nil
}

// addedTag is the answer of addTag, read.
type addedTag struct {
	id  int64
	err error
}

func (a addedTag) Scan(dest ...any) error {
	if id, ok := dest[0].(*int64); ok {
		*id = a.id
	}
	return a.err
}

// putArtifact inserts the artifact and queues its edges, or finds the one that is
// there, reviving it when it was deleted.
func (w *pushing) putArtifact(blobs, children map[digest.Digest]int64, edges *pgx.Batch) (int64, error) {
	p, f := w.push, w.facts
	payload := int64(len(p.Payload))
	batch := &pgx.Batch{}
	// The blob first: while it is held, nobody deletes the manifest.
	batch.Queue(upsertBlob, p.Digest.String(), payload, w.now.Add(Lease), false, w.now)
	batch.Queue(addManifest, p.Digest.String(), p.Manifest.MediaType, payload, p.Payload)
	batch.Queue(addArtifact, w.target.projectID, w.target.repositoryID, p.Digest.String(), f.kind, p.Manifest.MediaType, f.configType,
		f.artifactType, f.size, f.subject, p.Manifest.Subject != nil, f.accessoryType, f.annotations, f.platform, f.config, w.by.Name, w.now)
	answers := w.tx.SendBatch(w.ctx, batch)
	var manifestBlob, id int64
	blob := answers.QueryRow().Scan(&manifestBlob, &w.first)
	_, stored := answers.Exec()
	added := answers.QueryRow().Scan(&id)
	if err := errors.Join(stored, answers.Close()); err != nil {
		return 0, fmt.Errorf("store manifest %s: %w", p.Digest, err)
	}
	switch {
	case errors.Is(blob, pgx.ErrNoRows):
		return 0, errBlobGone
	case errors.Is(added, pgx.ErrNoRows) && blob == nil:
		return w.existingArtifact(children)
	case blob != nil || added != nil:
		return 0, fmt.Errorf("store artifact %s: %w", p.Digest, errors.Join(blob, added))
	}
	w.fresh = true
	w.queueEdges(edges, id, manifestBlob, blobs, children)
	return id, nil
}

func (w *pushing) existingArtifact(children map[digest.Digest]int64) (id int64, err error) {
	var deleted bool
	err = w.tx.QueryRow(w.ctx, lockArtifact, w.target.repositoryID, w.push.Digest.String()).Scan(&id, &deleted)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errBlobGone // it was in the recycle bin, and has been purged since
	}
	if err != nil {
		return 0, fmt.Errorf("find artifact %s: %w", w.push.Digest, err)
	}
	if !deleted {
		return id, nil
	}
	w.again = true
	batch := &pgx.Batch{}
	batch.Queue(reviveArtifact, id, w.now, w.by.Name)
	batch.Queue(dropLabels, id) // they were put on what was deleted
	batch.Queue(`DELETE FROM gc_candidate WHERE kind = 'artifact' AND id = $1`, id)
	if len(children) > 0 {
		batch.Queue(adoptChildren, values(children), 1)
	}
	if err := w.tx.SendBatch(w.ctx, batch).Close(); err != nil {
		return 0, fmt.Errorf("revive artifact %s: %w", w.push.Digest, err)
	}
	return id, nil
}

func (w *pushing) queueEdges(batch *pgx.Batch, id, manifestBlob int64, blobs, children map[digest.Digest]int64) {
	ids, roles := []int64{manifestBlob}, []string{"manifest"}
	for d, blobID := range blobs {
		role := "layer"
		if c := w.push.Manifest.Config; c != nil && c.Digest == d {
			role = "config"
		}
		ids, roles = append(ids, blobID), append(roles, role)
	}
	w.blobs = ids
	batch.Queue(addEdges, id, ids, roles, w.target.repositoryID, ids[1:])
	if len(children) == 0 {
		return
	}
	var childIDs []int64
	var positions []int32
	var platforms []*string
	for i, d := range w.push.Manifest.Children {
		childIDs = append(childIDs, children[d.Digest])
		positions = append(positions, int32(i))
		var platform *string
		if d.Platform != nil {
			if text := storable(d.Platform); text != nil {
				s := string(text)
				platform = &s
			}
		}
		platforms = append(platforms, platform)
	}
	batch.Queue(addChildren, id, childIDs, positions, platforms)
	batch.Queue(adoptChildren, values(children), 1)
}

func values(m map[digest.Digest]int64) []int64 {
	out := make([]int64, 0, len(m))
	for _, id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
