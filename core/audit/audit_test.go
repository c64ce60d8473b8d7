package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func alice() rbac.Subject {
	return rbac.Subject{Kind: rbac.Human, ID: 7, Name: "alice", Address: "192.0.2.7"}
}

func all(t *testing.T, s *audit.Service, scope audit.Scope, q string) page.List[audit.Event] {
	t.Helper()
	p, err := page.New(1, 100, q, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.List(t.Context(), scope, p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnEntryIsWrittenWithItsChangeOrNotAtAll(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, time.Now)
	project := int64(3)
	e := audit.Entry{ProjectID: &project, Operation: audit.Create, ResourceType: audit.Tag, Resource: "library/app:v1", Payload: map[string]int{"size": 5}}
	ctx := audit.WithRequestID(t.Context(), "req-1")
	undone := errors.New("undone")
	err := store.InTx(ctx, db.Gorm, func(tx store.Tx) error {
		if err := audit.Record(tx, alice(), e); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if got := all(t, s, audit.Scope{}, ""); got.Total != 0 {
		t.Fatalf("an undone change left %d entries", got.Total)
	}
	if err := store.InTx(ctx, db.Gorm, func(tx store.Tx) error { return audit.Record(tx, alice(), e) }); err != nil {
		t.Fatal(err)
	}
	got := all(t, s, audit.Scope{}, "").Items[0]
	if got.Username != "alice" || got.Address != "192.0.2.7" || got.RequestID != "req-1" || !got.Succeeded || *got.ProjectID != 3 ||
		got.Description != "create tag: library/app:v1" || *got.Payload != `{"size": 5}` || time.Since(got.At) > time.Minute {
		t.Errorf("got %+v", got)
	}
}

func TestWhateverAClientSendsCanBeWrittenDown(t *testing.T) {
	s := audit.NewService(storetest.New(t, migrations.Files).Gorm, time.Now)
	hostile := rbac.Subject{Name: "a\x00b\xff'; DROP TABLE account; --"}
	for name, resource := range map[string]string{
		"NUL": "x\x00y", "bad UTF-8": "\xff\xfe", "very long": strings.Repeat("é", 3000), "very long bad UTF-8": strings.Repeat("\x80", 9000),
	} {
		err := s.RecordNow(t.Context(), hostile, audit.Entry{
			Operation: audit.Login, ResourceType: audit.User, Resource: resource, Failed: true,
			Payload: map[string]string{"k": "nul \x00 here", "long": strings.Repeat("x", 100)},
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, e := range all(t, s, audit.Scope{}, "").Items {
		if !utf8.ValidString(e.Resource) || len(e.Resource) > 2048 || e.Succeeded {
			t.Errorf("got %q", e.Resource)
		}
	}
	if err := s.RecordNow(t.Context(), rbac.Subject{}, audit.Entry{Operation: audit.Pull, ResourceType: audit.Artifact, Payload: strings.Repeat("x", 1<<20)}); err != nil {
		t.Fatal(err)
	}
	if e := all(t, s, audit.Scope{}, "").Items[0]; e.Username != "anonymous" || len(*e.Payload) > 100 {
		t.Errorf("got %s with a payload of %d bytes", e.Username, len(*e.Payload))
	}
}

func TestAListIsNewestFirstAndNarrowed(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, time.Now)
	one, two := int64(1), int64(2)
	bob := rbac.Subject{Kind: rbac.Human, ID: 8, Name: "bob"}
	for _, r := range []struct {
		by rbac.Subject
		e  audit.Entry
	}{
		{alice(), audit.Entry{ProjectID: &one, Operation: audit.Create, ResourceType: audit.Project, Resource: "one"}},
		{bob, audit.Entry{ProjectID: &one, Operation: audit.Delete, ResourceType: audit.Tag, Resource: "one/app:v1"}},
		{alice(), audit.Entry{ProjectID: &two, Operation: audit.Delete, ResourceType: audit.Project, Resource: "two"}},
		{bob, audit.Entry{Operation: audit.Login, ResourceType: audit.User, Resource: "bob", Failed: true}},
	} {
		if err := s.RecordNow(t.Context(), r.by, r.e); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		scope audit.Scope
		q     string
		want  string
	}{
		"everything":             {audit.Scope{}, "", "bob two one/app:v1 one"},
		"a project's":            {audit.Scope{ProjectID: &one}, "", "one/app:v1 one"},
		"a user's own":           {audit.Scope{Username: "bob"}, "", "bob one/app:v1"},
		"by operation":           {audit.Scope{}, "operation=delete", "two one/app:v1"},
		"by part of a resource":  {audit.Scope{}, "resource=~APP", "one/app:v1"},
		"by result":              {audit.Scope{}, "operation_result=false", "bob"},
		"by time":                {audit.Scope{}, "op_time=[2001-01-01T00:00:00~2001-01-02T00:00:00]", ""},
		"own, whatever is asked": {audit.Scope{Username: "bob"}, "username=alice", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			list := all(t, s, c.scope, c.q)
			for _, e := range list.Items {
				got = append(got, e.Resource)
			}
			if strings.Join(got, " ") != c.want || int(list.Total) != len(got) {
				t.Errorf("got %v of %d", got, list.Total)
			}
		})
	}
	p, err := page.New(2, 1, "", "op_time")
	if err != nil {
		t.Fatal(err)
	}
	count := storetest.Count(t, db)
	list, err := s.List(t.Context(), audit.Scope{}, p)
	if err != nil || len(list.Items) != 1 || list.Items[0].Resource != "one/app:v1" || list.Total != 4 {
		t.Errorf("the second oldest: %+v, %v", list, err)
	}
	if count.Queries() != 2 {
		t.Errorf("a list took %d queries: %q", count.Queries(), count.Statements())
	}
}

func TestListsUseTheirIndexes(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	_, err := db.Pool.Exec(t.Context(), `INSERT INTO audit_event (project_id, username, operation, resource_type, resource)
		SELECT i % 500, 'user' || i % 500, 'pull', 'artifact', 'p/r@' || i FROM generate_series(1, 20000) i`)
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScan(t, db, "SELECT * FROM audit_event ORDER BY id DESC LIMIT 10")
	storetest.NoSeqScan(t, db, "SELECT * FROM audit_event WHERE project_id = $1 ORDER BY id DESC LIMIT 10", 3)
	storetest.NoSeqScan(t, db, "SELECT * FROM audit_event WHERE username = $1 ORDER BY id DESC LIMIT 10", "user3")
}

func TestPartitionsAreMadeAndTakeWhatCameBefore(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, func() time.Time { return time.Now().AddDate(0, -1, 0) })
	if err := s.RecordNow(t.Context(), alice(), audit.Entry{Operation: audit.Create, ResourceType: audit.Project, Resource: "early"}); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 6)
	for range cap(failed) / 2 { // several processes, while entries are written
		go func() {
			_, err := s.EnsurePartitions(context.Background(), 3)
			failed <- err
		}()
		go func() {
			failed <- s.RecordNow(context.Background(), alice(), audit.Entry{Operation: audit.Create, ResourceType: audit.Project, Resource: "meanwhile"})
		}()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if made, err := s.EnsurePartitions(t.Context(), 3); made != 0 || err != nil {
		t.Errorf("a second time: %d, %v", made, err)
	}
	var partitions, left int
	const query = "SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass), (SELECT count(*) FROM audit_event_default)"
	if err := db.Pool.QueryRow(t.Context(), query).Scan(&partitions, &left); err != nil {
		t.Fatal(err)
	}
	if partitions != 5 || left != 0 {
		t.Errorf("%d partitions, %d entries left in the default one", partitions, left)
	}
	if got := all(t, s, audit.Scope{}, ""); got.Total != 4 {
		t.Errorf("%d entries survived, want 4", got.Total)
	}
}

func TestEventTypesAreHarborsEighteen(t *testing.T) {
	if got := audit.EventTypes(); len(got) != 18 || got[0] != "create_artifact" || got[17] != "update_project" {
		t.Errorf("got %v", got)
	}
}

func TestABatchLosesNothing(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, time.Now)
	at := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
	b := audit.NewBatch(db, func() time.Time { return at }, slog.New(slog.NewTextHandler(t.Output(), nil)))
	pull := audit.Entry{Operation: audit.Pull, ResourceType: audit.Artifact, Resource: "library/app:v1", RequestID: "r"}
	const inMemory, more = 5000, 3
	for range inMemory + more { // nobody writes yet: the last ones are written at once
		b.Add(audit.Noted{By: alice(), Entry: pull})
	}
	if got := all(t, s, audit.Scope{}, "").Total; got != more {
		t.Errorf("%d entries were written by the caller, want %d", got, more)
	}
	count := storetest.Count(t, db)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	b.Run(ctx) // writes what is left, and returns
	if got := count.Queries(); got != inMemory/500 {
		t.Errorf("%d statements for %d entries", got, inMemory)
	}
	b.Add(audit.Noted{By: alice(), Entry: pull})
	got := all(t, s, audit.Scope{}, "")
	if got.Total != inMemory+more+1 || !got.Items[0].At.Equal(at) || got.Items[0].RequestID != "r" {
		t.Errorf("got %d entries, the last %+v", got.Total, got.Items[0])
	}
}

func TestABatchWritesByItself(t *testing.T) {
	db := storetest.New(t, migrations.Files)
	s := audit.NewService(db.Gorm, time.Now)
	b := audit.NewBatch(db, time.Now, slog.New(slog.NewTextHandler(t.Output(), nil)))
	done := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() { b.Run(ctx); close(done) }()
	for range 500 {
		b.Add(audit.Noted{By: alice(), Entry: audit.Entry{Operation: audit.Pull, ResourceType: audit.Artifact, Resource: "library/app:v1"}})
	}
	deadline := time.Now().Add(30 * time.Second)
	for all(t, s, audit.Scope{}, "").Total != 500 {
		if time.Now().After(deadline) {
			t.Fatal("500 entries were never written")
		}
	}
	stop()
	<-done
}
