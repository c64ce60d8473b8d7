package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Values that people and programs send where a name, a number or a text is meant.
func badSegments() []string {
	return []string{
		"..", "%2e%2e", ".", "%00", "a%00b", "%ff", "a%2F..%2Fb", "a%252F..%252Fb", "%2F", ";", "%3B", "-1", "0", "99999999999999999999", "1e3",
		"%27%20OR%201%3D1--", "%3Cscript%3E", "%25", "%2525", "%0d%0aX-A:%20b", "+", "%E6%97%A5%E6%9C%AC", "%C0%80", "%ED%A0%80", "sha256:zz",
		strings.Repeat("x", 300), strings.Repeat("y", 3000), "a%20b", "*", "_", "A", "\\", "%5C", "%7F", "library",
	}
}

func badQueries() []string {
	return []string{
		"page=-1", "page=0", "page=abc", "page=99999999999999999999", "page=1099511627776", "page=4611686018427387904", "page_size=-1", "page_size=1000", "page_size=x",
		"q=bad", "q=%00", "q=name%3D%00", "q=%ff", "q=name%3D%5B~%5D", "q=creation_time%3Dyesterday", "q=creation_time%3D%5B0000-00-00~%5D",
		"q=creation_time%3D%5B9999-12-31T23:59:59~%5D", "q=name%3D~%25", "q=name%3D%7B%7D", "q=name%3D(a%20b)", "q=id%3D99999999999999999999", "q=id%3D~1", "q=name%3D'%3B--",
		"q=tags%3D%5Ba~b%5D", "q=tags%3D~%00", "q=tags%3D%7Ba%20b%7D", "q=project_id%3Dx", "q=op_time%3D%7B1%202%7D", "q=" + strings.Repeat("a%3D1%2C", 60), "q=%25%25%25",
		"sort=-%00", "sort=';DROP", "sort=" + strings.Repeat("a,", 50), "a=b;c=d", "%ff=1", "x=%ff", "with_tag=maybe", "public=maybe", "name=%00", "name=%25_%5C",
		"owner=%27", "scope=/project/99999999999999999999", "scope=/project/1%00", "scope=x", "relative=perhaps", "username=%27%25_", "username=" + strings.Repeat("u", 5000),
		"entityname=%00", "entityname=%27", "project_name=%00", "project_name=" + strings.Repeat("p", 2000), "latest_in_repository=7", "days=99999999999", "days=-1", "days=x", "limit=0", "limit=1e9", "q=tag:%ff", "q=tag:%27", "q=sha256:00000000", "q=project:%25+repo:_", "format=x", "format=jsonl",
		"from=library/app:v1", "from=library/app%00:v1", "from=%40", "from=" + strings.Repeat("a/", 900), "q=%F0%9F%92%A9", "",
	}
}

func badBodies() []string {
	fields := []string{
		"project_name", "public", "metadata", "storage_limit", "registry_id", "username", "email", "realname", "password", "comment", "role_id",
		"member_user", "member_group", "name", "description", "sysadmin_flag", "old_password", "new_password", "secret", "auto_scan",
		"schedule", "parameters", "action", "hard", "session_timeout", "banner_message", "storage_per_project", "robot_name_prefix", "theme", "pinned_projects", "cve_allowlist",
		"url", "type", "credential", "credential_type", "access_key", "access_secret", "insecure", "ca_certificate",
	}
	values := []string{
		`null`, `1`, `-1`, `1e400`, `99999999999999999999`, `true`, `"x"`, `[]`, `{}`, `[[{}]]`, `"\u0000"`, `"\ud800"`, `"'; DROP TABLE project; --"`,
		`"<script>alert(1)</script>"`, `"` + strings.Repeat("a", 5000) + `"`, `{"user_id":-1}`, `{"username":"\u0000"}`, `{"public":"maybe"}`, `{"severity":null}`, `{"type":"Custom","cron":"0 0 0 31 2 *"}`, `{"audit_retention_hour":1e300}`,
	}
	out := []string{
		"", "{", "{bad", "[]", "null", "1", `"x"`, "{}{}", "\x00", "{\"name\":\"\xff\"}", strings.Repeat("[", 20000), `{"a":` + strings.Repeat(`{"a":`, 12000) + "1" + strings.Repeat("}", 12001),
		strings.Repeat(" ", 1<<20) + "{}", `{"name":"` + strings.Repeat("z", 1<<20) + `"}`, `{"unknown":{"deep":[1,2,3]}}`, "\ufeff{}", `{"name":"a","name":"b"}`,
	}
	for i, f := range fields {
		for j := range 4 {
			out = append(out, fmt.Sprintf(`{%q:%s}`, f, values[(i*4+j)%len(values)]))
		}
	}
	whole := make([]string, 0, len(fields))
	for _, v := range values {
		whole = whole[:0]
		for _, f := range fields {
			whole = append(whole, fmt.Sprintf("%q:%s", f, v))
		}
		out = append(out, "{"+strings.Join(whole, ",")+"}")
	}
	return out
}

func badHeaders() [][]string {
	return [][]string{
		nil, {"X-Is-Resource-Name", "maybe"}, {"X-Is-Resource-Name", "true"}, {"Content-Type", "text/plain"}, {"Content-Type", ";;;"}, {"Content-Type", "application/json; charset=\xff"},
		{"Accept", "text/plain"}, {"Accept", ";q=,"}, {"X-Request-Id", strings.Repeat("r", 500)}, {"X-Request-Id", "a\tb"}, {"Cookie", "sid=\xff"}, {"Cookie", "sid=" + strings.Repeat("s", 5000)},
		{"X-Resource-Name-In-Location", "2"}, {"Content-Encoding", "gzip"}, {"Origin", "null"}, {"X-HTTP-Method-Override", "DELETE"},
	}
}

func TestMalformedRequestsOfEveryOperationAreRefusedAndNeverFail(t *testing.T) {
	s := newSite(t)
	s.project("library", true)
	s.image("library/app", "v1", "malformed")
	s.user("someone")
	random := rand.New(rand.NewPCG(1, 2)) // the same requests in every run
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	segments, queries, bodies, headers := badSegments(), badQueries(), badBodies(), badHeaders()
	sent := 0
	for _, o := range operations(t, spec(t)) {
		if o.Planned && !strings.Contains(o.Path, "{") {
			continue // it reads nothing
		}
		rounds := 50
		if o.Planned {
			rounds = 8
		}
		for i := range rounds {
			path := fill(o.Path, "library")
			if i%2 == 0 && strings.Contains(o.Path, "{") {
				path = scramble(o.Path, pick, segments)
			}
			if i%3 != 0 {
				path += "?" + pick(queries)
			}
			body := ""
			if o.Method != http.MethodGet && o.Method != http.MethodHead {
				body = pick(bodies)
			}
			who := []string{"admin", "someone", ""}[i%3%2]
			r := s.call(who, o.Method, path, body, headers[random.IntN(len(headers))]...)
			sent++
			if r.status >= 500 && r.status != http.StatusNotImplemented {
				t.Errorf("%s %s %.200q: status %d: %s", o.Method, path, body, r.status, r.body)
			}
			if r.status >= 400 && o.Method != http.MethodHead && !isProblem(r.body) {
				t.Errorf("%s %s: status %d without Harbor's body: %q", o.Method, path, r.status, r.body)
			}
		}
	}
	if sent < 3000 {
		t.Fatalf("%d requests are too few", sent)
	}
	if text := s.log.String(); strings.Contains(text, "panic") {
		t.Fatal(text)
	}
	t.Logf("%d requests", sent)
}

// scramble puts something bad in the place of one parameter, and now and then of
// all.
func scramble(path string, pick func([]string) string, segments []string) string {
	parts := strings.Split(path, "/")
	var holes []int
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			holes = append(holes, i)
		}
	}
	bad := holes[len(pick(segments))%len(holes)]
	for _, i := range holes {
		if i == bad || len(pick(segments))%5 == 0 {
			parts[i] = pick(segments)
		}
	}
	return fill(strings.Join(parts, "/"), "library")
}

func isProblem(body string) bool {
	var v struct {
		Errors []struct{ Code, Message string }
	}
	return json.Unmarshal([]byte(body), &v) == nil && len(v.Errors) == 1 && v.Errors[0].Code != "" && v.Errors[0].Message != ""
}

func TestNothingOfAMalformedRequestIsKept(t *testing.T) {
	s := newSite(t)
	for _, body := range []string{
		`{"project_name":"a/b"}`, `{"project_name":"a\u0000b"}`, `{"project_name":""}`, `{"project_name":"'; DROP TABLE project; --"}`,
		`{"project_name":"ok","metadata":{"severity":"<b>"}}`, `{"project_name":"ok","storage_limit":-7}`, `{"project_name":7}`,
		`{"project_name":"` + strings.Repeat("p", 256) + `"}`, `{"project_name":"ok","registry_id":3}`, "{\"project_name\":\"\xff\"}",
	} {
		r := s.call("admin", "POST", "/projects", body)
		if !slices.Contains([]int{400, 422, 501}, r.status) {
			t.Errorf("%.60q: status %d: %s", body, r.status, r.body)
		}
	}
	if r := s.want(http.StatusOK, "admin", "GET", "/projects", ""); r.header.Get("X-Total-Count") != "0" {
		t.Fatal(r.body)
	}
	if r := s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"ok","unknown":{"a":[1]},"metadata":{"unknown":"x"}}`); r.body != "" {
		t.Fatal("unknown fields are ignored, as Harbor ignores them")
	}
}
