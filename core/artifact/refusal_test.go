package artifact_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

func TestARefusedPushIsAnEntryOncePerRepositoryAndMinute(t *testing.T) {
	x := newIndex(t)
	clock, log := func() time.Time { return x.now }, slog.New(slog.DiscardHandler)
	batch := audit.NewBatch(x.db, clock, log)
	s := artifact.New(artifact.Deps{DB: x.db, Policy: rbac.NewPolicy(), Audit: batch, Clock: clock, Changes: x.changes, Recovery: artifact.Always(time.Hour), Log: log})
	flush := func() {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		batch.Run(ended)
	}
	bob := rbac.Subject{Kind: rbac.Human, ID: 7, Name: "bob", Address: "192.0.2.1"}
	for range 3 {
		s.PushRefused(ctx, bob, "library/app", "v1", "you are guest")
	}
	s.PushRefused(ctx, x.by, "library/app", "", "the quota is full")
	s.PushRefused(ctx, bob, "nosuch/app", "", "no such project")
	x.now = x.now.Add(time.Minute)
	s.PushRefused(ctx, bob, "library/app", "v1", "you are guest")
	flush()
	for what, c := range map[string]struct {
		sql  string
		want int64
	}{
		"bob in two minutes":  {`SELECT count(*) FROM audit_event WHERE username = 'bob' AND resource = 'library/app:v1' AND NOT succeeded AND description = 'push refused: you are guest' AND project_id IS NOT NULL`, 2},
		"alice":               {`SELECT count(*) FROM audit_event WHERE username = 'alice' AND resource = 'library/app' AND operation = 'create'`, 1},
		"a project of nobody": {`SELECT count(*) FROM audit_event WHERE resource = 'nosuch/app' AND project_id IS NULL`, 1},
		"everything":          {`SELECT count(*) FROM audit_event`, 4},
	} {
		if n := x.one(c.sql); n != c.want {
			t.Errorf("%s: %d entries, want %d", what, n, c.want)
		}
	}
	x.now = x.now.Add(time.Minute)
	for i := range 500 {
		s.PushRefused(ctx, bob, fmt.Sprintf("library/app-%d", i), "", "you are guest")
	}
	for i := range 3000 {
		s.PushRefused(ctx, rbac.Subject{Kind: rbac.Machine, ID: int64(i), Name: "robot"}, "library/app", "", "x")
	}
	flush()
	if n := x.one(`SELECT count(*) FROM audit_event WHERE username = 'bob'`); n != 3+20 {
		t.Errorf("a flood of one subject left %d entries", n)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE username = 'robot'`); n != 980 {
		t.Errorf("a flood of many left %d entries", n)
	}
}
