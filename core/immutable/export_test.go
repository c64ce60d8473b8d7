package immutable

// Expand is expand.
func Expand(pattern string) []string { return expand(pattern) }

// Matches is what a selector with a pattern says of a name.
func Matches(pattern string, exclude bool, name string) bool {
	decoration := matches
	if exclude {
		decoration = excludes
	}
	return all(compile([]Selector{{Kind: kindDoublestar, Decoration: decoration, Pattern: pattern}}), name)
}
