package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
)

// robotOf makes a robot whose secret is apptest.Password, so that it can be called as.
func robotOf(t *testing.T, s *apptest.Server, name, kind, namespace string, access ...string) (full, location string) {
	t.Helper()
	var list []map[string]string
	for _, a := range access {
		resource, action, _ := strings.Cut(a, ":")
		list = append(list, map[string]string{"resource": resource, "action": action})
	}
	made := s.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/robots", map[string]any{
		"name": name, "level": "system", "duration": -1,
		"permissions": []any{map[string]any{"kind": kind, "namespace": namespace, "access": list}},
	})
	var out struct{ Name string }
	if err := json.Unmarshal([]byte(made.Text), &out); err != nil {
		t.Fatal(err)
	}
	location = made.Header.Get("Location")
	s.Must(http.StatusOK, "admin", http.MethodPatch, location, map[string]string{"secret": apptest.Password})
	return out.Name, location
}

// It drives the registry as robots, with the secret and with a token.
func TestRobotsPullPushAndDeleteWhatTheyWereGiven(t *testing.T) {
	s := apptest.Start(t)
	s.Project("closed", false)
	s.Project("open", true)
	pull, push, remove := "repository:pull", "repository:push", "repository:delete"
	for number, c := range []struct {
		project, namespace string
		access             []string
		want               []string
	}{
		{"closed", "closed", []string{pull}, []string{pull}},
		{"closed", "closed", []string{push}, []string{pull, push}},
		{"closed", "closed", []string{remove}, []string{remove}},
		{"closed", "closed", []string{"repository:list"}, nil},
		{"closed", "*", []string{push, remove}, []string{pull, push, remove}},
		{"closed", "open", []string{push, remove}, nil},
		{"open", "closed", []string{push, remove}, []string{pull}},
	} {
		t.Run(fmt.Sprintf("%v in %s, asked in %s", c.access, c.namespace, c.project), func(t *testing.T) {
			repository := c.project + "/app"
			text := manifest(t, s, "admin", repository, "layer")
			name, _ := robotOf(t, s, fmt.Sprint("r", number), "project", c.namespace, c.access...)
			bearer := []string{"Authorization", "Bearer " + registryToken(t, s, name, repository)}
			for how, credential := range map[string][]string{"secret": nil, "token": bearer} {
				as := name
				if how == "token" {
					as = ""
				}
				if r := put(s, "admin", repository, "v1", text); r.StatusCode != http.StatusCreated {
					t.Fatalf("the administrator's push: %d %s", r.StatusCode, r.Text)
				}
				check(t, how+" pull", slices.Contains(c.want, pull), s.Do(as, http.MethodGet, "/v2/"+repository+"/manifests/v1", nil, credential...), http.StatusOK)
				check(t, how+" push", slices.Contains(c.want, push), put(s, as, repository, "robots", text, credential...), http.StatusCreated)
				check(t, how+" delete", slices.Contains(c.want, remove), s.Do(as, http.MethodDelete, "/v2/"+repository+"/manifests/v1", nil, credential...), http.StatusAccepted)
				check(t, how+" catalogue", false, s.Do(as, http.MethodGet, "/v2/_catalog", nil, credential...), http.StatusOK)
			}
		})
	}
	reader, _ := robotOf(t, s, "reader", "system", "/", "catalog:read")
	s.Must(http.StatusOK, reader, http.MethodGet, "/v2/_catalog", nil)
}

func TestARefusedRobotIsToldWhomToAsk(t *testing.T) {
	s := apptest.Start(t)
	s.Project("team", false)
	name, location := robotOf(t, s, "ci", "project", "team", "repository:pull")
	r := s.Do(name, http.MethodPost, "/v2/team/app/blobs/uploads/", nil)
	for _, want := range []string{"unauthorized to access repository: team/app, action: push", name, "ask who looks after it", "repository:push"} {
		if r.StatusCode < 400 || !strings.Contains(r.Text, want) {
			t.Errorf("%d %s does not say %q", r.StatusCode, r.Text, want)
		}
	}
	s.Must(http.StatusOK, "admin", http.MethodPut, location, map[string]any{
		"disable": true, "permissions": []any{map[string]any{"kind": "project", "namespace": "team", "access": []any{map[string]string{"resource": "repository", "action": "pull"}}}},
	})
	for _, path := range []string{"/v2/", "/service/token?service=harbor-registry", "/api/v2.0/projects"} {
		if r := s.Must(http.StatusUnauthorized, name, http.MethodGet, path, nil); !strings.Contains(r.Text, "the robot account "+name+" is disabled") {
			t.Errorf("%s: %s", path, r.Text)
		}
	}
	s.Must(http.StatusOK, "admin", http.MethodDelete, location, nil)
	if r := s.Must(http.StatusUnauthorized, name, http.MethodGet, "/v2/", nil); strings.Contains(r.Text, "disabled") {
		t.Errorf("what is gone says %s", r.Text)
	}
}
