package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// set parses text into a field of Config and checks it against the setting's tag.
func set(field reflect.Value, s Setting, text string) error {
	text = strings.TrimSpace(text)
	if strings.ContainsRune(text, 0) {
		return fmt.Errorf("%q has a NUL character", text)
	}
	switch target := field.Addr().Interface().(type) {
	case *string:
		*target = text
		return checkText(text, s.Allowed)
	case *Secret:
		*target = Secret(text)
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*target = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*target = n
		return checkRange(n, s.Allowed, strconv.Atoi)
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 90s, 30m or 24h", text)
		}
		*target = d
		return checkRange(d, s.Allowed, time.ParseDuration)
	case **url.URL:
		u, err := parseURL(text)
		*target = u
		return err
	case *[]netip.Prefix:
		list, err := parseNetworks(text)
		*target = list
		return err
	case *[]string:
		*target = split(text)
	case *[]Role:
		list, err := parseRoles(text)
		*target = list
		return err
	default:
		return fmt.Errorf("has the unsupported type %s", field.Type())
	}
	return nil
}

func checkText(text, allowed string) error {
	switch {
	case allowed == "" || allowed == "path":
		return nil
	case allowed == "address":
		return checkAddress(text)
	case allowed == "address|off":
		if text == "off" {
			return nil
		}
		return checkAddress(text)
	case slices.Contains(strings.Split(allowed, "|"), text):
		return nil
	}
	return fmt.Errorf("%q is not allowed; it is one of %s", text, strings.ReplaceAll(allowed, "|", ", "))
}

func checkAddress(text string) error {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return fmt.Errorf("%q is not an address; write host:port, such as 127.0.0.1:8080 or :8080", text)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q has no port between 0 and 65535", text)
	}
	return nil
}

func checkRange[T int | time.Duration](value T, allowed string, parse func(string) (T, error)) error {
	low, high, ok := strings.Cut(allowed, "..")
	if !ok {
		return nil
	}
	least, err := parse(low)
	if err != nil {
		return err
	}
	most, err := parse(high)
	if err != nil {
		return err
	}
	if value < least || value > most {
		return fmt.Errorf("%v is not between %s and %s", value, low, high)
	}
	return nil
}

func parseURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("%q is not a base URL such as https://registry.example.com, without a path", text)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func parseNetworks(text string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, part := range split(text) {
		if p, err := netip.ParsePrefix(part); err == nil {
			out = append(out, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(part)
		if err != nil {
			return nil, fmt.Errorf("%q is not a network such as 10.0.0.0/8", part)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}

func parseRoles(text string) ([]Role, error) {
	var out []Role
	for _, part := range split(text) {
		r := Role(part)
		if r != RoleCore && r != RoleRegistry && r != RoleJobs {
			return nil, fmt.Errorf("%q is not a role; they are core, registry, jobs", part)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no role is given; they are core, registry, jobs")
	}
	return out, nil
}

func split(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
