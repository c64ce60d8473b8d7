// Package adaptertest is what every kind of registry has to do, and a registry to do it
// to: one in memory, that can be made to behave like others and to fail. It is for
// tests only.
package adaptertest

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
)

// Options are how a Registry behaves. The zero Options are a registry of distribution-spec
// 1.0 that is open to everybody.
type Options struct {
	User, Password string
	Bearer         bool   // wants tokens, from TokenPath; else the password itself
	TokenPath      string // "" is /token
	Realm          string // the token service's URL; "" is TokenPath of this server
	Referrers      bool   // has the API of referrers, and says OCI-Subject
	DeleteTags     bool   // deletes a tag and leaves its manifest
	NoDelete       bool
	NoCatalog      bool
	NoMount        bool
	NoRange        bool // sends blobs from the beginning whatever is asked
	NoSessions     bool // does not tell how far an upload got
	PageSize       int  // 0: all on one page
	ChunkMin       int64

	// Needs says whether a repository can be pushed to; nil: all can.
	Needs func(repository string) bool

	// Before may answer in the place of the registry; it says whether it did.
	Before func(w http.ResponseWriter, r *http.Request) bool
}

// Registry is a registry in memory.
type Registry struct {
	Options
	*httptest.Server

	mu        sync.Mutex
	manifests map[string]map[digest.Digest]kept // by repository
	tags      map[string]map[string]digest.Digest
	blobs     map[string]map[digest.Digest][]byte
	uploads   map[string]*upload
	tokens    map[string][]string // scopes
	requests  []string            // "GET /v2/…"
}

type kept struct {
	mediaType string
	content   []byte
	subject   digest.Digest
}

type upload struct {
	repository string
	content    []byte
}

// New starts a Registry; handle may add an API beside it.
func New(t testing.TB, o Options, handle func(mux *http.ServeMux, r *Registry)) *Registry {
	t.Helper()
	r := &Registry{
		Options: o, manifests: map[string]map[digest.Digest]kept{}, tags: map[string]map[string]digest.Digest{},
		blobs: map[string]map[digest.Digest][]byte{}, uploads: map[string]*upload{}, tokens: map[string][]string{},
	}
	if r.TokenPath == "" {
		r.TokenPath = "/token"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+r.TokenPath, r.token)
	mux.Handle("/v2/", r)
	if handle != nil {
		handle(mux, r)
	}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.requests = append(r.requests, q.Method+" "+q.URL.RequestURI())
		r.mu.Unlock()
		if r.Before != nil && r.Before(w, q) {
			return
		}
		mux.ServeHTTP(w, q)
	}))
	t.Cleanup(r.Close)
	return r
}

// Requests are those that came so far: method, a space, path and query.
func (r *Registry) Requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// Repositories are those that have something, sorted.
func (r *Registry) Repositories() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for name, all := range r.manifests {
		if len(all) > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// PutBlob keeps a blob, and returns its digest.
func (r *Registry) PutBlob(repository string, content []byte) digest.Digest {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := digest.FromBytes(content)
	r.keepBlob(repository, d, content)
	return d
}

// BlobOf is a blob as it is kept, nil where it is not.
func (r *Registry) BlobOf(repository string, d digest.Digest) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.blobs[repository][d]
}

// PutManifest keeps a manifest under a tag, or without one.
func (r *Registry) PutManifest(repository, tag, mediaType string, content []byte) digest.Digest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keep(repository, tag, mediaType, content)
}

// RemoveTag forgets a tag; it says whether it was there.
func (r *Registry) RemoveTag(repository, tag string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.tags[repository][tag]
	delete(r.tags[repository], tag)
	return there
}

// RemoveManifest forgets a manifest with its tags; it says whether it was there.
func (r *Registry) RemoveManifest(repository string, d digest.Digest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.manifests[repository][d]
	delete(r.manifests[repository], d)
	for tag, of := range r.tags[repository] {
		if of == d {
			delete(r.tags[repository], tag)
		}
	}
	return there
}

// TagsOf are the tags of a repository and what they name.
func (r *Registry) TagsOf(repository string) map[string]digest.Digest {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]digest.Digest{}
	for tag, d := range r.tags[repository] {
		out[tag] = d
	}
	return out
}

func (r *Registry) keepBlob(repository string, d digest.Digest, content []byte) {
	if r.blobs[repository] == nil {
		r.blobs[repository] = map[digest.Digest][]byte{}
	}
	r.blobs[repository][d] = content
}

func (r *Registry) keep(repository, tag, mediaType string, content []byte) digest.Digest {
	d := digest.FromBytes(content)
	if r.manifests[repository] == nil {
		r.manifests[repository], r.tags[repository] = map[digest.Digest]kept{}, map[string]digest.Digest{}
	}
	var m struct {
		Subject struct {
			Digest digest.Digest `json:"digest"`
		} `json:"subject"`
	}
	_ = json.Unmarshal(content, &m) // what is no JSON has no subject
	r.manifests[repository][d] = kept{mediaType, content, m.Subject.Digest}
	if tag != "" {
		r.tags[repository][tag] = d
	}
	return d
}

func (r *Registry) token(w http.ResponseWriter, q *http.Request) {
	user, password, given := q.BasicAuth()
	if r.User != "" && given && (user != r.User || password != r.Password) {
		Refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "incorrect username or password")
		return
	}
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails
	text := hex.EncodeToString(raw[:])
	scopes := q.URL.Query()["scope"]
	if r.User != "" && !given {
		scopes = nil // nobody may do nothing
	}
	r.mu.Lock()
	r.tokens[text] = append([]string{"ping"}, scopes...)
	if r.User != "" && !given {
		r.tokens[text] = nil
	}
	r.mu.Unlock()
	Answer(w, http.StatusOK, map[string]any{"token": text, "expires_in": 300})
}

// ForgetTokens makes every token that was given worthless.
func (r *Registry) ForgetTokens() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.tokens)
}

// Answer writes JSON.
func Answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

// Refuse writes the distribution-spec's error body.
func Refuse(w http.ResponseWriter, status int, code, message string) {
	Answer(w, status, map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}})
}

// ServeHTTP is the registry.
func (r *Registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	path := strings.TrimPrefix(q.URL.Path, "/v2/")
	repository, what, last := split(path)
	if !r.admits(w, q, repository, what) {
		return
	}
	switch {
	case path == "":
		Answer(w, http.StatusOK, map[string]any{})
	case path == "_catalog":
		r.catalog(w, q)
	case what == "tags":
		r.list(w, q, repository)
	case what == "manifests":
		r.manifest(w, q, repository, last)
	case what == "referrers" && r.Referrers:
		r.referrers(w, repository, last)
	case what == "uploads":
		r.upload(w, q, repository, last)
	case what == "blobs":
		r.blob(w, q, repository, last)
	default:
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "page not found")
	}
}

// split cuts a path below /v2/ into repository, what of it is meant, and its name.
func split(path string) (repository, what, last string) {
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i > 0; i-- {
		switch parts[i] {
		case "manifests", "referrers", "blobs", "uploads", "tags":
			rest := strings.Join(parts[i+1:], "/")
			repository = strings.Join(parts[:i], "/")
			if parts[i] == "uploads" {
				return strings.TrimSuffix(repository, "/blobs"), "uploads", rest
			}
			return repository, parts[i], rest
		}
	}
	return "", "", path
}

// admits looks at the token, or the password, and asks for one.
func (r *Registry) admits(w http.ResponseWriter, q *http.Request, repository, what string) bool {
	if r.User == "" && !r.Bearer {
		return true
	}
	need := ""
	if repository != "" {
		need = "repository:" + repository + ":pull"
		if q.Method != http.MethodGet && q.Method != http.MethodHead || what == "uploads" {
			need = "repository:" + repository + ":pull,push"
		}
		if q.Method == http.MethodDelete && what != "uploads" {
			need = "repository:" + repository + ":delete"
		}
	}
	if !r.Bearer {
		user, password, _ := q.BasicAuth()
		if user == r.User && password == r.Password {
			return true
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="a registry, in memory"`)
		Refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
		return false
	}
	text, _ := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
	r.mu.Lock()
	scopes := r.tokens[text]
	r.mu.Unlock()
	if need == "" && len(scopes) > 0 || slices.ContainsFunc(scopes, func(s string) bool { return allows(s, need) }) {
		return true
	}
	realm := r.Realm
	if realm == "" {
		realm = r.URL + r.TokenPath
	}
	challenge := fmt.Sprintf(`Bearer realm=%q,service="registry"`, realm)
	if need != "" {
		challenge += fmt.Sprintf(`,scope=%q`, need)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	Refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	return false
}

func allows(scope, need string) bool {
	at, to := strings.LastIndexByte(scope, ':'), strings.LastIndexByte(need, ':')
	if at < 0 || to < 0 || scope[:at] != need[:to] {
		return false
	}
	have := strings.Split(scope[at+1:], ",")
	for action := range strings.SplitSeq(need[to+1:], ",") {
		if !slices.Contains(have, action) {
			return false
		}
	}
	return true
}

func (r *Registry) catalog(w http.ResponseWriter, q *http.Request) {
	if r.NoCatalog {
		Refuse(w, http.StatusNotFound, "NOT_FOUND", "there is no catalog")
		return
	}
	page := r.page(w, q, r.Repositories())
	Answer(w, http.StatusOK, map[string]any{"repositories": page})
}

// page cuts a sorted list as n and last say, and adds the Link.
func (r *Registry) page(w http.ResponseWriter, q *http.Request, all []string) []string {
	if last := q.URL.Query().Get("last"); last != "" {
		at, found := slices.BinarySearch(all, last)
		if found {
			at++
		}
		all = all[at:]
	}
	if r.PageSize > 0 && len(all) > r.PageSize {
		all = all[:r.PageSize]
		w.Header().Set("Link", fmt.Sprintf("<%s?last=%s&n=%d>; rel=\"next\"", q.URL.Path, all[len(all)-1], r.PageSize))
	}
	return all
}

func (r *Registry) list(w http.ResponseWriter, q *http.Request, repository string) {
	r.mu.Lock()
	_, known := r.tags[repository]
	r.mu.Unlock()
	if !known {
		Refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "repository name not known to registry")
		return
	}
	var all []string
	for tag := range r.TagsOf(repository) {
		all = append(all, tag)
	}
	slices.Sort(all)
	Answer(w, http.StatusOK, map[string]any{"name": repository, "tags": r.page(w, q, all)})
}

func (r *Registry) manifest(w http.ResponseWriter, q *http.Request, repository, ref string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, tagged := r.tags[repository][ref]
	if !tagged {
		d = digest.Digest(ref)
	}
	m, there := r.manifests[repository][d]
	switch q.Method {
	case http.MethodGet, http.MethodHead:
		if !there {
			Refuse(w, http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown")
			return
		}
		w.Header().Set("Content-Type", m.mediaType)
		w.Header().Set("Docker-Content-Digest", d.String())
		w.Header().Set("Content-Length", strconv.Itoa(len(m.content)))
		_, _ = w.Write(m.content) // the server leaves it out of a HEAD
	case http.MethodPut:
		r.putManifest(w, q, repository, ref)
	case http.MethodDelete:
		switch {
		case r.NoDelete:
			Refuse(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "the operation is unsupported")
		case !there:
			Refuse(w, http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown")
		case tagged && !r.DeleteTags:
			Refuse(w, http.StatusBadRequest, "DIGEST_INVALID", "provided digest did not match uploaded content")
		case tagged:
			delete(r.tags[repository], ref)
			w.WriteHeader(http.StatusAccepted)
		default:
			delete(r.manifests[repository], d)
			for tag, of := range r.tags[repository] {
				if of == d {
					delete(r.tags[repository], tag)
				}
			}
			w.WriteHeader(http.StatusAccepted)
		}
	}
}

func (r *Registry) putManifest(w http.ResponseWriter, q *http.Request, repository, ref string) {
	if r.Needs != nil && !r.Needs(repository) {
		Refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "the repository does not exist")
		return
	}
	content, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	tag := ref
	if strings.Contains(ref, ":") {
		tag = ""
		if digest.FromBytes(content).String() != ref {
			Refuse(w, http.StatusBadRequest, "DIGEST_INVALID", "not its digest")
			return
		}
	}
	if missing := r.missing(repository, content); missing != "" {
		Refuse(w, http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry: "+missing)
		return
	}
	d := r.keep(repository, tag, q.Header.Get("Content-Type"), content)
	if subject := r.manifests[repository][d].subject; r.Referrers && subject != "" {
		w.Header().Set("OCI-Subject", subject.String())
	}
	w.Header().Set("Docker-Content-Digest", d.String())
	w.Header().Set("Location", "/v2/"+repository+"/manifests/"+d.String())
	w.WriteHeader(http.StatusCreated)
}

// missing is a blob or child that a manifest names and that is not there.
func (r *Registry) missing(repository string, content []byte) string {
	type named struct {
		Digest digest.Digest `json:"digest"`
	}
	var m struct {
		Config    *named  `json:"config"`
		Layers    []named `json:"layers"`
		Manifests []named `json:"manifests"`
	}
	if json.Unmarshal(content, &m) != nil {
		return "everything"
	}
	if m.Config != nil {
		m.Layers = append(m.Layers, *m.Config)
	}
	for _, l := range m.Layers {
		if _, there := r.blobs[repository][l.Digest]; !there {
			return l.Digest.String()
		}
	}
	return ""
}

func (r *Registry) referrers(w http.ResponseWriter, repository, of string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []any{}
	for d, m := range r.manifests[repository] {
		if m.subject.String() == of {
			list = append(list, map[string]any{"mediaType": m.mediaType, "digest": d, "size": len(m.content)})
		}
	}
	w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
	_ = json.NewEncoder(w).Encode(map[string]any{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": list})
}

func (r *Registry) blob(w http.ResponseWriter, q *http.Request, repository, ref string) {
	content := r.BlobOf(repository, digest.Digest(ref))
	if content == nil {
		Refuse(w, http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown to registry")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	from := 0
	if text, ok := strings.CutPrefix(q.Header.Get("Range"), "bytes="); ok && !r.NoRange {
		var err error
		if from, err = strconv.Atoi(strings.TrimSuffix(text, "-")); err != nil || from >= len(content) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", len(content)))
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
		w.WriteHeader(http.StatusPartialContent)
	} else {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	}
	_, _ = w.Write(content[from:]) // the client may have gone
}

func (r *Registry) upload(w http.ResponseWriter, q *http.Request, repository, id string) {
	if id == "" && q.Method == http.MethodPost {
		r.begin(w, q, repository)
		return
	}
	r.mu.Lock()
	u := r.uploads[id]
	r.mu.Unlock()
	if u == nil || u.repository != repository {
		Refuse(w, http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
		return
	}
	switch q.Method {
	case http.MethodGet:
		if r.NoSessions {
			Refuse(w, http.StatusNotFound, "UNSUPPORTED", "uploads cannot be looked at")
			return
		}
		r.progress(w, repository, id, http.StatusNoContent)
	case http.MethodDelete:
		r.mu.Lock()
		delete(r.uploads, id)
		r.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPatch:
		if span := q.Header.Get("Content-Range"); span != "" {
			first, _, _ := strings.Cut(span, "-")
			if n, err := strconv.Atoi(first); err != nil || n != r.size(u) {
				w.Header().Set("Range", fmt.Sprintf("0-%d", max(r.size(u)-1, 0)))
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
		}
		r.receive(q, u)
		r.progress(w, repository, id, http.StatusAccepted)
	case http.MethodPut:
		r.receive(q, u)
		r.commit(w, q, u, id)
	}
}

func (r *Registry) size(u *upload) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(u.content)
}

func (r *Registry) begin(w http.ResponseWriter, q *http.Request, repository string) {
	if r.Needs != nil && !r.Needs(repository) {
		Refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "the repository does not exist")
		return
	}
	query := q.URL.Query()
	if d := digest.Digest(query.Get("mount")); d != "" && !r.NoMount {
		if content := r.BlobOf(query.Get("from"), d); content != nil {
			r.mu.Lock()
			r.keepBlob(repository, d, content)
			r.mu.Unlock()
			w.Header().Set("Docker-Content-Digest", d.String())
			w.WriteHeader(http.StatusCreated)
			return
		}
	}
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails
	id := hex.EncodeToString(raw[:])
	r.mu.Lock()
	r.uploads[id] = &upload{repository: repository}
	r.mu.Unlock()
	if r.ChunkMin > 0 {
		w.Header().Set("OCI-Chunk-Min-Length", strconv.FormatInt(r.ChunkMin, 10))
	}
	r.progress(w, repository, id, http.StatusAccepted)
}

func (r *Registry) progress(w http.ResponseWriter, repository, id string, status int) {
	r.mu.Lock()
	n := len(r.uploads[id].content)
	r.mu.Unlock()
	w.Header().Set("Location", "/v2/"+repository+"/blobs/uploads/"+id+"?state=x")
	w.Header().Set("Range", fmt.Sprintf("0-%d", max(n-1, 0)))
	w.WriteHeader(status)
}

// receive keeps what comes, also when the connection is cut.
func (r *Registry) receive(q *http.Request, u *upload) {
	piece := make([]byte, 32<<10)
	for {
		n, err := q.Body.Read(piece)
		r.mu.Lock()
		u.content = append(u.content, piece[:n]...)
		r.mu.Unlock()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler) // there is nobody to answer
		}
	}
}

func (r *Registry) commit(w http.ResponseWriter, q *http.Request, u *upload, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := digest.FromBytes(u.content)
	if d.String() != q.URL.Query().Get("digest") {
		Refuse(w, http.StatusBadRequest, "DIGEST_INVALID", "provided digest did not match uploaded content")
		return
	}
	delete(r.uploads, id)
	r.keepBlob(u.repository, d, u.content)
	w.Header().Set("Docker-Content-Digest", d.String())
	w.WriteHeader(http.StatusCreated)
}

// Uploads is how many have been begun and neither ended nor given up.
func (r *Registry) Uploads() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.uploads)
}
