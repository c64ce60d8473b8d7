package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// SQLSTATE codes (PostgreSQL documentation, appendix A).
const (
	codeUnique        = "23505"
	codeForeignKey    = "23503"
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
)

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
