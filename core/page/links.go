package page

import (
	"fmt"
	"net/url"
	"strings"
)

// Links is the Link header of a list with total items that was asked for at u, in
// Harbor's form: relative, previous before next, its query not escaped. It is ""
// when there is no other page.
func (p Page) Links(u *url.URL, total int64) string {
	number, size := p.clamped()
	var links []string
	if number > 1 && int64(number-1)*int64(size) <= total {
		links = append(links, p.link(u, number-1, "prev"))
	}
	if int64(number)*int64(size) < total {
		links = append(links, p.link(u, number+1, "next"))
	}
	return strings.Join(links, " , ")
}

func (p Page) link(u *url.URL, number int, rel string) string {
	query := u.Query()
	page, size := p.numbered(number)
	query.Set("page", page)
	query.Set("page_size", size)
	raw := query.Encode()
	if plain, err := url.QueryUnescape(raw); err == nil && !breaksHeader(plain) {
		raw = plain
	}
	return fmt.Sprintf(`<%s?%s>; rel="%s"`, u.EscapedPath(), raw, rel)
}

// breaksHeader says whether an unescaped query would end the link, or the header.
func breaksHeader(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r > 0x7e || r == '<' || r == '>' })
}
