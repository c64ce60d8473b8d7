package api

import (
	"context"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
)

// projectMetadata are the settings of a project in the bodies that make and change
// one. Keys that Harbor does not know are ignored there, as Harbor does.
type projectMetadata struct {
	Public                    *string `json:"public,omitempty"`
	EnableContentTrust        *string `json:"enable_content_trust,omitempty"`
	EnableContentTrustCosign  *string `json:"enable_content_trust_cosign,omitempty"`
	PreventVul                *string `json:"prevent_vul,omitempty"`
	Severity                  *string `json:"severity,omitempty"`
	AutoScan                  *string `json:"auto_scan,omitempty"`
	AutoSBOMGeneration        *string `json:"auto_sbom_generation,omitempty"`
	ReuseSysCVEAllowlist      *string `json:"reuse_sys_cve_allowlist,omitempty"`
	RetentionID               *string `json:"retention_id,omitempty"`
	ProxySpeedKB              *string `json:"proxy_speed_kb,omitempty"`
	MaxUpstreamConn           *string `json:"max_upstream_conn,omitempty"`
	ProxyCacheLocalOnNotFound *string `json:"proxy_cache_local_on_not_found,omitempty"`
	ProxyReferrerAPI          *string `json:"proxy_referrer_api,omitempty"`
	ProxyCacheFilterPattern   *string `json:"proxy_cache_filter_pattern,omitempty"`
	ProxyCacheFilterKind      *string `json:"proxy_cache_filter_kind,omitempty"`
	RecoveryDays              *string `json:"recovery_days,omitempty" doc:"Roadstead's addition: for how long what is deleted can be restored, 0 to 365"`
	TagExpiryDays             *string `json:"tag_expiry_days,omitempty" doc:"Roadstead's addition: tags expire after so many days"`
	TagExpiryPattern          *string `json:"tag_expiry_pattern,omitempty" doc:"Roadstead's addition: which tags expire, ** without it"`
}

// set are the settings that were sent. An empty value is one that was not.
func (m projectMetadata) set() map[string]string {
	out := map[string]string{}
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		if value, _ := v.Field(i).Interface().(*string); value != nil && *value != "" {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			out[key] = *value
		}
	}
	return out
}

// metadata are all settings of a project as Harbor lists them: public is one.
func metadata(p project.Project) map[string]string {
	out := maps.Clone(p.Metadata)
	if out == nil {
		out = map[string]string{}
	}
	out["public"] = strconv.FormatBool(p.Public)
	return out
}

type metadataOutput struct {
	ETag string `header:"ETag"`
	Body map[string]string
}

type MetadataPath struct {
	ProjectPath
	Key string `path:"meta_name"`
}

func (s *server) listMetadata(ctx context.Context, _ *ProjectPath) (*metadataOutput, error) {
	p, err := s.Projects.Get(ctx, access(ctx).ProjectID)
	if err != nil {
		return nil, err
	}
	return &metadataOutput{ETag: etag(p.UpdatedAt), Body: metadata(p)}, nil
}

func (s *server) getMetadata(ctx context.Context, in *MetadataPath) (*metadataOutput, error) {
	p, err := s.Projects.Get(ctx, access(ctx).ProjectID)
	if err != nil {
		return nil, err
	}
	value, ok := metadata(p)[in.Key]
	if !ok {
		return nil, fault.NotFound("project %s has no metadata %s", p.Name, in.Key)
	}
	return &metadataOutput{ETag: etag(p.UpdatedAt), Body: map[string]string{in.Key: value}}, nil
}

func (s *server) addMetadata(ctx context.Context, in *struct {
	ProjectPath
	Body map[string]string
}) (*done, error) {
	if len(in.Body) == 0 {
		return nil, fault.Invalid("metadata", "name at least one setting to add")
	}
	u := project.Update{Metadata: in.Body}
	return &done{}, s.Projects.Update(ctx, subject(ctx), access(ctx).ProjectID, u)
}

func (s *server) updateMetadata(ctx context.Context, in *struct {
	MetadataPath
	Edition
	Body map[string]string
}) (*done, error) {
	value, ok := in.Body[in.Key]
	if !ok {
		return nil, fault.Invalid("metadata", "the body must be {%q: …}, the setting that the path names", strings.ToValidUTF8(in.Key, "?"))
	}
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	u := project.Update{Metadata: map[string]string{in.Key: value}, Since: since}
	return &done{}, s.Projects.Update(ctx, subject(ctx), access(ctx).ProjectID, u)
}

func (s *server) deleteMetadata(ctx context.Context, in *MetadataPath) (*done, error) {
	return &done{}, s.Projects.DeleteMetadata(ctx, subject(ctx), access(ctx).ProjectID, in.Key)
}
