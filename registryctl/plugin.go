package registryctl

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"

	"github.com/distribution/distribution/v3"
	registrymiddleware "github.com/distribution/distribution/v3/registry/middleware/registry"
	"github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/factory"
	"github.com/sirupsen/logrus"
)

// pluginName is ours in distribution's registries of drivers and middleware.
const pluginName = "roadstead"

// registerOnce guards distribution's registries, which are package maps without a
// lock. What differs between Registries travels through the options.
var registerOnce sync.Once

func register(log *slog.Logger) {
	registerOnce.Do(func() {
		factory.Register(pluginName, givenDriver{})
		if err := registrymiddleware.Register(pluginName, givenNamespace); err != nil {
			log.Error("distribution already has a middleware of our name; uploads will fail", "error", err)
		}
		logrus.SetOutput(io.Discard)
		logrus.AddHook(logHook{log})
	})
}

// givenDriver hands the App the driver that it finds in its parameters.
type givenDriver struct{}

func (givenDriver) Create(_ context.Context, parameters map[string]any) (driver.StorageDriver, error) {
	d, ok := parameters["driver"].(driver.StorageDriver)
	if !ok {
		return nil, errors.New("the parameter driver is not a storage driver")
	}
	return d, nil
}

func givenNamespace(_ context.Context, _ distribution.Namespace, _ driver.StorageDriver, options map[string]any) (distribution.Namespace, error) {
	ns, ok := options["namespace"].(distribution.Namespace)
	if !ok {
		return nil, errors.New("the option namespace is not a namespace")
	}
	return ns, nil
}

// logHook brings what distribution logs into our log, for debugging only: it
// reports every refusal of a client as an error, and what is the server's own
// fault is logged where it happens.
type logHook struct{ log *slog.Logger }

func (logHook) Levels() []logrus.Level { return logrus.AllLevels }

func (h logHook) Fire(e *logrus.Entry) error {
	h.log.Debug("distribution: " + e.Message)
	return nil
}
