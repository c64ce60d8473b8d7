package api

import (
	"context"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/settings"
)

// Configuration is the value of a setting. scan_all_policy, which Harbor no longer
// keeps there, has none.
type Configuration struct {
	Value    any   `json:"value,omitempty"`
	Editable *bool `json:"editable,omitempty" doc:"Whether it can be changed while the server runs"`
}

// Configurations are all settings by their keys.
type Configurations map[string]Configuration

// Schema is for huma.
func (Configurations) Schema(huma.Registry) *huma.Schema {
	out := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for _, f := range settings.Fields() {
		out.Properties[f.Key] = &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
			"value": valueSchema(f), "editable": {Type: huma.TypeBoolean, Description: "Whether it can be changed while the server runs"},
		}}
	}
	return out
}

// ConfigurationValues are settings to change. Those that are left out, and those
// that are null, stay as they are.
type ConfigurationValues map[string]json.RawMessage

// Schema is for huma.
func (ConfigurationValues) Schema(huma.Registry) *huma.Schema {
	out := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for _, f := range settings.Fields() {
		out.Properties[f.Key] = valueSchema(f)
	}
	return out
}

func valueSchema(f settings.Field) *huma.Schema {
	out := &huma.Schema{Type: string(f.Kind), Default: f.Default, Description: f.Doc + " Allowed: " + f.Allowed() + ".", Pattern: f.Form}
	for _, w := range f.Words {
		out.Enum = append(out.Enum, w)
	}
	if f.Kind == settings.Text && len(f.Words) == 0 {
		least, most := int(f.Length.Low), int(f.Length.High)
		out.MinLength, out.MaxLength = &least, &most
	}
	if n := len(f.Ranges); n > 0 {
		least, most := float64(f.Ranges[0].Low), float64(f.Ranges[n-1].High)
		out.Minimum, out.Maximum = &least, &most
	}
	return out
}

type configurationsOutput struct {
	ETag string `header:"ETag"`
	Body Configurations
}

func (s *server) getConfigurations(ctx context.Context, _ *struct{}) (*configurationsOutput, error) {
	items, changed, err := s.Settings.List(ctx)
	if err != nil {
		return nil, err
	}
	out := &configurationsOutput{ETag: etag(changed), Body: Configurations{"scan_all_policy": {}}}
	for _, i := range items {
		out.Body[i.Key] = Configuration{Value: i.Value, Editable: &i.Editable}
	}
	return out, nil
}

func (s *server) updateConfigurations(ctx context.Context, in *struct {
	Edition
	Body ConfigurationValues
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Settings.Update(ctx, subject(ctx), in.Body, since)
}

// internalConfig is what Harbor's own programs ask each other for; here is nobody
// to ask.
func (s *server) internalConfig(context.Context, *struct{}) (*done, error) {
	return nil, internalOnly()
}

func internalOnly() error {
	return fault.Unauthorized("only internal service is allowed to call this API")
}
