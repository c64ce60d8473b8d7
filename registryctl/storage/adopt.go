package storage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/opencontainers/go-digest"
)

// repositories is where a distribution or Harbor registry keeps names; this program
// writes nothing there.
const repositories = root + "/repositories"

// maxLink is longer than any digest.
const maxLink = 256

// Repositories tells of the repositories whose names another registry has left in the
// storage, in no order.
func (s *Store) Repositories(ctx context.Context, each func(name string) error) error {
	return s.repositoriesBelow(ctx, repositories, each)
}

func (s *Store) repositoriesBelow(ctx context.Context, dir string, each func(string) error) error {
	children, err := s.children(ctx, dir)
	if err != nil {
		return err
	}
	for _, child := range children {
		switch base := path.Base(child); {
		case base == "_manifests":
			if err := each(strings.TrimPrefix(dir, repositories+"/")); err != nil {
				return err
			}
		case !strings.HasPrefix(base, "_"):
			if err := s.repositoriesBelow(ctx, child, each); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) children(ctx context.Context, dir string) ([]string, error) {
	out, err := s.driver.List(ctx, dir)
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	return out, nil
}

// Revisions are the manifests that a repository of another registry has.
func (s *Store) Revisions(ctx context.Context, repository string) (out []digest.Digest, err error) {
	base := path.Join(repositories, repository, "_manifests/revisions")
	algorithms, err := s.children(ctx, base)
	if err != nil {
		return nil, err
	}
	for _, a := range algorithms {
		dirs, err := s.children(ctx, a)
		if err != nil {
			return nil, err
		}
		for _, dir := range dirs {
			d, err := s.link(ctx, path.Join(dir, "link"))
			if errors.Is(err, ErrMissing) { // deleted there
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// TagLinks are the tags that a repository of another registry has, and what they name.
func (s *Store) TagLinks(ctx context.Context, repository string) (map[string]digest.Digest, error) {
	dirs, err := s.children(ctx, path.Join(repositories, repository, "_manifests/tags"))
	if err != nil {
		return nil, err
	}
	out := map[string]digest.Digest{}
	for _, dir := range dirs {
		d, err := s.link(ctx, path.Join(dir, "current/link"))
		if errors.Is(err, ErrMissing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[path.Base(dir)] = d
	}
	return out, nil
}

// link reads a file that holds a digest; ErrMissing when it is not there or holds none.
func (s *Store) link(ctx context.Context, p string) (digest.Digest, error) {
	text, err := s.driver.GetContent(ctx, p)
	if notFound(err) {
		return "", ErrMissing
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", p, err)
	}
	if len(text) > maxLink {
		return "", ErrMissing
	}
	d, err := digest.Parse(strings.TrimSpace(string(text)))
	if err != nil {
		return "", ErrMissing
	}
	return d, nil
}

// Size is how many bytes of a blob there are; ErrMissing when there is none.
func (s *Store) Size(ctx context.Context, d digest.Digest) (int64, error) {
	info, err := s.driver.Stat(ctx, BlobPath(d))
	if notFound(err) {
		return 0, fmt.Errorf("blob %s: %w", d, ErrMissing)
	}
	if err != nil {
		return 0, fmt.Errorf("stat blob %s: %w", d, err)
	}
	return info.Size(), nil
}
