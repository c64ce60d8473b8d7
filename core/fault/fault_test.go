package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
)

func TestAFaultIsFoundThroughWrapping(t *testing.T) {
	err := fmt.Errorf("get project: %w", fault.NotFound("project %q not found", "x"))
	if !errors.Is(err, fault.ErrNotFound) {
		t.Fatal("a wrapped NotFound must match ErrNotFound")
	}
	if errors.Is(err, fault.ErrConflict) {
		t.Fatal("a NotFound must not match ErrConflict")
	}
	f, ok := fault.As(err)
	if !ok || f.Message != `project "x" not found` {
		t.Fatalf("As gave %v, %v", f, ok)
	}
}

func TestTwoFaultsWithDifferentMessagesAreNotTheSame(t *testing.T) {
	a, b := fault.NotFound("a"), fault.NotFound("b")
	if errors.Is(a, b) {
		t.Fatal("only the bare targets match by kind")
	}
}

func TestARetryIsCarried(t *testing.T) {
	f, _ := fault.As(fault.TooMany(7, "locked"))
	if f.RetryAfter != 7 || f.Kind != fault.KindTooMany {
		t.Fatalf("got %+v", f)
	}
}
