package api

import (
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const jsonType = "application/json"

// negotiate refuses what a client wants to send or to get in another form than
// JSON.
func (s *server) negotiate(ctx huma.Context, next func(huma.Context)) {
	o := ctx.Operation()
	if sent := ctx.Header("Content-Type"); sent != "" && o.RequestBody != nil {
		if kind, _, err := mime.ParseMediaType(sent); err != nil || kind != jsonType {
			s.fail(ctx, fault.Unprocessable("unsupported media type %q, only [%s] are allowed", sent, jsonType))
			return
		}
	}
	if answersJSON(o) && !acceptsJSON(ctx.Header("Accept")) {
		s.fail(ctx, fault.Unprocessable("unsupported media type requested, only [%s] are available", jsonType))
		return
	}
	next(ctx)
}

func answersJSON(o *huma.Operation) bool {
	r := o.Responses["200"]
	return o.Method != http.MethodHead && r != nil && r.Content[jsonType] != nil
}

func acceptsJSON(accept string) bool {
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for part := range strings.SplitSeq(accept, ",") {
		switch kind, _, _ := strings.Cut(part, ";"); strings.ToLower(strings.TrimSpace(kind)) {
		case jsonType, "application/*", "*/*":
			return true
		}
	}
	return false
}
