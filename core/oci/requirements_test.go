package oci

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestRequirementsAreAListOfDependencies(t *testing.T) {
	got, err := ParseRequirements([]byte("dependencies:\n  - name: db\n    version: \"1\"\n    repository: https://example.com\n    condition: db.enabled\n    tags: [a]\nother: [x]\n"))
	want := []Dependency{{Name: "db", Version: "1", Repository: "https://example.com", Condition: "db.enabled"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := ParseRequirements(nil); err != nil || len(got) != 0 {
		t.Errorf("an empty file: %v, %v", got, err)
	}
}

func TestRequirementsBeyondTheBoundsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"large":     strings.Repeat("#", maxRequirements+1),
		"many":      "dependencies:\n" + strings.Repeat("- {name: a}\n", maxDependencies+1),
		"a text":    "dependencies: text",
		"no YAML":   "dependencies: [",
		"deep":      "dependencies: " + strings.Repeat("[", 20_000),
		"a bomb":    "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\ndependencies: [*c,*c,*c,*c,*c]",
		"itself":    "dependencies: &a [*a]",
		"a mapping": "dependencies: {name: a}",
	} {
		if _, err := ParseRequirements([]byte(text)); !errors.Is(err, ErrConfigInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRequirements(f *testing.F) {
	f.Add([]byte("dependencies:\n- name: a\n  version: 1.0.0\n"))
	f.Add([]byte("dependencies: &a [*a]"))
	f.Add([]byte("? - \x00"))
	f.Fuzz(func(t *testing.T, p []byte) {
		if _, err := ParseRequirements(p); err != nil && !errors.Is(err, ErrConfigInvalid) {
			t.Fatal(err)
		}
	})
}
