package load

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets that are at most 1/32 of their value wide. The zero value is empty.
type Histogram struct {
	count int64
	most  time.Duration
	in    [buckets]int64
}

const (
	step    = 5 // a power of two has 1<<step buckets
	buckets = (64 - step) << step
)

// Add counts one.
func (h *Histogram) Add(d time.Duration) {
	h.count++
	h.most = max(h.most, d)
	h.in[bucket(uint64(max(d, 0)))]++
}

// Merge adds what another has counted.
func (h *Histogram) Merge(other *Histogram) {
	h.count += other.count
	h.most = max(h.most, other.most)
	for i, n := range other.in {
		h.in[i] += n
	}
}

// Count is how many there are.
func (h *Histogram) Count() int64 { return h.count }

// Max is the longest.
func (h *Histogram) Max() time.Duration { return h.most }

// Quantile is the duration that a share of them, 0 to 1, does not exceed, to the width of a bucket. 0 when there are none.
func (h *Histogram) Quantile(share float64) time.Duration {
	rank, seen := int64(share*float64(h.count)), int64(0)
	for i, n := range h.in {
		if seen += n; n > 0 && seen > rank || seen == h.count && h.count > 0 {
			return min(upper(i), h.most)
		}
	}
	return 0
}

// bucket is where v nanoseconds are counted: values below 1<<step each have their own, every power of two above has 1<<step.
func bucket(v uint64) int {
	if v < 1<<step {
		return int(v)
	}
	shift := bits.Len64(v) - step - 1
	return shift<<step + int(v>>shift)
}

// upper is the longest duration that is counted in a bucket.
func upper(i int) time.Duration {
	if i < 2<<step {
		return time.Duration(i)
	}
	shift := i>>step - 1
	return time.Duration(uint64(i&(1<<step-1)+1<<step+1)<<shift - 1)
}
