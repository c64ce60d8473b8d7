package oci

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxDepth is far above what any real manifest or config nests.
const maxDepth = 64

// checkJSON accepts one JSON value in valid UTF-8 that every JSON store can
// hold too: no U+0000, no lone surrogate, no number beyond a float's range. The
// walkers below rely on its having passed.
func checkJSON(p []byte) error {
	if !utf8.Valid(p) {
		return errors.New("it is not valid UTF-8")
	}
	if !json.Valid(p) {
		var ignored any
		return fmt.Errorf("it is not valid JSON: %w", json.Unmarshal(p, &ignored))
	}
	depth := 0
	for i := 0; i < len(p); {
		switch c := p[i]; {
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("it nests deeper than %d levels", maxDepth)
			}
			i++
		case c == '}' || c == ']':
			depth--
			i++
		case c == '"':
			end := valueEnd(p, i)
			if err := checkEscapes(p[i:end]); err != nil {
				return err
			}
			i = end
		case c == '-' || c >= '0' && c <= '9':
			end := valueEnd(p, i)
			if err := checkNumber(p[i:end]); err != nil {
				return err
			}
			i = end
		default:
			i++
		}
	}
	return nil
}

func checkEscapes(s []byte) error {
	for i := bytes.IndexByte(s, '\\'); i >= 0 && i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		i++ // what is escaped; a valid string has it
		if s[i] != 'u' {
			continue
		}
		switch r := hex4(s, i+1); {
		case r == 0:
			return errors.New("it holds the character U+0000")
		case r >= 0xdc00 && r <= 0xdfff:
			return errors.New("it holds half of a surrogate pair")
		case r >= 0xd800 && r <= 0xdbff:
			if low := pairedWith(s, i+5); low < 0xdc00 || low > 0xdfff {
				return errors.New("it holds half of a surrogate pair")
			}
			i += 6
		}
		i += 4
	}
	return nil
}

func pairedWith(s []byte, i int) uint64 {
	if !bytes.HasPrefix(s[i:], []byte(`\u`)) {
		return 0
	}
	return hex4(s, i+2)
}

func hex4(s []byte, i int) uint64 {
	n, _ := strconv.ParseUint(string(s[i:i+4]), 16, 32)
	return n
}

func checkNumber(n []byte) error {
	const longest = 64
	if len(n) > longest {
		return errors.New("it holds a number of more than 64 characters")
	}
	// A float overflows to an error but underflows to 0: look at the exponent.
	if e := bytes.IndexAny(n, "eE"); e >= 0 && len(bytes.TrimLeft(n[e+1:], "+-0")) > 3 {
		return errors.New("it holds a number out of range")
	}
	if _, err := strconv.ParseFloat(string(n), 64); err != nil {
		return errors.New("it holds a number out of range")
	}
	return nil
}
