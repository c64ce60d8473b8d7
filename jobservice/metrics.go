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

	steps       *prometheus.CounterVec
	stepSeconds *prometheus.HistogramVec
	stepRemoved *prometheus.CounterVec
	failures    *prometheus.GaugeVec
	success     *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	gauge := func(name, help, label string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{label})
	}
	m := &metrics{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_job_attempts_total", Help: "Attempts at jobs that ended in this process, by kind and what the job was then: Success, Error, Stopped, Scheduled (to be tried again) or Pending (given to another process).",
		}, []string{"kind", "result"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roadstead_job_seconds", Help: "How long attempts at jobs took.", Buckets: prometheus.ExponentialBuckets(0.1, 4, 10),
		}, []string{"kind"}),
		waiting: gauge("roadstead_jobs_waiting", "Jobs that wait, in all processes.", "kind"),
		running: gauge("roadstead_jobs_running", "Jobs that run, in all processes.", "kind"),
		paused:  gauge("roadstead_job_queue_paused", "1 while the queue is paused.", "kind"),
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_upkeep_runs_total", Help: "Runs of the steps of the upkeep that ended in this process, by step and result: success or error.",
		}, []string{"step", "result"}),
		stepSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roadstead_upkeep_seconds", Help: "How long runs of the steps of the upkeep took.", Buckets: prometheus.ExponentialBuckets(0.01, 4, 9),
		}, []string{"step"}),
		stepRemoved: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roadstead_upkeep_removed_total", Help: "What the steps of the upkeep have removed or counted in this process.",
		}, []string{"step"}),
		failures: gauge("roadstead_upkeep_failures", "Runs of a step of the upkeep that have failed since one succeeded, in all processes.", "step"),
		success:  gauge("roadstead_upkeep_last_success_timestamp_seconds", "When a step of the upkeep last succeeded, in any process; noted once a minute.", "step"),
	}
	for _, c := range []prometheus.Collector{
		m.attempts, m.seconds, m.waiting, m.running, m.paused, m.steps, m.stepSeconds, m.stepRemoved, m.failures, m.success,
	} {
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

func (m *metrics) stepped(step string, removed int64, err error, took time.Duration) {
	result := "success"
	if err != nil {
		result = "error"
	}
	m.steps.WithLabelValues(step, result).Inc()
	m.stepSeconds.WithLabelValues(step).Observe(took.Seconds())
	m.stepRemoved.WithLabelValues(step).Add(float64(removed))
}

func (m *metrics) upkeep(states []job.StepState) {
	for _, s := range states {
		m.failures.WithLabelValues(s.Name).Set(float64(s.Failures))
		if s.SucceededAt != nil {
			m.success.WithLabelValues(s.Name).Set(float64(s.SucceededAt.Unix()))
		}
	}
}
