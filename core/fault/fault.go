// Package fault is the program's one vocabulary for "this cannot be done, and
// here is what to do about it". A domain function returns a *Fault when it knows
// the reason; the two edges (core/api/problem.go and registryctl/errors.go) turn
// the kind into a status code. It must not know HTTP or the OCI protocol.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal a Fault is; the edges map it to a status code.
type Kind int

// The kinds, with the status the management API answers.
const (
	KindInvalid       Kind = iota + 1 // 400: the input is wrong
	KindUnauthorized                  // 401: nobody, or not who they say
	KindForbidden                     // 403: known, but not allowed
	KindDenied                        // 403: allowed in principle, refused by policy (quota, read only)
	KindNotFound                      // 404
	KindConflict                      // 409: there is one already
	KindPrecondition                  // 412: the state of things forbids it
	KindTooLarge                      // 413
	KindUnprocessable                 // 422: does not fit the contract's schema
	KindTooMany                       // 429
	KindNotBuilt                      // 501: an operation of the contract that is not there yet
	KindUnavailable                   // 503: try again
)

// Fault is a refusal with a message for a person.
type Fault struct {
	Kind    Kind
	Field   string // the input field at fault, when there is one
	Message string
	// RetryAfter, in seconds, goes out as Retry-After when it is not 0.
	RetryAfter int
}

func (f *Fault) Error() string { return f.Message }

// Is makes errors.Is(err, fault.ErrNotFound) compare kinds, so that callers need
// not know the message.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Message == "" && t.Kind == f.Kind
}

// Targets for errors.Is; they match every Fault of their kind.
var (
	ErrNotFound     = &Fault{Kind: KindNotFound}
	ErrConflict     = &Fault{Kind: KindConflict}
	ErrForbidden    = &Fault{Kind: KindForbidden}
	ErrUnauthorized = &Fault{Kind: KindUnauthorized}
	ErrInvalid      = &Fault{Kind: KindInvalid}
)

// As returns the Fault in err's chain, if there is one.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

func of(kind Kind, format string, a ...any) error {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, a...)}
}

// Invalid says that field has a value that cannot be used, and what is allowed.
func Invalid(field, format string, a ...any) error {
	return &Fault{Kind: KindInvalid, Field: field, Message: fmt.Sprintf(format, a...)}
}

// Unauthorized says that the caller is unknown or the credentials are wrong.
func Unauthorized(format string, a ...any) error { return of(KindUnauthorized, format, a...) }

// Forbidden says that the caller is known but lacks the permission.
func Forbidden(format string, a ...any) error { return of(KindForbidden, format, a...) }

// Denied says that a policy (quota, read-only mode) refuses.
func Denied(format string, a ...any) error { return of(KindDenied, format, a...) }

// NotFound says that the thing named is not there.
func NotFound(format string, a ...any) error { return of(KindNotFound, format, a...) }

// Conflict says that there is one already.
func Conflict(format string, a ...any) error { return of(KindConflict, format, a...) }

// Precondition says that the present state forbids it, and what would allow it.
func Precondition(format string, a ...any) error { return of(KindPrecondition, format, a...) }

// TooLarge says that the input is over its bound, and names the bound.
func TooLarge(format string, a ...any) error { return of(KindTooLarge, format, a...) }

// Unprocessable says that the input does not fit the contract's schema.
func Unprocessable(format string, a ...any) error { return of(KindUnprocessable, format, a...) }

// TooMany says that the caller must wait retryAfter seconds.
func TooMany(retryAfter int, format string, a ...any) error {
	return &Fault{Kind: KindTooMany, Message: fmt.Sprintf(format, a...), RetryAfter: retryAfter}
}

// NotBuilt says that the contract's operation is not there yet.
func NotBuilt(format string, a ...any) error { return of(KindNotBuilt, format, a...) }

// Unavailable says that it may work in a moment.
func Unavailable(format string, a ...any) error { return of(KindUnavailable, format, a...) }
