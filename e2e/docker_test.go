//go:build e2e

package e2e

import (
	"context"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// pushed finds the digest in what docker push says last.
var pushed = regexp.MustCompile(`digest: (sha256:[0-9a-f]{64}) size:`)

// TestDocker is the main job: what somebody does on the first day, with the real engine.
func TestDocker(t *testing.T) {
	harness.NeedDocker(t)
	ctx := t.Context()
	server := harness.Start(t, nil)
	people := furnish(t, server)
	image := server.Address + "/harbour/team/hello"

	dev := login(t, server, people.dev)
	forgetAll(t, server)
	build(t, dev, image+":v1")
	digest := push(t, dev, image+":v1")

	t.Run("the portal shows what was pushed", func(t *testing.T) {
		artifact, err := people.dev.Artifact(ctx, "harbour", "team/hello", "v1")
		if err != nil {
			t.Fatal(err)
		}
		if artifact.Digest != digest || artifact.Type != "IMAGE" {
			t.Errorf("the artifact is %s %s, docker pushed IMAGE %s", artifact.Type, artifact.Digest, digest)
		}
	})
	t.Run("a tag is pulled and run", func(t *testing.T) {
		dev := dev.In(t)
		forget(dev, image+":v1")
		dev.Run("docker", "pull", image+":v1")
		runs(t, dev, image+":v1")
	})
	t.Run("a digest is pulled and run", func(t *testing.T) {
		dev := dev.In(t)
		forget(dev, image+":v1")
		forget(dev, image+"@"+digest)
		dev.Run("docker", "pull", image+"@"+digest)
		runs(t, dev, image+"@"+digest)
	})
	t.Run("a layer that is there is not pushed again", func(t *testing.T) {
		dev := dev.In(t)
		dev.Run("docker", "tag", image+"@"+digest, image+":again")
		if said := dev.Run("docker", "push", image+":again"); !strings.Contains(said, "Layer already exists") {
			t.Errorf("docker pushes the layer again:\n%s", said)
		}
	})
	t.Run("a guest pulls and is refused to push, and told why", func(t *testing.T) {
		// The engine keeps what anybody has pulled, so this is an image that it has not seen.
		fresh, err := harness.HelloImage(ctx, harness.Folder(t), "amd64")
		must(t, err)
		must(t, people.dev.Push(ctx, "harbour/team/hello:fresh", fresh))
		guest := login(t, server, people.guest)
		guest.Run("docker", "pull", image+":fresh")
		runs(t, guest, image+":fresh")
		build(t, guest, image+":guest")
		guest.Refused([]string{"harbour/team/hello", "push", "you are guest", "developer"}, "docker", "push", image+":guest")
	})
	t.Run("a stranger is refused to push and to pull, and told why", func(t *testing.T) {
		stranger := login(t, server, people.stranger)
		build(t, stranger, image+":stranger")
		stranger.Refused([]string{"harbour/team/hello", "push", "not a member"}, "docker", "push", image+":stranger")
		forget(stranger, image+":v1")
		stranger.Refused([]string{"harbour/team/hello", "pull", "not a member"}, "docker", "pull", image+":v1")
	})
	t.Run("nobody in particular is refused what is private", func(t *testing.T) {
		harness.NewShell(t).Refused([]string{"docker login"}, "docker", "pull", image+":v1")
	})
	t.Run("a push to a project that does not exist says so", func(t *testing.T) {
		dev := dev.In(t)
		build(t, dev, server.Address+"/nosuch/app:v1")
		dev.Refused([]string{"project nosuch does not exist"}, "docker", "push", server.Address+"/nosuch/app:v1")
	})
	t.Run("a wrong password is refused, and told so", func(t *testing.T) {
		shell := harness.NewShell(t)
		said, err := shell.Try("wrong", "docker", "login", "--username", people.dev.User, "--password-stdin", server.Address)
		if err == nil || !strings.Contains(said, "unauthorized") {
			t.Errorf("docker login with a wrong password: %v\n%s", err, said)
		}
	})
	t.Run("nobody in particular pulls what is public", func(t *testing.T) {
		public := server.Address + "/quay/hello:v1"
		admin := login(t, server, server.Admin)
		build(t, admin, public)
		push(t, admin, public)
		nobody := harness.NewShell(t)
		forget(nobody, public)
		nobody.Run("docker", "pull", public)
		runs(t, nobody, public)
		nobody.Refused([]string{"quay/hello", "push", "docker login"}, "docker", "push", public)
	})
	t.Run("an index gives each machine its image", func(t *testing.T) {
		dev := dev.In(t)
		index, err := harness.HelloIndex(ctx, harness.Folder(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := people.dev.PushIndex(ctx, "harbour/team/hello:multi", index); err != nil {
			t.Fatal(err)
		}
		for _, arch := range []string{"arm64", "amd64"} {
			forget(dev, image+":multi")
			dev.Run("docker", "pull", "--platform", "linux/"+arch, image+":multi")
			said := dev.Run("docker", "image", "inspect", "--format", "{{.Architecture}}", image+":multi")
			if strings.TrimSpace(said) != arch {
				t.Errorf("docker pulled %s for %s", strings.TrimSpace(said), arch)
			}
		}
		runs(t, dev, image+":multi")
	})
	t.Run("what is deleted is not pulled any more", func(t *testing.T) {
		dev := dev.In(t)
		if err := server.Admin.DeleteArtifact(ctx, "harbour", "team/hello", "v1"); err != nil {
			t.Fatal(err)
		}
		forget(dev, image+":v1")
		dev.Refused([]string{"not found"}, "docker", "pull", image+":v1")
		// docker keeps manifests by digest and would not ask again.
		_, err := people.dev.Want(ctx, http.StatusNotFound, http.MethodGet, "/v2/harbour/team/hello/manifests/"+digest, nil)
		must(t, err)
	})
	t.Run("the audit log shows all of it", func(t *testing.T) { auditShows(t, server, digest) })
}

// login is a person whose docker has logged in.
func login(t *testing.T, server *harness.Server, who harness.API) *harness.Shell {
	t.Helper()
	shell := harness.NewShell(t)
	said := shell.RunInput(who.Password, "docker", "login", "--username", who.User, "--password-stdin", server.Address)
	if !strings.Contains(said, "Login Succeeded") {
		t.Fatalf("docker login says %q", said)
	}
	return shell
}

// build makes an image that says hello, with docker itself.
func build(t *testing.T, shell *harness.Shell, tag string) {
	t.Helper()
	dir := shell.Path("context")
	shell.Write("context/Dockerfile", "FROM scratch\nCOPY hello-amd64 /hello\nENTRYPOINT [\"/hello\"]\n")
	if _, err := harness.BuildHello(t.Context(), dir, "amd64"); err != nil {
		t.Fatal(err)
	}
	shell.Run("docker", "build", "--quiet", "--tag", tag, dir)
}

func push(t *testing.T, shell *harness.Shell, tag string) string {
	t.Helper()
	said := shell.Run("docker", "push", tag)
	match := pushed.FindStringSubmatch(said)
	if match == nil {
		t.Fatalf("docker push names no digest:\n%s", said)
	}
	return match[1]
}

// forget removes an image from the engine, which is shared by all shells, so that a pull has to fetch it.
func forget(shell *harness.Shell, image string) {
	_, _ = shell.Try("", "docker", "image", "rm", "--force", image) // it need not be there
}

// forgetAll leaves the engine, which may be a developer's own, without this server's images when the test ends.
func forgetAll(t *testing.T, server *harness.Server) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		listed, err := exec.CommandContext(ctx, "docker", "image", "ls", "--format", "{{.Repository}} {{.ID}}").Output()
		if err != nil {
			t.Errorf("list the engine's images: %v", err)
		}
		for line := range strings.Lines(string(listed)) {
			repository, id, _ := strings.Cut(strings.TrimSpace(line), " ")
			if strings.HasPrefix(repository, server.Address+"/") {
				// An image with several names is listed several times and gone the second time.
				_ = exec.CommandContext(ctx, "docker", "image", "rm", "--force", id).Run()
			}
		}
	})
}

func runs(t *testing.T, shell *harness.Shell, image string) {
	t.Helper()
	if said := shell.Run("docker", "run", "--rm", "--network=none", image); !strings.Contains(said, "hello from the harbour on amd64") {
		t.Errorf("%s says %q", image, said)
	}
}
