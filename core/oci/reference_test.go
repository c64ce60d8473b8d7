package oci_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/oci"
)

var (
	hex64   = strings.Repeat("0a", 32)
	hex96   = strings.Repeat("1b", 48)
	hex128  = strings.Repeat("2c", 64)
	sha256a = "sha256:" + hex64
)

func TestRepositoryNamesFollowTheGrammar(t *testing.T) {
	for _, c := range []struct {
		sentence string
		name     string
		want     bool
	}{
		{"one component is a name", "library", true},
		{"components are joined by slashes", "library/team/app", true},
		{"one letter is enough", "a", true},
		{"digits may lead", "0a/9", true},
		{"one dot separates", "a.b", true},
		{"one underscore separates", "a_b", true},
		{"two underscores separate", "a__b", true},
		{"any number of dashes separates", "a-----b", true},
		{"255 characters are the most", strings.Repeat("a", 255), true},
		{"256 characters are too many", strings.Repeat("a", 256), false},
		{"an empty name is none", "", false},
		{"a capital letter is refused", "library/App", false},
		{"two dots are refused", "a..b", false},
		{"three underscores are refused", "a___b", false},
		{"mixed separators are refused", "a.-b", false},
		{"a dash after a slash is refused", "a/-b", false},
		{"a separator cannot lead", "_a", false},
		{"a separator cannot end a name", "a-", false},
		{"a separator cannot end a component", "a-/b", false},
		{"a slash cannot lead", "/a", false},
		{"a slash cannot end", "a/", false},
		{"an empty component is refused", "a//b", false},
		{"dots do not climb", "a/../b", false},
		{"a colon is refused", "a:b", false},
		{"NUL is refused", "a\x00b", false},
		{"letters beyond ASCII are refused", "ä", false},
		{"a newline at the end is refused", "a\n", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := oci.ValidRepository(c.name); got != c.want {
				t.Errorf("ValidRepository(%q) = %v, want %v", c.name, got, c.want)
			}
		})
	}
}

func TestTagsFollowTheGrammar(t *testing.T) {
	for _, c := range []struct {
		sentence string
		tag      string
		want     bool
	}{
		{"a version is a tag", "v1.2.3-rc.1", true},
		{"an underscore may lead", "_x", true},
		{"capitals are allowed", "RELEASE", true},
		{"128 characters are the most", strings.Repeat("t", 128), true},
		{"129 characters are too many", strings.Repeat("t", 129), false},
		{"an empty tag is none", "", false},
		{"a dot cannot lead", ".x", false},
		{"a dash cannot lead", "-x", false},
		{"a slash is refused", "a/b", false},
		{"a plus is refused", "1.0+build", false},
		{"a space is refused", "a b", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := oci.ValidTag(c.tag); got != c.want {
				t.Errorf("ValidTag(%q) = %v, want %v", c.tag, got, c.want)
			}
		})
	}
}

func TestDigestsAreReadOrRefusedByReason(t *testing.T) {
	for _, c := range []struct {
		sentence string
		digest   string
		want     error
	}{
		{"sha256 is accepted", sha256a, nil},
		{"sha384 is accepted", "sha384:" + hex96, nil},
		{"sha512 is accepted", "sha512:" + hex128, nil},
		{"another algorithm is unsupported", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", oci.ErrDigestUnsupported},
		{"an algorithm of several words is unsupported", "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8", oci.ErrDigestUnsupported},
		{"a short digest is malformed", "sha256:0a0a", oci.ErrDigestMalformed},
		{"a long digest is malformed", sha256a + "0", oci.ErrDigestMalformed},
		{"capital digits are malformed", "sha256:" + strings.ToUpper(hex64), oci.ErrDigestMalformed},
		{"no algorithm is malformed", hex64, oci.ErrDigestMalformed},
		{"an empty algorithm is malformed", ":" + hex64, oci.ErrDigestMalformed},
		{"an algorithm that ends in a separator is malformed", "sha-:" + hex64, oci.ErrDigestMalformed},
		{"nothing after the colon is malformed", "md5:", oci.ErrDigestMalformed},
		{"an empty digest is malformed", "", oci.ErrDigestMalformed},
		{"a second colon is malformed", "md5:a:b", oci.ErrDigestMalformed},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			d, err := oci.ParseDigest(c.digest)
			if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Fatalf("ParseDigest(%q) = %v, want %v", c.digest, err, c.want)
			}
			if err == nil && (d.String() != c.digest || d.Validate() != nil) {
				t.Errorf("got %q, which is not what was parsed", d)
			}
		})
	}
}

func TestAReferenceIsATagOrADigest(t *testing.T) {
	r, err := oci.ParseReference("v1")
	if err != nil || r.IsDigest() || r.Tag != "v1" || r.String() != "v1" {
		t.Errorf("a tag gave %+v, %v", r, err)
	}
	r, err = oci.ParseReference(sha256a)
	if err != nil || !r.IsDigest() || r.Tag != "" || r.String() != sha256a {
		t.Errorf("a digest gave %+v, %v", r, err)
	}
	if _, err = oci.ParseReference("-v1"); !errors.Is(err, oci.ErrTagInvalid) {
		t.Errorf("a bad tag gave %v", err)
	}
	if _, err = oci.ParseReference("sha256:abc"); !errors.Is(err, oci.ErrDigestMalformed) {
		t.Errorf("a bad digest gave %v", err)
	}
	if _, err = oci.ParseReference("md5:abc"); !errors.Is(err, oci.ErrDigestUnsupported) {
		t.Errorf("an unsupported digest gave %v", err)
	}
}

func TestAMessageDoesNotRepeatEndlessInput(t *testing.T) {
	_, err := oci.ParseReference(strings.Repeat("x", 1<<20))
	if err == nil || len(err.Error()) > 1_000 {
		t.Fatalf("the message has %d bytes", len(err.Error()))
	}
}

func TestAProjectIsTheFirstComponent(t *testing.T) {
	for _, c := range []struct {
		sentence, name, project, repository string
		ok                                  bool
	}{
		{"two components", "library/app", "library", "app", true},
		{"three components", "library/team/app", "library", "team/app", true},
		{"one component has no project", "library", "", "", false},
		{"nothing before the slash", "/app", "", "", false},
		{"nothing after the slash", "library/", "", "", false},
		{"nothing at all", "", "", "", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			p, r, ok := oci.SplitProject(c.name)
			if p != c.project || r != c.repository || ok != c.ok {
				t.Errorf("SplitProject(%q) = %q, %q, %v", c.name, p, r, ok)
			}
		})
	}
}

func TestFallbackTagsNameADigest(t *testing.T) {
	for _, c := range []struct {
		sentence, tag, suffix string
		ok                    bool
	}{
		{"a cosign signature", "sha256-" + hex64 + ".sig", oci.SuffixSignature, true},
		{"a cosign attestation", "sha256-" + hex64 + ".att", oci.SuffixAttestation, true},
		{"a cosign SBOM", "sha256-" + hex64 + ".sbom", oci.SuffixSBOM, true},
		{"the referrers tag", "sha256-" + hex64, "", true},
		{"another suffix is none", "sha256-" + hex64 + ".txt", "", false},
		{"a dot without a suffix is none", "sha256-" + hex64 + ".", "", false},
		{"a short digest is none", "sha256-0a.sig", "", false},
		{"a cut sha512 cannot be read back", "sha512-" + hex64, "", false},
		{"a version is none", "v1.0.0", "", false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			d, suffix, ok := oci.ParseFallbackTag(c.tag)
			if ok != c.ok || ok && (d.String() != sha256a || suffix != c.suffix) {
				t.Errorf("ParseFallbackTag(%q) = %q, %q, %v", c.tag, d, suffix, ok)
			}
		})
	}
}

func TestTheFallbackTagOfADigestIsATag(t *testing.T) {
	for _, s := range []string{sha256a, "sha384:" + hex96, "sha512:" + hex128} {
		d, err := oci.ParseDigest(s)
		if err != nil {
			t.Fatal(err)
		}
		if tag := oci.FallbackTag(d); !oci.ValidTag(tag) || len(tag) != len("sha256-")+64 {
			t.Errorf("FallbackTag(%s) = %q", d, tag)
		}
	}
	if d, _, ok := oci.ParseFallbackTag("sha256-" + hex64); !ok || oci.FallbackTag(d) != "sha256-"+hex64 {
		t.Error("the tag of a sha256 digest does not come back")
	}
}

func TestNamesAreReadWithoutAllocating(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		_ = oci.ValidRepository("library/team/some-app")
		_, _ = oci.ParseReference(sha256a)
		_, _ = oci.ParseReference("v1.2.3")
		_, _, _ = oci.SplitProject("library/team/some-app")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParseReference(f *testing.F) {
	for _, s := range []string{"v1", "latest", sha256a, "sha512:" + hex128, "sha256-" + hex64 + ".sig", "library/app", "a__b/c--d.e", "md5:x", ":", "-", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := oci.ParseReference(s); err == nil {
			switch {
			case r.String() != s:
				t.Errorf("%q came back as %q", s, r)
			case r.IsDigest() && r.Digest.Validate() != nil:
				t.Errorf("accepted digest %q does not validate", s)
			case !r.IsDigest() && !oci.ValidTag(r.Tag):
				t.Errorf("accepted tag %q does not validate", s)
			}
		} else if len(err.Error()) > 1_000 {
			t.Errorf("a message of %d bytes", len(err.Error()))
		}
		if d, _, ok := oci.ParseFallbackTag(s); ok && (d.Validate() != nil || !oci.ValidTag(s)) {
			t.Errorf("fallback tag %q gave %q", s, d)
		}
		if oci.ValidRepository(s) {
			if p, r, ok := oci.SplitProject(s); ok && (!oci.ValidRepository(p) || !oci.ValidRepository(r) || p+"/"+r != s) {
				t.Errorf("%q split into %q and %q", s, p, r)
			}
		}
	})
}

func BenchmarkParseReference(b *testing.B) {
	for name, s := range map[string]string{"digest": sha256a, "tag": "v1.2.3-alpine"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = oci.ParseReference(s)
			}
		})
	}
}

func BenchmarkValidRepository(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = oci.ValidRepository("library/some-team/some_long.app-name")
	}
}
