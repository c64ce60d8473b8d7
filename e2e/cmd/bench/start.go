package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

// idleMemory is what the server holds when it has been started on a data folder that exists, and nobody asks. The other registry
// has been filled with a little.
func idleMemory(ctx context.Context, l *lab) (_ []figure, err error) {
	server, err := l.prepare("idle", nil)
	if err != nil {
		return nil, err
	}
	if err := server.Launch(ctx); err != nil { // makes the data folder
		server.Release()
		return nil, err
	}
	defer func() { err = errors.Join(err, stop(server)) }()
	if err := server.Stop(); err != nil {
		return nil, err
	}
	if err := server.Launch(ctx); err != nil {
		return nil, err
	}
	select {
	case <-time.After(10 * time.Second): // what the start has used is given back
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	alone, postgres := measuredServer(server).processes().memory()
	peer, _ := l.theirs.processes().memory()
	const work = "idle memory"
	first := plain(work, "server", "MB PSS", float64(alone)/1e6, 60)
	first.Of = append(first.Of, plain(work, "", "", float64(peer)/1e6, 0).Of...)
	first.Of[1].Who = distribution
	return []figure{first, plain(work, "server and Postgres", "MB PSS", float64(alone+postgres)/1e6, 150)}, nil
}

func programSize(context.Context, *lab) ([]figure, error) {
	root, err := harness.Root()
	if err != nil {
		return nil, err
	}
	entry, err := os.Stat(filepath.Join(root, "bin", "roadstead"))
	if err != nil {
		return nil, err
	}
	return []figure{plain("size", "program with portal", "MB", float64(entry.Size())/1e6, 80)}, nil
}

// The artifacts of the installation that is started again.
const millionArtifacts = 1_000_000

// starts measures from the start of the process to its first answer, on data folders that exist: with a Postgres that is there, with
// little and with a million artifacts in it, and with the bundled one.
func starts(ctx context.Context, l *lab) (_ []figure, err error) {
	postgres, err := harness.StartPostgres(ctx, l.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	who := []string{"with Postgres there", "with a million artifacts", "with the bundled Postgres"}
	servers := make([]*harness.Server, len(who))
	for i := range servers {
		env := map[string]string{}
		if i < 2 {
			if env["ROADSTEAD_DATABASE_URL"], err = postgres.Create(ctx); err != nil {
				return nil, err
			}
		}
		if servers[i], err = l.prepare(fmt.Sprint("start-", i), env); err != nil {
			return nil, err
		}
		defer servers[i].Release()
		if err := servers[i].Launch(ctx); err != nil {
			return nil, err
		}
		if err := servers[i].Stop(); err != nil {
			return nil, err
		}
		if i == 1 {
			if err := seedMillion(ctx, env["ROADSTEAD_DATABASE_URL"]); err != nil {
				return nil, err
			}
		}
	}
	times := make([][]float64, len(servers))
	for range rounds {
		for i, server := range servers {
			took, err := start(ctx, server)
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], millis(took))
		}
	}
	const work = "start to first answer"
	of := func(quantity string, i int, limits ...limit) figure {
		return figure{Work: work, Quantity: quantity, Unit: "ms", Less: true, Of: compared(who[i:i+1], times[i:i+1]), Limits: limits}
	}
	million := figure{
		Work: work, Quantity: who[1], Unit: "ms", Less: true, Of: compared([]string{who[1], who[0]}, [][]float64{times[1], times[0]}),
		Limits: []limit{{To: who[0], AtMost: 1.5}},
	}
	return []figure{of(who[0], 0, limit{AtMost: 150}), million, of(who[2], 2, limit{AtMost: 1000})}, nil
}

// start starts the server, waits until it answers, and stops it.
func start(ctx context.Context, server *harness.Server) (time.Duration, error) {
	started := time.Now()
	if err := server.Begin(); err != nil {
		return 0, err
	}
	if err := answers(ctx, server, load.Target{Address: server.Address}); err != nil {
		server.Kill()
		return 0, err
	}
	return time.Since(started), server.Stop()
}

// answers waits until the server answers the registry's own question.
func answers(ctx context.Context, server *harness.Server, target load.Target) error {
	deadline := time.Now().Add(time.Minute)
	head := load.Head("GET", "/v2/", server.Address, "")
	for {
		conn, err := load.Dial(ctx, target, deadline)
		if err == nil {
			_, err = conn.Want(ctx, http.StatusUnauthorized, head)
			conn.Close()
		}
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.ECONNREFUSED), ctx.Err() != nil, !server.Running():
			return fmt.Errorf("the server does not answer: %w; its log ends with:\n%s", err, server.LogTail())
		}
		time.Sleep(time.Millisecond)
	}
}

// seedMillion fills a database that has been migrated.
func seedMillion(ctx context.Context, url string) error {
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }()
	_, err = db.Exec(ctx, fmt.Sprintf(millionSQL, millionArtifacts))
	return err
}

const millionSQL = `
SET synchronous_commit = off;
INSERT INTO project (name, owner_id) VALUES ('million', 1);
INSERT INTO repository (project_id, name, full_name, published_at)
SELECT id, 'service-' || i, 'million/service-' || i, now() FROM project, generate_series(1, 1000) i WHERE project.name = 'million';
INSERT INTO manifest (digest, media_type, size, payload)
SELECT 'sha256:' || encode(sha256(i::text::bytea), 'hex'), '` + manifestType + `', 2, '{}' FROM generate_series(1, %[1]d) i;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, size, tag_count)
SELECT r.project_id, r.id, 'sha256:' || encode(sha256(i::text::bytea), 'hex'), 'image', '` + manifestType + `', '` + configType + `', i * 1000, 1
FROM generate_series(1, %[1]d) i JOIN repository r ON r.full_name = 'million/service-' || (1 + i %% 1000);
INSERT INTO tag (repository_id, name, artifact_id) SELECT repository_id, 'v' || id, id FROM artifact;
ANALYZE`
