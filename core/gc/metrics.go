package gc

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	freed    prometheus.Counter
	removed  *prometheus.CounterVec
	failures prometheus.Counter
	due      *prometheus.GaugeVec
	findings *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		freed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roadstead_gc_freed_bytes_total", Help: "Bytes that garbage collection in this process has removed from the storage.",
		}),
		removed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_gc_removed_total", Help: "What garbage collection in this process has removed, by kind: repository, artifact, link, blob, manifest.",
		}, []string{"kind"}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roadstead_gc_failures_total", Help: "Passes of garbage collection in this process that ended with an error; what they had begun is gone on with.",
		}),
		due: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "roadstead_gc_due", Help: "Candidates whose time has come and that nobody has looked at yet, by kind, at the last pass.",
		}, []string{"kind"}),
		findings: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "roadstead_storage_findings", Help: "Blobs of the index that the storage has not (missing) or has with other bytes (damaged), at the last check.",
		}, []string{"kind"}),
	}
	for _, c := range []prometheus.Collector{m.freed, m.removed, m.failures, m.due, m.findings} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) count(f Freed) {
	m.freed.Add(float64(f.Bytes))
	for kind, n := range map[string]int64{
		"repository": f.Repositories, "artifact": f.Artifacts, "link": f.Links, "blob": f.Blobs, "manifest": f.Manifests,
	} {
		m.removed.WithLabelValues(kind).Add(float64(n))
	}
}
