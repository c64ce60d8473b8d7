//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

func TestCrane(t *testing.T) {
	harness.Need(t, "crane")
	ctx := t.Context()
	server := harness.Start(t, nil)
	people := furnish(t, server)
	index, err := harness.HelloIndex(ctx, harness.Folder(t))
	must(t, err)
	must(t, people.dev.PushIndex(ctx, "harbour/team/hello:multi", index))
	digest, err := index.Digest()
	must(t, err)
	repository := server.Address + "/harbour/team/hello"

	shell := harness.NewShell(t)
	shell.RunInput(people.dev.Password, "crane", "auth", "login", "--username", people.dev.User, "--password-stdin", server.Address)

	t.Run("digest, manifest and validate agree", func(t *testing.T) {
		shell := shell.In(t)
		if said := strings.TrimSpace(shell.Run("crane", "digest", repository+":multi")); said != digest.String() {
			t.Errorf("crane digest says %s, pushed was %s", said, digest)
		}
		raw, err := index.RawManifest()
		must(t, err)
		if said := shell.Run("crane", "manifest", repository+":multi"); strings.TrimSpace(said) != strings.TrimSpace(string(raw)) {
			t.Errorf("the manifest has changed on its way:\n%s\n%s", said, raw)
		}
		shell.Run("crane", "validate", "--remote", repository+":multi")
	})
	t.Run("copy to another repository mounts", func(t *testing.T) {
		shell := shell.In(t)
		said := shell.Run("crane", "--verbose", "copy", repository+":multi", server.Address+"/harbour/other:multi")
		if !strings.Contains(said, "mount=sha256") {
			t.Errorf("crane does not ask to mount:\n%s", said)
		}
		shell.Run("crane", "validate", "--remote", server.Address+"/harbour/other:multi")
	})
	t.Run("pull and push of a tarball keep the image", func(t *testing.T) {
		shell := shell.In(t)
		archive := shell.Path("hello.tar")
		shell.Run("crane", "pull", "--platform", "linux/amd64", repository+":multi", archive)
		shell.Run("crane", "push", archive, repository+":amd64")
		said := shell.Run("crane", "config", repository+":amd64")
		if !strings.Contains(said, `"architecture":"amd64"`) {
			t.Errorf("the config is %s", said)
		}
	})
	t.Run("tags are listed in order and moved", func(t *testing.T) {
		shell := shell.In(t)
		shell.Run("crane", "tag", repository+":amd64", "latest")
		tags := strings.Fields(shell.Run("crane", "ls", repository))
		if want := []string{"amd64", "latest", "multi"}; !slices.Equal(tags, want) {
			t.Errorf("crane ls says %q, want %q", tags, want)
		}
		shell.Run("crane", "tag", repository+":multi", "latest")
		if said := strings.TrimSpace(shell.Run("crane", "digest", repository+":latest")); said != digest.String() {
			t.Errorf("latest is %s after it moved to %s", said, digest)
		}
	})
	t.Run("the catalogue is the administrator's", func(t *testing.T) {
		shell := shell.In(t)
		shell.Refused(nil, "crane", "catalog", server.Address)
		admin := harness.NewShell(t)
		admin.RunInput(server.Admin.Password, "crane", "auth", "login", "--username", server.Admin.User, "--password-stdin", server.Address)
		names := strings.Fields(admin.Run("crane", "catalog", server.Address))
		if want := []string{"harbour/other", "harbour/team/hello"}; !slices.Equal(names, want) {
			t.Errorf("crane catalog says %q, want %q", names, want)
		}
	})
	t.Run("delete needs the right to delete", func(t *testing.T) {
		shell := shell.In(t)
		shell.Refused([]string{"harbour/other"}, "crane", "delete", server.Address+"/harbour/other@"+digest.String())
		admin := harness.NewShell(t)
		admin.RunInput(server.Admin.Password, "crane", "auth", "login", "--username", server.Admin.User, "--password-stdin", server.Address)
		admin.Run("crane", "delete", server.Address+"/harbour/other@"+digest.String())
		shell.Refused([]string{"MANIFEST_UNKNOWN"}, "crane", "manifest", server.Address+"/harbour/other:multi")
	})
}
