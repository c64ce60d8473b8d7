package replication_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	ggcr "github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/replication"
	"github.com/roadstead-registry/roadstead/core/store"
)

func noMore(store.Tx) error { return nil }

func image(t testing.TB, layers int64) v1.Image {
	t.Helper()
	out, err := random.Image(1024, layers)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// referring is an image that names a subject, as signatures and SBOMs do.
func referring(t testing.TB, p *peer, subject string) v1.Image {
	t.Helper()
	d, err := ggcr.Head(p.ref(subject))
	if err != nil {
		t.Fatal(err)
	}
	out, ok := mutate.Subject(mutate.ConfigMediaType(mutate.MediaType(image(t, 1), types.OCIManifestSchema1), "application/vnd.example.sbom"), *d).(v1.Image)
	if !ok {
		t.Fatal("no image")
	}
	return out
}

func (y *yard) want(e job.Execution, status string) {
	y.t.Helper()
	if e.Status != status {
		y.t.Fatalf("the execution is %s, want %s: %s\n%s", e.Status, status, e.Message, y.log(e))
	}
}

func (y *yard) logged(e job.Execution, parts ...string) {
	y.t.Helper()
	log := y.log(e)
	for _, p := range parts {
		if !strings.Contains(log, p) {
			y.t.Errorf("the log does not say %q:\n%s", p, log)
		}
	}
}

func TestCopiesAreWholeAndExact(t *testing.T) {
	y := newYard(t)
	single := y.far.push("team/app:v1", image(t, 3))
	index, err := random.Index(512, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := ggcr.WriteIndex(y.far.ref("team/app:multi"), index); err != nil {
		t.Fatal(err)
	}
	children, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	child := "team/app@" + children.Manifests[1].Digest.String()
	sbom := referring(t, y.far, "team/app:v1")
	y.far.push("team/app@"+digestOf(t, sbom), sbom)
	ofChild := referring(t, y.far, child)
	y.far.push("team/app@"+digestOf(t, ofChild), ofChild)
	onSBOM := referring(t, y.far, "team/app@"+digestOf(t, ofChild))
	y.far.push("team/app@"+digestOf(t, onSBOM), onSBOM)
	cosign := image(t, 1)
	y.far.push("team/app:"+strings.Replace(single.String(), ":", "-", 1)+".sig", cosign)

	p := y.policy(func(p *replication.Policy) { p.Namespace = "mirror" })
	e := y.run(p)
	y.want(e, job.Success)
	if got := y.here.digest("mirror/app:v1"); got != single.String() {
		t.Errorf("v1 is %s, want %s", got, single)
	}
	copied, err := ggcr.Index(y.here.ref("mirror/app:multi"))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(copied); err != nil {
		t.Error(err)
	}
	for _, ref := range []string{"mirror/app@" + digestOf(t, sbom), "mirror/app@" + digestOf(t, ofChild), "mirror/app@" + digestOf(t, onSBOM), "mirror/app:" + strings.Replace(single.String(), ":", "-", 1) + ".sig"} {
		if y.here.digest(ref) == "" {
			t.Errorf("%s has not come along", ref)
		}
	}
	refs, err := ggcr.Referrers(y.here.ref("mirror/app:v1").Context().Digest(single.String()))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := refs.IndexManifest(); err != nil || len(m.Manifests) == 0 {
		t.Errorf("the copy has no referrers: %v, %v", m, err)
	}

	// A second run finds all of it there.
	y.here.forget()
	again := y.run(p)
	y.want(again, job.Success)
	if n := y.here.count("PUT", "") + y.here.count("POST", "") + y.here.count("PATCH", ""); n != 0 {
		t.Errorf("%d requests changed something though all was there", n)
	}
	y.logged(again, "team/app:v1 is at the destination already", "team/app:multi is at the destination already")
	if n := y.one("SELECT count(*) FROM project WHERE name = 'mirror'"); n != 1 {
		t.Error("the project was not made")
	}
}

func digestOf(t testing.TB, i v1.Image) string {
	t.Helper()
	d, err := i.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d.String()
}

// While anything is missing no name may point at it: each request of the target fails
// once, and whatever has a tag after that can be pulled in full.
func TestWhatHasANameCanBePulledWholeWhateverBreaksOff(t *testing.T) {
	y := newYard(t)
	index, err := random.Index(256, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := ggcr.WriteIndex(y.far.ref("team/app:multi"), index); err != nil {
		t.Fatal(err)
	}
	p := y.policy(func(p *replication.Policy) { p.Namespace = "mirror" })
	for broken := 1; ; broken++ {
		var writes atomic.Int64
		y.here.during(func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead && writes.Add(1) >= int64(broken) {
				http.Error(w, `{"errors":[{"code":"DENIED","message":"not now"}]}`, http.StatusForbidden)
				return
			}
			serve.ServeHTTP(w, r)
		})
		e := y.run(p)
		y.here.during(nil)
		if d := y.here.digest("mirror/app:multi"); d != "" {
			got, err := ggcr.Index(y.here.ref("mirror/app:multi"))
			if err != nil {
				t.Fatal(err)
			}
			if err := validate.Index(got); err != nil {
				t.Fatalf("broken off at write %d: %v", broken, err)
			}
		}
		if e.Status == job.Success {
			t.Logf("whole after %d runs that were broken off", broken-1)
			return
		}
		if broken > 40 {
			t.Fatal("it is never done")
		}
	}
}

func TestACutConnectionIsGoneOnWith(t *testing.T) {
	y := newYard(t)
	big, err := random.Image(1<<20, 1)
	if err != nil {
		t.Fatal(err)
	}
	d := y.far.push("team/app:big", big)
	var cuts atomic.Int64
	y.far.during(func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") && cuts.Add(1) <= 2 {
			serve.ServeHTTP(&cutting{ResponseWriter: w, left: 100_000}, r)
			return
		}
		serve.ServeHTTP(w, r)
	})
	e := y.run(y.policy(func(p *replication.Policy) { p.Namespace = "mirror" }))
	y.want(e, job.Success)
	if cuts.Load() < 3 || y.here.digest("mirror/app:big") != d.String() {
		t.Errorf("%d cuts, %s", cuts.Load(), y.here.digest("mirror/app:big"))
	}
	got, err := ggcr.Image(y.here.ref("mirror/app:big"))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Image(got); err != nil {
		t.Error(err)
	}
}

// cutting hangs up after some bytes.
type cutting struct {
	http.ResponseWriter
	left int
}

func (c *cutting) Write(p []byte) (int, error) {
	if len(p) > c.left {
		_, _ = c.ResponseWriter.Write(p[:c.left])
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	c.left -= len(p)
	return c.ResponseWriter.Write(p)
}

func TestARegistryThatAsksToWaitIsWaitedForAndTheLogSaysSo(t *testing.T) {
	y := newYard(t)
	d := y.far.push("team/app:v1", image(t, 1))
	var times atomic.Int64
	y.far.during(func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		if strings.Contains(r.URL.Path, "/manifests/v1") && times.Add(1) == 1 {
			w.Header().Set("Retry-After", "75")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		serve.ServeHTTP(w, r)
	})
	e := y.run(y.policy(func(p *replication.Policy) { p.Namespace = "mirror" }))
	y.want(e, job.Success)
	if y.here.digest("mirror/app:v1") != d.String() {
		t.Error("it has not been copied")
	}
	found := false
	for _, w := range y.waited {
		found = found || w == 75*time.Second
	}
	if !found {
		t.Errorf("waited %v", y.waited)
	}
	y.logged(e, "waiting 1m15s")
}

func TestWrongCredentialsFailAtOnceAndTheRestIsNotTried(t *testing.T) {
	y := newYard(t)
	for i := range 10 {
		y.far.push(fmt.Sprintf("team/app:v%d", i), image(t, 1))
	}
	p := y.policy(func(p *replication.Policy) { p.Namespace = "mirror" })
	y.here.during(func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		if r.Method == http.MethodPost {
			http.Error(w, `{"errors":[{"code":"DENIED","message":"you may not push"}]}`, http.StatusForbidden)
			return
		}
		serve.ServeHTTP(w, r)
	})
	e := y.run(p)
	y.want(e, job.Error)
	if !strings.Contains(e.Message, "you may not push") {
		t.Errorf("the message is %q", e.Message)
	}
	if n := y.one("SELECT max(attempt) FROM task WHERE execution_id = ?", e.ID); n != 1 {
		t.Errorf("it was tried %d times though nothing would help", n)
	}
	// What failed is taken up again, and nothing else.
	y.here.during(nil)
	if err := y.domain.Jobs.Retry(t.Context(), y.domain.Admin, e.ID); err != nil {
		t.Fatal(err)
	}
	y.want(y.finish(e.ID), job.Success)
	for i := range 10 {
		if y.here.digest(fmt.Sprintf("mirror/app:v%d", i)) == "" {
			t.Errorf("v%d has not been copied", i)
		}
	}
	if n := y.one("SELECT count(*) FROM task WHERE execution_id = ? AND plans AND attempt > 1", e.ID); n != 0 {
		t.Error("what had not failed was done again")
	}
}

func TestWithoutOverrideWhatIsThereStays(t *testing.T) {
	y := newYard(t)
	y.far.push("team/app:v1", image(t, 1))
	old := y.here.push("mirror/app:v1", image(t, 1))
	e := y.run(y.policy(func(p *replication.Policy) { p.Namespace, p.Override = "mirror", false }))
	y.want(e, job.Success)
	if y.here.digest("mirror/app:v1") != old.String() {
		t.Error("the tag was moved")
	}
	y.logged(e, "override is off: left as it is")
}

func TestOneBadArtifactDoesNotKeepTheOthers(t *testing.T) {
	y := newYard(t)
	good := y.far.push("team/app:good", image(t, 1))
	bad := y.far.push("team/app:bad", image(t, 1))
	y.far.during(func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, bad.String()) {
			w.Header().Set("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
			_, _ = w.Write([]byte("{"))
			return
		}
		serve.ServeHTTP(w, r)
	})
	e := y.run(y.policy(func(p *replication.Policy) { p.Namespace = "mirror" }))
	y.want(e, job.Error)
	if !strings.Contains(e.Message, "bad") || y.here.digest("mirror/app:good") != good.String() || y.here.digest("mirror/app:bad") != "" {
		t.Errorf("%q, good %q, bad %q", e.Message, y.here.digest("mirror/app:good"), y.here.digest("mirror/app:bad"))
	}
}

func TestTagsAreFilteredAtTheSource(t *testing.T) {
	y := newYard(t)
	for _, ref := range []string{"team/app:v1", "team/app:v2-rc", "team/web:v1", "other/app:v1"} {
		y.far.push(ref, image(t, 1))
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image(t, 1)})
	if err := ggcr.WriteIndex(y.far.ref("team/app:v9"), index); err != nil {
		t.Fatal(err)
	}
	chart := mutate.ConfigMediaType(mutate.MediaType(image(t, 1), types.OCIManifestSchema1), "application/vnd.cncf.helm.config.v1+json")
	y.far.push("team/chart:v1", chart)
	e := y.run(y.policy(func(p *replication.Policy) {
		p.Namespace, p.ReplaceCount = "mirror", 0
		p.Filters = replication.Filters{
			{Type: replication.ByName, Pattern: "team/**"}, {Type: replication.ByTag, Pattern: "v*"},
			{Type: replication.ByTag, Pattern: "*-rc", Decoration: replication.Excludes}, {Type: replication.ByResource, Pattern: replication.Image},
		}
	}))
	y.want(e, job.Success)
	for ref, want := range map[string]bool{"team/app:v1": true, "team/app:v2-rc": false, "team/web:v1": true, "other/app:v1": false, "team/app:v9": true, "team/chart:v1": false} {
		if got := y.here.digest("mirror/"+ref) != ""; got != want {
			t.Errorf("%s: %t, want %t", ref, got, want)
		}
	}
	y.logged(e, "team/chart:v1 is no image")
}

func TestBlobsOfAnotherRepositoryAreMounted(t *testing.T) {
	y := newYard(t)
	shared := image(t, 2)
	for _, ref := range []string{"team/one:v1", "team/two:v1", "team/three:v1"} {
		y.far.push(ref, shared)
	}
	y.far.forget()
	e := y.run(y.policy(func(p *replication.Policy) { p.Namespace, p.Concurrency = "mirror", 1 }))
	y.want(e, job.Success)
	if n := y.far.count("GET", "/blobs/"); n > 3 {
		t.Errorf("%d blobs were read for three copies of an image that has three", n)
	}
}

func TestAPreviewSaysWhatWouldBeCopiedAndChangesNothing(t *testing.T) {
	y := newYard(t)
	for _, ref := range []string{"team/app:v1", "team/app:v2", "other/app:v1", "app:v1"} {
		y.far.push(ref, image(t, 1))
	}
	p := replication.Policy{RegistryID: y.endpoint, Trigger: replication.Manual, Namespace: "mirror", ReplaceCount: 1}
	got, err := y.Preview(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got.Repositories != 3 || got.Artifacts != 4 || got.Truncated {
		t.Errorf("%+v", got)
	}
	collisions, problems := 0, 0
	for _, m := range got.Matches {
		if m.Collides != "" {
			collisions++
		}
		if m.Problem != "" {
			problems++
		}
		if m.Source == "team/app" && (m.Artifacts != 2 || m.Destination != "mirror/app") {
			t.Errorf("%+v", m)
		}
	}
	if collisions != 1 || problems != 1 {
		t.Errorf("%d collisions, %d problems: %+v", collisions, problems, got.Matches)
	}
	if n := y.one("SELECT count(*) FROM replication_policy") + y.one("SELECT count(*) FROM execution"); n != 0 {
		t.Error("the preview has made something")
	}
	y.far.during(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(http.StatusForbidden) })
	var f *fault.Fault
	if _, err := y.Preview(t.Context(), p); !errors.As(err, &f) || f.Kind != fault.KindPrecondition {
		t.Errorf("a registry that refuses: %v", err)
	}
}

func TestAStoppedRunStopsAndIsRetriedWithoutWhatWasDone(t *testing.T) {
	y := newYard(t)
	for i := range 3 {
		y.far.push(fmt.Sprintf("team/r%d:v1", i), image(t, 1))
	}
	p := y.policy(func(p *replication.Policy) { p.Namespace, p.Concurrency = "mirror", 1 })
	e, err := y.Start(t.Context(), y.domain.Admin, p.ID, job.Manual)
	if err != nil {
		t.Fatal(err)
	}
	y.work(t.Context(), job.Delivery{Task: y.one("SELECT id FROM task WHERE execution_id = ? AND plans", e.ID), Attempt: 1, Of: job.Replication})
	if n := y.one("SELECT count(*) FROM task WHERE execution_id = ? AND NOT plans AND NOT held", e.ID); n != 1 {
		t.Errorf("%d repositories are copied at a time, want 1", n)
	}
	first := y.one("SELECT id FROM task WHERE execution_id = ? AND NOT plans AND NOT held", e.ID)
	y.work(t.Context(), job.Delivery{Task: first, Attempt: 1, Of: job.Replication})
	if err := y.Delete(t.Context(), y.domain.Admin, p.ID); err == nil || !strings.Contains(err.Error(), "running executions") {
		t.Errorf("deleted while it runs: %v", err)
	}
	if err := y.domain.Jobs.Stop(t.Context(), y.domain.Admin, job.Replication, e.ID); err != nil {
		t.Fatal(err)
	}
	y.want(y.finish(e.ID), job.Stopped)
	if err := y.domain.Jobs.Retry(t.Context(), y.domain.Admin, e.ID); err != nil {
		t.Fatal(err)
	}
	y.want(y.finish(e.ID), job.Success)
	if n := y.one("SELECT attempt FROM task WHERE id = ?", first); n != 1 {
		t.Error("what was done was done again")
	}
	if err := y.Delete(t.Context(), y.domain.Admin, p.ID); err != nil {
		t.Error(err)
	}
	if n := y.one("SELECT count(*) FROM execution WHERE subject_id = ?", p.ID); n != 0 {
		t.Error("the history of a deleted policy is there still")
	}
}
