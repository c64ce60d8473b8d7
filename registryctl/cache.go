package registryctl

import (
	"container/list"
	"sync"

	"github.com/opencontainers/go-digest"
)

// payloads holds manifests and small blobs by digest. A digest never changes its
// content, so entries need no invalidation and are right on every replica; that a
// repository has the digest, and where a tag points, is asked for every time.
type payloads struct {
	limit int64

	mu    sync.Mutex
	size  int64
	order *list.List // front: used last
	items map[digest.Digest]*list.Element
}

type payload struct {
	digest  digest.Digest
	content []byte
}

func newPayloads(limit int64) *payloads {
	return &payloads{limit: limit, order: list.New(), items: map[digest.Digest]*list.Element{}}
}

// get returns nil for what is not here.
func (c *payloads) get(d digest.Digest) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[d]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	item, _ := e.Value.(payload)
	return item.content
}

func (c *payloads) put(d digest.Digest, content []byte) {
	size := int64(len(content))
	if size > c.limit/4 { // one giant must not empty the cache
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[d]; ok {
		c.order.MoveToFront(e)
		return
	}
	c.items[d] = c.order.PushFront(payload{d, content})
	for c.size += size; c.size > c.limit; {
		oldest := c.order.Back()
		item, _ := c.order.Remove(oldest).(payload)
		delete(c.items, item.digest)
		c.size -= int64(len(item.content))
	}
}
