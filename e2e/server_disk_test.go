//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// A disk that is full refuses pushes with the reason, breaks nothing that is stored, and takes them when there is room again; a
// replication that met it goes on by itself.
func TestServerFullDisk(t *testing.T) {
	ctx := t.Context()
	disk := filepath.Join(harness.Folder(t), "disk")
	must(t, os.Mkdir(disk, 0o755))
	err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m")
	if errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a disk of 12 MiB: run as root")
	}
	must(t, err)
	t.Cleanup(func() { must(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	plain := harness.StartPlain(t)
	server := harness.Start(t, map[string]string{"ROADSTEAD_STORAGE_ROOT": filepath.Join(disk, "storage")})
	must(t, server.Admin.CreateProject(ctx, "ships", false))
	small, err := random.Image(2<<20, 1)
	must(t, err)
	must(t, server.Admin.Push(ctx, "ships/small:v1", small))

	large, err := random.Image(16<<20, 1)
	must(t, err)
	err = server.Admin.Push(ctx, "ships/large:v1", large)
	var refused *transport.Error
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusInsufficientStorage || !strings.Contains(err.Error(), "storage of this registry is full") {
		t.Errorf("a push onto a full disk ends with %v", err)
	}
	digest, err := small.Digest()
	must(t, err)
	fleet{"ships/small:v1": digest.String()}.arrived(t, server.Admin, "", "")

	far := harness.API{URL: plain.URL}
	must(t, far.Push(ctx, "far/large:v1", large))
	r := replicating{server.Admin, t}
	id := r.register("docker-registry", plain.URL, nil)
	where := r.start(r.policy(map[string]any{"name": "in", "src_registry": map[string]any{"id": id}, "filters": named("far/**"), "dest_namespace": "ships", "dest_namespace_replace_count": 1}))
	must(t, harness.Eventually(ctx, time.Minute, func() error {
		if log := r.log(where); !strings.Contains(log, "storage of this registry is full") {
			return fmt.Errorf("it does not say that there is no room:\n%s", log)
		}
		return nil
	}))

	must(t, syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=128m"))
	r.ended(where, "Succeed", 3*time.Minute)
	digest, err = large.Digest()
	must(t, err)
	fleet{"ships/large:v1": digest.String()}.arrived(t, server.Admin, "", "")
	must(t, server.Admin.Push(ctx, "ships/other:v1", large))
}
