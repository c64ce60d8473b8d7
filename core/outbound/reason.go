package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// Reason says in words why a request got no answer, for the person who named the
// server: what is wrong and where to look. It says nothing of errors that it does
// not know but what they say themselves.
func Reason(err error) string {
	var blocked *BlockedError
	if errors.As(err, &blocked) {
		return blocked.Error()
	}
	if said := certificateReason(err); said != "" {
		return said
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		switch {
		case dns.IsNotFound:
			return fmt.Sprintf("the name %s is not known: no DNS server that this machine asks has an address for it", dns.Name)
		case dns.IsTimeout:
			return fmt.Sprintf("no DNS server has answered in time for the name %s", dns.Name)
		}
		return fmt.Sprintf("the name %s could not be looked up: %s", dns.Name, dns.Err)
	}
	at := dialed(err)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("connection refused%s: nothing listens there", at)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("no route to the server%s: a network or a firewall is in the way", at)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Sprintf("the connection%s was reset by the other side", at)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side has closed the connection before it answered in full"
	case errors.Is(err, context.Canceled):
		return "it was broken off"
	case isTimeout(err):
		return fmt.Sprintf("no answer in time%s: a firewall may drop the connection, or the server is overloaded", at)
	}
	return last(err)
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

// dialed is the address that was tried, with a word before it.
func dialed(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Addr == nil {
		return ""
	}
	if op.Op == "proxyconnect" {
		return " to the proxy " + op.Addr.String()
	}
	return " to " + op.Addr.String()
}

// last cuts what wraps an error without saying more: Get "https://…": dial tcp: …
func last(err error) string {
	text := err.Error()
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		if said := inner.Error(); said != "" {
			text = said
		}
	}
	return text
}

func certificateReason(err error) string {
	var (
		header    tls.RecordHeaderError
		unknown   x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verifying *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &header), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "the server speaks no TLS at this port: write http:// in place of https://, or the port that has TLS"
	case errors.As(err, &host):
		return fmt.Sprintf("the certificate is not for %s: it is for %s", host.Host, names(host.Certificate))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s is valid from %s to %s only", names(invalid.Cert), invalid.Cert.NotBefore.UTC().Format(time.DateOnly), invalid.Cert.NotAfter.UTC().Format(time.DateOnly))
	case errors.As(err, &unknown):
		issuer := "an authority"
		if errors.As(err, &verifying) && len(verifying.UnverifiedCertificates) > 0 {
			chain := verifying.UnverifiedCertificates
			issuer = chain[len(chain)-1].Issuer.String()
		} else if unknown.Cert != nil {
			issuer = unknown.Cert.Issuer.String()
		}
		return fmt.Sprintf("the certificate is signed by %s, which is not trusted here: give that authority's certificate, or switch the check off", issuer)
	case errors.As(err, &invalid):
		return "the certificate cannot be used: " + invalid.Error()
	}
	return ""
}

// names are those that a certificate is for, the first few.
func names(c *x509.Certificate) string {
	if c == nil {
		return "somebody else"
	}
	all := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) == 0 && c.Subject.CommonName != "" {
		all = []string{c.Subject.CommonName}
	}
	const shown = 5
	switch {
	case len(all) == 0:
		return "no name at all"
	case len(all) > shown:
		return strings.Join(all[:shown], ", ") + " and others"
	}
	return strings.Join(all, ", ")
}
