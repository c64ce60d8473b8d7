package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/roadstead-registry/roadstead/core/fault"
)

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

// Requested is the input of operations that look at the request itself.
type Requested struct {
	request *http.Request
}

// Resolve is for huma.
func (in *Requested) Resolve(ctx huma.Context) []error {
	in.request = humagin.Unwrap(ctx).Request
	return nil
}

func (s *server) systemInfo(ctx context.Context, in *struct{ Requested }) (*struct{ Body SystemInfo }, error) {
	set, err := s.Settings.Get(ctx)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body SystemInfo }{SystemInfo{AuthMode: "db_auth", BannerMessage: set.BannerMessage, SelfRegistration: set.SelfRegistration}}
	if !subject(ctx).Known() {
		return out, nil
	}
	_, missing := s.readCACert()
	b, now, hasCA, no := &out.Body, Time(s.Clock()), missing == nil, false
	b.CurrentTime, b.HasCARoot, b.NotificationEnable, b.ReadOnly = &now, &hasCA, &no, &set.ReadOnly
	b.HarborVersion = harborVersion + "-roadstead." + s.Version
	b.ProjectCreationRestriction = set.ProjectCreationRestriction
	b.RegistryStorageProviderName = s.StorageName
	if seen := s.ExternalURL(in.request); seen != nil {
		b.ExternalURL, b.RegistryURL = seen.Scheme+"://"+seen.Host, seen.Host
	}
	return out, nil
}

// Volumes is where blobs are kept.
type Volumes struct {
	Storage []Volume `json:"storage" nullable:"false"`
}

// Volume is the size of a storage; both are left out of one without a size.
type Volume struct {
	Total uint64 `json:"total,omitempty" doc:"Bytes"`
	Free  uint64 `json:"free,omitempty" doc:"Bytes"`
}

func (s *server) volumes(ctx context.Context, _ *struct{}) (*struct{ Body Volumes }, error) {
	v, err := s.Volume(ctx)
	if err != nil {
		return nil, fmt.Errorf("size of the storage: %w", err)
	}
	return &struct{ Body Volumes }{Volumes{Storage: []Volume{v}}}, nil
}

type fileOutput struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               []byte
}

// caCert gives people the certificate that their clients need to trust.
func (s *server) caCert(context.Context, *struct{}) (*fileOutput, error) {
	pem, err := s.readCACert()
	if err != nil {
		return nil, err
	}
	return &fileOutput{ContentType: "application/octet-stream", ContentDisposition: `attachment; filename="ca.crt"`, Body: pem}, nil
}

func (s *server) readCACert() ([]byte, error) {
	none := fault.NotFound("resource not found: cert not found in path: %s; the setting ca_cert of the server names the file", s.CACert)
	if s.CACert == "" {
		return nil, none
	}
	pem, err := os.ReadFile(s.CACert)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, none
	}
	if err != nil {
		return nil, fmt.Errorf("read ca_cert: %w", err)
	}
	return pem, nil
}
