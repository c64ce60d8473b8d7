package jobservice_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/jobservice"
)

func TestUpkeepRunsAtStartAndOneStepThatFailsDoesNotStopTheOthers(t *testing.T) {
	d := newDock(t, nil)
	registry := prometheus.NewRegistry()
	s, err := d.build(registry, jobservice.Handle(haulWorker(untilCancelled)))
	if err != nil {
		t.Fatal(err)
	}
	d.run(s)
	var all []job.StepState
	d.await(30*time.Second, func() string {
		var err error
		if all, err = d.Upkeep(t.Context()); err != nil {
			return err.Error()
		}
		for _, s := range all {
			if s.State == job.StepWaiting {
				return s.Name + " has not run"
			}
		}
		return ""
	})
	if len(all) != 11 {
		t.Errorf("%d steps", len(all))
	}
	want := map[string]string{job.SessionExpiry: "the sessions cannot be swept", job.DeletionSweep: "the program failed: a nil map"}
	for _, s := range all { // both of which come before others of the same job
		if failed := s.State == job.StepFailing; failed != (want[s.Name] != "") || s.Error != want[s.Name] || failed == (s.SucceededAt != nil) {
			t.Errorf("%+v", s)
		}
		if s.Name == job.AuditPartitions && (s.Removed != 4 || s.Total != 4) {
			t.Errorf("what is made is not counted: %+v", s)
		}
		if s.Host == "" || s.PID == 0 {
			t.Errorf("nobody knows where %s ran", s.Name)
		}
	}
	d.await(30*time.Second, func() string { // the gauges come with every fifth beat
		if failing := d.metric(registry, "roadstead_upkeep_failures", job.SessionExpiry); failing != 1 {
			return "the failure is not in the metrics"
		}
		return ""
	})
	for name, want := range map[string]float64{job.SessionExpiry: 0, job.AuditPartitions: 4} {
		if got := d.metric(registry, "roadstead_upkeep_removed_total", name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if at := d.metric(registry, "roadstead_upkeep_last_success_timestamp_seconds", job.TagExpiry); time.Since(time.Unix(int64(at), 0)) > time.Minute {
		t.Errorf("the last success is at %v", at)
	}
}

// metric is a gauge or counter of a step.
func (d *dock) metric(registry *prometheus.Registry, name, step string) (sum float64) {
	d.t.Helper()
	families, err := registry.Gather()
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() != name {
				continue
			}
			for _, l := range m.GetLabel() {
				if l.GetName() == "step" && l.GetValue() == step {
					sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
				}
			}
		}
	}
	return sum
}
