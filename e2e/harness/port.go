package harness

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports outside the range that the kernel gives to outgoing connections, so that a server that is killed finds its port free again.
const (
	firstPort = 18200
	lastPort  = 18299
)

// FreeAddress returns a loopback address on which nobody listens.
func FreeAddress() (string, error) {
	count := lastPort - firstPort + 1
	offset := rand.IntN(count)
	for i := range count {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+(offset+i)%count))
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		return address, listener.Close()
	}
	return "", errors.New("every port from 18200 to 18299 is taken on 127.0.0.1; stop what listens there")
}
