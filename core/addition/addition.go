// Package addition is what people want to see of an artifact beyond its manifest:
// how an image was built, a chart's values, a model's license. It is read from the
// bytes of layers, which anybody who may push has made: so it is read within
// bounds, a few at a time, and remembered, since a digest never changes. It must
// not decide who may see it.
package addition

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// The additions that are read here, as Harbor's API names them.
const (
	BuildHistory = "build_history"
	Values       = "values.yaml"
	Readme       = "readme.md"
	Dependencies = "dependencies"
	License      = "license"
	Files        = "files"
)

const (
	typeJSON     = "application/json; charset=utf-8"
	typeText     = "text/plain; charset=utf-8"
	typeMarkdown = "text/markdown; charset=utf-8"
)

const (
	maxLayer    = 32 << 20 // compressed, of a layer that is read
	maxReaders  = 2        // archives read at the same time
	readTimeout = 30 * time.Second

	// Together the bound of what is remembered: 32 MiB.
	maxRemembered = 256
	maxEntry      = 128 << 10
)

// Content is an addition as a client gets it.
type Content struct {
	MediaType string
	Body      []byte
}

// Opener opens the bytes of a blob.
type Opener func(ctx context.Context, d digest.Digest) (io.ReadCloser, error)

// Service reads additions.
type Service struct {
	artifacts *artifact.Service
	open      Opener
	seen      *lru.Cache[string, result]
	readers   chan struct{}
}

type result struct {
	content Content
	err     error // a fault: the content's own, so it will not change
}

// New returns a Service that reads blobs with open.
func New(artifacts *artifact.Service, open Opener) (*Service, error) {
	seen, err := lru.New[string, result](maxRemembered)
	if err != nil {
		return nil, err
	}
	return &Service{artifacts: artifacts, open: open, seen: seen, readers: make(chan struct{}, maxReaders)}, nil
}

// Of lists the additions that an artifact has.
func Of(a artifact.Artifact) []string {
	switch a.Kind {
	case oci.KindChart:
		return []string{Values, Readme, Dependencies, Files}
	case oci.KindModel:
		return []string{Readme, License, Files}
	}
	if a.History {
		return []string{BuildHistory}
	}
	return nil
}

// Get returns one of the additions that Of lists. A chart without the file that is
// asked for has an empty one, as Harbor answers; a model has none.
func (s *Service) Get(ctx context.Context, a artifact.Artifact, name string) (Content, error) {
	if !slices.Contains(Of(a), name) {
		return Content{}, fault.NotFound("artifact %s@%s has no addition %s", a.RepositoryName, a.Digest, name)
	}
	if name == BuildHistory {
		return asJSON(history(a))
	}
	key := name + " " + a.Digest
	if r, ok := s.seen.Get(key); ok {
		return r.content, r.err
	}
	content, err := s.read(ctx, a, name)
	if errors.Is(err, errInvalid) || errors.Is(err, oci.ErrConfigInvalid) {
		err = fault.Invalid("addition", "%s of %s@%s cannot be shown: %s", name, a.RepositoryName, a.Digest, err.Error())
	}
	f, refused := fault.As(err)
	if (err == nil || refused && f.Kind != fault.KindUnavailable) && len(content.Body) <= maxEntry {
		s.seen.Add(key, result{content, err})
	}
	return content, err
}

func (s *Service) read(ctx context.Context, a artifact.Artifact, name string) (Content, error) {
	project, repository, _ := strings.Cut(a.RepositoryName, "/")
	mediaType, payload, err := s.artifacts.Manifest(ctx, project, repository, a.Digest)
	if err != nil {
		return Content{}, err
	}
	m, err := oci.ParseManifest(mediaType, payload)
	if err != nil {
		return Content{}, err
	}
	if a.Kind == oci.KindChart {
		return s.ofChart(ctx, a, m, name)
	}
	return s.ofModel(ctx, m, name)
}

// layer calls read with the bytes of a layer, when it is its turn.
func (s *Service) layer(ctx context.Context, d oci.Descriptor, read func(io.Reader) error) (err error) {
	if d.Size > maxLayer {
		return invalid("the layer has %d bytes; at most %d are read", d.Size, maxLayer)
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return fault.Unavailable("other artifacts are being read at the moment; try again in a minute")
	}
	r, err := s.open(ctx, d.Digest)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // read only: nothing can be lost
	return read(io.LimitReader(r, maxLayer))
}

// history is what an image's config tells of how it was built.
func history(a artifact.Artifact) []oci.HistoryEntry {
	var h struct {
		History []oci.HistoryEntry `json:"history"`
	}
	if len(a.Config) == 0 || json.Unmarshal(a.Config, &h) != nil {
		return nil
	}
	return h.History
}

func asJSON(v any) (Content, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return Content{}, err
	}
	return Content{typeJSON, out.Bytes()}, nil
}
