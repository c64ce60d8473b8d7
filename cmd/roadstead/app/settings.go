package app

import (
	"context"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
	"github.com/roadstead-registry/roadstead/core/settings"
)

// givenSettings are those that the configuration decides when it names them.
func givenSettings(c config.Config) settings.Given {
	given := settings.Given{Values: settings.Settings{SessionTimeout: c.SessionIdle, TokenExpiration: c.TokenLifetime, RecoveryWindow: c.RecoveryWindow}}
	if c.Gives("session.idle") {
		given.Keys = append(given.Keys, "session_timeout")
	}
	if c.Gives("token.lifetime") {
		given.Keys = append(given.Keys, "token_expiration")
	}
	if c.Gives("recovery.window") {
		given.Keys = append(given.Keys, "recovery_days")
	}
	return given
}

func (s *services) readOnly(ctx context.Context) (bool, error) {
	now, err := s.settings.Get(ctx)
	return now.ReadOnly, err
}

func (s *services) sessionTimeout(ctx context.Context) (time.Duration, error) {
	now, err := s.settings.Get(ctx)
	return now.SessionTimeout, err
}

func (s *services) tokenExpiration(ctx context.Context) (time.Duration, error) {
	now, err := s.settings.Get(ctx)
	return now.TokenExpiration, err
}

func (s *services) recoveryWindow(ctx context.Context) (time.Duration, error) {
	now, err := s.settings.Get(ctx)
	return now.RecoveryWindow, err
}
