package remote

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/outbound"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/seal"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Users names what uses an endpoint, such as "replication policy nightly": it is not
// deleted while there is anything.
type Users func(tx store.Tx, id ID) ([]string, error)

// Service answers for the endpoints. It is safe for concurrent use.
type Service struct {
	db     *gorm.DB
	sealer seal.Sealer
	guard  *outbound.Guard
	users  Users
	clock  func() time.Time

	mu     sync.Mutex
	opened map[ID]opened
}

// opened is an Adapter that keeps its tokens from one use to the next.
type opened struct {
	edited  time.Time
	adapter Adapter
}

// Deps are what a Service needs.
type Deps struct {
	DB       *gorm.DB
	Sealer   seal.Sealer
	Outbound *outbound.Guard
	Users    Users
	Clock    func() time.Time
}

// NewService returns the Service.
func NewService(d Deps) *Service {
	return &Service{db: d.DB, sealer: d.Sealer, guard: d.Outbound, users: d.Users, clock: d.Clock, opened: map[ID]opened{}}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

const (
	pingTimeout = 20 * time.Second
	maxReason   = 1_000 // characters that are kept of why a registry is not healthy
)

// Get returns an endpoint.
func (s *Service) Get(ctx context.Context, id ID) (Endpoint, error) {
	return get(s.db.WithContext(ctx), id, "")
}

func get(db *gorm.DB, id ID, lock string) (Endpoint, error) {
	var found []Endpoint
	if err := db.Raw("SELECT * FROM registry WHERE id = ?"+lock, id).Scan(&found).Error; err != nil {
		return Endpoint{}, fmt.Errorf("get registry %d: %w", id, err)
	}
	if len(found) == 0 {
		return Endpoint{}, fault.NotFound("registry %d not found", id)
	}
	return found[0], nil
}

// Named returns the endpoints of some ids, in no order; those that are not there are
// left out.
func (s *Service) Named(ctx context.Context, ids []ID) (map[ID]Endpoint, error) {
	out := map[ID]Endpoint{}
	if len(ids) == 0 {
		return out, nil
	}
	var found []Endpoint
	if err := s.db.WithContext(ctx).Where("id IN ?", ids).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("get registries: %w", err)
	}
	for _, e := range found {
		out[e.ID] = e
	}
	return out, nil
}

// List lists the endpoints whose name contains a text, in the order in which they were
// made.
func (s *Service) List(ctx context.Context, name string, p page.Page) (page.List[Endpoint], error) {
	db := s.db.WithContext(ctx).Model(&Endpoint{})
	if name != "" {
		db = db.Where(`name ILIKE ? ESCAPE '\'`, "%"+page.EscapeLike(name)+"%")
	}
	db, err := p.Apply(db, columns(), "id")
	if err != nil {
		return page.List[Endpoint]{}, err
	}
	return page.Fetch[Endpoint](db, p, "", "registries")
}

func columns() page.Columns {
	return page.Columns{
		"id":            {SQL: "id", Kind: page.Int},
		"name":          {SQL: "name", Kind: page.Text},
		"description":   {SQL: "description", Kind: page.Text},
		"type":          {SQL: "kind", Kind: page.Text},
		"url":           {SQL: "url", Kind: page.Text},
		"insecure":      {SQL: "insecure", Kind: page.Bool},
		"status":        {SQL: "CASE WHEN healthy THEN 'healthy' ELSE 'unhealthy' END", Kind: page.Text},
		"creation_time": {SQL: "created_at", Kind: page.Time},
		"update_time":   {SQL: "updated_at", Kind: page.Time},
	}
}

// Create makes an endpoint of a registry that answers.
func (s *Service) Create(ctx context.Context, by rbac.Subject, in Fields) (Endpoint, error) {
	if err := in.check(); err != nil {
		return Endpoint{}, err
	}
	if in.Credential.Secret == Masked {
		return Endpoint{}, errMasked()
	}
	if err := s.unused(ctx, in.Name, 0); err != nil {
		return Endpoint{}, err
	}
	if err := s.reach(ctx, in); err != nil {
		return Endpoint{}, err
	}
	var out Endpoint
	err := store.InTx(ctx, s.db, func(tx store.Tx) error {
		now := s.now()
		const insert = `INSERT INTO registry (name, description, kind, url, credential_type, access_key, insecure, ca_certificate, since, checked_at, check_at, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`
		err := tx.Raw(insert, in.Name, in.Description, in.Kind, in.URL, in.Credential.Type, in.Credential.Key, in.Insecure, in.CACertificate,
			now, now, now.Add(checkInterval), now, now).Scan(&out).Error
		if err != nil {
			return store.Conflict(err, "registry_name_key", "registry %s already exists", in.Name)
		}
		if out.Secret, err = s.seal(out.ID, in.Credential.Secret); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE registry SET secret = ? WHERE id = ?", out.Secret, out.ID).Error; err != nil {
			return fmt.Errorf("create registry: %w", err)
		}
		return record(tx, by, audit.Create, in.Name, "")
	})
	return out, err
}

func errMasked() error {
	return fault.Invalid("credential.access_secret", "%s stands for a secret that is kept already; there is none yet, send it", Masked)
}

// unused finds out before the registry is asked whether the name is free, since that
// takes a while; the index decides.
func (s *Service) unused(ctx context.Context, name string, but ID) error {
	var n int64
	if err := s.db.WithContext(ctx).Raw("SELECT count(*) FROM registry WHERE name = ? AND id <> ?", name, but).Scan(&n).Error; err != nil {
		return fmt.Errorf("look for registry %s: %w", name, err)
	}
	if n > 0 {
		return fault.Conflict("registry %s already exists", name)
	}
	return nil
}

func record(tx store.Tx, by rbac.Subject, operation, name, description string) error {
	return audit.Record(tx, by, audit.Entry{Operation: operation, ResourceType: audit.Registry, Resource: name, Description: description})
}

func sealedFor(id ID) string { return fmt.Sprintf("registry/%d", id) }

func (s *Service) seal(id ID, secret config.Secret) ([]byte, error) {
	if secret == "" {
		return nil, nil
	}
	return s.sealer.Seal([]byte(secret.Reveal()), sealedFor(id))
}

func (s *Service) credential(e Endpoint) (Credential, error) {
	c := Credential{Type: e.CredentialType, Key: e.AccessKey}
	if !e.HasSecret() {
		return c, nil
	}
	secret, err := s.sealer.Open(e.Secret, sealedFor(e.ID))
	if err != nil {
		return Credential{}, fmt.Errorf("the secret of registry %s: %w", e.Name, err)
	}
	c.Secret = config.Secret(secret)
	return c, nil
}

// Change is what is to become of an endpoint; what is nil stays.
type Change struct {
	Name, Description, Kind, URL *string
	CredentialType, AccessKey    *string
	AccessSecret                 *config.Secret
	Insecure                     *bool
	CACertificate                *string
}

// apply makes Fields of an endpoint and a change. A secret goes to the server that it
// was given for and to no other: it has to be sent again with another URL.
func (s *Service) apply(e Endpoint, c Change) (Fields, error) {
	credential, err := s.credential(e)
	if err != nil && c.AccessSecret == nil { // sealed under a key that is lost: it can be given anew
		return Fields{}, err
	}
	f := Fields{Name: e.Name, Description: e.Description, Kind: e.Kind, URL: e.URL, Credential: credential, Insecure: e.Insecure, CACertificate: e.CACertificate}
	f.Credential.Type, f.Credential.Key = e.CredentialType, e.AccessKey
	for _, v := range []struct {
		to   *string
		from *string
	}{{&f.Name, c.Name}, {&f.Description, c.Description}, {&f.Kind, c.Kind}, {&f.URL, c.URL}, {&f.Credential.Type, c.CredentialType}, {&f.Credential.Key, c.AccessKey}, {&f.CACertificate, c.CACertificate}} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if c.Insecure != nil {
		f.Insecure = *c.Insecure
	}
	kept := c.AccessSecret == nil || *c.AccessSecret == Masked
	switch {
	case !kept:
		f.Credential.Secret = *c.AccessSecret
	case c.AccessSecret != nil && !e.HasSecret():
		return Fields{}, errMasked()
	case e.HasSecret() && !sameServer(e.URL, f.URL):
		return Fields{}, fault.Invalid("access_secret", "the secret was given for %s: send access_secret again with another server's URL, or empty for none", e.URL)
	}
	return f, nil
}

// Update changes an endpoint, of a registry that answers then. since is the state that
// the change was made from, nil for any.
func (s *Service) Update(ctx context.Context, by rbac.Subject, id ID, since *time.Time, c Change) error {
	before, err := s.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := store.Unchanged(since, before.UpdatedAt); err != nil {
		return err
	}
	f, err := s.apply(before, c)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if err := s.unused(ctx, f.Name, id); err != nil {
		return err
	}
	if err := s.reach(ctx, f); err != nil {
		return err
	}
	secret, err := s.seal(id, f.Credential.Secret)
	if err != nil {
		return err
	}
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		now, err := get(tx.DB, id, " FOR UPDATE")
		if err != nil {
			return err
		}
		// It may have changed while the registry was asked.
		if !now.UpdatedAt.Equal(before.UpdatedAt) {
			return fault.Precondition("somebody has changed this since you looked at it; load it again and repeat your change")
		}
		at := s.now()
		const update = `UPDATE registry SET name = ?, description = ?, url = ?, credential_type = ?, access_key = ?, secret = ?, insecure = ?, ca_certificate = ?,
			healthy = true, reason = '', since = CASE WHEN healthy THEN since ELSE ? END, checked_at = ?, check_at = ?, updated_at = ? WHERE id = ?`
		err = tx.Exec(update, f.Name, f.Description, f.URL, f.Credential.Type, f.Credential.Key, secret, f.Insecure, f.CACertificate, at, at, at.Add(checkInterval), at, id).Error
		if err != nil {
			return store.Conflict(err, "registry_name_key", "registry %s already exists", f.Name)
		}
		description := ""
		if before.Name != f.Name {
			description = fmt.Sprintf("update registry: %s, now %s", before.Name, f.Name)
		}
		return record(tx, by, audit.Update, f.Name, description)
	})
}

// Delete removes an endpoint that nothing uses.
func (s *Service) Delete(ctx context.Context, by rbac.Subject, id ID) error {
	defer s.forget(id)
	return store.InTx(ctx, s.db, func(tx store.Tx) error {
		e, err := get(tx.DB, id, " FOR UPDATE")
		if err != nil {
			return err
		}
		used, err := s.users(tx, id)
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return inUse(id, used)
		}
		err = tx.Exec("DELETE FROM registry WHERE id = ?", id).Error
		if store.IsForeignKey(err) {
			return inUse(id, nil)
		}
		if err != nil {
			return fmt.Errorf("delete registry %d: %w", id, err)
		}
		return record(tx, by, audit.Delete, e.Name, "")
	})
}

// forget closes what Open has kept.
func (s *Service) forget(id ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.opened, id)
}

// inUse begins with Harbor's words.
func inUse(id ID, by []string) error {
	const shown = 5
	what := ""
	switch {
	case len(by) > shown:
		what = fmt.Sprintf(": %s and %d others", strings.Join(by[:shown], ", "), len(by)-shown)
	case len(by) > 0:
		what = ": " + strings.Join(by, ", ")
	}
	return fault.Precondition("the registry %d is referenced by replication policies, cannot delete it%s; delete them or give them another registry first", id, what)
}

// Ping asks a registry whether it can be used: one that is described in full, or an
// endpoint with changes.
func (s *Service) Ping(ctx context.Context, id *ID, c Change) error {
	var e Endpoint
	if id != nil {
		var err error
		if e, err = s.Get(ctx, *id); err != nil {
			return err
		}
	}
	f, err := s.apply(e, c)
	if err != nil {
		return err
	}
	if err := f.checkConnection(); err != nil {
		return err
	}
	return s.reach(ctx, f)
}

// reach is the ping, as a refusal in Harbor's words and then the reason.
func (s *Service) reach(ctx context.Context, f Fields) error {
	err := s.ask(ctx, f)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if _, ours := fault.As(err); ours {
		return err
	}
	return fault.Invalid("url", "the registry is unhealthy: %s", Reason(err))
}

func (s *Service) ask(ctx context.Context, f Fields) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	adapter, err := s.open(ctx, f, true)
	if err != nil {
		return err
	}
	return adapter.Ping(ctx)
}

// open returns an Adapter that asks once, or tries again and waits.
func (s *Service) open(ctx context.Context, f Fields, once bool) (Adapter, error) {
	kind, err := FindKind(f.Kind)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return nil, fmt.Errorf("registry %s: %w", f.Name, err)
	}
	transport, err := s.guard.Transport(outbound.TLS{Insecure: f.Insecure, CA: f.CACertificate})
	if err != nil {
		return nil, fault.Invalid("ca_certificate", "ca_certificate: %v", err)
	}
	return kind.Open(ctx, Target{URL: u, Credential: f.Credential, Line: Line{Transport: transport, Clock: s.clock, Wait: wait, Once: once}})
}

// Open returns the Adapter of an endpoint. It keeps its tokens and connections for the
// next who asks, until the endpoint is changed.
func (s *Service) Open(ctx context.Context, id ID) (Adapter, error) {
	e, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	have, ok := s.opened[id]
	s.mu.Unlock()
	if ok && have.edited.Equal(e.UpdatedAt) {
		return have.adapter, nil
	}
	f, err := s.apply(e, Change{})
	if err != nil {
		return nil, err
	}
	adapter, err := s.open(ctx, f, false)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[id] = opened{e.UpdatedAt, adapter}
	return adapter, nil
}
