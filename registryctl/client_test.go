package registryctl_test

import (
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

func (s *server) ref(t *testing.T, text string) name.Reference {
	t.Helper()
	ref, err := name.ParseReference(s.host()+"/"+text, name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestARealClientPushesPullsAndCopies(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	login := remote.WithAuth(&authn.Basic{Username: "admin", Password: password})
	img, err := random.Image(64<<10, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, mediaType := range []types.MediaType{types.DockerManifestSchema2, types.OCIManifestSchema1} {
		img := mutate.MediaType(img, mediaType)
		tag := "library/team/app:" + strings.NewReplacer("/", "-", "+", "-").Replace(string(mediaType))
		if err := remote.Write(s.ref(t, tag), img, login); err != nil {
			t.Fatal(err)
		}
		got, err := remote.Image(s.ref(t, tag), login)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Image(got); err != nil {
			t.Error(err)
		}
		if err := remote.Write(s.ref(t, strings.Replace(tag, "team/app", "copy", 1)), got, login); err != nil { // mounts
			t.Error(err)
		}
	}
}

func TestARealClientPushesAnIndex(t *testing.T) {
	s := newServer(t)
	s.project("library", true)
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, architecture := range []string{"amd64", "arm64"} {
		img, err := random.Image(16<<10, 1)
		if err != nil {
			t.Fatal(err)
		}
		if img, err = mutate.ConfigFile(img, platformed(t, img, architecture)); err != nil {
			t.Fatal(err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: "linux", Architecture: architecture},
		}})
	}
	if err := remote.WriteIndex(s.ref(t, "library/multi:v1"), index, remote.WithAuth(&authn.Basic{Username: "admin", Password: password})); err != nil {
		t.Fatal(err)
	}
	got, err := remote.Index(s.ref(t, "library/multi:v1")) // anonymous: the project is public
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(got); err != nil {
		t.Error(err)
	}
	if _, err := remote.Image(s.ref(t, "library/multi:v1"), remote.WithPlatform(v1.Platform{OS: "linux", Architecture: "arm64"})); err != nil {
		t.Error(err)
	}
}

func platformed(t *testing.T, img v1.Image, architecture string) *v1.ConfigFile {
	t.Helper()
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", architecture
	return config
}
