package search

import (
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/page"
)

// condition is a part of a WHERE and its arguments.
type condition struct {
	sql  string
	args []any
}

func (c *condition) and(sql string, args ...any) {
	if c.sql != "" {
		c.sql += " AND "
	}
	c.sql += sql
	c.args = append(c.args[:len(c.args):len(c.args)], args...)
}

// contains asks for a text anywhere in a column with a trigram index. Of one or two
// letters there is no trigram but at the beginning of a word, and so it is asked for
// at the beginning of the name or of what follows a slash.
func (c *condition) contains(column, text string) {
	pattern := page.EscapeLike(text)
	if utf8.RuneCountInString(text) >= shortest {
		c.and(column+" LIKE ?", "%"+pattern+"%")
		return
	}
	c.and("("+column+" LIKE ? OR "+column+" LIKE ?)", pattern+"%", "%/"+pattern+"%")
}

// about is the condition on a repository and its project.
func (q Query) about(repository, project string) condition {
	var c condition
	for _, w := range q.Words {
		c.contains(repository+".full_name", w)
	}
	if q.Repository != "" {
		c.contains(repository+".full_name", q.Repository) // has the index
		c.contains(repository+".name", q.Repository)
	}
	if q.Project != "" {
		c.contains(project+".name", q.Project)
	}
	return c
}

// first is the word by whose beginning what was found is ordered.
func (q Query) first() string {
	switch {
	case len(q.Words) > 0:
		return q.Words[0]
	case q.Repository != "":
		return q.Repository
	}
	return q.Project
}

// after is the first text that does not begin so, in the order of bytes. A range of
// two parameters uses the index whatever they are; LIKE with one would not.
func after(beginning string) string {
	b := []byte(beginning)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < utf8.RuneSelf-1 {
			b[i]++
			return string(b[:i+1])
		}
	}
	return "\U0010ffff"
}
