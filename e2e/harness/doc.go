// Package harness starts the built program and talks to it as its users do. It exists so that a journey reads as what a person
// does. It must not import the program: what it knows is what the documentation promises.
package harness
