package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	attempts   = 4
	firstPause = 500 * time.Millisecond // doubles
	// patience is how long the client itself waits because a registry asks for it; who
	// has to wait longer gets a ThrottledError.
	patience = 30 * time.Second
	// In the middle of a transfer it waits longer, for what has been moved would have to
	// be moved again: outages is how often a registry that does not answer, as one that is
	// being restarted, is asked again, which takes six minutes.
	outages      = 12
	longestPause = time.Minute
	longestWait  = 15 * time.Minute // that a registry asks for

	maxRedirects = 5
	maxRefusal   = 64 << 10 // bytes that are read of a refusal
	maxSaid      = 300      // characters that are told of it
	maxDrained   = 256 << 10
)

// Line is how registries are reached.
type Line struct {
	Transport http.RoundTripper
	Clock     func() time.Time
	// Wait waits between two attempts, or returns the context's error.
	Wait func(ctx context.Context, d time.Duration) error
	Once bool // nothing is tried again: somebody waits for the answer
}

// NewLine returns the Line that tells the time and waits as the world does.
func NewLine(transport http.RoundTripper) Line {
	return Line{Transport: transport, Clock: time.Now, Wait: wait}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// client speaks HTTP to one registry: it signs in, waits and tries again, follows
// redirects without giving the credential away, and words what was refused.
type client struct {
	base   *url.URL // https://host[:port][/path]
	line   Line
	signIn *signIn
	agent  string // User-Agent of what reads; "": the transport's

	mu    sync.Mutex
	until time.Time // the registry asks not to come before
}

func newClient(base *url.URL, line Line, as login) *client {
	return &client{base: base, line: line, signIn: &signIn{login: as, clock: line.Clock, tokens: map[string]*token{}}}
}

// request is one request, however often it has to be sent.
type request struct {
	doing  string // what it is for, as errors say it
	method string
	url    *url.URL
	header http.Header
	scopes []string // what the token has to allow
	open   bool     // brings its own Authorization, or none
	ok     []int    // statuses that are no error
	follow bool     // redirects

	body func() (io.ReadCloser, error) // opened for every time it is sent
	size int64
	once bool // is not tried again: the caller knows better how to go on
}

func payload(p []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(p)), nil }
}

// do sends a request until it is answered for good. The body of what it returns has
// to be closed.
func (c *client) do(ctx context.Context, r request) (*http.Response, error) {
	for n := 1; ; n++ {
		if err := c.await(ctx, r); err != nil {
			return nil, err
		}
		answer, err := c.send(ctx, r)
		if err == nil && slices.Contains(r.ok, answer.StatusCode) {
			return answer, nil
		}
		last := n == attempts || r.once || c.line.Once
		pause := firstPause<<(n-1) + rand.N(firstPause/2)
		switch {
		case err != nil && (last || ctx.Err() != nil || !transient(err)):
			return nil, fmt.Errorf("%s: %w", r.doing, err)
		case err != nil:
		case throttled(answer.StatusCode):
			asked := retryAfter(answer, c.line.Clock())
			drain(answer.Body)
			if last || asked > patience {
				return nil, &ThrottledError{Host: c.base.Host, Doing: r.doing, Status: answer.StatusCode, RetryAfter: asked}
			}
			pause = max(pause, asked)
			say(ctx, "%s: %s answered %d: waiting %s", r.doing, c.base.Host, answer.StatusCode, pause.Round(100*time.Millisecond))
			c.hold(pause)
		case last || answer.StatusCode < http.StatusInternalServerError || answer.StatusCode == http.StatusNotImplemented:
			return nil, c.refusal(r, answer)
		default:
			drain(answer.Body)
		}
		if err := c.line.Wait(ctx, pause); err != nil {
			return nil, fmt.Errorf("%s: %w", r.doing, err)
		}
	}
}

// transient tells errors of the connection from those that will be the same again.
func transient(err error) bool {
	var refused *RefusedError
	var throttled *ThrottledError
	var source *sourceError
	switch {
	case errors.As(err, &refused), errors.As(err, &throttled), errors.As(err, &source), errors.Is(err, ErrNotFound), errors.Is(err, ErrCorrupt):
		return false
	}
	return lasting(err) == nil
}

// recoverable says whether a transfer that failed like this can be taken up again.
func recoverable(err error) bool {
	var refused *RefusedError
	var throttled *ThrottledError
	switch {
	case errors.Is(err, errSession), errors.As(err, &refused) && refused.Full():
		return false
	case errors.As(err, &refused):
		return refused.Status >= http.StatusInternalServerError && refused.Status != http.StatusNotImplemented ||
			refused.Status == http.StatusRequestedRangeNotSatisfiable || refused.Status == http.StatusRequestTimeout || isBusy(err)
	case errors.As(err, &throttled):
		return throttled.RetryAfter <= longestWait
	}
	return transient(err)
}

// takeUp does again what a transfer goes on with, after a pause: n is how often it has
// failed without having got further, and why the last time. A registry that does not
// answer is waited for.
func (c *client) takeUp(ctx context.Context, doing string, n int, why error, again func(context.Context) error) error {
	for silent := 1; ; silent++ {
		pause := min(firstPause<<(n-1), longestPause)
		if throttled := (*ThrottledError)(nil); errors.As(why, &throttled) {
			pause = max(pause, throttled.RetryAfter)
		}
		if silent > 1 || pause > patience {
			say(ctx, "%v: waiting %s", why, pause.Round(100*time.Millisecond))
		}
		if err := c.line.Wait(ctx, pause); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		err := again(ctx)
		if err == nil || silent == outages || ctx.Err() != nil || !recoverable(err) {
			return err
		}
		n, why = silent, err
	}
}

func throttled(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// retryAfter reads Retry-After (RFC 9110, 10.2.3).
func retryAfter(answer *http.Response, now time.Time) time.Duration {
	text := answer.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), 7*24*3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// hold makes all requests to the registry wait, since it asked one to.
func (c *client) hold(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := c.line.Clock().Add(d); until.After(c.until) {
		c.until = until
	}
}

func (c *client) await(ctx context.Context, r request) error {
	c.mu.Lock()
	left := c.until.Sub(c.line.Clock())
	c.mu.Unlock()
	if left <= 0 {
		return nil
	}
	if err := c.line.Wait(ctx, left); err != nil {
		return fmt.Errorf("%s: %w", r.doing, err)
	}
	return nil
}

// send sends a request once, and a second time after signing in.
func (c *client) send(ctx context.Context, r request) (*http.Response, error) {
	for signedIn := false; ; signedIn = true {
		answer, err := c.through(ctx, r)
		if err != nil || answer.StatusCode != http.StatusUnauthorized || r.open || signedIn {
			return answer, err
		}
		if !c.signIn.learn(answer, r.scopes) {
			return answer, nil
		}
		drain(answer.Body)
	}
}

// through sends a request and follows where it is sent. The credential goes to the
// registry alone.
func (c *client) through(ctx context.Context, r request) (*http.Response, error) {
	at := r.url
	for hops := 0; ; hops++ {
		answer, err := c.once(ctx, r, at)
		if err != nil || !r.follow || !redirects(answer.StatusCode) {
			return answer, err
		}
		next, err := at.Parse(answer.Header.Get("Location"))
		drain(answer.Body)
		switch {
		case err != nil || next.Host == "" || answer.Header.Get("Location") == "":
			return nil, &RefusedError{Host: c.base.Host, Doing: r.doing, Status: answer.StatusCode, Message: "it redirects to no URL"}
		case next.User != nil:
			return nil, &RefusedError{Host: c.base.Host, Doing: r.doing, Status: answer.StatusCode, Message: "it redirects to a URL with a password in it"}
		case hops == maxRedirects:
			return nil, &RefusedError{Host: c.base.Host, Doing: r.doing, Status: answer.StatusCode, Message: "it redirects in circles"}
		}
		at = next
	}
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func (c *client) once(ctx context.Context, r request, at *url.URL) (*http.Response, error) {
	var body io.ReadCloser
	if r.body != nil {
		var err error
		if body, err = r.body(); err != nil {
			return nil, err
		}
	}
	out, err := http.NewRequestWithContext(ctx, r.method, at.String(), nil)
	if err != nil {
		return nil, err
	}
	if body != nil {
		out.Body, out.ContentLength = body, r.size
		if r.size == 0 {
			_ = body.Close()
			out.Body = http.NoBody
		}
	}
	for key, values := range r.header {
		if key != "Authorization" || at == r.url {
			out.Header[key] = values
		}
	}
	if c.agent != "" && (r.method == http.MethodGet || r.method == http.MethodHead) {
		out.Header.Set("User-Agent", c.agent)
	}
	if !r.open && sameOrigin(at, c.base) {
		authorization, err := c.signIn.header(ctx, c, r.scopes)
		if err != nil {
			if body != nil {
				_ = body.Close()
			}
			return nil, err
		}
		if authorization != "" {
			out.Header.Set("Authorization", authorization)
		}
	}
	return c.line.Transport.RoundTrip(out)
}

// drain lets the connection be used again, unless too much is left.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDrained)
	_ = body.Close()
}

// refusal words an answer that is an error, and closes it.
func (c *client) refusal(r request, answer *http.Response) error {
	defer drain(answer.Body)
	if answer.StatusCode == http.StatusNotFound {
		return fmt.Errorf("%s: %w at %s", r.doing, ErrNotFound, c.base.Host)
	}
	out := &RefusedError{Host: r.url.Host, Doing: r.doing, Status: answer.StatusCode}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxRefusal))
	out.Code, out.Message = said(answer.Header.Get("Content-Type"), text)
	return out
}

// said reads the distribution-spec's error body, and what vendors' APIs answer.
func said(contentType string, text []byte) (code, message string) {
	var spec struct {
		Errors []struct {
			Code    any    `json:"code"` // text, but for some APIs that put a number
			Message string `json:"message"`
			Detail  any    `json:"detail"`

			HuaweiCode    string `json:"errorCode"`
			HuaweiMessage string `json:"errorMessage"`
		} `json:"errors"`
	}
	if json.Unmarshal(text, &spec) == nil && len(spec.Errors) > 0 {
		first := spec.Errors[0]
		code, _ = first.Code.(string)
		message = firstOf(first.Message, first.HuaweiMessage)
		if code == "UNKNOWN" { // distribution's, whose message is as little
			message = firstOf(detailed(first.Detail), message)
		}
		return plain(firstOf(code, first.HuaweiCode)), plain(message)
	}
	var other map[string]any
	if json.Unmarshal(text, &other) == nil {
		for _, key := range []string{"error_description", "error_message", "message", "Message", "error_msg", "detail", "details", "error"} {
			if s, ok := other[key].(string); ok && s != "" {
				return "", plain(s)
			}
		}
		return "", ""
	}
	if kind, _, _ := mime.ParseMediaType(contentType); kind == "text/plain" {
		return "", plain(string(text))
	}
	return "", ""
}

// detailed reads what distribution tells of an error of its storage: a text, or an
// object that has one.
func detailed(detail any) string {
	if o, ok := detail.(map[string]any); ok {
		detail = o["detail"]
	}
	text, _ := detail.(string)
	return text
}

// plain makes one short line of what another server said.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxSaid {
		return string(runes[:maxSaid]) + "…"
	}
	return s
}

// at returns a URL under the registry's base; parts are escaped but for slashes.
func (c *client) at(path string) *url.URL {
	u := *c.base
	u.Path = strings.TrimSuffix(u.Path, "/") + path
	u.RawPath = ""
	return &u
}
