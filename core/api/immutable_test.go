package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const ruleForV = `{"disabled":%t,"action":"immutable","template":"immutable_template",
"tag_selectors":[{"kind":"doublestar","decoration":"matches","pattern":"v*","extras":"{\"untagged\":true}"}],
"scope_selectors":{"repository":[{"kind":"doublestar","decoration":"repoMatches","pattern":"**"}]}}`

func TestAnImmutableTagIsKeptUntilItsRuleIsDisabled(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	s.image("gold/app", "v1", "one")
	const rules, artifact = "/projects/gold/immutabletagrules", "/projects/gold/repositories/app/artifacts/v1"
	path := s.want(http.StatusCreated, "admin", "POST", rules, fmt.Sprintf(ruleForV, false)).header.Get("Location")
	for _, p := range []string{artifact + "/tags/v1", artifact, "/projects/gold/repositories/app"} {
		m := s.want(http.StatusPreconditionFailed, "admin", "DELETE", p, "").message(t)
		if !strings.HasPrefix(m, "the tag v1 configured as immutable, cannot be deleted; ask a maintainer") {
			t.Errorf("%s: %s", p, m)
		}
	}
	for query, want := range map[string]string{"?with_immutable_status=true": `"immutable":true`, "": `"immutable":false`} {
		for _, p := range []string{artifact, artifact + "/tags", "/projects/gold/repositories/app/artifacts", "/projects/gold/artifacts"} {
			if r := s.want(http.StatusOK, "admin", "GET", p+query, ""); !strings.Contains(r.body, want) {
				t.Errorf("%s%s: %s", p, query, r.body)
			}
		}
	}
	r := s.want(http.StatusOK, "admin", "GET", rules, "")
	if !strings.Contains(r.body, `"extras":"{\"untagged\":true}"`) || r.header.Get("X-Total-Count") != "1" {
		t.Error(r.body)
	}
	edition := fmt.Sprintf("%q", r.json(t).([]any)[0].(map[string]any)["update_time"])
	s.want(http.StatusOK, "admin", "PUT", path, fmt.Sprintf(ruleForV, true), "If-Match", edition)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", path, fmt.Sprintf(ruleForV, false), "If-Match", edition)
	s.want(http.StatusOK, "admin", "DELETE", artifact+"/tags/v1", "")
}

func TestARuleThatIsNoneIsRefused(t *testing.T) {
	s := newSite(t)
	s.project("gold", false)
	good := fmt.Sprintf(ruleForV, false)
	for name, body := range map[string]string{
		"nothing": `{}`, "another action": strings.Replace(good, `"immutable"`, `"retain"`, 1), "another template": strings.Replace(good, "immutable_template", "x", 1),
		"another scope": strings.Replace(good, `"repository"`, `"project"`, 1), "a broken pattern": strings.Replace(good, "v*", "{v", 1),
		"another kind": strings.Replace(good, "doublestar", "regexp", 1), "no repositories": strings.Replace(good, `"scope_selectors"`, `"x"`, 1),
	} {
		s.want(http.StatusBadRequest, "admin", "POST", "/projects/gold/immutabletagrules", body)
		if s.want(http.StatusBadRequest, "admin", "PUT", "/projects/gold/immutabletagrules/9999", body).message(t) == "" {
			t.Error(name)
		}
	}
	s.want(http.StatusNotFound, "admin", "PUT", "/projects/gold/immutabletagrules/9999", good)
	s.want(http.StatusUnprocessableEntity, "admin", "POST", "/projects/gold/immutabletagrules", `{"tag_selectors":7}`)
}
