package harness

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The registry as most people run it on their own: no authentication, deletes switched on.
const plainConfig = `version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  delete:
    enabled: true
  filesystem:
    rootdirectory: %[1]s
http:
  addr: %[2]s
  relativeurls: true
  secret: only-for-a-test
`

// Plain is a distribution registry that asks nobody who they are. It can be stopped and begun again.
type Plain struct {
	URL  string
	Host string

	dir     string
	port    *Port
	process *Process
}

// StartPlain starts one that ends with the test.
func StartPlain(t testing.TB) *Plain {
	t.Helper()
	return StartPlainOn(t, filepath.Join(Folder(t), "storage"))
}

// StartPlainOn is StartPlain with its storage in a folder of the test's.
func StartPlainOn(t testing.TB, storage string) *Plain {
	t.Helper()
	if _, err := built("build/tools/distribution"); err != nil {
		t.Skipf("%v; scripts/tools.sh distribution builds it", err)
	}
	p := &Plain{dir: Folder(t)}
	var err error
	if p.port, err = ReservePort(); err != nil {
		t.Fatal(err)
	}
	p.Host, p.URL = p.port.Address, "http://"+p.port.Address
	config := fmt.Appendf(nil, plainConfig, storage, p.Host)
	if err := os.WriteFile(filepath.Join(p.dir, "plain.yml"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := p.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Stop()
		p.port.Release()
	})
	return p
}

// Begin starts the process, after Stop too.
func (p *Plain) Begin(ctx context.Context) error {
	binary, err := built("build/tools/distribution")
	if err != nil {
		return err
	}
	p.process, err = StartProcess(filepath.Join(p.dir, "plain.log"), []string{"OTEL_TRACES_EXPORTER=none"}, binary, "serve", filepath.Join(p.dir, "plain.yml"))
	if err != nil {
		return err
	}
	return p.process.Listening(ctx, p.Host)
}

// Stop ends the process; what it stored stays.
func (p *Plain) Stop() {
	if p.process != nil {
		p.process.Stop()
		p.process = nil
	}
}
