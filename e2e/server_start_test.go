//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// Three servers that start at once on an empty database all come up, and each serves what another took.
func TestServerThreeOnOneDatabase(t *testing.T) {
	ctx := t.Context()
	shared := map[string]string{
		"ROADSTEAD_DATABASE_URL": harness.Database(t),
		"ROADSTEAD_STORAGE_ROOT": filepath.Join(harness.Folder(t), "storage"),
		"ROADSTEAD_SECRET_KEY":   base64.StdEncoding.EncodeToString(randomBytes(t, 32)),
	}
	var servers []*harness.Server
	for range 3 {
		server := harness.Prepare(t, shared)
		must(t, server.Begin())
		servers = append(servers, server)
	}
	for i, server := range servers {
		if err := server.Healthy(ctx, time.Minute); err != nil {
			t.Fatalf("server %d: %v\n%s", i, err, server.LogTail())
		}
	}
	must(t, servers[0].Admin.CreateProject(ctx, "shared", false))
	for i, server := range servers {
		image, err := random.Image(1000, 2)
		must(t, err)
		where := fmt.Sprintf("shared/app:v%d", i)
		must(t, server.Admin.Push(ctx, where, image))
		for j, other := range servers {
			if err := pull(ctx, other.Admin, where); err != nil {
				t.Errorf("server %d does not serve what server %d answered: %v", j, i, err)
			}
		}
	}
}

func pull(ctx context.Context, who harness.API, where string) error {
	ref, err := who.Reference(where)
	if err != nil {
		return err
	}
	image, err := remote.Image(ref, who.Remote(ctx, http.DefaultTransport)...)
	if err != nil {
		return err
	}
	return validate.Image(image)
}

func TestServerKeepsDataOverARestart(t *testing.T) {
	ctx := t.Context()
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(ctx, "kept", false))
	image, err := random.Image(1000, 2)
	must(t, err)
	must(t, server.Admin.Push(ctx, "kept/app:v1", image))
	postgres := server.Postgres()
	if len(postgres) == 0 {
		t.Fatal("there is no bundled Postgres")
	}
	must(t, server.Stop())
	if left := server.Postgres(); len(left) > 0 {
		t.Errorf("Postgres is still there after the server has stopped: %v", left)
	}
	must(t, server.Launch(ctx))
	if err := pull(ctx, server.Admin, "kept/app:v1"); err != nil {
		t.Error(err)
	}
}

func TestServerFirstStartSaysHowToGoOn(t *testing.T) {
	server := harness.Prepare(t, map[string]string{"ROADSTEAD_ADMIN_PASSWORD": ""})
	must(t, server.Launch(t.Context()))
	said := server.Log()
	for _, wanted := range []string{server.URL, harness.AdminName, "docker login -u " + harness.AdminName + " " + server.Address} {
		if !strings.Contains(said, wanted) {
			t.Errorf("the first start does not say %q:\n%s", wanted, said)
		}
	}
	must(t, server.Stop())
	first := len(server.Log())
	must(t, server.Launch(t.Context()))
	if again := server.Log()[first:]; !strings.Contains(strings.ToLower(again), "reset") {
		t.Errorf("the second start does not say how to reset the password:\n%s", again)
	}
}

// A bundled Postgres that dies is started again, and the server goes on by itself.
func TestServerRestartsPostgres(t *testing.T) {
	ctx := t.Context()
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(ctx, "before", false))
	for round := range 2 {
		if server.KillPostgres() == 0 {
			t.Fatal("there is no bundled Postgres to kill")
		}
		name := fmt.Sprintf("after-%d", round)
		err := harness.Eventually(ctx, 30*time.Second, func() error { return server.Admin.CreateProject(ctx, name, false) })
		if err != nil {
			t.Fatalf("nothing can be written any more: %v", err)
		}
		if err := server.Healthy(ctx, 10*time.Second); err != nil {
			t.Error(err)
		}
	}
	if _, err := server.Admin.Want(ctx, http.StatusOK, http.MethodGet, "/api/v2.0/projects/before", nil); err != nil {
		t.Error(err)
	}
}
