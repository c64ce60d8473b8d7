//go:build e2e

package e2e

import (
	"context"
	"errors"
	"path"
	"strconv"
	"testing"

	"github.com/go-openapi/runtime"
	"github.com/goharbor/go-client/pkg/harbor"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// goClient is Harbor's own Go client as one person, and what its journey has made so far.
type goClient struct {
	*testing.T
	ctx context.Context
	*client.HarborAPI
	server  *harness.Server
	project string
}

// Harbor's Go client does not notice that it speaks to something else: it decodes every answer by Harbor's own models.
func TestServerGoClient(t *testing.T) {
	server := harness.Start(t, nil)
	c := goClient{T: t, ctx: t.Context(), HarborAPI: speak(t, server.Admin), server: server, project: "client"}
	for _, part := range []struct {
		name string
		run  func(goClient)
	}{
		{"system", goClient.walkSystem},
		{"people", goClient.walkPeople},
		{"projects", goClient.walkProjects},
		{"members", goClient.walkMembers},
		{"metadata", goClient.walkMetadata},
		{"repositories", goClient.walkRepositories},
		{"artifacts", goClient.walkArtifacts},
		{"tags", goClient.walkTags},
		{"copies", goClient.walkCopies},
		{"labels", goClient.walkLabels},
		{"immutability", goClient.walkImmutability},
		{"quotas", goClient.walkQuotas},
		{"robots", goClient.walkRobots},
		{"configuration", goClient.walkConfiguration},
		{"audit log", goClient.walkAuditLog},
		{"search", goClient.walkSearch},
		{"clearing up", goClient.walkDeletion},
	} {
		ok := t.Run(part.name, func(t *testing.T) {
			c.T, c.ctx = t, t.Context()
			part.run(c)
		})
		if !ok && (part.name == "projects" || part.name == "repositories") {
			t.Fatal("the rest needs what this part makes")
		}
	}
}

// speak is the client as a person.
func speak(t *testing.T, who harness.API) *client.HarborAPI {
	t.Helper()
	set, err := harbor.NewClientSet(&harbor.ClientSetConfig{URL: who.URL, Username: who.User, Password: who.Password})
	must(t, err)
	return set.V2()
}

// must ends the part of the journey that err is of.
func (c goClient) must(err error) {
	c.Helper()
	must(c.T, err)
}

// refused checks that the client was told no with a status, which it may have a type for or not.
func (c goClient) refused(err error, status int) {
	c.Helper()
	var coded interface{ IsCode(int) bool }
	var unknown *runtime.APIError
	switch {
	case err == nil:
		c.Errorf("answered, want %d", status)
	case errors.As(err, &unknown) && unknown.Code == status:
	case !errors.As(err, &coded) || !coded.IsCode(status):
		c.Errorf("%v, want %d", err, status)
	}
}

// push pushes a random image of one small layer.
func (c goClient) push(where string) {
	c.Helper()
	image, err := random.Image(1000, 1)
	c.must(err)
	c.must(c.server.Admin.Push(c.ctx, where, image))
}

// created is the id at the end of a Location.
func (c goClient) created(location string) int64 {
	c.Helper()
	id, err := strconv.ParseInt(path.Base(location), 10, 64)
	c.must(err)
	return id
}

func ptr[T any](v T) *T { return &v }
