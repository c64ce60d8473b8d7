package oci_test

import (
	"testing"

	"github.com/roadstead-registry/roadstead/core/oci"
)

func TestAcceptHeadersChooseManifests(t *testing.T) {
	const manifest, index = oci.MediaTypeImageManifest, oci.MediaTypeImageIndex
	for _, c := range []struct {
		sentence string
		accept   []string
		want     bool
	}{
		{"no header accepts everything", nil, true},
		{"an empty header accepts everything", []string{"", " , "}, true},
		{"the type itself", []string{manifest}, true},
		{"the type in another case", []string{"Application/vnd.OCI.image.manifest.v1+json"}, true},
		{"the type with a quality", []string{manifest + ";q=0.5"}, true},
		{"the type in a list", []string{index + ", " + manifest}, true},
		{"the type in a second header", []string{index, manifest}, true},
		{"another type only", []string{index}, false},
		{"any type", []string{"*/*"}, true},
		{"any type of its family", []string{"application/*"}, true},
		{"any type of another family", []string{"text/*"}, false},
		{"quality 0 refuses", []string{manifest + "; q=0"}, false},
		{"a refusal of the type goes before a wildcard", []string{"*/*, " + manifest + ";q=0.0"}, false},
		{"the order does not matter", []string{manifest + ";q=0, */*"}, false},
		{"the family goes before any", []string{"application/*;q=0, */*"}, false},
		{"a quality that cannot be read is ignored", []string{manifest + ";q=high"}, true},
		{"other parameters are ignored", []string{manifest + ";charset=utf-8;q=1"}, true},
		{"a word that is no type matches nothing", []string{"json"}, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := oci.AcceptsManifest(c.accept, manifest); got != c.want {
				t.Errorf("AcceptsManifest(%q) = %v", c.accept, got)
			}
		})
	}
}
