package outbound

import (
	"fmt"
	"net/netip"
	"strings"
)

// BlockedError is a request that was not sent.
type BlockedError struct {
	Host string
	Addr netip.Addr // zero: it was the name that was refused
	Why  string
}

func (e *BlockedError) Error() string {
	where := e.Host
	if e.Addr.IsValid() && e.Addr.String() != e.Host {
		where += " (" + e.Addr.String() + ")"
	}
	return fmt.Sprintf("requests to %s are refused: %s", where, e.Why)
}

// never are addresses that no request goes to, whatever is configured: nothing that
// people would name is there, and much that they must not reach.
func never() []struct {
	network netip.Prefix
	why     string
} {
	const metadata = "it is an address of a cloud's metadata service"
	return []struct {
		network netip.Prefix
		why     string
	}{
		{netip.MustParsePrefix("169.254.169.254/32"), metadata},
		{netip.MustParsePrefix("169.254.170.2/32"), metadata},   // Amazon ECS
		{netip.MustParsePrefix("100.100.100.200/32"), metadata}, // Alibaba Cloud
		{netip.MustParsePrefix("192.0.0.192/32"), metadata},     // Oracle Cloud
		{netip.MustParsePrefix("168.63.129.16/32"), metadata},   // Azure
		{netip.MustParsePrefix("fd00:ec2::/32"), metadata},      // Amazon EC2
		{netip.MustParsePrefix("fd20:ce::254/128"), metadata},   // Google Cloud
		{netip.MustParsePrefix("fd00:42::42/128"), metadata},    // Scaleway
		{netip.MustParsePrefix("169.254.0.0/16"), "it is a link-local address"},
		{netip.MustParsePrefix("fe80::/10"), "it is a link-local address"},
		{netip.MustParsePrefix("0.0.0.0/8"), "it is no address of a host"},
		{netip.MustParsePrefix("::/128"), "it is no address of a host"},
		{netip.MustParsePrefix("224.0.0.0/4"), "it is a multicast address"},
		{netip.MustParsePrefix("ff00::/8"), "it is a multicast address"},
		{netip.MustParsePrefix("240.0.0.0/4"), "it is a reserved address"}, // and broadcast
	}
}

// neverNames lead to metadata services, also where only a proxy resolves them.
func neverNames() []string {
	return []string{"metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal", "metadata.tencentyun.com", "metadata.azure.internal"}
}

// hostRules are networks and host names; a name with a leading "*." is of all hosts
// below it.
type hostRules struct {
	networks []netip.Prefix
	names    []string
}

func parseRules(list []string) (hostRules, error) {
	var out hostRules
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			out.networks = append(out.networks, p.Masked())
			continue
		}
		if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
			out.networks = append(out.networks, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		name := normalName(text)
		if !hostName(strings.TrimPrefix(name, "*.")) {
			return hostRules{}, fmt.Errorf("%q is neither a network such as 10.0.0.0/8 nor a host name such as registry.example.com or *.example.com", text)
		}
		out.names = append(out.names, name)
	}
	return out, nil
}

func normalName(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// hostName says whether s has the form of one. What ends in a number is an address
// that is written badly, such as 10.0.0.0/33 or 300.1.1.1.
func hostName(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

func (r hostRules) empty() bool { return len(r.networks) == 0 && len(r.names) == 0 }

func (r hostRules) hasName(host string) bool {
	for _, name := range r.names {
		if below, wild := strings.CutPrefix(name, "*"); name == host || wild && strings.HasSuffix(host, below) {
			return true
		}
	}
	return false
}

func (r hostRules) hasAddr(addr netip.Addr) bool {
	for _, network := range r.networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// checkName is check for a host whose address is not known yet.
func (g *Guard) checkName(host string) error {
	host = normalName(host)
	for _, name := range neverNames() {
		if host == name {
			return &BlockedError{Host: host, Why: "it is the name of a cloud's metadata service"}
		}
	}
	if g.deny.hasName(host) {
		return &BlockedError{Host: host, Why: "the setting outbound.deny names it"}
	}
	return nil
}

// check says why no request goes to an address of a host.
func (g *Guard) check(host string, addr netip.Addr) error {
	if err := g.checkName(host); err != nil {
		return err
	}
	host = normalName(host)
	allowed := g.allow.empty() || g.allow.hasName(host)
	for _, a := range meanings(addr) {
		for _, n := range never() {
			if n.network.Contains(a) {
				return &BlockedError{Host: host, Addr: a, Why: n.why}
			}
		}
		if g.deny.hasAddr(a) {
			return &BlockedError{Host: host, Addr: a, Why: "it is in a network of the setting outbound.deny"}
		}
		allowed = allowed || g.allow.hasAddr(a)
	}
	if !allowed {
		return &BlockedError{Host: host, Addr: addr.Unmap().WithZone(""), Why: "the setting outbound.allow names neither it nor its network"}
	}
	return nil
}

// meanings are an address and the IPv4 address that is written inside of it, for
// machines that translate: IPv4-mapped, NAT64 (RFC 6052) and 6to4 (RFC 3056).
func meanings(addr netip.Addr) []netip.Addr {
	addr = addr.Unmap().WithZone("")
	out := []netip.Addr{addr}
	if !addr.Is6() {
		return out
	}
	b := addr.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(addr), netip.MustParsePrefix("::/96").Contains(addr) && addr != netip.IPv6Loopback() && !addr.IsUnspecified():
		out = append(out, netip.AddrFrom4([4]byte(b[12:16])))
	case netip.MustParsePrefix("2002::/16").Contains(addr):
		out = append(out, netip.AddrFrom4([4]byte(b[2:6])))
	}
	return out
}
