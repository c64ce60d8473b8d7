package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// A whole request, from who is asking to what belongs to the last artifact.
func TestAPageOfAHundredArtifactsTakesSixStatements(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	s.want(http.StatusCreated, "admin", "POST", "/labels", `{"name":"urgent","scope":"g"}`)
	s.want(http.StatusCreated, "admin", "POST", "/projects/gold/immutabletagrules", fmt.Sprintf(ruleForV, false))
	first, second := s.image("gold/app", "v1", "1"), s.image("gold/app", "v2", "2")
	s.index("gold/app", "multi", first, second)
	_, payload, err := s.artifacts.Manifest(t.Context(), "gold", "app", "v1")
	if err != nil {
		t.Fatal(err)
	}
	s.referrer("gold/app", first, len(payload))
	s.want(http.StatusOK, "admin", "POST", "/projects/gold/repositories/app/artifacts/v1/labels", `{"id":1}`)
	for i := 3; i <= 102; i++ {
		s.image("gold/app", fmt.Sprintf("v%d", i), "the same")
	}
	const all = "page_size=100&with_tag=true&with_label=true&with_accessory=true&with_immutable_status=true"
	b := newBrowser(s)
	b.signIn("admin", password)
	session := "sid=" + b.cookies["sid"]
	for _, path := range []string{"/projects/gold/repositories/app/artifacts?" + all, "/projects/gold/artifacts?" + all, "/projects/gold/artifacts?latest_in_repository=true&" + all} {
		for name, call := range map[string]func() response{
			"password": func() response { return s.want(http.StatusOK, "admin", "GET", path, "") },
			"session":  func() response { return s.want(http.StatusOK, "", "GET", path, "", "Cookie", session) },
		} {
			call() // the password is remembered
			counter := storetest.Count(t, s.db)
			r := call()
			if n := counter.Queries(); n > 6 {
				t.Errorf("%s by %s: %d statements\n%s", path, name, n, strings.Join(counter.Statements(), "\n"))
			}
			for _, part := range []string{`"urgent"`, `"child_digest"`, `"subject.accessory"`, `"immutable":true`} {
				if !strings.Contains(path, "latest") && !strings.Contains(r.body, part) {
					t.Errorf("%s is missing in %s", part, r.body)
				}
			}
		}
	}
}

func TestARepositoryIsEditedFromTheStateThatWasRead(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	s.image("gold/app", "v1", "one")
	const path = "/projects/gold/repositories/app"
	first := s.want(http.StatusOK, "admin", "GET", path, "").header.Get("ETag")
	s.want(http.StatusOK, "admin", "PUT", path, `{"description":"what it is for"}`, "If-Match", first)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", path, `{"description":"late"}`, "If-Match", first)
	s.want(http.StatusBadRequest, "admin", "PUT", path, fmt.Sprintf(`{"description":%q}`, strings.Repeat("x", 64<<10+1)))
	if r := s.want(http.StatusOK, "admin", "GET", path, ""); !strings.Contains(r.body, `"description":"what it is for"`) {
		t.Error(r.body)
	}
}

func TestRepositoriesAreSortedAndFoundByEveryColumn(t *testing.T) {
	s := newSite(t)
	s.project("gold", true)
	s.project("grey", true)
	for _, name := range []string{"gold/b", "gold/team/a", "grey/c"} {
		s.image(name, "v1", name)
	}
	if _, err := s.db.Pool.Exec(t.Context(), `UPDATE repository SET pull_count = id, description = name`); err != nil {
		t.Fatal(err)
	}
	names := func(query string) string {
		var out []string
		for _, r := range s.want(http.StatusOK, "", "GET", "/repositories?"+query, "").json(t).([]any) {
			out = append(out, r.(map[string]any)["name"].(string))
		}
		return strings.Join(out, " ")
	}
	for query, want := range map[string]string{
		"": "grey/c gold/team/a gold/b", "sort=name": "gold/b gold/team/a grey/c", "sort=-name": "grey/c gold/team/a gold/b", "sort=creation_time": "gold/b gold/team/a grey/c",
		"sort=-update_time": "grey/c gold/team/a gold/b", "sort=pull_count": "gold/b gold/team/a grey/c", "sort=-project_id,name": "grey/c gold/b gold/team/a",
		"sort=repository_id": "gold/b gold/team/a grey/c", "sort=-description": "gold/team/a grey/c gold/b",
		"q=name%3D~TEAM": "gold/team/a", "q=name%3Dgold/b": "gold/b", "q=name%3D~_": "", "q=pull_count%3D[0~]": "grey/c gold/team/a gold/b", "page=2&page_size=2": "gold/b",
	} {
		if got := names(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// What a page of a hundred artifacts costs the process, client included: compare with
// 5 ms. How long Postgres takes at 100,000 is core/artifact's BenchmarkList.
func BenchmarkPageOfArtifacts(b *testing.B) {
	s := newSite(b)
	s.project("gold", false)
	for i := range 100 {
		s.image("gold/app", fmt.Sprintf("v%d", i), fmt.Sprint(i))
	}
	const path = "/projects/gold/repositories/app/artifacts?page_size=100&with_tag=true&with_label=true&with_accessory=true&with_immutable_status=true"
	s.want(http.StatusOK, "admin", "GET", path, "")
	spent := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	b.ResetTimer()
	before := spent()
	for range b.N {
		s.want(http.StatusOK, "admin", "GET", path, "")
	}
	b.ReportMetric(float64((spent()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}
