package main

import "slices"

// figure is one quantity of one work, for each of those that were asked to do it; the first is what is judged.
type figure struct {
	Part     string     `json:"part"`
	Work     string     `json:"work"`
	Quantity string     `json:"quantity"`
	Unit     string     `json:"unit"`
	Less     bool       `json:"less_is_better,omitempty"`
	Noisy    bool       `json:"noisy,omitempty"` // says more about the machine than about the program; not compared between releases
	Of       []measured `json:"of"`
	Limits   []limit    `json:"limits,omitempty"`
}

// measured is what one of them showed in all rounds.
type measured struct {
	Who    string  `json:"who"`
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Ratio  float64 `json:"ratio,omitempty"` // the first one's to this one's: the median of all rounds
}

// limit is what the first one must keep to: in its ratio to another, or by itself when To is empty.
type limit struct {
	To      string  `json:"to,omitempty"`
	AtLeast float64 `json:"at_least,omitempty"`
	AtMost  float64 `json:"at_most,omitempty"`
}

// compared makes a figure's measurements; rounds has a row for each one of who, with a value for each round.
func compared(who []string, rounds [][]float64) []measured {
	out := make([]measured, len(who))
	for i, name := range who {
		out[i] = measured{Who: name, Median: median(rounds[i]), Min: slices.Min(rounds[i]), Max: slices.Max(rounds[i])}
		if i == 0 {
			continue
		}
		var ratios []float64
		for round, value := range rounds[i] {
			if value > 0 {
				ratios = append(ratios, rounds[0][round]/value)
			}
		}
		out[i].Ratio = median(ratios)
	}
	return out
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// missed returns the limits that are not kept.
func (f figure) missed() []limit {
	var out []limit
	for _, l := range f.Limits {
		value, ok := f.judged(l.To)
		if !ok || (l.AtLeast > 0 && value < l.AtLeast) || (l.AtMost > 0 && value > l.AtMost) {
			out = append(out, l)
		}
	}
	return out
}

// judged is the value that a limit is about.
func (f figure) judged(to string) (float64, bool) {
	if to == "" {
		return f.Of[0].Median, true
	}
	for _, m := range f.Of[1:] {
		if m.Who == to {
			return m.Ratio, true
		}
	}
	return 0, false
}

// plain is a figure of Roadstead alone that was measured once, or is a median already; less is better, and most is its limit, 0
// for none.
func plain(work, quantity, unit string, value, most float64) figure {
	f := figure{Work: work, Quantity: quantity, Unit: unit, Less: true, Of: []measured{{Who: roadstead, Median: value, Min: value, Max: value}}}
	if most > 0 {
		f.Limits = []limit{{AtMost: most}}
	}
	return f
}

func (f figure) noisy() figure {
	f.Noisy = true
	return f
}
