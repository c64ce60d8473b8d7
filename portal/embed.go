// Package portal carries the built web portal inside the binary and serves it.
//
// It exists so that one file is the whole product. It serves files and nothing
// else: it must not know the API, sessions or the database.
package portal

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed all:dist
var dist embed.FS

// Handler serves the portal built into the binary. Without a build (a plain
// `go build` of a fresh clone) it serves a page that says how to make one.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		// fs.Sub fails on an invalid path only, and "dist" is a constant.
		return http.NotFoundHandler()
	}
	return newHandler(files)
}
