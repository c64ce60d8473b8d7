package settings

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Kind is how a setting's value is written in JSON.
type Kind string

// The kinds, in the words of JSON Schema.
const (
	Boolean Kind = "boolean"
	Integer Kind = "integer"
	Text    Kind = "string"
)

// Field describes a setting: what a client may send, and what people are told.
type Field struct {
	Key     string
	Kind    Kind
	Default any      // bool, int64 or string
	Words   []string // the only values of a text; nil for any
	Ranges  []Range  // of an integer
	Length  Range    // of a text, in characters
	Form    string   // the regular expression of a text; "" for any
	Unit    string   // bytes, days, minutes
	Doc     string
	index   int
}

// Range is the numbers from Low to High.
type Range struct{ Low, High int64 }

func (r Range) String() string {
	if r.Low == r.High {
		return strconv.FormatInt(r.Low, 10)
	}
	return fmt.Sprintf("%d to %d", r.Low, r.High)
}

func (r Range) holds(n int64) bool { return r.Low <= n && n <= r.High }

// Fields lists every setting in the order of Settings.
func Fields() []Field {
	t := reflect.TypeFor[Settings]()
	out := make([]Field, t.NumField())
	for i := range out {
		tag := t.Field(i).Tag
		f := Field{Key: tag.Get("setting"), Form: tag.Get("form"), Unit: tag.Get("unit"), Doc: tag.Get("doc"), index: i}
		allowed, standard := tag.Get("allowed"), tag.Get("default")
		switch t.Field(i).Type.Kind() {
		case reflect.Bool:
			f.Kind, f.Default = Boolean, standard == "true"
		case reflect.String:
			f.Kind, f.Default, f.Length = Text, standard, parseRange(tag.Get("length"))
			if allowed != "" {
				f.Words = strings.Split(allowed, "|")
			}
		default: // int64 and time.Duration
			n, _ := strconv.ParseInt(standard, 10, 64)
			f.Kind, f.Default = Integer, n
			for part := range strings.SplitSeq(allowed, "|") {
				f.Ranges = append(f.Ranges, parseRange(part))
			}
		}
		out[i] = f
	}
	return out
}

// parseRange reads what a tag says; that every tag can be read is tested.
func parseRange(text string) Range {
	low, high, found := strings.Cut(text, "..")
	if !found {
		high = low
	}
	least, _ := strconv.ParseInt(low, 10, 64)
	most, _ := strconv.ParseInt(high, 10, 64)
	return Range{least, most}
}

// Allowed says in words what the setting can be.
func (f Field) Allowed() string {
	switch {
	case f.Kind == Boolean:
		return "true or false"
	case len(f.Words) > 0:
		return strings.Join(f.Words, " or ")
	case f.Kind == Text && f.Form != "":
		return fmt.Sprintf("text of %s characters that matches %s", f.Length, f.Form)
	case f.Kind == Text:
		return fmt.Sprintf("text of %s characters", f.Length)
	}
	parts := make([]string, len(f.Ranges))
	for i, r := range f.Ranges {
		parts[i] = r.String()
	}
	return strings.TrimSpace(strings.Join(parts, " or ") + " " + f.Unit)
}

// parse reads and checks a value that a client sent.
func (f Field) parse(raw json.RawMessage) (any, error) {
	switch f.Kind {
	case Boolean:
		var b bool
		return b, f.decode(raw, &b)
	case Integer:
		var n int64
		if err := f.decode(raw, &n); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(f.Ranges, func(r Range) bool { return r.holds(n) }) {
			return nil, fault.Invalid(f.Key, "the %s cannot be %d; it must be %s", f.Key, n, f.Allowed())
		}
		return n, nil
	}
	var text string
	if err := f.decode(raw, &text); err != nil {
		return nil, err
	}
	if !f.fits(text) {
		return nil, fault.Invalid(f.Key, "the %s cannot be %.64q; it must be %s", f.Key, text, f.Allowed())
	}
	return text, nil
}

func (f Field) decode(raw json.RawMessage, target any) error {
	if json.Unmarshal(raw, target) != nil {
		return fault.Unprocessable("parsing configurations body from %q failed, because %s must be of type %s", "", f.Key, f.Kind)
	}
	return nil
}

func (f Field) fits(text string) bool {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return false
	case len(f.Words) > 0:
		return slices.Contains(f.Words, text)
	}
	matches, err := regexp.MatchString(f.Form, text)
	return err == nil && matches && f.Length.holds(int64(utf8.RuneCountInString(text)))
}

// put sets a field of Settings to a value as parse returns it.
func (f Field) put(field reflect.Value, value any) {
	if n, ok := value.(int64); ok && field.Type() == reflect.TypeFor[time.Duration]() {
		value = time.Duration(n) * f.unit()
	}
	field.Set(reflect.ValueOf(value))
}

// unit is what a duration is counted in.
func (f Field) unit() time.Duration {
	if f.Unit == "days" {
		return 24 * time.Hour
	}
	return time.Minute
}

// value is the opposite of put. Of a duration that the configuration gives, a
// part of a unit counts as a whole one.
func (f Field) value(s Settings) any {
	value := reflect.ValueOf(s).Field(f.index).Interface()
	if d, ok := value.(time.Duration); ok {
		return int64((d + f.unit() - 1) / f.unit())
	}
	return value
}
