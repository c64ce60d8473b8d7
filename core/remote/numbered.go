package remote

import (
	"context"
	"errors"
)

// numbered is a vendor's list of repositories that comes in numbered pages and says how many
// there are.
type numbered struct {
	// all are the namespaces to go through when no pattern names one; nil: page lists them
	// together, as those of "".
	all func(ctx context.Context) ([]string, error)

	// page reads the page of a namespace with the number n, from 1, before which seen
	// repositories came. total is how many all pages have. ErrNotFound says that the
	// namespace is not there.
	page func(ctx context.Context, namespace string, n, seen int) (names []string, total int, err error)
}

// list is Repositories of an Adapter.
func (l numbered) list(ctx context.Context, patterns []string, yield func(page []Repository) error) error {
	if all, ok := names(patterns); ok {
		return yieldNames(all, yield)
	}
	of, ok := namespaces(patterns)
	switch {
	case !ok && l.all == nil:
		of = []string{""}
	case !ok:
		var err error
		if of, err = l.all(ctx); err != nil {
			return err
		}
	}
	return each(ctx, of, func(ctx context.Context, namespace string) error {
		for n, seen := 1, 0; ; n++ {
			found, total, err := l.page(ctx, namespace, n, seen)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := yieldNames(found, yield); err != nil {
				return err
			}
			// A page may have fewer than were asked for: only the sum tells the end.
			if seen += len(found); len(found) == 0 || seen >= total {
				return nil
			}
		}
	})
}
