package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

// raw sends a request line as it is, which a Go client would tidy or refuse.
func (s *site) raw(path string) (status int, body string) {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const admin = "YWRtaW46UGFzc3cwcmQx" // admin:Passw0rd1
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Basic %s\r\nConnection: close\r\n\r\n", path, admin); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var text strings.Builder
	_, _ = bufio.NewReader(res.Body).WriteTo(&text)
	return res.StatusCode, text.String()
}

func TestPathsAreReadAsTheirSendersMeanThem(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.image("gold/team/web", "v1", "path")
	for path, want := range map[string]int{
		"/projects/gold":                                             200,
		"/projects/gold/":                                            200,
		"//projects//gold":                                           200,
		"/projects/g%6fld":                                           200,
		"/projects/g%256fld":                                         200,
		fmt.Sprintf("/projects/%d", p.ID):                            200,
		"/projects/gold/metadatas/":                                  200,
		"/projects/gold/metadatas":                                   200,
		"/projects/gold/repositories/team%2Fweb":                     200,
		"/projects/gold/repositories/team%252Fweb":                   200,
		"/projects/gold/repositories/team%252fweb":                   200,
		"/projects/g%6fld/repositories/team%252Fweb":                 200,
		"/projects/gold/repositories/team%2Fweb/artifacts":           200,
		"/projects/gold/repositories/team%252Fweb/artifacts/v1/tags": 200,
		"/projects/gold/repositories/team%252Fweb/artifacts/v1/additions/build_history": 200,
		"/projects/gold/repositories/team%252Fweb/artifacts/v1/additions/manifest":      200,
		"/projects/gold/repositories/team/web":                                          404,
		"/projects/gold/repositories/team%25252Fweb":                                    404,
		"/projects/gold/repositories/..%2Fgold%2Fteam":                                  404,
		"/projects/../users":                    404,
		"/projects/%2e%2e/members":              404,
		"/projects/gold%2Fmembers":              404,
		"/projects/gold%00":                     400,
		"/projects/gold%ff":                     400,
		"/projects/gold%0d%0aX:y":               400,
		"/projects/gold/repositories/a%25zz":    400,
		"/projects/" + strings.Repeat("x", 600): 400,
		"/projects/gold;x":                      404,
		"/projects/gold?a=1;b=2":                400,
		"/projects/gold/members/1x":             422,
		"/users/99999999999999999999":           422,
	} {
		if status, body := s.raw("/api/v2.0" + path); status != want {
			t.Errorf("%s: status %d, want %d: %s", path, status, want, body)
		}
	}
}

func TestPathsNameAProjectByNameWhenTheClientSaysSo(t *testing.T) {
	s := newSite(t)
	p := s.project("gold", false)
	s.project("123", true)
	s.want(http.StatusNotFound, "admin", "GET", "/projects/123", "")
	s.want(http.StatusOK, "admin", "GET", "/projects/123", "", "X-Is-Resource-Name", "true")
	s.want(http.StatusOK, "admin", "GET", "/projects/123/repositories", "") // the contract has only a name here
	s.want(http.StatusNotFound, "admin", "GET", fmt.Sprintf("/projects/%d", p.ID), "", "X-Is-Resource-Name", "true")
	r := s.want(http.StatusUnprocessableEntity, "admin", "GET", "/projects/gold", "", "X-Is-Resource-Name", "maybe")
	if m := r.message(t); m != "validation failure list:\nX-Is-Resource-Name in header must be of type boolean: \"maybe\"" {
		t.Fatal(m)
	}
}
