package registryctl

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	sent     prometheus.Counter
	received prometheus.Counter
	uploads  prometheus.Gauge
	cache    *prometheus.CounterVec
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
		cache: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_registry_manifest_cache_total", Help: "Manifest reads, by whether the payload was in memory.",
		}, []string{"result"}),
	}
	fsyncs := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "roadstead_registry_storage_fsyncs_total", Help: "fsync calls of the filesystem storage driver.",
	}, func() float64 { return float64(syncs()) })
	for _, c := range []prometheus.Collector{m.requests, m.sent, m.received, m.uploads, m.cache, fsyncs} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// request counts one; a method that nobody defined must not make a new series.
func (m *metrics) request(k string, r *http.Request, w *response) {
	method := r.Method
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(k, method, strconv.Itoa(w.status)).Inc()
	m.sent.Add(float64(w.bytes))
}

func (m *metrics) cacheResult(hit bool) {
	if hit {
		m.cache.WithLabelValues("hit").Inc()
		return
	}
	m.cache.WithLabelValues("miss").Inc()
}
