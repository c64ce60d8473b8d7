package app

import (
	"slices"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
)

func TestOnlyWhatTheConfigurationNamesIsTakenFromTheAdministrator(t *testing.T) {
	for env, want := range map[string][]string{
		"":                             nil,
		"ROADSTEAD_SESSION_IDLE=90s":   {"session_timeout"},
		"ROADSTEAD_TOKEN_LIFETIME=30m": {"token_expiration"}, // also when it is the default
	} {
		var environ []string
		if env != "" {
			environ = append(environ, env)
		}
		c, err := config.Load("", environ)
		if err != nil {
			t.Fatal(err)
		}
		if given := givenSettings(c); !slices.Equal(given.Keys, want) || given.Values.TokenExpiration != 30*time.Minute {
			t.Errorf("%q: %+v", env, given)
		}
	}
}
