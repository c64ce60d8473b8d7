package api

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/page"
)

// Paged is the input of every list.
type Paged struct {
	Number int    `query:"page" default:"1" minimum:"0" doc:"Which page, from 1"`
	Size   int    `query:"page_size" default:"10" minimum:"-1" maximum:"100" doc:"How many on a page; 0 and -1 are as many as there are, up to 1000"`
	Query  string `query:"q" doc:"Conditions: k=v, k=~contains, k=[min~max], k={one of these}, k=(all of these), separated by commas"`
	Sort   string `query:"sort" doc:"Keys separated by commas, a minus before one for descending"`

	page page.Page
	url  url.URL
}

// Resolve is for huma: it reads the four parameters.
func (p *Paged) Resolve(ctx huma.Context) []error {
	p.url = ctx.URL()
	for _, number := range []string{ctx.Query("page"), ctx.Query("page_size")} {
		if _, err := strconv.Atoi(number); err != nil && number != "" {
			return nil // huma has complained already
		}
	}
	var err error
	if p.page, err = page.New(p.Number, p.Size, p.Query, p.Sort); err != nil {
		return []error{invalidPage(err)}
	}
	return nil
}

// list is the output of every list.
type list[T any] struct {
	Total int64  `header:"X-Total-Count" doc:"How many there are on all pages"`
	Link  string `header:"Link" doc:"The previous and the next page"`
	Body  []T    `nullable:"false"`
}

// listed makes the answer of a list from a service's page.
func listed[R, T any](in Paged, rows page.List[R], show func(R) T) *list[T] {
	return &list[T]{Total: rows.Total, Link: in.page.Links(&in.url, rows.Total), Body: shown(rows.Items, show)}
}

// shown converts rows; no rows are an empty list and never null.
func shown[R, T any](rows []R, show func(R) T) []T {
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		out = append(out, show(r))
	}
	return out
}

// done is the output of operations that answer with a status only.
type done struct{}

// created is the output of operations that make something.
type created struct {
	Location string `header:"Location" doc:"Where it is now"`
}

// located makes a Location under the API's base from path segments.
func located(segments ...any) *created {
	path := base
	for _, s := range segments {
		path += "/" + url.PathEscape(fmt.Sprint(s))
	}
	return &created{Location: path}
}

// escapeRepository writes a repository's name into a path as Harbor's clients do.
func escapeRepository(name string) string {
	return strings.ReplaceAll(name, "/", "%252F")
}
