package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/remote"
)

// Registry is another registry, to copy from and to. Its secret is in no answer.
type Registry struct {
	CACertificate   string             `json:"ca_certificate,omitempty" doc:"PEM of authorities that are trusted besides the system's"`
	CreationTime    Time               `json:"creation_time"`
	Credential      RegistryCredential `json:"credential"`
	Description     string             `json:"description,omitempty"`
	ID              int64              `json:"id"`
	Insecure        bool               `json:"insecure" doc:"Any certificate will do"`
	Name            string             `json:"name"`
	Status          string             `json:"status" doc:"healthy or unhealthy"`
	StatusCheckTime *Time              `json:"status_check_time,omitempty" doc:"When it was looked at last"`
	StatusReason    string             `json:"status_reason,omitempty" doc:"Why it is unhealthy"`
	StatusSince     Time               `json:"status_since" doc:"It has been like this"`
	Type            string             `json:"type"`
	UpdateTime      Time               `json:"update_time"`
	URL             string             `json:"url"`
}

// RegistryCredential is what is signed in with.
type RegistryCredential struct {
	AccessKey    string `json:"access_key,omitempty" doc:"User name, or id of an access key"`
	AccessSecret string `json:"access_secret,omitempty" doc:"In an answer ***** where there is one; sent back it means that one"`
	Type         string `json:"type,omitempty" doc:"basic"`
}

func showRegistry(e remote.Endpoint) Registry {
	out := Registry{
		CACertificate: e.CACertificate, CreationTime: Time(e.CreatedAt), Credential: RegistryCredential{AccessKey: e.AccessKey, Type: e.CredentialType},
		Description: e.Description, ID: e.ID, Insecure: e.Insecure, Name: e.Name, Status: Healthy, StatusReason: e.Reason, StatusSince: Time(e.Since),
		Type: e.Kind, UpdateTime: Time(e.UpdatedAt), URL: e.URL,
	}
	if e.HasSecret() {
		out.Credential.AccessSecret = remote.Masked
	}
	if !e.Healthy {
		out.Status = Unhealthy
	}
	if e.CheckedAt != nil {
		at := Time(*e.CheckedAt)
		out.StatusCheckTime = &at
	}
	return out
}

type RegistryPath struct {
	ID int64 `path:"id"`
}

func (s *server) listRegistries(ctx context.Context, in *struct {
	Paged
	Name string `query:"name" doc:"Contained in the name"`
}) (*list[Registry], error) {
	rows, err := s.Remote.List(ctx, in.Name, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showRegistry), nil
}

type newRegistry struct {
	CACertificate string              `json:"ca_certificate,omitempty"`
	Credential    *RegistryCredential `json:"credential,omitempty"`
	Description   string              `json:"description,omitempty"`
	Insecure      bool                `json:"insecure,omitempty"`
	Name          string              `json:"name"`
	Type          string              `json:"type" doc:"One of /replication/adapters"`
	URL           string              `json:"url"`
}

func (s *server) createRegistry(ctx context.Context, in *struct{ Body newRegistry }) (*created, error) {
	b := in.Body
	f := remote.Fields{Name: b.Name, Description: b.Description, Kind: b.Type, URL: b.URL, Insecure: b.Insecure, CACertificate: b.CACertificate}
	if b.Credential != nil {
		f.Credential = remote.Credential{Type: b.Credential.Type, Key: b.Credential.AccessKey, Secret: remote.Secret(b.Credential.AccessSecret)}
	}
	e, err := s.Remote.Create(ctx, subject(ctx), f)
	if err != nil {
		return nil, err
	}
	return located("registries", e.ID), nil
}

type registryOutput struct {
	ETag string `header:"ETag" doc:"The state that was read, for If-Match"`
	Body Registry
}

func (s *server) getRegistry(ctx context.Context, in *RegistryPath) (*registryOutput, error) {
	e, err := s.Remote.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &registryOutput{etag(e.UpdatedAt), showRegistry(e)}, nil
}

// RegistryUpdate is what is to change; what is missing stays.
type RegistryUpdate struct {
	AccessKey      *string `json:"access_key,omitempty"`
	AccessSecret   *string `json:"access_secret,omitempty" doc:"Has to be sent again with the URL of another server"`
	CACertificate  *string `json:"ca_certificate,omitempty"`
	CredentialType *string `json:"credential_type,omitempty"`
	Description    *string `json:"description,omitempty"`
	Insecure       *bool   `json:"insecure,omitempty"`
	Name           *string `json:"name,omitempty"`
	URL            *string `json:"url,omitempty"`
}

func (u RegistryUpdate) change() remote.Change {
	out := remote.Change{
		Name: u.Name, Description: u.Description, URL: u.URL, CredentialType: u.CredentialType, AccessKey: u.AccessKey,
		Insecure: u.Insecure, CACertificate: u.CACertificate,
	}
	if u.AccessSecret != nil {
		secret := remote.Secret(*u.AccessSecret)
		out.AccessSecret = &secret
	}
	return out
}

func (s *server) updateRegistry(ctx context.Context, in *struct {
	RegistryPath
	Edition
	Body RegistryUpdate
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	return &done{}, s.Remote.Update(ctx, subject(ctx), in.ID, since, in.Body.change())
}

func (s *server) deleteRegistry(ctx context.Context, in *RegistryPath) (*done, error) {
	return &done{}, s.Remote.Delete(ctx, subject(ctx), in.ID)
}

// registryPing is a registry that is described, or an endpoint with changes.
type registryPing struct {
	RegistryUpdate
	ID   *int64  `json:"id,omitempty" doc:"An endpoint, of which the rest are changes"`
	Type *string `json:"type,omitempty"`
}

func (s *server) pingRegistry(ctx context.Context, in *struct{ Body registryPing }) (*done, error) {
	c := in.Body.change()
	c.Kind = in.Body.Type
	return &done{}, s.Remote.Ping(ctx, in.Body.ID, c)
}

// RegistryInfo is what can be done with a registry.
type RegistryInfo struct {
	Description          string        `json:"description,omitempty"`
	SupportedCopyByChunk bool          `json:"supported_copy_by_chunk,omitempty"`
	SupportedFilters     []FilterStyle `json:"supported_resource_filters" nullable:"false"`
	SupportedTriggers    []string      `json:"supported_triggers" nullable:"false"`
	Type                 string        `json:"type"`
}

// FilterStyle is a filter that a form offers.
type FilterStyle struct {
	Style  string   `json:"style" doc:"input, radio or list"`
	Type   string   `json:"type" doc:"name, tag, label or resource"`
	Values []string `json:"values" nullable:"true"`
}

// getRegistryInfo answers for 0 about this registry itself.
func (s *server) getRegistryInfo(ctx context.Context, in *RegistryPath) (*struct{ Body RegistryInfo }, error) {
	kind, err := s.kindOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := RegistryInfo{Type: kind.Name, SupportedCopyByChunk: kind.Chunks, SupportedTriggers: []string{"manual", "scheduled"}}
	if kind.Name != plainKind { // which has none in Harbor
		out.Description = kind.Description
	}
	out.SupportedFilters = []FilterStyle{{Style: "input", Type: "name"}, {Style: "input", Type: "tag"}}
	if kind.Labels {
		out.SupportedFilters = append(out.SupportedFilters, FilterStyle{Style: "input", Type: "label"})
	}
	out.SupportedFilters = append(out.SupportedFilters, FilterStyle{Style: "radio", Type: "resource", Values: []string{"image"}})
	if in.ID == 0 {
		out.SupportedTriggers = append(out.SupportedTriggers, "event_based")
	}
	return &struct{ Body RegistryInfo }{out}, nil
}

const plainKind = "docker-registry"

func (s *server) kindOf(ctx context.Context, id int64) (remote.Kind, error) {
	if id == 0 {
		return remote.FindKind(remote.Harbor)
	}
	e, err := s.Remote.Get(ctx, id)
	if err != nil {
		return remote.Kind{}, err
	}
	return remote.FindKind(e.Kind)
}

func (s *server) listRegistryTypes(context.Context, *struct{}) (*struct {
	Body []string `nullable:"false"`
}, error) {
	return &struct {
		Body []string `nullable:"false"`
	}{shown(remote.Kinds(), func(k remote.Kind) string { return k.Name })}, nil
}

// RegistryProvider is what a form asks for to name a registry of a kind.
type RegistryProvider struct {
	CredentialPattern RegistryCredentialPattern `json:"credential_pattern"`
	Description       string                    `json:"description" doc:"Whose registry it is"`
	EndpointPattern   RegistryEndpointPattern   `json:"endpoint_pattern"`
}

type RegistryEndpointPattern struct {
	EndpointType string             `json:"endpoint_type" doc:"EndpointPatternTypeStandard: any; …Fix: the one; …List: one of these, or any"`
	Endpoints    []RegistryEndpoint `json:"endpoints" nullable:"true"`
}

type RegistryEndpoint struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type RegistryCredentialPattern struct {
	AccessKeyData    string `json:"access_key_data,omitempty"`
	AccessKeyType    string `json:"access_key_type" doc:"AccessKeyTypeStandard, or AccessKeyTypeFix: it is access_key_data"`
	AccessSecretData string `json:"access_secret_data,omitempty"`
	AccessSecretType string `json:"access_secret_type" doc:"AccessSecretTypeStandard, or AccessSecretTypeFile: the content of a file"`
}

func (s *server) listRegistryProviders(context.Context, *struct{}) (*struct {
	Body map[string]RegistryProvider
}, error) {
	out := map[string]RegistryProvider{}
	for _, k := range remote.Kinds() {
		p := RegistryProvider{
			Description:     k.Description,
			EndpointPattern: RegistryEndpointPattern{EndpointType: k.Endpoints.Type},
			CredentialPattern: RegistryCredentialPattern{
				AccessKeyType: k.Credentials.KeyType, AccessKeyData: k.Credentials.KeyData, AccessSecretType: k.Credentials.SecretType, AccessSecretData: k.Credentials.SecretData,
			},
		}
		for _, u := range k.Endpoints.Choice {
			p.EndpointPattern.Endpoints = append(p.EndpointPattern.Endpoints, RegistryEndpoint{Key: u.Name, Value: u.URL})
		}
		out[k.Name] = p
	}
	return &struct {
		Body map[string]RegistryProvider
	}{out}, nil
}
