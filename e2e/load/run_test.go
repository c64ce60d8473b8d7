package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func asking(t testing.TB, handler http.HandlerFunc) (Target, Work) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	head := Head("GET", "/", address, "")
	return Target{Address: address}, func(ctx context.Context, c *Conn, _ int64) error {
		_, err := c.Want(ctx, http.StatusOK, head)
		return err
	}
}

func TestARunOfANumberDoesEachOnce(t *testing.T) {
	var asked atomic.Int64
	target, work := asking(t, func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); _, _ = w.Write([]byte("ok")) })
	seen := make([]atomic.Int64, 100)
	result, err := Run(t.Context(), Plan{Target: target, Connections: 7, Count: 100, Work: func(ctx context.Context, c *Conn, n int64) error {
		seen[n].Add(1)
		return work(ctx, c, n)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if asked.Load() != 100 || result.Done != 100 || result.Latency.Count() != 100 || result.Bytes != 200 {
		t.Errorf("%d requests arrived, %d were done, %d bytes", asked.Load(), result.Done, result.Bytes)
	}
	for n := range seen {
		if seen[n].Load() != 1 {
			t.Errorf("%d was done %d times", n, seen[n].Load())
		}
	}
}

func TestARunOfATimeEnds(t *testing.T) {
	target, work := asking(t, func(http.ResponseWriter, *http.Request) {})
	result, err := Run(t.Context(), Plan{Target: target, Connections: 2, For: 50 * time.Millisecond, Work: work})
	if err != nil {
		t.Fatal(err)
	}
	if result.Done < 2 || result.Elapsed < 50*time.Millisecond || result.Rate() <= 0 {
		t.Errorf("%d in %s", result.Done, result.Elapsed)
	}
}

func TestTheFirstErrorEndsARun(t *testing.T) {
	var asked atomic.Int64
	target, work := asking(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 20 {
			http.Error(w, "too much", http.StatusTooManyRequests)
		}
	})
	_, err := Run(t.Context(), Plan{Target: target, Connections: 4, Count: 1_000_000, Work: work})
	if err == nil || !strings.Contains(err.Error(), "429") || !strings.Contains(err.Error(), "too much") {
		t.Errorf("the run ends with %v", err)
	}
}

func TestARunWithoutBoundsIsRefused(t *testing.T) {
	target, work := asking(t, func(http.ResponseWriter, *http.Request) {})
	for name, p := range map[string]Plan{
		"no end":               {Target: target, Connections: 1, Work: work},
		"an hour":              {Target: target, Connections: 1, For: time.Hour, Work: work},
		"too many connections": {Target: target, Connections: 100_000, Count: 1, Work: work},
		"no connection":        {Target: target, Count: 1, Work: work},
	} {
		if _, err := Run(t.Context(), p); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestQuantilesAreWithinABucket(t *testing.T) {
	var h, rest Histogram
	for i := 1; i <= 10_000; i++ {
		into := &h
		if i%2 == 0 {
			into = &rest
		}
		into.Add(time.Duration(i) * time.Microsecond)
	}
	h.Merge(&rest)
	for share, want := range map[float64]time.Duration{0: time.Microsecond, 0.5: 5 * time.Millisecond, 0.99: 9900 * time.Microsecond, 1: 10 * time.Millisecond} {
		if got := h.Quantile(share); got < want*31/32 || got > want*34/32 {
			t.Errorf("the quantile %v is %s, want %s", share, got, want)
		}
	}
	if h.Max() != 10*time.Millisecond || h.Count() != 10_000 {
		t.Errorf("max %s of %d", h.Max(), h.Count())
	}
	var empty Histogram
	if empty.Quantile(0.5) != 0 {
		t.Error("nothing has a median")
	}
	for _, v := range []uint64{0, 1, 31, 32, 33, 63, 64, 65, 1000, 1 << 40, 1<<63 - 1} {
		if i := bucket(v); uint64(upper(i)) < v || (i > 0 && uint64(upper(i-1)) >= v) {
			t.Errorf("%d is counted in bucket %d, up to %d", v, i, upper(i))
		}
	}
}
