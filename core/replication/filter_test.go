package replication_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/replication"
)

func TestTheNamespaceStandsForTheFirstComponents(t *testing.T) {
	for _, c := range []struct {
		repository, namespace string
		replace               int
		want, problem         string
	}{
		{"a/b/c/image", "", 1, "a/b/c/image", ""},
		{"a/b/c/image", "n", -1, "n/image", ""},
		{"a/b/c/image", "n", 0, "n/a/b/c/image", ""},
		{"a/b/c/image", "n", 1, "n/b/c/image", ""},
		{"a/b/c/image", "n", 3, "n/image", ""},
		{"a/b/c/image", "n", 4, "", "contains only 3 path components"},
		{"image", "n/m", -1, "n/m/image", ""},
		{"image", "n", 1, "", "contains only 0 path components"},
		{"a/image", strings.Repeat("n", 252), 0, "", "is no repository's name"},
	} {
		got, err := replication.Destination(c.repository, c.namespace, c.replace)
		switch {
		case c.problem == "" && (err != nil || got != c.want):
			t.Errorf("%+v: %q, %v", c, got, err)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAPolicyWithItselfMayNotCopyItsCopies(t *testing.T) {
	named := func(namespace string, patterns ...string) replication.Policy {
		p := replication.Policy{Namespace: namespace}
		for _, pattern := range patterns {
			p.Filters = append(p.Filters, replication.Filter{Type: replication.ByName, Pattern: pattern})
		}
		return p
	}
	for _, c := range []struct {
		policy replication.Policy
		loop   bool
	}{
		{named(""), true},
		{named("", "library/**"), true},
		{named("mirror"), true},
		{named("mirror", "**"), true},
		{named("mirror", "library/**"), false},
		{named("library/mirror", "library/**"), true},
		{named("mirror", "{library,mirror}/**"), true},
		{named("mirror", "{library,team}/**"), false},
		{named("mirror", "**", "library/*"), false},
		{named("mirror", "library/app"), false},
		{named("mirror", "mirro?/**"), true},
	} {
		if got := replication.CopiesItself(c.policy); got != c.loop {
			t.Errorf("%q %v: %t", c.policy.Namespace, c.policy.Filters, got)
		}
	}
}

func TestTheSpeedIsOfAllReadersTogether(t *testing.T) {
	now := time.Unix(0, 0)
	clock := func() time.Time { return now }
	got := replication.Taken(1000, clock, 500, 1000, 0, 250)
	want := []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 1750 * time.Millisecond}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := replication.Taken(0, clock, 1<<40); got != nil {
		t.Errorf("without a limit: %v", got)
	}
}
