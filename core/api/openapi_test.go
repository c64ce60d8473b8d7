package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const (
	goldenSpec    = "openapi.json"
	compatibility = "../../docs/compatibility.md"
	tableMark     = "<!-- operations: written by `make generate` -->"
)

type operation struct {
	ID         string   `json:"operationId"`
	Tags       []string `json:"tags"`
	Permission string   `json:"x-permission"`
	Planned    bool     `json:"x-planned"`
	Method     string   `json:"-"`
	Path       string   `json:"-"`
}

// operations are what the server says that it serves.
func operations(t *testing.T, spec []byte) []operation {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	if err := json.Unmarshal(spec, &doc); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, methods := range doc.Paths {
		for method, o := range methods {
			o.Method, o.Path = strings.ToUpper(method), path
			out = append(out, o)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Path+" "+out[i].Method < out[j].Path+" "+out[j].Method
	})
	return out
}

// updating says whether `make generate` runs the test.
func updating() bool { return os.Getenv("UPDATE_GOLDEN") == "1" }

func spec(t *testing.T) []byte {
	t.Helper()
	return []byte(newSite(t).want(http.StatusOK, "", "GET", "/openapi.json", "").body)
}

func TestGoldenOpenAPI(t *testing.T) {
	got := spec(t)
	if updating() {
		if err := os.WriteFile(goldenSpec, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenSpec)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("openapi.json is stale (%v): run `make generate`", err)
	}
}

func TestOpenAPIHasTheWholeContractWithPermissions(t *testing.T) {
	served := map[string]operation{}
	for _, o := range operations(t, spec(t)) {
		if o.Permission == "" || len(o.Tags) != 1 {
			t.Errorf("%s has no permission or no tag", o.ID)
		}
		served[o.ID+" "+o.Method+" "+o.Path] = o
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "contract.txt"))
	if err != nil {
		t.Fatal(err)
	}
	contract := strings.Split(strings.TrimSpace(string(raw)), "\n")
	own := []string{ // Roadstead's, beside the contract's
		"listCurrentUserSessions", "endSession", "endOtherSessions", "getCurrentUserPreferences", "updateCurrentUserPreferences",
		"getManifestAddition", "searchItems", "getActivity", "getProjectActivity", "exportLogExts", "exportAuditLogExts",
		"getJobLogLines", "listExecutions", "getExecution", "listExecutionTasks", "stopExecution", "retryExecution", "runSchedule", "listUpkeep",
		"getStorageSummary", "listStorageFindings", "listStorageChecks", "getStorageCheckSchedule", "createStorageCheckSchedule", "updateStorageCheckSchedule",
		"previewRetention", "previewSavedRetention", "previewReplication", "retryReplication", "getReplicationPlan",
		"listRepositoryHistory", "planRepositoryRestore", "restoreRepository", "listTagHistory", "restoreTag", "setTagExpiration",
		"getRecycleBin", "emptyRecycleBin", "listDeletedArtifacts", "listDeletedRepositories", "restoreDeleted", "purgeDeleted",
		"listAllDeletedArtifacts", "listAllDeletedRepositories", "listDeletedProjects", "restoreProject",
	}
	if len(contract) != 203 || len(served) != len(contract)+len(own) {
		t.Errorf("%d operations served, %d in the contract, which has 203, and %d of our own", len(served), len(contract), len(own))
	}
	for _, line := range contract {
		if _, ok := served[line]; !ok {
			t.Errorf("not served: %s", line)
		}
	}
}

// The contract's own description is not part of this repository; HARBOR_API_FACTS names the file where it is at hand.
func TestTheContractIsTheFactsFile(t *testing.T) {
	file := os.Getenv("HARBOR_API_FACTS")
	if file == "" {
		return
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	var want []string
	for path, methods := range facts.Paths {
		for method, o := range methods {
			if details, ok := o.(map[string]any); ok {
				want = append(want, fmt.Sprint(details["operationId"], " ", strings.ToUpper(method), " ", path))
			}
		}
	}
	raw, err = os.ReadFile(filepath.Join("testdata", "contract.txt"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(string(raw)), "\n")
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("testdata/contract.txt has %d operations, the facts have %d, or they differ", len(got), len(want))
	}
}

func TestGoldenCompatibilityList(t *testing.T) {
	var table strings.Builder
	table.WriteString("| operation | method and path | who may | state |\n| --- | --- | --- | --- |\n")
	for _, o := range operations(t, spec(t)) {
		state := "served"
		if o.Planned {
			state = "501, not there yet"
		}
		fmt.Fprintf(&table, "| %s | %s `%s` | %s | %s |\n", o.ID, o.Method, o.Path, o.Permission, state)
	}
	page, err := os.ReadFile(compatibility)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(page), tableMark)
	if !found {
		t.Fatalf("docs/compatibility.md has no line %s", tableMark)
	}
	want := head + tableMark + "\n\n" + table.String()
	if updating() {
		if err := os.WriteFile(compatibility, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(page) != want {
		t.Fatal("docs/compatibility.md is stale: run `make generate`")
	}
}
