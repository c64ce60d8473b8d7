package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
)

// Secret is a value that must not be shown: it prints as dots.
type Secret = config.Secret

// Credential is what somebody signs in to a registry with. The zero Credential is
// nobody.
type Credential struct {
	Type   string // as Harbor's API has it; all of them are a name and a secret
	Key    string // user name, or id of an access key
	Secret Secret
}

// Empty says whether it is nobody.
func (c Credential) Empty() bool { return c.Key == "" && c.Secret == "" }

// login returns a user's name and password, empty for nobody.
type login func(ctx context.Context) (user, password string, err error)

// always is the login with a Credential as it is.
func (c Credential) always(context.Context) (user, password string, err error) {
	return c.Key, c.Secret.Reveal(), nil
}

const (
	maxTokenAnswer = 1 << 20
	// tokenLife is that of a token whose answer does not say (distribution's token
	// specification).
	tokenLife = time.Minute
	// tokenMargin is how long before its end a token is not used any more.
	tokenMargin = 10 * time.Second
	maxTokens   = 1_000
)

// challenge is how a registry wants to be signed in to.
type challenge struct {
	basic          bool
	realm, service string
	scope          string
}

// signIn remembers how a registry wants to be signed in to, and its tokens.
type signIn struct {
	login login
	clock func() time.Time

	mu     sync.Mutex
	known  *challenge
	tokens map[string]*token
}

type token struct {
	mu      sync.Mutex // held while it is fetched
	text    string
	expires time.Time
}

// header returns the Authorization for the scopes, "" where none is wanted yet.
func (s *signIn) header(ctx context.Context, c *client, scopes []string) (string, error) {
	s.mu.Lock()
	known := s.known
	s.mu.Unlock()
	switch {
	case known == nil:
		return "", nil
	case known.basic:
		user, password, err := s.login(ctx)
		if err != nil || user == "" && password == "" {
			return "", err
		}
		return basic(user, password), nil
	}
	text, err := s.token(ctx, c, *known, scopes)
	if err != nil || text == "" {
		return "", err
	}
	return "Bearer " + text, nil
}

func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

func (s *signIn) token(ctx context.Context, c *client, how challenge, scopes []string) (string, error) {
	key := strings.Join(scopes, " ")
	s.mu.Lock()
	if len(s.tokens) >= maxTokens {
		clear(s.tokens)
	}
	t, ok := s.tokens[key]
	if !ok {
		t = &token{}
		s.tokens[key] = t
	}
	s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text != "" && s.clock().Before(t.expires) {
		return t.text, nil
	}
	text, life, err := s.fetch(ctx, c, how, scopes)
	if err != nil {
		return "", err
	}
	t.text, t.expires = text, s.clock().Add(life-min(tokenMargin, life/2))
	return text, nil
}

// fetch asks the token service (distribution's token authentication specification).
func (s *signIn) fetch(ctx context.Context, c *client, how challenge, scopes []string) (string, time.Duration, error) {
	at, err := c.base.Parse(how.realm)
	if err != nil || at.Host == "" {
		return "", 0, fmt.Errorf("sign in to %s: it names %.200q as its token service, which is no URL", c.base.Host, how.realm)
	}
	user, password, err := s.login(ctx)
	if err != nil {
		return "", 0, err
	}
	if c.base.Scheme == "https" && at.Scheme != "https" && user+password != "" {
		return "", 0, fmt.Errorf("sign in to %s: its token service %s has no TLS, and would get the password in clear text", c.base.Host, at.Host)
	}
	query := at.Query()
	if how.service != "" {
		query.Set("service", how.service)
	}
	for _, scope := range scopes {
		query.Add("scope", scope)
	}
	at.RawQuery = query.Encode()
	r := request{doing: "sign in", method: http.MethodGet, url: at, open: true, ok: []int{http.StatusOK}}
	if user+password != "" {
		r.header = http.Header{"Authorization": {basic(user, password)}}
	}
	answer, err := c.do(ctx, r)
	if errors.Is(err, ErrNotFound) {
		return "", 0, &RefusedError{Host: at.Host, Doing: r.doing, Status: http.StatusNotFound, Message: "there is no token service where the registry says"}
	}
	if err != nil {
		return "", 0, err
	}
	defer drain(answer.Body)
	var said struct {
		Token       string `json:"token"`
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxTokenAnswer)).Decode(&said); err != nil {
		return "", 0, fmt.Errorf("sign in to %s: the token service %s answers with something that is no token: %w", c.base.Host, at.Host, err)
	}
	life := time.Duration(said.ExpiresIn) * time.Second
	if said.ExpiresIn <= 0 || said.ExpiresIn > 1<<30 {
		life = tokenLife
	}
	return firstOf(said.Token, said.AccessToken), life, nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// learn takes up the challenges of a 401, and forgets the token that was refused. It
// says whether another attempt may do better: not where basic was tried already.
func (s *signIn) learn(answer *http.Response, scopes []string) bool {
	how, ok := readChallenge(answer.Header.Values("Www-Authenticate"))
	if !ok {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.known == nil || !how.basic || !s.known.basic
	s.known = &how
	delete(s.tokens, strings.Join(scopes, " "))
	return again
}

// realm is that of the token service, once it is known.
func (s *signIn) realm() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		return ""
	}
	return s.known.realm
}

// readChallenge reads WWW-Authenticate (RFC 9110, 11.6.1), which may hold several
// challenges, in one header or in several. Bearer is preferred to Basic.
func readChallenge(headers []string) (challenge, bool) {
	var found []challenge
	for _, text := range headers {
		found = append(found, readChallenges(text)...)
	}
	if at := slices.IndexFunc(found, func(c challenge) bool { return !c.basic && c.realm != "" }); at >= 0 {
		return found[at], true
	}
	if at := slices.IndexFunc(found, func(c challenge) bool { return c.basic }); at >= 0 {
		return found[at], true
	}
	return challenge{}, false
}

func readChallenges(text string) []challenge {
	var out []challenge
	known := false // whether the scheme that parameters belong to is one of ours
	for text = skip(text); text != ""; text = skip(text) {
		var word, value string
		word, text = cutWord(text)
		if word == "" {
			return out
		}
		if !strings.HasPrefix(text, "=") {
			known = strings.EqualFold(word, "bearer") || strings.EqualFold(word, "basic")
			if known {
				out = append(out, challenge{basic: strings.EqualFold(word, "basic")})
			}
			continue
		}
		value, text = cutValue(text[1:])
		if !known {
			continue
		}
		c := &out[len(out)-1]
		switch strings.ToLower(word) {
		case "realm":
			c.realm = value
		case "service":
			c.service = value
		case "scope":
			c.scope = value
		}
	}
	return out
}

func skip(s string) string { return strings.TrimLeft(s, " \t,") }

func cutWord(s string) (word, rest string) {
	end := strings.IndexAny(s, " \t,=\"")
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// cutValue reads a token or a quoted string.
func cutValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, " \t,")
		if end < 0 {
			return s, ""
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

// Scopes of tokens (distribution's token scope specification).
func pulls(repository string) string  { return "repository:" + repository + ":pull" }
func pushes(repository string) string { return "repository:" + repository + ":pull,push" }
func deletes(repository string) string {
	return "repository:" + repository + ":delete,pull,push"
}

const catalogScope = "registry:catalog:*"

// sameOrigin says whether a URL is of the server that the credential is for.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && hostPort(a) == hostPort(b)
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}
