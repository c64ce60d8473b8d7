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
// be read is the client's mistake, and a storage that takes no more has a reason.
type appResponse struct {
	http.ResponseWriter
	request  *http.Request
	body     *watchedBody
	session  *session
	answered bool // by us: what the App writes from here on is dropped
}

func (w *appResponse) WriteHeader(status int) {
	if w.answered {
		return
	}
	failure := w.session.broken
	if w.body.err != nil {
		failure = bodyError(w.request, w.body.err)
	}
	if status < http.StatusInternalServerError || failure == nil {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.answered = true
	p, _ := asProblem(kindUpload, failure)
	p.write(w.ResponseWriter)
}

func (w *appResponse) Write(p []byte) (int, error) {
	if w.answered {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}
