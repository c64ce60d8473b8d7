package harness

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Root is the folder of the repository, found from the working directory upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("find the repository: no go.mod here or above; run this inside a clone")
		}
		dir = parent
	}
}

// built returns the path of something that `make build` makes.
func built(name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s is not there; run `make build` first: %w", name, err)
	}
	return path, nil
}
