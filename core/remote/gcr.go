package remote

import (
	"context"
	"strings"
)

// gcr is Google's registries, with the key of a service account.
// https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
type gcr struct{ *registry }

// gcrUser is the name that says that the secret is a key in JSON.
const gcrUser = "_json_key"

func openGCR(_ context.Context, t Target) (Adapter, error) {
	if t.Credential.Key == "" && t.Credential.Secret != "" {
		t.Credential.Key = gcrUser
	}
	return gcr{t.registry()}, nil
}

func gcrHosts() EndpointPattern {
	out := EndpointPattern{Type: EndpointsList}
	for _, host := range []string{"gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io", "us-docker.pkg.dev", "europe-docker.pkg.dev", "asia-docker.pkg.dev"} {
		out.Choice = append(out.Choice, NamedURL{host, "https://" + host})
	}
	return out
}

// EnsureNamespace checks what Artifact Registry wants in a name: the project and a
// repository of it, which people make.
func (g gcr) EnsureNamespace(_ context.Context, repositories []string) error {
	if !strings.HasSuffix(g.base.Hostname(), ".pkg.dev") {
		return nil
	}
	for _, r := range repositories {
		if strings.Count(r, "/") < 2 {
			return missing("repository of", r, g.base.Host, "a name there is <project>/<repository>/<image>; choose such a destination namespace")
		}
	}
	return nil
}
