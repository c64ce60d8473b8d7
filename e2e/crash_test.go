//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const (
	crashRounds  = 20
	crashClients = 8
)

// TestCrash kills the server, every other time with its Postgres, at random moments under pushing clients. Then every image whose
// push was answered is pulled and verified, and nothing that is served may be broken. A run is repeated with
// ROADSTEAD_TEST_SEED=<what it printed>.
func TestCrash(t *testing.T) {
	seed := crashSeed(t)
	t.Logf("seed %d", seed)
	moments := rand.New(rand.NewSource(seed))
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(t.Context(), "crash", false))

	book := newLedger()
	for round := range crashRounds {
		moment := 100*time.Millisecond + time.Duration(moments.Int63n(int64(1500*time.Millisecond)))
		withPostgres := round%2 == 1
		before := book.answered()
		crash(t, server, book, round, seed, moment, withPostgres)
		if err := server.Launch(t.Context()); err != nil {
			t.Fatalf("round %d: the server does not come up again: %v", round, err)
		}
		verify(t, server, book, round)
		t.Logf("round %d: killed after %s (Postgres too: %t), %d pushes were answered", round, moment.Round(time.Millisecond), withPostgres, book.answered()-before)
		if t.Failed() {
			return
		}
	}
	verify(t, server, book, everyRound)
	if book.answered() < crashRounds {
		t.Errorf("only %d pushes were answered in %d rounds; the rounds prove nothing", book.answered(), crashRounds)
	}
}

func crashSeed(t *testing.T) int64 {
	t.Helper()
	given := os.Getenv("ROADSTEAD_TEST_SEED")
	if given == "" {
		return time.Now().UnixNano()
	}
	seed, err := strconv.ParseInt(given, 10, 64)
	if err != nil {
		t.Fatalf("ROADSTEAD_TEST_SEED is %q, want a number: %v", given, err)
	}
	return seed
}

// crash lets the clients push until the moment, then kills and waits for the clients to notice.
func crash(t *testing.T, server *harness.Server, book *ledger, round int, seed int64, moment time.Duration, withPostgres bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	transport := &http.Transport{MaxIdleConnsPerHost: crashClients}
	defer transport.CloseIdleConnections()

	var killing atomic.Bool
	var clients sync.WaitGroup
	for client := range crashClients {
		clients.Go(func() {
			source := rand.New(rand.NewSource(seed + int64(round*crashClients+client)))
			for ctx.Err() == nil {
				if err := pushOne(ctx, server.Admin, transport, book, round, client, source); err != nil {
					if !killing.Load() {
						t.Errorf("round %d, client %d: a push fails while the server is up: %v", round, client, err)
					}
					return
				}
			}
		})
	}

	timer := time.NewTimer(moment)
	defer timer.Stop()
	<-timer.C
	killing.Store(true)
	if withPostgres {
		if server.KillPostgres() == 0 {
			t.Errorf("round %d: no bundled Postgres is found to kill", round)
		}
	}
	server.Kill()
	cancel()
	clients.Wait()
}

// pushOne pushes an image of its own and one layer that all clients share, under a tag of its own or one that it moves.
func pushOne(ctx context.Context, who harness.API, transport http.RoundTripper, book *ledger, round, client int, source *rand.Rand) error {
	image, err := crashImage(source)
	if err != nil {
		return err
	}
	digest, err := image.Digest()
	if err != nil {
		return err
	}
	tag := fmt.Sprintf("c%d-latest", client)
	if source.Intn(3) > 0 {
		tag = fmt.Sprintf("c%d-r%d-%d", client, round, source.Int31())
	}
	repository := fmt.Sprintf("crash/app-%d", client%4)
	ref, err := who.Reference(repository + ":" + tag)
	if err != nil {
		return err
	}
	book.begin(repository, tag, digest)
	if err := remote.Write(ref, image, who.Remote(ctx, transport)...); err != nil {
		return err
	}
	book.commit(round, repository, tag, digest)
	return nil
}

func crashImage(source *rand.Rand) (v1.Image, error) {
	image, err := random.Image(1+source.Int63n(64<<10), 1+source.Int63n(3), random.WithSource(rand.NewSource(source.Int63())))
	if err != nil {
		return nil, err
	}
	shared, err := random.Layer(32<<10, types.DockerLayer, random.WithSource(rand.NewSource(source.Int63n(4))))
	if err != nil {
		return nil, err
	}
	return mutate.AppendLayers(image, shared)
}

// verify pulls what was answered in a round and what each tag names now.
func verify(t *testing.T, server *harness.Server, book *ledger, round int) {
	t.Helper()
	var pulls []string
	pulls = append(pulls, book.images(round)...)
	for _, repository := range book.repositories() {
		tags, err := listTags(t.Context(), server.Admin, repository)
		if err != nil {
			t.Errorf("round %d: %v", round, err)
			continue
		}
		for _, tag := range tags {
			if round == everyRound || book.movedIn(round, repository, tag) {
				pulls = append(pulls, repository+":"+tag)
			}
		}
		for _, missing := range book.missing(repository, tags) {
			t.Errorf("round %d: %s:%s was answered and is not in the list of tags", round, repository, missing)
		}
	}

	work := make(chan string)
	var workers sync.WaitGroup
	for range crashClients {
		workers.Go(func() {
			for where := range work {
				if err := pullAndVerify(t.Context(), server.Admin, book, where); err != nil {
					t.Errorf("round %d: %s: %v", round, where, err)
				}
			}
		})
	}
	for _, where := range pulls {
		work <- where
	}
	close(work)
	workers.Wait()
}

func pullAndVerify(ctx context.Context, who harness.API, book *ledger, where string) error {
	ref, err := who.Reference(where)
	if err != nil {
		return err
	}
	image, err := remote.Image(ref, who.Remote(ctx, http.DefaultTransport)...)
	if err != nil {
		return err
	}
	digest, err := image.Digest()
	if err != nil {
		return err
	}
	if !book.pushed(ref.Context().RepositoryStr(), ref.Identifier(), digest) {
		return fmt.Errorf("names %s, which nobody pushed there or which a later answered push replaced", digest)
	}
	return validate.Image(image)
}

func listTags(ctx context.Context, who harness.API, repository string) ([]string, error) {
	ref, err := who.Reference(repository + ":any")
	if err != nil {
		return nil, err
	}
	tags, err := remote.List(ref.Context(), who.Remote(ctx, http.DefaultTransport)...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("list the tags of %s", repository), err)
	}
	return tags, nil
}
