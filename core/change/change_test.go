package change_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

var ctx = context.Background()

// board is a table of numbers that processes remember.
type board struct {
	t  testing.TB
	db *store.DB
}

func newBoard(t testing.TB) board {
	t.Helper()
	b := board{t, storetest.New(t, migrations.Files)}
	if _, err := b.db.Pool.Exec(ctx, `CREATE TABLE board (name text PRIMARY KEY, n bigint NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	return b
}

// write sets a number and notes it, in one transaction, which before is called in.
func (b board) write(name string, n int64, before func(tx pgx.Tx)) {
	b.t.Helper()
	tx, err := b.db.Pool.Begin(ctx)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, `INSERT INTO board (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n`, name, n)
	if err == nil {
		err = change.Note(ctx, tx, change.Topic(name))
	}
	if before != nil {
		before(tx)
	}
	if err = errors.Join(err, tx.Commit(ctx)); err != nil {
		b.t.Error(err)
	}
}

// process remembers numbers of the board.
type process struct {
	board
	feed  *change.Feed
	cache *change.Cache[string, int64]
}

func (b board) process(entries int, clock func() time.Time) process {
	b.t.Helper()
	feed, err := change.NewFeed(ctx, b.db.Pool, clock)
	if err != nil {
		b.t.Fatal(err)
	}
	return process{b, feed, change.NewCache[string, int64](feed, entries)}
}

func (p process) read(name string) int64 {
	p.t.Helper()
	n, err := p.cache.Get(ctx, name, func() []change.Topic { return []change.Topic{change.Topic(name)} }, func(ctx context.Context) (n int64, err error) {
		return n, p.db.Pool.QueryRow(ctx, `SELECT n FROM board WHERE name = $1`, name).Scan(&n)
	})
	if err != nil {
		p.t.Error(err)
	}
	return n
}

func TestWhatIsNotedIsReadAgainAndNothingElse(t *testing.T) {
	b := newBoard(t)
	b.write("a", 1, nil)
	b.write("b", 1, nil)
	p := b.process(10, time.Now)
	count := storetest.Count(t, b.db)
	for _, step := range []struct {
		what      string
		name      string
		write     int64 // 0 for none
		want      int64
		questions int
	}{
		{"the first time it is read", "a", 0, 1, 1},
		{"then it is asked what has changed", "a", 0, 1, 1},
		{"what was noted is read again", "a", 2, 2, 2},
		{"and remembered", "a", 0, 2, 1},
		{"another one is read", "b", 0, 1, 1},
		{"the first is still known", "a", 0, 2, 1},
	} {
		if step.write != 0 {
			b.write(step.name, step.write, nil)
		}
		count.Reset()
		if got := p.read(step.name); got != step.want || count.Queries() != step.questions {
			t.Errorf("%s: %d by %d statements, want %d by %d: %v", step.what, got, count.Queries(), step.want, step.questions, count.Statements())
		}
	}
}

// A transaction may be younger than one that is committed after it.
func TestATransactionThatEndsLateIsSeenWhenItEnds(t *testing.T) {
	b := newBoard(t)
	p := b.process(10, time.Now)
	b.write("a", 1, nil)
	b.write("b", 1, nil)
	b.write("a", 2, func(pgx.Tx) {
		b.write("b", 2, nil)
		if got := p.read("a") + p.read("b"); got != 3 {
			t.Errorf("before the commit: %d, want 1 and 2", got)
		}
		p.read("a") // a snapshot in which the transaction is under way
	})
	if got := p.read("a"); got != 2 {
		t.Errorf("after the commit: %d", got)
	}
}

func TestAValueThatChangesWhileItIsReadIsNotRemembered(t *testing.T) {
	b := newBoard(t)
	p := b.process(10, time.Now)
	b.write("a", 1, nil)
	b.write("other", 1, nil)
	topics := func() []change.Topic { return []change.Topic{"a"} }
	n, err := p.cache.Get(ctx, "a", topics, func(ctx context.Context) (n int64, err error) {
		err = b.db.Pool.QueryRow(ctx, `SELECT n FROM board WHERE name = 'a'`).Scan(&n)
		b.write("a", 2, nil) // between the answer of the database and its being remembered
		p.read("other")
		p.read("other") // asks what has changed
		return n, err
	})
	if err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if got := p.read("a"); got != 2 {
		t.Errorf("the old value is remembered: %d", got)
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	b := newBoard(t)
	p := b.process(10, time.Now)
	none := func() []change.Topic { return nil }
	broken := errors.New("broken")
	if _, err := p.cache.Get(ctx, "a", none, func(context.Context) (int64, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	b.write("a", 1, nil)
	if got := p.read("a"); got != 1 {
		t.Error(got)
	}
}

func TestACacheKeepsToItsBoundAndWatchesNothingThatItForgot(t *testing.T) {
	b := newBoard(t)
	p := b.process(3, time.Now)
	for i := range 10 {
		b.write(fmt.Sprint(i), 1, nil)
	}
	for i := range 10 {
		p.read(fmt.Sprint(i))
	}
	if got := p.cache.Len(); got != 3 {
		t.Errorf("%d entries", got)
	}
	if got := p.feed.Watched(); got != 3 {
		t.Errorf("%d topics are watched", got)
	}
	for i := range 10 {
		p.cache.Forget(fmt.Sprint(i))
	}
	if got := p.feed.Watched(); got != 0 {
		t.Errorf("%d topics are watched for nobody", got)
	}
}

func TestAProcessThatWasIdleForLongForgets(t *testing.T) {
	b := newBoard(t)
	now := time.Now()
	b.write("a", 1, nil)
	p := b.process(10, func() time.Time { return now })
	p.read("a")
	if _, err := b.db.Pool.Exec(ctx, `UPDATE board SET n = 2`); err != nil { // nobody noted it
		t.Fatal(err)
	}
	now = now.Add(9 * time.Minute)
	if got := p.read("a"); got != 1 {
		t.Errorf("it was forgotten too early: %d", got)
	}
	now = now.Add(11 * time.Minute)
	if got := p.read("a"); got != 2 {
		t.Errorf("after eleven minutes it is still remembered: %d", got)
	}
}

func TestNotesGoWhenNobodyCanWantThem(t *testing.T) {
	b := newBoard(t)
	now := time.Now()
	p := b.process(10, func() time.Time { return now })
	b.write("a", 1, nil)
	if n, err := p.feed.Sweep(ctx); n != 0 || err != nil {
		t.Errorf("a fresh note: %d, %v", n, err)
	}
	// From another server's dump, whose transactions were further on.
	if _, err := b.db.Pool.Exec(ctx, `INSERT INTO change (xid, topic) VALUES ('9000000000000', 'a')`); err != nil {
		t.Fatal(err)
	}
	if n, err := p.feed.Sweep(ctx); n != 1 || err != nil {
		t.Errorf("a note from the future: %d, %v", n, err)
	}
	now = now.Add(2 * time.Hour)
	if n, err := p.feed.Sweep(ctx); n != 1 || err != nil {
		t.Errorf("an old note: %d, %v", n, err)
	}
}

func TestTheQuestionReadsOnlyWhatIsNew(t *testing.T) {
	b := newBoard(t)
	if _, err := b.db.Pool.Exec(ctx, `INSERT INTO change (xid, topic) SELECT (i / 10)::text::xid8, 'tag:' || i FROM generate_series(1, 50000) i`); err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScan(t, b.db, change.Since, "6000:6002:6000,6001")
}

func TestADatabaseThatDoesNotAnswerIsAnErrorAndEverythingForgotten(t *testing.T) {
	b := newBoard(t)
	p := b.process(10, time.Now)
	b.write("a", 1, nil)
	p.read("a")
	for _, sql := range []string{`ALTER TABLE change RENAME TO away`, `UPDATE board SET n = 2`} {
		if _, err := b.db.Pool.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.cache.Get(ctx, "a", nil, nil); err == nil {
		t.Error("an answer though nobody knows what has changed")
	}
	if _, err := b.db.Pool.Exec(ctx, `ALTER TABLE away RENAME TO change`); err != nil {
		t.Fatal(err)
	}
	if got := p.read("a"); got != 2 {
		t.Errorf("what was remembered before the failure is still trusted: %d", got)
	}
}

func TestManyWhoReadAtTheSameTimeShareTheQuestion(t *testing.T) {
	b := newBoard(t)
	b.write("a", 1, nil)
	p := b.process(10, time.Now)
	p.read("a")
	count := storetest.Count(t, b.db)
	var all sync.WaitGroup
	const readers = 200
	start := make(chan struct{})
	for range readers {
		all.Go(func() { <-start; p.read("a") })
	}
	close(start)
	all.Wait()
	if got := count.Queries(); got > readers/2 {
		t.Errorf("%d statements for %d that read at the same time", got, readers)
	} else {
		t.Logf("%d statements for %d readers", got, readers)
	}
}

// Whoever reads after a write was answered reads that write or a later one, on
// whichever process: the promise on which pulls rest.
func TestNobodyReadsWhatWasOverBeforeTheyAsked(t *testing.T) {
	b := newBoard(t)
	const processes, names, writers, readers = 3, 4, 4, 8
	var replicas []process
	for range processes {
		replicas = append(replicas, b.process(names-1, time.Now)) // so that some are forgotten, too
	}
	var mu sync.Mutex
	answered := map[string]int64{} // the newest number whose write was answered
	for i := range names {
		b.write(fmt.Sprint(i), 1, nil)
		answered[fmt.Sprint(i)] = 1
	}
	var each [names]sync.Mutex // numbers only grow
	stop := time.Now().Add(2 * time.Second)
	var all sync.WaitGroup
	reads := 0
	for range writers {
		all.Go(func() {
			for time.Now().Before(stop) {
				i := rand.IntN(names)
				name := fmt.Sprint(i)
				each[i].Lock()
				mu.Lock()
				n := answered[name] + 1
				mu.Unlock()
				b.write(name, n, nil)
				mu.Lock()
				answered[name] = n
				mu.Unlock()
				each[i].Unlock()
			}
		})
	}
	for range readers {
		all.Go(func() {
			for time.Now().Before(stop) {
				name := fmt.Sprint(rand.IntN(names))
				mu.Lock()
				least := answered[name]
				reads++
				mu.Unlock()
				if got := replicas[rand.IntN(processes)].read(name); got < least {
					t.Errorf("%s: read %d after the write of %d was answered", name, got, least)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d reads", reads)
}

// Alone each reads after a question of its own; together they share it.
func BenchmarkGet(b *testing.B) {
	bd := newBoard(b)
	bd.write("a", 1, nil)
	p := bd.process(10, time.Now)
	p.read("a")
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.read("a")
		}
	})
	b.Run("64 together", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				p.read("a")
			}
		})
	})
}
