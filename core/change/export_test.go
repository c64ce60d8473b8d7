package change

// Watched is how many topics are watched for somebody.
func (f *Feed) Watched() int {
	f.topics.Lock()
	defer f.topics.Unlock()
	return len(f.watch)
}

// Since is the question, to explain.
const Since = since
