//go:build e2e

package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

func TestSkopeo(t *testing.T) {
	harness.Need(t, "skopeo")
	ctx := t.Context()
	server := harness.Start(t, nil)
	people := furnish(t, server)
	index, err := harness.HelloIndex(ctx, harness.Folder(t))
	must(t, err)
	must(t, people.dev.PushIndex(ctx, "harbour/team/hello:multi", index))

	shell := harness.NewShell(t)
	shell.RunInput(people.dev.Password, "skopeo", "login", "--tls-verify=false", "--username", people.dev.User, "--password-stdin", server.Address)
	source := "docker://" + server.Address + "/harbour/team/hello:multi"

	t.Run("an image copied to a folder and back changes no byte", func(t *testing.T) {
		shell := shell.In(t)
		image, err := harness.HelloImage(ctx, harness.Folder(t), "amd64")
		must(t, err)
		must(t, people.dev.Push(ctx, "harbour/team/hello:amd64", image))
		digest, err := image.Digest()
		must(t, err)
		layout := "oci:" + shell.Path("image") + ":v1"
		shell.Run("skopeo", "copy", "--preserve-digests", "--src-tls-verify=false", "docker://"+server.Address+"/harbour/team/hello:amd64", layout)
		shell.Run("skopeo", "copy", "--preserve-digests", "--dest-tls-verify=false", layout, "docker://"+server.Address+"/harbour/copied/by/skopeo:v1")
		artifact, err := people.dev.Artifact(ctx, "harbour", "copied/by/skopeo", "v1")
		must(t, err)
		if artifact.Digest != digest.String() {
			t.Errorf("the copy is %s, the original %s", artifact.Digest, digest)
		}
	})
	t.Run("an index is copied with all its images", func(t *testing.T) {
		shell := shell.In(t)
		layout := "oci:" + shell.Path("index") + ":multi"
		back := "docker://" + server.Address + "/harbour/copied/by/skopeo:multi"
		shell.Run("skopeo", "copy", "--all", "--src-tls-verify=false", source, layout)
		shell.Run("skopeo", "copy", "--all", "--dest-tls-verify=false", layout, back)
		for _, arch := range []string{"amd64", "arm64"} {
			said := shell.Run("skopeo", "inspect", "--tls-verify=false", "--override-arch", arch, "--format", "{{.Architecture}}", back)
			if strings.TrimSpace(said) != arch {
				t.Errorf("for %s skopeo finds %q", arch, said)
			}
		}
	})
	t.Run("inspect picks a platform and lists the tags", func(t *testing.T) {
		shell := shell.In(t)
		var seen struct {
			Name         string
			Architecture string
			RepoTags     []string
			Layers       []string
		}
		said := shell.Run("skopeo", "inspect", "--tls-verify=false", "--override-arch", "arm64", source)
		must(t, json.Unmarshal([]byte(said), &seen))
		if seen.Architecture != "arm64" || len(seen.Layers) != 1 || !slices.Contains(seen.RepoTags, "multi") {
			t.Errorf("skopeo inspect shows %+v", seen)
		}
	})
	t.Run("list-tags lists them", func(t *testing.T) {
		shell := shell.In(t)
		said := shell.Run("skopeo", "list-tags", "--tls-verify=false", "docker://"+server.Address+"/harbour/team/hello")
		if !strings.Contains(said, `"multi"`) {
			t.Errorf("skopeo list-tags says %s", said)
		}
	})
	t.Run("copy to Docker's schema 2 is taken as it is", func(t *testing.T) {
		shell := shell.In(t)
		target := "docker://" + server.Address + "/harbour/team/hello:v2s2"
		shell.Run("skopeo", "copy", "--format", "v2s2", "--src-tls-verify=false", "--dest-tls-verify=false", source, target)
		raw := shell.Run("skopeo", "inspect", "--raw", "--tls-verify=false", target)
		if !strings.Contains(raw, "application/vnd.docker.distribution.manifest.v2+json") {
			t.Errorf("the manifest is not schema 2: %s", raw)
		}
	})
	t.Run("a guest copies out and not in", func(t *testing.T) {
		guest := people.guest.User + ":" + people.guest.Password
		out := harness.NewShell(t)
		layout := "oci:" + out.Path("layout") + ":v1"
		out.Run("skopeo", "copy", "--src-tls-verify=false", "--src-creds", guest, source, layout)
		out.Refused([]string{"harbour/team/hello"}, "skopeo", "copy", "--dest-tls-verify=false", "--dest-creds", guest, layout,
			"docker://"+server.Address+"/harbour/team/hello:guest")
	})
	t.Run("delete needs the right to delete", func(t *testing.T) {
		shell := shell.In(t)
		target := "docker://" + server.Address + "/harbour/team/hello:v2s2"
		shell.Refused(nil, "skopeo", "delete", "--tls-verify=false", target)
		shell.Run("skopeo", "delete", "--tls-verify=false", "--creds", server.Admin.User+":"+server.Admin.Password, target)
		shell.Refused(nil, "skopeo", "inspect", "--tls-verify=false", target)
	})
}
