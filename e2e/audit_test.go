//go:build e2e

package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// auditShows checks that the log tells what TestDocker's people did.
func auditShows(t *testing.T, server *harness.Server, digest string) {
	t.Helper()
	wanted := map[string]func(harness.Entry) bool{
		"the administrator made the project": func(e harness.Entry) bool {
			return e.Username == "admin" && e.Operation == "create" && e.ResourceType == "project" && e.Resource == "harbour"
		},
		"the administrator made the developer": func(e harness.Entry) bool {
			return e.Username == "admin" && e.Operation == "create" && e.ResourceType == "user" && strings.Contains(e.Resource, "dora")
		},
		"the administrator made the developer a member": func(e harness.Entry) bool {
			return e.Username == "admin" && e.Operation == "create" && e.ResourceType == "member"
		},
		"the developer pushed": func(e harness.Entry) bool {
			return e.Username == "dora" && e.Operation == "create" && e.ResourceType == "artifact" &&
				strings.Contains(e.Resource, "harbour/team/hello") && strings.Contains(e.Description, digest) && e.Result
		},
		"the developer pulled": func(e harness.Entry) bool {
			return e.Username == "dora" && e.Operation == "pull" && e.ResourceType == "artifact" && strings.Contains(e.Resource, "harbour/team/hello")
		},
		"the guest pulled": func(e harness.Entry) bool {
			return e.Username == "gustav" && e.Operation == "pull" && strings.Contains(e.Resource, "harbour/team/hello")
		},
		"the administrator deleted": func(e harness.Entry) bool {
			return e.Username == "admin" && e.Operation == "delete" && e.ResourceType == "artifact" && strings.Contains(e.Resource, "harbour/team/hello")
		},
		"a login was refused": func(e harness.Entry) bool {
			return e.Username == "dora" && strings.Contains(e.Operation, "login") && !e.Result
		},
	}
	for what, is := range wanted {
		// Pulls are written in batches, so their entries come a moment later.
		err := harness.Eventually(t.Context(), 10*time.Second, func() error { return findEntry(t.Context(), server, is) })
		if err != nil {
			t.Errorf("%s, and the audit log does not show it: %v", what, err)
		}
	}
}

func findEntry(ctx context.Context, server *harness.Server, is func(harness.Entry) bool) error {
	entries, err := server.Admin.Audit(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if is(entry) {
			return nil
		}
	}
	return errors.New("no entry of the newest hundred says so")
}
