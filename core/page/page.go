// Package page is how every list is asked for: which page, what filter, which
// order. It parses Harbor's q and sort parameters, turns them into SQL through a
// list of allowed keys, and builds the Link header. It must not know any table:
// the package that owns the rows names the keys and their columns.
package page

import (
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Bounds of a page, Harbor's.
const (
	DefaultSize = 10
	MaxSize     = 100

	// AllSize is the page of clients that ask for everything, as Harbor's own command
	// line does with page_size=0 to find something by its name.
	AllSize = 1000

	// maxNumber keeps number × size far from overflow; no list is that long.
	maxNumber = 1 << 40
)

// Page is one page of a list: the Number-th (from 1) of Size items each, of the
// items that Query lets through, in the order of Sort.
type Page struct {
	Number, Size int
	Query        Query
	Sort         []Sort
}

// List is the items of one page and how many there are on all pages.
type List[T any] struct {
	Items []T
	Total int64
}

// New checks the four parameters of a list. Page 0 is the first one, as in Harbor,
// and a size of 0 or -1 asks for everything, of which AllSize are given.
func New(number, size int, q, sort string) (Page, error) {
	switch {
	case number < 0 || number > maxNumber:
		return Page{}, fault.Unprocessable("page in query should be greater than or equal to 1")
	case number == 0:
		number = 1
	}
	switch {
	case size < -1:
		return Page{}, fault.Unprocessable("page_size in query should be greater than or equal to -1")
	case size > MaxSize:
		return Page{}, fault.Unprocessable("page_size in query should be less than or equal to %d", MaxSize)
	case size <= 0:
		size = AllSize
	}
	query, err := ParseQuery(q)
	if err != nil {
		return Page{}, err
	}
	order, err := ParseSort(sort)
	if err != nil {
		return Page{}, err
	}
	return Page{Number: number, Size: size, Query: query, Sort: order}, nil
}

// Window limits a statement to the page's rows. The zero Page is the first one.
func (p Page) Window(db *gorm.DB) *gorm.DB {
	number, size := p.clamped()
	return db.Limit(size).Offset((number - 1) * size)
}

func (p Page) clamped() (number, size int) {
	number, size = min(max(p.Number, 1), maxNumber), min(p.Size, AllSize)
	if size < 1 {
		size = DefaultSize
	}
	return number, size
}

func (p Page) numbered(number int) (page, size string) {
	_, s := p.clamped()
	return strconv.Itoa(number), strconv.Itoa(s)
}

// Fetch counts the rows of a statement that Apply has filtered and ordered, and
// reads the page's of them. columns is what to select, "" for all; what names the
// rows in errors.
func Fetch[T any](db *gorm.DB, p Page, columns, what string) (List[T], error) {
	db = db.Session(&gorm.Session{}) // both statements start from it
	var out List[T]
	if err := db.Count(&out.Total).Error; err != nil {
		return List[T]{}, fmt.Errorf("count %s: %w", what, err)
	}
	rows := p.Window(db)
	if columns != "" {
		rows = rows.Select(columns)
	}
	if err := rows.Find(&out.Items).Error; err != nil {
		return List[T]{}, fmt.Errorf("list %s: %w", what, err)
	}
	return out, nil
}
