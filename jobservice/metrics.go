package jobservice

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/job"
)

type metrics struct {
	attempts *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	waiting  *prometheus.GaugeVec
	running  *prometheus.GaugeVec
	paused   *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"kind"})
	}
	m := &metrics{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_job_attempts_total", Help: "Attempts at jobs that ended in this process, by kind and what the job was then: Success, Error, Stopped, Scheduled (to be tried again) or Pending (given to another process).",
		}, []string{"kind", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roadstead_job_seconds", Help: "How long attempts at jobs took.", Buckets: prometheus.ExponentialBuckets(0.1, 4, 10),
		}, []string{"kind"}),
		waiting: gauge("roadstead_jobs_waiting", "Jobs that wait, in all processes."),
		running: gauge("roadstead_jobs_running", "Jobs that run, in all processes."),
		paused:  gauge("roadstead_job_queue_paused", "1 while the queue is paused."),
	}
	for _, c := range []prometheus.Collector{m.attempts, m.seconds, m.waiting, m.running, m.paused} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) ended(t job.Task, took time.Duration) {
	m.attempts.WithLabelValues(t.Kind, t.Status).Inc()
	m.seconds.WithLabelValues(t.Kind).Observe(took.Seconds())
}

func (m *metrics) queues(states []job.QueueState) {
	for _, q := range states {
		m.waiting.WithLabelValues(q.Kind).Set(float64(q.Waiting))
		m.running.WithLabelValues(q.Kind).Set(float64(q.Running))
		paused := 0.0
		if q.PausedAt != nil {
			paused = 1
		}
		m.paused.WithLabelValues(q.Kind).Set(paused)
	}
}
