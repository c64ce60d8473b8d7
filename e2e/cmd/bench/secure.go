package main

import (
	"context"
	"crypto/tls"
	"os"
	"path/filepath"
	"slices"

	"github.com/roadstead-registry/roadstead/core/coretest/selfsigned"
	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const withoutTLS = "without TLS"

// overTLS does a work with both registries over TLS, and with Roadstead without.
func overTLS(prepare preparing) func(context.Context, *lab) ([]side, error) {
	return func(ctx context.Context, l *lab) ([]side, error) {
		if err := l.secure(); err != nil {
			return nil, err
		}
		sides, err := l.sides(ctx, prepare, l.oursTLS, l.theirsTLS, l.ours)
		if err != nil {
			return nil, err
		}
		sides[2].name = withoutTLS
		return sides, nil
	}
}

// openTLS starts both registries once more, with a certificate. Roadstead is filled, and asked for the token, before it has one, for
// the harness speaks plain HTTP.
func (l *lab) openTLS(ctx context.Context) error {
	dir := filepath.Join(l.dir, "tls")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	certificate, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	trusted, err := selfsigned.Write(certificate, key, 1)
	if err != nil {
		return err
	}
	config := &tls.Config{RootCAs: trusted, ServerName: "127.0.0.1"}

	first, err := l.prepare("tls", nil)
	if err != nil {
		return err
	}
	if err := first.Launch(ctx); err != nil {
		first.Release()
		return err
	}
	bearer, err := l.furnishServer(ctx, first)
	if stopped := stop(first); err == nil {
		err = stopped
	}
	if err != nil {
		return err
	}
	second, err := l.prepare("tls", map[string]string{"ROADSTEAD_TLS_CERT": certificate, "ROADSTEAD_TLS_KEY": key})
	if err != nil {
		return err
	}
	l.oursTLS = measuredServer(second)
	l.oursTLS.target.TLS = config
	l.oursTLS.bearer = func(context.Context, ...string) (string, error) { return bearer, nil }
	if err := second.Begin(); err != nil {
		return err
	}
	l.close = append(l.close, func() error { return stop(second) })
	if err := answers(ctx, second, l.oursTLS.target); err != nil {
		return err
	}

	peer, err := harness.StartDistribution(ctx, dir, certificate, key)
	if err != nil {
		return err
	}
	l.close = append(l.close, func() error { peer.Stop(); return nil })
	l.theirsTLS = measuredPeer(peer)
	l.theirsTLS.target.TLS = config
	return peer.Place(smallImages, latest, l.image.manifest, l.image.config, l.image.layer, slices.Concat(l.large.common, l.large.end))
}

// furnishServer fills another server with the small image and the large layer, and returns a token to pull them.
func (l *lab) furnishServer(ctx context.Context, server *harness.Server) (bearer string, err error) {
	if err := server.Admin.CreateProject(ctx, benchProject, false); err != nil {
		return "", err
	}
	r := measuredServer(server)
	if err := l.furnishOne(ctx, r); err != nil {
		return "", err
	}
	return r.bearer(ctx, pulling(smallImages))
}
