package remote

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/outbound"
)

// ID is an endpoint's key. 0 is this registry itself, in Harbor's API.
type ID = int64

// Endpoint is a registry that an administrator has named (table registry).
type Endpoint struct {
	ID             ID
	Name           string
	Description    string
	Kind           string
	URL            string
	CredentialType string
	AccessKey      string
	Secret         []byte // sealed; nil: none
	Insecure       bool
	CACertificate  string
	Healthy        bool
	Reason         string     // why it is not healthy
	Since          time.Time  // it has been like this
	CheckedAt      *time.Time // nil: not since it was made
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName is for gorm.
func (Endpoint) TableName() string { return "registry" }

// HasSecret says whether there is one.
func (e Endpoint) HasSecret() bool { return len(e.Secret) > 0 }

// Masked is what is shown in the place of a secret, as in Harbor. Sent back, it means
// the secret that is there.
const Masked = "*****"

// Fields are what an administrator says of an endpoint.
type Fields struct {
	Name          string
	Description   string
	Kind          string
	URL           string
	Credential    Credential
	Insecure      bool
	CACertificate string
}

// Bounds of Fields.
const (
	maxName        = 64   // characters, Harbor's
	maxDescription = 1024 // characters
	maxURL         = 1024
	maxKey         = 1024
	maxSecret      = 16 << 10 // keys of service accounts are documents
	maxCA          = 64 << 10
)

// check makes the URL what it is kept as, and says what is wrong with the rest.
func (f *Fields) check() error {
	switch {
	case f.Name == "":
		return fault.Invalid("name", "the name of a registry cannot be empty")
	case utf8.RuneCountInString(f.Name) > maxName || !printable(f.Name) || strings.TrimSpace(f.Name) != f.Name:
		return fault.Invalid("name", "the name of a registry must be text of at most %d characters, without control characters and without spaces around it", maxName)
	case utf8.RuneCountInString(f.Description) > maxDescription || strings.ContainsRune(f.Description, 0):
		return fault.Invalid("description", "the description must be text of at most %d characters", maxDescription)
	}
	return f.checkConnection()
}

// checkConnection is check for what a ping needs.
func (f *Fields) checkConnection() error {
	if f.Kind == "" || f.URL == "" {
		return fault.Invalid("url", "type or url cannot be empty")
	}
	if _, err := FindKind(f.Kind); err != nil {
		return err
	}
	u, err := parseURL(f.URL)
	if err != nil {
		return err
	}
	f.URL = u.String()
	if err := f.Credential.check(); err != nil {
		return err
	}
	if len(f.CACertificate) > maxCA {
		return fault.Invalid("ca_certificate", "ca_certificate must have at most %d KiB", maxCA>>10)
	}
	if f.CACertificate != "" {
		if err := outbound.CheckCA(f.CACertificate); err != nil {
			return fault.Invalid("ca_certificate", "ca_certificate: %v", err)
		}
	}
	return nil
}

func (c Credential) check() error {
	switch {
	case !slices.Contains([]string{"", "basic", "oauth", "secret"}, c.Type):
		return fault.Invalid("credential.type", "the credential's type must be basic, not %.64q", c.Type)
	case len(c.Key) > maxKey || !printable(c.Key):
		return fault.Invalid("credential.access_key", "access_key must be text of at most %d bytes without control characters", maxKey)
	case strings.Contains(c.Key, ":"):
		return fault.Invalid("credential.access_key", "access_key must have no colon, which ends a user's name in a request")
	case len(c.Secret) > maxSecret || strings.ContainsRune(c.Secret.Reveal(), 0):
		return fault.Invalid("credential.access_secret", "access_secret must have at most %d KiB", maxSecret>>10)
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// parseURL reads the URL of a registry. Without a scheme it is http, as in Harbor.
func parseURL(text string) (*url.URL, error) {
	invalid := func(format string, a ...any) error { return fault.Invalid("url", format, a...) }
	text = strings.TrimSpace(text)
	if len(text) > maxURL || !printable(text) {
		return nil, invalid("invalid URL: it must have at most %d bytes, without control characters", maxURL)
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil: // its words may hold a password
		return nil, invalid("invalid URL: it cannot be read; write it as https://registry.example.com")
	case u.User != nil:
		return nil, invalid("invalid URL: it holds a user name or a password; give them as the credential, which is kept sealed")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, invalid("invalid URL: unsupported scheme %.32q; use http or https", u.Scheme)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, invalid("invalid URL: it names no host; write it as https://registry.example.com")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, invalid("invalid URL: it must have neither a query (?) nor a fragment (#)")
	}
	if p := u.Port(); p != "" || strings.HasSuffix(u.Host, ":") {
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return nil, invalid("invalid URL: %.16q is no port between 1 and 65535", p)
		}
	}
	if strings.ContainsAny(u.Hostname(), " %\\") && net.ParseIP(u.Hostname()) == nil {
		return nil, invalid("invalid URL: %.255q is no host name", u.Hostname())
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: strings.TrimRight(u.Path, "/")}, nil
}

// sameServer says whether a secret that was given for one URL may be sent to the other.
func sameServer(a, b string) bool {
	x, err := parseURL(a)
	if err != nil {
		return false
	}
	y, err := parseURL(b)
	return err == nil && sameOrigin(x, y)
}
