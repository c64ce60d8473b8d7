package replication

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/event"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/store"
)

const (
	maxName        = 256 // characters
	maxDescription = 4096
	maxSpeed       = 1 << 30 // KiB/s
	maxConcurrency = 64
	maxReplace     = 16

	// listener is who hears of events here.
	listener = "replication"
)

// check says what is wrong with what somebody wants a policy to be.
func (p Policy) check() error {
	switch {
	case p.Name == "":
		return fault.Invalid("name", "empty name: a policy needs one")
	case utf8.RuneCountInString(p.Name) > maxName || strings.ContainsAny(p.Name, "\r\n\t"):
		return fault.Invalid("name", "a policy's name is one line of at most %d characters", maxName)
	case utf8.RuneCountInString(p.Description) > maxDescription:
		return fault.Invalid("description", "the description has more than %d characters", maxDescription)
	case p.Namespace != "" && !oci.ValidRepository(p.Namespace):
		return fault.Invalid("dest_namespace", "invalid destination namespace: %.300s; it is lowercase letters and digits, separated by one of / . _ -", p.Namespace)
	case p.ReplaceCount < -1 || p.ReplaceCount > maxReplace:
		return fault.Invalid("dest_namespace_replace_count", "dest_namespace_replace_count is -1, for all components but the last, or 0 to %d, not %d", maxReplace, p.ReplaceCount)
	case p.Speed < 0 || p.Speed > maxSpeed:
		return fault.Invalid("speed", "speed is -1 or 0, for no limit, or at most %d KB/s", maxSpeed)
	case p.Concurrency < 0 || p.Concurrency > maxConcurrency:
		return fault.Invalid("concurrency", "concurrency is 0, for as many repositories at a time as there are workers, or 1 to %d", maxConcurrency)
	}
	if err := p.checkTrigger(); err != nil {
		return err
	}
	return p.Filters.check()
}

func (p Policy) checkTrigger() error {
	switch p.Trigger {
	case Manual:
	case EventBased:
		if !p.Push {
			return fault.Invalid("trigger", "a policy that copies from another registry cannot be event_based: nothing tells what happens there; use a schedule")
		}
	case Scheduled:
		if p.Cron == "" {
			return fault.Invalid("cron", "the cron string cannot be empty when the trigger type is %s", Scheduled)
		}
		_, err := job.ParseCron(p.Cron)
		return err
	default:
		return fault.Invalid("trigger", "invalid trigger type: %.64q; it is %s, %s or %s", p.Trigger, Manual, Scheduled, EventBased)
	}
	return nil
}

// checkLoop refuses a policy between this registry and itself whose copies would be
// copied again.
func (s *Service) checkLoop(p Policy, url string) error {
	if !s.Itself(url) || !p.copiesItself() {
		return nil
	}
	if p.Namespace == "" {
		return fault.Invalid("dest_namespace", "the policy would copy its own copies: %s is this registry; choose a destination namespace that the name filters exclude", url)
	}
	return fault.Invalid("dest_namespace",
		"the policy would copy its own copies: %s is this registry, and repositories under %q match the name filters; choose a destination namespace that they exclude", url, p.Namespace)
}

func (p Policy) copiesItself() bool {
	if p.Namespace == "" {
		return true
	}
	for _, name := range p.Filters.compile().names {
		if !name.Under(p.Namespace + "/") {
			return false
		}
	}
	return true
}

func columns() page.Columns {
	return page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "name": {SQL: "name"}, "description": {SQL: "description"}, "creator": {SQL: "creator"},
		"enabled": {SQL: "enabled", Kind: page.Bool}, "trigger": {SQL: "trigger"}, "dest_namespace": {SQL: "namespace"},
		"registry_id": {SQL: "registry_id", Kind: page.Int}, "creation_time": {SQL: "created_at", Kind: page.Time}, "update_time": {SQL: "updated_at", Kind: page.Time},
	}
}

// List returns one page of the policies, the newest first unless told otherwise.
func (s *Service) List(ctx context.Context, p page.Page) (page.List[Policy], error) {
	db, err := p.Apply(s.db.WithContext(ctx).Model(&Policy{}), columns(), "id DESC")
	if err != nil {
		return page.List[Policy]{}, err
	}
	return page.Fetch[Policy](db, p, "", "replication policies")
}

// Get returns a policy.
func (s *Service) Get(ctx context.Context, id int64) (Policy, error) {
	return find(s.db.WithContext(ctx), id)
}

func find(db *gorm.DB, id int64) (out Policy, err error) {
	err = db.Take(&out, id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Policy{}, fault.NotFound("replication policy %d not found", id)
	}
	if err != nil {
		return Policy{}, fmt.Errorf("get replication policy: %w", err)
	}
	return out, nil
}

func lock(tx store.Tx, id int64, strength string) (Policy, error) {
	return find(tx.Clauses(clause.Locking{Strength: strength}), id)
}

// Create makes a policy.
func (s *Service) Create(ctx context.Context, by rbac.Subject, p Policy) (Policy, error) {
	p.Creator = by.Name
	if err := s.mayBe(ctx, p); err != nil {
		return Policy{}, err
	}
	wanted := p
	err := store.InTx(ctx, s.db, func(tx store.Tx) error {
		p = wanted
		p.ID, p.CreatedAt, p.UpdatedAt = 0, s.now(), s.now()
		if err := tx.Create(&p).Error; err != nil {
			return taken(err, p)
		}
		return s.arrange(tx, by, p, audit.Create)
	})
	return p, err
}

// Update changes a policy; since, when it is not nil, is the edition that the change
// was made from. What is under way goes on as it began.
func (s *Service) Update(ctx context.Context, by rbac.Subject, p Policy, since *time.Time) error {
	if err := s.mayBe(ctx, p); err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		old, err := lock(tx, p.ID, "UPDATE")
		if err != nil {
			return err
		}
		if err := store.Unchanged(since, old.UpdatedAt); err != nil {
			return err
		}
		p.Creator, p.CreatedAt, p.UpdatedAt = old.Creator, old.CreatedAt, s.now()
		if err := tx.Select("*").Omit("id").Updates(&p).Error; err != nil {
			return taken(err, p)
		}
		return s.arrange(tx, by, p, audit.Update)
	})
}

func (s *Service) mayBe(ctx context.Context, p Policy) error {
	if err := p.check(); err != nil {
		return err
	}
	far, err := s.Registries.Get(ctx, p.RegistryID)
	if err != nil {
		return err
	}
	return s.checkLoop(p, far.URL)
}

// arrange lets a policy run when it wants to.
func (s *Service) arrange(tx store.Tx, by rbac.Subject, p Policy, operation string) error {
	if err := s.schedule(tx, by, p); err != nil {
		return err
	}
	if err := subscribe(tx, p); err != nil {
		return err
	}
	return audit.Record(tx, by, audit.Entry{
		Operation: operation, ResourceType: audit.Replication, Resource: p.Name, Description: fmt.Sprintf("%s replication policy: %s", operation, p.Name),
	})
}

func (s *Service) schedule(tx store.Tx, by rbac.Subject, p Policy) error {
	if !p.Enabled || p.Trigger != Scheduled {
		return s.Jobs.UnscheduleIn(tx, by, job.Replication, p.ID)
	}
	return s.Jobs.ScheduleIn(tx, by, job.Plan{
		Args: planOf(p.ID, nil), SubjectID: p.ID, CronType: job.Custom, Cron: p.Cron, Single: p.Single, Concurrency: p.Concurrency,
	})
}

func subscribe(tx store.Tx, p Policy) error {
	if !p.Enabled || p.Trigger != EventBased {
		return event.Unsubscribe(tx, listener, p.ID)
	}
	kinds := []event.Kind{event.Push}
	if p.Deletion {
		kinds = append(kinds, event.DeleteTag, event.DeleteArtifact)
	}
	return event.Subscribe(tx, listener, p.ID, kinds...)
}

func taken(err error, p Policy) error {
	if store.IsForeignKey(err) {
		return fault.NotFound("registry %d not found", p.RegistryID)
	}
	if store.IsUnique(err, "replication_policy_name_key") {
		return store.Conflict(err, "replication_policy_name_key", "replication policy %s already exists", p.Name)
	}
	return fmt.Errorf("store replication policy: %w", err)
}

// Delete removes a policy and its history. Whatever of it is under way has to end
// first.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id int64) error {
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		p, err := lock(tx, id, "UPDATE")
		if err != nil {
			return err
		}
		if err := s.Jobs.UnscheduleIn(tx, by, job.Replication, id); err != nil {
			return err
		}
		if err := event.Unsubscribe(tx, listener, id); err != nil {
			return err
		}
		if err := s.Jobs.Forget(tx, job.Replication, id); err != nil {
			if f, ok := fault.As(err); ok {
				return fault.Precondition("the policy %d has running executions, it cannot be deleted: %s", id, f.Message)
			}
			return err
		}
		if err := tx.Delete(&p).Error; err != nil {
			return fmt.Errorf("delete replication policy: %w", err)
		}
		return audit.Record(tx, by, audit.Entry{
			Operation: audit.Delete, ResourceType: audit.Replication, Resource: p.Name, Description: "delete replication policy: " + p.Name,
		})
	})
}

// Users names the policies that need a registry, for remote.Deps.
func Users(tx store.Tx, registry remote.ID) (names []string, err error) {
	err = tx.Raw("SELECT 'replication policy ' || name FROM replication_policy WHERE registry_id = ? ORDER BY name LIMIT 1000", registry).Scan(&names).Error
	if err != nil {
		return nil, fmt.Errorf("look for policies of a registry: %w", err)
	}
	return names, nil
}

// Start runs a policy because somebody says so.
func (s *Service) Start(ctx context.Context, by rbac.Subject, id int64, trigger string) (out job.Execution, err error) {
	err = store.InTx(ctx, s.db, func(tx store.Tx) error {
		p, err := lock(tx, id, "SHARE")
		if err != nil {
			return err
		}
		if !p.Enabled {
			return fault.Precondition("the policy %d is disabled: enable it first", id)
		}
		out, err = s.Jobs.StartBy(tx, job.Request{
			Args: planOf(id, nil), SubjectID: id, Trigger: trigger, By: by, Single: p.Single, Concurrency: p.Concurrency,
		})
		return err
	})
	return out, err
}

func planOf(policy int64, wanted []job.ReplicationPiece) job.ReplicationArgs {
	return job.ReplicationArgs{PolicyID: policy, Operation: job.PlanReplication, Wanted: wanted}
}
