package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
)

// RebuildOptions are what `roadstead admin rebuild-index` is asked to do.
type RebuildOptions struct {
	DryRun bool
	Into   string // the project of repositories whose names have none
}

// RebuildIndex takes over the names that a distribution or Harbor registry has left in
// the storage: its repositories, manifests and tags become ours, and the bytes stay
// where they are. What is there already stays as it is, so it can be repeated. It writes
// what it does, and what it cannot, to out.
//
// This program's own names are only in Postgres: no storage tells them.
func RebuildIndex(ctx context.Context, cfg config.Config, o RebuildOptions, log *slog.Logger, out io.Writer) (err error) {
	a := &App{cfg: cfg, log: log, clock: time.Now, metrics: prometheus.NewRegistry()}
	defer func() { err = errors.Join(err, a.close(context.WithoutCancel(ctx))) }()
	if address, running := store.RunningBundled(cfg.DataDir); running && cfg.DatabaseURL == "" {
		a.cfg.DatabaseURL = config.Secret(address)
	}
	if err := a.openDatabase(ctx); err != nil {
		return err
	}
	s, err := newServices(ctx, a, a.openStorage(ctx))
	if err != nil {
		return err
	}
	if _, err := s.firstStart(ctx, cfg.AdminPassword.Reveal()); err != nil {
		return err
	}
	r := rebuilding{services: s, options: o, out: out}
	if err := s.storage.Repositories(ctx, func(name string) error { return r.repository(ctx, name) }); err != nil {
		return err
	}
	if r.repositories == 0 {
		r.say("The storage names no repositories: it is not of a distribution or Harbor registry. What this program has pushed is named in its database alone; restore a backup of that.")
		return nil
	}
	done := "taken over"
	if o.DryRun {
		done = "would be taken over"
	}
	r.say("%d repositories, %d manifests and %d tags %s, %d problems.", r.repositories, r.manifests, r.tags, done, r.problems)
	return nil
}

type rebuilding struct {
	*services
	options RebuildOptions
	out     io.Writer

	repositories, manifests, tags, problems int
}

func (r *rebuilding) say(format string, a ...any) { _, _ = fmt.Fprintf(r.out, format+"\n", a...) }

func (r *rebuilding) problem(format string, a ...any) {
	r.problems++
	r.say("PROBLEM "+format, a...)
}

// repository takes over one: what indexes list comes before them.
func (r *rebuilding) repository(ctx context.Context, there string) error {
	name := there
	if !strings.Contains(there, "/") {
		if r.options.Into == "" {
			r.problem("%s: its name has no project; say which with --into", there)
			return nil
		}
		name = r.options.Into + "/" + there
	}
	if !oci.ValidRepository(name) {
		r.problem("%s: not a name that a repository can have here", there)
		return nil
	}
	revisions, err := r.storage.Revisions(ctx, there)
	if err != nil {
		return err
	}
	tags, err := r.storage.TagLinks(ctx, there)
	if err != nil {
		return err
	}
	if len(revisions) == 0 {
		return nil
	}
	r.repositories++
	if err := r.project(ctx, name); err != nil {
		return err
	}
	taken := map[digest.Digest]pushed{}
	for _, p := range r.read(ctx, there, revisions) {
		if r.options.DryRun {
			taken[p.digest], r.manifests = p, r.manifests+1
			continue
		}
		if err := r.push(ctx, name, "", p); err != nil {
			r.problem("%s@%s: %v", name, p.digest, err)
			continue
		}
		taken[p.digest], r.manifests = p, r.manifests+1
	}
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		p, ok := taken[tags[tag]]
		if !ok {
			r.problem("%s:%s: %s was not taken over", name, tag, tags[tag])
			continue
		}
		if err := r.tag(ctx, name, tag, p); err != nil {
			r.problem("%s:%s: %v", name, tag, err)
			continue
		}
		r.tags++
	}
	r.say("%s: %d manifests, %d tags", name, len(taken), len(tags))
	return ctx.Err()
}

// tag makes a tag unless it is there; one that names something else here stays.
func (r *rebuilding) tag(ctx context.Context, repository, tag string, p pushed) error {
	there, err := r.artifacts.ResolveManifest(ctx, repository, oci.Reference{Tag: tag})
	switch {
	case err == nil && there.Digest == p.digest:
		return nil
	case err == nil:
		return fmt.Errorf("it names %s here, and in the storage %s; it stays", there.Digest, p.digest)
	case !errors.Is(err, fault.ErrNotFound):
		return err
	case r.options.DryRun:
		return nil
	}
	return r.push(ctx, repository, tag, p)
}

// project makes the project of a repository, private and without a limit, unless it is
// there.
func (r *rebuilding) project(ctx context.Context, repository string) error {
	name, _, _ := oci.SplitProject(repository)
	_, err := r.projects.ByName(ctx, name)
	if !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	r.say("project %s is new, and private", name)
	if r.options.DryRun {
		return nil
	}
	_, err = r.projects.Create(ctx, rbac.SystemSubject(), project.New{Name: name, StorageLimit: -1})
	return err
}

// pushed is a manifest as it lies in the storage.
type pushed struct {
	digest   digest.Digest
	manifest oci.Manifest
	depth    int // of indexes
}

// read parses manifests and sorts them so that what an index lists comes before it.
func (r *rebuilding) read(ctx context.Context, repository string, digests []digest.Digest) []pushed {
	all := map[digest.Digest]pushed{}
	for _, d := range digests {
		payload, err := r.storage.Read(ctx, d, oci.MaxManifestSize)
		var m oci.Manifest
		if err == nil {
			m, err = oci.ParseManifest(kindOf(payload), payload)
		}
		if err != nil {
			r.problem("%s@%s: %v", repository, d, err)
			continue
		}
		all[d] = pushed{digest: d, manifest: m}
	}
	var depth func(d digest.Digest, level int) int
	depth = func(d digest.Digest, level int) (deepest int) {
		if level > maxDepth {
			return level
		}
		for _, c := range all[d].manifest.Children {
			deepest = max(deepest, 1+depth(c.Digest, level+1))
		}
		return deepest
	}
	out := make([]pushed, 0, len(all))
	for d, p := range all {
		p.depth = depth(d, 0)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b pushed) int { return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.digest, b.digest)) })
	return out
}

// kindOf is the media type of a manifest that does not say it, as OCI's need not; ” of
// one that does.
func kindOf(payload []byte) string {
	var m struct {
		MediaType string
		Manifests []json.RawMessage
	}
	if json.Unmarshal(payload, &m) != nil || m.MediaType != "" {
		return ""
	}
	if m.Manifests != nil {
		return oci.MediaTypeImageIndex
	}
	return oci.MediaTypeImageManifest
}

// maxDepth is how deep indexes of indexes are followed.
const maxDepth = 8

// push makes a manifest and its blobs ours; no byte moves.
func (r *rebuilding) push(ctx context.Context, repository, tag string, p pushed) error {
	by := rbac.SystemSubject()
	if tag == "" {
		for _, b := range p.manifest.Blobs() {
			size, err := r.storage.Size(ctx, b.Digest)
			if err != nil {
				return err
			}
			there := func(context.Context) error { return nil } // they are in their place
			if err := r.artifacts.CommitBlob(ctx, by, repository, b.Digest, size, "", there); err != nil {
				return err
			}
		}
	}
	_, err := r.artifacts.CommitPush(ctx, by, artifact.Push{
		Repository: repository, Tag: tag, Manifest: p.manifest, Digest: p.digest, Payload: p.manifest.Payload, Config: r.config(ctx, p.manifest),
	})
	return err
}

// maxConfig is how large a config is read to understand an artifact, as a push does.
const maxConfig = 4 << 20

func (r *rebuilding) config(ctx context.Context, m oci.Manifest) []byte {
	if m.Config == nil || m.Config.Size > maxConfig {
		return nil
	}
	config, err := r.storage.Read(ctx, m.Config.Digest, maxConfig)
	if err != nil {
		return nil
	}
	return config
}
