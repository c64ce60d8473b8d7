package registryctl_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

// raw sends bytes as they are, because a client library would refuse most of
// this before the server sees it.
func (s *server) raw(t *testing.T, request string) int {
	t.Helper()
	conn, err := net.Dial("tcp", s.host())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer to %.200q: %v", request, err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestNoInputMakesAServerError(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	s.as("admin").push("library/app", "v1", "one")
	token := s.token("admin", "repository:library/app:pull,push,delete")
	nasty := []string{
		"", "%00", "%ff%fe", "%2e%2e", "..", "%2F", "%252F", "a%5Cb", "'%20OR%201=1--", "%3Cscript%3E", "%F0%9F%92%A9",
		strings.Repeat("a", 300), strings.Repeat("a/", 200), strings.Repeat("%41", 1500), "sha256:", "sha512:" + strings.Repeat("0", 64),
		"sha256:" + strings.Repeat("0", 64), "-1", "99999999999999999999", "{}", "*", "$", "%0d%0aX:%20y", "a;b", "a%3Bb", "%25s%25n",
	}
	const paths = `/v2/%s
/v2/%s/manifests/v1
/v2/library/%s/manifests/v1
/v2/library/app/manifests/%s
/v2/library/app/blobs/%s
/v2/library/app/blobs/uploads/%s
/v2/library/app/blobs/uploads/?digest=%s
/v2/library/app/blobs/uploads/?mount=%s&from=library/app
/v2/library/app/blobs/uploads/?mount=sha256:0000000000000000000000000000000000000000000000000000000000000000&from=%s
/v2/library/app/blobs/uploads/x?_state=%s
/v2/library/app/tags/list?n=%s
/v2/library/app/tags/list?last=%s
/v2/_catalog?last=%s
/v2/library/app/referrers/%s
/v2/library/app/referrers/sha256:0000000000000000000000000000000000000000000000000000000000000000?artifactType=%s`
	sent := 0
	for path := range strings.SplitSeq(paths, "\n") {
		for _, text := range nasty {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} {
				target := fmt.Sprintf(path, text)
				status := s.raw(t, method+" "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "+token+"\r\nContent-Length: 2\r\n\r\n{}")
				if status >= 500 {
					t.Errorf("%s %.200s: %d", method, target, status)
				}
				sent++
			}
		}
	}
	t.Logf("%d requests", sent)
}

func TestABodyThatCannotBeReadIsTheClientsMistake(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("content")), http.StatusAccepted, "").location()
	for _, target := range []string{
		"PATCH " + c.start("library/app"), "PATCH " + next,
		"PUT " + with(c.start("library/app"), digest.FromString("x")),
		"POST /v2/library/app/blobs/uploads/?digest=" + digest.FromString("x").String(),
		"PUT /v2/library/app/manifests/v1",
	} {
		status := s.raw(t, target+" HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRtaW46UGFzc3cwcmQtb2YtdGVzdHM=\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n")
		if status != http.StatusBadRequest {
			t.Errorf("%.80s: %d", target, status)
		}
	}
}

func TestNamesAndPasswordsThatCannotBeAreRefused(t *testing.T) {
	s := newServer(t)
	for _, user := range []string{"a\x00b", "\xff\xfe", strings.Repeat("a", 5000), "", "'; DROP TABLE account; --", "robot$x"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v2/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(user, "\x00"+user)
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%.20q: %d", user, res.StatusCode)
		}
	}
}

func TestManyClientsPushTheSameImageAtOnce(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	t.Run("at once", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprintf("client %d", i), func(t *testing.T) {
				t.Parallel()
				c, tag := client{server: s, t: t, user: "admin"}, fmt.Sprintf("v%d", i%3)
				manifest := c.push("library/app", tag, "shared")
				a := c.want(c.do(http.MethodGet, "/v2/library/app/manifests/"+tag, nil), http.StatusOK, "")
				if !bytes.Equal(a.body, manifest) {
					t.Error("other bytes came back")
				}
			})
		}
	})
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
}
