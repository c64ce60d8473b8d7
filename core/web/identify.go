// Package web is what every request passes, whichever part of the program answers
// it: it gets an id, a line in the log, and an answer when its handler panics. It
// must not know the parts, nor what they answer otherwise.
package web

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"

	"github.com/roadstead-registry/roadstead/core/audit"
)

const (
	requestID    = "X-Request-Id"
	maxRequestID = 128
)

// Identified gives each request an id, the client's own if it is harmless to log,
// and says it in the answer.
func Identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestID)
		if !harmless(id) {
			id = newID()
			r.Header.Set(requestID, id)
		}
		w.Header().Set(requestID, id)
		next.ServeHTTP(w, r.WithContext(audit.WithRequestID(r.Context(), id)))
	})
}

func harmless(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// newID is a random UUID (RFC 9562, version 4). It tells requests apart and proves
// nothing, so it need not come from the kernel.
func newID() string {
	var b [16]byte
	binary.NativeEndian.PutUint64(b[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(b[8:], rand.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}
