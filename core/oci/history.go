package oci

// Step is one line of how an image was built, and the layer that it made. Layer
// is nil for a command that made none, and for a config that tells of more
// layers than there are.
type Step struct {
	HistoryEntry
	Layer *Descriptor
}

// History pairs each entry of cfg's history that made a layer with that layer,
// in order. Layers that the history does not tell of, as builders without a
// history leave them, follow as steps of their own, so that none is hidden.
func History(cfg ImageConfig, layers []Descriptor) []Step {
	steps := make([]Step, 0, max(len(cfg.History), len(layers)))
	next := 0
	for _, h := range cfg.History {
		s := Step{HistoryEntry: h}
		if !h.EmptyLayer && next < len(layers) {
			s.Layer = &layers[next]
			next++
		}
		steps = append(steps, s)
	}
	for ; next < len(layers); next++ {
		steps = append(steps, Step{Layer: &layers[next]})
	}
	return steps
}
