package artifact

import (
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
	"github.com/roadstead-registry/roadstead/core/page"
)

const (
	tagsInRepository = `SELECT t.artifact_id FROM tag t WHERE t.repository_id = (
	SELECT r.id FROM repository r WHERE r.project_id = ? AND r.name = ? AND r.deleted_at IS NULL) AND `
	labelled      = `a.id = ANY (ARRAY(SELECT al.artifact_id FROM artifact_label al WHERE al.label_id IN ? GROUP BY al.artifact_id HAVING count(*) >= ?))`
	tagsInProject = `SELECT t.artifact_id FROM tag t JOIN repository r ON r.id = t.repository_id AND r.project_id = ? AND r.deleted_at IS NULL WHERE `
)

// where takes the q terms that are no plain column of the artifact's out of the
// query: tags, labels and type. What they find is a list of ids, so that a rare tag
// is not looked for along the whole list.
func (f Filter) where(q *gorm.DB, query page.Query) (*gorm.DB, page.Query, error) {
	var rest page.Query
	for _, term := range query.Terms {
		switch term.Key {
		case "tags", "tag":
			q = f.whereTags(q, term)
		case "labels", "label":
			var err error
			if q, err = whereLabels(q, term); err != nil {
				return nil, rest, err
			}
		case "type":
			if term.Op == page.Fuzzy || term.Op == page.Range {
				rest.Terms = append(rest.Terms, term)
			} else {
				q = q.Where("a.kind IN ?", kinds(term.Values))
			}
		default:
			rest.Terms = append(rest.Terms, term)
		}
	}
	return q, rest, nil
}

// whereTags: tags=* tagged, tags=nil untagged, tags=v exactly, tags={v w} one of
// them, tags=(v w) all of them, tags=~v part of one.
func (f Filter) whereTags(q *gorm.DB, term page.Term) *gorm.DB {
	switch {
	case term.Op == page.Equal && term.Values[0] == "*":
		return q.Where("a.tag_count > 0")
	case term.Op == page.Equal && term.Values[0] == "nil":
		return q.Where("a.tag_count = 0")
	case term.Op == page.Fuzzy:
		return f.whereTag(q, "strpos(t.name, ?) > 0", term.Values[0])
	case term.Op == page.Range:
		return f.whereTag(q, "t.name >= ? AND (t.name <= ? OR ? = '')", term.Values[0], term.Values[1], term.Values[1])
	case term.Op == page.And:
		for _, name := range term.Values {
			q = f.whereTag(q, "t.name = ?", name)
		}
		return q
	}
	return f.whereTag(q, "t.name IN ?", term.Values)
}

func (f Filter) whereTag(q *gorm.DB, condition string, args ...any) *gorm.DB {
	if f.Repository != "" {
		return q.Where("a.id = ANY (ARRAY("+tagsInRepository+condition+"))", append([]any{f.ProjectID, f.Repository}, args...)...)
	}
	return q.Where("a.id = ANY (ARRAY("+tagsInProject+condition+"))", append([]any{f.ProjectID}, args...)...)
}

// whereLabels: labels=1 that label, labels=(1 2) all of them, labels={1 2} one.
func whereLabels(q *gorm.DB, term page.Term) (*gorm.DB, error) {
	if term.Op == page.Fuzzy || term.Op == page.Range {
		return nil, fault.Invalid("q", "labels are found by id: labels=1, labels=(1 2) for all of them, labels={1 2} for one of them")
	}
	ids := make([]int64, len(term.Values))
	for i, v := range term.Values {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, fault.Invalid("q", "a label is found by its id, which is a number, not %.64q", v)
		}
		ids[i] = id
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	enough := len(ids)
	if term.Op == page.Or {
		enough = 1
	}
	return q.Where(labelled, ids, enough), nil
}

// kinds are the kinds that Harbor's API calls by one of the types.
func kinds(types []string) []oci.Kind {
	var out []oci.Kind
	for _, t := range types {
		switch strings.ToUpper(t) {
		case "IMAGE":
			out = append(out, oci.KindImage, oci.KindIndex, oci.KindNydus)
		case "CNAI":
			out = append(out, oci.KindModel)
		case "UNKNOWN":
			out = append(out, oci.KindOther)
		default:
			out = append(out, oci.Kind(strings.ToLower(t)))
		}
	}
	return out
}
