package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"
)

func TestRatiosAreOfPairs(t *testing.T) {
	got := compared([]string{"a", "b"}, [][]float64{{10, 20, 90}, {5, 10, 10}})
	if got[0].Median != 20 || got[0].Min != 10 || got[0].Max != 90 || got[0].Ratio != 0 {
		t.Errorf("the first is %+v", got[0])
	}
	if got[1].Median != 10 || got[1].Ratio != 2 { // 2, 2 and 9
		t.Errorf("the second is %+v", got[1])
	}
}

func TestATargetIsMissedOnItsOwnSide(t *testing.T) {
	f := figure{Of: []measured{{Who: "a", Median: 100}, {Who: "b", Median: 50, Ratio: 2}}}
	for name, c := range map[string]struct {
		limit
		missed bool
	}{
		"a value above its least":    {limit{AtLeast: 99}, false},
		"a value below its least":    {limit{AtLeast: 101}, true},
		"a value above its most":     {limit{AtMost: 99}, true},
		"a ratio above its least":    {limit{To: "b", AtLeast: 1.9}, false},
		"a ratio below its least":    {limit{To: "b", AtLeast: 2.1}, true},
		"a ratio within both":        {limit{To: "b", AtLeast: 1.9, AtMost: 2.1}, false},
		"a ratio above its most":     {limit{To: "b", AtLeast: 1, AtMost: 1.1}, true},
		"a ratio to one who is away": {limit{To: "c", AtMost: 3}, true},
	} {
		f.Limits = []limit{c.limit}
		if got := len(f.missed()) > 0; got != c.missed {
			t.Errorf("%s: missed is %v", name, got)
		}
	}
}

func TestChangesGoByTheRatioAndTheDirection(t *testing.T) {
	ratio := func(work string, less bool, value, ratio float64) figure {
		return figure{Work: work, Quantity: rate, Less: less, Of: []measured{{Who: roadstead, Median: value}, {Who: distribution, Ratio: ratio}}}
	}
	before := []figure{ratio("pull", false, 100, 5), ratio("cost", true, 10, 0.1), plain("page", "size", "kB", 200, 0), plain("gone", "size", "kB", 1, 0)}
	after := []figure{ratio("pull", false, 300, 4), ratio("cost", true, 30, 0.08), plain("page", "size", "kB", 220, 0), plain("new", "size", "kB", 1, 0)}
	got := changes(before, after)
	if len(got) != 3 {
		t.Fatalf("%d changes: %+v", len(got), got)
	}
	for i, want := range []float64{20, -20, 10} {
		if d := got[i].worse - want; d > 1e-6 || d < -1e-6 {
			t.Errorf("%s is worse by %v %%, want %v", got[i].name, got[i].worse, want)
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.0333333: "0.0333", 0.5: "0.500", 1.25: "1.25", 12.345: "12.3", 123.4: "123", 12345.6: "12346"} {
		if got := short(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}

func TestEveryLayerHasItsDigest(t *testing.T) {
	made, err := newLayers()
	if err != nil {
		t.Fatal(err)
	}
	var before string
	for range 2 {
		l, err := made.next()
		if err != nil {
			t.Fatal(err)
		}
		sum, size := sha256.New(), 0
		for _, pieces := range l.chunks() {
			size += total(pieces)
			if total(pieces) != chunk {
				t.Errorf("a chunk has %d bytes", total(pieces))
			}
			sum.Write(slices.Concat(pieces...))
		}
		if digest := "sha256:" + hex.EncodeToString(sum.Sum(nil)); digest != l.digest || size != largeLayer || digest == before {
			t.Errorf("%d bytes are %s, want %s, not %s", size, digest, l.digest, before)
		}
		before = l.digest
	}
}

func TestImagesDifferInAllTheirParts(t *testing.T) {
	a, b, again := makeImage(1), makeImage(1<<32+1), makeImage(1)
	if a.digest == b.digest || a.configDigest == b.configDigest || string(a.manifest) == string(b.manifest) {
		t.Error("two images share a part")
	}
	if a.digest != again.digest || string(a.manifest) != string(again.manifest) {
		t.Error("the same seed makes two images")
	}
	if !json.Valid(a.manifest) || !json.Valid(a.config) {
		t.Errorf("no JSON: %s %s", a.manifest, a.config)
	}
}

func TestWorksHaveNamesOfTheirOwnAndTargetsThatCanBeMet(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range works() {
		if seen[c.work] {
			t.Errorf("two works are called %q", c.work)
		}
		seen[c.work] = true
		if c.sides == nil || c.connections < 1 || c.per.each <= 0 {
			t.Errorf("%q is incomplete", c.work)
		}
		for _, w := range c.limits {
			if w.quantity != rate && w.quantity != cpu {
				t.Errorf("%q has a target for %q, which is not measured", c.work, w.quantity)
			}
		}
	}
}

func TestAnUnknownPartIsRefused(t *testing.T) {
	if _, err := measureParts(context.Background(), []string{"lits"}, func(string) bool { return false }); err == nil {
		t.Error("it is accepted")
	}
}

func TestALocationIsAPath(t *testing.T) {
	for location, want := range map[string]string{
		"/v2/a/blobs/uploads/x?_state=y":                    "/v2/a/blobs/uploads/x?_state=y",
		"http://127.0.0.1:5000/v2/a/blobs/uploads/x?n=1%2F": "/v2/a/blobs/uploads/x?n=1%2F",
		"https://127.0.0.1":                                 "",
	} {
		if got := path([]byte(location)); got != want {
			t.Errorf("%s leads to %q, want %q", location, got, want)
		}
	}
}
