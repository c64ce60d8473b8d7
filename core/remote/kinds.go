package remote

import (
	"context"
	"net/url"
	"slices"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Target is a registry to open: where it is, as whom, and how it is reached.
type Target struct {
	URL        *url.URL
	Credential Credential
	Line       Line
}

// Kind is a vendor's registry: what a form asks for, what it can do, and its Adapter.
type Kind struct {
	Name        string // as Harbor's API has it
	Description string
	Endpoints   EndpointPattern
	Credentials CredentialPattern
	Chunks      bool // takes a blob in several requests
	Labels      bool // artifacts have labels, and the Adapter is Labelled
	open        func(context.Context, Target) (Adapter, error)
}

// Open returns the Adapter of a registry of the kind. Most send nothing yet.
func (k Kind) Open(ctx context.Context, t Target) (Adapter, error) { return k.open(ctx, t) }

// EndpointPattern is what URLs a kind's registries have.
type EndpointPattern struct {
	Type   string // one of the Endpoints… below
	Choice []NamedURL
}

// NamedURL is one of the URLs to choose from; a person may have to fill something in.
type NamedURL struct{ Name, URL string }

// The types of EndpointPattern, in Harbor's words.
const (
	EndpointsFree = "EndpointPatternTypeStandard" // any URL
	EndpointsFix  = "EndpointPatternTypeFix"      // the only one there is
	EndpointsList = "EndpointPatternTypeList"     // one of several, or any other
)

// CredentialPattern is what a kind's registries are signed in to with, in Harbor's
// words.
type CredentialPattern struct {
	KeyType    string // AccessKeyTypeStandard, or AccessKeyTypeFix: it is KeyData
	KeyData    string
	SecretType string // AccessSecretTypeStandard, or AccessSecretTypeFile: the content of a file
	SecretData string
}

const (
	keyFree    = "AccessKeyTypeStandard"
	keyFix     = "AccessKeyTypeFix"
	secretFree = "AccessSecretTypeStandard"
	secretFile = "AccessSecretTypeFile"
)

// AccessKeyIsFix says whether the kind has one name only to sign in with.
func (p CredentialPattern) AccessKeyIsFix() bool { return p.KeyType == keyFix }

// Kinds are the registries that there is an adapter for, one line each.
func Kinds() []Kind {
	var (
		anywhere = EndpointPattern{Type: EndpointsFree}
		password = CredentialPattern{KeyType: keyFree, SecretType: secretFree}
		key      = func(name string) CredentialPattern { return CredentialPattern{keyFix, name, secretFile, ""} }
		only     = func(name, url string) EndpointPattern {
			return EndpointPattern{EndpointsFix, []NamedURL{{name, url}}}
		}
	)
	return []Kind{
		{Name: "ali-acr", Description: "Alibaba Cloud Container Registry", Endpoints: aliRegions(), Credentials: password, Chunks: true, open: openAli},
		{Name: "aws-ecr", Description: "Amazon Elastic Container Registry", Endpoints: ecrRegions(), Credentials: password, Chunks: true, open: openECR},
		{Name: "azure-acr", Description: "Azure Container Registry", Endpoints: anywhere, Credentials: password, Chunks: true, open: openACR},
		{Name: "docker-hub", Description: "Docker Hub", Endpoints: only("hub.docker.com", "https://hub.docker.com"), Credentials: password, open: openHub},
		{Name: "docker-registry", Description: "Any registry of the OCI distribution-spec", Endpoints: anywhere, Credentials: password, Chunks: true, open: openPlain},
		{Name: "dtr", Description: "Mirantis Secure Registry, once Docker Trusted Registry", Endpoints: anywhere, Credentials: password, Chunks: true, open: openMSR},
		{Name: "github-ghcr", Description: "GitHub Container Registry", Endpoints: only("ghcr.io", "https://ghcr.io"), Credentials: password, open: openGHCR},
		{Name: "gitlab", Description: "GitLab Container Registry", Endpoints: anywhere, Credentials: password, Chunks: true, open: openGitLab},
		{Name: "google-gcr", Description: "Google Artifact Registry and Container Registry", Endpoints: gcrHosts(), Credentials: key(gcrUser), open: openGCR},
		{Name: Harbor, Description: "Harbor or Roadstead", Endpoints: anywhere, Credentials: password, Chunks: true, Labels: true, open: openHarbor},
		{Name: "huawei-SWR", Description: "Huawei Cloud Software Repository for Container", Endpoints: swrRegions(), Credentials: password, open: openHuawei},
		{Name: "jfrog-artifactory", Description: "JFrog Artifactory", Endpoints: anywhere, Credentials: password, Chunks: true, open: openArtifactory},
		{Name: "quay", Description: "Red Hat Quay and quay.io", Endpoints: EndpointPattern{EndpointsList, []NamedURL{{"quay.io", "https://quay.io"}}}, Credentials: password, Chunks: true, open: openQuay},
		{Name: "tencent-tcr", Description: "Tencent Container Registry", Endpoints: anywhere, Credentials: password, Chunks: true, open: openTencent},
		{Name: "volcengine-cr", Description: "Volcengine Container Registry", Endpoints: volcengineRegions(), Credentials: password, open: openVolcengine},
	}
}

// Harbor is the kind of Harbor, and so of Roadstead.
const Harbor = "harbor"

// FindKind returns the kind of a name.
func FindKind(name string) (Kind, error) {
	all := Kinds()
	at := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name })
	if at < 0 {
		return Kind{}, fault.Invalid("type", "unsupported registry type: %.64q; /replication/adapters lists those that there are", name)
	}
	return all[at], nil
}
