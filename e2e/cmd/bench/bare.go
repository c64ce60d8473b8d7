package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

// bare is the least that a Go server can do to send a file: the measure for large blobs.
const bare = "bare"

// bareCommand is this program's own argument to be that server: bench bare <address> <file>.
const bareCommand = "bare"

func serveFile(address, file string) error {
	server := http.Server{Addr: address, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(file)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer f.Close()
		w.Header().Set("Content-Type", "application/octet-stream")
		http.ServeContent(w, r, "", time.Time{}, f)
	})}
	return server.ListenAndServe()
}

// startBare starts it as a process of its own on the large layer.
func (l *lab) startBare(ctx context.Context) (*registry, error) {
	port, err := harness.ReservePort()
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(l.dir, "layer")
	if err := os.WriteFile(file, append(l.large.common[:len(l.large.common):len(l.large.common)], l.large.end...), 0o644); err != nil {
		return nil, err
	}
	process, err := harness.StartProcess(filepath.Join(l.dir, "bare.log"), nil, program, bareCommand, port.Address, file)
	if err != nil {
		return nil, fmt.Errorf("start the bare server: %w", err)
	}
	l.close = append(l.close, func() error { process.Stop(); port.Release(); return nil })
	return &registry{
		name: bare, target: load.Target{Address: port.Address}, blobs: filepath.Join(l.dir, "none"),
		bearer:    func(context.Context, ...string) (string, error) { return "", nil },
		processes: func() processes { return processes{server: []int{process.PID()}} },
	}, process.Listening(ctx, port.Address)
}
