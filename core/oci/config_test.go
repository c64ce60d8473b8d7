package oci_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/oci"
)

func config(t *testing.T, payload string) oci.ImageConfig {
	t.Helper()
	c, err := oci.ParseConfig([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnImageConfigIsReadInFull(t *testing.T) {
	c := config(t, string(golden(t, "config/linux-arm")))
	if !reflect.DeepEqual(c.Platform, oci.Platform{OS: "linux", Architecture: "arm", Variant: "v7"}) {
		t.Errorf("platform %+v", c.Platform)
	}
	if c.Author != "Team <team@example.com>" || !c.Created.Equal(time.Date(2026, 1, 1, 0, 0, 0, 5e8, time.UTC)) {
		t.Errorf("author %q, created %v", c.Author, c.Created)
	}
	var inner struct {
		Env    []string
		Labels map[string]string
	}
	if err := json.Unmarshal(c.Config, &inner); err != nil || len(inner.Env) != 2 || inner.Labels["maintainer"] == "" {
		t.Errorf("config %s: %v", c.Config, err)
	}
	if len(c.History) != 4 || !c.History[1].EmptyLayer || c.History[2].Comment != "buildkit.dockerfile.v0" || len(c.DiffIDs) != 2 {
		t.Errorf("history %+v, diff ids %v", c.History, c.DiffIDs)
	}
}

func TestAWindowsConfigNamesItsVersion(t *testing.T) {
	c := config(t, string(golden(t, "config/windows")))
	if c.Platform.OSVersion != "10.0.17763.5329" || !reflect.DeepEqual(c.Platform.OSFeatures, []string{"win32k"}) {
		t.Errorf("platform %+v", c.Platform)
	}
}

func TestAWrongTypeIsTheZeroValue(t *testing.T) {
	for _, c := range []struct {
		sentence, payload string
		want              oci.ImageConfig
	}{
		{"an empty object is a config", `{}`, oci.ImageConfig{}},
		{"scalars", `{"architecture":1,"os":[],"os.version":{},"variant":true,"author":null,"os.features":"x"}`, oci.ImageConfig{}},
		{"a time that is none", `{"created":"yesterday"}`, oci.ImageConfig{}},
		{"objects", `{"config":"x","rootfs":7,"history":{}}`, oci.ImageConfig{}},
		{"features that are no texts", `{"os.features":["a",1]}`, oci.ImageConfig{}},
		{"one good field among bad ones", `{"os":"linux","architecture":{}}`, oci.ImageConfig{Platform: oci.Platform{OS: "linux"}}},
		{"a history entry keeps its place", `{"history":[1,{"created_by":"x","empty_layer":"no"}]}`, oci.ImageConfig{History: []oci.HistoryEntry{{}, {CreatedBy: "x"}}}},
		{"a diff id that is no digest is left out", `{"rootfs":{"diff_ids":["x",2]}}`, oci.ImageConfig{}},
		{"diff ids that are no list", `{"rootfs":{"diff_ids":{}}}`, oci.ImageConfig{}},
		{"too long a history is none", `{"history":[` + strings.Repeat("{},", 10_000) + `{}]}`, oci.ImageConfig{}},
		{"too many diff ids are none", `{"rootfs":{"diff_ids":[` + strings.Repeat(`"`+sha256a+`",`, oci.MaxLayers) + `"x"]}}`, oci.ImageConfig{}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := config(t, c.payload); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestConfigsThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ sentence, payload string }{
		{"no JSON", "PK\x03\x04"},
		{"nothing", ""},
		{"no object", `"x"`},
		{"null", `null`},
		{"U+0000, which the database cannot hold", `{"config":{"Env":["\u0000"]}}`},
		{"too large", `{"author":"` + strings.Repeat("x", oci.MaxConfigSize) + `"}`},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if _, err := oci.ParseConfig([]byte(c.payload)); !errors.Is(err, oci.ErrConfigInvalid) {
				t.Errorf("as an image's config %v", err)
			}
			if _, err := oci.ParseChart([]byte(c.payload)); !errors.Is(err, oci.ErrConfigInvalid) {
				t.Errorf("as a chart's config %v", err)
			}
		})
	}
}

func TestHistoryTellsWhichCommandMadeWhichLayer(t *testing.T) {
	made := func(steps []oci.Step) string {
		var b strings.Builder
		for _, s := range steps {
			b.WriteString("[" + s.CreatedBy)
			if s.Layer != nil {
				b.WriteString("=" + s.Layer.MediaType)
			}
			b.WriteString("]")
		}
		return b.String()
	}
	layers := []oci.Descriptor{{MediaType: "one"}, {MediaType: "two"}}
	for _, c := range []struct{ sentence, history, want string }{
		{"empty layers are skipped", `[{"created_by":"a"},{"created_by":"b","empty_layer":true},{"created_by":"c"}]`, "[a=one][b][c=two]"},
		{"layers that are not told of follow", `[{"created_by":"a"}]`, "[a=one][=two]"},
		{"no history shows the layers", `[]`, "[=one][=two]"},
		{"more history than layers shows it all", `[{"created_by":"a"},{"created_by":"b"},{"created_by":"c"}]`, "[a=one][b=two][c]"},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if got := made(oci.History(config(t, `{"history":`+c.history+`}`), layers)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAChartIsReadInFull(t *testing.T) {
	c, err := oci.ParseChart(golden(t, "config/chart"))
	if err != nil {
		t.Fatal(err)
	}
	want := oci.Chart{
		APIVersion: "v2", Name: "redis", Version: "19.0.1", AppVersion: "7.2.4", KubeVersion: ">=1.25.0-0",
		Type: "application", Description: "An in-memory store", Home: "https://example.com/redis",
		Icon: "https://example.com/redis.png", Deprecated: true,
		Keywords: []string{"redis", "cache"}, Sources: []string{"https://example.com/src"},
		Maintainers:  []oci.Maintainer{{Name: "A. Person", Email: "a@example.com", URL: "https://example.com/a"}},
		Dependencies: []oci.Dependency{{Name: "common", Version: "2.x.x", Repository: "oci://registry.example.com/charts", Condition: "common.enabled"}},
		Annotations:  map[string]string{"category": "Database"},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v", c)
	}
}

func TestAChartWithWrongTypesKeepsTheRest(t *testing.T) {
	c, err := oci.ParseChart([]byte(`{"name":"x","version":1,"keywords":["a",2,null],"maintainers":[{"name":"n"},"m"],"annotations":{"a":1},"sources":"s"}`))
	want := oci.Chart{Name: "x", Keywords: []string{"a"}, Maintainers: []oci.Maintainer{{Name: "n"}}}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, %v", c, err)
	}
}

func FuzzParseConfig(f *testing.F) {
	files, err := filepath.Glob("testdata/config/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"created":"x","config":[],"history":[null,{}],"rootfs":{"diff_ids":[1]}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if _, err := oci.ParseChart(payload); err != nil && !errors.Is(err, oci.ErrConfigInvalid) {
			t.Fatalf("an error of no kind: %v", err)
		}
		c, err := oci.ParseConfig(payload)
		if err != nil {
			if !errors.Is(err, oci.ErrConfigInvalid) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if !json.Valid(payload) || c.Config != nil && !json.Valid(c.Config) {
			t.Fatalf("accepted what is no JSON: %q", c.Config)
		}
		for _, d := range c.DiffIDs {
			if d.Validate() != nil {
				t.Fatalf("accepted diff id %q", d)
			}
		}
		if _, err := json.Marshal(c.History); err != nil {
			t.Fatalf("the history cannot be written: %v", err)
		}
		layers := []oci.Descriptor{{Size: 1}, {Size: 2}}
		shown := 0
		for _, s := range oci.History(c, layers) {
			if s.Layer != nil {
				shown++
			}
		}
		if shown != len(layers) {
			t.Fatalf("%d of %d layers are shown", shown, len(layers))
		}
	})
}
