package event_test

import (
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const rows = `
INSERT INTO account (name) VALUES ('u');
INSERT INTO project (name, owner_id) VALUES ('library', 1);
INSERT INTO repository (project_id, name, full_name, published_at) VALUES (1, 'app', 'library/app', now());
INSERT INTO manifest (digest, media_type, size, payload) VALUES ('sha256:a', 'm', 1, ''), ('sha256:b', 'm', 1, '');
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size) VALUES (1, 1, 'sha256:a', 'image', 'm', 1), (1, 1, 'sha256:b', 'image', 'm', 1)`

type board struct {
	t  *testing.T
	db *store.DB
}

func newBoard(t *testing.T) board {
	t.Helper()
	b := board{t, storetest.New(t, migrations.Files)}
	if _, err := b.db.Pool.Exec(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b board) tx(fn func(tx store.Tx) error) {
	b.t.Helper()
	if err := store.InTx(b.t.Context(), b.db.Gorm, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b board) queue(c event.Change) {
	b.t.Helper()
	b.tx(func(tx store.Tx) error {
		batch := &pgx.Batch{}
		event.Queue(batch, c)
		return store.PgxTx(tx).SendBatch(b.t.Context(), batch).Close()
	})
}

func (b board) take(listener string) (out []event.Fact) {
	b.t.Helper()
	b.tx(func(tx store.Tx) (err error) {
		out, err = event.Take(tx, listener, 10)
		return err
	})
	return out
}

func TestWhoListensIsToldOnceAndNobodyElse(t *testing.T) {
	b := newBoard(t)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	push := event.Change{Kind: event.Push, RepositoryID: 1, ArtifactID: 2, Tag: "v1", BeforeID: 1, Replicated: true, ByName: "alice", At: at}
	b.queue(push) // nobody listens
	b.tx(func(tx store.Tx) error { return event.Subscribe(tx, "one", 7, event.Push) })
	b.tx(func(tx store.Tx) error { return event.Subscribe(tx, "one", 8, event.Push, event.DeleteTag) })
	b.tx(func(tx store.Tx) error { return event.Subscribe(tx, "two", 1, event.DeleteTag) })
	b.queue(push)
	if got := b.take("two"); len(got) != 0 {
		t.Errorf("who listens to something else is told %+v", got)
	}
	got := b.take("one")
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	if f.Repository != "library/app" || f.Digest != "sha256:b" || f.Before != "sha256:a" || f.Tag != "v1" || !f.Replicated || f.ByName != "alice" || !f.At.Equal(at) || f.ArtifactID != 2 {
		t.Errorf("%+v", f)
	}
	if again := b.take("one"); len(again) != 0 {
		t.Errorf("told twice: %+v", again)
	}
	b.tx(func(tx store.Tx) error { return event.Defer(tx, "one", 8, time.Hour, got) })
	if soon := b.take("one"); len(soon) != 0 {
		t.Errorf("told before its time: %+v", soon)
	}
	if _, err := b.db.Pool.Exec(t.Context(), "UPDATE event SET due_at = now()"); err != nil {
		t.Fatal(err)
	}
	if later := b.take("one"); len(later) != 1 || later[0].SubjectID != 8 || later[0].Before != "sha256:a" {
		t.Errorf("%+v", later)
	}
	b.tx(func(tx store.Tx) error { return event.Unsubscribe(tx, "one", 7) })
	b.tx(func(tx store.Tx) error { return event.Subscribe(tx, "one", 8, event.DeleteTag) })
	b.queue(push)
	if got := b.take("one"); len(got) != 0 {
		t.Errorf("who does not listen any more is told %+v", got)
	}
}
