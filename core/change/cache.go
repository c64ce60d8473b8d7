package change

import (
	"context"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Cache remembers values until something noted that they are different. It is safe
// for concurrent use, and bounded by the number of entries.
type Cache[K comparable, V any] struct {
	feed    *Feed
	entries *lru.Cache[K, *entry[V]]

	mu      sync.Mutex
	loading map[K]chan struct{} // closed when the value is there, or is not to be had
}

// Once returns a context for one request, which is answered from what was so at some
// moment after it came: it is asked what has changed for the first of its Gets only.
func Once(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, new(atomic.Bool))
}

type onceKey struct{}

// freshOnce is fresh, unless the request of ctx has been there.
func (f *Feed) freshOnce(ctx context.Context) error {
	asked, ok := ctx.Value(onceKey{}).(*atomic.Bool)
	if ok && asked.Load() {
		return nil
	}
	err := f.fresh(ctx)
	if ok && err == nil {
		asked.Store(true)
	}
	return err
}

type entry[V any] struct {
	value   V
	topics  []Topic
	watches []*watch
}

// NewCache returns a Cache for so many entries, at least one.
func NewCache[K comparable, V any](feed *Feed, entries int) *Cache[K, V] {
	c := &Cache[K, V]{feed: feed, loading: map[K]chan struct{}{}}
	giveBack := func(_ K, e *entry[V]) { feed.release(e.topics, e.watches) }
	c.entries, _ = lru.NewWithEvict(max(entries, 1), giveBack) // fails for a size below 1 only
	return c
}

// Get returns what key stands for at this moment: as it is remembered, after asking
// whether a topic of it was noted, or from load, which reads it from the database.
// What load fails with is not remembered. topics is asked only when load is.
func (c *Cache[K, V]) Get(ctx context.Context, key K, topics func() []Topic, load func(context.Context) (V, error)) (V, error) {
	var none V
	for waited := false; ; waited = true {
		if _, ok := c.entries.Get(key); ok {
			if err := c.feed.freshOnce(ctx); err != nil {
				return none, err
			}
			// Looked at again: the entry of before may be another by now.
			if e, ok := c.entries.Get(key); ok && !anyChanged(e.watches) {
				return e.value, nil
			}
		}
		mine, theirs := c.begin(key)
		if mine != nil {
			defer c.end(key, mine)
		}
		if mine != nil || waited { // who has waited in vain, for an error, takes no turns
			return c.load(ctx, key, topics(), load)
		}
		// Another request is reading it. What it finds may be from before this one
		// came, so it is only a reason to look again.
		select {
		case <-theirs:
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}

func (c *Cache[K, V]) load(ctx context.Context, key K, topics []Topic, load func(context.Context) (V, error)) (V, error) {
	// Before the database is asked: what is noted from here on makes the value old.
	watches := c.feed.take(topics)
	v, err := load(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Remove(key) // Add would replace it without giving its watches back
	if err != nil || anyChanged(watches) {
		c.feed.release(topics, watches)
		return v, err
	}
	c.entries.Add(key, &entry[V]{value: v, topics: topics, watches: watches})
	return v, nil
}

// Forget drops what is remembered for key, so that the next Get loads it.
func (c *Cache[K, V]) Forget(key K) { c.entries.Remove(key) }

// Len is how many values are remembered, those that have changed meanwhile included.
func (c *Cache[K, V]) Len() int { return c.entries.Len() }

// begin returns the channel to close when the value has been read, or the one of
// whoever is reading it.
func (c *Cache[K, V]) begin(key K) (mine, theirs chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if theirs, ok := c.loading[key]; ok {
		return nil, theirs
	}
	mine = make(chan struct{})
	c.loading[key] = mine
	return mine, nil
}

func (c *Cache[K, V]) end(key K, mine chan struct{}) {
	c.mu.Lock()
	delete(c.loading, key)
	c.mu.Unlock()
	close(mine)
}
