// Package load asks servers on this machine as fast as a few connections can, and says how long it took. It exists because a
// measurement of a cheap server must not be one of its client: requests are bytes made before, an answer's head is read in place,
// and a body that nobody looks at is not copied out of the kernel. It is no HTTP client: it follows what registries answer, over
// HTTP/1.1, and refuses every address that is not loopback.
package load
