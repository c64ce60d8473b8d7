package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// object is a JSON object of an answer.
type object = map[string]any

func (r response) list(t *testing.T) []object {
	t.Helper()
	all, ok := r.json(t).([]any)
	if !ok {
		t.Fatalf("%s is no list", r.body)
	}
	out := make([]object, len(all))
	for i, o := range all {
		out[i] = o.(object)
	}
	return out
}

const inGold = "/projects/gold/repositories/team%252Fapp"

func TestWhatWasDeletedIsListedAndComesBack(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	d := s.image("gold/team/app", "v1", "one")
	s.image("gold/team/app", "v2", "two")
	s.want(http.StatusOK, "admin", "DELETE", inGold+"/artifacts/v1", "")
	r := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin/artifacts", "")
	rows := r.list(t)
	if len(rows) != 1 || r.header.Get("X-Total-Count") != "1" || rows[0]["digest"] != d.String() || rows[0]["repository_name"] != "gold/team/app" ||
		fmt.Sprint(rows[0]["tags"]) != "[v1]" || rows[0]["operator"] != "admin" || rows[0]["cause"] != "delete-artifact" || rows[0]["type"] != "IMAGE" || rows[0]["recoverable"].(float64) <= 0 {
		t.Fatal(r.body)
	}
	about := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin", "").object(t)
	if about["recovery_seconds"] != float64(3600) || fmt.Sprint(about["recoverable"]) != fmt.Sprint(object{"storage": rows[0]["recoverable"]}) {
		t.Error(about)
	}
	body := fmt.Sprintf(`{"artifacts":[%.0f]}`, rows[0]["id"])
	back := s.want(http.StatusOK, "admin", "POST", "/projects/gold/recyclebin/restore", body).object(t)
	if fmt.Sprint(back["tags"]) != fmt.Sprint([]any{object{"digest": d.String(), "name": "v1", "repository_name": "gold/team/app"}}) || fmt.Sprint(back["tags_taken"]) != "[]" {
		t.Error(back)
	}
	s.want(http.StatusOK, "admin", "GET", inGold+"/artifacts/v1", "")
	s.want(http.StatusNotFound, "admin", "POST", "/projects/gold/recyclebin/restore", body)

	s.want(http.StatusOK, "admin", "DELETE", inGold, "")
	rows = s.want(http.StatusOK, "admin", "GET", "/recyclebin/repositories?q=name%3D~team", "").list(t)
	if len(rows) != 1 || rows[0]["name"] != "gold/team/app" || rows[0]["project_name"] != "gold" || rows[0]["artifact_count"] != float64(2) || rows[0]["tag_count"] != float64(2) {
		t.Fatal(rows)
	}
	body = fmt.Sprintf(`{"repositories":[%.0f]}`, rows[0]["id"])
	s.image("gold/team/app", "v1", "again")
	if m := s.want(http.StatusConflict, "admin", "POST", "/projects/gold/recyclebin/restore", body).message(t); !strings.Contains(m, "under another name") {
		t.Error(m)
	}
	if rows := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin/repositories", "").list(t); rows[0]["name_taken"] != true {
		t.Error(rows)
	}
	s.want(http.StatusOK, "admin", "DELETE", inGold, "")
	s.want(http.StatusOK, "admin", "POST", "/projects/gold/recyclebin/restore", body)
	s.want(http.StatusOK, "admin", "GET", inGold+"/artifacts/"+d.String(), "")
}

func TestARepositoryIsRestoredUnderAnotherName(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.member(p, s.user("keeper"), rbac.Maintainer)
	d := s.image("gold/team/app", "v1", "one")
	s.want(http.StatusOK, "keeper", "DELETE", inGold, "")
	s.image("gold/team/app", "v1", "again")
	id := s.want(http.StatusOK, "keeper", "GET", "/projects/gold/recyclebin/repositories", "").list(t)[0]["id"]
	restore := func(status int, names string) response {
		t.Helper()
		return s.want(status, "keeper", "POST", "/projects/gold/recyclebin/restore", fmt.Sprintf(`{"repositories":[%.0f],"names":%s}`, id, names))
	}
	restore(http.StatusUnprocessableEntity, `{"x":"old"}`)
	restore(http.StatusBadRequest, `{"999999":"old"}`)
	restore(http.StatusBadRequest, fmt.Sprintf(`{"%.0f":"Old"}`, id))
	restore(http.StatusUnprocessableEntity, fmt.Sprintf(`{"%.0f":1}`, id))
	restore(http.StatusConflict, fmt.Sprintf(`{"%.0f":"team/app"}`, id))
	back := restore(http.StatusOK, fmt.Sprintf(`{"%.0f":"team/app-restored"}`, id)).object(t)
	if fmt.Sprint(back["repositories"]) != "[gold/team/app-restored]" {
		t.Error(back)
	}
	s.want(http.StatusOK, "keeper", "GET", "/projects/gold/repositories/team%252Fapp-restored/artifacts/"+d.String(), "")
	s.want(http.StatusNotFound, "keeper", "GET", inGold+"/artifacts/"+d.String(), "")
}

func TestAnAdministratorRestoresADeletedProject(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.member(p, s.user("keeper"), rbac.ProjectAdmin)
	s.user("stranger")
	d := s.image("gold/team/app", "v1", "one")
	s.want(http.StatusOK, "keeper", "DELETE", inGold, "")
	s.want(http.StatusOK, "keeper", "DELETE", "/projects/gold", "")
	s.want(http.StatusForbidden, "keeper", "GET", "/projects/gold/recyclebin/repositories", "")
	r := s.want(http.StatusOK, "admin", "GET", "/recyclebin/projects?q=name%3D~gol", "")
	rows := r.list(t)
	if len(rows) != 1 || r.header.Get("X-Total-Count") != "1" || rows[0]["name"] != "gold" || rows[0]["project_id"] != float64(p.ID) || rows[0]["operator"] != "keeper" ||
		rows[0]["repository_count"] != float64(1) || rows[0]["artifact_count"] != float64(1) || rows[0]["name_taken"] != false || rows[0]["recoverable"].(float64) <= 0 {
		t.Fatal(r.body)
	}
	if rows := s.want(http.StatusOK, "admin", "GET", "/recyclebin/projects?q=operator%3Dbob", "").list(t); len(rows) != 0 {
		t.Error(rows)
	}
	restore := fmt.Sprintf("/recyclebin/projects/%d/restore", p.ID)
	for who, status := range map[string]int{"": http.StatusUnauthorized, "stranger": http.StatusForbidden, "keeper": http.StatusForbidden} {
		s.want(status, who, "GET", "/recyclebin/projects", "")
		s.want(status, who, "POST", restore, `{}`)
	}
	s.project("gold", false)
	if m := s.want(http.StatusConflict, "admin", "POST", restore, `{}`).message(t); !strings.Contains(m, "under another name") {
		t.Error(m)
	}
	s.want(http.StatusBadRequest, "admin", "POST", restore, `{"name":"Old"}`)
	back := s.want(http.StatusOK, "admin", "POST", restore, `{"name":"old"}`).object(t)
	if back["name"] != "old" || fmt.Sprint(back["lost"]) != fmt.Sprint(object{"retention_policy": false, "robot_count": 0, "robot_grant_count": 0}) {
		t.Error(back)
	}
	s.want(http.StatusNotFound, "admin", "POST", restore, `{}`)
	rows = s.want(http.StatusOK, "keeper", "GET", "/projects/old/recyclebin/repositories", "").list(t)
	if len(rows) != 1 || rows[0]["name"] != "old/team/app" {
		t.Fatal(rows)
	}
	s.want(http.StatusOK, "keeper", "POST", "/projects/old/recyclebin/restore", fmt.Sprintf(`{"repositories":[%.0f]}`, rows[0]["id"]))
	s.want(http.StatusOK, "keeper", "GET", "/projects/old/repositories/team%252Fapp/artifacts/"+d.String(), "")
}

func TestDeletingForEverIsAPermissionOfItsOwn(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	for _, role := range rbac.Roles() {
		s.member(p, s.user(strings.ToLower(role.String())), role)
	}
	s.image("gold/team/app", "v1", "one")
	s.image("gold/team/app", "v2", "two")
	for _, tag := range []string{"v1", "v2"} {
		s.want(http.StatusOK, "maintainer", "DELETE", inGold+"/artifacts/"+tag, "")
	}
	rows := s.want(http.StatusOK, "maintainer", "GET", "/projects/gold/recyclebin/artifacts", "").list(t)
	body := fmt.Sprintf(`{"artifacts":[%.0f]}`, rows[0]["id"])
	s.want(http.StatusForbidden, "developer", "GET", "/projects/gold/recyclebin/artifacts", "")
	s.want(http.StatusForbidden, "developer", "POST", "/projects/gold/recyclebin/restore", body)
	s.want(http.StatusForbidden, "maintainer", "POST", "/projects/gold/recyclebin/purge", body)
	s.want(http.StatusForbidden, "maintainer", "DELETE", "/projects/gold/recyclebin", "")
	s.want(http.StatusForbidden, "projectadmin", "GET", "/recyclebin/artifacts", "")
	s.want(http.StatusOK, "projectadmin", "POST", "/projects/gold/recyclebin/purge", body)
	s.want(http.StatusNotFound, "maintainer", "POST", "/projects/gold/recyclebin/restore", body)
	emptied := s.want(http.StatusOK, "projectadmin", "DELETE", "/projects/gold/recyclebin", "").object(t)
	if emptied["artifacts"] != float64(1) || len(s.want(http.StatusOK, "maintainer", "GET", "/projects/gold/recyclebin/artifacts", "").list(t)) != 0 {
		t.Error(emptied)
	}
	for _, bad := range []string{`{}`, `{"artifacts":[]}`, `{"artifacts":[` + strings.Repeat("1,", 1000) + `1]}`} {
		s.want(http.StatusBadRequest, "projectadmin", "POST", "/projects/gold/recyclebin/purge", bad)
		s.want(http.StatusBadRequest, "projectadmin", "POST", "/projects/gold/recyclebin/restore", bad)
	}
	s.want(http.StatusNotFound, "projectadmin", "POST", "/projects/gold/recyclebin/purge", `{"artifacts":[999999]}`)
}

func TestATagsHistoryIsToldAndRestoredFrom(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", true)
	s.member(p, s.user("dev"), rbac.Developer)
	s.member(p, s.user("look"), rbac.LimitedGuest)
	one := s.image("gold/team/app", "v1", "one")
	two := s.image("gold/team/app", "v1", "two")
	between := time.Now().UTC().Format(time.RFC3339Nano)
	s.image("gold/team/app", "v2", "three")
	r := s.want(http.StatusOK, "look", "GET", inGold+"/tags/v1/history?page_size=1", "")
	moves := r.list(t)
	if r.header.Get("X-Total-Count") != "2" || len(moves) != 1 || moves[0]["cause"] != "push" || moves[0]["operator"] != "admin" ||
		moves[0]["from"].(object)["digest"] != one.String() || moves[0]["from"].(object)["state"] != "alive" || moves[0]["to"].(object)["digest"] != two.String() {
		t.Fatal(r.body)
	}
	s.want(http.StatusUnauthorized, "", "GET", inGold+"/tags/v1/history", "") // public, but people's names are not
	if all := s.want(http.StatusOK, "look", "GET", inGold+"/history?q=tag%3Dv1", "").list(t); len(all) != 2 {
		t.Error(all)
	}
	s.want(http.StatusForbidden, "look", "POST", inGold+"/tags/v1/restore", fmt.Sprintf(`{"digest":%q}`, one))
	done := s.want(http.StatusOK, "dev", "POST", inGold+"/tags/v1/restore", fmt.Sprintf(`{"digest":%q}`, one)).object(t)
	if done["from"] != two.String() || done["to"] != one.String() || done["revived"] != false {
		t.Error(done)
	}
	s.want(http.StatusOK, "admin", "DELETE", inGold+"/artifacts/"+two.String(), "")
	if m := s.want(http.StatusForbidden, "dev", "POST", inGold+"/tags/v1/restore", fmt.Sprintf(`{"digest":%q}`, two)).message(t); !strings.Contains(m, "recycle bin") {
		t.Error(m)
	}
	s.want(http.StatusOK, "admin", "POST", inGold+"/tags/v1/restore", fmt.Sprintf(`{"digest":%q}`, two))
	for _, bad := range []string{`{}`, `{"digest":"v1"}`, `{"digest":"sha256:1"}`} {
		s.want(http.StatusBadRequest, "dev", "POST", inGold+"/tags/v1/restore", bad)
	}
	s.want(http.StatusNotFound, "dev", "GET", "/projects/gold/repositories/nosuch/history", "")

	s.want(http.StatusForbidden, "dev", "GET", inGold+"/restore?at="+url.QueryEscape(between), "")
	plan := s.want(http.StatusOK, "admin", "GET", inGold+"/restore?at="+url.QueryEscape(between), "").object(t)
	if plan["deleted"] != float64(1) || plan["moved"] != float64(0) || plan["complete"] != true || len(plan["changes"].([]any)) != 1 {
		t.Error(plan)
	}
	s.want(http.StatusOK, "admin", "GET", inGold+"/artifacts/v2", "")
	s.want(http.StatusOK, "admin", "POST", inGold+"/restore", fmt.Sprintf(`{"at":%q}`, between))
	s.want(http.StatusNotFound, "admin", "GET", inGold+"/artifacts/v2", "")
	for _, bad := range []string{"", "yesterday", "2999-01-01T00:00:00Z"} {
		s.want(http.StatusBadRequest, "admin", "GET", inGold+"/restore?at="+bad, "")
		s.want(http.StatusBadRequest, "admin", "POST", inGold+"/restore", fmt.Sprintf(`{"at":%q}`, bad))
	}
}

func TestATagIsGivenADate(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.member(p, s.user("dev"), rbac.Developer)
	s.image("gold/team/app", "v1", "one")
	at := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	body := fmt.Sprintf(`{"expire_time":%q}`, at.Format(time.RFC3339))
	s.want(http.StatusForbidden, "dev", "PUT", inGold+"/tags/v1/expiration", body)
	s.want(http.StatusOK, "admin", "PUT", inGold+"/tags/v1/expiration", body)
	for _, path := range []string{"/artifacts/v1", "/artifacts/v1/tags", "/artifacts"} {
		if r := s.want(http.StatusOK, "dev", "GET", inGold+path, ""); !strings.Contains(r.body, `"expire_time":"`+at.Format("2006-01-02T15:04:05.000Z")) {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	s.want(http.StatusOK, "admin", "PUT", inGold+"/tags/v1/expiration", `{"expire_time":null}`)
	if r := s.want(http.StatusOK, "dev", "GET", inGold+"/artifacts/v1/tags", ""); strings.Contains(r.body, "expire_time") {
		t.Error(r.body)
	}
	for _, bad := range []string{`{"expire_time":"soon"}`, `{"expire_time":"2001-01-01T00:00:00Z"}`, `{"expire_time":"9999-01-01T00:00:00Z"}`} {
		s.want(http.StatusBadRequest, "admin", "PUT", inGold+"/tags/v1/expiration", bad)
	}
	s.want(http.StatusNotFound, "admin", "PUT", inGold+"/tags/nosuch/expiration", body)
}

func TestAProjectHasAWindowOfItsOwn(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.image("gold/team/app", "v1", "one")
	if r := s.want(http.StatusOK, "admin", "GET", "/projects/gold", ""); strings.Contains(r.body, "recovery_days") {
		t.Error("it is shown before it is set")
	}
	for _, bad := range []string{"-1", "366", "two", "1.5"} {
		s.want(http.StatusBadRequest, "admin", "PUT", "/projects/gold", fmt.Sprintf(`{"metadata":{"recovery_days":%q}}`, bad))
	}
	s.want(http.StatusBadRequest, "admin", "PUT", "/projects/gold", `{"metadata":{"tag_expiry_pattern":"v["}}`)
	s.want(http.StatusBadRequest, "admin", "PUT", "/projects/gold", `{"metadata":{"tag_expiry_days":"0"}}`)
	s.want(http.StatusOK, "admin", "PUT", "/projects/gold", `{"metadata":{"recovery_days":"0","tag_expiry_days":"3","tag_expiry_pattern":"pr-*"}}`)
	if about := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin", "").object(t); about["recovery_seconds"] != float64(0) {
		t.Error(about)
	}
	s.want(http.StatusOK, "admin", "DELETE", inGold+"/artifacts/v1", "")
	if rows := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin/artifacts", "").list(t); len(rows) != 0 {
		t.Error(rows)
	}
	s.want(http.StatusOK, "admin", "DELETE", "/projects/gold/metadatas/recovery_days", "")
	if about := s.want(http.StatusOK, "admin", "GET", "/projects/gold/recyclebin", "").object(t); about["recovery_seconds"] != float64(3600) {
		t.Error(about)
	}
	if _, err := s.projects.Create(t.Context(), s.admin, project.New{Name: "silver", Metadata: map[string]string{"recovery_days": "7"}}); err != nil {
		t.Error(err)
	}
	s.want(http.StatusOK, "admin", "GET", fmt.Sprintf("/projects/%d/recyclebin", p.ID), "")
}

func TestAQuotaSaysHowMuchIsRecoverable(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.image("gold/team/app", "v1", "one")
	paths := []string{"/quotas?reference_id=" + fmt.Sprint(p.ID), fmt.Sprintf("/quotas/%d", p.ID), "/projects/gold/summary"}
	check := func(want bool) {
		t.Helper()
		for _, path := range paths {
			r := s.want(http.StatusOK, "admin", "GET", path, "")
			if got := !strings.Contains(r.body, `"recoverable":{"storage":0}`); got != want || !strings.Contains(r.body, `"recoverable"`) {
				t.Errorf("%s: %s", path, r.body)
			}
		}
	}
	check(false)
	s.want(http.StatusOK, "admin", "DELETE", inGold+"/artifacts/v1", "")
	check(true)
	s.want(http.StatusOK, "admin", "DELETE", "/projects/gold/recyclebin", "")
	check(false)
}
