package page

import (
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Kind is the type of a column's values.
type Kind int

// The kinds of column.
const (
	Text Kind = iota
	Int
	Bool
	Time
)

// Column is an SQL expression written by a programmer, never by a caller, that a
// list may be filtered and sorted by. It holds no question mark.
type Column struct {
	SQL  string
	Kind Kind
}

// Columns are the keys of a list, in lower case, and their columns.
type Columns map[string]Column

// Apply adds the query's conditions and the order to a statement. Values travel
// as parameters only. Keys that are not in cols are ignored, as Harbor ignores
// them. defaultSort is SQL, comes last, and must end in something unique, so
// that pages neither repeat nor lose rows.
func (p Page) Apply(db *gorm.DB, cols Columns, defaultSort string) (*gorm.DB, error) {
	for _, term := range p.Query.Terms {
		col, known := cols[term.Key]
		if !known {
			continue
		}
		sql, args, err := col.where(term)
		if err != nil {
			return nil, err
		}
		db = db.Where(sql, args...)
	}
	for _, s := range p.Sort {
		col, known := cols[s.Key]
		switch {
		case !known:
		case s.Desc:
			db = db.Order(col.SQL + " DESC")
		default:
			db = db.Order(col.SQL)
		}
	}
	if defaultSort != "" {
		db = db.Order(defaultSort)
	}
	return db, nil
}

func (c Column) where(t Term) (string, []any, error) {
	switch t.Op {
	case Fuzzy:
		if c.Kind != Text {
			return "", nil, fault.Invalid("q", "%s is not text: it cannot be searched with ~, use =value or =[min~max]", t.Key)
		}
		return c.SQL + ` ILIKE ? ESCAPE '\'`, []any{"%" + EscapeLike(t.Values[0]) + "%"}, nil
	case Range:
		return c.between(t)
	case Or, And:
		return c.each(t)
	}
	return c.equal(t.Key, t.Values[0])
}

func (c Column) equal(key, value string) (string, []any, error) {
	v, err := c.parse(key, value)
	if err != nil {
		return "", nil, err
	}
	// What people write has whole seconds, what is stored has microseconds.
	if at, ok := v.(time.Time); ok && at.Nanosecond() == 0 {
		return "(" + c.SQL + " >= ? AND " + c.SQL + " < ?)", []any{at, at.Add(time.Second)}, nil
	}
	return c.SQL + " = ?", []any{v}, nil
}

func (c Column) between(t Term) (string, []any, error) {
	var conditions []string
	var args []any
	for i, op := range []string{" >= ?", " <= ?"} {
		if t.Values[i] == "" {
			continue
		}
		v, err := c.parse(t.Key, t.Values[i])
		if err != nil {
			return "", nil, err
		}
		conditions, args = append(conditions, c.SQL+op), append(args, v)
	}
	return "(" + strings.Join(conditions, " AND ") + ")", args, nil
}

func (c Column) each(t Term) (string, []any, error) {
	join := " OR "
	if t.Op == And {
		join = " AND "
	}
	var conditions []string
	var args []any
	for _, value := range t.Values {
		sql, arg, err := c.equal(t.Key, value)
		if err != nil {
			return "", nil, err
		}
		conditions, args = append(conditions, sql), append(args, arg...)
	}
	return "(" + strings.Join(conditions, join) + ")", args, nil
}

func (c Column) parse(key, value string) (any, error) {
	switch c.Kind {
	case Int:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, fault.Invalid("q", "%s must be a whole number, not %q", key, value)
		}
		return n, nil
	case Bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return nil, fault.Invalid("q", "%s must be true or false, not %q", key, value)
		}
		return b, nil
	case Time:
		return parseTime(key, value)
	}
	return value, nil
}

func parseTime(key, value string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05", time.DateTime, time.RFC3339Nano, time.DateOnly} {
		// Postgres' timestamps end long after year 9999, Go's layouts with it.
		if at, err := time.Parse(layout, value); err == nil && at.Year() > 0 {
			return at, nil
		}
	}
	return time.Time{}, fault.Invalid("q", "%s must be a time like 2006-01-02T15:04:05, not %q", key, value)
}

// EscapeLike makes LIKE's wildcards in a value stand for themselves, with the
// backslash as escape character.
func EscapeLike(value string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(value)
}
