package harness

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Reference names something on the server that this API speaks to: "project/repository:tag" or "…@digest".
func (a API) Reference(where string) (name.Reference, error) {
	ref, err := name.ParseReference(strings.TrimPrefix(a.URL, "http://") + "/" + where)
	if err != nil {
		return nil, fmt.Errorf("reference %q: %w", where, err)
	}
	return ref, nil
}

// Remote is how go-containerregistry talks to the server as this person. A failed request is not repeated: a journey wants to know.
func (a API) Remote(ctx context.Context, transport http.RoundTripper) []remote.Option {
	options := []remote.Option{
		remote.WithContext(ctx), remote.WithTransport(transport), remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
		remote.WithRetryStatusCodes(),
	}
	if a.User != "" {
		options = append(options, remote.WithAuth(&authn.Basic{Username: a.User, Password: a.Password}))
	}
	return options
}

// Push pushes an image.
func (a API) Push(ctx context.Context, where string, image v1.Image) error {
	ref, err := a.Reference(where)
	if err != nil {
		return err
	}
	return remote.Write(ref, image, a.Remote(ctx, http.DefaultTransport)...)
}

// PushIndex pushes an index with everything it names.
func (a API) PushIndex(ctx context.Context, where string, index v1.ImageIndex) error {
	ref, err := a.Reference(where)
	if err != nil {
		return err
	}
	return remote.WriteIndex(ref, index, a.Remote(ctx, http.DefaultTransport)...)
}
