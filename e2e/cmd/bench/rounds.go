package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/load"
)

// comparison is one work that several do in alternating rounds.
type comparison struct {
	work        string
	connections int
	count       int64 // of a round; 0: as many as a round's time allows
	per         unit
	sides       func(ctx context.Context, l *lab) ([]side, error) // prepares
	limits      []wanted
}

// side is one that does the work; the first is the one that the limits are about.
type side struct {
	name   string
	on     *registry
	work   load.Work
	beside load.Work    // done meanwhile over other connections, and not counted but for processor time; nil for none
	after  func() error // tidies up after a round; nil for nothing
}

// unit is what is counted of a work.
type unit struct {
	each float64 // for each time that the work is done
	rate string
	cost string  // in ms of processor time
	per  float64 // for so many
}

var (
	requests  = unit{1, "requests/s", "ms/1,000", 1000}
	images    = unit{1, "images/s", "ms/image", 1}
	megabytes = unit{largeLayer / 1e6, "MB/s", "ms/GB", 1000}
)

// The quantities of a comparison.
const (
	rate    = "rate"
	elapsed = "time"
	slowest = "p99"
	cpu     = "CPU"
	ofThat  = "CPU of Postgres"
	memory  = "memory"
	disk    = "written"
)

// wanted is a limit of one quantity.
type wanted struct {
	quantity string
	limit
}

func atLeast(quantity string, n float64, to string) wanted {
	return wanted{quantity, limit{To: to, AtLeast: n}}
}

func atMost(quantity string, n float64, to string) wanted {
	return wanted{quantity, limit{To: to, AtMost: n}}
}

func within(least, most float64, to string) wanted {
	return wanted{rate, limit{To: to, AtLeast: least, AtMost: most}}
}

// How long and how often.
const (
	rounds      = 5
	fewRounds   = 3 // of a thousand pulls, which take the slower one long
	roundTime   = 1500 * time.Millisecond
	warmUpTime  = 500 * time.Millisecond
	besideCount = 8 // connections of what is done beside
)

// round is what one side did in one.
type round map[string]float64

// measure lets the sides do their work in turns, A B, B A, A B …, and returns a figure for each quantity.
func (c comparison) measure(ctx context.Context, l *lab) ([]figure, error) {
	sides, err := c.sides(ctx, l)
	if err != nil {
		return nil, err
	}
	all := make([][]round, len(sides))
	last := rounds
	if c.count >= 1000 {
		last = fewRounds
	}
	for n := -1; n < last; n++ { // the first one warms up
		for at := range sides {
			if n%2 != 0 {
				at = len(sides) - 1 - at
			}
			r, err := c.once(ctx, l, sides[at], n < 0)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", sides[at].name, err)
			}
			if n >= 0 {
				all[at] = append(all[at], r)
			}
		}
	}
	return c.figures(sides, all), nil
}

func (c comparison) once(ctx context.Context, l *lab, s side, warmUp bool) (round, error) {
	plan := load.Plan{Target: s.on.target, Connections: c.connections, Count: c.count, Work: s.work}
	switch {
	case c.count == 0 && warmUp:
		plan.For = warmUpTime
	case c.count == 0:
		plan.For = roundTime
	}
	before, onDisk := s.on.processes().usage(), diskWritten(l.dir)
	result, err := runBeside(ctx, plan, s.beside)
	if err != nil {
		return nil, err
	}
	who := s.on.processes()
	used := who.usage().less(before)
	server, postgres := who.memory()
	done := float64(result.Done) * c.per.each
	r := round{
		rate: done / result.Elapsed.Seconds(), slowest: millis(result.Latency.Quantile(0.99)), memory: float64(server+postgres) / 1e6,
		cpu: millis(used.server+used.postgres) / done * c.per.per, ofThat: millis(used.postgres) / done * c.per.per,
		disk: float64(diskWritten(l.dir)-onDisk) / float64(result.Done) / 1e3,
	}
	if c.count > 0 {
		r[elapsed] = millis(result.Elapsed)
	}
	if s.after != nil {
		err = s.after()
	}
	return r, err
}

// runBeside runs a plan, and something else for as long.
func runBeside(ctx context.Context, plan load.Plan, beside load.Work) (*load.Result, error) {
	if beside == nil {
		return load.Run(ctx, plan)
	}
	other, ended := plan, make(chan error, 1)
	other.Work, other.Connections = beside, besideCount
	go func() {
		_, err := load.Run(ctx, other)
		ended <- err
	}()
	result, err := load.Run(ctx, plan)
	if failed := <-ended; err == nil && failed != nil {
		return nil, fmt.Errorf("beside: %w", failed)
	}
	return result, err
}

func (c comparison) figures(sides []side, all [][]round) []figure {
	var who []string
	for _, s := range sides {
		who = append(who, s.name)
	}
	var out []figure
	for _, q := range []figure{
		{Quantity: rate, Unit: c.per.rate},
		{Quantity: elapsed, Unit: "ms", Less: true, Noisy: true},
		{Quantity: slowest, Unit: "ms", Less: true, Noisy: true},
		{Quantity: cpu, Unit: c.per.cost, Less: true},
		{Quantity: ofThat, Unit: c.per.cost, Less: true, Noisy: true},
		{Quantity: memory, Unit: "MB", Less: true, Noisy: true},
		{Quantity: disk, Unit: "kB each", Less: true, Noisy: true},
	} {
		values := make([][]float64, len(all))
		for i, rounds := range all {
			for _, r := range rounds {
				values[i] = append(values[i], r[q.Quantity])
			}
		}
		if slices.Max(slices.Concat(values...)) == 0 {
			continue // a work that writes nothing, a registry without Postgres
		}
		q.Work, q.Of = c.work, compared(who, values)
		for _, w := range c.limits {
			if w.quantity == q.Quantity {
				q.Limits = append(q.Limits, w.limit)
			}
		}
		out = append(out, q)
	}
	return out
}
