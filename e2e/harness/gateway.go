package harness

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// What the S3 server knows the registry by.
const (
	s3Bucket = "roadstead"
	s3Region = "us-east-1"
	s3Access = "roadstead-e2e"
	s3Secret = "roadstead-e2e-secret"
)

// Gateway is a real S3 server over a folder.
type Gateway struct {
	Endpoint string
	folder   string
}

// StartGateway starts versitygw with an empty bucket and stops it when the test ends.
func StartGateway(t testing.TB) *Gateway {
	t.Helper()
	Need(t, "versitygw")
	port, err := ReservePort()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(port.Release)
	dir := Folder(t)
	gateway := &Gateway{Endpoint: "http://" + port.Address, folder: filepath.Join(dir, "objects", s3Bucket)}
	for _, needed := range []string{gateway.folder, filepath.Join(dir, "sidecar")} {
		if err := os.MkdirAll(needed, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Create(filepath.Join(dir, "versitygw.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	path, err := NewShell(t).find("versitygw")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "--port", port.Address, "--region", s3Region, "--access", s3Access, "--secret", s3Secret,
		"--health", "/healthz", "--quiet", "posix", "--sidecar", filepath.Join(dir, "sidecar"), filepath.Dir(gateway.folder))
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // the only error is that it has ended
		_ = command.Wait()         // killed, as asked
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("versitygw says:\n%s", said)
		}
	})
	err = Eventually(t.Context(), 20*time.Second, func() error {
		_, err := API{URL: gateway.Endpoint}.Want(t.Context(), 200, "GET", "/healthz", nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return gateway
}

// Settings are the server's for this gateway.
func (g *Gateway) Settings(redirect bool) map[string]string {
	settings := map[string]string{
		"ROADSTEAD_STORAGE":                   "s3",
		"ROADSTEAD_STORAGE_S3_BUCKET":         s3Bucket,
		"ROADSTEAD_STORAGE_S3_REGION":         s3Region,
		"ROADSTEAD_STORAGE_S3_REGIONENDPOINT": g.Endpoint,
		"ROADSTEAD_STORAGE_S3_ACCESSKEY":      s3Access,
		"ROADSTEAD_STORAGE_S3_SECRETKEY":      s3Secret,
		"ROADSTEAD_STORAGE_S3_FORCEPATHSTYLE": "true",
		"ROADSTEAD_STORAGE_S3_ROOTDIRECTORY":  "/registry",
		"ROADSTEAD_STORAGE_REDIRECT":          "false",
	}
	if redirect {
		settings["ROADSTEAD_STORAGE_REDIRECT"] = "true"
	}
	return settings
}

// Objects counts what is in the bucket.
func (g *Gateway) Objects() (int, error) {
	count := 0
	err := filepath.WalkDir(g.folder, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			count++
		}
		return err
	})
	return count, err
}
