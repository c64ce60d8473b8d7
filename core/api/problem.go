package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Problem is Harbor's error body. As an error of a handler it carries its status
// and headers to huma.
type Problem struct {
	status int
	header http.Header
	Errors []ProblemDetail `json:"errors" nullable:"false"`
}

// ProblemDetail is one error in Harbor's error body.
type ProblemDetail struct {
	Code    string `json:"code" doc:"What kind of error it is: NOT_FOUND, CONFLICT, …"`
	Message string `json:"message" doc:"What is wrong and what would help, for a person"`
}

func (p *Problem) Error() string { return p.Errors[0].Message }

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.status }

// GetHeaders is for huma.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType is for huma.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/json; charset=utf-8"

type answer struct {
	status int
	code   string
}

// answers is how each kind of refusal is told to a client of the API.
func answers(k fault.Kind) (answer, bool) {
	switch k {
	case fault.KindInvalid:
		return answer{http.StatusBadRequest, "BAD_REQUEST"}, true
	case fault.KindUnauthorized:
		return answer{http.StatusUnauthorized, "UNAUTHORIZED"}, true
	case fault.KindForbidden:
		return answer{http.StatusForbidden, "FORBIDDEN"}, true
	case fault.KindDenied:
		return answer{http.StatusForbidden, "DENIED"}, true
	case fault.KindNotFound:
		return answer{http.StatusNotFound, "NOT_FOUND"}, true
	case fault.KindConflict:
		return answer{http.StatusConflict, "CONFLICT"}, true
	case fault.KindPrecondition:
		return answer{http.StatusPreconditionFailed, "PRECONDITION"}, true
	case fault.KindTooLarge:
		return answer{http.StatusRequestEntityTooLarge, "REQUEST_ENTITY_TOO_LARGE"}, true
	case fault.KindUnprocessable:
		return answer{http.StatusUnprocessableEntity, "UNPROCESSABLE_ENTITY"}, true
	case fault.KindTooMany:
		return answer{http.StatusTooManyRequests, "TOO_MANY_REQUEST"}, true
	case fault.KindNotBuilt:
		return answer{http.StatusNotImplemented, "NOT_IMPLEMENTED"}, true
	case fault.KindUnavailable:
		return answer{http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE"}, true
	}
	return answer{}, false
}

// problem maps an error to what the client is told. What is not a Fault is a
// defect or an outage: it is logged here, once, and the client gets the id that
// finds it.
func (s *server) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if errors.Is(err, artifact.ErrReferenced) {
		return newProblem(http.StatusPreconditionFailed, "VIOLATE_FOREIGN_KEY_CONSTRAINT", err.Error())
	}
	if f, ok := fault.As(err); ok {
		if p := problemOf(f); p != nil {
			return p
		}
	}
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		s.Log.ErrorContext(ctx, "request failed", "request_id", audit.RequestID(ctx), "error", err.Error())
	}
	if outage := store.Outage(err); outage != nil {
		return problemOf(outage)
	}
	return internal()
}

// problemOf is nil for a kind that is not told to clients.
func problemOf(f *fault.Fault) *Problem {
	a, known := answers(f.Kind)
	if !known {
		return nil
	}
	p := newProblem(a.status, a.code, message(f))
	if f.RetryAfter > 0 {
		p.header = http.Header{"Retry-After": {strconv.Itoa(f.RetryAfter)}}
	}
	return p
}

func message(f *fault.Fault) string {
	if f.Kind == fault.KindUnprocessable {
		return validation(f.Message)
	}
	return f.Message
}

func newProblem(status int, code, message string) *Problem {
	return &Problem{status: status, Errors: []ProblemDetail{{Code: code, Message: message}}}
}

func internal() *Problem {
	return newProblem(http.StatusInternalServerError, "UNKNOWN", "internal server error")
}

func methodNotAllowed(method, allowed string) *Problem {
	return newProblem(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
		fmt.Sprintf("method %s is not allowed, but [%s] are", method, allowed))
}

func validation(list string) string { return "validation failure list:\n" + list }

// writeProblem answers outside of huma.
func (s *server) writeProblem(w http.ResponseWriter, p *Problem) {
	var body bytes.Buffer
	_ = writeJSON(&body, p) // two strings
	for key, values := range p.header {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.status)
	_, _ = w.Write(body.Bytes())
}

// fail answers from a huma middleware.
func (s *server) fail(ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	for key, values := range p.header {
		ctx.SetHeader(key, values[0])
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.status)
	_ = writeJSON(ctx.BodyWriter(), p)
}

// harborErrors turns what huma itself refuses into Harbor's body.
func harborErrors(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := refusal(ctx.Operation(), m)
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.status)
	return p, nil
}

func refusal(op *huma.Operation, m *huma.ErrorModel) *Problem {
	var lines []string
	for _, e := range m.Errors {
		if e != nil {
			lines = append(lines, complaint(op, e))
		}
	}
	if len(lines) == 0 {
		lines = []string{m.Detail}
	}
	text := strings.Join(lines, "\n")
	switch {
	case m.Status == http.StatusRequestEntityTooLarge:
		return newProblem(m.Status, "REQUEST_ENTITY_TOO_LARGE", "the request body is too large, at most 1 MiB is accepted")
	case m.Status == http.StatusRequestTimeout:
		return newProblem(m.Status, "REQUEST_TIMEOUT", "the request body did not arrive in time")
	case m.Status == http.StatusBadRequest && len(m.Errors) > 0:
		return newProblem(m.Status, "BAD_REQUEST", text)
	case m.Status >= http.StatusInternalServerError:
		// The only one that huma makes is a body that could not be read to its end.
		return newProblem(http.StatusBadRequest, "BAD_REQUEST", "the request body could not be read")
	}
	return newProblem(http.StatusUnprocessableEntity, "UNPROCESSABLE_ENTITY", validation(text))
}

// complaint words one refusal of huma as Harbor words it.
func complaint(op *huma.Operation, e *huma.ErrorDetail) string {
	in, name, named := strings.Cut(e.Location, ".")
	switch {
	case e.Location == "body":
		return fmt.Sprintf("parsing %s body from %q failed, because %s", op.Tags[0], "", e.Message)
	case named:
		kind := strings.TrimPrefix(strings.TrimPrefix(e.Message, "invalid "), "a ")
		if kind == "integer" {
			kind = "int64"
		}
		return fmt.Sprintf("%s in %s must be of type %s: %q", name, in, kind, fmt.Sprint(e.Value))
	}
	return e.Message
}

// invalidPage carries the refusal of a list's parameters through huma, which keeps
// an error's text and status.
func invalidPage(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	a, _ := answers(f.Kind)
	return newProblem(a.status, a.code, f.Message)
}
