package immutable

// Matches says whether one doublestar pattern, as selectors have it, matches a name.
func Matches(pattern, name string) bool { return selector{patterns: expand(pattern)}.matches(name) }
