package registryctl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/distribution/distribution/v3/registry/api/errcode"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// Error codes of the distribution-spec, and those that Harbor adds.
const (
	codeBlobUnknown         = "BLOB_UNKNOWN"
	codeUploadInvalid       = "BLOB_UPLOAD_INVALID"
	codeUploadUnknown       = "BLOB_UPLOAD_UNKNOWN"
	codeDigestInvalid       = "DIGEST_INVALID"
	codeManifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN"
	codeManifestInvalid     = "MANIFEST_INVALID"
	codeManifestUnknown     = "MANIFEST_UNKNOWN"
	codeNameInvalid         = "NAME_INVALID"
	codeNameUnknown         = "NAME_UNKNOWN"
	codeSizeInvalid         = "SIZE_INVALID"
	codeRangeInvalid        = "RANGE_INVALID"
	codeTagInvalid          = "TAG_INVALID"
	codePageInvalid         = "PAGINATION_NUMBER_INVALID"
	codeUnauthorized        = "UNAUTHORIZED"
	codeDenied              = "DENIED"
	codeUnsupported         = "UNSUPPORTED"
	codeTooManyRequests     = "TOOMANYREQUESTS"
	codePrecondition        = "PRECONDITION"
	codeConflict            = "CONFLICT"
	codeNotFound            = "NOT_FOUND"
	codeUnavailable         = "UNAVAILABLE"
	codeUnknown             = "UNKNOWN"
)

// problem is a refusal in the protocol's words.
type problem struct {
	status     int
	code       string
	message    string
	detail     any
	challenge  string // WWW-Authenticate
	retryAfter int    // seconds
}

func (p *problem) Error() string { return p.message }

func refusal(status int, code, format string, a ...any) *problem {
	return &problem{status: status, code: code, message: fmt.Sprintf(format, a...)}
}

func errNameInvalid(format string, a ...any) error {
	return refusal(http.StatusBadRequest, codeNameInvalid, format, a...)
}

func errNoRoute(path string) error {
	return refusal(http.StatusNotFound, codeNotFound, "there is nothing at %s; see the OCI distribution-spec for the paths of a registry", clip(path))
}

func errDigest(format string, a ...any) error {
	return refusal(http.StatusBadRequest, codeDigestInvalid, format, a...)
}

func errUploadUnknown() error {
	return refusal(http.StatusNotFound, codeUploadUnknown, "upload is not known: it was finished, cancelled, has expired or is not yours; start a new one")
}

// statusClientGone is what logs show when the client hung up; nobody reads it.
const statusClientGone = 499

// asProblem is the one table from the program's errors to the protocol's. The
// second result is false when the error is the server's own fault, which is to be logged.
func asProblem(k kind, err error) (*problem, bool) {
	var p *problem
	var missing *artifact.MissingError
	var tooLarge *http.MaxBytesError
	var coded errcode.Error
	f, isFault := fault.As(err)
	switch {
	case errors.As(err, &p):
		return p, true
	case errors.As(err, &missing):
		return asMissing(missing), true
	case errors.As(err, &coded):
		d := coded.Code.Descriptor()
		return &problem{status: d.HTTPStatusCode, code: d.Value, message: coded.Message, detail: coded.Detail}, d.HTTPStatusCode < 500
	case isFault:
		return asFault(k, f), true
	case errors.Is(err, oci.ErrTagInvalid):
		return refusal(http.StatusBadRequest, codeTagInvalid, "%v", err), true
	case errors.Is(err, oci.ErrManifestTooLarge):
		return refusal(http.StatusRequestEntityTooLarge, codeSizeInvalid, "%v", err), true
	case errors.Is(err, oci.ErrManifestInvalid):
		return refusal(http.StatusBadRequest, codeManifestInvalid, "%v", err), true
	case errors.Is(err, oci.ErrDigestMalformed), errors.Is(err, oci.ErrDigestUnsupported):
		return refusal(http.StatusBadRequest, codeDigestInvalid, "%v", err), true
	case errors.As(err, &tooLarge):
		return refusal(http.StatusRequestEntityTooLarge, codeSizeInvalid, "the body has more than %d bytes", tooLarge.Limit), true
	case errors.Is(err, context.Canceled):
		return refusal(statusClientGone, codeUnknown, "the client has gone"), true
	}
	if storage.IsFull(err) {
		return refusal(http.StatusInsufficientStorage, codeUnavailable, "the storage of this registry is full; ask its administrator to free or add space, then push again"), false
	}
	if outage := store.Outage(err); outage != nil {
		return asFault(k, outage), false
	}
	return refusal(http.StatusInternalServerError, codeUnknown, "internal server error"), false
}

func asMissing(m *artifact.MissingError) *problem {
	p := refusal(http.StatusBadRequest, codeManifestBlobUnknown, "%v", m)
	p.detail = map[string][]digest.Digest{"blobs": m.Blobs, "manifests": m.Manifests}
	return p
}

func asFault(k kind, f *fault.Fault) *problem {
	status, code := http.StatusInternalServerError, codeUnknown
	switch f.Kind {
	case fault.KindInvalid, fault.KindUnprocessable:
		status, code = http.StatusBadRequest, invalidCode(k)
	case fault.KindUnauthorized:
		status, code = http.StatusUnauthorized, codeUnauthorized
	case fault.KindForbidden, fault.KindDenied:
		status, code = http.StatusForbidden, codeDenied
	case fault.KindNotFound:
		status, code = http.StatusNotFound, unknownCode(k)
	case fault.KindConflict:
		status, code = http.StatusConflict, codeConflict
	case fault.KindPrecondition:
		status, code = http.StatusPreconditionFailed, codePrecondition
	case fault.KindTooLarge:
		status, code = http.StatusRequestEntityTooLarge, codeSizeInvalid
	case fault.KindTooMany:
		status, code = http.StatusTooManyRequests, codeTooManyRequests
	case fault.KindNotBuilt:
		status, code = http.StatusMethodNotAllowed, codeUnsupported
	case fault.KindUnavailable:
		status, code = http.StatusServiceUnavailable, codeUnavailable
	}
	return &problem{status: status, code: code, message: f.Message, retryAfter: f.RetryAfter}
}

func invalidCode(k kind) string {
	switch k {
	case kindManifest:
		return codeManifestInvalid
	case kindUploads, kindUpload:
		return codeUploadInvalid
	case kindReferrers, kindBlob:
		return codeDigestInvalid
	}
	return codeNameInvalid
}

func unknownCode(k kind) string {
	switch k {
	case kindManifest:
		return codeManifestUnknown
	case kindBlob:
		return codeBlobUnknown
	case kindUpload:
		return codeUploadUnknown
	}
	return codeNameUnknown
}

// errcode is for problems that travel through distribution's App, which passes
// its own type on and turns everything else into a 500 without a message.
func (p *problem) errcode() error {
	code := errcode.ParseErrorCode(p.code)
	if code == errcode.ErrorCodeUnknown && p.status < http.StatusInternalServerError {
		code = errcode.ErrorCodeDenied
	}
	return errcode.Error{Code: code, Message: p.message, Detail: p.detail}
}

// write answers with the error body of the distribution-spec.
func (p *problem) write(w http.ResponseWriter) {
	h := w.Header()
	if p.challenge != "" {
		h.Set("WWW-Authenticate", p.challenge)
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	type entry struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Detail  any    `json:"detail,omitempty"`
	}
	writeJSON(w, p.status, jsonType, map[string][]entry{"errors": {{p.code, p.message, p.detail}}})
}

const jsonType = "application/json; charset=utf-8"

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) {
	p, err := json.Marshal(body)
	if err != nil { // only strings, numbers and maps of them are ever given
		status, p = http.StatusInternalServerError, []byte(`{"errors":[{"code":"UNKNOWN","message":"internal server error"}]}`)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(p)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(p, '\n')) // a client that has gone is no news
}
