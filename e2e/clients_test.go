//go:build e2eclients

package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// The clients that are slow to build. Each test is a first day with one of them.

func TestClientRegctl(t *testing.T) {
	server, people := berth(t, "regctl")
	shell := harness.NewShell(t)
	repository := server.Address + "/harbour/team/hello"
	shell.Run("regctl", "registry", "set", "--tls", "disabled", "--skip-check", server.Address)
	shell.RunInput(people.dev.Password, "regctl", "registry", "login", "--user", people.dev.User, "--pass-stdin", server.Address)
	digest := strings.TrimSpace(shell.Run("regctl", "image", "digest", repository+":multi"))
	shell.Run("regctl", "image", "copy", "--referrers", repository+":multi", server.Address+"/harbour/regctl:copy")
	if said := strings.TrimSpace(shell.Run("regctl", "image", "digest", server.Address+"/harbour/regctl:copy")); said != digest {
		t.Errorf("the copy is %s, the original %s", said, digest)
	}
	note := shell.Write("note.txt", "signed off")
	shell.Run("regctl", "artifact", "put", "--artifact-type", "application/vnd.example.note", "--file", note, "--subject", repository+":multi")
	if said := shell.Run("regctl", "artifact", "tree", repository+":multi"); !strings.Contains(said, "application/vnd.example.note") {
		t.Errorf("the referrer is not found:\n%s", said)
	}
	if said := shell.Run("regctl", "tag", "ls", repository); !strings.Contains(said, "multi") {
		t.Errorf("regctl tag ls says %q", said)
	}
}

func TestClientOras(t *testing.T) {
	server, people := berth(t, "oras")
	shell := harness.NewShell(t)
	repository := server.Address + "/harbour/papers"
	shell.RunInput(people.dev.Password, "oras", "login", "--plain-http", "--username", people.dev.User, "--password-stdin", server.Address)
	shell.Write("bill.txt", "one ship of coal")
	shell.Run("oras", "push", "--plain-http", "--artifact-type", "application/vnd.example.bill", repository+":v1", "bill.txt:text/plain")
	shell.Write("note.txt", "signed off")
	shell.Run("oras", "attach", "--plain-http", "--artifact-type", "application/vnd.example.note", repository+":v1", "note.txt:text/plain")
	said := shell.Run("oras", "discover", "--plain-http", "--artifact-type", "application/vnd.example.note", repository+":v1")
	if !strings.Contains(said, "application/vnd.example.note") {
		t.Errorf("the attachment is not discovered:\n%s", said)
	}
	shell.Run("oras", "pull", "--plain-http", "--output", "pulled", repository+":v1")
	if said := shell.Run("cat", "pulled/bill.txt"); said != "one ship of coal" {
		t.Errorf("the file is %q", said)
	}
	if said := shell.Run("oras", "repo", "tags", "--plain-http", repository); strings.TrimSpace(said) != "v1" {
		t.Errorf("the tags are %q", said)
	}
}

func TestClientHelm(t *testing.T) {
	server, people := berth(t, "helm")
	shell := harness.NewShell(t)
	shell.RunInput(people.dev.Password, "helm", "registry", "login", "--plain-http", "--username", people.dev.User, "--password-stdin", server.Address)
	shell.Run("helm", "create", "lighthouse")
	shell.Run("helm", "package", "lighthouse", "--version", "1.2.3")
	shell.Run("helm", "push", "--plain-http", "lighthouse-1.2.3.tgz", "oci://"+server.Address+"/harbour/charts")
	if said := shell.Run("helm", "show", "chart", "--plain-http", "oci://"+server.Address+"/harbour/charts/lighthouse", "--version", "1.2.3"); !strings.Contains(said, "name: lighthouse") {
		t.Errorf("the chart is\n%s", said)
	}
	shell.Run("helm", "pull", "--plain-http", "--untar", "--untardir", "pulled", "oci://"+server.Address+"/harbour/charts/lighthouse", "--version", "1.2.3")
	shell.Run("helm", "template", "pulled/lighthouse")
	artifact, err := people.dev.Artifact(t.Context(), "harbour", "charts/lighthouse", "1.2.3")
	must(t, err)
	if artifact.Type != "CHART" {
		t.Errorf("the chart is understood as %q", artifact.Type)
	}
}

func TestClientCosign(t *testing.T) {
	server, people := berth(t, "cosign")
	shell := harness.NewShell(t)
	shell.Set("COSIGN_PASSWORD", "")
	shell.RunInput(people.dev.Password, "cosign", "login", "--username", people.dev.User, "--password-stdin", server.Address)
	artifact, err := people.dev.Artifact(t.Context(), "harbour", "team/hello", "multi")
	must(t, err)
	subject := server.Address + "/harbour/team/hello@" + artifact.Digest
	shell.Run("cosign", "generate-key-pair")
	shell.Run("cosign", "sign", "--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false", "--allow-http-registry", "--yes", subject)
	shell.Run("cosign", "verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry", subject)

	unsigned, err := random.Image(100, 1)
	must(t, err)
	must(t, people.dev.Push(t.Context(), "harbour/team/unsigned:v1", unsigned))
	shell.Refused(nil, "cosign", "verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry", server.Address+"/harbour/team/unsigned:v1")
}

func TestClientBuildah(t *testing.T) {
	server, people := berth(t, "buildah")
	shell := storage(t)
	image := server.Address + "/harbour/buildah:v1"
	shell.RunInput(people.dev.Password, "buildah", "login", "--tls-verify=false", "--username", people.dev.User, "--password-stdin", server.Address)
	if _, err := harness.BuildHello(t.Context(), shell.Path("."), "amd64"); err != nil {
		t.Fatal(err)
	}
	container := strings.TrimSpace(shell.Run("buildah", "from", "scratch"))
	shell.Run("buildah", "copy", container, "hello-amd64", "/hello")
	shell.Run("buildah", "config", "--entrypoint", `["/hello"]`, container)
	shell.Run("buildah", "commit", container, image)
	shell.Run("buildah", "push", "--tls-verify=false", image)
	shell.Run("buildah", "rmi", "--force", image)
	shell.Run("buildah", "pull", "--tls-verify=false", image)
}

func TestClientPodman(t *testing.T) {
	server, people := berth(t, "podman")
	shell := storage(t)
	image := server.Address + "/harbour/team/hello:multi"
	shell.RunInput(people.guest.Password, "podman", "login", "--tls-verify=false", "--username", people.guest.User, "--password-stdin", server.Address)
	shell.Run("podman", "pull", "--tls-verify=false", image)
	shell.Run("podman", "tag", image, server.Address+"/harbour/podman:v1")
	shell.Refused([]string{"harbour/podman"}, "podman", "push", "--tls-verify=false", server.Address+"/harbour/podman:v1")
	shell.RunInput(people.dev.Password, "podman", "login", "--tls-verify=false", "--username", people.dev.User, "--password-stdin", server.Address)
	shell.Run("podman", "push", "--tls-verify=false", server.Address+"/harbour/podman:v1")
}

// berth is a server with people and an index to look at, for a client that must be installed.
func berth(t *testing.T, client string) (*harness.Server, cast) {
	t.Helper()
	harness.Need(t, client)
	server := harness.Start(t, nil)
	people := furnish(t, server)
	index, err := harness.HelloIndex(t.Context(), harness.Folder(t))
	must(t, err)
	must(t, people.dev.PushIndex(t.Context(), "harbour/team/hello:multi", index))
	return server, people
}

// storage is a shell whose containers are kept in its own home, with the driver that works on every file system.
func storage(t *testing.T) *harness.Shell {
	t.Helper()
	shell := harness.NewShell(t)
	shell.Set("CONTAINERS_STORAGE_CONF", shell.Write("storage.conf",
		"[storage]\ndriver = \"vfs\"\ngraphroot = \""+shell.Path("graph")+"\"\nrunroot = \""+shell.Path("run")+"\"\n"))
	return shell
}
