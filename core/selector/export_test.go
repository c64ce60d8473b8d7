package selector

// Expand is expand.
func Expand(pattern string) []string { return expand(pattern) }

// Taken is what a selector with a pattern says of a name.
func Taken(pattern string, exclude bool, name string) bool {
	decoration := Matches
	if exclude {
		decoration = Excludes
	}
	return Compile([]Selector{{Kind: Doublestar, Decoration: decoration, Pattern: pattern}}).All(name)
}
