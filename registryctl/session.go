package registryctl

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

const (
	uploadLifetime = 7 * 24 * time.Hour
	maxProgress    = 16_384 // uploads remembered by this process, about 200 bytes each
	macSize        = 16
)

// session is one upload as one request sees it.
//
// Its id proves by itself to which repository and to whom it belongs, so starting
// an upload writes nothing anywhere: <uuid>.<started>.<MAC>.
type session struct {
	id         string // as the client has it
	uuid       string // names the bytes in storage and the row in the index
	repository string
	owner      string
	by         rbac.Subject
	started    time.Time

	size  int64          // bytes that storage has
	state []byte         // SHA-256 after size bytes; nil when not known
	file  storage.Writer // open behind size bytes; nil until it is needed
	want  digest.Digest  // what the client says it is; '' before the last request

	broken error // why this server could not take it
}

// close closes what no writer has taken over.
func (u *session) close() {
	if u.file != nil {
		_ = u.file.Close() // nothing was written
		u.file = nil
	}
}

// sessions is what this process knows of uploads.
type sessions struct {
	index  Index
	store  *storage.Store
	secret []byte
	clock  func() time.Time

	progress *lru.Cache[string, progress]

	mu   sync.Mutex
	busy map[string]struct{}
}

// progress is how far an upload has come. On a filesystem only the hash state in
// memory is believed: a row may tell of bytes that a power cut took. An object
// store keeps what it has acknowledged, and there the row is believed.
type progress struct {
	size  int64
	state []byte
	done  bool // finished or cancelled
}

func newSessions(d Deps) (*sessions, error) {
	known, err := lru.New[string, progress](maxProgress)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, d.Secret)
	mac.Write([]byte("roadstead/upload"))
	return &sessions{
		index: d.Index, store: d.Store, secret: mac.Sum(nil), clock: d.Clock,
		progress: known, busy: map[string]struct{}{},
	}, nil
}

func ownerOf(who rbac.Subject) string { return string(who.Kind) + ":" + who.Name }

func (s *sessions) start(repository string, who rbac.Subject) *session {
	u := &session{
		uuid: uuid.NewString(), repository: repository, owner: ownerOf(who), by: who,
		started: s.clock().Truncate(time.Second),
	}
	started := strconv.FormatInt(u.started.Unix(), 36)
	u.id = u.uuid + "." + started + "." + s.mac(u.uuid, started, u.repository, u.owner)
	return u
}

// open returns the upload that an id names, if it is this repository's, this
// caller's and not too old. Whether anything has arrived is for locate to find.
func (s *sessions) open(id, repository string, who rbac.Subject) (*session, error) {
	u := &session{id: id, repository: repository, owner: ownerOf(who), by: who}
	var started, mac string
	var ok bool
	u.uuid, started, ok = strings.Cut(id, ".")
	if !ok {
		return nil, errUploadUnknown()
	}
	started, mac, ok = strings.Cut(started, ".")
	if !ok || !hmac.Equal([]byte(mac), []byte(s.mac(u.uuid, started, repository, u.owner))) {
		return nil, errUploadUnknown()
	}
	unix, err := strconv.ParseInt(started, 36, 64)
	if err != nil {
		return nil, errUploadUnknown()
	}
	u.started = time.Unix(unix, 0)
	if s.clock().After(u.started.Add(uploadLifetime)) {
		return nil, errUploadUnknown()
	}
	return u, nil
}

func (s *sessions) mac(parts ...string) string {
	mac := hmac.New(sha256.New, s.secret)
	for _, p := range parts {
		_, _ = fmt.Fprintf(mac, "%d:%s,", len(p), p) // lengths, so that no two lists read the same
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:macSize])
}

// lock keeps a second request from writing to the same upload.
func (s *sessions) lock(u *session) (unlock func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.busy[u.uuid]; taken {
		return nil, false
	}
	s.busy[u.uuid] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.busy, u.uuid)
	}, true
}

// locate finds how many bytes an upload has, and the hash of them if it is known.
func (s *sessions) locate(ctx context.Context, u *session) error {
	known, _ := s.progress.Get(u.uuid)
	if known.done {
		return errUploadUnknown()
	}
	if s.store.Local() {
		size, err := s.store.UploadSize(ctx, u.uuid)
		if err != nil {
			return err
		}
		u.size = size
		if known.size == size {
			u.state = known.state
		}
		return nil
	}
	row, err := s.index.LoadUpload(ctx, u.uuid)
	if errors.Is(err, fault.ErrNotFound) {
		return nil // nothing has arrived yet
	}
	if err != nil {
		return err
	}
	u.size = row.Size
	if len(row.HashState) > 0 {
		u.state = row.HashState
	}
	return nil
}

// recount finds what an object store has beyond what was recorded, unless it is being
// written to: a process died there. The hash of that is not known; the upload is read again
// when it is whole.
func (s *sessions) recount(ctx context.Context, u *session) error {
	unlock, ok := s.lock(u)
	if !ok {
		return nil
	}
	defer unlock()
	size, err := s.store.PartsSize(ctx, u.uuid)
	if err != nil || size <= u.size {
		return err
	}
	u.size, u.state = size, nil
	return s.record(ctx, u, size, nil)
}

// record writes into the index how far an upload has come; state may be nil.
func (s *sessions) record(ctx context.Context, u *session, size int64, state []byte) error {
	return s.index.SaveUpload(ctx, artifact.Upload{
		ID: u.uuid, Repository: u.repository, Owner: u.owner, Size: size, HashState: append([]byte{}, state...),
		StartedAt: u.started, ExpiresAt: u.started.Add(uploadLifetime),
	})
}

func (s *sessions) finished(u *session) { s.progress.Add(u.uuid, progress{done: true}) }
