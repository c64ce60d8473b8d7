package selector

// expand writes a pattern without its braces, as one pattern for each alternative,
// at most one more than are allowed. Matching braces by trying costs exponential
// time for some patterns, matching without them does not.
func expand(pattern string) []string {
	open, parts, end := braces(pattern)
	if open < 0 {
		return []string{pattern}
	}
	var out []string
	for _, part := range parts {
		out = append(out, expand(pattern[:open]+part+pattern[end:])...)
		if len(out) > maxAlternatives {
			return out[:maxAlternatives+1]
		}
	}
	return out
}

// braces finds the first {a,b} of a valid pattern: where it opens, its parts, and
// where the rest begins. open is -1 when there is none.
func braces(pattern string) (open int, parts []string, end int) {
	open = -1
	depth, from := 0, 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i += class(pattern[i:])
		case '{':
			if depth++; depth == 1 {
				open, from = i, i+1
			}
		case ',':
			if depth == 1 {
				parts, from = append(parts, pattern[from:i]), i+1
			}
		case '}':
			if depth--; depth == 0 {
				return open, append(parts, pattern[from:i]), i + 1
			}
		}
	}
	return -1, nil, 0
}

// class is how far from the [ that it begins with a character class ends.
func class(pattern string) int {
	for i := 1; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
	return len(pattern) - 1
}
