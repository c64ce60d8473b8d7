package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/addition"
	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/outbound"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/quota"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/replication"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/search"
	"github.com/roadstead-registry/roadstead/core/settings"
	"github.com/roadstead-registry/roadstead/core/stats"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/token"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/jobservice"
	"github.com/roadstead-registry/roadstead/jobservice/worker"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
	"github.com/roadstead-registry/roadstead/registryctl/storage/drivers"
)

// auditMonths is how many months ahead the audit log has partitions at start;
// the sweep job keeps it so.
const auditMonths = 3

// services is the domain, assembled.
type services struct {
	box          *seal.Box
	policy       *rbac.Policy
	users        *user.Service
	audit        *audit.Service
	pulls        *audit.Batch
	auth         *auth.Service
	projects     *project.Service
	tokens       *token.Service
	artifacts    *artifact.Service
	labels       *label.Service
	immutable    *immutable.Service
	retention    *retention.Service
	quotas       *quota.Service
	robots       *robot.Service
	remote       *remote.Service
	replications *replication.Service
	local        *local // the registry of this program, as replication speaks to it
	settings     *settings.Service
	stats        *stats.Service
	search       *search.Service
	additions    *addition.Service
	changes      *change.Feed
	storage      *storage.Store
	queue        *job.Queue
	garbage      *gc.Service
}

func newServices(ctx context.Context, a *App, stored func() (*storage.Store, error)) (*services, error) {
	key, err := seal.LoadKey(a.cfg.SecretKey.Reveal(), filepath.Join(a.cfg.DataDir, "secret.key"))
	if err != nil {
		return nil, err
	}
	s := &services{policy: rbac.NewPolicy()}
	if s.box, err = seal.New(key); err != nil {
		return nil, err
	}
	db := a.db.Gorm
	s.users = user.NewService(db, a.clock, user.DefaultPasswordParams())
	s.audit = audit.NewService(db, a.clock)
	if _, err := s.audit.EnsurePartitions(ctx, auditMonths); err != nil {
		return nil, err
	}
	if s.queue, err = job.NewQueue(db, job.Kinds(), audit.RecordJob, a.clock); err != nil {
		return nil, err
	}
	s.settings = settings.NewService(db, a.clock, givenSettings(a.cfg))
	if s.changes, err = change.NewFeed(ctx, a.db.Pool, a.clock); err != nil {
		return nil, err
	}
	s.projects = project.NewService(db, s.policy, s.changes, s.recoveryWindow, a.clock)
	s.robots = robot.NewService(robot.Deps{DB: db, Policy: s.policy, Projects: s.projects, Settings: s.settings, Changes: s.changes, Clock: a.clock})
	guard, err := newOutbound(a.cfg, a.version)
	if err != nil {
		return nil, err
	}
	s.remote = remote.NewService(remote.Deps{DB: db, Sealer: s.box, Outbound: guard, Users: replication.Users, Clock: a.clock})
	s.quotas = quota.NewService(db, a.clock)
	s.labels = label.NewService(db, a.clock)
	s.immutable = immutable.NewService(db, a.clock)
	s.pulls = audit.NewBatch(a.db, a.clock, a.log)
	options := auth.DefaultOptions()
	options.SessionIdle, options.Machines = s.sessionTimeout, s.robots
	s.auth = auth.NewService(db, s.users, s.audit, a.clock, options)
	where := reached(a.cfg)
	s.tokens, err = token.NewService(db, s.box, s.auth, s.projects, s.audit, a.clock, token.Options{
		Lifetime: s.tokenExpiration, Log: a.log.With("component", "token"), Address: clientAddress,
		ExternalURL: func(r *http.Request) string { return where(r).String() },
	})
	if err != nil {
		return nil, err
	}
	s.artifacts = artifact.New(artifact.Deps{
		DB: a.db, Policy: s.policy, Audit: s.pulls, Clock: a.clock, Changes: s.changes, Recovery: s.recoveryWindow, Log: a.log,
	})
	outside, err := guard.Transport(outbound.TLS{})
	if err != nil {
		return nil, err
	}
	s.local = newLocal(s.tokens, outside)
	s.replications = replication.NewService(replication.Deps{
		DB: a.db, Jobs: s.queue, Projects: s.projects, Registries: s.remote, Sealer: s.box, Clock: a.clock, Local: s.local.client,
		StorageLimit: s.storageLimit, Itself: a.itself, Log: a.log.With("component", "replication"),
	})
	s.retention = retention.NewService(a.db, s.queue, s.artifacts, a.clock)
	s.stats = stats.NewService(db)
	if s.storage, err = stored(); err != nil {
		return nil, err
	}
	s.search = search.NewService(db)
	if s.additions, err = addition.New(s.artifacts, s.storage.Reader); err != nil {
		return nil, err
	}
	return s, s.newGarbage(a)
}

func storageOptions(c config.Config) storage.Options {
	return storage.Options{
		Kind: c.StorageDriver, Root: c.StorageRoot, Redirect: c.StorageRedirect,
		S3: drivers.S3{
			Bucket: c.S3Bucket, Region: c.S3Region, RegionEndpoint: c.S3Endpoint, AccessKey: c.S3AccessKey, SecretKey: c.S3SecretKey.Reveal(),
			RootDirectory: c.S3RootDirectory, ForcePathStyle: c.S3ForcePath,
		},
	}
}

// firstStart is what the very first start of an installation made.
type firstStart struct {
	happened bool
	password string // generated; '' when the administrator chose one
}

// defaultProject is there from the start, as Harbor's users expect.
const defaultProject = "library"

func (s *services) firstStart(ctx context.Context, password string) (firstStart, error) {
	admin := rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true}
	created, generated, err := s.users.EnsureAdmin(ctx, password, func(tx store.Tx) error {
		_, err := s.projects.CreateIn(tx, admin, project.New{Name: defaultProject, Public: true, StorageLimit: -1})
		return err
	})
	if err != nil {
		return firstStart{}, fmt.Errorf("make the administrator and the project %s: %w", defaultProject, err)
	}
	if !created {
		return firstStart{}, nil
	}
	return firstStart{happened: true, password: generated}, nil
}

// batches are what gathers in memory and writes every second; each returns once
// it has written the rest after its context ended.
func (s *services) batches() []func(context.Context) {
	return []func(context.Context){s.pulls.Run, s.artifacts.RunPulls, s.robots.Run}
}

func (s *services) jobs(db *store.DB, clock func() time.Time, metrics prometheus.Registerer, log *slog.Logger) (*jobservice.Service, error) {
	return jobservice.New(db.Pool, s.queue, jobservice.Workers{
		Fold:       worker.Fold{Artifacts: s.artifacts},
		Collect:    worker.CollectDue{Garbage: s.garbage},
		Expire:     worker.Expire{Tags: s.artifacts},
		Sweep:      worker.Sweep{Sessions: s.auth, Audit: s.audit, Uploads: uploads{s, clock}, History: s.queue, Changes: s.changes, Deletions: s.artifacts},
		Registries: worker.Registries{Remote: s.remote},
		Hear:       []jobservice.Hearer{s.replications},
		Jobs: []jobservice.Handler{
			jobservice.Handle(worker.Collect{Garbage: s.garbage}),
			jobservice.Handle(worker.CheckStorage{Garbage: s.garbage}),
			jobservice.Handle(worker.Purge{Audit: s.audit}),
			jobservice.Handle(worker.Replicate{Policies: s.replications}),
			jobservice.Handle(worker.Retention{Policies: s.retention}),
		},
	}, metrics, log.With("component", "jobservice"))
}

// uploads removes what nobody finished: the bytes first, then the row, so that a
// crash in between only means doing it again.
type uploads struct {
	*services
	clock func() time.Time
}

const (
	sweepUploads = 1_000
	// staleUploads is older than any upload's row lives: bytes that a process
	// left when it was killed before it could write the row.
	staleUploads = 8 * 24 * time.Hour
)

// SweepUploads removes expired uploads, and bytes that never got a row, and says
// how many.
func (u uploads) SweepUploads(ctx context.Context) (int, error) {
	ids, err := u.artifacts.ExpiredUploads(ctx, sweepUploads)
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		if err := u.storage.RemoveUpload(ctx, id); err != nil {
			return i, err
		}
		if err := u.artifacts.DropUpload(ctx, id); err != nil {
			return i, err
		}
	}
	stale, err := u.storage.RemoveStaleUploads(ctx, u.clock().Add(-staleUploads))
	return len(ids) + stale, err
}
