package page_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// things is a table with one row for each thing that a query may stumble over.
func things(t *testing.T) *gorm.DB {
	t.Helper()
	return storetest.New(t, fstest.MapFS{"0001_thing.sql": {Data: []byte(`-- +goose Up
CREATE TABLE thing (id bigint PRIMARY KEY, name text NOT NULL, live boolean NOT NULL, at timestamptz NOT NULL);
INSERT INTO thing VALUES
	(1, 'alpha',   true,  '2020-01-01T00:00:00Z'),
	(2, 'Alphabet', false, '2020-04-09T02:36:00.5Z'),
	(3, '100%',    true,  '2021-01-01T00:00:00Z'),
	(4, '100x',    true,  '2021-01-01T00:00:00Z'),
	(5, 'a_b\c',   false, '2022-01-01T00:00:00Z');
`)}}).Gorm
}

func columns() page.Columns {
	return page.Columns{
		"id": {SQL: "id", Kind: page.Int}, "name": {SQL: "name"}, "live": {SQL: "live", Kind: page.Bool}, "at": {SQL: "at", Kind: page.Time},
	}
}

func ids(t *testing.T, db *gorm.DB, p page.Page) ([]int64, error) {
	t.Helper()
	q, err := p.Apply(db.Table("thing"), columns(), "id")
	if err != nil {
		return nil, err
	}
	out := []int64{}
	if err := p.Window(q).Pluck("id", &out).Error; err != nil {
		t.Fatal(err)
	}
	return out, nil
}

func TestConditionsLetThroughWhatTheySay(t *testing.T) {
	db := things(t)
	for q, want := range map[string][]int64{
		"":                                    {1, 2, 3, 4, 5},
		"name=alpha":                          {1},
		"name=~ALPHA":                         {1, 2},
		"name=~0%":                            {3},
		`name=~_b\`:                           {5},
		`name=~\`:                             {5},
		"name={alpha 100x}":                   {1, 4},
		"name=(alpha 100x)":                   {},
		"id=3":                                {3},
		"id=[2~4]":                            {2, 3, 4},
		"id=[~2],name=~alpha":                 {1, 2},
		"id={1 5}":                            {1, 5},
		"live=true":                           {1, 3, 4},
		"live=0":                              {2, 5},
		"at=2020-04-09T02:36:00":              {2},
		`at="2020-04-09 02:36:00"`:            {2},
		"at=[2021-01-01~2021-12-31T23:59:59]": {3, 4},
		"at=[2021-01-01T00:00:00Z~]":          {3, 4, 5},
		"at={2020-01-01 2022-01-01}":          {1, 5},
		"unknown=1":                           {1, 2, 3, 4, 5},
		"name='); DROP TABLE thing; --":       {},
		"name=~'; DROP TABLE thing; --":       {},
		"ID=1":                                {1},
	} {
		p, err := page.New(1, 100, strings.ReplaceAll(q, "%", "%25"), "")
		if err != nil {
			t.Fatal(q, err)
		}
		got, err := ids(t, db, p)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v; want %v", q, got, err, want)
		}
	}
}

func TestAValueOfTheWrongTypeIsRefused(t *testing.T) {
	db := things(t)
	for q, part := range map[string]string{
		"id=x": "whole number", "id=99999999999999999999": "whole number", "id=[1~x]": "whole number", "id={1 x}": "whole number", "id=~1": "not text",
		"live=maybe": "true or false", "at=yesterday": "must be a time", "at=0000-00-00": "must be a time", "at=~2020": "not text",
	} {
		p, err := page.New(1, 10, q, "")
		if err != nil {
			t.Fatal(q, err)
		}
		if _, err = ids(t, db, p); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: got %v, want a refusal with %q", q, err, part)
		}
	}
}

func TestPagesAreOrderedAndNeitherOverlapNorLeaveGaps(t *testing.T) {
	db := things(t)
	for _, c := range []struct {
		number, size int
		sort         string
		want         []int64
	}{
		{1, 2, "", []int64{1, 2}}, {3, 2, "", []int64{5}}, {4, 2, "", []int64{}},
		{1, 5, "-id", []int64{5, 4, 3, 2, 1}}, {1, 5, "-at", []int64{5, 3, 4, 2, 1}}, {1, 5, "live,-id", []int64{5, 2, 4, 3, 1}},
		{1, 5, "nosuch", []int64{1, 2, 3, 4, 5}}, {1 << 40, 100, "", []int64{}},
	} {
		p, err := page.New(c.number, c.size, "", c.sort)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ids(t, db, p); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %v, %v", c, got, err)
		}
	}
	if got, err := ids(t, db, page.Page{}); err != nil || len(got) != 5 {
		t.Errorf("the zero page: got %v, %v", got, err)
	}
}
