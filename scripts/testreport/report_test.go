package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	cases := map[string]struct {
		events string
		want   counts
		shows  string
	}{
		"a test with subtests counts as its subtests": {
			events: `{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"pass","Package":"p","Test":"TestA/two"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":0.5}`,
			want:  counts{passed: 2},
			shows: "pass p 0.5s",
		},
		"a failure is shown with its output and fails its parents once": {
			events: `{"Action":"output","Package":"p","Test":"TestA/one","Output":"got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestA/one"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want:  counts{failed: 1},
			shows: "got 1, want 2",
		},
		"a parent that fails after its subtests passed is a failure": {
			events: `{"Action":"pass","Package":"p","Test":"TestA/one"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			want: counts{passed: 1, failed: 1},
		},
		"a package that does not build is a failure with the compiler's words": {
			events: `{"Action":"build-output","ImportPath":"p","Output":"undefined: x\n"}
{"Action":"build-fail","ImportPath":"p"}
{"Action":"fail","Package":"p","FailedBuild":"p"}`,
			want:  counts{failed: 1},
			shows: "undefined: x",
		},
		"a process that dies in a test is a failure with the test's words": {
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p"}`,
			want:  counts{failed: 1},
			shows: "panic: boom",
		},
		"a skipped test is counted and says why": {
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"docker is not installed\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			want:  counts{skipped: 1},
			shows: "docker is not installed",
		},
		"a package without tests counts for nothing": {
			events: `{"Action":"skip","Package":"p"}`,
		},
		"a line that is not an event is passed on": {
			events: `go: downloading example.com/x v1.0.0`,
			shows:  "go: downloading",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(c.events)); err != nil {
				t.Fatal(err)
			}
			if got := r.counts(); got != c.want {
				t.Errorf("counts are %+v, want %+v", got, c.want)
			}
			if !strings.Contains(out.String(), c.shows) {
				t.Errorf("output %q does not show %q", out.String(), c.shows)
			}
		})
	}
}
