package page

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Bounds of a query: far above what people type, low enough that no query makes
// a statement expensive.
const (
	maxQuery  = 4096
	maxTerms  = 32
	maxValues = 100
)

// Op is how a Term compares.
type Op int

// The operators of Harbor's query language.
const (
	Equal Op = iota // k=v
	Fuzzy           // k=~v: contains, whatever the case
	Range           // k=[min~max]: inclusive, either end may be missing
	Or              // k={a b}: one of them
	And             // k=(a b): all of them, for keys that have several values
)

// Term is one condition of a query. Key is lower case. A Range has two Values,
// the lower and the upper bound, "" where it is open.
type Term struct {
	Key    string
	Op     Op
	Values []string
}

// Query is a parsed q: every term must hold.
type Query struct{ Terms []Term }

// Take removes the terms with a key from the query, for a list that answers them
// by other means than a column.
func (q Query) Take(key string) (taken []Term, rest Query) {
	for _, t := range q.Terms {
		if t.Key == key {
			taken = append(taken, t)
		} else {
			rest.Terms = append(rest.Terms, t)
		}
	}
	return taken, rest
}

// ParseQuery reads q. As in Harbor it is unescaped once more than the URL says,
// its parts are separated by commas, and so a value cannot hold a comma. A value
// that starts with a backslash is taken literally.
func ParseQuery(q string) (Query, error) {
	if len(q) > maxQuery {
		return Query{}, fault.Invalid("q", "the query string must not be longer than %d bytes", maxQuery)
	}
	if unescaped, err := url.QueryUnescape(q); err == nil {
		q = unescaped
	}
	if !utf8.ValidString(q) || strings.ContainsRune(q, 0) {
		return Query{}, fault.Invalid("q", "the query string must be UTF-8 text without NUL")
	}
	if q == "" {
		return Query{}, nil
	}
	parts := strings.Split(q, ",")
	if len(parts) > maxTerms {
		return Query{}, fault.Invalid("q", "the query string must not have more than %d conditions", maxTerms)
	}
	out := Query{Terms: make([]Term, 0, len(parts))}
	for _, part := range parts {
		key, value, found := strings.Cut(part, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if !found || key == "" || value == "" {
			return Query{}, fault.Invalid("q", `the query string must contain "=" and the key/value cannot be empty`)
		}
		term, err := parseTerm(key, value)
		if err != nil {
			return Query{}, err
		}
		out.Terms = append(out.Terms, term)
	}
	return out, nil
}

func parseTerm(key, value string) (Term, error) {
	last := value[len(value)-1]
	switch value[0] {
	case '\\':
		return Term{Key: key, Op: Equal, Values: []string{value[1:]}}, nil
	case '~':
		if value == "~" {
			return Term{}, fault.Invalid("q", "the value to look for is missing after %q: write %s=~text", "~", key)
		}
		return Term{Key: key, Op: Fuzzy, Values: []string{value[1:]}}, nil
	case '[':
		if last == ']' {
			return parseRange(key, value[1:len(value)-1])
		}
	case '{':
		if last == '}' {
			return parseValues(key, Or, value[1:len(value)-1])
		}
	case '(':
		if last == ')' {
			return parseValues(key, And, value[1:len(value)-1])
		}
	}
	return Term{Key: key, Op: Equal, Values: []string{unquote(value)}}, nil
}

func parseRange(key, inner string) (Term, error) {
	low, high, found := strings.Cut(inner, "~")
	low, high = unquote(low), unquote(high)
	if !found || (low == "" && high == "") {
		return Term{}, fault.Invalid("q", "%s has no range: write %s=[min~max], [min~] or [~max]", key, key)
	}
	return Term{Key: key, Op: Range, Values: []string{low, high}}, nil
}

func parseValues(key string, op Op, inner string) (Term, error) {
	values := fields(inner)
	if len(values) == 0 || len(values) > maxValues {
		return Term{}, fault.Invalid("q", "%s needs 1 to %d values separated by spaces", key, maxValues)
	}
	return Term{Key: key, Op: op, Values: values}, nil
}

// fields splits at spaces that are not inside quotes; the quotes go.
func fields(s string) []string {
	var quote rune
	parts := strings.FieldsFunc(s, func(r rune) bool {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
			return false
		case r == '"' || r == '\'':
			quote = r
			return false
		}
		return r == ' '
	})
	for i := range parts {
		parts[i] = unquote(parts[i])
	}
	return slices.DeleteFunc(parts, func(v string) bool { return v == "" })
}

func unquote(v string) string {
	v = strings.TrimSpace(v)
	if n := len(v); n >= 2 && v[0] == v[n-1] && (v[0] == '"' || v[0] == '\'') {
		return v[1 : n-1]
	}
	return v
}
