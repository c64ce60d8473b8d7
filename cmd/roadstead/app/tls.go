package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the one that the server shows, read again when its files have
// changed: whoever renews it need not restart the server.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	clock             func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	edition string    // of the files that current is from
	looked  time.Time // at the files
}

// lookEvery is how long a renewed certificate may wait to be shown.
const lookEvery = 10 * time.Second

// newCertificate fails when there is no certificate to show.
func newCertificate(certFile, keyFile string, clock func() time.Time, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, clock: clock}
	if err := c.read(); err != nil {
		return nil, fmt.Errorf("tls.cert and tls.key: %w; give the certificate with its chain, and its key, in PEM", err)
	}
	return c, nil
}

// config offers HTTP/1.1 alone: a large layer over HTTP/2 is copied through windows
// and frames, and costs twice as much.
func (c *certificate) config() *tls.Config {
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.clock(); now.Sub(c.looked) >= lookEvery {
		if err := c.read(); err != nil { // half written, perhaps: the next look will tell
			c.log.Warn("the certificate that is there now cannot be used; the one before is still shown", "error", err)
		}
		c.looked = now
	}
	return c.current, nil
}

func (c *certificate) read() error {
	edition, err := editionOf(c.certFile, c.keyFile)
	if err != nil || edition == c.edition {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.current, c.edition = &pair, edition
	return nil
}

// editionOf changes with the files, behind whatever links.
func editionOf(files ...string) (string, error) {
	var out string
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return "", err
		}
		if info.IsDir() {
			return "", errors.New(f + " is a folder")
		}
		out += fmt.Sprintf("%d %d ", info.ModTime().UnixNano(), info.Size())
	}
	return out, nil
}
