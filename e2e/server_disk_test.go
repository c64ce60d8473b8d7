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

// smallDisk is one of 12 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	disk := filepath.Join(harness.Folder(t), "disk")
	must(t, os.Mkdir(disk, 0o755))
	err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m")
	if errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a disk of 12 MiB: run as root")
	}
	must(t, err)
	t.Cleanup(func() { must(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	return disk
}

// largeDisk makes room on a smallDisk.
func largeDisk(t *testing.T, disk string) {
	t.Helper()
	must(t, syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=128m"))
}

// A disk that is full refuses pushes with the reason, breaks nothing that is stored, and takes them when there is room again; a
// replication that met it goes on by itself.
func TestServerFullDisk(t *testing.T) {
	ctx := t.Context()
	disk := smallDisk(t)
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

	largeDisk(t, disk)
	r.ended(where, "Succeed", 3*time.Minute)
	digest, err = large.Digest()
	must(t, err)
	fleet{"ships/large:v1": digest.String()}.arrived(t, server.Admin, "", "")
	must(t, server.Admin.Push(ctx, "ships/other:v1", large))
}

// A registry whose disk is full is told as such by whoever copies to it, Roadstead and distribution alike. Nothing half done is
// there, and once there is room, trying again what failed is enough.
func TestServerReplicationOntoAFullDisk(t *testing.T) {
	ctx := t.Context()
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(ctx, "ships", false))
	small, err := random.Image(2<<20, 1)
	must(t, err)
	must(t, server.Admin.Push(ctx, "ships/small:v1", small))
	smallDigest, err := small.Digest()
	must(t, err)
	r := replicating{server.Admin, t}

	plainDisk, farDisk := smallDisk(t), smallDisk(t)
	plain := harness.StartPlainOn(t, filepath.Join(plainDisk, "storage"))
	far := harness.Start(t, map[string]string{"ROADSTEAD_STORAGE_ROOT": filepath.Join(farDisk, "storage")})
	credential := map[string]string{"type": "basic", "access_key": harness.AdminName, "access_secret": harness.AdminPassword}
	type target struct {
		name, disk string
		who        harness.API
		uploads    string // where the bytes of uploads that have not ended are
		policy     int
		run        string
	}
	targets := []*target{
		{"distribution", plainDisk, harness.API{URL: plain.URL}, "docker/registry/v2/repositories/ships/*/_uploads/*/data", r.register("docker-registry", plain.URL, nil), ""},
		{"Roadstead", farDisk, far.Admin, "docker/registry/v2/_roadstead/uploads/*", r.register("harbor", far.URL, credential), ""},
	}
	for _, at := range targets {
		at.policy = r.policy(map[string]any{"name": at.name, "dest_registry": map[string]any{"id": at.policy}})
		r.ended(r.start(at.policy), "Succeed", time.Minute)
	}
	large, err := random.Image(16<<20, 1)
	must(t, err)
	must(t, server.Admin.Push(ctx, "ships/large:v1", large))
	largeDigest, err := large.Digest()
	must(t, err)
	for _, at := range targets {
		at.run = r.start(at.policy)
	}
	for _, at := range targets {
		r.ended(at.run, "Failed", 4*time.Minute) // after three attempts
		tasks := r.tasks(at.run)
		if said := tasks["ships/large"].StatusText; !strings.Contains(said, strings.TrimPrefix(at.who.URL, "http://")+" has no room left") {
			t.Errorf("%s: it does not say that the other side has no room: %s", at.name, said)
		}
		if _, err := at.who.Want(ctx, http.StatusNotFound, http.MethodGet, "/v2/ships/large/manifests/v1", nil); err != nil {
			t.Errorf("%s: %v", at.name, err)
		}
		if left, err := filepath.Glob(filepath.Join(at.disk, "storage", at.uploads)); err != nil || len(left) > 0 {
			t.Errorf("%s: half of an upload is left: %v, %v", at.name, left, err)
		}
		fleet{"ships/small:v1": smallDigest.String()}.arrived(t, at.who, "", "")

		largeDisk(t, at.disk)
		must(t, r.put(at.run+"/retry"))
		r.ended(at.run, "Succeed", time.Minute)
		fleet{"ships/small:v1": smallDigest.String(), "ships/large:v1": largeDigest.String()}.arrived(t, at.who, "", "")
		if again := r.tasks(at.run)["ships/small"]; again != tasks["ships/small"] {
			t.Errorf("%s: what had succeeded was done again: %+v, was %+v", at.name, again, tasks["ships/small"])
		}
	}
}
