//go:build e2e || e2eclients

package e2e

import (
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

type cast struct{ dev, guest, stranger harness.API }

// furnish makes a private project "harbour" with a developer and a guest, a public project "quay", and a user who is in neither.
func furnish(t *testing.T, server *harness.Server) cast {
	t.Helper()
	ctx := t.Context()
	must(t, server.Admin.CreateProject(ctx, "harbour", false))
	must(t, server.Admin.CreateProject(ctx, "quay", true))
	var people cast
	for name, person := range map[string]*harness.API{
		"dora": &people.dev, "gustav": &people.guest, "stella": &people.stranger,
	} {
		var err error
		*person, err = server.Admin.CreateUser(ctx, name)
		must(t, err)
	}
	must(t, server.Admin.AddMember(ctx, "harbour", people.dev.User, harness.Developer))
	must(t, server.Admin.AddMember(ctx, "harbour", people.guest.User, harness.Guest))
	return people
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
