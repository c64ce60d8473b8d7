package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"runtime"
	"strings"
	"time"

	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/opencontainers/go-digest"
	"golang.org/x/sys/unix"
)

// Remove deletes the bytes of blobs and returns those of which there are none any more;
// what was not there is no error. After ctx's deadline it begins no removal: by then
// somebody else may have taken over, and the same bytes may have been pushed again. An
// object store is asked for many at a time; files are deleted while nobody else wants
// the processor.
func (s *Store) Remove(ctx context.Context, digests []digest.Digest) (gone []digest.Digest, err error) {
	if s.bucket != nil {
		return s.removeObjects(ctx, digests)
	}
	yielding(func() { gone, err = s.removeFiles(ctx, digests) })
	return gone, err
}

func (s *Store) removeFiles(ctx context.Context, digests []digest.Digest) (gone []digest.Digest, err error) {
	for _, d := range digests {
		if err := inTime(ctx); err != nil {
			return gone, err
		}
		if err := s.local.RemoveObject(BlobPath(d)); err != nil {
			return gone, fmt.Errorf("remove blob %s: %w", d, err)
		}
		gone = append(gone, d)
	}
	return gone, nil
}

// yielding does something on a thread of the lowest priority. Deleting a file is work of
// the kernel's; a pull that came beside it would wait for its turn (ADR 0010).
func yielding(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()                                              // and never unlocked: the thread ends with this function
		_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), lowPriority) // without it, it is only less polite
		do()
	}()
	<-done
}

// lowPriority is the most that nice knows.
const lowPriority = 19

func (s *Store) removeObjects(ctx context.Context, digests []digest.Digest) ([]digest.Digest, error) {
	paths, of := make([]string, len(digests)), make(map[string]digest.Digest, len(digests))
	for i, d := range digests {
		paths[i] = BlobPath(d)
		of[paths[i]] = d
	}
	removed, err := s.bucket.DeleteMany(ctx, paths)
	gone := make([]digest.Digest, len(removed))
	for i, p := range removed {
		gone[i] = of[p]
	}
	return gone, err
}

// inTime looks at the clock, too: when a process was halted, the timer of its context
// has not fired yet.
func inTime(ctx context.Context) error {
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// Object is something that lies where blobs do.
type Object struct {
	Path    string
	Digest  digest.Digest // '' when it is no blob
	Size    int64
	Written time.Time
}

// Shard is a folder of blobs and the beginning of their digests.
type Shard struct{ Folder, Prefix string }

// Shards are all folders of blobs, in order.
func (s *Store) Shards() []Shard {
	out := make([]Shard, 0, 258)
	for i := range 256 {
		hex := fmt.Sprintf("%02x", i)
		out = append(out, Shard{path.Join(blobs, digest.SHA256.String(), hex), digest.SHA256.String() + ":" + hex})
	}
	for _, a := range []digest.Algorithm{digest.SHA384, digest.SHA512} { // rare: in one go
		out = append(out, Shard{path.Join(blobs, a.String()), a.String() + ":"})
	}
	return out
}

// WalkBlobs tells of all that lies in a folder of blobs, in no order. What comes and
// goes meanwhile may be told of or not.
func (s *Store) WalkBlobs(ctx context.Context, folder string, each func(Object) error) error {
	tell := func(p string, size int64, written time.Time) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return each(Object{Path: p, Digest: digestOf(p), Size: size, Written: written})
	}
	if s.local != nil {
		return s.local.Objects(folder, tell)
	}
	err := s.driver.Walk(ctx, folder, func(info driver.FileInfo) error {
		if info.IsDir() {
			return nil
		}
		return tell(info.Path(), info.Size(), info.ModTime())
	})
	if notFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("walk %s: %w", folder, err)
	}
	return nil
}

// digestOf is the digest whose bytes are at a path, ” when none are.
func digestOf(p string) digest.Digest {
	rest, ok := strings.CutPrefix(p, blobs+"/")
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 4 || parts[3] != "data" {
		return ""
	}
	d := digest.NewDigestFromEncoded(digest.Algorithm(parts[0]), parts[2])
	if d.Validate() != nil || BlobPath(d) != p {
		return ""
	}
	return d
}

// RemoveStray deletes what is no blob, if it was last written before a time: half of a
// file that a process left when it was killed.
func (s *Store) RemoveStray(ctx context.Context, p string, before time.Time) error {
	info, err := s.driver.Stat(ctx, p)
	if notFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("stat %s: %w", p, err)
	}
	if info.IsDir() || digestOf(p) != "" || !info.ModTime().Before(before) {
		return nil
	}
	if s.local != nil {
		return s.local.RemoveObject(p)
	}
	if err := s.driver.Delete(ctx, p); err != nil && !notFound(err) {
		return fmt.Errorf("remove %s: %w", p, err)
	}
	return nil
}

// hashPiece is how much is read before the rate is looked at.
const hashPiece = 256 << 10

// Hash reads a blob at no more than rate bytes a second and returns the digest that its
// bytes really have, and how many they are; it tells of each piece that it has read. It
// fails with ErrMissing when there are none.
func (s *Store) Hash(ctx context.Context, d digest.Digest, rate int64, tell func(bytes int64)) (actual digest.Digest, size int64, err error) {
	r, err := s.Reader(ctx, d)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	sum, began := d.Algorithm().Hash(), time.Now()
	for {
		n, err := io.CopyN(sum, r, hashPiece)
		size += n
		tell(n)
		if errors.Is(err, io.EOF) {
			return digest.NewDigest(d.Algorithm(), sum), size, nil
		}
		if err != nil {
			return "", size, fmt.Errorf("read blob %s: %w", d, err)
		}
		ahead := time.Duration(float64(size)/float64(rate)*float64(time.Second)) - time.Since(began)
		if err := rest(ctx, ahead); err != nil {
			return "", size, err
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}

// SetAside moves a damaged blob to where nobody serves it, and keeps it there for people.
func (s *Store) SetAside(ctx context.Context, d digest.Digest) error {
	err := s.driver.Move(ctx, BlobPath(d), path.Join(damaged, d.Algorithm().String()+"-"+d.Encoded()))
	if err != nil && !notFound(err) {
		return fmt.Errorf("set blob %s aside: %w", d, err)
	}
	return nil
}
