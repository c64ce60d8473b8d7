package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/coretest/selfsigned"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

// writeCertificate makes one for the loopback and returns what a client has to trust.
func writeCertificate(t *testing.T, certFile, keyFile string, serial int64) *x509.CertPool {
	t.Helper()
	pool, err := selfsigned.Write(certFile, keyFile, serial)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func TestARenewedCertificateIsShownAndABrokenOneIsNot(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	clock := coretest.NewClock(time.Now())
	var log strings.Builder
	if _, err := newCertificate(certFile, keyFile, clock.Read, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "in PEM") {
		t.Errorf("without files: %v", err)
	}
	writeCertificate(t, certFile, keyFile, 1)
	c, err := newCertificate(certFile, keyFile, clock.Read, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		shown, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(shown.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	change := func(serial int64) {
		writeCertificate(t, certFile, keyFile, serial)
		later := time.Now().Add(time.Duration(serial) * time.Second) // whatever the file system's clock resolves
		if err := os.Chtimes(certFile, later, later); err != nil {
			t.Fatal(err)
		}
	}
	if got := serial(); got != 1 {
		t.Errorf("at first: %d", got)
	}
	change(2)
	if got := serial(); got != 1 {
		t.Errorf("the files are looked at for every connection: %d", got)
	}
	clock.Pass(lookEvery)
	if got := serial(); got != 2 {
		t.Errorf("renewed: %d", got)
	}
	if err := os.WriteFile(keyFile, []byte("half of a"), 0o600); err != nil {
		t.Fatal(err)
	}
	clock.Pass(lookEvery)
	if got := serial(); got != 2 || !strings.Contains(log.String(), "cannot be used") {
		t.Errorf("broken: %d, %s", got, log.String())
	}
	change(3)
	clock.Pass(lookEvery)
	if got := serial(); got != 3 {
		t.Errorf("mended: %d", got)
	}
}

func TestAServerSpeaksTLSWithItsCertificate(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	trusted := writeCertificate(t, certFile, keyFile, 1)
	cfg, err := config.Load("", []string{
		"ROADSTEAD_LISTEN=127.0.0.1:0", "ROADSTEAD_METRICS_LISTEN=off", "ROADSTEAD_DATA_DIR=" + dir,
		"ROADSTEAD_DATABASE_URL=" + storetest.URL(t, migrations.Files), "ROADSTEAD_TLS_CERT=" + certFile, "ROADSTEAD_TLS_KEY=" + keyFile,
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- a.Run(running) }()
	conn, err := tls.Dial("tcp", a.Addr(), &tls.Config{RootCAs: trusted, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := conn.ConnectionState().NegotiatedProtocol; got != "http/1.1" {
		t.Errorf("the protocol is %q", got)
	}
	if _, err := conn.Write([]byte("GET /v2/ HTTP/1.1\r\nHost: registry.example\r\nConnection: close\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	var answer strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		answer.Write(buffer[:n])
		if err != nil {
			break
		}
	}
	if got := answer.String(); !strings.Contains(got, `realm="https://registry.example/service/token"`) {
		t.Errorf("clients are sent elsewhere:\n%s", got)
	}
	if _, err := tls.Dial("tcp", a.Addr(), &tls.Config{RootCAs: trusted, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}); err == nil {
		t.Error("an old version of TLS is spoken")
	}
	var greeting strings.Builder
	if err := a.Greet(&greeting); err != nil || !strings.Contains(greeting.String(), "https://127.0.0.1:") {
		t.Errorf("%s, %v", greeting.String(), err)
	}
	_ = conn.Close()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
