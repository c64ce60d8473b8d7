package page_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

func TestLinksHaveHarborsForm(t *testing.T) {
	for name, c := range map[string]struct {
		url          string
		number, size int
		total        int64
		want         string
	}{
		"one page":   {"/api/v2.0/users", 1, 10, 10, ""},
		"next":       {"/api/v2.0/users?page=1&page_size=2&sort=-username", 1, 2, 11, `</api/v2.0/users?page=2&page_size=2&sort=-username>; rel="next"`},
		"both":       {"/api/v2.0/users?page=2", 2, 10, 21, `</api/v2.0/users?page=1&page_size=10>; rel="prev" , </api/v2.0/users?page=3&page_size=10>; rel="next"`},
		"last":       {"/api/v2.0/users?page=3", 3, 10, 21, `</api/v2.0/users?page=2&page_size=10>; rel="prev"`},
		"far beyond": {"/api/v2.0/users?page=9", 9, 10, 21, ""},
		"unescaped":  {"/api/v2.0/auditlog-exts?page_size=3&q=operation%3Ddelete", 1, 3, 520, `</api/v2.0/auditlog-exts?page=2&page_size=3&q=operation=delete>; rel="next"`},
		"but not a line end or a bracket": {
			"/x?q=a%0d%0aSet-Cookie:b%3E", 1, 1, 2, `</x?page=2&page_size=1&q=a%0D%0ASet-Cookie%3Ab%3E>; rel="next"`},
		"an encoded path stays encoded": {
			"/api/v2.0/projects/p/repositories/a%252Fb/artifacts", 1, 1, 2, `</api/v2.0/projects/p/repositories/a%252Fb/artifacts?page=2&page_size=1>; rel="next"`},
		"never an absolute address": {"http://evil.example/api/v2.0/users", 1, 1, 2, `</api/v2.0/users?page=2&page_size=1>; rel="next"`},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(c.url)
			if err != nil {
				t.Fatal(err)
			}
			if got := (page.Page{Number: c.number, Size: c.size}).Links(u, c.total); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAPageOutsideItsBoundsIsRefused(t *testing.T) {
	for _, c := range []struct {
		number, size int
		part         string
	}{
		{-1, 10, "page in query should be greater"}, {1 << 50, 10, "page in query"},
		{1, 101, "page_size in query should be less than or equal to 100"}, {1, -2, "page_size in query should be greater"},
	} {
		_, err := page.New(c.number, c.size, "", "")
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.KindUnprocessable || !strings.Contains(f.Message, c.part) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
	p, err := page.New(3, 10, "a=b", "-c")
	if err != nil || p.Size != page.DefaultSize || p.Number != 3 || len(p.Query.Terms) != 1 || len(p.Sort) != 1 {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, size := range []int{0, -1} {
		if p, err := page.New(0, size, "", ""); err != nil || p.Number != 1 || p.Size != page.AllSize {
			t.Errorf("everything: got %+v, %v", p, err)
		}
	}
	if _, err := page.New(1, 10, "bad", ""); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("bad q: %v", err)
	}
}
