package remote

import (
	"context"
	"fmt"
)

type tellKey struct{}

// Telling returns a context for requests during which tell hears, in words, what makes
// the client wait: somebody reads a log and wonders why nothing happens.
func Telling(ctx context.Context, tell func(words string)) context.Context {
	return context.WithValue(ctx, tellKey{}, tell)
}

func say(ctx context.Context, format string, a ...any) {
	if tell, ok := ctx.Value(tellKey{}).(func(string)); ok {
		tell(fmt.Sprintf(format, a...))
	}
}
