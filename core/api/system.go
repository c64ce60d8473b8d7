package api

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
)

// harborVersion is the version of Harbor whose API this is; Harbor's clients read
// it to know what they can ask for.
const harborVersion = "v2.16.0"

func apiVersion(c *gin.Context) {
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(`{"version":"v2.0"}`))
}

func (s *server) ping(context.Context, *struct{}) (*textOutput, error) {
	return plainText("Pong", nil)
}

// HealthReport is the state of the server's components.
type HealthReport struct {
	Components []Component `json:"components" nullable:"false"`
	Status     string      `json:"status" enum:"healthy,unhealthy"`
}

// Component is one part of the server.
type Component struct {
	Name   string `json:"name"`
	Status string `json:"status" enum:"healthy,unhealthy"`
	Error  string `json:"error,omitempty"`
}

// Words of a HealthReport.
const (
	Healthy   = "healthy"
	Unhealthy = "unhealthy"
)

func (s *server) health(ctx context.Context, _ *struct{}) (*struct{ Body HealthReport }, error) {
	report := s.Health(ctx)
	report.Status = Healthy
	for _, c := range report.Components {
		if c.Status != Healthy {
			report.Status = Unhealthy
		}
	}
	return &struct{ Body HealthReport }{report}, nil
}
