// Package coretest assembles the domain over a database of the test's own, as
// cmd/roadstead/app does for the program, with what makes tests quick.
package coretest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/change"
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
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

// Password is the first administrator's.
const Password = "Passw0rd1"

// Recovery is how long what a test deletes can be restored.
const Recovery = time.Hour

// Domain is all services over one database, and the administrator who is there
// from the start.
type Domain struct {
	DB           *store.DB
	Policy       *rbac.Policy
	Settings     *settings.Service
	Users        *user.Service
	Audit        *audit.Service
	Auth         *auth.Service
	Projects     *project.Service
	Quotas       *quota.Service
	Labels       *label.Service
	Immutable    *immutable.Service
	Retention    *retention.Service
	Robots       *robot.Service
	Remote       *remote.Service
	Artifacts    *artifact.Service
	Stats        *stats.Service
	Search       *search.Service
	Changes      *change.Feed
	Jobs         *job.Queue
	Garbage      *gc.Service
	Storage      *Storage
	Sealer       seal.Sealer
	Replications *replication.Service
	Admin        rbac.Subject

	RegistryUsers map[remote.ID][]string // what a test says that uses a registry
}

// New assembles the domain. The package's TestMain has to be storetest.Main.
func New(t testing.TB) *Domain {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	policy, clock, log := rbac.NewPolicy(), time.Now, slog.New(slog.NewTextHandler(io.Discard, nil))
	d := &Domain{DB: db, Policy: policy, Admin: rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true}}
	d.Settings = settings.NewService(db.Gorm, clock, settings.Given{})
	d.Users = user.NewService(db.Gorm, clock, user.PasswordParams{Memory: 64, Time: 1, Threads: 1})
	d.Audit = audit.NewService(db.Gorm, clock)
	var err error
	if d.Changes, err = change.NewFeed(t.Context(), db.Pool, clock); err != nil {
		t.Fatal(err)
	}
	d.Projects = project.NewService(db.Gorm, policy, d.Changes, artifact.Always(Recovery), clock)
	d.Robots = robot.NewService(robot.Deps{DB: db.Gorm, Policy: policy, Projects: d.Projects, Settings: d.Settings, Changes: d.Changes, Clock: clock})
	options := auth.DefaultOptions()
	options.Machines = d.Robots
	d.Auth = auth.NewService(db.Gorm, d.Users, d.Audit, clock, options)
	guard, err := outbound.New(outbound.Options{UserAgent: "roadstead/test"})
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	d.Sealer = box
	d.Remote = remote.NewService(remote.Deps{
		DB: db.Gorm, Sealer: box, Outbound: guard, Clock: clock,
		Users: func(tx store.Tx, id remote.ID) ([]string, error) {
			names, err := replication.Users(tx, id)
			return append(names, d.RegistryUsers[id]...), err
		},
	})
	d.Quotas = quota.NewService(db.Gorm, clock)
	d.Labels = label.NewService(db.Gorm, clock)
	d.Immutable = immutable.NewService(db.Gorm, clock)
	d.Artifacts = artifact.New(artifact.Deps{
		DB: db, Policy: policy, Audit: audit.NewBatch(db, clock, log), Clock: clock, Changes: d.Changes, Recovery: artifact.Always(Recovery), Log: log,
	})
	d.Search = search.NewService(db.Gorm)
	d.Stats = stats.NewService(db.Gorm)
	jobs, err := job.NewQueue(db.Gorm, job.Kinds(), audit.RecordJob, clock)
	if err != nil {
		t.Fatal(err)
	}
	d.Jobs = jobs
	d.Storage = NewStorage(clock)
	d.Garbage, err = gc.New(gc.Deps{
		DB: db, Artifacts: d.Artifacts, Storage: d.Storage, Clock: clock, Metrics: prometheus.NewRegistry(),
		Resting: func(ctx context.Context) (bool, error) { return d.Jobs.Paused(ctx, job.GarbageCollection) },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Replications = replication.NewService(replication.Deps{
		DB: db, Jobs: jobs, Projects: d.Projects, Registries: d.Remote, Sealer: box, Clock: clock, Itself: func(string) bool { return false }, Log: log,
		Local:        func(rbac.Subject) remote.Client { panic("the domain alone serves no registry") },
		StorageLimit: func(context.Context) (int64, error) { return -1, nil },
	})
	d.Retention = retention.NewService(db, jobs, d.Artifacts, clock)
	if _, _, err := d.Users.EnsureAdmin(t.Context(), Password); err != nil {
		t.Fatal(err)
	}
	return d
}
