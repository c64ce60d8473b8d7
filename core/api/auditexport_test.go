package api_test

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

func TestTheAuditLogIsExportedAsCSVThatNoSpreadsheetComputes(t *testing.T) {
	s := newSite(t)
	for _, resource := range []string{`=cmd|' /C calc'!A0`, "+1", "-1", "@SUM(A1)", "a \"quoted\", one", "two\nlines", "\t=1", "ordinary"} {
		if err := s.domain.Audit.RecordNow(t.Context(), s.admin, audit.Entry{Operation: audit.Create, ResourceType: audit.Project, Resource: resource}); err != nil {
			t.Fatal(err)
		}
	}
	r := s.want(http.StatusOK, "admin", "GET", "/auditlog-exts/export?q=resource_type%3Dproject", "")
	if r.header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || !strings.HasPrefix(r.header.Get("Content-Disposition"), `attachment; filename="auditlog-2`) || !strings.Contains(r.body, "\r\n") {
		t.Error(r.header)
	}
	rows, err := csv.NewReader(strings.NewReader(r.body)).ReadAll()
	if err != nil || len(rows) != 9 || strings.Join(rows[0], ",") != "id,op_time,username,operation,resource_type,resource,operation_description,operation_result" {
		t.Fatalf("%v, %v", rows, err)
	}
	var resources []string
	for _, row := range rows[1:] {
		resources = append(resources, row[5])
		if !strings.HasSuffix(row[1], "Z") || row[2] != "admin" || row[7] != "true" {
			t.Error(row)
		}
	}
	if got := strings.Join(resources, "|"); got != "ordinary|'\t=1|two\nlines|a \"quoted\", one|'@SUM(A1)|'-1|'+1|'=cmd|' /C calc'!A0" {
		t.Error(got)
	}
	var exported string
	err = s.db.Pool.QueryRow(t.Context(), `SELECT description FROM audit_event WHERE resource_type = 'auditlog'`).Scan(&exported)
	if err != nil || exported != "export audit log: auditlog as csv, q=resource_type=project" {
		t.Errorf("the export's own entry is %q, %v", exported, err)
	}
}

func TestTheAuditLogIsExportedAsJSONLines(t *testing.T) {
	s := newSite(t)
	if _, err := s.db.Pool.Exec(t.Context(), `INSERT INTO audit_event (at, username, operation, resource_type, resource) SELECT now() - interval '1 day', 'admin', 'pull', 'artifact', 'library/app:' || g FROM generate_series(1, 1200) g`); err != nil {
		t.Fatal(err)
	}
	r := s.want(http.StatusOK, "admin", "GET", "/auditlog-exts/export?format=jsonl&q=operation%3Dpull", "", "Accept", "application/jsonl")
	lines, last := bufio.NewScanner(strings.NewReader(r.body)), int64(1<<62)
	n := 0
	for ; lines.Scan(); n++ {
		var e struct {
			ID        int64
			Operation string
			OpTime    string `json:"op_time"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.ID >= last || e.Operation != "pull" || e.OpTime == "" {
			t.Fatalf("%s, %v", lines.Text(), err)
		}
		last = e.ID
	}
	if n != 1200 || r.header.Get("Content-Type") != "application/jsonl" {
		t.Errorf("%d lines, %v", n, r.header)
	}
}

func TestAnExportHasWhatTheListWouldShow(t *testing.T) {
	s := newSite(t)
	gold := s.project("gold", false)
	s.image("gold/app", "v1", "one")
	s.member(gold, s.user("chief"), rbac.ProjectAdmin)
	s.member(gold, s.user("guest"), rbac.Guest)
	if r := s.want(http.StatusOK, "guest", "GET", "/auditlog-exts/export", ""); strings.Contains(r.body, "gold/app") {
		t.Error("somebody's own log has what others did:", r.body)
	}
	if r := s.want(http.StatusOK, "chief", "GET", "/projects/gold/auditlog-exts/export", ""); !strings.Contains(r.body, "gold/app:v1") || strings.Contains(r.body, "auditlog") {
		t.Error(r.body)
	}
	s.want(http.StatusForbidden, "guest", "GET", "/projects/gold/auditlog-exts/export", "")
	s.want(http.StatusUnauthorized, "", "GET", "/auditlog-exts/export", "")
	for path, status := range map[string]int{"?format=xml": 422, "?q=bad": 400, "?q=id%3Dx": 400, "?q=operation%3D~x": 200} {
		if r := s.call("admin", "GET", "/auditlog-exts/export"+path, ""); r.status != status || status != 200 && !isProblem(r.body) {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}

func TestActivityAndItemsAnswerInTheirShape(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	d := s.image("gold/app", "v1", "one")
	if _, err := s.artifacts.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/projects/gold/activity?days=7", "/statistics/activity?days=7"} {
		days := s.want(http.StatusOK, "admin", "GET", path, "").json(t).([]any)
		today := days[len(days)-1].(map[string]any)
		if len(days) != 7 || today["pushes"] != 1.0 || today["stored"].(float64) <= 0 || len(today["day"].(string)) != 10 {
			t.Errorf("%s: %v", path, days)
		}
		s.want(http.StatusUnprocessableEntity, "admin", "GET", strings.Replace(path, "=7", "=366", 1), "")
		s.want(http.StatusUnprocessableEntity, "admin", "GET", strings.Replace(path, "=7", "=0", 1), "")
	}
	s.want(http.StatusUnauthorized, "", "GET", "/statistics/activity", "")
	s.want(http.StatusUnauthorized, "", "GET", "/projects/gold/activity", "")
	items := s.want(http.StatusOK, "admin", "GET", "/search/items?q=gold", "").json(t).(map[string]any)
	for key, want := range map[string]int{"projects": 1, "repositories": 1, "tags": 0, "artifacts": 0} {
		if got := len(items[key].([]any)); got != want {
			t.Errorf("%d %s", got, key)
		}
	}
	found := s.want(http.StatusOK, "admin", "GET", "/search/items?q="+d.Encoded()[:10], "").json(t).(map[string]any)["artifacts"].([]any)[0].(map[string]any)
	if found["type"] != "IMAGE" || found["repository_name"] != "gold/app" || found["tags"].([]any)[0] != "v1" {
		t.Error(found)
	}
	if r := s.want(http.StatusOK, "", "GET", "/search/items?q=gold", ""); strings.TrimSpace(r.body) != `{"projects":[],"repositories":[],"tags":[],"artifacts":[]}` {
		t.Error(r.body)
	}
	s.want(http.StatusUnprocessableEntity, "", "GET", "/search/items?q=a&limit=51", "")
	s.want(http.StatusBadRequest, "", "GET", "/search/items?q="+strings.Repeat("a", 300), "")
	s.want(http.StatusUnprocessableEntity, "", "GET", "/search/items", "")
}
