package search_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/search"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

const seed = `
INSERT INTO account (name) VALUES ('admin'), ('member'), ('stranger');
INSERT INTO project (name, owner_id, public, deleted_at) VALUES ('library', 1, true, NULL), ('payments', 1, false, NULL), ('a_b', 1, true, NULL), ('gone', 1, true, now());
INSERT INTO role_grant (principal_kind, principal_id, role_id, project_id) VALUES ('u', 2, 3, 2);
INSERT INTO repository (project_id, name, full_name, pull_count, published_at, deleted_at) VALUES
	(1, 'nginx', 'library/nginx', 5, now(), NULL), (1, 'team/nginx-proxy', 'library/team/nginx-proxy', 9, now(), NULL), (1, 'unfinished-nginx', 'library/unfinished-nginx', 0, NULL, NULL),
	(1, 'deleted-nginx', 'library/deleted-nginx', 0, now(), now()), (2, 'nginx', 'payments/nginx', 50, now(), NULL), (3, 'x_y', 'a_b/x_y', 0, now(), NULL), (4, 'nginx', 'gone/nginx', 0, now(), NULL);
INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || lpad(to_hex(g), 8, '0') || repeat('0', 56), 'application/vnd.oci.image.manifest.v1+json', 1, '' FROM generate_series(1, 9) g;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size, tag_count, deleted_at)
	SELECT r.project_id, r.id, 'sha256:' || lpad(to_hex(r.id), 8, '0') || repeat('0', 56), 'image', 'application/vnd.oci.image.manifest.v1+json', 1, 1, CASE WHEN r.id = 2 THEN now() END FROM repository r;
INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, size) VALUES (1, 1, 'sha256:00000005' || repeat('0', 56), 'image', 'application/vnd.oci.image.manifest.v1+json', 1);
INSERT INTO tag (repository_id, name, artifact_id) SELECT repository_id, 'v1.' || id, id FROM artifact WHERE deleted_at IS NULL;
INSERT INTO tag (repository_id, name, artifact_id) VALUES (1, 'latest', 1), (5, 'Latest', 5);`

func open(t *testing.T, sql ...string) (*store.DB, *search.Service) {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	for _, s := range sql {
		if _, err := db.Pool.Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return db, search.NewService(db.Gorm)
}

var (
	admin    = rbac.Subject{Kind: rbac.Human, ID: 1, SysAdmin: true}
	member   = rbac.Subject{Kind: rbac.Human, ID: 2}
	stranger = rbac.Subject{Kind: rbac.Human, ID: 3}
	robot    = rbac.Subject{Kind: rbac.Machine, ID: 2, Grants: &rbac.Grants{In: map[int64][]rbac.Permission{2: {rbac.On(rbac.Repository, rbac.List)}}}}
)

// found writes what was found on one line: projects, repositories, tags, digests.
func found(t *testing.T, s *search.Service, who rbac.Subject, text string) string {
	t.Helper()
	q, err := search.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	items, err := s.Items(t.Context(), who, q, 10)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var out []string
	for _, p := range items.Projects {
		out = append(out, p.Name)
	}
	for _, r := range items.Repositories {
		out = append(out, r.FullName)
	}
	for _, x := range items.Tags {
		out = append(out, x.FullName+":"+x.Name)
	}
	for _, a := range items.Artifacts {
		name := a.RepositoryName + "@" + strings.TrimPrefix(a.Digest, "sha256:")[:8]
		for _, x := range a.Tags {
			name += "+" + x.Name
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func TestEverybodyFindsWhatTheySee(t *testing.T) {
	_, s := open(t, seed)
	for _, c := range []struct {
		who  rbac.Subject
		text string
		want string
	}{
		{rbac.Subject{}, "nginx", "library/nginx library/team/nginx-proxy"},
		{stranger, "nginx", "library/nginx library/team/nginx-proxy"},
		{member, "nginx", "payments/nginx library/nginx library/team/nginx-proxy"},
		{robot, "nginx", "payments/nginx library/nginx library/team/nginx-proxy"},
		{admin, "nginx", "payments/nginx library/nginx library/team/nginx-proxy"},
		{stranger, "pay", ""},
		{member, "pay", "payments payments/nginx"},
		{stranger, "tag:v1", "library/nginx:v1.1 a_b/x_y:v1.6 library/nginx:v1.8"},
		{member, "tag:v1", "library/nginx:v1.1 payments/nginx:v1.5 a_b/x_y:v1.6 library/nginx:v1.8"},
		{stranger, "sha256:00000005", "library/nginx@00000005+v1.8"},
		{member, "00000005", "library/nginx@00000005+v1.8 payments/nginx@00000005+Latest+v1.5"},
	} {
		if got := found(t, s, c.who, c.text); got != c.want {
			t.Errorf("%+v looks for %q: got %q, want %q", c.who, c.text, got, c.want)
		}
	}
}

func TestWordsNarrowAndTheirCharactersStandForThemselves(t *testing.T) {
	_, s := open(t, seed)
	for text, want := range map[string]string{
		"":                           "",
		"  ":                         "",
		"NGINX":                      "payments/nginx library/nginx library/team/nginx-proxy",
		"ngin library":               "library/nginx library/team/nginx-proxy",
		"library/n":                  "library/nginx",
		"proxy team":                 "library/team/nginx-proxy",
		"project:lib":                "library library/team/nginx-proxy library/nginx",
		"project:lib proxy":          "library/team/nginx-proxy",
		"repo:proxy":                 "library/team/nginx-proxy",
		"repo:library":               "",
		"repository:nginx pay":       "payments/nginx",
		"n":                          "payments/nginx library/nginx library/team/nginx-proxy",
		"te":                         "library/team/nginx-proxy",
		"gi":                         "",
		"_":                          "",
		"%":                          "",
		"x_y":                        "a_b/x_y",
		"a_b":                        "a_b a_b/x_y",
		"nginx%":                     "",
		`\`:                          "",
		"tag:lat":                    "library/nginx:latest",
		"tag:Lat":                    "payments/nginx:Latest",
		"tag:v1 project:pay":         "payments/nginx:v1.5",
		"tag:v1.8 repo:nginx":        "library/nginx:v1.8",
		"tag:~":                      "",
		"tag:é":                      "",
		"00000002":                   "", // deleted
		"0000000":                    "", // too short for a digest, and in no name
		"SHA256:00000006":            "a_b/x_y@00000006+v1.6",
		"sha256:00000006 project:li": "",
		"sha256:zz":                  "",
		"unfinished":                 "",
		"deleted":                    "",
		"gone":                       "",
	} {
		if got := found(t, s, admin, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestSearchesBeyondTheBoundsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"long": strings.Repeat("x", 257), "many words": strings.Repeat("x ", 9), "NUL": "a\x00b", "no UTF-8": "a\xffb",
	} {
		if _, err := search.Parse(text); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHarborsSearchFindsOneLetterAnywhere(t *testing.T) {
	_, s := open(t, seed)
	got, err := s.Repositories(t.Context(), stranger, "ROXY")
	if err != nil || len(got) != 1 || got[0].FullName != "library/team/nginx-proxy" || got[0].ProjectName != "library" || got[0].PullCount != 9 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = s.Repositories(t.Context(), stranger, "_"); err != nil || len(got) != 1 || got[0].Artifacts != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestAMillionNamesAreSearchedInAMoment(t *testing.T) {
	db, s := open(t, strings.Split(search.Volume, ";")...)
	for _, c := range []struct {
		name string
		who  rbac.Subject
		text string
		want string
	}{
		{"a word", admin, "app-99", "project-"},
		{"a word that a stranger sees half of", stranger, "app-99", "project-"},
		{"a word of all repositories", member, "team", "project-"},
		{"one letter", admin, "t", "project-"},
		{"two letters", member, "ap", "project-"},
		{"several words", member, "project-2 team-3 app-9", "project-2"},
		{"a repository in a project", admin, "project:project-77 repo:app-1", "project-77"},
		{"nothing", member, "nosuchname", ""},
		{"the beginning of all tags", admin, "tag:v1", "project-2/team-1/app-1:v1.1.1"},
		{"of all tags, for a stranger", stranger, "tag:v1", "project-"},
		{"of one tag, seen by one member", member, "tag:v1.9.only", "quiet/secret:v1.9.only-here"},
		{"of tags nobody sees", stranger, "tag:v1.9.only", ""},
		{"of no tag", member, "tag:zz", ""},
		{"tags of a project", admin, "tag:v1 project:quiet", "quiet/secret:v1.9.only-here"},
		{"a digest", admin, "sha256:c4ca4238a0", "project-2/team-1/app-1@c4ca4238"},
	} {
		q, err := search.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		statements := storetest.Count(t, db)
		best := time.Hour
		for range 8 { // also with the plan that does not know the parameters
			start := time.Now()
			if _, err := s.Items(t.Context(), c.who, q, 10); err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(start))
		}
		if n := statements.Queries(); n > 8*3 {
			t.Errorf("%s: %d statements", c.name, n/8)
		}
		if got := found(t, s, c.who, c.text); !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: got %q", c.name, got)
		}
		t.Logf("%-40s %s", c.name, best.Round(10*time.Microsecond))
		if best > 100*time.Millisecond { // far from what is measured, so that a busy machine does not fail it
			t.Errorf("%s took %s", c.name, best)
		}
	}
	for _, text := range []string{"p-99", "a", "nosuch"} { // Harbor's search
		best := time.Hour
		for range 8 {
			start := time.Now()
			if _, err := s.Repositories(t.Context(), stranger, text); err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(start))
		}
		t.Logf("names with %-29q %s", text, best.Round(10*time.Microsecond))
		if best > 100*time.Millisecond {
			t.Errorf("names with %q took %s", text, best)
		}
	}
	// The first tags with the beginning are all of projects that the member does not see.
	if _, err := db.Pool.Exec(t.Context(), `UPDATE project SET public = false`); err != nil {
		t.Fatal(err)
	}
	if got := found(t, s, member, "tag:v1"); got != "quiet/secret:v1.9.only-here" {
		t.Errorf("a member of a quiet project finds %q", got)
	}
	if got := found(t, s, stranger, "tag:v1"); got != "" {
		t.Errorf("a stranger finds %q", got)
	}
}
