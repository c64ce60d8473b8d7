package load

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Target is a server to ask.
type Target struct {
	Address string      // a loopback IP address and a port
	TLS     *tls.Config // nil for plain HTTP
}

// buffer holds an answer's head and, of what is read through TLS, a piece of the body.
const buffer = 64 << 10

// Conn is one connection that is kept alive, and opened again when the server has closed it. It is for one goroutine.
type Conn struct {
	target   Target
	deadline time.Time
	conn     net.Conn
	raw      syscall.RawConn // nil with TLS
	in       *bufio.Reader
	release  func() bool // lets go of the context
	used     bool        // since it was opened
	answer   Response
	received int64 // bytes of bodies
	other    *Conn // where the last redirect led
	discard  func(fd uintptr) bool
	left     int64 // of a body that is being discarded
	failed   error
}

// Dial connects. What the connection does ends with the context and at the deadline.
func Dial(ctx context.Context, target Target, deadline time.Time) (*Conn, error) {
	address, err := netip.ParseAddrPort(target.Address)
	if err != nil || !address.Addr().IsLoopback() {
		return nil, fmt.Errorf("load goes to loopback addresses only, not to %q", target.Address)
	}
	c := &Conn{target: target, deadline: deadline, in: bufio.NewReaderSize(nil, buffer)}
	c.discard = c.discardSome
	return c, c.open(ctx)
}

func (c *Conn) open(ctx context.Context) error {
	dialer := net.Dialer{Deadline: c.deadline}
	conn, err := dialer.DialContext(ctx, "tcp", c.target.Address)
	if err != nil {
		return err
	}
	c.raw = nil
	if c.target.TLS != nil {
		conn = tls.Client(conn, c.target.TLS)
	} else if c.raw, err = conn.(*net.TCPConn).SyscallConn(); err != nil {
		return errors.Join(err, conn.Close())
	}
	if err := conn.SetDeadline(c.deadline); err != nil {
		return errors.Join(err, conn.Close())
	}
	c.conn, c.used, c.answer.Close = conn, false, false
	c.in.Reset(conn)
	c.release = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // a closed one needs none
	return nil
}

// Close closes the connection and the one that a redirect has opened.
func (c *Conn) Close() {
	c.release()
	_ = c.conn.Close() // what was asked for has arrived
	if c.other != nil {
		c.received += c.other.received
		c.other.Close()
		c.other = nil
	}
}

// Received is how many bytes of bodies have arrived.
func (c *Conn) Received() int64 {
	if c.other == nil {
		return c.received
	}
	return c.received + c.other.received
}

// Do sends a request, its head and what there is of a body, and reads the answer, which is good until the next one.
func (c *Conn) Do(ctx context.Context, head []byte, body ...[]byte) (*Response, error) {
	if c.answer.Close {
		if err := c.reopen(ctx); err != nil {
			return nil, err
		}
	}
	again := c.used
	err := c.try(head, body)
	// A server may close an idle connection without having said so; then it has read nothing of this request.
	if again && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)) {
		if err = c.reopen(ctx); err == nil {
			err = c.try(head, body)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstLine(head), err)
	}
	c.used = true
	return &c.answer, nil
}

func (c *Conn) reopen(ctx context.Context) error {
	c.release()
	_ = c.conn.Close() // the server has
	return c.open(ctx)
}

func (c *Conn) try(head []byte, body [][]byte) error {
	if len(body) == 0 {
		if _, err := c.conn.Write(head); err != nil {
			return err
		}
	} else {
		all := append(net.Buffers{head}, body...)
		if _, err := all.WriteTo(c.conn); err != nil {
			return err
		}
	}
	return c.read(bytes.HasPrefix(head, []byte("HEAD ")))
}

// Want is Do with an error, which shows the answer, for every other status.
func (c *Conn) Want(ctx context.Context, status int, head []byte, body ...[]byte) (*Response, error) {
	answer, err := c.Do(ctx, head, body...)
	if err == nil && answer.Status != status {
		return nil, fmt.Errorf("%s is %d, want %d: %s", firstLine(head), answer.Status, status, answer.Text)
	}
	return answer, err
}

// Follow gets what the last answer's Location names, over a connection of its own when it is another server.
func (c *Conn) Follow(ctx context.Context, status int) (*Response, error) {
	where, err := url.Parse(string(c.answer.Location))
	if err != nil || where.Host == "" {
		return nil, fmt.Errorf("redirected to %q, which is not a URL", c.answer.Location)
	}
	if c.other == nil || c.other.target.Address != where.Host {
		if c.other != nil {
			c.received += c.other.received
			c.other.Close()
		}
		if c.other, err = Dial(ctx, Target{Address: where.Host}, c.deadline); err != nil {
			return nil, err
		}
	}
	return c.other.Want(ctx, status, Head("GET", where.RequestURI(), where.Host, ""))
}

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	return line
}

// Head is the head of a request. The more are whole header lines, without their ends.
func Head(method, path, host, authorization string, more ...string) []byte {
	head := method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
	if authorization != "" {
		head += "Authorization: " + authorization + "\r\n"
	}
	for _, line := range more {
		head += line + "\r\n"
	}
	return []byte(head + "\r\n")
}
