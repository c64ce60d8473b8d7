package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// api is a vendor's own interface beside its registry.
type api struct {
	*client
	sign func(ctx context.Context, r request, body []byte) error // adds who asks to the headers
}

// newAPI is an api to which who asks is the same for all requests.
func newAPI(base *url.URL, t Target, sign func(ctx context.Context, h http.Header) error) *api {
	return &api{client: newClient(base, t.Line, t.Credential.always), sign: func(ctx context.Context, r request, _ []byte) error { return sign(ctx, r.header) }}
}

// asBasic signs with a name and a password, as nobody where there is none.
func (c Credential) asBasic(_ context.Context, h http.Header) error {
	if !c.Empty() {
		h.Set("Authorization", basic(c.Key, c.Secret.Reveal()))
	}
	return nil
}

// call is one request to an api: JSON in and out, where they are not nil.
type call struct {
	doing  string
	method string // "" is GET
	path   string // escaped once more than it is written: "a%2Fb" is sent as a%252Fb
	query  url.Values
	url    *url.URL // in place of path and query
	in     any
	out    any
	ok     []int // "" is 200
}

// call returns the headers and the status of the answer.
func (a *api) call(ctx context.Context, c call) (http.Header, int, error) {
	r := request{doing: c.doing, method: firstOf(c.method, http.MethodGet), url: c.url, open: true, follow: true, ok: c.ok, header: http.Header{"Accept": {"application/json"}}}
	if r.url == nil {
		r.url = a.at(c.path)
		r.url.RawQuery = c.query.Encode()
	}
	if r.ok == nil {
		r.ok = []int{http.StatusOK}
	}
	var text []byte
	if c.in != nil {
		var err error
		if text, err = json.Marshal(c.in); err != nil {
			return nil, 0, err
		}
		r.body, r.size = payload(text), int64(len(text))
		r.header.Set("Content-Type", "application/json")
	}
	if err := a.sign(ctx, r, text); err != nil {
		return nil, 0, err
	}
	answer, err := a.do(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	defer drain(answer.Body)
	if c.out != nil && answer.StatusCode < http.StatusMultipleChoices {
		if err := decode(answer.Body, c.out); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", c.doing, err)
		}
	}
	return answer.Header, answer.StatusCode, nil
}

// escaped writes a name that holds slashes as one segment of a call's url, for APIs
// that decode once.
func (a *api) escaped(segments ...string) *url.URL {
	u := *a.base
	for _, s := range segments {
		u.RawPath = firstOf(u.RawPath, u.EscapedPath()) + "/" + url.PathEscape(s)
		u.Path += "/" + s
	}
	return &u
}
