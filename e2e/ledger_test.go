//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// everyRound asks the ledger for all that was ever answered.
const everyRound = -1

// ledger is what the clients know of the pushes they made: what was answered and what was under way.
type ledger struct {
	mu     sync.Mutex
	tags   map[string]*tagBook // by repository:tag
	rounds map[int][]string    // answered in a round, as repository@digest
	count  int
}

// tagBook is what a tag may name: its last answered push, and what was under way since then.
type tagBook struct {
	round    int
	answered bool
	may      []v1.Hash
}

func newLedger() *ledger {
	return &ledger{tags: map[string]*tagBook{}, rounds: map[int][]string{}}
}

func (l *ledger) begin(repository, tag string, digest v1.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	book := l.tags[repository+":"+tag]
	if book == nil {
		book = &tagBook{}
		l.tags[repository+":"+tag] = book
	}
	book.may = append(book.may, digest)
}

func (l *ledger) commit(round int, repository, tag string, digest v1.Hash) {
	l.mu.Lock()
	defer l.mu.Unlock()
	book := l.tags[repository+":"+tag]
	book.answered, book.round, book.may = true, round, []v1.Hash{digest}
	l.rounds[round] = append(l.rounds[round], repository+"@"+digest.String())
	l.count++
}

func (l *ledger) answered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// images are the answered pushes of a round, by digest.
func (l *ledger) images(round int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if round != everyRound {
		return slices.Clone(l.rounds[round])
	}
	var all []string
	for _, images := range l.rounds {
		all = append(all, images...)
	}
	return all
}

// repositories are those with an answered push.
func (l *ledger) repositories() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var names []string
	for where, book := range l.tags {
		if name, _, _ := strings.Cut(where, ":"); book.answered && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// movedIn tells whether a round's answer moved the tag, or a push of it was never answered.
func (l *ledger) movedIn(round int, repository, tag string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	book := l.tags[repository+":"+tag]
	return book == nil || book.round == round || !book.answered || len(book.may) > 1
}

// missing are the answered tags of a repository that are not among those listed.
func (l *ledger) missing(repository string, listed []string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var gone []string
	for where, book := range l.tags {
		name, tag, _ := strings.Cut(where, ":")
		if name == repository && book.answered && !slices.Contains(listed, tag) {
			gone = append(gone, tag)
		}
	}
	return gone
}

// pushed tells whether a tag may name the digest. A digest names itself.
func (l *ledger) pushed(repository, reference string, digest v1.Hash) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if reference == digest.String() {
		return true
	}
	book := l.tags[repository+":"+reference]
	return book != nil && slices.Contains(book.may, digest)
}
