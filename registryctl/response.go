package registryctl

import (
	"io"
	"net/http"
)

// response notes status and size. It must keep io.ReaderFrom: through it the
// server hands a file to the kernel (sendfile) instead of copying it.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader takes the first status: the App sends a second one when the client
// has hung up.
func (w *response) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *response) ReadFrom(src io.Reader) (int64, error) {
	w.begin()
	n, err := io.Copy(w.ResponseWriter, src) // finds ReadFrom by itself
	w.bytes += n
	return n, err
}

func (w *response) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
