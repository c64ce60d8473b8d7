package artifact_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

func seed(t *testing.T) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if text := os.Getenv("ROADSTEAD_TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("ROADSTEAD_TEST_SEED=%d", n)
	return n
}

// Hundreds of random pushes, deletions, restores and purges, after each of which the
// index is whole, and what is deleted and restored in turn is as it was.
func TestTheIndexIsWholeAfterWhateverIsDeletedAndRestored(t *testing.T) {
	x := newIndex(t)
	r := rand.New(rand.NewPCG(seed(t), 7))
	var pushes []artifact.Push
	for i := range 4 {
		pushes = append(pushes, x.image("library/app", "", fmt.Sprint("content ", i)))
		x.push(pushes[i])
	}
	pushes = append(pushes, x.referrer("library/app", pushes[0]), x.indexOf("library/app", "", pushes[0], pushes[1]), x.indexOf("library/app", "", pushes[1], pushes[2]))
	pushes = append(pushes, x.indexOf("library/app", "", pushes[5], pushes[3]), x.referrer("library/app", pushes[5]))
	expected := func(err error) {
		t.Helper()
		var f *fault.Fault
		var missing *artifact.MissingError
		if err != nil && !errors.As(err, &f) && !errors.As(err, &missing) {
			t.Fatal(err)
		}
	}
	one := func(of int) int { return r.IntN(of) }
	steps := []func(){
		func() {
			p := pushes[one(len(pushes))]
			if one(2) == 0 {
				p.Tag = fmt.Sprint("v", one(4))
			}
			_, err := x.CommitPush(ctx, x.by, p)
			expected(err)
		},
		func() { expected(x.Delete(ctx, x.by, "library", "app", pushes[one(len(pushes))].Digest.String())) },
		func() { expected(x.Delete(ctx, x.by, "library", "app", fmt.Sprint("v", one(4)))) },
		func() {
			tag := fmt.Sprint("v", one(4))
			expected(x.DeleteTag(ctx, x.by, "library", "app", tag, tag))
		},
		func() {
			if one(4) == 0 {
				expected(x.DeleteRepository(ctx, x.by, "library", "app"))
			}
		},
		func() {
			for _, b := range x.repositoryBin() {
				what := artifact.Selection{Repositories: []int64{b.ID}}
				if b.NameTaken && one(2) == 0 {
					what.Names = map[int64]string{b.ID: fmt.Sprint("app-", b.ID)}
				}
				_, err := x.Restore(ctx, x.by, "library", what)
				expected(err)
			}
		},
		func() {
			if bin := x.bin(); len(bin) > 0 {
				b := bin[one(len(bin))]
				got, err := x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{b.ID}})
				if err != nil {
					t.Fatalf("what the bin lists cannot be restored: %v", err)
				}
				if len(got.Tags)+len(got.Taken) < len(b.Tags) {
					t.Errorf("%+v of %+v", got, b)
				}
			}
		},
		func() {
			if list, err := x.History(ctx, "library", "app", fmt.Sprint("v", one(4)), page.Page{Size: 20}); err == nil && len(list.Items) > 0 {
				m := list.Items[one(len(list.Items))]
				if m.To != nil {
					p := pushes[slices.IndexFunc(pushes, func(p artifact.Push) bool { return p.Digest.String() == m.To.Digest })]
					_, err := x.RestoreTag(ctx, x.by, "library", "app", m.Tag, p.Digest, true)
					expected(err)
				}
			}
		},
		func() {
			at := x.now.Add(-time.Duration(one(20)) * time.Minute)
			if at.Before(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)) {
				return
			}
			planned, err := x.PlanRestore(ctx, "library", "app", at)
			expected(err)
			done, err := x.RestoreRepository(ctx, x.by, "library", "app", at)
			expected(err)
			if fmt.Sprint(planned) != fmt.Sprint(done) {
				t.Errorf("planned %+v\ndone %+v", planned, done)
			}
		},
		func() {
			at := x.now.Add(time.Hour)
			expected(x.SetTagExpiry(ctx, x.by, "library", "app", fmt.Sprint("v", one(4)), &at))
		},
		func() {
			if _, _, err := x.ExpireTags(ctx); err != nil {
				t.Fatal(err)
			}
		},
		func() {
			var ids []int64
			for range 3 {
				ids = append(ids, x.one(`SELECT id FROM artifact WHERE digest = $1 ORDER BY id DESC LIMIT 1`, pushes[one(4)].Digest.String()))
			}
			_, err := x.DeleteArtifacts(ctx, x.by, "library", "app", ids, artifact.CauseRetention)
			expected(err)
		},
	}
	for n := range 400 {
		x.later(time.Minute)
		step := one(len(steps))
		steps[step]()
		x.checkInvariants()
		if t.Failed() {
			t.Fatalf("after step %d, which was a %d", n, step)
		}
	}
}

// While some push, delete and restore the same few things at once, nothing is lost or
// counted twice, and nobody is told of a deadlock.
func TestRestoresPushesAndDeletionsAtOnceLeaveTheIndexWhole(t *testing.T) {
	x := newIndex(t)
	images := []artifact.Push{x.image("library/app", "a", "one"), x.image("library/app", "b", "two")}
	for _, p := range images {
		x.push(p)
	}
	list := x.indexOf("library/app", "list", images...)
	x.push(list)
	x.push(x.referrer("library/app", images[0]))
	all := append(slices.Clone(images), list)
	n := seed(t)
	var work sync.WaitGroup
	for i := range 6 {
		work.Go(func() {
			r := rand.New(rand.NewPCG(n, uint64(i)))
			for range 60 {
				p := all[r.IntN(len(all))]
				var err error
				switch r.IntN(5) {
				case 0:
					_, err = x.CommitPush(ctx, x.by, p)
				case 1:
					err = x.Delete(ctx, x.by, "library", "app", p.Digest.String())
				case 2, 3:
					var bin page.List[artifact.BinnedArtifact]
					if bin, err = x.BinnedArtifacts(ctx, artifact.BinFilter{}, page.Page{}); err == nil && len(bin.Items) > 0 {
						_, err = x.Restore(ctx, x.by, "library", artifact.Selection{Artifacts: []int64{bin.Items[r.IntN(len(bin.Items))].ID}})
					}
				case 4:
					_, err = x.RestoreTag(ctx, x.by, "library", "app", p.Tag, p.Digest, true)
				}
				var f *fault.Fault
				var missing *artifact.MissingError
				if err != nil && !errors.As(err, &f) && !errors.As(err, &missing) {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	x.checkInvariants()
}
