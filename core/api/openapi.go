package api

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

// tidySchemas takes out what huma adds for itself: its own error bodies, which
// nobody gets, and that unknown fields are accepted, which need not be said of each.
func tidySchemas(schemas map[string]*huma.Schema) {
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, s := range schemas {
		if open, _ := s.AdditionalProperties.(bool); open {
			s.AdditionalProperties = nil
		}
	}
}

// openAPI is the description of what is served, indented, as openapi.json keeps it.
func openAPI(api huma.API) ([]byte, error) {
	raw, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
