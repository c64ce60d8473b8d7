package app

import (
	"fmt"
	"io"
	"net"
	"net/url"
)

// Greet tells the person who started the program where to go next.
func (a *App) Greet(w io.Writer) error {
	base := a.cfg.ExternalURL
	if base == nil {
		base = &url.URL{Scheme: "http", Host: reachable(a.Addr())}
		if a.cfg.HTTPS() {
			base.Scheme = "https"
		}
	}
	text := fmt.Sprintf("\nRoadstead %s is running.\n\n  Portal         %s\n  Administrator  admin\n", a.version, base)
	switch {
	case a.firstStart.password != "":
		text += fmt.Sprintf("  Password       %s   (shown this once)\n", a.firstStart.password)
	case a.firstStart.happened:
		text += "  Password       as set in ROADSTEAD_ADMIN_PASSWORD\n"
	default:
		text += "  Password       set at the first start; to set a new one: roadstead admin reset-password\n"
	}
	text += fmt.Sprintf("  Docker         docker login -u admin %s\n\nPress Ctrl-C to stop.\n\n", base.Host)
	_, err := io.WriteString(w, text)
	return err
}

// reachable turns a listener's address into one that a client on this machine
// can use.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
