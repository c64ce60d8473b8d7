package user_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

func TestPreferencesAreKeptAndReplaced(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	if got, err := f.Preferences(t.Context(), u.ID); err != nil || !reflect.DeepEqual(got, user.Preferences{}) {
		t.Fatal(got, err)
	}
	before := len(f.audited(t))
	want := user.Preferences{Language: "zh-CN", Theme: "dark", PullClient: "oras", PinnedProjects: []int64{3, 1}}
	for range 2 { // the second changes nothing
		if err := f.SetPreferences(t.Context(), as(u), u.ID, want); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := f.Preferences(t.Context(), u.ID); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatal(got, err)
	}
	if got := f.audited(t); len(got) != before+1 || got[0] != "alice: update user: alice, preferences" {
		t.Error(got)
	}
	if after, err := f.Get(t.Context(), u.ID); err != nil || !after.UpdatedAt.Equal(u.UpdatedAt) {
		t.Error("a theme is no change of the account")
	}
	if err := f.SetPreferences(t.Context(), as(u), u.ID, user.Preferences{}); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.Preferences(t.Context(), u.ID); !reflect.DeepEqual(got, user.Preferences{}) {
		t.Fatal(got)
	}
}

func TestPreferencesThatThereAreNotAreRefused(t *testing.T) {
	f := start(t)
	many := make([]int64, 51)
	for i := range many {
		many[i] = int64(i + 1)
	}
	for _, p := range []user.Preferences{
		{Language: "de"}, {Theme: "Dark"}, {PullClient: "curl"}, {PinnedProjects: many}, {PinnedProjects: []int64{1, 1}}, {PinnedProjects: []int64{0}},
	} {
		if err := f.SetPreferences(t.Context(), f.admin, user.AdminID, p); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if _, err := f.Preferences(t.Context(), 999); !errors.Is(err, fault.ErrNotFound) {
		t.Error(err)
	}
}

func TestOfTwoWhoChangeAProfileTheSecondIsTold(t *testing.T) {
	f := start(t)
	u := f.person(t, "alice")
	seen := u.UpdatedAt
	if err := f.UpdateProfile(t.Context(), as(u), u.ID, user.Profile{Realname: "First"}, &seen); err != nil {
		t.Fatal(err)
	}
	if _, err := f.db.Pool.Exec(t.Context(), "UPDATE account SET updated_at = updated_at + interval '1 second' WHERE id = $1", u.ID); err != nil {
		t.Fatal(err)
	}
	err := f.UpdateProfile(t.Context(), f.admin, u.ID, user.Profile{Realname: "Second"}, &seen)
	if told, ok := fault.As(err); !ok || told.Kind != fault.KindPrecondition {
		t.Fatal(err)
	}
	if got, _ := f.Get(t.Context(), u.ID); got.Realname != "First" {
		t.Error(got.Realname)
	}
}

func TestAFirstStartIsMadeWholeOrNotAtAll(t *testing.T) {
	f := start(t)
	if _, err := f.db.Pool.Exec(t.Context(), "TRUNCATE account CASCADE"); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no project")
	if created, _, err := f.EnsureAdmin(t.Context(), "Admin12345", func(store.Tx) error { return broken }); created || !errors.Is(err, broken) {
		t.Fatal(created, err)
	}
	calls := 0
	for range 2 {
		if _, _, err := f.EnsureAdmin(t.Context(), "Admin12345", func(store.Tx) error { calls++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 1 {
		t.Errorf("what a first start makes was made %d times", calls)
	}
}
