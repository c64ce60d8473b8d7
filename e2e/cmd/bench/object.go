package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

// fromS3 gets a large layer that is in an object store: from the object store, where the server sends the client, and through the
// server.
func fromS3(ctx context.Context, l *lab) ([]side, error) {
	dir := filepath.Join(l.dir, "s3")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	gateway, err := harness.NewGateway(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("start the object store: %w", err)
	}
	l.close = append(l.close, func() error { gateway.Stop(); return nil })
	var out []side
	for _, redirect := range []bool{true, false} {
		server, err := l.launch(ctx, "s3-"+strconv.FormatBool(redirect), gateway.Settings(redirect))
		if err != nil {
			return nil, err
		}
		bearer, err := l.furnishServer(ctx, server)
		if err != nil {
			return nil, err
		}
		head := load.Head("GET", "/v2/"+smallImages+"/blobs/"+l.large.digest, server.Address, bearer)
		s := side{name: "through the server", on: measuredServer(server), work: getting([][]byte{head}, largeLayer)}
		if redirect {
			s.name, s.work = "redirect", redirected(head)
		}
		out = append(out, s)
	}
	return out, nil
}
