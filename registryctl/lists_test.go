package registryctl_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestTagsAreListedInPages(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	manifest := c.push("library/app", "a", "one")
	for _, tag := range []string{"c", "B", "b", "latest"} {
		c.want(c.do(http.MethodPut, "/v2/library/app/manifests/"+tag, manifest, "Content-Type", ociManifest), http.StatusCreated, "")
	}
	tags := func(a answer) []string {
		t.Helper()
		var body struct {
			Name string
			Tags []string
		}
		if err := json.Unmarshal(c.want(a, http.StatusOK, "").body, &body); err != nil || body.Name != "library/app" || body.Tags == nil {
			t.Fatalf("%s, %v", a.body, err)
		}
		return body.Tags
	}
	const path = "/v2/library/app/tags/list"
	all := []string{"B", "a", "b", "c", "latest"}
	a := c.do(http.MethodGet, path, nil)
	if got := tags(a); !slices.Equal(got, all) || a.header.Get("Link") != "" {
		t.Errorf("got %v, Link %q", got, a.header.Get("Link"))
	}
	if got := tags(c.do(http.MethodGet, path+"?n=0", nil)); len(got) != 0 {
		t.Errorf("n=0: %v", got)
	}
	if got := tags(c.do(http.MethodGet, path+"?last=b", nil)); !slices.Equal(got, []string{"c", "latest"}) {
		t.Errorf("last=b: %v", got)
	}
	var got []string
	for next, pages := path+"?n=2", 0; next != ""; pages++ {
		if pages > 3 {
			t.Fatal("the pages do not end")
		}
		a := c.do(http.MethodGet, next, nil)
		got = append(got, tags(a)...)
		next, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">")
		if next != "" && !strings.HasSuffix(a.header.Get("Link"), `>; rel="next"`) {
			t.Errorf("Link: %q", a.header.Get("Link"))
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("in pages: %v", got)
	}
	for _, n := range []string{"-1", "x", "1.5", "99999999999999999999"} {
		c.want(c.do(http.MethodGet, path+"?n="+n, nil), http.StatusBadRequest, "PAGINATION_NUMBER_INVALID")
	}
	if got := tags(c.do(http.MethodGet, path+"?n=20000000", nil)); !slices.Equal(got, all) {
		t.Errorf("a large n: %v", got)
	}
}

func TestTheCatalogueIsForAdministrators(t *testing.T) {
	s := newServer(t)
	p := s.project("library", true)
	s.member("dev", p, 1)
	s.as("admin").push("library/app", "v1", "one")
	s.as("admin").push("library/team/web", "v1", "two")
	for _, user := range []string{"dev", ""} {
		a := s.as(user).want(s.as(user).do(http.MethodGet, "/v2/_catalog", nil), http.StatusUnauthorized, "UNAUTHORIZED")
		if got := a.header.Get("Www-Authenticate"); got != `Basic realm="harbor"` {
			t.Errorf("%q: WWW-Authenticate is %q", user, got)
		}
	}
	c := s.as("admin")
	a := c.want(c.do(http.MethodGet, "/v2/_catalog", nil), http.StatusOK, "")
	if string(a.body) != `{"repositories":["library/app","library/team/web"]}`+"\n" {
		t.Errorf("got %s", a.body)
	}
	a = c.want(c.do(http.MethodGet, "/v2/_catalog?n=1", nil), http.StatusOK, "")
	if got := a.header.Get("Link"); got != `</v2/_catalog?last=library%2Fapp&n=1>; rel="next"` {
		t.Errorf("Link is %q", got)
	}
	c.auth = "Bearer " + s.token("admin", "registry:catalog:*")
	c.want(c.do(http.MethodGet, "/v2/_catalog", nil), http.StatusOK, "")
}
