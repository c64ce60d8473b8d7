package registryctl_test

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
)

func TestABlobIsPushedInEveryWayOfTheSpec(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	const uploads = "/v2/library/app/blobs/uploads/"
	for name, push := range map[string]func(p []byte, d digest.Digest) answer{
		"POST with the content": func(p []byte, d digest.Digest) answer {
			return c.do(http.MethodPost, uploads+"?digest="+d.String(), p)
		},
		"POST then PUT": func(p []byte, d digest.Digest) answer {
			return c.do(http.MethodPut, with(c.start("library/app"), d), p)
		},
		"POST, PATCH, PUT": func(p []byte, d digest.Digest) answer {
			next := c.want(c.do(http.MethodPatch, c.start("library/app"), p), http.StatusAccepted, "").location()
			return c.do(http.MethodPut, with(next, d), nil)
		},
		"in chunks, the last one with PUT": func(p []byte, d digest.Digest) answer {
			next, half := c.start("library/app"), len(p)/2
			a := c.do(http.MethodPatch, next, p[:half], "Content-Range", fmt.Sprintf("0-%d", half-1))
			if got, want := a.header.Get("Range"), fmt.Sprintf("0-%d", half-1); got != want {
				t.Errorf("Range is %q, want %q", got, want)
			}
			next = c.want(a, http.StatusAccepted, "").location()
			return c.do(http.MethodPut, with(next, d), p[half:], "Content-Range", fmt.Sprintf("%d-%d", half, len(p)-1))
		},
		"with a Content-Type that means nothing": func(p []byte, d digest.Digest) answer {
			next := c.want(c.do(http.MethodPatch, c.start("library/app"), p, "Content-Type", "application/x-www-form-urlencoded"), http.StatusAccepted, "").location()
			return c.do(http.MethodPut, with(next, d), nil)
		},
		"without a slash at the end": func(p []byte, d digest.Digest) answer {
			return c.do(http.MethodPost, strings.TrimSuffix(uploads, "/")+"?digest="+d.String(), p)
		},
	} {
		for _, algorithm := range []digest.Algorithm{digest.SHA256, digest.SHA384, digest.SHA512} {
			t.Run(name+" "+algorithm.String(), func(t *testing.T) {
				p := append([]byte(t.Name()), content...)
				d := algorithm.FromBytes(p)
				a := c.want(push(p, d), http.StatusCreated, "")
				if got := a.header.Get("Docker-Content-Digest"); got != d.String() {
					t.Errorf("Docker-Content-Digest is %q", got)
				}
				if got := c.want(c.do(http.MethodGet, a.location(), nil), http.StatusOK, ""); !bytes.Equal(got.body, p) {
					t.Error("other bytes came back")
				}
			})
		}
	}
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
}

func uploadsLeft(t *testing.T, s *server) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(s.root, "docker/registry/v2/_roadstead/uploads/*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestTheBlobOfNoBytes(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	for _, d := range []digest.Digest{digest.FromBytes(nil), digest.SHA512.FromBytes(nil)} {
		c.want(c.do(http.MethodPut, with(c.start("library/app"), d), nil), http.StatusCreated, "")
		a := c.want(c.do(http.MethodGet, "/v2/library/app/blobs/"+d.String(), nil), http.StatusOK, "")
		if len(a.body) != 0 || a.header.Get("Content-Length") != "0" {
			t.Errorf("got %q", a.body)
		}
	}
}

func TestContentThatDoesNotMatchIsRefusedAndNothingIsLeft(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	wrong := digest.FromString("something else")
	for _, d := range []digest.Digest{wrong, digest.SHA512.FromString("something else")} {
		c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d.String(), []byte("content")), 400, "DIGEST_INVALID")
		c.want(c.do(http.MethodPut, with(c.start("library/app"), d), []byte("content")), 400, "DIGEST_INVALID")
		next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("content")), http.StatusAccepted, "").location()
		c.want(c.do(http.MethodPut, with(next, d), nil), 400, "DIGEST_INVALID")
		c.want(c.do(http.MethodGet, next, nil), 404, "BLOB_UPLOAD_UNKNOWN")
		c.want(c.do(http.MethodHead, "/v2/library/app/blobs/"+d.String(), nil), 404, "")
	}
	c.want(c.do(http.MethodPut, c.start("library/app"), []byte("content")), 400, "DIGEST_INVALID")
	c.want(c.do(http.MethodPut, c.start("library/app")+"&digest=md5:d41d8cd98f00b204e9800998ecf8427e", nil), 400, "DIGEST_INVALID")
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
	var rows int
	if err := s.db.Pool.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM upload) + (SELECT count(*) FROM blob)").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows are left, %v", rows, err)
	}
}

func TestAChunkOutOfOrderIsToldWhereTheUploadStands(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	content := []byte("0123456789")
	first := c.start("library/app")

	a := c.want(c.do(http.MethodPatch, first, content[5:], "Content-Range", "5-9"), 416, "RANGE_INVALID")
	if a.header.Get("Range") != "0-0" || a.location() == "" {
		t.Errorf("a fresh upload: %v", a.header)
	}
	next := c.want(c.do(http.MethodPatch, a.location(), content[:5], "Content-Range", "0-4"), http.StatusAccepted, "").location()

	for name, send := range map[string]func() answer{
		"the same chunk again": func() answer { return c.do(http.MethodPatch, next, content[:5], "Content-Range", "0-4") },
		"a chunk too far":      func() answer { return c.do(http.MethodPatch, next, content[7:], "Content-Range", "7-9") },
		"the last one too far": func() answer {
			return c.do(http.MethodPut, with(next, digest.FromBytes(content)), content[7:], "Content-Range", "7-9")
		},
		"a stale Location":                 func() answer { return c.do(http.MethodPatch, first, content[5:]) },
		"a stale Location, the last chunk": func() answer { return c.do(http.MethodPut, with(first, digest.FromBytes(content)), content[5:]) },
	} {
		a := c.want(send(), 416, "RANGE_INVALID")
		if a.header.Get("Range") != "0-4" || a.location() == "" {
			t.Errorf("%s: %v", name, a.header)
		}
		next = a.location()
	}
	status := c.want(c.do(http.MethodGet, next, nil), http.StatusNoContent, "")
	if status.header.Get("Range") != "0-4" {
		t.Errorf("status: %v", status.header)
	}
	c.want(c.do(http.MethodPut, with(status.location(), digest.FromBytes(content)), content[5:], "Content-Range", "5-9"), http.StatusCreated, "")
}

func TestAContentRangeThatMakesNoSenseIsRefused(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	for _, header := range []string{"x", "0", "4-0", "-1-4", "0-99", "0-18446744073709551615", "a-b"} {
		c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("01234"), "Content-Range", header), 400, "SIZE_INVALID")
	}
	c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("01234"), "Content-Range", "bytes 0-4/*"), http.StatusAccepted, "")
}

func TestACancelledUploadIsGone(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	fresh := c.start("library/app")
	c.want(c.do(http.MethodDelete, fresh, nil), http.StatusNoContent, "")
	c.want(c.do(http.MethodGet, fresh, nil), 404, "BLOB_UPLOAD_UNKNOWN")
	c.want(c.do(http.MethodPatch, fresh, []byte("x")), 404, "BLOB_UPLOAD_UNKNOWN")

	next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("content")), http.StatusAccepted, "").location()
	c.want(c.do(http.MethodDelete, next, nil), http.StatusNoContent, "")
	c.want(c.do(http.MethodGet, next, nil), 404, "BLOB_UPLOAD_UNKNOWN")
	c.want(c.do(http.MethodPut, with(next, digest.FromString("content")), nil), 404, "BLOB_UPLOAD_UNKNOWN")
	if left := uploadsLeft(t, s); len(left) > 0 {
		t.Errorf("uploads are left in storage: %v", left)
	}
}

func TestAFinishedUploadIsGone(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	next := c.start("library/app")
	c.want(c.do(http.MethodPut, with(next, digest.FromString("content")), []byte("content")), http.StatusCreated, "")
	c.want(c.do(http.MethodGet, next, nil), 404, "BLOB_UPLOAD_UNKNOWN")
	c.want(c.do(http.MethodPatch, next, []byte("more")), 404, "BLOB_UPLOAD_UNKNOWN")
}

func TestAnUploadBelongsToItsUserAndRepository(t *testing.T) {
	s := newServer(t)
	p := s.project("library", false)
	s.member("dev", p, 2)
	c := s.as("admin")
	next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("content")), http.StatusAccepted, "").location()
	elsewhere := strings.Replace(next, "library/app", "library/other", 1)
	id := func(change func(string) string) string {
		u, _ := url.Parse(next)
		parts := strings.Split(u.Path, "/")
		parts[len(parts)-1] = change(parts[len(parts)-1])
		u.Path = strings.Join(parts, "/")
		return u.String()
	}
	forged := id(func(id string) string { return id[:len(id)-4] + "AAAA" })
	invented := id(func(string) string { return "0c7f4a4e-3d1f-4a57-9f4f-3f9a0e3c1b11" })
	for name, send := range map[string]func(method string) answer{
		"another user":         func(m string) answer { return s.as("dev").do(m, next, nil) },
		"another repository":   func(m string) answer { return c.do(m, elsewhere, nil) },
		"a forged id":          func(m string) answer { return c.do(m, forged, nil) },
		"an id of another age": func(m string) answer { return c.do(m, invented, nil) },
	} {
		for _, method := range []string{"GET", "PATCH", "PUT", "DELETE"} {
			if a := send(method); a.status != 404 || a.code() != "BLOB_UPLOAD_UNKNOWN" {
				t.Errorf("%s, %s: %d %s", name, method, a.status, a.body)
			}
		}
	}
	c.want(c.do(http.MethodPut, with(next, digest.FromString("content")), nil), http.StatusCreated, "")
}

func TestAnUploadGoesOnAfterARestart(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	content := bytes.Repeat([]byte("0123456789"), 1000)
	next := s.as("admin").want(s.as("admin").do(http.MethodPatch, s.as("admin").start("library/app"), content[:4000]), http.StatusAccepted, "").location()
	s.restart()
	c := s.as("admin")
	next = c.want(c.do(http.MethodPatch, next, content[4000:7000]), http.StatusAccepted, "").location()
	s.restart()
	c = s.as("admin")
	status := c.want(c.do(http.MethodGet, next, nil), http.StatusNoContent, "")
	if status.header.Get("Range") != "0-6999" {
		t.Fatalf("status: %v", status.header)
	}
	d := digest.FromBytes(content)
	c.want(c.do(http.MethodPut, with(status.location(), d), content[7000:]), http.StatusCreated, "")
	if a := c.do(http.MethodGet, "/v2/library/app/blobs/"+d.String(), nil); !bytes.Equal(a.body, content) {
		t.Error("other bytes came back")
	}
}

func TestBytesThatAPowerCutTookAreNotBelieved(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	next := c.want(c.do(http.MethodPatch, c.start("library/app"), []byte("0123456789")), http.StatusAccepted, "").location()
	left := uploadsLeft(t, s)
	if len(left) != 1 {
		t.Fatalf("uploads: %v", left)
	}
	if err := os.WriteFile(filepath.Join(left[0], "data"), make([]byte, 10), 0o600); err != nil { // the length was written, the bytes were not
		t.Fatal(err)
	}
	s.restart()
	c = s.as("admin")
	c.want(c.do(http.MethodPut, with(next, digest.FromString("0123456789")), nil), 400, "DIGEST_INVALID")
}

func TestOfTwoWritersToOneUploadOneWins(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	next := c.start("library/app")
	body, feed := io.Pipe()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.URL+next, body)
	r.SetBasicAuth("admin", password)
	var first sync.WaitGroup
	first.Go(func() {
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Error(err)
			return
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusAccepted {
			t.Errorf("the first: %d", res.StatusCode)
		}
	})
	_, _ = feed.Write([]byte("first"))
	for len(uploadsLeft(t, s)) == 0 { // until the first request holds the upload
		_, _ = feed.Write([]byte("."))
	}
	c.want(c.do(http.MethodPatch, next, []byte("second")), http.StatusConflict, "BLOB_UPLOAD_INVALID")
	c.want(c.do(http.MethodDelete, next, nil), http.StatusConflict, "BLOB_UPLOAD_INVALID")
	_ = feed.Close()
	first.Wait()
	c.want(c.do(http.MethodPatch, next, []byte("second")), 416, "RANGE_INVALID")
}

func TestAClientThatHangsUpResumesWhereItWas(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	next := c.start("library/app")
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.URL+next, io.MultiReader(bytes.NewReader(content[:700_000]), broken{}))
	r.ContentLength = int64(len(content))
	r.SetBasicAuth("admin", password)
	if res, err := http.DefaultTransport.RoundTrip(r); err == nil {
		t.Fatalf("a request that broke off was answered %d", res.StatusCode)
	}
	var status answer
	for { // until the server has seen it
		if status = c.do(http.MethodPatch, next, nil, "Content-Range", "1-0"); status.status == 416 && status.header.Get("Range") != "0-0" {
			break
		}
	}
	var end int
	if _, err := fmt.Sscanf(status.header.Get("Range"), "0-%d", &end); err != nil {
		t.Fatal(err)
	}
	c.want(c.do(http.MethodPut, with(status.location(), digest.FromBytes(content)), content[end+1:]), http.StatusCreated, "")
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestADigestOfSha512IsNotCutShort(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	sum := sha512.Sum512([]byte("content"))
	d := fmt.Sprintf("sha512:%x", sum[:32])
	c.want(c.do(http.MethodPost, "/v2/library/app/blobs/uploads/?digest="+d, []byte("content")), 400, "DIGEST_INVALID")
}
