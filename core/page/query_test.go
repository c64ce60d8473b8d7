package page_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

func TestAQueryIsReadAsHarborReadsIt(t *testing.T) {
	for name, c := range map[string]struct {
		q    string
		want []page.Term
	}{
		"nothing":                        {"", nil},
		"exact":                          {"name=app", []page.Term{{Key: "name", Values: []string{"app"}}}},
		"keys are lower case":            {"ProjectID=7", []page.Term{{Key: "projectid", Values: []string{"7"}}}},
		"a value may hold an equal sign": {"a=b=c", []page.Term{{Key: "a", Values: []string{"b=c"}}}},
		"fuzzy":                          {"name=~ap%", []page.Term{{Key: "name", Op: page.Fuzzy, Values: []string{"ap%"}}}},
		"several conditions":             {"a=1,b=~2", []page.Term{{Key: "a", Values: []string{"1"}}, {Key: "b", Op: page.Fuzzy, Values: []string{"2"}}}},
		"escaped twice":                  {"tags%3Dnil", []page.Term{{Key: "tags", Values: []string{"nil"}}}},
		"a percent sign that is no escape": {
			"name=100%", []page.Term{{Key: "name", Values: []string{"100%"}}}},
		"range":            {"t=[1~2]", []page.Term{{Key: "t", Op: page.Range, Values: []string{"1", "2"}}}},
		"open below":       {"t=[~2]", []page.Term{{Key: "t", Op: page.Range, Values: []string{"", "2"}}}},
		"open above":       {"t=[1~]", []page.Term{{Key: "t", Op: page.Range, Values: []string{"1", ""}}}},
		"time with quotes": {`t=["2020-04-09 02:36:00"~]`, []page.Term{{Key: "t", Op: page.Range, Values: []string{"2020-04-09 02:36:00", ""}}}},
		"one of":           {"k={a b}", []page.Term{{Key: "k", Op: page.Or, Values: []string{"a", "b"}}}},
		"one of, quoted":   {`k={"a b" 'c'}`, []page.Term{{Key: "k", Op: page.Or, Values: []string{"a b", "c"}}}},
		"all of":           {"k=(1 2)", []page.Term{{Key: "k", Op: page.And, Values: []string{"1", "2"}}}},
		"literal":          {`k=\~x`, []page.Term{{Key: "k", Values: []string{"~x"}}}},
		"literal braces":   {`k=\{a b}`, []page.Term{{Key: "k", Values: []string{"{a b}"}}}},
		"open brace only":  {"k={a", []page.Term{{Key: "k", Values: []string{"{a"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := page.ParseQuery(c.q)
			if err != nil || !reflect.DeepEqual(got.Terms, c.want) {
				t.Fatalf("%q: got %+v, %v; want %+v", c.q, got.Terms, err, c.want)
			}
		})
	}
}

func TestAQueryThatCannotBeReadIsRefusedWithWhatIsWrong(t *testing.T) {
	for q, part := range map[string]string{
		"bad":                            `must contain "="`,
		"=v":                             "cannot be empty",
		"k=":                             "cannot be empty",
		"a=1,,b=2":                       `must contain "="`,
		"k=~":                            "missing",
		"k=[1]":                          "no range",
		"k=[~]":                          "no range",
		"k={}":                           "values separated by spaces",
		"k={ }":                          "values separated by spaces",
		"k=\x00":                         "NUL",
		"k=%00":                          "NUL",
		"k=\xff":                         "UTF-8",
		"k=%ff":                          "UTF-8",
		strings.Repeat("a=1,", 40):       "more than",
		"k=" + strings.Repeat("x", 5000): "longer than",
	} {
		_, err := page.ParseQuery(q)
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), part) {
			t.Errorf("%.20q: got %v, want a refusal with %q", q, err, part)
		}
	}
}

func TestTakeSplitsTheTermsOfOneKeyOff(t *testing.T) {
	q, _ := page.ParseQuery("tags=v1,name=a,tags=v2")
	taken, rest := q.Take("tags")
	if len(taken) != 2 || len(rest.Terms) != 1 || rest.Terms[0].Key != "name" || len(q.Terms) != 3 {
		t.Fatalf("taken %v, rest %v, whole %v", taken, rest, q)
	}
}

func TestSortIsKeysWithAMinusForDescending(t *testing.T) {
	got, err := page.ParseSort("-Creation_Time, name,,-")
	want := []page.Sort{{Key: "creation_time", Desc: true}, {Key: "name"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, %v", got, err)
	}
	if _, err := page.ParseSort(strings.Repeat("a,", 9)); !errors.Is(err, fault.ErrInvalid) {
		t.Fatalf("nine keys: %v", err)
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"", "a=b", "a=~b", "a=[1~2]", "a={b c}", `a=("b c" d)`, `a=\~b`, "a%3D%7Eb", "a=[~", "=,=", "a='"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, q string) {
		got, err := page.ParseQuery(q)
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("%q: %v is not a fault", q, err)
			}
			return
		}
		for _, term := range got.Terms {
			if term.Key == "" || term.Key != strings.ToLower(term.Key) || len(term.Values) == 0 {
				t.Fatalf("%q: term %+v", q, term)
			}
			if term.Op == page.Range && len(term.Values) != 2 {
				t.Fatalf("%q: a range has two ends: %+v", q, term)
			}
			for _, v := range term.Values {
				if strings.ContainsRune(v, 0) {
					t.Fatalf("%q: NUL in a value", q)
				}
			}
		}
	})
}
