package artifact_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/page"
)

// label makes one of a project, or of all when project is "".
func (x *index) label(project, name string) int64 {
	x.t.Helper()
	var id int64
	if project != "" {
		id = x.one(`SELECT id FROM project WHERE name = $1`, project)
	}
	l, err := label.NewService(x.db.Gorm, time.Now).Create(ctx, x.by, id, label.Fields{Name: name, Color: "#FF0000", Description: "d"})
	if err != nil {
		x.t.Fatal(err)
	}
	return l.ID
}

func TestLabelsArePutOnAndTakenOff(t *testing.T) {
	x := newIndex(t)
	x.project("other", -1)
	p := x.push(x.image("library/app", "v1", "one"))
	global, own, foreign := x.label("", "urgent"), x.label("library", "checked"), x.label("other", "theirs")
	for _, id := range []int64{global, own} {
		if err := x.AddLabel(ctx, x.by, "library", "app", "v1", id); err != nil {
			t.Fatal(err)
		}
		err := x.AddLabel(ctx, x.by, "library", "app", "v1", id)
		if want := fmt.Sprintf("label %d is already added to the artifact %d", id, p.ArtifactID); !errors.Is(err, fault.ErrConflict) || err.Error() != want {
			t.Errorf("again: %v", err)
		}
	}
	for what, id := range map[string]int64{"of another project": foreign, "unknown": 99999} {
		want := fmt.Sprintf("label %d not found", id)
		if err := x.AddLabel(ctx, x.by, "library", "app", "v1", id); !errors.Is(err, fault.ErrNotFound) || err.Error() != want {
			t.Errorf("%s: %v", what, err)
		}
		if err := x.RemoveLabel(ctx, x.by, "library", "app", "v1", id); !errors.Is(err, fault.ErrNotFound) || err.Error() != want {
			t.Errorf("%s, taken off: %v", what, err)
		}
	}
	if err := x.AddLabel(ctx, x.by, "library", "app", "nosuch", global); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("on nothing: %v", err)
	}
	a, err := x.Get(ctx, "library", "app", "v1")
	if err != nil || len(a.Labels) != 2 || a.Labels[0].Name != "checked" || a.Labels[0].Project() != a.ProjectID || a.Labels[1].ProjectID != nil || a.Labels[1].Color != "#FF0000" {
		t.Errorf("%+v, %v", a.Labels, err)
	}
	if err := x.RemoveLabel(ctx, x.by, "library", "app", "v1", own); err != nil {
		t.Fatal(err)
	}
	if n := x.one(`SELECT count(*) FROM audit_event WHERE resource = 'library/app:v1' AND operation = 'update'`); n != 3 {
		t.Errorf("%d audit entries", n)
	}
}

func TestADeletedArtifactThatIsPushedAgainHasNoLabels(t *testing.T) {
	x := newIndex(t)
	p := x.image("library/app", "v1", "one")
	x.push(p)
	if err := x.AddLabel(ctx, x.by, "library", "app", "v1", x.label("", "bad")); err != nil {
		t.Fatal(err)
	}
	if err := x.Delete(ctx, x.by, "library", "app", "v1"); err != nil {
		t.Fatal(err)
	}
	x.push(p)
	if a, err := x.Get(ctx, "library", "app", "v1"); err != nil || len(a.Labels) != 0 {
		t.Errorf("%+v, %v", a.Labels, err)
	}
}

func TestALabelDeletedWhileItIsPutOnLeavesNothing(t *testing.T) {
	x := newIndex(t)
	x.push(x.image("library/app", "v1", "one"))
	labels := label.NewService(x.db.Gorm, time.Now)
	for range 10 {
		id := x.label("", "short-lived")
		var both sync.WaitGroup
		both.Go(func() {
			if err := x.AddLabel(ctx, x.by, "library", "app", "v1", id); err != nil && !errors.Is(err, fault.ErrNotFound) {
				t.Error(err)
			}
		})
		both.Go(func() {
			if err := labels.Delete(ctx, x.by, id, nil); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
	}
	if n := x.one(`SELECT count(*) FROM artifact_label`); n != 0 {
		t.Errorf("%d labels are left", n)
	}
}

func TestArtifactsAreFoundByLabels(t *testing.T) {
	x := newIndex(t)
	a, b := x.label("", "a"), x.label("library", "b")
	for i := range 4 { // none, a, b, both
		tag := fmt.Sprintf("v%d", i)
		x.push(x.image("library/app", tag, tag))
		for bit, id := range map[int]int64{1: a, 2: b} {
			if i&bit != 0 {
				if err := x.AddLabel(ctx, x.by, "library", "app", tag, id); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	id := x.one(`SELECT id FROM project WHERE name = 'library'`)
	for q, want := range map[string]int64{
		fmt.Sprintf("labels=%d", a): 2, fmt.Sprintf("labels=(%d)", b): 2, fmt.Sprintf("labels=(%d %d)", a, b): 1,
		fmt.Sprintf("labels={%d %d}", a, b): 3, "labels=99999": 0, fmt.Sprintf("labels=(%d 99999)", a): 0, fmt.Sprintf("labels=%d,tags=v1", a): 1,
	} {
		got, err := x.List(ctx, artifact.Filter{ProjectID: id, Repository: "app", With: artifact.With{Labels: true}}, query(t, q, ""))
		if err != nil || got.Total != want || int64(len(got.Items)) != want {
			t.Errorf("%s: %d, %v", q, got.Total, err)
		}
	}
	for _, q := range []string{"labels=x", "labels=~1", "labels=[1~2]", "labels=(1 99999999999999999999)"} {
		if _, err := x.List(ctx, artifact.Filter{ProjectID: id}, query(t, q, "")); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", q, err)
		}
	}
	if got, err := x.List(ctx, artifact.Filter{ProjectID: id}, page.Page{}); err != nil || got.Items[0].Labels != nil {
		t.Errorf("labels that nobody asked for: %+v, %v", got.Items, err)
	}
}
