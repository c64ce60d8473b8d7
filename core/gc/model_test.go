package gc_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
)

// The model: people push, mount, tag, delete and restore a few images at random, all at
// the same time, while time jumps so that leases and windows end, and while collectors
// run that are killed at any moment by a storage that fails or a context that ends.
// At every moment whatever has a name can be pulled in full; at rest no byte is left
// that nothing refers to; and when all is deleted, nothing is left at all.
const (
	modelPeople     = 5
	modelCollectors = 3
	modelSteps      = 500 // of each of the people
	modelImages     = 12
	modelLayers     = 9
	modelTags       = 4
)

func modelRepositories() []string {
	return []string{"library/a", "library/b", "limited/a", "limited/team/c"}
}

// seedOf is ROADSTEAD_TEST_SEED, or another each time.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	given := os.Getenv("ROADSTEAD_TEST_SEED")
	if given == "" {
		return rand.Uint64()
	}
	seed, err := strconv.ParseUint(given, 10, 64)
	if err != nil {
		t.Fatalf("ROADSTEAD_TEST_SEED is %q, want a number: %v", given, err)
	}
	return seed
}

type model struct {
	*yard
	still sync.RWMutex // held alone by who moves the clock: a claim is told by it
	done  atomic.Int64
	named atomic.Int64 // artifacts with a name that were found whole
	kills atomic.Int64

	restored atomic.Int64 // projects
}

func TestWhateverHasANameCanBePulledAndNothingElseIsLeft(t *testing.T) {
	seed := seedOf(t)
	t.Logf("ROADSTEAD_TEST_SEED=%d repeats this order of decisions", seed)
	steps := modelSteps
	if testing.Short() {
		steps /= 5
	}
	m := &model{yard: newYard(t)}
	m.project("limited", 1<<30)
	ctx, stop := context.WithCancel(t.Context())
	var people, others sync.WaitGroup
	for i := range modelPeople {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		people.Go(func() {
			for range steps {
				m.step(r)
				m.done.Add(1)
			}
		})
	}
	for i := range modelCollectors {
		r := rand.New(rand.NewPCG(seed, 100+uint64(i)))
		others.Go(func() { m.collectAndDie(ctx, r) })
	}
	others.Go(func() { m.passTime(ctx, rand.New(rand.NewPCG(seed, 200))) })
	others.Go(func() { m.watch(ctx) })
	people.Wait()
	stop()
	others.Wait()
	t.Logf("%d steps, %d passes killed, %d times an artifact with a name was found whole, %d times a project restored",
		m.done.Load(), m.kills.Load(), m.named.Load(), m.restored.Load())
	m.settle()
	m.checkInvariants()
	m.checkWhole(false)
	if n := m.one(`SELECT count(*) FROM blob b WHERE NOT EXISTS (SELECT FROM artifact_blob e JOIN artifact a ON a.id = e.artifact_id WHERE e.blob_id = b.id AND a.deleted_at IS NULL)`); n != 0 {
		t.Errorf("%d blobs are left that nothing refers to", n)
	}
	for _, d := range m.storage.All() {
		if n := m.one(`SELECT count(*) FROM blob WHERE digest = $1`, d); n != 1 {
			t.Errorf("%s is left in the storage and has no row", d)
		}
	}
	for _, name := range modelRepositories() {
		project, repository, _ := strings.Cut(name, "/")
		if err := m.artifacts.DeleteRepository(t.Context(), m.by, project, repository); err != nil && !errors.Is(err, fault.ErrNotFound) {
			t.Error(err)
		}
	}
	m.settle()
	if got := m.rows(); got != emptyYard {
		t.Errorf("when all is deleted there is left: %s", got)
	}
	m.checkInvariants()
}

// settle lets all that waits end.
func (m *model) settle() {
	m.t.Helper()
	m.storage.Fail(func(string, digest.Digest) error { return nil })
	for range 6 {
		m.clock.Pass(window + artifact.Lease)
		m.collect()
	}
	// What a push that was refused has left in the storage has no row: the check takes it.
	m.check(job.CheckStorageArgs{Force: true})
}

// modelImage is one of a few images, whose layers overlap.
func modelImage(n int) (config string, layers []string) {
	config = fmt.Sprintf("config of image %d", n)
	for i := range 1 + n%3 {
		layers = append(layers, fmt.Sprintf("layer %d", (n*2+i)%modelLayers))
	}
	return config, layers
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func (m *model) step(r *rand.Rand) {
	ctx := context.Background()
	name := pick(r, modelRepositories())
	project, repository, _ := strings.Cut(name, "/")
	if project == "limited" && r.IntN(20) == 0 {
		m.allow(m.loseOrRestoreProject(ctx, r))
		return
	}
	tag := fmt.Sprintf("v%d", r.IntN(modelTags))
	image := r.IntN(modelImages)
	digestRef := imageOf(image).descriptor().Digest.String()
	var err error
	switch n := r.IntN(100); {
	case n < 45:
		err = m.pushImage(r, name, tag, image)
	case n < 55:
		err = m.pushIndex(r, name, tag, image)
	case n < 60:
		_, layers := modelImage(image)
		_, err = m.upload(name, pick(r, layers)) // and no more
	case n < 66:
		_, err = m.artifacts.AddTag(ctx, m.by, project, repository, digestRef, tag)
	case n < 74:
		err = m.artifacts.DeleteTag(ctx, m.by, project, repository, tag, tag)
	case n < 84:
		err = m.artifacts.Delete(ctx, m.by, project, repository, pick(r, []string{tag, digestRef}))
	case n < 87:
		err = m.artifacts.DeleteRepository(ctx, m.by, project, repository)
	case n < 92:
		err = m.restore(r, name, tag, imageOf(image).descriptor().Digest)
	case n < 95:
		from := pick(r, modelRepositories())
		if from != name {
			err = m.copyImage(from, name, tag)
		}
	case n < 97:
		config, _ := modelImage(image)
		err = m.artifacts.UnlinkBlob(ctx, m.by, name, digest.FromString(config))
	default:
		err = m.deleteForEver(r, name, project)
	}
	m.allow(err)
}

// allow fails the test for what no client should be answered.
func (m *model) allow(err error) {
	m.t.Helper()
	if err == nil {
		return
	}
	var missing *artifact.MissingError
	if _, refused := fault.As(err); !refused && !errors.As(err, &missing) {
		m.t.Errorf("an answer that is the server's own fault: %v", err)
	}
}

func imageOf(n int) manifestText {
	config, layers := modelImage(n)
	return image(config, layers...)
}

// pushImage does what a client does: it looks for each blob, mounts or uploads it, and
// puts the manifest; what has gone meanwhile it sends again.
func (m *model) pushImage(r *rand.Rand, name, tag string, n int) error {
	config, layers := modelImage(n)
	var err error
	for range 10 {
		for _, content := range append([]string{config}, layers...) {
			if err := m.provide(r, name, content); err != nil {
				return err
			}
		}
		err = m.put(name, tag, imageOf(n))
		var missing *artifact.MissingError
		if !errors.As(err, &missing) && !unavailable(err) {
			return err
		}
	}
	return err
}

func unavailable(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.KindUnavailable
}

func (m *model) provide(r *rand.Rand, name, content string) error {
	ctx, d := context.Background(), digest.FromString(content)
	if r.IntN(3) > 0 { // HEAD
		stat, err := m.artifacts.StatBlob(ctx, name, d)
		if err == nil && stat.LeaseEnd {
			err = m.artifacts.ExtendLease(ctx, name, d)
		}
		if there, _ := m.storage.Has(ctx, d, int64(len(content))); err == nil && there {
			return nil
		}
	}
	switch r.IntN(3) {
	case 0:
		if _, ok, err := m.artifacts.MountBlob(ctx, m.by, "", name, d); err != nil || ok {
			return err
		}
	case 1:
		err := m.uploadSmall(name, content)
		if !errors.Is(err, artifact.ErrBlobDeleting) {
			return err
		}
	}
	var err error
	for range 20 {
		if _, err = m.upload(name, content); !unavailable(err) {
			return err
		}
	}
	return err
}

func (m *model) pushIndex(r *rand.Rand, name, tag string, n int) error {
	parts := []int{n, (n + 5) % modelImages}
	index := manifestText{SchemaVersion: 2, MediaType: oci.MediaTypeImageIndex}
	for _, part := range parts {
		if err := m.pushImage(r, name, "", part); err != nil {
			return err
		}
		index.Manifests = append(index.Manifests, imageOf(part).descriptor())
	}
	return m.put(name, tag, index)
}

// restore brings something back, in one of the ways that people have.
func (m *model) restore(r *rand.Rand, name, tag string, d digest.Digest) error {
	ctx := context.Background()
	project, repository, _ := strings.Cut(name, "/")
	var err error
	switch r.IntN(4) {
	case 0:
		_, err = m.artifacts.RestoreTag(ctx, m.by, project, repository, tag, d, true)
	case 1:
		_, err = m.artifacts.Restore(ctx, m.by, project, artifact.Selection{Artifacts: m.deleted(`
SELECT a.id FROM artifact a JOIN repository r ON r.id = a.repository_id WHERE r.full_name = $1 AND r.deleted_at IS NULL AND a.deleted_at IS NOT NULL ORDER BY a.digest = $2 DESC LIMIT 2`, name, d.String())})
	case 2:
		_, err = m.artifacts.Restore(ctx, m.by, project, artifact.Selection{Repositories: m.deleted(`
SELECT id FROM repository WHERE full_name = $1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 1`, name)})
	case 3:
		_, err = m.artifacts.RestoreRepository(ctx, m.by, project, repository, m.clock.Read().Add(-time.Duration(r.Int64N(int64(window)))))
	}
	return err
}

// loseOrRestoreProject deletes the project limited with all that it has or, when that was
// done, brings it back, or makes another when it is too late for that.
func (m *model) loseOrRestoreProject(ctx context.Context, r *rand.Rand) error {
	gone := m.deleted(`
SELECT id FROM project WHERE name = 'limited' AND deleted_at IS NOT NULL AND NOT EXISTS (SELECT FROM project WHERE name = 'limited' AND deleted_at IS NULL)
ORDER BY deleted_at DESC LIMIT 1`)
	if len(gone) > 0 {
		_, err := m.projects.Restore(ctx, m.by, gone[0], "")
		if errors.Is(err, fault.ErrNotFound) {
			_, err = m.projects.Create(ctx, m.by, project.New{Name: "limited", StorageLimit: 1 << 30})
		} else if err == nil {
			m.restored.Add(1)
		}
		return err
	}
	if r.IntN(3) > 0 {
		return nil
	}
	for _, name := range modelRepositories() {
		in, repository, _ := strings.Cut(name, "/")
		if in == "limited" {
			m.allow(m.artifacts.DeleteRepository(ctx, m.by, in, repository))
		}
	}
	p, err := m.projects.ByName(ctx, "limited")
	if err != nil {
		return err
	}
	return m.projects.Delete(ctx, m.by, p.ID)
}

// deleteForEver ends the recovery of some of what is in the recycle bin, or of all.
func (m *model) deleteForEver(r *rand.Rand, name, project string) (err error) {
	ctx := context.Background()
	switch r.IntN(5) {
	case 0:
		_, err = m.artifacts.EmptyBin(ctx, m.by, project)
	case 1:
		err = m.artifacts.DeleteForEver(ctx, m.by, project, artifact.Selection{Repositories: m.deleted(`SELECT id FROM repository WHERE full_name = $1 AND deleted_at IS NOT NULL LIMIT 1`, name)})
	default:
		err = m.artifacts.DeleteForEver(ctx, m.by, project, artifact.Selection{Artifacts: m.deleted(`
SELECT a.id FROM artifact a JOIN repository r ON r.id = a.repository_id WHERE r.full_name = $1 AND r.deleted_at IS NULL AND a.deleted_at IS NOT NULL LIMIT 2`, name)})
	}
	return err
}

func (m *model) deleted(sql string, args ...any) []int64 {
	rows, err := m.db.Pool.Query(context.Background(), sql, args...)
	m.must(err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	m.must(err)
	return ids
}

func (m *model) copyImage(from, to, tag string) error {
	project, repository, _ := strings.Cut(from, "/")
	toProject, toRepository, _ := strings.Cut(to, "/")
	source := artifact.Source{Project: project, Repository: repository, Reference: oci.Reference{Tag: tag}}
	return m.artifacts.Copy(context.Background(), m.by, source, toProject, toRepository)
}

// collectAndDie makes passes of a process of its own, of which many are killed: the
// storage fails in the middle of a removal, or the context ends at some moment.
func (m *model) collectAndDie(ctx context.Context, r *rand.Rand) {
	own := m.collector()
	for ctx.Err() == nil {
		m.still.RLock()
		pass, cancel := context.WithCancel(ctx)
		dies := r.IntN(3) == 0
		if dies {
			after := time.Duration(r.IntN(20_000)) * time.Microsecond
			time.AfterFunc(after, cancel)
		}
		err := m.pass(pass, own, r)
		cancel()
		m.still.RUnlock()
		if err != nil {
			m.kills.Add(1)
			if ctx.Err() == nil && !dies && !errors.Is(err, errDisk) {
				m.t.Errorf("a pass failed by itself: %v", err)
			}
		}
	}
}

var errDisk = errors.New("the disk does not answer")

func (m *model) pass(ctx context.Context, own *gc.Service, r *rand.Rand) error {
	if r.IntN(2) == 0 {
		_, err := own.Collect(ctx)
		return err
	}
	_, err := own.CollectNow(ctx, 1+r.IntN(4))
	return err
}

// passTime moves the clock by up to half a window at a time, and makes the storage fail
// now and then.
func (m *model) passTime(ctx context.Context, r *rand.Rand) {
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		odds := uint64(r.IntN(12))
		var n atomic.Uint64
		m.storage.Fail(func(op string, _ digest.Digest) error {
			if op == "remove" && odds > 8 && n.Add(1)%odds == 0 {
				return errDisk
			}
			return nil
		})
		m.still.Lock()
		m.clock.Pass(time.Duration(r.Int64N(int64(pick(r, []time.Duration{time.Minute, artifact.Lease, window / 2})))))
		m.still.Unlock()
	}
}

// watch looks all the time whether whatever has a name is whole.
func (m *model) watch(ctx context.Context) {
	for ctx.Err() == nil {
		m.checkWhole(true)
	}
}

// partsOfNamed is what a pull of all that has a tag needs, as one snapshot has it:
// the manifest, and for an index those of its parts; and their blobs, served by the
// repository.
const partsOfNamed = `
WITH RECURSIVE named AS (
  SELECT t.repository_id, a.id, a.digest, t.name FROM tag t JOIN artifact a ON a.id = t.artifact_id
  UNION
  SELECT n.repository_id, a.id, a.digest, n.name FROM named n JOIN artifact_child c ON c.parent_id = n.id JOIN artifact a ON a.id = c.child_id)
SELECT n.repository_id || '/' || n.name, a.deleted_at IS NULL, EXISTS (SELECT FROM manifest m WHERE m.digest = a.digest), coalesce(b.digest, ''), coalesce(b.state, ''),
  b.id IS NULL OR EXISTS (SELECT FROM repository_blob rb WHERE rb.repository_id = n.repository_id AND rb.blob_id = b.id),
  coalesce((SELECT c.content FROM blob_content c WHERE c.blob_id = b.id), '')
FROM named n JOIN artifact a ON a.id = n.id
LEFT JOIN artifact_blob e ON e.artifact_id = a.id AND e.role <> 'manifest' LEFT JOIN blob b ON b.id = e.blob_id`

type part struct {
	name          string
	alive, listed bool
	digest        digest.Digest
	state         string
	served        bool
	content       []byte
}

func (m *model) parts() map[string]part {
	rows, err := m.db.Pool.Query(context.Background(), partsOfNamed)
	if err != nil {
		m.t.Error(err)
		return nil
	}
	out := map[string]part{}
	var p part
	if _, err := pgx.ForEachRow(rows, []any{&p.name, &p.alive, &p.listed, &p.digest, &p.state, &p.served, &p.content}, func() error {
		p.content = append([]byte{}, p.content...)
		out[p.name+" "+p.digest.String()] = p
		return nil
	}); err != nil {
		m.t.Error(err)
	}
	return out
}

// checkWhole looks at the rows in one snapshot. The bytes are looked at after it: what
// is not there then, and still named in a second look, was taken from under a name.
func (m *model) checkWhole(running bool) {
	lost := map[string]part{}
	for key, p := range m.parts() {
		switch {
		case !p.alive || !p.listed || (p.digest != "" && (p.state != "live" || !p.served)):
			m.t.Errorf("what %s names cannot be pulled: %+v", p.name, p)
			continue
		case p.digest == "" || len(p.content) > 0:
		default:
			content, ok := m.storage.Get(p.digest)
			if !ok || digest.FromBytes(content) != p.digest {
				lost[key] = p
			}
		}
		m.named.Add(1)
	}
	if len(lost) == 0 {
		return
	}
	again := m.parts()
	for key, p := range lost {
		if now, named := again[key]; named && len(now.content) == 0 {
			if _, ok := m.storage.Get(p.digest); !ok || !running {
				m.t.Errorf("the bytes of %s are gone, and %s names them", p.digest, p.name)
			}
		}
	}
}
