// Package e2e holds the journeys: the tests that use the built program as its users do, through docker, skopeo, crane and HTTP,
// and that pull its plug. They know the program only by its binary, its settings and its wire; they must not import it.
//
// The tests carry the build tag e2e (e2eclients for the clients that are slow to build); `make e2e` runs them.
package e2e
