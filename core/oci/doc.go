// Package oci reads the formats that registries exchange: names, digests,
// manifests, indexes and configs, of OCI and of Docker. It exists so that what
// a pushed document means is decided once, by pure functions, before anything
// is stored. It must not do I/O, keep state, know a protocol's status codes, or
// trust a length, depth or count that it was sent.
package oci
