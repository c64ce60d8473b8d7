package replication

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/remote"
)

// pieceSize is how many artifacts of a repository one task copies at most: a task's
// parameters stay small, and a large repository is copied by several workers.
const pieceSize = 500

// found is what a policy wants of one repository.
type found struct {
	repository string
	references []string // tags, and digests of what has none
}

// matching calls yield with what the policy lets through at its source, repository by
// repository.
func (s *Service) matching(ctx context.Context, p Policy, far remote.Adapter, yield func(found) error) error {
	if p.Push {
		return s.matchingHere(ctx, p.Filters.compile(), yield)
	}
	return matchingThere(ctx, p.Filters.compile(), far, yield)
}

const (
	hereAtOnce = 200 // repositories

	localRepositories = `
SELECT id, full_name FROM repository
WHERE deleted_at IS NULL AND published_at IS NOT NULL AND full_name > $1 AND full_name >= $2 AND full_name < $3 ORDER BY full_name LIMIT $4`

	// What people see in lists: accessories and untagged children come along with what
	// they belong to.
	localArtifacts = `
SELECT r.full_name, a.id, a.digest, a.kind, coalesce(t.name, ''),
  CASE WHEN $2 THEN ARRAY(SELECT l.name FROM artifact_label al JOIN label l ON l.id = al.label_id WHERE al.artifact_id = a.id) END
FROM repository r JOIN artifact a ON a.repository_id = r.id LEFT JOIN tag t ON t.artifact_id = a.id
WHERE r.id = ANY($1) AND a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)
ORDER BY r.full_name, a.id, t.name`

	lastOfPrefix = "\U0010FFFF" // after every character of a name
)

// matchingHere reads this registry's index: two statements for 200 repositories.
func (s *Service) matchingHere(ctx context.Context, m matcher, yield func(found) error) error {
	for after := ""; ; {
		var ids []int64
		rows, err := s.DB.Pool.Query(ctx, localRepositories, after, m.fixed(), m.fixed()+lastOfPrefix, hereAtOnce)
		if err != nil {
			return fmt.Errorf("list repositories: %w", err)
		}
		n := 0
		var id int64
		var name string
		_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
			n, after = n+1, name
			if m.name(name) {
				ids = append(ids, id)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("list repositories: %w", err)
		}
		if err := s.artifactsHere(ctx, m, ids, yield); err != nil {
			return err
		}
		if n < hereAtOnce {
			return nil
		}
	}
}

func (s *Service) artifactsHere(ctx context.Context, m matcher, repositories []int64, yield func(found) error) error {
	if len(repositories) == 0 {
		return nil
	}
	rows, err := s.DB.Pool.Query(ctx, localArtifacts, repositories, len(m.labels) > 0)
	if err != nil {
		return fmt.Errorf("list artifacts: %w", err)
	}
	var all []found
	var repository, digest, tag string
	var id int64
	var kind oci.Kind
	var labels []string
	_, err = pgx.ForEachRow(rows, []any{&repository, &id, &digest, &kind, &tag, &labels}, func() error {
		if !m.kind(kind) || !m.labelled(labels) || !m.tag(tag) || isFallback(tag) {
			return nil
		}
		if len(all) == 0 || all[len(all)-1].repository != repository {
			all = append(all, found{repository: repository})
		}
		last := &all[len(all)-1]
		if tag == "" {
			tag = digest
		}
		last.references = append(last.references, tag)
		return nil
	})
	if err != nil {
		return fmt.Errorf("list artifacts: %w", err)
	}
	for _, f := range all { // not while the rows are read: yield may take its time
		if err := yield(f); err != nil {
			return err
		}
	}
	return nil
}

// isFallback says whether a tag only stands for what belongs to an artifact, and so
// comes along with that.
func isFallback(tag string) bool {
	_, _, ok := oci.ParseFallbackTag(tag)
	return ok
}

// matchingThere asks another registry.
func matchingThere(ctx context.Context, m matcher, far remote.Adapter, yield func(found) error) error {
	return far.Repositories(ctx, m.texts, func(page []remote.Repository) error {
		for _, r := range page {
			if !m.name(r.Name) {
				continue
			}
			refs, err := tagsThere(ctx, m, far, r.Name)
			if errors.Is(err, remote.ErrNotFound) { // it went, or has never had anything
				continue
			}
			if err != nil {
				return err
			}
			if len(refs) == 0 {
				continue
			}
			if err := yield(found{r.Name, refs}); err != nil {
				return err
			}
		}
		return nil
	})
}

func tagsThere(ctx context.Context, m matcher, far remote.Adapter, repository string) (out []string, err error) {
	labelled, err := labelledThere(ctx, m, far, repository)
	if err != nil {
		return nil, err
	}
	err = far.Tags(ctx, repository, func(tags []string) error {
		for _, t := range tags {
			if m.tag(t) && !isFallback(t) && labelled(t) {
				out = append(out, t)
			}
		}
		return nil
	})
	return out, err
}

// labelledThere says of a tag whether the label filters let it through.
func labelledThere(ctx context.Context, m matcher, far remote.Adapter, repository string) (func(tag string) bool, error) {
	if len(m.labels) == 0 {
		return func(string) bool { return true }, nil
	}
	asked, ok := far.(remote.Labelled)
	if !ok {
		return nil, job.Final(errors.New("the source registry has no labels to filter by: take the label filter out of the policy"))
	}
	type filtered struct {
		tags    []string
		exclude bool
	}
	var all []filtered
	for _, f := range m.labels {
		tags, err := asked.LabelledTags(ctx, repository, f.Labels)
		if err != nil {
			return nil, err
		}
		all = append(all, filtered{tags, f.Decoration == Excludes})
	}
	return func(tag string) bool {
		for _, f := range all {
			if slices.Contains(f.tags, tag) == f.exclude {
				return false
			}
		}
		return true
	}, nil
}
