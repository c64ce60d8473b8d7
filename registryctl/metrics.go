package registryctl

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	known    sync.Map // answer → prometheus.Counter of requests, which costs less to find
	sent     prometheus.Counter
	received prometheus.Counter
	uploads  prometheus.Gauge

	hits, misses prometheus.Counter // of the memory for manifests and small blobs
}

func newMetrics(r prometheus.Registerer, syncs func() int64) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_registry_requests_total", Help: "Requests under /v2/, by endpoint, method and status.",
		}, []string{"route", "method", "status"}),
		sent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roadstead_registry_sent_bytes_total", Help: "Bytes of response bodies under /v2/.",
		}),
		received: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roadstead_registry_received_bytes_total", Help: "Bytes of blobs received.",
		}),
		uploads: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "roadstead_registry_uploads_in_progress", Help: "Requests that are writing to an upload at this moment.",
		}),
	}
	cache := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "roadstead_registry_cache_total", Help: "Reads of manifests and small blobs, by whether the bytes were in memory.",
	}, []string{"result"})
	m.hits, m.misses = cache.WithLabelValues("hit"), cache.WithLabelValues("miss")
	fsyncs := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "roadstead_registry_storage_fsyncs_total", Help: "fsync calls of the filesystem storage driver.",
	}, func() float64 { return float64(syncs()) })
	for _, c := range []prometheus.Collector{m.requests, m.sent, m.received, m.uploads, cache, fsyncs} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// answer is what requests are counted by.
type answer struct {
	route, method string
	status        int
}

// request counts one; a method that nobody defined must not make a new series.
func (m *metrics) request(route string, r *http.Request, w *response) {
	a := answer{route, r.Method, w.status}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		a.method = "other"
	}
	counter, ok := m.known.Load(a)
	if !ok {
		counter = m.requests.WithLabelValues(a.route, a.method, strconv.Itoa(a.status))
		m.known.Store(a, counter)
	}
	if c, ok := counter.(prometheus.Counter); ok {
		c.Inc()
	}
	m.sent.Add(float64(w.bytes))
}

func (m *metrics) cacheResult(hit bool) {
	if hit {
		m.hits.Inc()
		return
	}
	m.misses.Inc()
}
