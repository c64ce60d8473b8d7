// Package store is how the program reaches PostgreSQL: the bundled server, the
// pool, gorm over it, transactions that River can enqueue in, and migrations.
// It knows no table of the domain and must never learn one; each domain package
// keeps its own rows and SQL.
package store
