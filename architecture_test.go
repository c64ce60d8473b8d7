package roadstead_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/roadstead-registry/roadstead"

// Tests may use these from every line: a whole server, the domain, and a database.
const (
	apptest   = "cmd/roadstead/apptest"
	coretest  = "core/coretest"
	storetest = "core/store/storetest"
)

// goPackage is what is looked at of `go list -json`.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// TestImports holds the code to the two tables of docs/architecture.md.
func TestImports(t *testing.T) {
	page, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := readLines(t, string(page))
	homes := readHomes(t, string(page))
	for _, pkg := range listPackages(t) {
		from := relative(pkg.ImportPath)
		entry, line := lines.find(from)
		if entry == "" {
			t.Errorf("%s is on no line of docs/architecture.md; add it where it belongs", from)
			continue
		}
		for _, imported := range pkg.Imports {
			lines.check(t, from, entry, line, imported)
			homes.check(t, from, imported)
		}
		for _, imported := range slices.Concat(pkg.TestImports, pkg.XTestImports) {
			if to := relative(imported); to != apptest && to != coretest && to != storetest {
				lines.check(t, from, entry, line, imported)
			}
		}
	}
}

// table maps an entry of the page to its line, counted from the top; a lower line has a higher number.
type table map[string]int

// find returns the longest entry that a package's path begins with.
func (lines table) find(path string) (entry string, line int) {
	for candidate, at := range lines {
		if within(path, candidate) && len(candidate) > len(entry) {
			entry, line = candidate, at
		}
	}
	return entry, line
}

func (lines table) check(t *testing.T, from, entry string, line int, imported string) {
	t.Helper()
	if imported != module && !strings.HasPrefix(imported, module+"/") {
		return
	}
	to := relative(imported)
	if target, at := lines.find(to); target != "" && target != entry && at <= line {
		t.Errorf("%s imports %s, which is not on a lower line of docs/architecture.md; turn the dependency round, or pass it in cmd/roadstead/app", from, to)
	}
}

// libraryHomes maps a library to the packages that may import it.
type libraryHomes map[string][]string

func (homes libraryHomes) check(t *testing.T, from, imported string) {
	t.Helper()
	for library, allowed := range homes {
		if !within(imported, library) {
			continue
		}
		if !slices.ContainsFunc(allowed, func(home string) bool { return within(from, home) }) {
			t.Errorf("%s imports %s, whose home is %s", from, imported, strings.Join(allowed, ", "))
		}
	}
}

// within tells whether a path is a folder or below it. "." is the module's root alone.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func relative(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func readLines(t *testing.T, page string) table {
	t.Helper()
	lines := table{}
	for at, row := range rows(t, page, "| line | packages |") {
		for _, entry := range row.names {
			if _, twice := lines[entry]; twice {
				t.Errorf("docs/architecture.md has %s on two lines", entry)
			}
			lines[entry] = at
		}
	}
	return lines
}

func readHomes(t *testing.T, page string) libraryHomes {
	t.Helper()
	homes := libraryHomes{}
	for _, row := range rows(t, page, "| library | home |") {
		homes[row.names[0]] = row.names[1:]
	}
	return homes
}

// row is a row of a table with what stands in it `like this`.
type row struct{ names []string }

// rows returns the rows of the table with that head, which must not be empty.
func rows(t *testing.T, page, head string) []row {
	t.Helper()
	quoted := regexp.MustCompile("`([^`]+)`")
	_, body, found := strings.Cut(page, head)
	if !found {
		t.Fatalf("docs/architecture.md has no table that begins with %q", head)
	}
	var all []row
	for _, line := range strings.Split(body, "\n")[2:] { // the rest of the head and the rule
		if !strings.HasPrefix(line, "|") {
			break
		}
		var r row
		for _, match := range quoted.FindAllStringSubmatch(line, -1) {
			r.names = append(r.names, match[1])
		}
		if len(r.names) == 0 {
			t.Fatalf("docs/architecture.md has a row that names nothing: %s", line)
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		t.Fatalf("the table %q of docs/architecture.md is empty", head)
	}
	return all
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "-tags", "e2e,e2eclients", "./...")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	listed, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(listed)); ; {
		var pkg goPackage
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("decode what go list says: %v", err)
		}
		all = append(all, pkg)
	}
	if len(all) < 5 {
		t.Fatalf("go list finds %d packages; run this at the root of the repository", len(all))
	}
	return all
}
