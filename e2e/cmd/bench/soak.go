package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/load"
)

// soak loads the program for BENCH_MINUTES, with a bit of everything, and looks at its memory every minute.
func soak(ctx context.Context, l *lab) ([]figure, error) {
	minutes, err := strconv.Atoi(os.Getenv("BENCH_MINUTES"))
	if err != nil || minutes < 1 || minutes > 24*60 {
		return nil, fmt.Errorf("BENCH_MINUTES is %q, want 1 to 1440", os.Getenv("BENCH_MINUTES"))
	}
	var server, both []float64
	for minute := range minutes {
		result, err := soakMinute(ctx, l)
		if err != nil {
			return nil, err
		}
		of, postgres := l.ours.processes().memory()
		server, both = append(server, float64(of)/1e6), append(both, float64(of+postgres)/1e6)
		fmt.Printf("minute %3d: %6d pulls, p99 %s, server %.0f MB, with Postgres %.0f MB\n",
			minute+1, result.Done, result.Latency.Quantile(0.99).Round(time.Microsecond), server[minute], both[minute])
	}
	work := fmt.Sprintf("memory during %d minutes of load", minutes)
	of := func(quantity string, mb []float64) figure {
		return figure{Work: work, Quantity: quantity, Unit: "MB PSS", Less: true, Of: compared([]string{roadstead}, [][]float64{mb})}
	}
	end := plain(work, "server at the end", "MB PSS", server[minutes-1], 0)
	return []figure{of("server", server), of("server and Postgres", both), end}, nil
}

// soakMinute pulls 1,000 images in turn, and meanwhile pushes others and asks for tokens; tokens are new every minute.
func soakMinute(ctx context.Context, l *lab) (*load.Result, error) {
	pull, err := pullers(fleetSize)(ctx, l, l.ours)
	if err != nil {
		return nil, err
	}
	push, err := smallPushes(ctx, l, l.ours)
	if err != nil {
		return nil, err
	}
	token := load.Always(200, load.Head("GET", tokenPath(pulling(smallImages)), l.ours.target.Address, basic(l.server.Admin)))
	beside := func(ctx context.Context, c *load.Conn, n int64) error {
		return errors.Join(push(ctx, c, n), token(ctx, c, n))
	}
	return runBeside(ctx, load.Plan{Target: l.ours.target, Connections: 16, For: time.Minute, Work: pull}, beside)
}
