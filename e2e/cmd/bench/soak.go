package main

import "context"

func soak(context.Context) error { return nil }
