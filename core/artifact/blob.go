package artifact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// errBlobGone says that garbage collection was there between looking and committing:
// the blob is being deleted, or was deleted after the bytes were found in place, or
// what was in the recycle bin is not any more.
var errBlobGone = errors.New("the blob was deleted meanwhile")

const (
	deletingPoll = 50 * time.Millisecond
	deletingWait = 30 * time.Second
	goneTries    = 3
)

// CommitBlob makes an uploaded blob servable by a repository. place moves the
// bytes to where the storage keeps blobs, durably; it is called without any
// transaction open, and not at all when the blob is there already. A crash after
// place leaves bytes without a row, which garbage collection knows.
//
// While garbage collection is deleting the same digest, CommitBlob waits until
// that is over (at most 30 s, then fault.Unavailable).
func (s *Service) CommitBlob(ctx context.Context, by rbac.Subject, repository string, d digest.Digest, size int64, uploadID string, place func(context.Context) error) error {
	project, name, err := split(repository)
	if err != nil {
		return err
	}
	for range goneTries {
		live, err := s.awaitBlob(ctx, d)
		if err != nil {
			return err
		}
		if !live {
			if err := place(ctx); err != nil {
				return fmt.Errorf("place blob %s: %w", d, err)
			}
		}
		err = s.linkBlob(ctx, project, name, d, size, uploadID, live)
		if !errors.Is(err, errBlobGone) {
			return err
		}
		if !live { // the bytes were placed and are being deleted: only the client has them now
			break
		}
	}
	return fault.Unavailable("blob %s is being deleted at this moment; push again", d)
}

// awaitBlob says whether the blob's bytes are durably in storage, waiting while
// it is being deleted.
func (s *Service) awaitBlob(ctx context.Context, d digest.Digest) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, deletingWait)
	defer cancel()
	tick := time.NewTicker(deletingPoll)
	defer tick.Stop()
	for {
		var state string
		var stored bool
		err := s.db.Pool.QueryRow(ctx, `SELECT state, stored FROM blob WHERE digest = $1`, d.String()).Scan(&state, &stored)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return false, nil
		case err != nil && ctx.Err() == nil:
			return false, fmt.Errorf("look for blob %s: %w", d, err)
		case state == "live":
			return stored, nil
		}
		select {
		case <-ctx.Done():
			return false, fault.Unavailable("blob %s is being deleted; push again in a minute", d)
		case <-tick.C:
		}
	}
}

const (
	// RETURNING nothing means that the row is being deleted; inserted says that
	// there was none.
	upsertBlob = `
INSERT INTO blob (digest, size, lease_until, stored, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (digest) DO UPDATE SET lease_until = greatest(blob.lease_until, excluded.lease_until), stored = blob.stored OR excluded.stored WHERE blob.state = 'live'
RETURNING id, (xmax = 0) AS inserted`

	linkBlob = `
INSERT INTO repository_blob (repository_id, blob_id, lease_until) VALUES ($1, $2, $3)
ON CONFLICT (repository_id, blob_id) DO UPDATE SET lease_until = greatest(repository_blob.lease_until, excluded.lease_until)`

	// Garbage collection looks at each new blob once its lease has ended (core/gc), and
	// so at its links. A link that comes to a blob later is noted for itself.
	linkOldBlob = `
WITH linked AS (` + linkBlob + ` RETURNING repository_id, blob_id, lease_until, (xmax = 0) AS inserted)
INSERT INTO gc_candidate (kind, id, scope_id, not_before) SELECT 'repository_blob', blob_id, repository_id, lease_until FROM linked WHERE inserted
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`
)

// linkBlob is the commit: blob, repository, link, and the upload's row goes.
func (s *Service) linkBlob(ctx context.Context, project, name string, d digest.Digest, size int64, uploadID string, wasLive bool) error {
	now := s.clock()
	until := now.Add(Lease)
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		target, err := lockTarget(ctx, conn, project, name, "")
		if err != nil {
			return err
		}
		var id int64
		var inserted bool
		err = conn.QueryRow(ctx, upsertBlob, d.String(), size, until, true, now).Scan(&id, &inserted)
		if errors.Is(err, pgx.ErrNoRows) || (err == nil && inserted && wasLive) {
			return errBlobGone
		}
		if err != nil {
			return fmt.Errorf("commit blob %s: %w", d, err)
		}
		link := linkOldBlob
		if inserted {
			link = linkBlob
		}
		batch := &pgx.Batch{}
		batch.Queue(link, target.repositoryID, id, until)
		if uploadID != "" {
			batch.Queue(`DELETE FROM upload WHERE id = $1`, uploadID)
		}
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("link blob %s to %s/%s: %w", d, project, name, err)
		}
		return nil
	})
}

// target is where a push goes, locked against deletion until commit.
type target struct {
	projectID    int64
	repositoryID int64
	repository   string // without the project
	hard         int64  // quota, bytes; -1: none
	used         int64  // bytes, with a quota
	expiry       expiryRule
}

const (
	// KEY SHARE does not conflict between pushes; whoever deletes a project or a
	// repository takes FOR UPDATE first, and so waits or makes this find nothing.
	lockAll = `
WITH p AS (SELECT p.id, ` + expiryOf + `, ` + immutable.HoldRules + ` FROM project p WHERE p.name = $1 AND p.deleted_at IS NULL FOR KEY SHARE OF p),
r AS (SELECT r.id FROM p JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL FOR KEY SHARE OF r),
t AS (SELECT t.id FROM r JOIN tag t ON t.repository_id = r.id AND t.name = $3 FOR NO KEY UPDATE OF t)
SELECT p.id, coalesce((SELECT hard FROM quota WHERE project_id = p.id), -1), coalesce((SELECT used FROM quota WHERE project_id = p.id), 0),
       coalesce((SELECT id FROM r), 0), (SELECT id FROM t), p.expiry_days, p.expiry_pattern FROM p`
	lockRepository = `SELECT id FROM repository WHERE project_id = $1 AND name = $2 AND deleted_at IS NULL FOR KEY SHARE`
	makeRepository = `INSERT INTO repository (project_id, name, full_name) SELECT $1, $2, p.name || '/' || $2 FROM project p WHERE p.id = $1 ON CONFLICT (project_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING id`
)

// repositoryAttempts is how often a push tries to make or find its repository.
const repositoryAttempts = 5

// lockTarget locks the tag, too, when it is given and there: whoever moves it comes to
// the artifacts after that, so that two who move it never wait for each other.
func lockTarget(ctx context.Context, tx pgx.Tx, project, name, tag string) (target, error) {
	t := target{repository: name}
	err := tx.QueryRow(ctx, lockAll, project, name, tag).Scan(&t.projectID, &t.hard, &t.used, &t.repositoryID, nil, &t.expiry.days, &t.expiry.pattern)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, fault.NotFound("project %s not found", project)
	}
	if err != nil {
		return t, fmt.Errorf("find project %s: %w", project, err)
	}
	if t.repositoryID != 0 {
		return t, nil
	}
	// One that somebody else makes, deletes or restores meanwhile is neither made nor found by a single attempt.
	for range repositoryAttempts {
		for _, sql := range []string{makeRepository, lockRepository} {
			err = tx.QueryRow(ctx, sql, t.projectID, name).Scan(&t.repositoryID)
			if err == nil {
				return t, nil
			}
			if !errors.Is(err, pgx.ErrNoRows) {
				return t, fmt.Errorf("find or make repository %s/%s: %w", project, name, err)
			}
		}
	}
	return t, fault.Unavailable("repository %s/%s is being deleted and made again at this moment; try again", project, name)
}

const mountable = `
SELECT b.id, b.size FROM blob b
WHERE b.digest = $1 AND b.state = 'live' AND EXISTS (
  SELECT 1 FROM repository_blob rb
  JOIN repository r ON r.id = rb.repository_id AND r.deleted_at IS NULL
  JOIN project p ON p.id = r.project_id AND p.deleted_at IS NULL
  WHERE rb.blob_id = b.id
    AND ($2 = '' OR (p.name = $2 AND r.name = $3))
    AND ($4 OR p.public OR p.id = ANY($8) OR EXISTS (
      SELECT 1 FROM role_grant g WHERE g.project_id = p.id AND g.principal_kind = $5 AND g.principal_id = $6 AND g.role_id = ANY($7))))
FOR KEY SHARE OF b`

// MountBlob links a blob of another repository to one, without its bytes moving.
// With from == "" any repository that the subject may pull from will do. ok is
// false when there is none: the client then uploads.
func (s *Service) MountBlob(ctx context.Context, by rbac.Subject, from, to string, d digest.Digest) (size int64, ok bool, err error) {
	toProject, toName, err := split(to)
	if err != nil {
		return 0, false, err
	}
	var fromProject, fromName string
	if from != "" {
		if fromProject, fromName, err = split(from); err != nil {
			return 0, false, nil //nolint:nilerr // a source that cannot exist: the client uploads instead
		}
	}
	until := s.clock().Add(Lease)
	pull := rbac.On(rbac.Repository, rbac.Pull)
	everywhere, given := by.Reach(pull)
	err = store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		size, ok = 0, false
		var id, bytes int64
		err := conn.QueryRow(ctx, mountable, d.String(), fromProject, fromName, by.SysAdmin || everywhere,
			principalKind(by), by.ID, roleIDs(s.policy.Holders(pull)), given).Scan(&id, &bytes)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := lockTarget(ctx, conn, toProject, toName, "")
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, linkOldBlob, t.repositoryID, id, until); err != nil {
			return err
		}
		size, ok = bytes, true
		return nil
	})
	if err != nil {
		return 0, false, fmt.Errorf("mount %s from %q to %s: %w", d, from, to, err)
	}
	return size, ok, nil
}

// principalKind is the kind under which role_grant knows the subject; a machine is
// not in it.
func principalKind(s rbac.Subject) string {
	if s.Kind == rbac.Human {
		return "u"
	}
	return ""
}

func roleIDs(roles []rbac.Role) []int64 {
	out := make([]int64, len(roles))
	for i, r := range roles {
		out[i] = int64(r)
	}
	return out
}

const (
	lockRepositoryBlob = `
SELECT p.id, r.id, b.id FROM project p
JOIN repository r ON r.project_id = p.id AND r.name = $2 AND r.deleted_at IS NULL
JOIN blob b ON b.digest = $3 AND b.state = 'live'
JOIN repository_blob rb ON rb.repository_id = r.id AND rb.blob_id = b.id
WHERE p.name = $1 AND p.deleted_at IS NULL
FOR UPDATE OF b, rb`

	blobInUse = `
SELECT EXISTS (SELECT 1 FROM artifact_blob ab JOIN artifact a ON a.id = ab.artifact_id
WHERE ab.blob_id = $2 AND a.repository_id = $1 AND a.deleted_at IS NULL)`

	unlinkBlob = `DELETE FROM repository_blob WHERE repository_id = $1 AND blob_id = $2`

	// Garbage collection looks again whether it is garbage once its time has come.
	noteBlob = `
INSERT INTO gc_candidate (kind, id, not_before) VALUES ('blob', $1, $2)
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`

	// A repository that an upload made, and nothing else yet.
	noteUnpublished = `
INSERT INTO gc_candidate (kind, id, not_before) SELECT 'repository', id, $2 FROM repository WHERE id = $1 AND published_at IS NULL
ON CONFLICT (kind, id, scope_id) DO UPDATE SET not_before = excluded.not_before`
)

// UnlinkBlob makes a repository stop serving a blob. A blob that a living
// artifact of the repository is made of is refused: the artifact would break.
// The bytes stay until garbage collection finds that nobody needs them.
func (s *Service) UnlinkBlob(ctx context.Context, by rbac.Subject, repository string, d digest.Digest) error {
	project, name, err := split(repository)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db.Gorm, func(tx store.Tx) error {
		conn := store.PgxTx(tx)
		var projectID, repositoryID, blobID int64
		err := conn.QueryRow(ctx, lockRepositoryBlob, project, name, d.String()).Scan(&projectID, &repositoryID, &blobID)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.NotFound("blob %s not found in repository %s", d, repository)
		}
		if err != nil {
			return fmt.Errorf("find blob %s of %s: %w", d, repository, err)
		}
		var used bool
		if err := conn.QueryRow(ctx, blobInUse, repositoryID, blobID).Scan(&used); err != nil {
			return fmt.Errorf("who uses blob %s: %w", d, err)
		}
		if used {
			return fault.Denied("blob %s is part of an artifact in %s; delete the artifact first", d, repository)
		}
		if _, err := conn.Exec(ctx, unlinkBlob, repositoryID, blobID); err != nil {
			return fmt.Errorf("unlink blob %s: %w", d, err)
		}
		batch := &pgx.Batch{}
		batch.Queue(noteRepository, repositoryID)
		batch.Queue(noteBlob, blobID, s.clock().Add(Lease))
		batch.Queue(noteUnpublished, repositoryID, s.clock().Add(Lease))
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("note blob %s for garbage collection: %w", d, err)
		}
		return audit.Record(tx, by, audit.Entry{
			ProjectID: &projectID, Operation: audit.Delete, ResourceType: "blob", Resource: reference(repository, d.String()),
			Description: "delete blob: " + reference(repository, d.String()),
		})
	})
}
