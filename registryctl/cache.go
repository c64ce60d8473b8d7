package registryctl

import (
	"container/list"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/oci"
)

// manifestCache holds manifest payloads by digest. A digest never changes its
// content, so entries need no invalidation and are right on every replica; that a
// repository has the digest, and where a tag points, is asked for every time.
type manifestCache struct {
	limit int64

	mu    sync.Mutex
	size  int64
	order *list.List // front: used last
	items map[digest.Digest]*list.Element

	// hints are which digest a tag had when it was last seen, so that the query
	// need not send bytes that are here. A wrong hint costs those bytes, no more.
	hints *lru.Cache[string, digest.Digest]
}

type cached struct {
	digest  digest.Digest
	payload []byte
}

const maxHints = 65_536

func newManifestCache(limit int64) (*manifestCache, error) {
	hints, err := lru.New[string, digest.Digest](maxHints)
	if err != nil {
		return nil, err
	}
	return &manifestCache{limit: limit, order: list.New(), items: map[digest.Digest]*list.Element{}, hints: hints}, nil
}

// guess returns the payload that ref probably resolves to, and its digest, or
// nothing.
func (c *manifestCache) guess(repository string, ref oci.Reference) (digest.Digest, []byte) {
	d := ref.Digest
	if d == "" {
		d, _ = c.hints.Get(hintKey(repository, ref))
	}
	if payload := c.get(d); payload != nil {
		return d, payload
	}
	return "", nil
}

// learn remembers a payload and, for a tag, where it points.
func (c *manifestCache) learn(repository string, ref oci.Reference, d digest.Digest, payload []byte) {
	if ref.Tag != "" {
		c.hints.Add(hintKey(repository, ref), d)
	}
	c.put(d, payload)
}

func hintKey(repository string, ref oci.Reference) string { return repository + ":" + ref.Tag }

func (c *manifestCache) get(d digest.Digest) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[d]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	item, _ := e.Value.(cached)
	return item.payload
}

func (c *manifestCache) put(d digest.Digest, payload []byte) {
	size := int64(len(payload))
	if size > c.limit/4 { // one giant must not empty the cache
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[d]; ok {
		c.order.MoveToFront(e)
		return
	}
	c.items[d] = c.order.PushFront(cached{d, payload})
	for c.size += size; c.size > c.limit; {
		oldest := c.order.Back()
		item, _ := c.order.Remove(oldest).(cached)
		delete(c.items, item.digest)
		c.size -= int64(len(item.payload))
	}
}
