package robot_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// signsIn says whether a name and secret are somebody's, and how they are refused.
func (f *fixture) signsIn(t *testing.T, name, secret string) (bool, string) {
	t.Helper()
	_, ok, err := f.Verify(t.Context(), name, secret)
	var ended *auth.EndedError
	switch {
	case errors.As(err, &ended):
		return ok, ended.Reason
	case err != nil:
		t.Fatal(err)
	}
	return ok, ""
}

func (f *fixture) update(t *testing.T, r robot.Robot, change func(*robot.Update)) {
	t.Helper()
	in := robot.Update{Description: r.Description, Disabled: r.Disabled, Grants: r.Grants}
	change(&in)
	if err := f.Update(t.Context(), f.Admin, r.ID, in); err != nil {
		t.Fatal(err)
	}
}

func TestASecretIsItsRobots(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	system, systemSecret := f.make(t, robot.New{Name: "ci", Duration: -1, Grants: inGold(push())})
	who, ok, err := f.Verify(t.Context(), "robot$gold+ci", secret)
	if !ok || err != nil || who.Kind != rbac.Machine || who.ID != r.ID || who.Name != "robot$gold+ci" || who.SysAdmin || len(who.Grants.In[f.gold.ID]) != 1 {
		t.Errorf("got %+v, %v, %v", who, ok, err)
	}
	if who, ok, _ := f.Verify(t.Context(), "robot$ci", systemSecret); !ok || who.ID != system.ID {
		t.Errorf("got %+v, %v", who, ok)
	}
	for name, pair := range map[string][2]string{
		"a wrong secret":         {"robot$gold+ci", secret + "x"},
		"no secret":              {"robot$gold+ci", ""},
		"another's secret":       {"robot$gold+ci", systemSecret},
		"the other way":          {"robot$ci", secret},
		"without the prefix":     {"gold+ci", secret},
		"another project":        {"robot$silver+ci", secret},
		"an empty project":       {"robot$+ci", secret},
		"two separators":         {"robot$gold+gold+ci", secret},
		"another case":           {"robot$gold+CI", secret},
		"nothing":                {"", ""},
		"nothing but the prefix": {"robot$", ""},
		"a NUL":                  {"robot$gold+ci\x00", secret},
		"bad UTF-8":              {"robot$\xff+ci", secret},
	} {
		if ok, _ := f.signsIn(t, pair[0], pair[1]); ok {
			t.Errorf("%s signs in", name)
		}
	}
}

func TestVerifyingIsOneQueryByAnIndex(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	f.signsIn(t, r.FullName, secret) // the settings are read
	count := storetest.Count(t, f.DB)
	f.signsIn(t, r.FullName, secret)
	if count.Queries() != 1 {
		t.Errorf("%d queries: %q", count.Queries(), count.Statements())
	}
	_, err := f.DB.Pool.Exec(t.Context(), "INSERT INTO project (name, owner_id) SELECT 'p' || i, 1 FROM generate_series(1, 5000) i")
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.DB.Pool.Exec(t.Context(), `INSERT INTO robot (name, secret_hash, duration, creator_kind, creator_id)
		SELECT 'r' || i, '\x00', -1, 'user', 1 FROM generate_series(1, 20000) i`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.DB.Pool.Exec(t.Context(), `INSERT INTO robot_grant (robot_id, scope, permissions) SELECT id, 'projects', '{repository:pull}' FROM robot WHERE name LIKE 'r%'`)
	if err != nil {
		t.Fatal(err)
	}
	storetest.NoSeqScan(t, f.DB, `SELECT r.id FROM robot r LEFT JOIN robot_grant g ON g.robot_id = r.id
		WHERE r.name = $1 AND coalesce(r.project_id, 0) = (SELECT id FROM project WHERE name = $2 AND deleted_at IS NULL)`, "ci", "gold")
	storetest.NoSeqScan(t, f.DB, `SELECT r.id FROM robot r LEFT JOIN robot_grant g ON g.robot_id = r.id WHERE r.name = $1 AND coalesce(r.project_id, 0) = 0`, "r77")
	storetest.NoSeqScan(t, f.DB, "SELECT id FROM robot WHERE coalesce(project_id, 0) = $1 ORDER BY id LIMIT 10", f.gold.ID)
}

func TestAnEndIsToldToWhoHasTheSecretAndAtOnce(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	is := func(want bool, reason string) {
		t.Helper()
		if ok, got := f.signsIn(t, r.FullName, secret); ok != want || got != reason {
			t.Errorf("got %v %q, want %v %q", ok, got, want, reason)
		}
		if ok, got := f.signsIn(t, r.FullName, "wrong"); ok || got != "" {
			t.Errorf("a wrong secret is told %v %q", ok, got)
		}
	}
	const disabled = "the robot account robot$gold+ci is disabled; ask who looks after it to enable it"
	const expired = "the robot account robot$gold+ci has expired; ask who looks after it to give it more time"
	is(true, "")
	f.update(t, r, func(in *robot.Update) { in.Disabled = true })
	is(true, disabled)
	f.update(t, r, func(in *robot.Update) { in.Disabled = false })
	is(true, "")
	f.clock.Pass(30*24*time.Hour - time.Second)
	is(true, "")
	f.clock.Pass(time.Second)
	is(true, expired)
	days := int64(31)
	f.update(t, r, func(in *robot.Update) { in.Duration = &days })
	is(true, "")
	if err := f.Delete(t.Context(), f.Admin, r.ID); err != nil {
		t.Fatal(err)
	}
	is(false, "")
}

func TestARotatedSecretIsGoodForNothing(t *testing.T) {
	f := start(t)
	r, first := f.make(t, ci())
	second, err := f.Refresh(t.Context(), f.Admin, r.ID, "")
	if err != nil || len(second) != 32 || second == first {
		t.Fatalf("got %q, %v", second, err)
	}
	if got, err := f.Refresh(t.Context(), f.Admin, r.ID, "Str0ngSecret99"); err != nil || got != "" {
		t.Errorf("a chosen secret is told back: %q, %v", got, err)
	}
	for secret, want := range map[string]bool{first: false, second: false, "Str0ngSecret99": true} {
		if ok, _ := f.signsIn(t, r.FullName, secret); ok != want {
			t.Errorf("%q signs in: %v", secret, ok)
		}
	}
	for _, weak := range []string{"abc", "alllower1", "ALLUPPER1", "NoDigits", "Sh0rt", "\xffAa1aaaaaa", string(make([]byte, 200))} {
		_, err := f.Refresh(t.Context(), f.Admin, r.ID, weak)
		wantFault(t, err, fault.KindInvalid, "the secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number")
	}
	_, err = f.Refresh(t.Context(), f.Admin, 9999, "")
	wantFault(t, err, fault.KindNotFound, "robot 9999 not found")
}

func TestOfTwoWhoRefreshAtOnceOneSecretIsGood(t *testing.T) {
	f := start(t)
	r, _ := f.make(t, ci())
	secrets := make([]string, 4)
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			var err error
			if secrets[i], err = f.Refresh(t.Context(), f.Admin, r.ID, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	good := 0
	for _, secret := range secrets {
		if ok, _ := f.signsIn(t, r.FullName, secret); ok {
			good++
		}
	}
	if good != 1 {
		t.Errorf("%d secrets are good", good)
	}
}

func TestOfTwoWhoEditAtOnceTheSecondIsTold(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	f.clock.Pass(time.Second)
	f.update(t, r, func(in *robot.Update) { in.Since, in.Grants = &r.UpdatedAt, inGold(push()) })
	err := f.Update(t.Context(), f.Admin, r.ID, robot.Update{Since: &r.UpdatedAt, Grants: r.Grants})
	wantFault(t, err, fault.KindPrecondition, "somebody has changed this")
	who, _, err := f.Verify(t.Context(), r.FullName, secret)
	if err != nil || len(who.Grants.In[f.gold.ID]) != 1 || who.Grants.In[f.gold.ID][0] != push() {
		t.Errorf("got %+v, %v", who.Grants, err)
	}
	err = f.Update(t.Context(), f.Admin, 9999, robot.Update{Grants: r.Grants})
	wantFault(t, err, fault.KindNotFound, "robot 9999 not found")
}

func TestARobotThatIsDeletedWhileAtWorkHasOrHasNotSignedIn(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				if _, _, err := f.Verify(t.Context(), r.FullName, secret); err != nil {
					t.Error(err)
				}
				if err := f.WriteUsed(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if err := f.Delete(t.Context(), f.Admin, r.ID); err != nil {
		t.Error(err)
	}
	all.Wait()
	if ok, _ := f.signsIn(t, r.FullName, secret); ok {
		t.Error("a deleted robot signs in")
	}
}

func TestWhenARobotWasUsedIsWrittenOnceAMinute(t *testing.T) {
	f := start(t)
	r, secret := f.make(t, ci())
	used := func() time.Time {
		t.Helper()
		f.signsIn(t, r.FullName, secret)
		if err := f.WriteUsed(t.Context()); err != nil {
			t.Fatal(err)
		}
		now, err := f.Get(t.Context(), r.ID)
		if err != nil || now.UsedAt == nil {
			t.Fatal(now.UsedAt, err)
		}
		return *now.UsedAt
	}
	first := used()
	if !first.Equal(f.clock.Read()) {
		t.Errorf("used at %v, not %v", first, f.clock.Read())
	}
	f.clock.Pass(59 * time.Second)
	if again := used(); !again.Equal(first) {
		t.Errorf("written again after 59 seconds: %v", again)
	}
	f.clock.Pass(time.Second)
	if again := used(); !again.Equal(first.Add(time.Minute)) {
		t.Errorf("not written after a minute: %v", again)
	}
	f.clock.Pass(time.Hour)
	f.signsIn(t, r.FullName, "wrong")
	if err := f.WriteUsed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, err := f.Get(t.Context(), r.ID); err != nil || !now.UsedAt.Equal(first.Add(time.Minute)) {
		t.Errorf("a wrong secret counts as use: %v, %v", now.UsedAt, err)
	}
}
