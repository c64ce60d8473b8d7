package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/roadstead-registry/roadstead/core/outbound"
)

var (
	// ErrNotFound says that the registry does not have it, or does not show it.
	ErrNotFound = errors.New("not found")

	// ErrUnsupported says that the registry has no such operation.
	ErrUnsupported = errors.New("the registry does not support this")

	// ErrCorrupt says that content is not what its digest says.
	ErrCorrupt = errors.New("the content is not what its digest says")

	// ErrNotRegistry says that somebody answers there, but no registry.
	ErrNotRegistry = errors.New("this is not a registry")
)

// RefusedError is a registry's answer that is not what was asked for.
type RefusedError struct {
	Host    string // who answered
	Doing   string // such as "push manifest v1"
	Status  int    // HTTP status
	Code    string // the distribution-spec's, such as DENIED; empty when it gave none
	Message string // the registry's own words, cut short; may be empty
}

func (e *RefusedError) Error() string {
	said := e.Message
	switch {
	case said == "" && e.Code == "":
		said = http.StatusText(e.Status)
	case said == "":
		said = e.Code
	case e.Code != "":
		said = e.Code + ": " + said
	}
	if e.Full() {
		return fmt.Sprintf("%s: %s has no room left, make some there: it answered %d: %s", e.Doing, e.Host, e.Status, said)
	}
	return fmt.Sprintf("%s: %s answered %d: %s", e.Doing, e.Host, e.Status, said)
}

// Is makes errors.Is(err, ErrUnsupported) true for the answers that mean it.
func (e *RefusedError) Is(target error) bool {
	return target == ErrUnsupported && (e.Code == "UNSUPPORTED" || e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusNotImplemented)
}

// Full says whether the registry has no room left. Distribution has no answer for that,
// but tells what its file system says.
func (e *RefusedError) Full() bool {
	return e.Status == http.StatusInsufficientStorage ||
		e.Status == http.StatusInternalServerError && (strings.Contains(e.Message, syscall.ENOSPC.Error()) || strings.Contains(e.Message, syscall.EDQUOT.Error()))
}

// Denied says whether the credential is missing, wrong, or not enough.
func (e *RefusedError) Denied() bool {
	return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
}

// ThrottledError is a registry that asks to wait longer than the client does by
// itself.
type ThrottledError struct {
	Host       string
	Doing      string
	Status     int           // 429 or 503
	RetryAfter time.Duration // 0 when it did not say
}

func (e *ThrottledError) Error() string {
	if e.RetryAfter > 0 {
		return fmt.Sprintf("%s: %s answered %d and asks to wait %s", e.Doing, e.Host, e.Status, e.RetryAfter.Round(time.Second))
	}
	return fmt.Sprintf("%s: %s answers %d for too long", e.Doing, e.Host, e.Status)
}

// sourceError is a failure to read what is to be uploaded, which no other attempt at
// the target mends.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return "read what is to be uploaded: " + e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// lasting returns the error in err's chain that another attempt will meet again: a
// certificate that is not trusted, an address that is refused.
func lasting(err error) error {
	var (
		blocked *outbound.BlockedError
		bad     *tls.CertificateVerificationError
		header  tls.RecordHeaderError
		dns     *net.DNSError
	)
	switch {
	case errors.As(err, &blocked):
		return blocked
	case errors.As(err, &bad):
		return bad
	case errors.As(err, &header):
		return header
	case errors.As(err, &dns) && dns.IsNotFound:
		return dns
	case errors.Is(err, context.Canceled):
		return err
	}
	return nil
}

// Reason says in words why something at a registry did not succeed: its own answer,
// or why there was none.
func Reason(err error) string {
	var refused *RefusedError
	var throttled *ThrottledError
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusUnauthorized:
		return "the registry does not accept the name and the secret: " + refused.Error()
	case errors.As(err, &refused):
		return refused.Error()
	case errors.As(err, &throttled):
		return throttled.Error()
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrCorrupt), errors.Is(err, ErrUnsupported), errors.Is(err, ErrNotRegistry):
		return err.Error()
	}
	return outbound.Reason(err)
}
