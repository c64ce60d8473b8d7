package remote

import "context"

// plain is any registry of the distribution-spec.
type plainRegistry struct{ *registry }

func openPlain(_ context.Context, t Target) (Adapter, error) { return plainRegistry{t.registry()}, nil }

// registry is the client of a target's own URL.
func (t Target) registry() *registry { return newRegistry(t.URL, t.Line, t.Credential.always) }

// Repositories lists by the catalogue, unless all names are known.
func (r *registry) Repositories(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	return r.catalog(ctx, yield)
}

// EnsureNamespace has nothing to do: a repository is there once something is pushed.
func (r *registry) EnsureNamespace(context.Context, []string) error { return nil }
