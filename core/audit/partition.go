package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/roadstead-registry/roadstead/core/store"
)

// One process at a time makes partitions; the number only has to be the same in
// all of them.
const partitionLock = 0x726f6164_61756474

// thereNow reads the table of tables, and so sees what was made while the lock was
// waited for. to_regclass may answer from what the connection remembers.
const thereNow = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = ? AND relnamespace = current_schema()::regnamespace)"

// EnsurePartitions makes the partitions of this month and of the given number
// of months after it, and says how many it has made. Entries that were written to the default partition in the
// meantime move to their month. It may run in several processes at once, and
// while entries are written.
func (s *Service) EnsurePartitions(ctx context.Context, months int) (made int, err error) {
	now := s.clock().UTC()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	var missing []int // months from now; mostly there are none, and one look says so
	const look = "SELECT i FROM generate_series(0, ?) i WHERE to_regclass('audit_event_' || to_char(?::date + make_interval(months => i), 'YYYY_MM')) IS NULL ORDER BY i"
	if err := s.db.WithContext(ctx).Raw(look, months, first.Format(time.DateOnly)).Scan(&missing).Error; err != nil {
		return 0, fmt.Errorf("look for audit partitions: %w", err)
	}
	for _, i := range missing {
		month := first.AddDate(0, i, 0)
		if err := s.ensurePartition(ctx, month); err != nil {
			return made, fmt.Errorf("audit partition of %s: %w", month.Format("2006-01"), err)
		}
		made++
	}
	return made, nil
}

func (s *Service) ensurePartition(ctx context.Context, month time.Time) error {
	name := "audit_event_" + month.Format("2006_01")
	from, to := month.Format("2006-01-02 15:04:05Z07:00"), month.AddDate(0, 1, 0).Format("2006-01-02 15:04:05Z07:00")
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		if err := tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(partitionLock)).Error; err != nil {
			return err
		}
		var there bool
		if err := tx.Raw(thereNow, name).Scan(&there).Error; err != nil || there {
			return err
		}
		for _, sql := range []string{
			// Writers wait here, before they have chosen a partition: one that
			// had chosen the default would fail when its month is attached.
			"LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE",
			fmt.Sprintf("CREATE TABLE %s (LIKE audit_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", name),
			fmt.Sprintf(`WITH moved AS (DELETE FROM audit_event_default WHERE at >= '%s' AND at < '%s' RETURNING *)
				INSERT INTO %s SELECT * FROM moved`, from, to, name),
			fmt.Sprintf("ALTER TABLE audit_event ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')", name, from, to),
		} {
			if err := tx.Exec(sql).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
