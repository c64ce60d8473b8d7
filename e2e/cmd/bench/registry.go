package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/roadstead-registry/roadstead/e2e/load"
)

// works is what the registry part compares, with the targets.
func works() []comparison {
	return []comparison{
		{"manifest GET by tag, 32 connections", 32, 0, requests, both(manifests("GET")), []wanted{atLeast(rate, 5, distribution), atMost(cpu, 1.0/8, distribution)}},
		{"manifest GET by tag in a repository with 10,000, 32 connections", 32, 0, requests, amongMany, []wanted{atLeast(rate, 1/1.1, smallRepository)}},
		{"manifest GET by each of 10,000 tags, 32 connections", 32, 0, requests, oneOfMany, nil},
		{"manifest HEAD by tag, 32 connections", 32, 0, requests, both(manifests("HEAD")), []wanted{atLeast(rate, 3, distribution)}},
		{"blob HEAD, 32 connections", 32, 0, requests, both(blobs("HEAD")), []wanted{atLeast(rate, 3, distribution)}},
		{"blob GET of 4 KiB, 32 connections", 32, 0, requests, both(blobs("GET")), []wanted{atLeast(rate, 12, distribution)}},
		{"blob GET of 64 MiB, 2 connections", 2, 0, megabytes, largeBlobs, []wanted{atLeast(rate, 0.9, bare), atMost(cpu, 1.0/4, distribution)}},
		{"tags/list n=100 of 10,000, 4 connections", 4, 0, requests, both(tagList), []wanted{atMost(cpu, 1.0/30, distribution)}},
		{"_catalog n=100 of 1,000, 4 connections", 4, 0, requests, both(catalogue), []wanted{atMost(cpu, 1.0/8, distribution)}},
		{"token for a robot, 16 connections", 16, 0, requests, robotToken, []wanted{atLeast(rate, 6000, "")}},
		{"token for a person, 16 connections", 16, 0, requests, personToken, []wanted{atLeast(rate, 600, "")}},
		{"push of 64 MiB, whole", 1, 4, megabytes, both(wholeLayers), []wanted{atLeast(rate, 1.3, distribution)}},
		{"push of 64 MiB, in chunks of 8 MiB", 1, 4, megabytes, chunkedAndWhole, []wanted{atLeast(rate, 1.3, distribution), within(0.9, 1.1, whole)}},
		{"push of small images, 8 workers", 8, 0, images, both(smallPushes), []wanted{atLeast(rate, 2.5, distribution)}},
		{"50 pushers, one project and 50", 50, 0, images, pushers, []wanted{atLeast(rate, 0.8, "50 projects")}},
		{"1,000 pullers of one image", 1000, 1000, images, both(pullers(1)), nil},
		{"1,000 pullers of 1,000 images", 1000, 1000, images, both(pullers(fleetSize)), nil},
		{"pulls during pushes by 8 workers, 32 connections", 32, 0, images, storm, nil},
		{"manifest GET by tag over TLS, 32 connections", 32, 0, requests, overTLS(manifests("GET")), nil},
		{"blob GET of 64 MiB over TLS, 2 connections", 2, 0, megabytes, overTLS(largeLayers), nil},
		{"blob GET of 64 MiB from S3, 2 connections", 2, 0, megabytes, fromS3, nil},
	}
}

// preparing is what makes a work for a registry.
type preparing func(ctx context.Context, l *lab, r *registry) (load.Work, error)

// both lets Roadstead and distribution do the same.
func both(prepare preparing) func(context.Context, *lab) ([]side, error) {
	return func(ctx context.Context, l *lab) ([]side, error) {
		return l.sides(ctx, prepare, l.ours, l.theirs)
	}
}

func (l *lab) sides(ctx context.Context, prepare preparing, registries ...*registry) ([]side, error) {
	var out []side
	for _, r := range registries {
		work, err := prepare(ctx, l, r)
		if err != nil {
			return nil, fmt.Errorf("prepare %s: %w", r.name, err)
		}
		out = append(out, side{name: r.name, on: r, work: work, after: func() error { return r.removeLarge(l.large.digest) }})
	}
	return out, nil
}

func manifests(method string) preparing {
	return func(ctx context.Context, l *lab, r *registry) (load.Work, error) {
		a, err := r.ask(ctx, smallImages, pulling(smallImages))
		return getting([][]byte{a.head(method, "/manifests/"+latest, accept)}, size(method, len(l.image.manifest))), err
	}
}

func blobs(method string) preparing {
	return func(ctx context.Context, l *lab, r *registry) (load.Work, error) {
		a, err := r.ask(ctx, smallImages, pulling(smallImages))
		return getting([][]byte{a.head(method, "/blobs/"+l.image.digest)}, size(method, smallLayer)), err
	}
}

func size(method string, n int) int64 {
	if method == http.MethodHead {
		return 0
	}
	return int64(n)
}

const smallRepository = "one tag"

// amongMany asks for one tag of a repository with 10,000, and for the one tag of the small repository.
func amongMany(ctx context.Context, l *lab) ([]side, error) { return besideSmall(ctx, l, 1) }

// oneOfMany asks for all of the 10,000 tags in turn.
func oneOfMany(ctx context.Context, l *lab) ([]side, error) { return besideSmall(ctx, l, tagCount) }

func besideSmall(ctx context.Context, l *lab, tags int) ([]side, error) {
	if err := l.tags(); err != nil {
		return nil, err
	}
	many := func(ctx context.Context, _ *lab, r *registry) (load.Work, error) {
		a, err := r.ask(ctx, manyTags, pulling(manyTags))
		heads := make([][]byte, tags)
		for i := range heads {
			heads[i] = a.head("GET", "/manifests/"+tagName(i), accept)
		}
		return getting(heads, -1), err
	}
	sides, err := l.sides(ctx, many, l.ours, l.theirs)
	if err != nil {
		return nil, err
	}
	one, err := l.sides(ctx, manifests("GET"), l.ours)
	if err != nil {
		return nil, err
	}
	one[0].name = smallRepository
	return append(sides, one...), nil
}

func largeLayers(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	a, err := r.ask(ctx, smallImages, pulling(smallImages))
	return getting([][]byte{a.head("GET", "/blobs/"+l.large.digest)}, largeLayer), err
}

func largeBlobs(ctx context.Context, l *lab) ([]side, error) {
	server, err := l.startBare(ctx)
	if err != nil {
		return nil, err
	}
	return l.sides(ctx, largeLayers, l.ours, l.theirs, server)
}

func tagList(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	if err := l.tags(); err != nil {
		return nil, err
	}
	a, err := r.ask(ctx, manyTags, pulling(manyTags))
	return getting([][]byte{a.head("GET", "/tags/list?n=100")}, -1), err
}

func catalogue(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	if err := l.repositories(); err != nil {
		return nil, err
	}
	bearer, err := r.bearer(ctx, "registry:catalog:*")
	return getting([][]byte{load.Head("GET", "/v2/_catalog?n=100", r.target.Address, bearer)}, -1), err
}

func wholeLayers(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	a, err := r.ask(ctx, pushedLayers, pushing(pushedLayers))
	return func(ctx context.Context, c *load.Conn, _ int64) error {
		next, err := l.layers.next()
		if err != nil {
			return err
		}
		return a.pushBlob(ctx, c, next.digest, next.common, next.end)
	}, err
}

func chunkedLayers(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	a, err := r.ask(ctx, pushedLayers, pushing(pushedLayers))
	return func(ctx context.Context, c *load.Conn, _ int64) error {
		next, err := l.layers.next()
		if err != nil {
			return err
		}
		return a.pushChunks(ctx, c, next.digest, next.chunks())
	}, err
}

const whole = "whole"

func chunkedAndWhole(ctx context.Context, l *lab) ([]side, error) {
	chunked, err := l.sides(ctx, chunkedLayers, l.ours, l.theirs)
	if err != nil {
		return nil, err
	}
	uncut, err := l.sides(ctx, wholeLayers, l.ours)
	if err != nil {
		return nil, err
	}
	uncut[0].name = whole
	return append(chunked, uncut...), nil
}

func smallPushes(ctx context.Context, l *lab, r *registry) (load.Work, error) {
	a, err := r.ask(ctx, pushedImages, pushing(pushedImages))
	return func(ctx context.Context, c *load.Conn, _ int64) error {
		im, tag := l.newImage()
		return a.pushImage(ctx, c, im, tag)
	}, err
}

// pushers lets everybody push into a repository of their own: all in one project, and each in another.
func pushers(ctx context.Context, l *lab) ([]side, error) {
	if err := l.projects(); err != nil {
		return nil, err
	}
	into := func(repository func(i int) string) preparing {
		return func(ctx context.Context, l *lab, r *registry) (load.Work, error) {
			askers := make([]asker, pushProjects)
			for i := range askers {
				var err error
				if askers[i], err = r.ask(ctx, repository(i), pushing(repository(i))); err != nil {
					return nil, err
				}
			}
			return func(ctx context.Context, c *load.Conn, n int64) error {
				im, tag := l.newImage()
				return askers[n%pushProjects].pushImage(ctx, c, im, tag)
			}, nil
		}
	}
	one, err := l.sides(ctx, into(func(i int) string { return fmt.Sprint(benchProject, "/pusher-", i) }), l.ours)
	if err != nil {
		return nil, err
	}
	each, err := l.sides(ctx, into(func(i int) string { return fmt.Sprint(benchProject, i, "/pusher") }), l.ours)
	if err != nil {
		return nil, err
	}
	each[0].name = "50 projects"
	return append(one, each...), nil
}

// pullers are a cluster that starts: each node pulls one image of so many.
func pullers(of int64) preparing {
	return func(ctx context.Context, l *lab, r *registry) (load.Work, error) {
		if err := l.fleet(); err != nil {
			return nil, err
		}
		a, err := r.ask(ctx, fleetImages, pulling(fleetImages))
		fleet := make([]image, of)
		for i := range fleet {
			fleet[i] = fleetImage(int64(i))
		}
		return func(ctx context.Context, c *load.Conn, n int64) error {
			return a.pullImage(ctx, c, fleet[n%of], tagName(int(n%of)))
		}, err
	}
}

// storm pulls alone, and while others push.
func storm(ctx context.Context, l *lab) ([]side, error) {
	sides, err := l.sides(ctx, pullers(fleetSize), l.ours, l.theirs, l.ours)
	if err != nil {
		return nil, err
	}
	for i := range sides[:2] {
		if sides[i].beside, err = smallPushes(ctx, l, sides[i].on); err != nil {
			return nil, err
		}
	}
	sides[2].name = "alone"
	return sides, nil
}
