package remote

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	checkInterval = 5 * time.Minute
	// checkSpread is added to it at random, so that registries are not asked all at once.
	checkSpread = time.Minute
	checkBatch  = 20
	checkers    = 5 // registries that are asked at the same time
)

// claimed takes the endpoints that are due, so that no other process asks them too.
const claimed = `
UPDATE registry SET check_at = ?::timestamptz + random() * make_interval(secs => ?) WHERE id IN (
  SELECT id FROM registry WHERE check_at <= ? ORDER BY check_at LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING *`

// Check asks the registries that are due whether they are there, and returns how many
// it has asked. Each is due every five minutes or a little later.
func (s *Service) Check(ctx context.Context) (int, error) {
	for asked := 0; ; {
		now := s.now()
		var due []Endpoint
		err := s.db.WithContext(ctx).Raw(claimed, now.Add(checkInterval), checkSpread.Seconds(), now, checkBatch).Scan(&due).Error
		if err != nil {
			return asked, fmt.Errorf("look for registries to check: %w", err)
		}
		if err := s.check(ctx, due); err != nil {
			return asked, err
		}
		asked += len(due)
		if len(due) < checkBatch {
			return asked, nil
		}
	}
}

func (s *Service) check(ctx context.Context, due []Endpoint) error {
	var asking sync.WaitGroup
	var mu sync.Mutex
	var failed error
	slots := make(chan struct{}, checkers)
	for _, e := range due {
		slots <- struct{}{}
		asking.Go(func() {
			defer func() { <-slots }()
			if err := s.checkOne(ctx, e); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	asking.Wait()
	return failed
}

// checked writes what was found, unless the endpoint has been changed meanwhile.
const checked = `
UPDATE registry SET healthy = ?, reason = ?, checked_at = ?, since = CASE WHEN healthy = ? THEN since ELSE ?::timestamptz END
WHERE id = ? AND updated_at = ?`

func (s *Service) checkOne(ctx context.Context, e Endpoint) error {
	f, err := s.apply(e, Change{})
	if err == nil {
		err = s.ask(ctx, f)
	}
	if ctx.Err() != nil { // this process leaves
		return ctx.Err()
	}
	reason := ""
	if err != nil {
		reason = shortened(Reason(err))
	}
	now := s.now()
	if err := s.db.WithContext(ctx).Exec(checked, err == nil, reason, now, err == nil, now, e.ID, e.UpdatedAt).Error; err != nil {
		return fmt.Errorf("write the health of registry %d: %w", e.ID, err)
	}
	return nil
}

func shortened(reason string) string {
	reason = strings.ToValidUTF8(strings.ReplaceAll(reason, "\x00", ""), "")
	if runes := []rune(reason); len(runes) > maxReason {
		return string(runes[:maxReason]) + "…"
	}
	return reason
}
