package app

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"golang.org/x/net/http/httpproxy"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/outbound"
)

// directProxy is the setting that asks for no proxy, whatever the environment says.
const directProxy = "direct"

// newOutbound returns what makes requests to servers that people name.
func newOutbound(c config.Config, version string) (*outbound.Guard, error) {
	proxy := httpproxy.FromEnvironment()
	switch text := c.OutboundProxy.Reveal(); text {
	case "":
	case directProxy:
		proxy = nil
	default:
		u, err := url.Parse(text)
		if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) {
			// It may hold a password: it is not shown.
			return nil, errors.New("outbound.proxy: it is neither the URL of a proxy such as http://proxy.example.com:3128 (http, https or socks5) nor direct")
		}
		proxy.HTTPProxy, proxy.HTTPSProxy = text, text
	}
	if proxy != nil && c.OutboundNoProxy != "" {
		proxy.NoProxy = c.OutboundNoProxy
	}
	return outbound.New(outbound.Options{Allow: c.OutboundAllow, Deny: c.OutboundDeny, Proxy: proxy, UserAgent: fmt.Sprintf("roadstead/%s (%s)", version, replicationAgent)})
}
