package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"syscall"
)

// Response is what is looked at of an answer.
type Response struct {
	Status   int
	Location []byte // as it was sent
	Bytes    int64  // of the body
	Close    bool   // the server closes the connection after it
	Text     []byte // the beginning of a body that is no success

	length  int64 // -1 when it is not told
	chunked bool
}

// mostText is how much of a refusal is kept.
const mostText = 2 << 10

// read reads an answer whole; interim answers are skipped.
func (c *Conn) read(noBody bool) error {
	for {
		if err := c.readHead(); err != nil {
			return err
		}
		if c.answer.Status >= 200 {
			break
		}
	}
	a := &c.answer
	switch {
	case noBody || a.Status == 204 || a.Status == 304:
		return nil
	case a.chunked:
		return c.readChunks()
	case a.length >= 0:
		return c.readBody(a.length)
	}
	a.Close = true // and that is where the body ends
	n, err := io.Copy(io.Discard, c.in)
	a.Bytes, c.received = n, c.received+n
	return err
}

func (c *Conn) readHead() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return fmt.Errorf("the answer begins with %q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return fmt.Errorf("the answer begins with %q", line)
	}
	c.answer = Response{Status: status, length: -1, Close: line[7] == '0', Location: c.answer.Location[:0], Text: c.answer.Text[:0]}
	for {
		line, err := c.line()
		if err != nil {
			return inside(err)
		}
		if len(line) == 0 {
			return nil
		}
		if err := c.answer.header(line); err != nil {
			return err
		}
	}
}

// line returns the next line without its end, good until the next read.
func (c *Conn) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

func (a *Response) header(line []byte) error {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return fmt.Errorf("a header line is %q", line)
	}
	// The few that matter are told apart by their length before anything is compared.
	switch colon {
	case len("Location"):
		if bytes.EqualFold(line[:colon], []byte("Location")) {
			a.Location = append(a.Location, bytes.TrimSpace(line[colon+1:])...)
		}
	case len("Connection"):
		if bytes.EqualFold(line[:colon], []byte("Connection")) {
			a.Close = bytes.EqualFold(bytes.TrimSpace(line[colon+1:]), []byte("close"))
		}
	case len("Content-Length"):
		if bytes.EqualFold(line[:colon], []byte("Content-Length")) {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(line[colon+1:])), 10, 64)
			if err != nil || n < 0 {
				return fmt.Errorf("a header line is %q", line)
			}
			a.length = n
		}
	case len("Transfer-Encoding"):
		if bytes.EqualFold(line[:colon], []byte("Transfer-Encoding")) {
			a.chunked = bytes.EqualFold(bytes.TrimSpace(line[colon+1:]), []byte("chunked"))
		}
	}
	return nil
}

func (c *Conn) readChunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return inside(err)
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		n, err := strconv.ParseInt(string(bytes.TrimSpace(size)), 16, 64)
		if err != nil || n < 0 {
			return fmt.Errorf("a chunk begins with %q", line)
		}
		if n == 0 {
			return c.readTrailers()
		}
		if err := c.readBody(n); err != nil {
			return err
		}
		if line, err := c.line(); err != nil || len(line) > 0 {
			return fmt.Errorf("a chunk ends with %q, %w", line, inside(err))
		}
	}
}

func (c *Conn) readTrailers() error {
	for {
		line, err := c.line()
		if err != nil {
			return inside(err)
		}
		if len(line) == 0 {
			return nil
		}
	}
}

// readBody reads n bytes of a body: those of a refusal are kept, what has come with the head is skipped, and the rest is left to
// the kernel.
func (c *Conn) readBody(n int64) error {
	a := &c.answer
	a.Bytes, c.received = a.Bytes+n, c.received+n
	if keep := min(n, int64(mostText-len(a.Text))); a.Status >= 300 && keep > 0 {
		have := len(a.Text)
		a.Text = append(a.Text, make([]byte, keep)...)
		if _, err := io.ReadFull(c.in, a.Text[have:]); err != nil {
			return inside(err)
		}
		n -= keep
	}
	here := min(n, int64(c.in.Buffered()))
	if _, err := c.in.Discard(int(here)); err != nil {
		return inside(err)
	}
	n -= here
	if c.raw != nil && n > buffer {
		return c.drop(n)
	}
	_, err := c.in.Discard(int(n))
	return inside(err)
}

// void is where nothing is written: with MSG_TRUNC the kernel only looks at how long it is.
var void = make([]byte, 1<<20)

// drop reads n bytes without copying them; tcp(7), MSG_TRUNC.
func (c *Conn) drop(n int64) error {
	c.left, c.failed = n, nil
	if err := c.raw.Read(c.discard); err != nil {
		return inside(err)
	}
	return inside(c.failed)
}

func (c *Conn) discardSome(fd uintptr) (done bool) {
	for c.left > 0 {
		n, _, err := syscall.Recvfrom(int(fd), void[:min(c.left, int64(len(void)))], syscall.MSG_TRUNC)
		switch {
		case errors.Is(err, syscall.EAGAIN):
			return false
		case errors.Is(err, syscall.EINTR):
			continue
		case err == nil && n == 0:
			err = io.EOF
		}
		if err != nil {
			c.failed = err
			return true
		}
		c.left -= int64(n)
	}
	return true
}

// inside is the error of an answer that ends before its end.
func inside(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
