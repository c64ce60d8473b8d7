package harness

import (
	"context"
	"os"
	"path/filepath"
	"strings"
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
	access   string // a line for each request
	process  *Process
	port     *Port
}

// StartGateway starts versitygw with an empty bucket and stops it when the test ends.
func StartGateway(t testing.TB) *Gateway {
	t.Helper()
	Need(t, "versitygw")
	gateway, err := NewGateway(t.Context(), Folder(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		gateway.Stop()
		if t.Failed() {
			said, _ := os.ReadFile(gateway.process.log)
			t.Logf("versitygw says:\n%s", said)
		}
	})
	return gateway
}

// NewGateway starts versitygw with an empty bucket under dir.
func NewGateway(ctx context.Context, dir string) (*Gateway, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	port, err := ReservePort()
	if err != nil {
		return nil, err
	}
	gateway := &Gateway{
		Endpoint: "http://" + port.Address, folder: filepath.Join(dir, "objects", s3Bucket), access: filepath.Join(dir, "access.log"), port: port,
	}
	for _, needed := range []string{gateway.folder, filepath.Join(dir, "sidecar")} {
		if err := os.MkdirAll(needed, 0o755); err != nil {
			return nil, err
		}
	}
	binary := filepath.Join(root, "build", "tools", "versitygw")
	if _, err := os.Stat(binary); err != nil {
		binary = "versitygw" // installed on the machine
	}
	gateway.process, err = StartProcess(filepath.Join(dir, "versitygw.log"), nil, binary,
		"--port", port.Address, "--region", s3Region, "--access", s3Access, "--secret", s3Secret,
		"--health", "/healthz", "--quiet", "--access-log", gateway.access, "posix", "--sidecar", filepath.Join(dir, "sidecar"), filepath.Dir(gateway.folder))
	if err != nil {
		port.Release()
		return nil, err
	}
	if err := gateway.healthy(ctx); err != nil {
		gateway.Stop()
		return nil, err
	}
	return gateway, nil
}

func (g *Gateway) healthy(ctx context.Context) error {
	return Eventually(ctx, 20*time.Second, func() error {
		_, err := API{URL: g.Endpoint}.Want(ctx, 200, "GET", "/healthz", nil)
		return err
	})
}

// Stop ends it.
func (g *Gateway) Stop() {
	g.process.Stop()
	g.port.Release()
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

// Requests counts what it was asked so far by the name of the operation, like DeleteObjects.
func (g *Gateway) Requests(operation string) (int, error) {
	text, err := os.ReadFile(g.access)
	return strings.Count(string(text), " s3_"+operation+" "), err
}
