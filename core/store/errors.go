package store

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// SQLSTATE codes (PostgreSQL documentation, appendix A).
const (
	codeUnique        = "23505"
	codeForeignKey    = "23503"
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
	codeReadOnly      = "25006"
	codeCanceled      = "57014"
	codeLockTimeout   = "55P03"

	classConnection = "08"
	classResources  = "53"   // too many connections, a full disk
	classOperator   = "57P0" // shut down, crashed, still starting
)

// outageRetry is how long a client should wait before it tries again, in seconds.
const outageRetry = 5

// Conflict turns a violation of the named unique constraint (or unique index)
// into a fault.Conflict with the message; any other error, and nil, it returns
// as it is.
func Conflict(err error, constraint, format string, args ...any) error {
	if IsUnique(err, constraint) {
		return fault.Conflict(format, args...)
	}
	return err
}

// IsUnique reports a violation of the named unique constraint; "" is any.
func IsUnique(err error, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == codeUnique && (constraint == "" || pg.ConstraintName == constraint)
}

// IsCanceled reports that the server has broken a statement off, because it took longer than it may.
func IsCanceled(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == codeCanceled
}

// IsForeignKey reports that a row refers to one that is not there, or that a row
// to be deleted is still referred to.
func IsForeignKey(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == codeForeignKey
}

// retryable errors are those where the server undid everything and the same
// transaction may succeed when run again.
func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == codeSerialization || pg.Code == codeDeadlock)
}

// Outage is the fault.Unavailable that a client is told when err comes from a server that cannot be reached, is being restarted, has
// become a standby or has no time; nil for any other error. The same request may succeed later.
func Outage(err error) *fault.Fault {
	if !isOutage(err) {
		return nil
	}
	return &fault.Fault{
		Kind: fault.KindUnavailable, RetryAfter: outageRetry,
		Message: "the server is too busy, or its database or storage does not answer at the moment; try again in some seconds",
	}
}

func isOutage(err error) bool {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		switch answer.Code {
		case codeReadOnly, codeCanceled, codeLockTimeout:
			return true
		}
		return slices.ContainsFunc([]string{classConnection, classResources, classOperator}, func(class string) bool { return strings.HasPrefix(answer.Code, class) })
	}
	var network net.Error // of a connection that could not be made or broke, and of a time that is up
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) ||
		pgconn.SafeToRetry(err)
}
