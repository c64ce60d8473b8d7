// Package migrations carries the schema, forward only, as numbered SQL files in
// the binary. It must not contain code that changes data: core/store applies
// the files.
package migrations

import "embed"

// Files are the migrations, named NNNN_what.sql (schema.sql beside them is the
// golden picture of the result and not embedded).
//
//go:embed 0*.sql
var Files embed.FS
