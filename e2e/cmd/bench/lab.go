package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

// The names that are compared.
const (
	roadstead    = "roadstead"
	distribution = "distribution"
)

// registry is a server that is measured.
type registry struct {
	name      string
	target    load.Target
	bearer    func(ctx context.Context, scopes ...string) (string, error)
	processes func() processes
	blobs     string // the folder of its storage with the bytes of all blobs
}

// lab is what is measured in one run: both registries side by side on one file system, filled with the same.
type lab struct {
	dir    string
	server *harness.Server
	ours   *registry
	peer   *harness.Distribution
	theirs *registry
	layers *layers
	pushed atomic.Uint64 // images
	close  []func() error

	image image // what bench/small has: this one as latest, and the layer
	large layer
	// What only some figures need is made when the first one asks.
	tags, repositories, fleet, projects, secure func() error
	oursTLS, theirsTLS                          *registry
}

// openLab starts both and fills them with a small image and a large layer.
func openLab(ctx context.Context, dir string) (*lab, error) {
	l := &lab{dir: dir, image: makeImage(0)}
	var err error
	if l.layers, err = newLayers(); err != nil {
		return nil, err
	}
	if l.server, err = l.launch(ctx, "main", nil); err != nil {
		return nil, errors.Join(err, l.shut())
	}
	if l.large, err = l.layers.next(); err != nil {
		return nil, errors.Join(err, l.shut())
	}
	l.ours = measuredServer(l.server)
	if l.peer, err = harness.StartDistribution(ctx, dir, "", ""); err != nil {
		return nil, errors.Join(err, l.shut())
	}
	l.close = append(l.close, func() error { l.peer.Stop(); return nil })
	l.theirs = measuredPeer(l.peer)
	l.tags = sync.OnceValue(func() error { return l.fillTags(ctx) })
	l.repositories = sync.OnceValue(func() error { return l.fillRepositories(ctx) })
	l.fleet = sync.OnceValue(func() error { return l.fillFleet(ctx) })
	l.projects = sync.OnceValue(func() error { return l.makeProjects(ctx) })
	l.secure = sync.OnceValue(func() error { return l.openTLS(ctx) })
	if err := l.furnish(ctx); err != nil {
		return nil, errors.Join(err, l.shut())
	}
	return l, nil
}

// shut stops everything that was started, the last first.
func (l *lab) shut() error {
	var err error
	for i := len(l.close) - 1; i >= 0; i-- {
		err = errors.Join(err, l.close[i]())
	}
	l.close = nil
	return err
}

// launch starts a server of its own, on the data folder of that name, and stops it with the lab.
func (l *lab) launch(ctx context.Context, name string, env map[string]string) (*harness.Server, error) {
	server, err := l.prepare(name, env)
	if err != nil {
		return nil, err
	}
	if err := server.Launch(ctx); err != nil {
		server.Release()
		return nil, err
	}
	l.close = append(l.close, func() error { return stop(server) })
	return server, nil
}

func (l *lab) prepare(name string, env map[string]string) (*harness.Server, error) {
	dir := filepath.Join(l.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return harness.NewServer(dir, env)
}

func stop(server *harness.Server) error {
	defer server.Release()
	err := server.Stop()
	if err != nil {
		server.Kill()
	}
	return err
}

func measuredServer(server *harness.Server) *registry {
	return &registry{
		name: roadstead, target: load.Target{Address: server.Address},
		blobs: filepath.Join(server.DataDir, "storage", "docker", "registry", "v2", "blobs", "sha256"),
		bearer: func(ctx context.Context, scopes ...string) (string, error) {
			return fetchToken(ctx, server.Admin, scopes...)
		},
		processes: func() processes { return processes{[]int{server.PID()}, server.Postgres()} },
	}
}

func measuredPeer(peer *harness.Distribution) *registry {
	return &registry{
		name: distribution, target: load.Target{Address: peer.Address}, blobs: peer.Blobs(),
		bearer: func(_ context.Context, scopes ...string) (string, error) {
			token, err := peer.Token(scopes...)
			return "Bearer " + token, err
		},
		processes: func() processes { return processes{server: []int{peer.PID()}} },
	}
}

// fetchToken asks the token service, as a client does before its first request.
func fetchToken(ctx context.Context, who harness.API, scopes ...string) (string, error) {
	var answer struct{ Token string }
	err := who.Get(ctx, tokenPath(scopes...), &answer)
	return "Bearer " + answer.Token, err
}

func tokenPath(scopes ...string) string {
	return "/service/token?" + url.Values{"service": {"harbor-registry"}, "scope": scopes}.Encode()
}

// makeRobot makes a machine credential that may pull from the project.
func makeRobot(ctx context.Context, admin harness.API, project string) (harness.API, error) {
	answer, err := admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/robots", map[string]any{
		"name": "puller", "level": "project", "duration": 30,
		"permissions": []any{map[string]any{"kind": "project", "namespace": project, "access": []any{
			map[string]string{"resource": "repository", "action": "pull"},
		}}},
	})
	if err != nil {
		return harness.API{}, err
	}
	var made struct{ Name, Secret string }
	err = json.Unmarshal(answer.Body, &made)
	return admin.As(made.Name, made.Secret), err
}

// removeLarge frees the space that large layers have taken. The index still names them; nobody asks.
func (r *registry) removeLarge(keep string) error {
	files, err := filepath.Glob(filepath.Join(r.blobs, "*", "*", "data"))
	if err != nil {
		return err
	}
	for _, file := range files {
		entry, err := os.Stat(file)
		if err != nil {
			return err
		}
		if entry.Size() == largeLayer && "sha256:"+filepath.Base(filepath.Dir(file)) != keep {
			err = os.Remove(file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func pulling(repository string) string { return "repository:" + repository + ":pull" }

func pushing(repository string) string { return "repository:" + repository + ":pull,push" }

// once runs a work a single time.
func once(ctx context.Context, r *registry, work load.Work) error {
	_, err := load.Run(ctx, load.Plan{Target: r.target, Connections: 1, Count: 1, Work: work})
	return err
}

// path is where a request goes that a registry has sent the client to.
func path(location []byte) string {
	where := string(location)
	if _, rest, ok := strings.Cut(where, "://"); ok {
		where = rest[strings.IndexByte(rest+"/", '/'):]
	}
	return where
}

// with appends a query.
func with(path, query string) string {
	if strings.Contains(path, "?") {
		return path + "&" + query
	}
	return path + "?" + query
}
