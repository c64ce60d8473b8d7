package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

func TestQuotasAreListedByWhatIsUsed(t *testing.T) {
	s := newSite(t)
	small, large, empty := s.project("small", false), s.project("large", false), s.project("empty", false)
	s.image("small/app", "v1", "1")
	s.image("large/app", "v1", "a longer one")
	s.image("large/app", "v2", "a longer one still")
	s.want(http.StatusOK, "admin", "PUT", fmt.Sprintf("/quotas/%d", empty.ID), `{"hard":{"storage":4096}}`)
	for query, want := range map[string][]int64{
		"":                                        {large.ID, small.ID, empty.ID},
		"?sort=used.storage":                      {empty.ID, small.ID, large.ID},
		"?sort=-hard.storage,name":                {empty.ID, large.ID, small.ID},
		"?reference=project":                      {large.ID, small.ID, empty.ID},
		"?reference=registry":                     {},
		"?reference_id=x":                         {},
		"?q=hard.storage%3D4096":                  {empty.ID},
		"?page=2&page_size=1":                     {small.ID},
		"?q=name%3D~l&sort=-name":                 {small.ID, large.ID},
		"?q=used.storage%3D%5B~0%5D":              {empty.ID},
		fmt.Sprintf("?reference_id=%d", small.ID): {small.ID},
	} {
		rows := s.want(http.StatusOK, "admin", "GET", "/quotas"+query, "").json(t).([]any)
		var got []int64
		for _, r := range rows {
			got = append(got, int64(r.(map[string]any)["id"].(float64)))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	s.user("alice")
	s.want(http.StatusForbidden, "alice", "GET", "/quotas", "")
}

func TestALimitIsChangedFromWhatWasSeen(t *testing.T) {
	s := newSite(t)
	p := s.project("small", false)
	s.image("small/app", "v1", "1")
	at := fmt.Sprintf("/quotas/%d", p.ID)
	seen := s.want(http.StatusOK, "admin", "GET", at, "").header.Get("ETag")
	s.image("small/app", "v2", "2") // what is used is not what people edit
	s.want(http.StatusOK, "admin", "PUT", at, `{"hard":{"storage":10}}`, "If-Match", seen)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", at, `{"hard":{"storage":20}}`, "If-Match", seen)
	for body, says := range map[string]string{
		`{"hard":{"storage":0}}`:                   "invalid non-positive value for quota limit, value=0",
		`{"hard":{"storage":-2}}`:                  "invalid non-positive value for quota limit, value=-2",
		`{"hard":{"storage":1152921504606846976}}`: "storage limit",
		`{"hard":{"count":5}}`:                     "nothing else has a quota",
		`{"hard":{"storage":5,"count":5}}`:         "nothing else has a quota",
		`{}`:                                       "nothing else has a quota",
	} {
		if m := s.want(http.StatusBadRequest, "admin", "PUT", at, body).message(t); !strings.Contains(m, says) {
			t.Errorf("%s: %s", body, m)
		}
	}
	s.want(http.StatusNotFound, "admin", "PUT", "/quotas/999", `{"hard":{"storage":5}}`)
	s.want(http.StatusNotFound, "admin", "GET", "/quotas/999", "")
	if body := s.want(http.StatusOK, "admin", "GET", "/projects/small/summary", "").body; !strings.Contains(body, `"hard":{"storage":10}`) {
		t.Error(body)
	}
	s.want(http.StatusOK, "admin", "PUT", "/projects/small", `{"storage_limit":77}`)
	if body := s.want(http.StatusOK, "admin", "GET", at, "").body; !strings.Contains(body, `"hard":{"storage":77}`) {
		t.Error(body)
	}
	if log := s.want(http.StatusOK, "admin", "GET", "/auditlog-exts?q=resource_type%3Dquota", ""); log.header.Get("X-Total-Count") != "2" {
		t.Error(log.body)
	}
}

func TestProjectsTellWhatIsStoredToThoseWhoMayKnow(t *testing.T) {
	s := newSite(t)
	full, empty := s.project("full", true), s.project("empty", true)
	s.image("full/app", "v1", "1")
	alice := s.user("alice")
	s.user("stranger")
	s.member(full, alice, rbac.LimitedGuest)
	s.want(http.StatusOK, "admin", "PUT", fmt.Sprintf("/quotas/%d", full.ID), `{"hard":{"storage":600}}`)
	s.want(http.StatusOK, "admin", "PUT", fmt.Sprintf("/quotas/%d", empty.ID), `{"hard":{"storage":600}}`)
	for _, c := range []struct {
		who, query string
		want       []string
		quota      bool
	}{
		{"admin", "", []string{"empty", "full"}, true},
		{"admin", "?storage_over=85", []string{"full"}, true},
		{"alice", "?storage_over=85", []string{"full"}, true},
		{"alice", "?mine=true", []string{"full"}, true},
		{"admin", "?mine=true", []string{"empty", "full"}, true},
		{"stranger", "", []string{"empty", "full"}, false},
		{"stranger", "?mine=true", nil, false},
		{"stranger", "?storage_over=0", nil, false},
		{"", "?storage_over=85", nil, false},
		{"", "?mine=true", nil, false},
	} {
		r := s.want(http.StatusOK, c.who, "GET", "/projects"+c.query, "")
		var got []string
		for _, row := range r.json(t).([]any) {
			p := row.(map[string]any)
			got = append(got, p["name"].(string))
			_, told := p["storage_used"]
			if told != c.quota || (p["last_push_time"] != nil) != (p["name"] == "full") {
				t.Errorf("%s as %q: %v", c.query, c.who, p)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) || r.header.Get("X-Total-Count") != fmt.Sprint(len(c.want)) {
			t.Errorf("%s as %q: %v, want %v", c.query, c.who, got, c.want)
		}
	}
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/projects?storage_over=x", "")
	s.want(http.StatusUnprocessableEntity, "admin", "GET", "/projects?storage_over=-1", "")
}

func TestAProjectKeepsItsCVEAllowlistAndTellsTheSecondWhoChangesIt(t *testing.T) {
	s := newSite(t)
	s.want(http.StatusCreated, "admin", "POST", "/projects", `{"project_name":"p","cve_allowlist":{"items":[{"cve_id":"CVE-2026-1"}]}}`)
	seen := s.want(http.StatusOK, "admin", "GET", "/projects/p", "")
	if !strings.Contains(seen.body, `"items":[{"cve_id":"CVE-2026-1"}]`) {
		t.Error(seen.body)
	}
	change := `{"cve_allowlist":{"items":[{"cve_id":"CVE-2026-2"},{"cve_id":"GHSA-x"}],"expires_at":1900000000},"metadata":{"reuse_sys_cve_allowlist":"false"}}`
	s.want(http.StatusOK, "admin", "PUT", "/projects/p", change, "If-Match", seen.header.Get("ETag"))
	s.want(http.StatusPreconditionFailed, "admin", "PUT", "/projects/p", `{"public":true}`, "If-Match", `"2001-01-01T00:00:00.000Z"`)
	s.want(http.StatusOK, "admin", "PUT", "/projects/p", `{"metadata":{"auto_scan":"true"}}`)
	if body := s.want(http.StatusOK, "admin", "GET", "/projects/p", "").body; !strings.Contains(body, `"expires_at":1900000000`) || !strings.Contains(body, `"GHSA-x"`) {
		t.Error("another change took the allowlist away", body)
	}
	setting := s.want(http.StatusOK, "admin", "GET", "/projects/p/metadatas/auto_scan", "").header.Get("ETag")
	s.want(http.StatusOK, "admin", "PUT", "/projects/p/metadatas/auto_scan", `{"auto_scan":"false"}`, "If-Match", setting)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", "/projects/p/metadatas/auto_scan", `{"auto_scan":"true"}`, "If-Match", setting)
	for _, bad := range []string{
		`{"items":[{"cve_id":""}]}`, `{"items":[{"cve_id":"a b"}]}`, `{"items":[{"cve_id":"a"},{"cve_id":"a"}]}`, `{"items":[{}]}`, `{"items":[],"expires_at":-1}`,
		`{"items":[` + strings.Repeat(`{"cve_id":"a"},`, 5000) + `{"cve_id":"a"}]}`,
	} {
		s.want(http.StatusBadRequest, "admin", "PUT", "/projects/p", `{"cve_allowlist":`+bad+`}`)
	}
}
