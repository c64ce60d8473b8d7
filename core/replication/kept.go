package replication

import (
	"context"
	"errors"
	"fmt"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store"
)

// largeBlob is from how many bytes on an upload is noted, which costs two small
// transactions.
const largeBlob = 16 << 20

// kept is the upload of a blob as the attempts at a task have it (table
// replication_upload). It implements remote.Kept.
type kept struct {
	*copier
	digest string
}

func (k kept) sealedFor() string {
	return fmt.Sprintf("replication_upload/%d/%s", k.log.TaskID, k.digest)
}

// Location is where an attempt has left it.
func (k kept) Location(ctx context.Context) (string, error) {
	var sealed [][]byte
	err := k.db.WithContext(ctx).Raw("SELECT location FROM replication_upload WHERE task_id = ? AND digest = ?", k.log.TaskID, k.digest).Scan(&sealed).Error
	if err != nil || len(sealed) == 0 {
		return "", err
	}
	location, err := k.Sealer.Open(sealed[0], k.sealedFor())
	return string(location), err
}

const (
	noteUpload = `
INSERT INTO replication_upload (task_id, digest, location) VALUES (?, ?, ?)
ON CONFLICT (task_id, digest) DO UPDATE SET location = excluded.location`
	forgetUpload = "DELETE FROM replication_upload WHERE task_id = ? AND digest = ?"
)

// Keep writes it down, while the attempt is this worker's.
func (k kept) Keep(ctx context.Context, location string) error {
	sealed, err := k.Sealer.Seal([]byte(location), k.sealedFor())
	if err != nil {
		return err
	}
	return k.log.Step(ctx, func(tx store.Tx) (int64, error) {
		if location == "" {
			return 0, tx.Exec(forgetUpload, k.log.TaskID, k.digest).Error
		}
		return 0, tx.Exec(noteUpload, k.log.TaskID, k.digest, sealed).Error
	})
}

// GoesOn says whether another attempt at the task goes on with it: not after somebody has
// stopped the task, nor when it has failed for good, or something else of it has.
func (k kept) GoesOn(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return !job.IsStop(err) && !job.IsFinal(err) && !isRefused(err) && !errors.Is(err, context.Canceled)
}
