package api

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

func FuzzDecodeParam(f *testing.F) {
	for _, seed := range []string{"app", "team%2Fweb", "team%252Fweb", "%", "%zz", "%00", "%ff", "a%250Ab", "%25252F", ".."} {
		f.Add(repositoryParam, seed)
		f.Add("reference", seed)
	}
	f.Fuzz(func(t *testing.T, key, raw string) {
		value, err := decodeParam(key, raw)
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("%q: %v is no refusal", raw, err)
			}
			return
		}
		if !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\r\n") || len(value) > maxParam {
			t.Fatalf("%q became %q", raw, value)
		}
	})
}

func FuzzTidied(f *testing.F) {
	for _, seed := range []string{"/", "//", "/api//v2.0/", "/a%2F%2Fb/", "/%2F", "/.."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := tidiedPath(path)
		if strings.Contains(got, "//") || len(got) > len(path) || tidiedPath(got) != got {
			t.Fatalf("%q became %q", path, got)
		}
	})
}

func TestEscapedNULIsFoundAndNothingElse(t *testing.T) {
	for text, want := range map[string]bool{
		`"\u0000"`: true, `"a\\\u0000"`: true, `"\\u0000"`: false, `"\u0001"`: false, `"\"`: false, `\`: false, `"\u00001"`: true, ``: false,
	} {
		if got := hasEscapedNUL([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestAcceptedTypes(t *testing.T) {
	for accept, want := range map[string]bool{
		"": true, "*/*": true, "application/json": true, "text/html, application/*;q=0.5": true, "Application/JSON; charset=utf-8": true,
		"text/plain": false, ";q=,": false, "application/xml": false,
	} {
		if got := acceptsJSON(accept); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}
