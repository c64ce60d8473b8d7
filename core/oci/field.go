package oci

import (
	"errors"
	"fmt"
	"strconv"
)

// The readers of single fields. A field that is missing or null is the zero
// value, except where it is required.

func readMediaType(raw []byte) (string, error) {
	s, err := optionalText(raw)
	if err != nil {
		return "", err
	}
	return s, checkMediaType(s)
}

// checkMediaType lets through whatever a header line could carry. Being
// stricter would refuse artifacts that other registries accept.
func checkMediaType(s string) error {
	if len(s) > maxMediaTypeLength {
		return fmt.Errorf("is longer than %d characters", maxMediaTypeLength)
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return fmt.Errorf("%s must be printable ASCII", quote(s))
		}
	}
	return nil
}

func readSize(raw []byte) (int64, error) {
	if isNull(raw) {
		return 0, errors.New("is required")
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("must be a number of bytes, not %s", quote(string(raw)))
	}
	return n, nil
}

func optionalText(raw []byte) (string, error) {
	if isNull(raw) {
		return "", nil
	}
	return asText(raw)
}

func readTexts(raw []byte, limit int) ([]string, error) {
	if isNull(raw) {
		return nil, nil
	}
	var all []string
	err := eachElement(raw, limit, func(_ int, value []byte) error {
		s, err := asText(value)
		all = append(all, s)
		return err
	})
	return all, err
}
