package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// peer is another registry that is open to everybody.
func peer(t testing.TB) string {
	t.Helper()
	return adaptertest.New(t, adaptertest.Options{}, nil).URL
}

func TestRegistriesAreShownWithoutTheirSecret(t *testing.T) {
	s := newSite(t)
	r := adaptertest.New(t, adaptertest.Options{User: "mover", Password: "Anchor-2026"}, nil)
	body := fmt.Sprintf(`{"name":"mirror","type":"docker-registry","url":"%s/","credential":{"type":"basic","access_key":"mover","access_secret":"Anchor-2026"}}`, r.URL)
	made := s.want(http.StatusCreated, "admin", "POST", "/registries", body)
	where := made.header.Get("Location")
	for _, path := range []string{where, "/registries", "/registries?name=IRR", "/registries?q=status%3Dhealthy&sort=-name"} {
		got := s.want(http.StatusOK, "admin", "GET", path, "")
		if strings.Contains(got.body, "Anchor") || !strings.Contains(got.body, `"credential":{"access_key":"mover","access_secret":"*****","type":"basic"}`) || !strings.Contains(got.body, `"url":"`+r.URL+`"`) {
			t.Errorf("%s: %s", path, got.body)
		}
	}
	if got := s.want(http.StatusOK, "admin", "GET", "/registries?name=nothing", ""); got.body != "[]\n" {
		t.Errorf("%s", got.body)
	}
	// What was read can be sent back.
	s.want(http.StatusOK, "admin", "PUT", where, `{"access_secret":"*****","description":"d"}`)
	s.want(http.StatusBadRequest, "admin", "PUT", where, `{"access_secret":"wrong"}`)
	edition := s.want(http.StatusOK, "admin", "GET", where, "").header.Get("ETag")
	s.want(http.StatusOK, "admin", "PUT", where, `{"description":"e"}`, "If-Match", edition)
	s.want(http.StatusPreconditionFailed, "admin", "PUT", where, `{"description":"f"}`, "If-Match", edition)
	if text := s.log.String(); strings.Contains(text, "Anchor") {
		t.Errorf("the log shows the secret: %s", text)
	}
}

func TestARegistryThatIsNotThereIs404(t *testing.T) {
	s := newSite(t)
	for _, r := range [][2]string{{"GET", "/registries/9"}, {"PUT", "/registries/9"}, {"DELETE", "/registries/9"}, {"GET", "/registries/9/info"}} {
		body := ""
		if r[0] == "PUT" {
			body = "{}"
		}
		s.want(http.StatusNotFound, "admin", r[0], r[1], body)
	}
	s.want(http.StatusNotFound, "admin", "POST", "/registries/ping", `{"id":9}`)
}

func TestTheReasonOfAnUnhealthyRegistryIsTold(t *testing.T) {
	s := newSite(t)
	for body, want := range map[string]string{
		`{"type":"docker-registry","url":"http://127.0.0.1:1"}`:                    "the registry is unhealthy: connection refused to 127.0.0.1:1: nothing listens there",
		`{"type":"docker-registry","url":"http://169.254.169.254"}`:                "the registry is unhealthy: requests to 169.254.169.254 are refused",
		`{"type":"docker-registry","url":"http://me:secret@registry.example.com"}`: "invalid URL: it holds a user name or a password",
		`{"type":"helm-hub","url":"http://127.0.0.1:1"}`:                           "unsupported registry type",
		`{}`: "type or url cannot be empty",
	} {
		r := s.want(http.StatusBadRequest, "admin", "POST", "/registries/ping", body)
		if m := r.message(t); !strings.HasPrefix(m, want) || strings.Contains(m, "secret@") {
			t.Errorf("%s: %s", body, m)
		}
	}
}

func TestEveryKindHasWhatAFormNeeds(t *testing.T) {
	s := newSite(t)
	var kinds []string
	if err := json.Unmarshal([]byte(s.want(http.StatusOK, "admin", "GET", "/replication/adapters", "").body), &kinds); err != nil {
		t.Fatal(err)
	}
	var forms map[string]struct {
		Endpoint struct {
			Type string `json:"endpoint_type"`
		} `json:"endpoint_pattern"`
		Credential struct {
			Key    string `json:"access_key_type"`
			Secret string `json:"access_secret_type"`
		} `json:"credential_pattern"`
	}
	if err := json.Unmarshal([]byte(s.want(http.StatusOK, "admin", "GET", "/replication/adapterinfos", "").body), &forms); err != nil {
		t.Fatal(err)
	}
	if len(kinds) != len(remote.Kinds()) || len(forms) != len(kinds) {
		t.Fatalf("%v, %v", kinds, forms)
	}
	for _, k := range kinds {
		if f := forms[k]; f.Endpoint.Type == "" || f.Credential.Key == "" || f.Credential.Secret == "" {
			t.Errorf("%s: %+v", k, f)
		}
	}
}

func TestThisRegistryItselfCanBeTriggeredByEvents(t *testing.T) {
	s := newSite(t)
	got := s.want(http.StatusOK, "admin", "GET", "/registries/0/info", "").body
	if !strings.Contains(got, `"event_based"`) || !strings.Contains(got, `"type":"harbor"`) {
		t.Error(got)
	}
}

func TestARobotSeesRegistriesWhenItMay(t *testing.T) {
	s := newSite(t)
	at := peer(t)
	body := fmt.Sprintf(`{"name":"mirror","type":"docker-registry","url":%q}`, at)
	where := s.want(http.StatusCreated, "admin", "POST", "/registries", body).header.Get("Location")
	s.user("someone")
	for _, who := range []string{"someone", ""} {
		want := http.StatusForbidden
		if who == "" {
			want = http.StatusUnauthorized
		}
		s.want(want, who, "GET", where, "")
		s.want(want, who, "POST", "/registries/ping", `{"id":1}`)
	}
}
