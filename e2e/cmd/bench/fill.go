package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

// How much there is in the lab.
const (
	benchProject = "bench"
	smallImages  = benchProject + "/small"
	manyTags     = benchProject + "/many-tags"
	tagCount     = 10_000
	repositories = 1_000
	fleetSize    = 1_000
	pushProjects = 50
	latest       = "latest"
	clone        = benchProject + "/clone-"
	fleetImages  = benchProject + "/fleet"
	pushedImages = benchProject + "/pushed"
	pushedLayers = benchProject + "/layers"
)

// furnish puts the small image and a large layer into both registries, through their front doors.
func (l *lab) furnish(ctx context.Context) error {
	if err := l.server.Admin.CreateProject(ctx, benchProject, false); err != nil {
		return err
	}
	for _, r := range []*registry{l.ours, l.theirs} {
		if err := l.furnishOne(ctx, r); err != nil {
			return fmt.Errorf("fill %s: %w", r.name, err)
		}
	}
	return nil
}

func (l *lab) furnishOne(ctx context.Context, r *registry) error {
	a, err := r.ask(ctx, smallImages, pushing(smallImages))
	if err != nil {
		return err
	}
	return once(ctx, r, func(ctx context.Context, c *load.Conn, _ int64) error {
		if err := a.pushImage(ctx, c, l.image, latest); err != nil {
			return err
		}
		return a.pushBlob(ctx, c, l.large.digest, l.large.common, l.large.end)
	})
}

// fillTags gives a repository 10,000 tags, each of a manifest of its own.
func (l *lab) fillTags(ctx context.Context) error {
	a, err := l.ours.ask(ctx, manyTags, pushing(manyTags))
	if err != nil {
		return err
	}
	im := makeImage(1)
	push := func(ctx context.Context, c *load.Conn, _ int64) error { return a.pushImage(ctx, c, im, latest) }
	if err := once(ctx, l.ours, push); err != nil {
		return err
	}
	rows := make([][]any, tagCount)
	for i := range rows {
		manifest := im.describe(map[string]string{"org.opencontainers.image.version": strconv.Itoa(i)})
		rows[i] = []any{tagName(i), harness.Digest(manifest), manifest}
		if err := l.peer.Place(manyTags, tagName(i), manifest, im.config, im.layer); err != nil {
			return err
		}
	}
	db, err := database(ctx, l.server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }()
	if _, err := db.Exec(ctx, `CREATE TEMPORARY TABLE seed (tag text, digest text, payload bytea)`); err != nil {
		return err
	}
	if _, err := db.CopyFrom(ctx, pgx.Identifier{"seed"}, []string{"tag", "digest", "payload"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	_, err = db.Exec(ctx, fmt.Sprintf(manySQL, manyTags))
	return err
}

// The copies of an artifact that differ in their manifest alone.
const manySQL = `
INSERT INTO manifest (digest, media_type, size, payload) SELECT digest, '` + manifestType + `', length(payload), payload FROM seed;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, size, tag_count, platform, config)
SELECT a.project_id, a.repository_id, s.digest, a.kind, a.media_type, a.config_type, a.size, 1, a.platform, a.config
FROM seed s, artifact a JOIN repository r ON r.id = a.repository_id WHERE r.full_name = '%[1]s';
INSERT INTO tag (repository_id, name, artifact_id)
SELECT a.repository_id, s.tag, a.id FROM seed s JOIN artifact a ON a.digest = s.digest JOIN repository r ON r.id = a.repository_id WHERE r.full_name = '%[1]s';
INSERT INTO artifact_blob (artifact_id, blob_id, role)
SELECT a.id, b.blob_id, b.role FROM seed s JOIN artifact a ON a.digest = s.digest, artifact_blob b JOIN artifact first ON first.id = b.artifact_id
JOIN repository r ON r.id = first.repository_id WHERE r.full_name = '%[1]s' AND b.role <> 'manifest';
ANALYZE manifest, artifact, tag, artifact_blob`

func tagName(i int) string { return fmt.Sprintf("v%05d", i) }

// fillRepositories makes 1,000 repositories that hold the small image.
func (l *lab) fillRepositories(ctx context.Context) error {
	for i := range repositories {
		if err := l.peer.Place(fmt.Sprint(clone, i), latest, l.image.manifest, l.image.config, l.image.layer); err != nil {
			return err
		}
	}
	db, err := database(ctx, l.server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(ctx) }()
	_, err = db.Exec(ctx, fmt.Sprintf(cloneSQL, smallImages, clone, repositories))
	return err
}

const cloneSQL = `
INSERT INTO repository (project_id, name, full_name, published_at)
SELECT r.project_id, split_part('%[2]s', '/', 2) || i, '%[2]s' || i, now() FROM generate_series(0, %[3]d - 1) i, repository r WHERE r.full_name = '%[1]s';
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, config_type, size, tag_count, platform, config)
SELECT a.project_id, r.id, a.digest, a.kind, a.media_type, a.config_type, a.size, 1, a.platform, a.config
FROM artifact a JOIN repository first ON first.id = a.repository_id AND first.full_name = '%[1]s', repository r WHERE r.full_name LIKE '%[2]s%%';
INSERT INTO tag (repository_id, name, artifact_id) SELECT r.id, 'latest', a.id FROM artifact a JOIN repository r ON r.id = a.repository_id WHERE r.full_name LIKE '%[2]s%%';
ANALYZE repository, artifact, tag`

// fillFleet makes the 1,000 images that a cluster pulls when it starts.
func (l *lab) fillFleet(ctx context.Context) error {
	a, err := l.ours.ask(ctx, fleetImages, pushing(fleetImages))
	if err != nil {
		return err
	}
	_, err = load.Run(ctx, load.Plan{Target: l.ours.target, Connections: 8, Count: fleetSize, Work: func(ctx context.Context, c *load.Conn, n int64) error {
		im := fleetImage(n)
		if err := l.peer.Place(fleetImages, tagName(int(n)), im.manifest, im.config, im.layer); err != nil {
			return err
		}
		return a.pushImage(ctx, c, im, tagName(int(n)))
	}})
	return err
}

// fleetImage is the image that the nth one pulls.
func fleetImage(n int64) image { return makeImage(1_000 + uint64(n)%fleetSize) }

// newImage is one that nobody has pushed.
func (l *lab) newImage() (im image, tag string) {
	n := l.pushed.Add(1)
	return makeImage(1<<32 + n), "n" + strconv.FormatUint(n, 10)
}

func (l *lab) makeProjects(ctx context.Context) error {
	for i := range pushProjects {
		if err := l.server.Admin.CreateProject(ctx, fmt.Sprint(benchProject, i), false); err != nil {
			return err
		}
	}
	return nil
}

// database connects to the server's Postgres.
func database(ctx context.Context, server *harness.Server) (*pgx.Conn, error) {
	url, ok := store.RunningBundled(server.DataDir)
	if !ok {
		return nil, fmt.Errorf("the server's Postgres was not found below %s", server.DataDir)
	}
	return pgx.Connect(ctx, url)
}
