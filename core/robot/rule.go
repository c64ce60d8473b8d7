package robot

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

const (
	maxName        = 255
	maxDescription = 1024   // characters
	maxDuration    = 36_500 // days
	forEver        = -1
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(?:[._-][a-z0-9]+)*$`)

func checkName(name string) error {
	if len(name) > maxName {
		return fault.Invalid("name", "robot name is too long: it must have at most %d characters", maxName)
	}
	if !nameForm.MatchString(name) {
		return fault.Invalid("name", "robot name is not in lower case or contains illegal characters: use lower-case letters and digits, with single . _ - between them")
	}
	return nil
}

func checkDescription(text string) error {
	if utf8.RuneCountInString(text) > maxDescription || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return fault.Invalid("description", "the description must be UTF-8 text of at most %d characters without NUL", maxDescription)
	}
	return nil
}

func checkDuration(days int64) error {
	if days != forEver && days <= 0 {
		return fault.Invalid("duration", "bad request error duration input: %d, duration must be either -1(Never) or a positive integer", days)
	}
	if days > maxDuration {
		return fault.Invalid("duration", "bad request error duration input: %d, duration must be at most %d days, or -1(Never)", days, maxDuration)
	}
	return nil
}

// separator stands between the project and the name; no name has it.
const separator = "+"

func fullName(prefix, project, name string) string {
	if project == "" {
		return prefix + name
	}
	return prefix + project + separator + name
}

// parts is the opposite of fullName. ok is false for what no robot is called.
func parts(prefix, full string) (project, name string, ok bool) {
	rest, ok := strings.CutPrefix(full, prefix)
	if !ok {
		return "", "", false
	}
	project, name, ofProject := strings.Cut(rest, separator)
	if !ofProject {
		project, name = "", rest
	}
	return project, name, checkName(name) == nil && (!ofProject || checkName(project) == nil)
}
