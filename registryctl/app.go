package registryctl

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/distribution/distribution/v3"
	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	"github.com/opencontainers/go-digest"
)

// app is distribution's App, which is given requests about uploads and nothing
// else. The namespace that it finds is ours.
type app struct {
	handler *handlers.App
	secret  string
}

func newApp(ctx context.Context, d Deps, blobs distribution.BlobStore) (a *app, err error) {
	register(d.Log)
	mac := hmac.New(sha256.New, d.Secret)
	mac.Write([]byte("roadstead/distribution"))
	a = &app{secret: base64.RawStdEncoding.EncodeToString(mac.Sum(nil))}

	c := &configuration.Configuration{
		Storage: configuration.Storage{
			pluginName:    {"driver": d.Store.Driver()},
			"maintenance": {"uploadpurging": map[any]any{"enabled": false}},
		},
		Middleware: map[string][]configuration.Middleware{
			"registry": {{Name: pluginName, Options: configuration.Parameters{"namespace": namespace{blobs}}}},
		},
	}
	c.HTTP.Secret = a.secret
	c.HTTP.RelativeURLs = true
	c.Validation.Disabled = true

	defer func() { // NewApp panics where it should return an error
		if v := recover(); v != nil {
			err = fmt.Errorf("distribution: %v", v)
		}
	}()
	a.handler = handlers.NewApp(ctx, c)
	return a, nil
}

func (a *app) close() error { return a.handler.Shutdown() }

type sessionKey struct{}

// serve lets the App run the upload protocol for a request that was checked. The
// App finds the upload in the context; its own signed state is made here, because
// the upload's id already proves what the App wants proven.
func (a *app) serve(w http.ResponseWriter, r *http.Request, u *session, want digest.Digest) {
	starts := r.Method == http.MethodPost
	inner := r.Clone(context.WithValue(r.Context(), sessionKey{}, u))
	inner.URL = &url.URL{Path: prefix + u.repository + uploadsEnd + "/"}
	q := url.Values{}
	if !starts {
		inner.URL.Path += u.id
		q = a.state(u)
	}
	if want != "" {
		q.Set("digest", want.String())
	}
	inner.URL.RawQuery = q.Encode()
	inner.RequestURI = inner.URL.RequestURI()
	inner.Header.Set("Content-Type", "application/octet-stream") // the App refuses others with a 500
	inner.Header.Del("Content-Range")                            // checked already
	w.Header().Del("Docker-Distribution-Api-Version")            // the App adds it
	body := &watchedBody{ReadCloser: r.Body}
	inner.Body = body
	a.handler.ServeHTTP(&appResponse{ResponseWriter: w, request: r, body: body, session: u}, inner)
}

// uploadState is what the App carries in the _state of an upload's Location.
type uploadState struct {
	Name      string
	UUID      string
	Offset    int64
	StartedAt time.Time
}

// state is the query of the upload's present Location, signed as the App does.
func (a *app) state(u *session) url.Values {
	p, err := json.Marshal(uploadState{u.repository, u.id, u.size, u.started})
	if err != nil { // strings, a number and a time of this century
		return url.Values{}
	}
	mac := hmac.New(sha256.New, []byte(a.secret))
	mac.Write(p)
	return url.Values{"_state": {base64.URLEncoding.EncodeToString(append(mac.Sum(nil), p...))}}
}

// claimedOffset reads how many bytes the upload had when the client was given
// this Location. It only tells a stale Location from a current one, so the
// signature is not checked.
func claimedOffset(q url.Values) (int64, bool) {
	p, err := base64.URLEncoding.DecodeString(q.Get("_state"))
	if err != nil || len(p) < sha256.Size {
		return 0, false
	}
	var s uploadState
	if json.Unmarshal(p[sha256.Size:], &s) != nil {
		return 0, false
	}
	return s.Offset, true
}
