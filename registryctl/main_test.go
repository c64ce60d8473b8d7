package registryctl_test

import (
	"os"
	"testing"

	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
