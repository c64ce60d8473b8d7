package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
)

// Probe writes, reads and removes a small file, to find out before the first
// push whether the storage lets us.
func (s *Store) Probe(ctx context.Context) error {
	path := root + "/_roadstead/probe-" + rand.Text()
	content := []byte(path)
	if err := s.driver.PutContent(ctx, path, content); err != nil {
		return fmt.Errorf("write to storage: %w", err)
	}
	got, err := s.driver.GetContent(ctx, path)
	if err == nil && !bytes.Equal(got, content) {
		err = errors.New("other bytes came back than were written")
	}
	if err = errors.Join(err, s.driver.Delete(ctx, path)); err != nil {
		return fmt.Errorf("read back from storage: %w", err)
	}
	return nil
}
