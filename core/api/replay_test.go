package api_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/remote"
)

// recording is a request to a running Harbor v2.16 and what it answered; lists are
// cut to two entries. Names of the form {x} stand for ids and digests that differ
// from server to server.
type recording struct {
	Name     string
	Who      string
	Method   string
	Path     string
	Send     map[string]string
	Request  string
	Status   int
	Header   map[string]string // * is any value
	Response any
}

// difference is what is not as Harbor has it, on purpose; docs/compatibility.md
// says why of each.
type difference struct {
	status  int    // instead of the recorded one; 0: the same
	message string // how the message begins instead; "": as recorded
	shape   bool   // the body is another
	adds    string // keys that Harbor has not
}

func differences() map[string]difference {
	return map[string]difference{
		"repository-get-single-encoded":    {status: http.StatusOK, shape: true},
		"users-list-as-user":               {message: "forbidden: user:list needs a system administrator"},
		"audit-logs-anon":                  {message: "unauthorized"},
		"configurations-get-user":          {message: "forbidden: configuration:read needs a system administrator"},
		"configurations-put-user":          {message: "forbidden: configuration:update needs a system administrator"},
		"systeminfo-getcert":               {message: "resource not found: cert not found in path: "},
		"audit-logs":                       {shape: true},
		"project-logs":                     {shape: true},
		"audit-logs-as-user":               {shape: true},
		"health":                           {shape: true},
		"immutable-list":                   {adds: "update_time"},
		"project-summary":                  {adds: "recoverable"},
		"project-summary-as-admin-member":  {adds: "recoverable"},
		"project-summary-quota":            {adds: "recoverable"},
		"quotas-list":                      {adds: "recoverable"},
		"quotas-by-ref":                    {adds: "recoverable"},
		"quota-get":                        {adds: "recoverable"},
		"configurations-get":               {adds: "recovery_days"},
		"gc-history":                       {adds: "progress"},
		"gc-get":                           {adds: "progress"},
		"gc-schedule-badcron":              {message: "invalid cron string for schedule: bad, error: expected exactly 6 fields, found 1: "},
		"registries-list":                  {adds: "status_check_time status_since"},
		"registry-get":                     {adds: "status_check_time status_since"},
		"registry-info":                    {adds: "supported_copy_by_chunk"},
		"replication-policies-list":        {adds: "creator status_since status_check_time"},
		"replication-policy-get":           {adds: "creator status_since status_check_time"},
		"replication-execution-inprogress": {adds: "username"},
		"replication-execution-get":        {adds: "bytes done items rate username"},
		"replication-executions-list":      {adds: "bytes done items rate username"},
		"replication-tasks":                {adds: "bytes done items rate run_count"},
		"retention-get":                    {adds: "update_time"},
		"method-not-allowed":               {message: "method PATCH is not allowed, but [GET,POST,HEAD] are"},
	}
}

// replay is a run of the recordings with what their names stand for.
type replay struct {
	*site
	values map[string]string
}

func TestReplayOfWhatHarborAnswered(t *testing.T) {
	r := &replay{site: newSite(t), values: map[string]string{}}
	r.project("library", true)
	r.values["peer"], r.values["down"] = peer(t), "http://127.0.0.1:1"
	r.values["goldx"] = fmt.Sprint(r.project("goldx", false).ID)
	for _, rec := range recordings(t) {
		r.prepare(rec.Name)
		ok := t.Run(rec.Name, func(t *testing.T) { r.compare(t, rec) })
		if !ok && rec.Method == http.MethodPost {
			t.Fatalf("%s failed, and what follows needs it", rec.Name)
		}
	}
}

func recordings(t *testing.T) []recording {
	t.Helper()
	f, err := os.Open("testdata/harbor.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []recording
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var rec recording
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			t.Fatal(err)
		}
		out = append(out, rec)
	}
	if err := errors.Join(lines.Err()); err != nil || len(out) < 100 {
		t.Fatalf("%d recordings, %v", len(out), err)
	}
	return out
}

// prepare does what happened between the recorded requests.
func (r *replay) prepare(name string) {
	switch name {
	case "users-list":
		for i := 2; i <= 6; i++ {
			u := r.user(fmt.Sprintf("u%d", i))
			r.values[fmt.Sprintf("u%d", i)] = fmt.Sprint(u.ID)
		}
	case "repositories-list":
		r.values["v1"] = r.image("gold/app", "v1", "one").String()
		r.values["v2"] = r.image("gold/app", "v2", "two").String()
		r.image("gold/team/web", "latest", "three")
		r.image("gold/del", "x", "del")
		for _, name := range []string{"a", "b", "c"} { // so that there is a second page
			r.image("library/"+name, "v1", name)
		}
	case "artifacts-list":
		r.index("gold/app", "multi", digestOf(r.values["v1"]), digestOf(r.values["v2"]))
		_, payload, err := r.artifacts.Manifest(r.t.Context(), "gold", "app", "v1")
		if err != nil {
			r.t.Fatal(err)
		}
		r.referrer("gold/app", digestOf(r.values["v1"]), len(payload))
	case "retention-executions":
		r.retain()
		r.values["rettask"] = fmt.Sprint(r.lastTask())
	case "repository-delete":
		r.image("gold/copied", "v1", "one")
	case "registry-delete-inuse":
		id, _ := strconv.ParseInt(r.values["registry"], 10, 64)
		r.domain.RegistryUsers = map[remote.ID][]string{id: {"nightly"}}
	case "replication-execution-get": // it has been done
		id, _ := strconv.ParseInt(r.values["rex"], 10, 64)
		t, ok := r.t.(*testing.T)
		if !ok {
			r.t.Fatal("no test")
		}
		r.replicate(t, id, job.Outcome{})
		var task int64
		if err := r.db.Gorm.Raw("SELECT max(id) FROM task WHERE execution_id = ?", id).Scan(&task).Error; err != nil {
			r.t.Fatal(err)
		}
		r.values["rtask"] = strconv.FormatInt(task, 10)
	case "registry-delete":
		r.domain.RegistryUsers = nil
	case "jobservice-pools": // one process works
		if _, _, err := r.domain.Jobs.Heartbeat(r.t.Context(), job.Pool{ID: "713a1c817a5ad8f52fb220cd", Host: "one", PID: 7231, Concurrency: 10}, nil); err != nil {
			r.t.Fatal(err)
		}
	case "projects-list": // so that there is a second page
		if _, err := r.projects.Create(r.t.Context(), r.admin, project.New{Name: "another"}); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *replay) lastTask() (id int64) {
	r.t.Helper()
	if err := r.db.Pool.QueryRow(r.t.Context(), "SELECT max(id) FROM task").Scan(&id); err != nil {
		r.t.Fatal(err)
	}
	return id
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func (r *replay) fill(s string) string {
	return placeholder.ReplaceAllStringFunc(s, func(m string) string {
		if v, ok := r.values[m[1:len(m)-1]]; ok {
			return v
		}
		return m
	})
}

func (r *replay) compare(t *testing.T, rec recording) {
	var headers []string
	for k, v := range rec.Send {
		headers = append(headers, k, v)
	}
	got := r.call(rec.Who, rec.Method, r.fill(rec.Path), r.fill(rec.Request), headers...)
	kept := differences()[rec.Name]
	want := rec.Status
	if kept.status != 0 {
		want = kept.status
	}
	if got.status != want {
		t.Fatalf("status %d, want %d: %s", got.status, want, got.body)
	}
	r.compareHeaders(t, rec, got, kept)
	r.compareBody(t, rec, got, kept)
}

func (r *replay) compareHeaders(t *testing.T, rec recording, got response, kept difference) {
	for name, want := range rec.Header {
		have := got.header.Get(name)
		switch {
		case have == "" || (want == "*" && !kept.shape):
			if have == "" {
				t.Errorf("no header %s", name)
			}
		case kept.shape || (name == "Content-Type" && rec.Method == http.MethodHead):
		default:
			pattern := regexp.QuoteMeta(r.fill(want))
			unknown := regexp.MustCompile(`\\\{(\w+)\\\}`).FindStringSubmatch(pattern)
			if unknown != nil {
				pattern = strings.Replace(pattern, unknown[0], `(\d+)`, 1)
			}
			m := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(have)
			if m == nil {
				t.Errorf("header %s is %q, want %q", name, have, want)
			} else if unknown != nil {
				r.values[unknown[1]] = m[1]
			}
		}
	}
	for _, name := range []string{"Location", "X-Total-Count"} {
		if _, recorded := rec.Header[name]; !recorded && got.header.Get(name) != "" && !kept.shape {
			t.Errorf("header %s: %q, and Harbor has none", name, got.header.Get(name))
		}
	}
}

func (r *replay) compareBody(t *testing.T, rec recording, got response, kept difference) {
	if text, ok := rec.Response.(string); ok || rec.Response == nil {
		if rec.Status < 300 && rec.Response != nil && got.body != text {
			t.Errorf("body %q, want %q", got.body, text)
		}
		return
	}
	if kept.shape {
		return
	}
	have := got.json(t)
	if rec.Status >= 400 {
		want := rec.Response.(map[string]any)["errors"].([]any)[0].(map[string]any)
		body := have.(map[string]any)["errors"].([]any)[0].(map[string]any)
		message := r.fill(want["message"].(string))
		if kept.message != "" {
			message = kept.message
		}
		if body["code"] != want["code"] || !sameMessage(fmt.Sprint(body["message"]), message) {
			t.Errorf("error %v %q, want %v %q", body["code"], body["message"], want["code"], message)
		}
		return
	}
	if !strings.HasSuffix(got.body, "\n") && rec.Name != "api-version" {
		t.Error("no line end after the body")
	}
	for _, d := range shape("", rec.Response, have) {
		if !slices.ContainsFunc(strings.Fields(kept.adds), func(key string) bool { return strings.HasSuffix(d, "."+key+" is not in Harbor's") }) {
			t.Errorf("%s\n%s", d, got.body)
		}
	}
}

// sameMessage lets a message say more after Harbor's words; ids differ.
func sameMessage(have, want string) bool {
	digits := regexp.MustCompile(`\d+`)
	return strings.HasPrefix(digits.ReplaceAllString(have, "0"), digits.ReplaceAllString(want, "0"))
}

// optionalKeys are left out by Harbor and by us when there is nothing to say.
func optionalKeys() []string {
	return []string{
		"comment", "description", "email", "realname", "annotations", "retention_id", "developer_count", "guest_count", "maintainer_count",
		"limited_guest_count", "current_user_role_id", "artifact_count", "pull_count", "project_public", "message", "deletable",
		"storage_used", "storage_limit", "last_push_time", "expires_at", "total", "free",
		"addition_links", "artifact_type", "extra_attrs", "variant",
		"host", "cron_type", "next_scheduled_time", // of pools and schedules
		"auto_scan", "enable_content_trust", "prevent_vul", "reuse_sys_cve_allowlist", "severity", // metadata of another project
	}
}

// shape lists where the keys and types of two values differ, and the values of
// words that do not depend on the server.
func shape(at string, want, have any) []string {
	if w, ok := want.(map[string]any); ok {
		h, ok := have.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %T, want an object", at, have)}
		}
		var out []string
		for k := range w {
			if v, ok := h[k]; ok {
				out = append(out, shape(at+"."+k, w[k], v)...)
			} else if !slices.Contains(optionalKeys(), k) {
				out = append(out, at+"."+k+" is missing")
			}
		}
		for k := range h {
			if _, ok := w[k]; !ok && !slices.Contains(optionalKeys(), k) {
				out = append(out, at+"."+k+" is not in Harbor's")
			}
		}
		return out
	}
	if w, ok := want.([]any); ok {
		h, ok := have.([]any)
		switch {
		case !ok:
			return []string{fmt.Sprintf("%s: %T, want a list", at, have)}
		case (len(w) == 0) != (len(h) == 0):
			return []string{fmt.Sprintf("%s: %d entries, want %d", at, len(h), len(w))}
		case len(w) == 0:
			return nil
		}
		return shape(at+"[]", w[0], h[0])
	}
	if reflect.TypeOf(want) != reflect.TypeOf(have) {
		return []string{fmt.Sprintf("%s: %T, want %T", at, have, want)}
	}
	return word(at, want, have)
}

func word(at string, want, have any) []string {
	key := at[strings.LastIndex(at, ".")+1:]
	same := []string{
		"type", "media_type", "manifest_media_type", "artifact_type", "architecture", "os", "variant", "author", "created", "icon", "absolute", "immutable",
		"auth_mode", "entity_type", "project_creation_restriction", "public", "auto_scan", "event_type", "deletable", "subject_artifact_repo",
		"created_by", "comment", "empty_layer", "self_registration", "registry_storage_provider_name",
	}
	if slices.Contains(same, key) && !reflect.DeepEqual(want, have) {
		return []string{fmt.Sprintf("%s is %v, want %v", at, have, want)}
	}
	return times(at, want, have)
}

var harborTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

func times(at string, want, have any) []string {
	if w, ok := want.(string); ok && harborTime.MatchString(w) && !harborTime.MatchString(fmt.Sprint(have)) {
		return []string{fmt.Sprintf("%s: %v is not a time as Harbor writes it", at, have)}
	}
	return nil
}
