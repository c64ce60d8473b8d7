package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/app"
	"github.com/roadstead-registry/roadstead/core/config"
)

// load reads the flags that every command has, and the configuration.
func load(name string, args []string, out io.Writer, more func(*flag.FlagSet)) (config.Config, error) {
	flags := flag.NewFlagSet("roadstead "+name, flag.ContinueOnError)
	flags.SetOutput(out)
	file := flags.String("config", "", "configuration file (YAML)")
	role := flags.String("role", "", "parts to run: core,registry,jobs")
	if more != nil {
		more(flags)
	}
	if err := flags.Parse(args); err != nil {
		return config.Config{}, err
	}
	if flags.NArg() > 0 {
		return config.Config{}, fmt.Errorf("unexpected argument %q; see roadstead %s --help", flags.Arg(0), name)
	}
	environ := os.Environ()
	if *role != "" {
		environ = append(environ, config.EnvPrefix+"ROLES="+*role)
	}
	cfg, err := config.Load(*file, environ)
	if err != nil {
		return cfg, fmt.Errorf("the configuration cannot be used:\n%w", err)
	}
	return cfg, nil
}

func serve(ctx context.Context, args []string, out io.Writer) error {
	cfg, err := load("serve", args, out, nil)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// A pull leaves a few kilobytes and what stays is small: to collect half as
		// often costs some megabytes under load and none at rest.
		debug.SetGCPercent(200)
	}
	log, flush := logger(cfg, os.Stderr)
	defer flush()
	a, err := app.New(ctx, cfg, version, log)
	if err != nil {
		return err
	}
	if err := a.Greet(out); err != nil {
		return err
	}
	return a.Run(ctx)
}
