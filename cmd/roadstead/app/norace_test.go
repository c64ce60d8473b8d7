//go:build !race

package app_test

const slowdown = 1
