package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	ggcr "github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/cmd/roadstead/apptest"
)

// harbour is a server, its clients and what is done with its replications.
type harbour struct {
	*apptest.Server
	t    *testing.T
	auth ggcr.Option
}

func newHarbour(t *testing.T) *harbour {
	t.Helper()
	return &harbour{apptest.Start(t), t, ggcr.WithAuth(&authn.Basic{Username: "admin", Password: apptest.Password})}
}

func (h *harbour) ref(where string) name.Reference {
	h.t.Helper()
	r, err := name.ParseReference(h.Host+"/"+where, name.Insecure)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h *harbour) push(where string, i v1.Image) string {
	h.t.Helper()
	if err := ggcr.Write(h.ref(where), i, h.auth); err != nil {
		h.t.Fatal(err)
	}
	d, err := i.Digest()
	if err != nil {
		h.t.Fatal(err)
	}
	return d.String()
}

// digest is what a reference names, "" for nothing.
func (h *harbour) digest(where string) string {
	d, err := ggcr.Head(h.ref(where), h.auth)
	if err != nil {
		return ""
	}
	return d.Digest.String()
}

func smallImage(t *testing.T) v1.Image {
	t.Helper()
	i, err := random.Image(1024, 1)
	if err != nil {
		t.Fatal(err)
	}
	return mutate.MediaType(i, types.OCIManifestSchema1)
}

func located(r apptest.Response) string {
	return r.Header.Get("Location")
}

func idOf(location string) string { return location[strings.LastIndex(location, "/")+1:] }

// knows registers another server, as somebody there.
func (h *harbour) knows(other *harbour, user string) string {
	h.t.Helper()
	return idOf(located(h.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/registries", map[string]any{
		"name": "other", "type": "harbor", "url": other.URL, "insecure": true,
		"credential": map[string]string{"type": "basic", "access_key": user, "access_secret": apptest.Password},
	})))
}

func (h *harbour) policy(body map[string]any) string {
	h.t.Helper()
	body["enabled"], body["override"] = true, true
	return idOf(located(h.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/replication/policies", body)))
}

type replicationRun struct {
	ID         int64     `json:"id"`
	Status     string    `json:"status"`
	StatusText string    `json:"status_text"`
	Total      int       `json:"total"`
	Succeed    int       `json:"succeed"`
	Failed     int       `json:"failed"`
	EndTime    time.Time `json:"end_time"`
}

func (h *harbour) start(policy string) string {
	h.t.Helper()
	var id int64
	if _, err := fmt.Sscan(policy, &id); err != nil {
		h.t.Fatal(err)
	}
	return located(h.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/replication/executions", map[string]any{"policy_id": id}))
}

// ended waits for the end of a run, and says when it was seen.
func (h *harbour) ended(where string, limit time.Duration) (run replicationRun, seen time.Time) {
	h.t.Helper()
	h.until(limit, func() string {
		if err := json.Unmarshal([]byte(h.Must(http.StatusOK, "admin", http.MethodGet, where, nil).Text), &run); err != nil {
			h.t.Fatal(err)
		}
		seen = time.Now()
		if run.Status == "InProgress" {
			return fmt.Sprintf("%s is still under way: %+v", where, run)
		}
		return ""
	})
	return run, seen
}

// until asks until nothing is missing.
func (h *harbour) until(limit time.Duration, missing func() string) {
	h.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); ; <-tick.C {
		what := missing()
		if what == "" {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("after %s: %s", limit, what)
		}
	}
}

func (h *harbour) logs(where string) string {
	h.t.Helper()
	var tasks []struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal([]byte(h.Must(http.StatusOK, "admin", http.MethodGet, where+"/tasks", nil).Text), &tasks); err != nil {
		h.t.Fatal(err)
	}
	out := h.Must(http.StatusOK, "admin", http.MethodGet, where+"/plan/log", nil).Text
	for _, task := range tasks {
		out += h.Must(http.StatusOK, "admin", http.MethodGet, fmt.Sprintf("%s/tasks/%d/log", where, task.ID), nil).Text
	}
	return out
}

func TestAHundredImagesAreInTheOtherRegistryWithinFiveSeconds(t *testing.T) {
	near, far := newHarbour(t), newHarbour(t)
	near.Project("ships", false)
	pushed := map[string]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := w; i < 100; i += 4 {
				where := fmt.Sprintf("ships/app-%d:v%d", i%20, i)
				d := near.push(where, smallImage(t))
				mu.Lock()
				pushed[where] = d
				mu.Unlock()
			}
		})
	}
	all.Wait()
	policy := near.policy(map[string]any{"name": "to the other", "dest_registry": map[string]any{"id": json.Number(near.knows(far, "admin"))}, "filters": []any{map[string]string{"type": "name", "value": "ships/**"}}})
	began := time.Now()
	where := near.start(policy)
	run, seen := near.ended(where, time.Minute)
	took := run.EndTime.Sub(began)
	t.Logf("100 images in %s, seen %s after the end", took.Round(time.Millisecond), seen.Sub(run.EndTime).Round(time.Millisecond))
	if run.Status != "Succeed" || run.Total != 20 || run.Succeed != 20 {
		t.Fatalf("%+v\n%s", run, near.logs(where))
	}
	if limit := 5 * time.Second * slowdown; took > limit && !testing.Short() {
		t.Errorf("it took %s, more than %s", took, limit)
	}
	if seen.Sub(run.EndTime) > time.Second {
		t.Errorf("its end was to be seen %s later", seen.Sub(run.EndTime))
	}
	for where, d := range pushed {
		if got := far.digest(where); got != d {
			t.Errorf("%s is %q, want %s", where, got, d)
		}
	}
}

func TestCopiesBetweenTwoServersAreExactInBothDirections(t *testing.T) {
	near, far := newHarbour(t), newHarbour(t)
	near.Project("ships", false)
	image := smallImage(t)
	d := near.push("ships/app:v1", image)
	index, err := random.Index(512, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := ggcr.WriteIndex(near.ref("ships/app:multi"), index, near.auth); err != nil {
		t.Fatal(err)
	}
	subject, err := ggcr.Head(near.ref("ships/app:v1"), near.auth)
	if err != nil {
		t.Fatal(err)
	}
	sbom, ok := mutate.Subject(smallImage(t), *subject).(v1.Image)
	if !ok {
		t.Fatal("no image")
	}
	sbomDigest, err := sbom.Digest()
	if err != nil {
		t.Fatal(err)
	}
	near.push("ships/app@"+sbomDigest.String(), sbom)
	signature := "ships/app:" + strings.Replace(d, ":", "-", 1) + ".sig"
	near.push(signature, smallImage(t))

	registry := json.Number(near.knows(far, "admin"))
	push := near.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": registry}})
	where := near.start(push)
	if run, _ := near.ended(where, time.Minute); run.Status != "Succeed" {
		t.Fatalf("%+v\n%s", run, near.logs(where))
	}
	pull := near.policy(map[string]any{"name": "in", "src_registry": map[string]any{"id": registry}, "dest_namespace": "back", "dest_namespace_replace_count": 1,
		"filters": []any{map[string]string{"type": "name", "value": "ships/**"}}})
	where = near.start(pull)
	if run, _ := near.ended(where, time.Minute); run.Status != "Succeed" {
		t.Fatalf("%+v\n%s", run, near.logs(where))
	}
	for at, h := range map[string]*harbour{"ships": far, "back": near} {
		for ref, want := range map[string]string{":v1": d, "@" + sbomDigest.String(): sbomDigest.String(), ":" + strings.Replace(d, ":", "-", 1) + ".sig": near.digest(signature), ":multi": near.digest("ships/app:multi")} {
			if got := h.digest(at + "/app" + ref); got != want || want == "" {
				t.Errorf("%s/app%s is %q, want %q", at, ref, got, want)
			}
		}
		copied, err := ggcr.Index(h.ref(at+"/app:multi"), h.auth)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Index(copied); err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(near.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/projects/ships/repositories/app/artifacts/v1", nil).Text, `"pull_time":"0001`); n == 0 {
		t.Error("reading for a copy counts as a pull")
	}
}

func TestTwoServersThatReplicateToEachOtherComeToRest(t *testing.T) {
	near, far := newHarbour(t), newHarbour(t)
	near.Project("ships", false)
	far.Project("ships", false)
	for _, p := range []struct{ of, to *harbour }{{near, far}, {far, near}} {
		p.of.policy(map[string]any{"name": "as it comes", "dest_registry": map[string]any{"id": json.Number(p.of.knows(p.to, "admin"))}, "trigger": map[string]any{"type": "event_based"}, "deletion": true})
	}
	began := time.Now()
	d := near.push("ships/app:v1", smallImage(t))
	near.until(30*time.Second, func() string {
		if far.digest("ships/app:v1") != d {
			return "the push has not reached the other"
		}
		return ""
	})
	t.Logf("a push was there after %s", time.Since(began).Round(time.Millisecond))
	// Moves that follow each other closely, on both sides.
	var last string
	for range 5 {
		last = near.push("ships/app:v1", smallImage(t))
	}
	runs := func(h *harbour) (n int, busy bool) {
		r := h.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/replication/executions?page_size=100", nil)
		return strings.Count(r.Text, `"policy_id"`), strings.Contains(r.Text, "InProgress")
	}
	quiet, before := time.Now(), -1
	near.until(time.Minute, func() string {
		a, busyA := runs(near)
		b, busyB := runs(far)
		if busyA || busyB || a+b != before {
			quiet, before = time.Now(), a+b
		}
		if time.Since(quiet) < 3*time.Second {
			return fmt.Sprintf("they play ping-pong: %d and %d runs", a, b)
		}
		return ""
	})
	if a, b := near.digest("ships/app:v1"), far.digest("ships/app:v1"); a != last || b != last {
		t.Errorf("v1 is %s here and %s there, want %s", a, b, last)
	}
	near.Must(http.StatusOK, "admin", http.MethodDelete, "/api/v2.0/projects/ships/repositories/app/artifacts/v1", nil)
	near.until(30*time.Second, func() string {
		if far.digest("ships/app:v1") != "" {
			return "the deletion has not reached the other"
		}
		return ""
	})
}

func TestAFullProjectFailsInWordsAndWhatFailedIsRetried(t *testing.T) {
	near, far := newHarbour(t), newHarbour(t)
	near.Project("ships", false)
	far.Must(http.StatusCreated, "admin", http.MethodPost, "/api/v2.0/projects", map[string]any{"project_name": "ships", "storage_limit": 600_000})
	small := near.push("ships/small:v1", smallImage(t))
	large, err := random.Image(1<<20, 1)
	if err != nil {
		t.Fatal(err)
	}
	big := near.push("ships/large:v1", large)
	where := near.start(near.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": json.Number(near.knows(far, "admin"))}}))
	run, _ := near.ended(where, time.Minute)
	if run.Status != "Failed" || run.Failed != 1 || run.Succeed != 1 || !strings.Contains(run.StatusText, "will exceed the configured upper limit") {
		t.Fatalf("%+v\n%s", run, near.logs(where))
	}
	if far.digest("ships/small:v1") != small || far.digest("ships/large:v1") != "" {
		t.Error("what had room is not there, or what had none is")
	}
	quota := far.Must(http.StatusOK, "admin", http.MethodGet, "/api/v2.0/quotas?reference=project&sort=-creation_time&page_size=1", nil)
	var quotas []struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal([]byte(quota.Text), &quotas); err != nil {
		t.Fatal(err)
	}
	far.Must(http.StatusOK, "admin", http.MethodPut, fmt.Sprintf("/api/v2.0/quotas/%d", quotas[0].ID), map[string]any{"hard": map[string]int64{"storage": -1}})
	near.Must(http.StatusOK, "admin", http.MethodPut, where+"/retry", nil)
	if run, _ = near.ended(where, time.Minute); run.Status != "Succeed" || far.digest("ships/large:v1") != big {
		t.Errorf("%+v\n%s", run, near.logs(where))
	}
}

func TestWhoMayNotPushThereIsToldSo(t *testing.T) {
	near, far := newHarbour(t), newHarbour(t)
	near.Project("ships", false)
	far.Project("ships", false)
	far.User("bob")
	near.push("ships/app:v1", smallImage(t))
	where := near.start(near.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": json.Number(near.knows(far, "bob"))}}))
	run, _ := near.ended(where, time.Minute)
	if run.Status != "Failed" || far.digest("ships/app:v1") != "" {
		t.Errorf("%+v\n%s", run, near.logs(where))
	}
	t.Log(run.StatusText)
}

func TestAPolicyOntoItselfIsRefused(t *testing.T) {
	near := newHarbour(t)
	registry := json.Number(near.knows(near, "admin"))
	loop := map[string]any{"name": "loop", "dest_registry": map[string]any{"id": registry}, "enabled": true}
	r := near.Must(http.StatusBadRequest, "admin", http.MethodPost, "/api/v2.0/replication/policies", loop)
	if !strings.Contains(r.Text, "would copy its own copies") {
		t.Error(r.Text)
	}
	loop["filters"], loop["dest_namespace"] = []any{map[string]string{"type": "name", "value": "ships/**"}}, "mirror"
	near.Project("ships", false)
	d := near.push("ships/app:v1", smallImage(t))
	where := near.start(near.policy(loop))
	if run, _ := near.ended(where, time.Minute); run.Status != "Succeed" || near.digest("mirror/app:v1") != d {
		t.Errorf("%+v\n%s", run, near.logs(where))
	}
}
