package user

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// Harbor's bounds, in characters.
const (
	maxField   = 255
	maxComment = 30

	minPassword = 8
	maxPassword = 128
)

// New is what a new account is made from.
type New struct {
	Name, Email, Realname, Comment, Password string
	SysAdmin                                 bool
}

// Profile is what a person can change about themselves.
type Profile struct{ Email, Realname, Comment string }

func (n New) check() error {
	if err := checkName(n.Name); err != nil {
		return err
	}
	if err := CheckPassword(n.Password); err != nil {
		return err
	}
	return Profile{Email: n.Email, Realname: n.Realname, Comment: n.Comment}.check()
}

func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxField {
		return fault.Invalid("username", "username with illegal length: it must have 1 to %d characters", maxField)
	}
	if unprintable(name) || strings.ContainsAny(name, `,"~#%$`) || strings.TrimSpace(name) != name {
		return fault.Invalid("username", `username contains illegal characters: none of , " ~ # %% $, control characters, or space at its ends`)
	}
	return nil
}

func (p Profile) check() error {
	if p.Email != "" && (len(p.Email) > maxField || unprintable(p.Email) || !emailForm.MatchString(p.Email)) {
		return fault.Invalid("email", "email with illegal format")
	}
	if n := utf8.RuneCountInString(p.Realname); n < 1 || n > maxField {
		return fault.Invalid("realname", "realname with illegal length: it must have 1 to %d characters", maxField)
	}
	if unprintable(p.Realname) || strings.ContainsAny(p.Realname, ",~#$%") {
		return fault.Invalid("realname", "realname contains illegal characters: none of , ~ # $ %% or control characters")
	}
	if utf8.RuneCountInString(p.Comment) > maxComment {
		return fault.Invalid("comment", "comment with illegal length: it must have at most %d characters", maxComment)
	}
	if unprintable(p.Comment) {
		return fault.Invalid("comment", "comment contains illegal characters: no control characters")
	}
	return nil
}

// CheckPassword says what is wrong with a new password, if anything is.
func CheckPassword(password string) error {
	n := utf8.RuneCountInString(password)
	has := func(class func(rune) bool) bool { return strings.IndexFunc(password, class) >= 0 }
	ok := n >= minPassword && n <= maxPassword && utf8.ValidString(password) &&
		has(func(r rune) bool { return 'A' <= r && r <= 'Z' }) &&
		has(func(r rune) bool { return 'a' <= r && r <= 'z' }) &&
		has(func(r rune) bool { return '0' <= r && r <= '9' })
	if !ok {
		return fault.Invalid("password", "the password or secret must be %d-%d, inclusively, characters long with at least 1 uppercase letter, 1 lowercase letter and 1 number", minPassword, maxPassword)
	}
	return nil
}

func unprintable(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// The local part is what RFC 5321 calls a dot-string, or anything quoted; the
// domain has a dot, or is an address in brackets.
var emailForm = regexp.MustCompile(`^(?:[^<>()\[\]\\.,;:\s@"]+(?:\.[^<>()\[\]\\.,;:\s@"]+)*|"[^"\\]+")` +
	`@(?:\[[0-9]{1,3}(?:\.[0-9]{1,3}){3}\]|(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,})$`)
