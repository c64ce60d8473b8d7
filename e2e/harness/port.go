package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"syscall"
)

// Ports outside the range that the kernel gives to outgoing connections, so that a server that is killed finds its port free again.
const (
	firstPort = 18200
	lastPort  = 18299
)

// Port is a loopback address on which nobody listens, and which no other test takes until it is released.
type Port struct {
	Address string
	lock    *os.File
}

// ReservePort finds one.
func ReservePort() (*Port, error) {
	count := lastPort - firstPort + 1
	offset := rand.IntN(count)
	for i := range count {
		number := strconv.Itoa(firstPort + (offset+i)%count)
		lock, free, err := lockPort(number)
		if err != nil {
			return nil, err
		}
		if !free {
			continue
		}
		port := &Port{Address: net.JoinHostPort("127.0.0.1", number), lock: lock}
		if listener, err := net.Listen("tcp", port.Address); err == nil {
			return port, listener.Close()
		}
		port.Release()
	}
	return nil, errors.New("every port from 18200 to 18299 is taken on 127.0.0.1; stop what listens there")
}

// Release lets others have the port. The end of the process does so too.
func (p *Port) Release() { _ = p.lock.Close() } // an empty file that was only locked

// lockPort takes a port's lock file, unless another test has it.
func lockPort(number string) (lock *os.File, free bool, err error) {
	// In one place for all runs on this machine, whatever their TMPDIR.
	path := "/tmp/roadstead-e2e-port-" + number
	file, err := os.Open(path) // perhaps another user's: reading is enough to lock it
	if errors.Is(err, fs.ErrNotExist) {
		file, err = os.OpenFile(path, os.O_CREATE|os.O_RDONLY, 0o644)
	}
	if err != nil {
		return nil, false, fmt.Errorf("reserve a port: %w", err)
	}
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return file, true, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, false, file.Close()
	default:
		return nil, false, errors.Join(fmt.Errorf("reserve a port: %w", err), file.Close())
	}
}
