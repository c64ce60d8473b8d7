// Command testpg runs one PostgreSQL for a whole run of the tests. It prints the
// server's URL on one line, for ROADSTEAD_TEST_DATABASE_URL, and runs until its
// standard input ends or it is told to stop; then nothing of it remains.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "testpg:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := storetest.Start(ctx, log)
	if err != nil {
		return err
	}
	if _, err := fmt.Println(server.URL()); err != nil {
		cancel() // nobody reads it
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	<-ctx.Done()
	return server.Stop(context.Background())
}
