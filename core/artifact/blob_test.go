package artifact_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestABlobIsServedOnlyWhereItWasPushedOrMounted(t *testing.T) {
	x := newIndex(t)
	b := x.blob("library/app", "bytes", "")
	n := storetest.Count(t, x.db)
	if stat, err := x.StatBlob(ctx, "library/app", b.Digest); err != nil || stat.Size != 5 || stat.LeaseEnd {
		t.Errorf("got %+v, %v", stat, err)
	}
	if n.Queries() != 1 {
		t.Errorf("a blob request took %d queries", n.Queries())
	}
	if _, err := x.StatBlob(ctx, "library/other", b.Digest); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("another repository serves it: %v", err)
	}
	if size, ok, err := x.MountBlob(ctx, x.by, "library/app", "library/other", b.Digest); err != nil || !ok || size != 5 {
		t.Fatalf("mount: %d %v %v", size, ok, err)
	}
	if _, err := x.StatBlob(ctx, "library/other", b.Digest); err != nil {
		t.Errorf("after the mount: %v", err)
	}
}

func TestAMountNeedsPullOnTheSource(t *testing.T) {
	x := newIndex(t)
	b := x.blob("library/app", "bytes", "")
	x.project("mine", -1)
	stranger := rbac.Subject{Kind: rbac.Human, ID: x.one(`INSERT INTO account (name) VALUES ('eve') RETURNING id`), Name: "eve"}
	for _, from := range []string{"library/app", "", "library/none", "x"} {
		if _, ok, err := x.MountBlob(ctx, stranger, from, "mine/app", b.Digest); err != nil || ok {
			t.Errorf("a stranger mounts from %q: %v, %v", from, ok, err)
		}
	}
	x.exec(`UPDATE project SET public = true WHERE name = 'library'`)
	if _, ok, err := x.MountBlob(ctx, stranger, "", "mine/app", b.Digest); err != nil || !ok {
		t.Errorf("from a public project anybody may: %v, %v", ok, err)
	}
}

func TestAMachineMountsFromWhereItMayPull(t *testing.T) {
	x := newIndex(t)
	b := x.blob("library/app", "bytes", "")
	library := x.one(`SELECT id FROM project WHERE name = 'library'`)
	mine := x.project("mine", -1)
	pull, list := rbac.On(rbac.Repository, rbac.Pull), rbac.On(rbac.Repository, rbac.List)
	for name, c := range map[string]struct {
		grants *rbac.Grants
		want   bool
	}{
		"nothing, as a token's subject": {nil, false},
		"another project":               {&rbac.Grants{In: map[int64][]rbac.Permission{mine: {pull}}}, false},
		"something else there":          {&rbac.Grants{In: map[int64][]rbac.Permission{library: {list}}}, false},
		"the source":                    {&rbac.Grants{In: map[int64][]rbac.Permission{library: {pull}}}, true},
		"all projects":                  {&rbac.Grants{Projects: []rbac.Permission{rbac.On(rbac.Repository, rbac.Push)}}, true},
	} {
		for _, from := range []string{"library/app", ""} {
			who := rbac.Subject{Kind: rbac.Machine, ID: 1, Name: "robot$x", Grants: c.grants}
			if _, ok, err := x.MountBlob(ctx, who, from, "mine/app", b.Digest); err != nil || ok != c.want {
				t.Errorf("given %s, from %q: %v, %v", name, from, ok, err)
			}
		}
		x.exec(`DELETE FROM repository_blob WHERE repository_id IN (SELECT id FROM repository WHERE project_id = $1)`, mine)
	}
}

func TestALeaseIsExtendedOnlyWhenHalfOfItIsGone(t *testing.T) {
	x := newIndex(t)
	b := x.blob("library/app", "bytes", "")
	lease := func() int64 {
		return x.one(`SELECT extract(epoch FROM least(b.lease_until, rb.lease_until))::bigint FROM blob b JOIN repository_blob rb ON rb.blob_id = b.id`)
	}
	first := lease()
	if err := x.ExtendLease(ctx, "library/app", b.Digest); err != nil || lease() != first {
		t.Errorf("a fresh lease was written again (%v)", err)
	}
	x.now = x.now.Add(artifact.Lease/2 + time.Minute)
	if stat, err := x.StatBlob(ctx, "library/app", b.Digest); err != nil || !stat.LeaseEnd {
		t.Errorf("got %+v, %v", stat, err)
	}
	if err := x.ExtendLease(ctx, "library/app", b.Digest); err != nil || lease() != x.now.Add(artifact.Lease).Unix() {
		t.Errorf("the lease was not extended (%v)", err)
	}
}

func TestABlobThatIsBeingDeletedIsWaitedForAndPlacedAgain(t *testing.T) {
	x := newIndex(t)
	d := digest.FromString("bytes")
	x.exec(`INSERT INTO blob (digest, size, state, lease_until) VALUES ($1, 5, 'deleting', $2)`, d.String(), x.now)
	var placed atomic.Int32
	done := make(chan error, 1)
	go func() {
		done <- x.CommitBlob(ctx, x.by, "library/app", d, 5, "", func(context.Context) error { placed.Add(1); return nil })
	}()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(150 * time.Millisecond):
	}
	x.exec(`DELETE FROM blob WHERE digest = $1`, d.String())
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if placed.Load() != 1 {
		t.Errorf("placed %d times", placed.Load())
	}
}

func TestTheBytesOfABlobThatIsThereAreNotMovedAgain(t *testing.T) {
	x := newIndex(t)
	b := x.blob("library/app", "bytes", "")
	err := x.CommitBlob(ctx, x.by, "library/two", b.Digest, 5, "", func(context.Context) error { return errors.New("moved again") })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.StatBlob(ctx, "library/two", b.Digest); err != nil {
		t.Error(err)
	}
}

func TestABlobOfALivingArtifactCannotBeUnlinked(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	layer := p.Manifest.Layers[0].Digest
	err := x.UnlinkBlob(ctx, x.by, "library/app", layer)
	if f, ok := fault.As(err); !ok || f.Kind != fault.KindDenied {
		t.Fatalf("got %v", err)
	}
	if err := x.Delete(ctx, x.by, "library", "app", "v1"); err != nil {
		t.Fatal(err)
	}
	if err := x.UnlinkBlob(ctx, x.by, "library/app", layer); err != nil {
		t.Fatal(err)
	}
	if _, err := x.StatBlob(ctx, "library/app", layer); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an unlinked blob is served: %v", err)
	}
	if err := x.UnlinkBlob(ctx, x.by, "library/app", layer); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE operation = 'delete' AND resource_type = 'blob' AND resource = $1`, "library/app@"+layer.String()); n != 1 {
		t.Errorf("%d audit entries for one deletion", n)
	}
	x.push(x.image("library/app", "v1", "one")) // and a push links it again
	x.checkInvariants()
}

func TestAnUploadSurvivesAndExpires(t *testing.T) {
	x := newIndex(t)
	u := artifact.Upload{ID: "u1", Repository: "library/app", Owner: "alice", Size: 10, HashState: []byte{1}, StartedAt: x.now, ExpiresAt: x.now.Add(time.Hour)}
	if err := x.SaveUpload(ctx, u); err != nil {
		t.Fatal(err)
	}
	u.Size, u.HashState = 20, []byte{2}
	if err := x.SaveUpload(ctx, u); err != nil {
		t.Fatal(err)
	}
	got, err := x.LoadUpload(ctx, "u1")
	if err != nil || got.Size != 20 || got.HashState[0] != 2 || got.Owner != "alice" {
		t.Errorf("got %+v, %v", got, err)
	}
	x.now = x.now.Add(2 * time.Hour)
	if _, err := x.LoadUpload(ctx, "u1"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an expired upload is found: %v", err)
	}
	if ids, err := x.ExpiredUploads(ctx, 10); err != nil || len(ids) != 1 {
		t.Errorf("expired: %v, %v", ids, err)
	}
	if err := x.DropUpload(ctx, "u1"); err != nil {
		t.Fatal(err)
	}
}

func TestAManifestPushedAsABlobIsPlaced(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	placed := 0
	for range 2 {
		err := x.CommitBlob(ctx, x.by, "library/app", p.Digest, int64(len(p.Payload)), "", func(context.Context) error { placed++; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if placed != 1 {
		t.Errorf("placed %d times: a manifest's row alone does not mean that storage has its bytes", placed)
	}
}
