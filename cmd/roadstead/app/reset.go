package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/user"
)

// ResetPassword gives an account a new random password and returns it. It works
// beside a running server: over the configured database, or over the bundled
// Postgres, which it starts if no server of this data folder runs.
func ResetPassword(ctx context.Context, cfg config.Config, name string, log *slog.Logger) (password string, err error) {
	a := &App{cfg: cfg, log: log, clock: time.Now}
	defer func() { err = errors.Join(err, a.close(context.WithoutCancel(ctx))) }()
	if address, running := store.RunningBundled(cfg.DataDir); running && cfg.DatabaseURL == "" {
		a.cfg.DatabaseURL = config.Secret(address)
	}
	if err := a.openDatabase(ctx); err != nil {
		return "", err
	}
	users := user.NewService(a.db.Gorm, a.clock, user.DefaultPasswordParams())
	account, err := users.FindByName(ctx, name)
	if err != nil {
		return "", err
	}
	password = "Rs1-" + rand.Text() // the beginning satisfies every rule for passwords
	return password, users.SetPassword(ctx, rbac.SystemSubject(), account.ID, nil, password)
}
