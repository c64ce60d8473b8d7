package registryctl

import (
	"errors"
	"io"
	"net/http"
)

// watchedBody remembers why a body could not be read to its end.
type watchedBody struct {
	io.ReadCloser
	err error
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// appResponse puts right what distribution's App gets wrong: a body that cannot
// be read is the client's mistake, and not a 500.
type appResponse struct {
	http.ResponseWriter
	request  *http.Request
	body     *watchedBody
	answered bool // by us: what the App writes from here on is dropped
}

func (w *appResponse) WriteHeader(status int) {
	if w.answered {
		return
	}
	if status != http.StatusInternalServerError || w.body.err == nil {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.answered = true
	p, _ := asProblem(kindUpload, bodyError(w.request, w.body.err))
	p.write(w.ResponseWriter)
}

func (w *appResponse) Write(p []byte) (int, error) {
	if w.answered {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}
