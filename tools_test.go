package roadstead_test

import (
	"os"
	"regexp"
	"testing"
)

// The registry that the benchmark compares with is the version that is embedded.
func TestThePeerOfTheBenchmarkIsTheEmbeddedVersion(t *testing.T) {
	requirement := regexp.MustCompile(`github\.com/distribution/distribution/v3 (v\S+)`)
	versions := map[string]string{}
	for _, file := range []string{"go.mod", "scripts/tools/distribution/go.mod"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := requirement.FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s does not require distribution", file)
		}
		versions[file] = string(found[1])
	}
	if versions["go.mod"] != versions["scripts/tools/distribution/go.mod"] {
		t.Errorf("the versions differ: %v; run go get in scripts/tools/distribution", versions)
	}
}
