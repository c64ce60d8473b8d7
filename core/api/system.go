package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// harborVersion is the version of Harbor whose API this is; Harbor's clients read
// it to know what they can ask for.
const harborVersion = "v2.16.0"

func apiVersion(c *gin.Context) {
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(`{"version":"v2.0"}`))
}

type pingOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *server) ping(context.Context, *struct{}) (*pingOutput, error) {
	return &pingOutput{ContentType: "text/plain", Body: []byte("Pong")}, nil
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

// SystemInfo is what a client needs to know before it asks for anything. Those who
// have not signed in get the first five.
type SystemInfo struct {
	AuthMode         string `json:"auth_mode"`
	BannerMessage    string `json:"banner_message"`
	OIDCProviderName string `json:"oidc_provider_name"`
	PrimaryAuthMode  bool   `json:"primary_auth_mode"`
	SelfRegistration bool   `json:"self_registration"`

	CurrentTime                 *Time  `json:"current_time,omitempty"`
	ExternalURL                 string `json:"external_url,omitempty"`
	HarborVersion               string `json:"harbor_version,omitempty" doc:"The version of Harbor whose API this is, and this program's"`
	HasCARoot                   *bool  `json:"has_ca_root,omitempty"`
	NotificationEnable          *bool  `json:"notification_enable,omitempty"`
	ProjectCreationRestriction  string `json:"project_creation_restriction,omitempty"`
	ReadOnly                    *bool  `json:"read_only,omitempty"`
	RegistryStorageProviderName string `json:"registry_storage_provider_name,omitempty"`
	RegistryURL                 string `json:"registry_url,omitempty"`
}

type systemInfoInput struct {
	request *http.Request
}

// Resolve is for huma.
func (in *systemInfoInput) Resolve(ctx huma.Context) []error {
	in.request = humagin.Unwrap(ctx).Request
	return nil
}

func (s *server) systemInfo(ctx context.Context, in *systemInfoInput) (*struct{ Body SystemInfo }, error) {
	out := &struct{ Body SystemInfo }{SystemInfo{AuthMode: "db_auth"}}
	if !subject(ctx).Known() {
		return out, nil
	}
	b, now, no, readOnly := &out.Body, Time(s.Clock()), false, s.ReadOnly()
	b.CurrentTime, b.HasCARoot, b.NotificationEnable, b.ReadOnly = &now, &no, &no, &readOnly
	b.HarborVersion = harborVersion + "-roadstead." + s.Version
	b.ProjectCreationRestriction = "everyone"
	b.RegistryStorageProviderName = s.StorageName
	if seen := s.ExternalURL(in.request); seen != nil {
		b.ExternalURL, b.RegistryURL = seen.Scheme+"://"+seen.Host, seen.Host
	}
	return out, nil
}
