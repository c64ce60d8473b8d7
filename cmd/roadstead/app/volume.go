package app

import (
	"context"
	"fmt"
	"syscall"

	"github.com/roadstead-registry/roadstead/core/api"
	"github.com/roadstead-registry/roadstead/registryctl/storage"
)

// volume is the size of the file system that holds the blobs; a bucket has none.
func (a *App) volume(context.Context) (api.Volume, error) {
	if a.cfg.StorageDriver != storage.KindFilesystem {
		return api.Volume{}, nil
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(a.cfg.StorageRoot, &fs); err != nil {
		return api.Volume{}, fmt.Errorf("look at %s: %w", a.cfg.StorageRoot, err)
	}
	size := uint64(fs.Bsize)
	return api.Volume{Total: fs.Blocks * size, Free: fs.Bavail * size}, nil
}
