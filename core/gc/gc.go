// Package gc takes away what nothing refers to any more: the rows of deleted
// artifacts whose recovery has ended, links and blobs that nobody needs, and their
// bytes. It works from a queue of candidates that others write and that it looks at
// again under locks, so its cost is that of the garbage and not that of the store; any
// number of processes may do it at the same time, and one that dies is gone on for.
// It also compares the index with the storage, and reads the bytes again (Check).
//
// It is the only one that removes rows of content and bytes. It must not decide what
// people may delete, and never holds a transaction while the storage works.
package gc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/store"
)

// ErrMissing is in the chain of Storage.Hash's error when there are no such bytes.
var ErrMissing = errors.New("the blob is not in the storage")

// Storage is where the bytes are. cmd/roadstead/app gives it.
type Storage interface {
	// Remove deletes the bytes of blobs and returns those of which there are none any
	// more; what was not there is no error. It begins no removal after ctx's deadline.
	Remove(ctx context.Context, digests []digest.Digest) (gone []digest.Digest, err error)
	// WalkBlobs tells of all that lies where blobs of a shard lie.
	WalkBlobs(ctx context.Context, shard string, each func(Object) error) error
	// RemoveStray deletes an Object that is no blob, if it was last written before a time.
	RemoveStray(ctx context.Context, path string, before time.Time) error
	// Shards are what WalkBlobs takes, in order, with the beginning of the digests in each.
	Shards() []Shard
	Has(ctx context.Context, d digest.Digest, size int64) (bool, error)
	// Hash reads a blob and returns its true digest, at most rate bytes a second. It tells
	// of the bytes as it reads them.
	Hash(ctx context.Context, d digest.Digest, rate int64, tell func(bytes int64)) (actual digest.Digest, size int64, err error)
	// SetAside moves a damaged blob out of the way, where nobody serves it.
	SetAside(ctx context.Context, d digest.Digest) error
	PutManifest(ctx context.Context, d digest.Digest, payload []byte) error
}

// Object is something that lies in the storage.
type Object struct {
	Path    string
	Digest  digest.Digest // '' when it is no blob
	Size    int64
	Written time.Time
}

// Shard is a part of the storage that is walked in one go.
type Shard struct {
	Name   string
	Prefix string // of the digests in it: sha256:ab
}

// Freed is what a collection has taken away.
type Freed struct {
	Repositories int64 `json:"purged_repositories"`
	Artifacts    int64 `json:"purged_artifacts"`
	Links        int64 `json:"purged_links"`
	Blobs        int64 `json:"purged_blobs"` // without manifests
	Manifests    int64 `json:"purged_manifests"`
	Bytes        int64 `json:"freed_space"`
}

// Deps are what a Service needs; none is optional.
type Deps struct {
	DB        *store.DB
	Artifacts *artifact.Service
	Storage   Storage
	Clock     func() time.Time
	// Resting says whether collection that goes on by itself is to wait.
	Resting func(context.Context) (bool, error)
	Metrics prometheus.Registerer
}

// Service collects. It is safe for concurrent use.
type Service struct {
	Deps
	metrics *metrics
	wait    func(context.Context, time.Duration) error
}

// New returns the Service.
func New(d Deps) (*Service, error) {
	m, err := newMetrics(d.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register the metrics of garbage collection: %w", err)
	}
	return &Service{Deps: d, metrics: m, wait: pause}, nil
}
