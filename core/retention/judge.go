package retention

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/selector"
)

// What becomes of an artifact, as the statement says it.
const (
	kept       = iota // by a rule
	sealed            // it, or what refers to it, has an immutable tag
	listed            // a living index that stays consists of it
	deleted           //
	deletedToo        // what only deleted indexes consist of: no artifact that rules look at
)

// court is what is judged: repositories of one project, by rules that are on.
type court struct {
	projectID    int64
	now          time.Time
	repositories []repository
	rules        []Rule
	places       []int // of each rule in the policy, from 0
	immutable    immutable.Rules
}

type repository struct {
	ID   int64
	Name string // without the project
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

const livingRepositories = `SELECT id, name FROM repository WHERE project_id = $1 AND deleted_at IS NULL AND published_at IS NOT NULL ORDER BY name`

// summon finds what a policy's rules are about in a project.
func summon(ctx context.Context, q querier, projectID int64, rules []Rule, now time.Time) (court, error) {
	rows, err := q.Query(ctx, livingRepositories, projectID)
	if err != nil {
		return court{}, fmt.Errorf("list the repositories of a project: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[repository])
	if err != nil {
		return court{}, fmt.Errorf("list the repositories of a project: %w", err)
	}
	c := court{projectID: projectID, now: now}
	for i, r := range rules {
		if !r.Disabled {
			c.rules, c.places = append(c.rules, r), append(c.places, i)
		}
	}
	for _, r := range all {
		if len(rulesFor(c.rules, r.Name)) > 0 {
			c.repositories = append(c.repositories, r)
		}
	}
	c.immutable, err = immutable.Load(ctx, q, projectID)
	return c, err
}

// rulesFor are the rules that are about a repository and on.
func rulesFor(rules []Rule, repository string) (out []Rule) {
	for _, r := range rules {
		if !r.Disabled && selector.Compile(r.Repositories).All(repository) {
			out = append(out, r)
		}
	}
	return out
}

func ids(repositories []repository) []int64 {
	out := make([]int64, len(repositories))
	for i, r := range repositories {
		out[i] = r.ID
	}
	return out
}

// verdict is the statement that judges, being written.
type verdict struct {
	court
	args    []any
	columns []string          // what is to be known of each artifact's tags
	known   map[string]string // the column of each condition
}

func (v *verdict) arg(value any) string {
	v.args = append(v.args, value)
	return "$" + strconv.Itoa(len(v.args))
}

// The statement's common part ends with these tables:
//
//	judged    every artifact that rules look at, with what they say
//	sealing   whose referrers have immutable tags
//	blocked   what stays because an index does
//	doomed    what goes
//	children  what goes along because only doomed indexes consist of it
//	referring what goes along because it refers to one of these
//
// A listed artifact has no index that goes for another reason than its own fate: one
// that goes along with its own index is taken to stay until it has gone.
//
// OFFSET 0: an index that lists others, and what one lists, is looked up for itself, however many the planner expects.
const (
	// %[1]s repositories, %[2]s columns about tags, %[3]s rules' columns, %[4]s looked,
	// %[5]s kept, %[6]s who is immutable among referrers.
	judging = `
WITH RECURSIVE tagged AS MATERIALIZED (
  SELECT t.artifact_id, max(t.since) AS since, max(t.pulled_at) AS pulled_at%[2]s
  FROM tag t WHERE t.repository_id = ANY(%[1]s) GROUP BY t.artifact_id),
candidate AS MATERIALIZED (
  SELECT a.id, a.repository_id, a.parent_count > 0 AS listed, greatest(a.pushed_at, t.since) AS pushed, greatest(a.pulled_at, t.pulled_at) AS pulled,
    coalesce(t.immutable, false) AS immutable%[3]s
  FROM artifact a LEFT JOIN tagged t ON t.artifact_id = a.id
  WHERE a.repository_id = ANY(%[1]s) AND a.deleted_at IS NULL AND a.accessory_type = '' AND (a.tag_count > 0 OR a.parent_count = 0)),
judged AS MATERIALIZED (
  SELECT id, repository_id, listed, pushed, pulled, immutable, %[4]s AS looked, %[5]s AS kept
  FROM candidate
  WINDOW by_push AS (PARTITION BY repository_id ORDER BY pushed DESC, id DESC ROWS UNBOUNDED PRECEDING),
    by_pull AS (PARTITION BY repository_id ORDER BY pulled DESC NULLS LAST, pushed DESC, id DESC ROWS UNBOUNDED PRECEDING),
    by_use AS (PARTITION BY repository_id ORDER BY greatest(pulled, pushed) DESC, pushed DESC, id DESC ROWS UNBOUNDED PRECEDING)),
accessory AS MATERIALIZED (
  SELECT x.id, o.id AS subject_id FROM artifact x JOIN artifact o ON o.repository_id = x.repository_id AND o.digest = x.subject_digest
  WHERE x.repository_id = ANY(%[1]s) AND x.subject_digest IS NOT NULL AND x.deleted_at IS NULL AND x.accessory_type <> '' AND x.parent_count = 0),
family AS (
  SELECT j.id AS root, x.id FROM judged j JOIN accessory x ON x.subject_id = j.id WHERE NOT j.kept AND NOT j.immutable
  UNION
  SELECT f.root, x.id FROM family f JOIN accessory x ON x.subject_id = f.id),
sealing AS (SELECT DISTINCT f.root AS id FROM family f JOIN tag t ON t.artifact_id = f.id WHERE %[6]s),
wanted AS MATERIALIZED (SELECT id, listed FROM judged j WHERE NOT kept AND NOT immutable AND NOT EXISTS (SELECT FROM sealing s WHERE s.id = j.id)),
blocked AS (
  SELECT c.child_id AS id FROM wanted w JOIN artifact_child c ON c.child_id = w.id
  WHERE w.listed AND NOT EXISTS (SELECT FROM wanted x WHERE x.id = c.parent_id) AND EXISTS (SELECT FROM artifact p WHERE p.id = c.parent_id AND p.deleted_at IS NULL OFFSET 0)
  UNION
  SELECT c.child_id FROM blocked b CROSS JOIN LATERAL (SELECT child_id FROM artifact_child WHERE parent_id = b.id OFFSET 0) c JOIN wanted w ON w.id = c.child_id),
doomed AS MATERIALIZED (SELECT id FROM wanted w WHERE NOT EXISTS (SELECT FROM blocked b WHERE b.id = w.id)),
below AS (
  SELECT c.child_id AS id FROM doomed d JOIN artifact_child c ON c.parent_id = d.id WHERE EXISTS (SELECT FROM artifact a WHERE a.id = c.child_id AND a.deleted_at IS NULL AND a.tag_count = 0 OFFSET 0)
  UNION
  SELECT c.child_id FROM below b CROSS JOIN LATERAL (SELECT child_id FROM artifact_child WHERE parent_id = b.id OFFSET 0) c WHERE EXISTS (SELECT FROM artifact a WHERE a.id = c.child_id AND a.deleted_at IS NULL AND a.tag_count = 0 OFFSET 0)),
staying AS (
  SELECT b.id FROM below b CROSS JOIN LATERAL (SELECT parent_id FROM artifact_child WHERE child_id = b.id OFFSET 0) c
  WHERE NOT EXISTS (SELECT FROM doomed d WHERE d.id = c.parent_id) AND NOT EXISTS (SELECT FROM below x WHERE x.id = c.parent_id)
    AND EXISTS (SELECT FROM artifact p WHERE p.id = c.parent_id AND p.deleted_at IS NULL OFFSET 0)
  UNION
  SELECT c.child_id FROM staying s CROSS JOIN LATERAL (SELECT child_id FROM artifact_child WHERE parent_id = s.id OFFSET 0) c JOIN below b ON b.id = c.child_id),
children AS MATERIALIZED (SELECT id FROM below b WHERE NOT EXISTS (SELECT FROM staying s WHERE s.id = b.id)),
referring AS (
  SELECT f.id FROM family f JOIN doomed d ON d.id = f.root
  UNION
  SELECT x.id FROM children c JOIN accessory x ON x.subject_id = c.id
  UNION
  SELECT x.id FROM referring r JOIN accessory x ON x.subject_id = r.id)`

	// fate is of a row j of judged.
	fate = `CASE WHEN j.kept THEN 0 WHEN j.immutable OR EXISTS (SELECT FROM sealing s WHERE s.id = j.id) THEN 1
  WHEN EXISTS (SELECT FROM blocked b WHERE b.id = j.id) THEN 2 ELSE 3 END`
)

// judge writes the common part.
func (c court) judge() (sql string, v *verdict) {
	v = &verdict{court: c, known: map[string]string{}}
	repositories := v.arg(ids(c.repositories))
	var looks, looked, keeps []string
	for i, r := range c.rules {
		looks = append(looks, fmt.Sprintf("%s AS looked_%d", v.looks(r), i))
		looked = append(looked, fmt.Sprintf("(looked_%d::integer << %d)", i, c.places[i]))
		keeps = append(keeps, v.keeps(r, fmt.Sprintf("looked_%d", i)))
	}
	if len(c.rules) == 0 {
		looked, keeps = []string{"0"}, []string{"true"}
	}
	inTags, amongReferrers := v.sealed("t"), v.sealed("t")
	columns := append([]string{"bool_or(" + inTags + ") AS immutable"}, v.columns...)
	sql = fmt.Sprintf(judging, repositories, ",\n    "+strings.Join(columns, ",\n    "), lead(looks), strings.Join(looked, " | "),
		"("+strings.Join(keeps, " OR ")+")", amongReferrers)
	return sql, v
}

func lead(columns []string) string {
	if len(columns) == 0 {
		return ""
	}
	return ",\n    " + strings.Join(columns, ",\n    ")
}

// looks is the condition over artifact a and its tags t under which a rule looks at an
// artifact: each of its selectors takes one of the tags, or takes what has none.
func (v *verdict) looks(r Rule) string {
	var conditions []string
	repositories := selector.Compile(r.Repositories)
	about := []int64{} // a nil one would be NULL, and so the condition
	for _, each := range v.repositories {
		if repositories.All(each.Name) {
			about = append(about, each.ID)
		}
	}
	if len(about) < len(v.repositories) {
		conditions = append(conditions, "a.repository_id = ANY("+v.arg(about)+")")
	}
	for _, s := range r.Tags {
		without, _ := untagged(s) // checked
		conditions = append(conditions, fmt.Sprintf("CASE WHEN t.artifact_id IS NULL THEN %t ELSE %s END", without, v.someTag(s)))
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

// someTag is the condition under which a selector takes one of an artifact's tags.
func (v *verdict) someTag(s selector.Selector) string {
	expression, any, none := s.Regexp()
	excludes := s.Decoration == selector.Excludes
	switch {
	case any:
		return strconv.FormatBool(!excludes)
	case none:
		return strconv.FormatBool(excludes)
	}
	key := fmt.Sprint(excludes, " ", expression)
	column, there := v.known[key]
	if !there {
		column = fmt.Sprintf("some_%d", len(v.columns))
		v.known[key] = column
		v.columns = append(v.columns, fmt.Sprintf("bool_or(%s) AS %s", v.match("t.name", expression, excludes), column))
	}
	return "t." + column
}

func (v *verdict) match(name, expression string, excludes bool) string {
	operator := "~"
	if excludes {
		operator = "!~"
	}
	return name + " " + operator + " " + v.arg(expression)
}

// keeps is the condition over a row of candidate under which a rule keeps it. Counting
// over windows that rules share, not ranking over ones of their own, takes one sort
// for all rules of a kind.
func (v *verdict) keeps(r Rule, looked string) string {
	first := func(window string) string {
		return fmt.Sprintf("(%s AND count(*) FILTER (WHERE %s) OVER %s <= %s)", looked, looked, window, v.arg(int64(r.number())))
	}
	switch r.Template {
	case latestPushed:
		return first("by_push")
	case latestPulled:
		return first("by_pull")
	case latestActive:
		return first("by_use")
	case pushedWithin:
		return fmt.Sprintf("(%s AND pushed >= %s)", looked, v.arg(r.cutoff(v.now)))
	case pulledWithin:
		return fmt.Sprintf("(%s AND coalesce(pulled >= %s, false))", looked, v.arg(r.cutoff(v.now)))
	case lastDays:
		return fmt.Sprintf("(%s AND pushed > %s)", looked, v.arg(r.cutoff(v.now)))
	case always:
		return looked
	}
	return "false"
}

// sealed is the condition over a row of tag under which an immutability rule keeps it.
// Repositories that the same rules are about share their conditions.
func (v *verdict) sealed(tag string) string {
	type group struct {
		condition    string
		repositories []int64
	}
	var groups []group
	for _, each := range v.repositories {
		rules := v.immutable.TagsOf(each.Name)
		if len(rules) == 0 {
			continue
		}
		key := fmt.Sprint(rules)
		at := slices.IndexFunc(groups, func(g group) bool { return g.condition == key })
		if at < 0 {
			groups, at = append(groups, group{condition: key}), len(groups)
		}
		groups[at].repositories = append(groups[at].repositories, each.ID)
	}
	var out []string
	for _, g := range groups {
		name := ""
		for _, each := range v.repositories {
			if each.ID == g.repositories[0] {
				name = each.Name
			}
		}
		condition := v.immutableTag(tag+".name", v.immutable.TagsOf(name))
		if len(g.repositories) < len(v.repositories) {
			condition = fmt.Sprintf("(%s.repository_id = ANY(%s) AND %s)", tag, v.arg(g.repositories), condition)
		}
		out = append(out, condition)
	}
	if len(out) == 0 {
		return "false"
	}
	return "(" + strings.Join(out, " OR ") + ")"
}

// immutableTag is the condition under which one of the rules takes a tag.
func (v *verdict) immutableTag(name string, rules [][]selector.Selector) string {
	var out []string
	for _, selectors := range rules {
		var all []string
		for _, s := range selectors {
			expression, any, none := s.Regexp()
			excludes := s.Decoration == selector.Excludes
			switch {
			case any:
				all = append(all, strconv.FormatBool(!excludes))
			case none:
				all = append(all, strconv.FormatBool(excludes))
			default:
				all = append(all, v.match(name, expression, excludes))
			}
		}
		out = append(out, "("+strings.Join(all, " AND ")+")")
	}
	return "(" + strings.Join(out, " OR ") + ")"
}
