package app

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/api"
	"github.com/roadstead-registry/roadstead/core/config"
)

// healthTimeout bounds one check: a health probe must not hang with what it probes.
const healthTimeout = 3 * time.Second

// health asks every component, under the names that Harbor's clients know.
func (a *App) health(ctx context.Context) api.HealthReport {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	database, storage := a.db.Ping(ctx), a.services.storage.Check(ctx)
	report := api.HealthReport{Components: []api.Component{
		component("core", nil), component("database", database),
	}}
	if a.cfg.Has(config.RoleJobs) {
		report.Components = append(report.Components, component("jobservice", database))
	}
	report.Components = append(report.Components, component("portal", nil))
	if a.cfg.Has(config.RoleRegistry) {
		report.Components = append(report.Components, component("registry", storage), component("registryctl", storage))
	}
	return report
}

func component(name string, err error) api.Component {
	if err != nil {
		return api.Component{Name: name, Status: api.Unhealthy, Error: err.Error()}
	}
	return api.Component{Name: name, Status: api.Healthy}
}
