//go:build e2e

package e2e

import (
	"testing"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// The distribution registry itself is held to what every kind has to do; that a Roadstead is, core/remote tests.
func TestServerRegistriesOfTheDistributionProject(t *testing.T) {
	peer, err := harness.StartOpenDistribution(t.Context(), harness.Folder(t))
	must(t, err)
	t.Cleanup(peer.Stop)
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		return adaptertest.Subject{
			Adapter:    adaptertest.Open(t, "docker-registry", peer.URL, remote.Credential{}),
			Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**",
			ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
		}
	})
}
