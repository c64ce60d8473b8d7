package jobservice

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestAStepThatIsTooSlowFailsAndOneThatIsBrokenOffDoesNot(t *testing.T) {
	queue, err := job.NewQueue(storetest.New(t, migrations.Files).Gorm, nil, audit.RecordJob, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMetrics(prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{queue: queue, metrics: m, log: slog.New(slog.DiscardHandler), pool: job.Pool{Host: "node-1", PID: 7}}
	of := job.Periodic{Kind: "sweep", Cron: "0 */10 * * * *"}
	leave, cancel := context.WithCancel(t.Context())
	s.step(leave, of, job.Step{Name: job.SessionExpiry, Limit: time.Hour}, func(ctx context.Context) (int64, error) {
		cancel()
		<-ctx.Done()
		return 1, ctx.Err()
	})
	s.step(t.Context(), of, job.Step{Name: job.UploadExpiry, Limit: time.Millisecond}, func(ctx context.Context) (int64, error) {
		<-ctx.Done()
		return 3, ctx.Err()
	})
	all, err := queue.Upkeep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range all {
		switch step.Name {
		case job.SessionExpiry:
			if step.State != job.StepWaiting {
				t.Errorf("it was broken off because the process leaves: %+v", step)
			}
		case job.UploadExpiry:
			if step.State != job.StepFailing || step.Total != 3 || !strings.HasPrefix(step.Error, "it took longer than 1ms, and goes on with its next run") {
				t.Errorf("%+v", step)
			}
		}
	}
}
