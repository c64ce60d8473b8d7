package artifact

import (
	"strings"

	"github.com/roadstead-registry/roadstead/core/change"
	"github.com/roadstead-registry/roadstead/core/project"
)

// What pulls are answered from is remembered by every process (resolved and served in
// Service). So whoever takes something away or points it elsewhere notes one of these in
// the same transaction: the tag when only it is concerned, and else the whole repository.
// What only comes to be needs no note: that something is not there is not remembered.
const (
	tagTopic        = "tag:"
	repositoryTopic = "repository:"

	// $1 is the repository's id, $2 tags of it.
	noteTags = `
INSERT INTO change (topic) SELECT '` + tagTopic + `' || r.full_name || ':' || t.name
FROM repository r, unnest($2::text[]) AS t(name) WHERE r.id = $1`

	noteRepository = `INSERT INTO change (topic) SELECT '` + repositoryTopic + `' || full_name FROM repository WHERE id = $1`
)

// topicsOf is what an answer about a repository depends on, and about its tag when one
// is given.
func topicsOf(repository, tag string) []change.Topic {
	in, _, _ := strings.Cut(repository, "/")
	out := []change.Topic{project.Topic(in), change.Topic(repositoryTopic + repository)}
	if tag != "" {
		out = append(out, change.Topic(tagTopic+repository+":"+tag))
	}
	return out
}
