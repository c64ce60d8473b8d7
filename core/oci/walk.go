package oci

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The functions of this file walk JSON that checkJSON has passed, without
// copying it: a value is the slice of the document that it stands in.

// readFields puts the members of an object that are called by names at the same
// positions of values. A name that is there twice, or in another case, is
// refused: readers disagree about which one counts, and so about the content.
func readFields(raw []byte, names []string, values [][]byte) error {
	return eachMember(raw, func(key string, value []byte) error {
		for i, name := range names {
			switch {
			case key == name && values[i] != nil:
				return fmt.Errorf("%s is there twice", name)
			case key == name:
				values[i] = value
				return nil
			case strings.EqualFold(key, name):
				return fmt.Errorf("%s must be written %s", quote(key), name)
			}
		}
		return nil
	})
}

// eachMember visits the members of an object in their order.
func eachMember(raw []byte, visit func(key string, value []byte) error) error {
	i := skipSpace(raw, 0)
	if raw[i] != '{' {
		return errors.New("must be an object")
	}
	for i = skipSpace(raw, i+1); raw[i] != '}'; {
		end := valueEnd(raw, i)
		key, err := asText(raw[i:end])
		if err != nil {
			return err
		}
		i = skipSpace(raw, skipSpace(raw, end)+1)
		end = valueEnd(raw, i)
		if err := visit(key, raw[i:end]); err != nil {
			return err
		}
		if i = skipSpace(raw, end); raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return nil
}

// eachElement visits the elements of an array, and refuses more than limit.
func eachElement(raw []byte, limit int, visit func(n int, value []byte) error) error {
	i := skipSpace(raw, 0)
	if raw[i] != '[' {
		return errors.New("must be an array")
	}
	n := 0
	for i = skipSpace(raw, i+1); raw[i] != ']'; n++ {
		if n == limit {
			return fmt.Errorf("has more than %d entries", limit)
		}
		end := valueEnd(raw, i)
		if err := visit(n, raw[i:end]); err != nil {
			return err
		}
		if i = skipSpace(raw, end); raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return nil
}

func asText(raw []byte) (string, error) {
	if raw[0] != '"' {
		return "", errors.New("must be a string")
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err
}

// isNull is also true of a member that is not there: writers in Go print an
// empty list as null.
func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

func skipSpace(p []byte, i int) int {
	for i < len(p) && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t') {
		i++
	}
	return i
}

// valueEnd is where the value that starts at i ends.
func valueEnd(p []byte, i int) int {
	depth := 0
	for ; i < len(p); i++ {
		switch p[i] {
		case '"':
			for i++; p[i] != '"'; i++ {
				if p[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			if depth > 0 || !endsScalar(p, i+1) {
				continue
			}
		}
		if depth == 0 {
			return i + 1
		}
	}
	return i
}

func endsScalar(p []byte, i int) bool {
	return i == len(p) || strings.IndexByte(",:]} \n\r\t", p[i]) >= 0
}
