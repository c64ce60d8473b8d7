package project_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/core/user"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// recovery is how long a project that a test deletes can be restored.
const recovery = time.Hour

type fixture struct {
	*project.Service
	users *user.Service
	db    *store.DB
	admin rbac.Subject
}

func start(t *testing.T) fixture {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	users := user.NewService(db.Gorm, time.Now, user.PasswordParams{Memory: 64, Time: 1, Threads: 1})
	if _, _, err := users.EnsureAdmin(t.Context(), "Admin12345"); err != nil {
		t.Fatal(err)
	}
	changes, err := change.NewFeed(t.Context(), db.Pool, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return fixture{
		project.NewService(db.Gorm, rbac.NewPolicy(), changes, func(context.Context) (time.Duration, error) { return recovery, nil }, time.Now), users, db,
		rbac.Subject{Kind: rbac.Human, ID: user.AdminID, Name: "admin", SysAdmin: true},
	}
}

func (f fixture) person(t *testing.T, name string) rbac.Subject {
	t.Helper()
	u, err := f.users.Create(t.Context(), f.admin, user.New{Name: name, Realname: name, Password: "Passw0rd1"})
	if err != nil {
		t.Fatal(err)
	}
	return rbac.Subject{Kind: rbac.Human, ID: u.ID, Name: u.Name}
}

func (f fixture) project(t *testing.T, by rbac.Subject, in project.New) project.Project {
	t.Helper()
	p, err := f.Create(t.Context(), by, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f fixture) repository(t *testing.T, p project.ID, name string, published bool) {
	t.Helper()
	const insert = "INSERT INTO repository (project_id, name, full_name, published_at) VALUES ($1, $2, 'p/' || $2, CASE WHEN $3 THEN now() END)"
	if _, err := f.db.Pool.Exec(t.Context(), insert, p, name, published); err != nil {
		t.Fatal(err)
	}
}

func (f fixture) audited(t *testing.T) []string {
	t.Helper()
	list, err := audit.NewService(f.db.Gorm, time.Now).List(t.Context(), audit.Scope{}, page.Page{Number: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list.Items {
		out = append(out, e.Username+": "+e.Description)
	}
	return out
}

func refusal(t *testing.T, err error, kind fault.Kind, message string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || !strings.HasPrefix(f.Message, message) {
		t.Errorf("got %v, want kind %d %q", err, kind, message)
	}
}

func together(n int, do func(int) error) []error {
	out := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { out[i] = do(i) })
	}
	wg.Wait()
	return out
}

func count(results []error, kind error) (n int) {
	for _, err := range results {
		if errors.Is(err, kind) {
			n++
		}
	}
	return n
}

func TestAProjectIsMadeWithItsQuotaAndItsFirstMember(t *testing.T) {
	f := start(t)
	alice := f.person(t, "alice")
	p := f.project(t, alice, project.New{Name: "lib.rary-1", Metadata: map[string]string{"public": "1", "severity": "LOW"}, StorageLimit: 5000})
	if p.OwnerName != "alice" || !p.Public || len(p.Metadata) != 1 || p.Metadata["severity"] != "low" {
		t.Errorf("made %+v", p)
	}
	byName, err := f.ByName(t.Context(), "lib.rary-1")
	if err != nil || !same(byName, p) {
		t.Errorf("by name %+v, %v; want %+v", byName, err, p)
	}
	byID, err := f.Get(t.Context(), p.ID)
	if err != nil || !same(byID, p) {
		t.Errorf("by id %+v, %v", byID, err)
	}
	sum, err := f.Summary(t.Context(), p.ID)
	if err != nil || sum.QuotaHard != 5000 || sum.QuotaUsed != 0 || sum.Members[rbac.ProjectAdmin] != 1 || sum.Repositories != 0 {
		t.Errorf("summary %+v, %v", sum, err)
	}
	if got := f.audited(t); got[0] != "alice: create project: lib.rary-1" {
		t.Errorf("audited %q", got)
	}
	machine := rbac.Subject{Kind: rbac.Machine, ID: alice.ID, Name: "robot$ci"}
	made := f.project(t, machine, project.New{Name: "by-robot"})
	sum, err = f.Summary(t.Context(), made.ID)
	if err != nil || made.OwnerName != "admin" || len(sum.Members) != 0 || sum.QuotaHard != -1 {
		t.Errorf("a machine's project: %+v, %+v, %v", made, sum, err)
	}
}

func same(a, b project.Project) bool {
	return maps.Equal(a.Metadata, b.Metadata) && fmt.Sprint(a) == fmt.Sprint(b)
}

func TestBadInputIsRefusedWithAReason(t *testing.T) {
	f := start(t)
	const form = "project name is not in lower case or contains illegal characters"
	for name, message := range map[string]string{
		"Bad Name": form, "-a": form, "a-": form, "a..b": form, "a/b": form, "a\x00": form, "ä": form, "a\xff": form, "'; DROP TABLE x": form,
		"": "project name must have 1 to 255 characters", strings.Repeat("a", 256): "project name must have 1 to 255 characters",
	} {
		_, err := f.Create(t.Context(), f.admin, project.New{Name: name})
		refusal(t, err, fault.KindInvalid, message)
		if _, err = f.ByName(t.Context(), name); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%.20q by name: %v", name, err)
		}
		if _, err = f.AccessByName(t.Context(), f.admin, name); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("access to %.20q: %v", name, err)
		}
	}
	for _, limit := range []int64{-2, 1<<50 + 1} {
		_, err := f.Create(t.Context(), f.admin, project.New{Name: "p", StorageLimit: limit})
		refusal(t, err, fault.KindInvalid, fmt.Sprintf("storage limit %d is invalid", limit))
	}
	for key, value := range map[string]string{
		"public": "perhaps", "severity": "awful", "auto_scan": "", "retention_id": "x", "proxy_speed_kb": "-2",
		"proxy_cache_filter_kind": "glob", "proxy_cache_filter_pattern": "a\x00", "nosuch": "true", "x\xff": "",
	} {
		_, err := f.Create(t.Context(), f.admin, project.New{Name: "p", Metadata: map[string]string{key: value}})
		refusal(t, err, fault.KindInvalid, "")
	}
	_, err := f.ByName(t.Context(), "nosuch")
	refusal(t, err, fault.KindNotFound, "project nosuch not found")
	_, err = f.Get(t.Context(), 999)
	refusal(t, err, fault.KindNotFound, "project 999 not found")
}

func TestANameIsUniqueAmongTheLiving(t *testing.T) {
	f := start(t)
	results := together(8, func(int) error {
		_, err := f.Create(context.Background(), f.admin, project.New{Name: "same"})
		return err
	})
	if count(results, nil) != 1 || count(results, fault.ErrConflict) != 7 {
		t.Fatalf("eight at once: %v", results)
	}
	_, err := f.Create(t.Context(), f.admin, project.New{Name: "same"})
	refusal(t, err, fault.KindConflict, "The project named same already exists")
	p, err := f.ByName(t.Context(), "same")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Delete(t.Context(), f.admin, p.ID); err != nil {
		t.Fatal(err)
	}
	refusal(t, f.Delete(t.Context(), f.admin, p.ID), fault.KindNotFound, "project")
	f.project(t, f.admin, project.New{Name: "same"})
}

func TestAProjectWithRepositoriesStays(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "full"})
	f.repository(t, p.ID, "unfinished", false)
	if ok, why, err := f.Deletable(t.Context(), p.ID); !ok || why != "" || err != nil {
		t.Errorf("deletable: %t, %q, %v", ok, why, err)
	}
	f.repository(t, p.ID, "app", true)
	if ok, why, err := f.Deletable(t.Context(), p.ID); ok || why != "the project contains repositories, can not be deleted" || err != nil {
		t.Errorf("deletable: %t, %q, %v", ok, why, err)
	}
	refusal(t, f.Delete(t.Context(), f.admin, p.ID), fault.KindPrecondition, "precondition failed: the project contains repositories, can not be deleted")
	_, _, err := f.Deletable(t.Context(), 999)
	refusal(t, err, fault.KindNotFound, "project 999 not found")
	counts, err := f.RepositoryCounts(t.Context(), []project.ID{p.ID, 999})
	if err != nil || len(counts) != 1 || counts[p.ID] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
	if _, err := f.db.Pool.Exec(t.Context(), "INSERT INTO quota_delta (project_id, bytes) VALUES ($1, 40), ($1, 2)", p.ID); err != nil {
		t.Fatal(err)
	}
	if sum, err := f.Summary(t.Context(), p.ID); err != nil || sum.Repositories != 1 || sum.QuotaUsed != 42 {
		t.Errorf("summary %+v, %v", sum, err)
	}
}

func TestSettingsAreMergedAndTakenBack(t *testing.T) {
	f := start(t)
	p := f.project(t, f.admin, project.New{Name: "p", Public: true, Metadata: map[string]string{"auto_scan": "true"}})
	limit, private := int64(77), false
	if err := f.Update(t.Context(), f.admin, p.ID, project.Update{Public: &private, Metadata: map[string]string{"severity": "high"}, StorageLimit: &limit}); err != nil {
		t.Fatal(err)
	}
	if err := f.Update(t.Context(), f.admin, p.ID, project.Update{Metadata: map[string]string{"retention_id": "3"}}); err != nil {
		t.Fatal(err)
	}
	refusal(t, f.DeleteMetadata(t.Context(), f.admin, p.ID, "retention_id"), fault.KindInvalid, "project metadata retention_id names the project's retention policy")
	if err := f.DeleteMetadata(t.Context(), f.admin, p.ID, "auto_scan"); err != nil {
		t.Fatal(err)
	}
	got, err := f.Get(t.Context(), p.ID)
	if err != nil || got.Public || !maps.Equal(got.Metadata, map[string]string{"severity": "high"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	if sum, err := f.Summary(t.Context(), p.ID); err != nil || sum.QuotaHard != 77 {
		t.Errorf("summary %+v, %v", sum, err)
	}
	if err := f.Update(t.Context(), f.admin, p.ID, project.Update{Metadata: map[string]string{"public": "true"}}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get(t.Context(), p.ID); err != nil || !got.Public {
		t.Errorf("got %+v, %v", got, err)
	}
	zero := int64(0)
	refusal(t, f.Update(t.Context(), f.admin, p.ID, project.Update{StorageLimit: &zero}), fault.KindInvalid, "storage limit 0 is invalid")
	refusal(t, f.DeleteMetadata(t.Context(), f.admin, p.ID, "auto_scan"), fault.KindNotFound, "project metadata auto_scan not found")
	refusal(t, f.DeleteMetadata(t.Context(), f.admin, p.ID, "nosuch"), fault.KindNotFound, "project metadata")
	refusal(t, f.DeleteMetadata(t.Context(), f.admin, p.ID, "public"), fault.KindInvalid, "project metadata public cannot be deleted")
	refusal(t, f.Update(t.Context(), f.admin, 999, project.Update{Metadata: map[string]string{"auto_scan": "true"}}), fault.KindNotFound, "project 999 not found")
}

func TestEverybodySeesWhatTheyMay(t *testing.T) {
	f := start(t)
	alice, bob := f.person(t, "alice"), f.person(t, "bob")
	f.project(t, alice, project.New{Name: "hers"})
	f.project(t, bob, project.New{Name: "his"})
	f.project(t, f.admin, project.New{Name: "open", Public: true})
	yes, no := true, false
	for name, c := range map[string]struct {
		who    rbac.Subject
		filter project.Filter
		want   string
	}{
		"an administrator, all":   {f.admin, project.Filter{}, "hers his open"},
		"nobody, public ones":     {rbac.Subject{}, project.Filter{}, "open"},
		"nobody, private ones":    {rbac.Subject{}, project.Filter{Public: &no}, ""},
		"a member, public + own":  {alice, project.Filter{}, "hers open"},
		"a member, only own":      {alice, project.Filter{Public: &no}, "hers"},
		"a member, only public":   {alice, project.Filter{Public: &yes}, "open"},
		"a robot with her number": {rbac.Subject{Kind: rbac.Machine, ID: alice.ID}, project.Filter{}, "open"},
		"by part of the name":     {f.admin, project.Filter{Name: "H"}, "hers his"},
		"no wildcards":            {f.admin, project.Filter{Name: "%"}, ""},
		"bad UTF-8":               {f.admin, project.Filter{Name: "\xff"}, ""},
		"by owner":                {f.admin, project.Filter{Owner: "BOB"}, "his"},
		"by NUL":                  {f.admin, project.Filter{Owner: "\x00"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := f.List(t.Context(), c.who, c.filter, page.Page{})
			var got []string
			for _, p := range list.Items {
				got = append(got, p.Name)
			}
			if err != nil || strings.Join(got, " ") != c.want || int(list.Total) != len(got) {
				t.Errorf("got %v of %d, %v", got, list.Total, err)
			}
		})
	}
	p, err := page.New(1, 2, "name=~h,owner_name=bob", "-creation_time")
	if err != nil {
		t.Fatal(err)
	}
	queries := storetest.Count(t, f.db)
	list, err := f.List(t.Context(), f.admin, project.Filter{}, p)
	if err != nil || list.Total != 1 || list.Items[0].Name != "his" || queries.Queries() != 2 {
		t.Errorf("got %+v, %v, %d queries", list, err, queries.Queries())
	}
}
