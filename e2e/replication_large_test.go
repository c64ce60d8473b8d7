//go:build e2e

package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const (
	// layerBytes is the size of the large layer, unless ROADSTEAD_TEST_LAYER_BYTES has another: 10737418259 is what is promised.
	layerBytes = 256<<20 + 19
	// memoryGrowth is what the server may take more for it, however large it is.
	memoryGrowth = 256 << 20
	// leastRate is bytes a second of the slowest machine that this is run on.
	leastRate = 20 << 20

	manifestType = "application/vnd.oci.image.manifest.v1+json"
)

// largeLayer is the size of a layer of bytes that no compression makes fewer, and that nobody keeps: they are made as they are read.
type largeLayer int64

func largeLayerOf(t *testing.T) largeLayer {
	t.Helper()
	given := os.Getenv("ROADSTEAD_TEST_LAYER_BYTES")
	if given == "" {
		return layerBytes
	}
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil || n < 16<<20 {
		t.Fatalf("ROADSTEAD_TEST_LAYER_BYTES is %q, want a number of at least %d", given, 16<<20)
	}
	return largeLayer(n)
}

func (l largeLayer) read() io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte([]byte("a layer that nobody wants to keep"))), int64(l))
}

// limit is how long it may take to move it so often.
func (l largeLayer) limit(times int64) time.Duration {
	return time.Minute + time.Duration(times*int64(l)/leastRate)*time.Second
}

// push uploads it as docker does, in one request whose end says what it was, and an image of it.
func (l largeLayer) push(ctx context.Context, who harness.API, repository string) (digest string, err error) {
	upload, err := who.StartUpload(ctx, repository)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	request, err := upload.Request(ctx, io.TeeReader(l.read(), sum), int64(l))
	if err != nil {
		return "", err
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	if err := response.Body.Close(); err != nil {
		return "", err
	}
	if err := upload.Next(harness.Answer{Status: response.StatusCode, Header: response.Header}); err != nil {
		return "", err
	}
	digest = fmt.Sprintf("sha256:%x", sum.Sum(nil))
	if err := upload.Finish(ctx, digest); err != nil {
		return "", err
	}
	config := []byte(`{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["` + digest + `"]}}`)
	upload, err = who.StartUpload(ctx, repository)
	if err != nil {
		return "", err
	}
	if err := upload.Write(ctx, config); err != nil {
		return "", err
	}
	if err := upload.Finish(ctx, harness.Digest(config)); err != nil {
		return "", err
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType,
		"config": map[string]any{"mediaType": "application/vnd.oci.image.config.v1+json", "digest": harness.Digest(config), "size": len(config)},
		"layers": []any{map[string]any{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest, "size": int64(l)}},
	})
	if err != nil {
		return "", err
	}
	put, err := who.Request(ctx, http.MethodPut, "/v2/"+repository+"/manifests/v1", manifest)
	if err != nil {
		return "", err
	}
	put.Header.Set("Content-Type", manifestType)
	answer, err := harness.Send(put)
	if err == nil && answer.Status != http.StatusCreated {
		err = fmt.Errorf("the manifest is answered %d: %s", answer.Status, answer.Body)
	}
	return digest, err
}

// arrived reads all of it.
func (l largeLayer) arrived(ctx context.Context, who harness.API, repository, digest string) error {
	manifest, err := who.Request(ctx, http.MethodGet, "/v2/"+repository+"/manifests/v1", nil)
	if err != nil {
		return err
	}
	manifest.Header.Set("Accept", manifestType)
	answer, err := harness.Send(manifest)
	if err != nil || answer.Status != http.StatusOK || !strings.Contains(string(answer.Body), digest) {
		return fmt.Errorf("the manifest of %s at %s is answered %d: %s: %w", repository, who.URL, answer.Status, answer.Body, err)
	}
	request, err := who.Request(ctx, http.MethodGet, "/v2/"+repository+"/blobs/"+digest, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, response.Body)
	if got := fmt.Sprintf("sha256:%x", sum.Sum(nil)); err != nil || n != int64(l) || got != digest {
		return fmt.Errorf("%s in %s at %s has %d bytes of %d and the digest %s: %w", digest, repository, who.URL, n, l, got, err)
	}
	return nil
}

// memory is the most that a process has had at a time, and what it has now (proc(5), VmHWM and VmRSS).
func memory(t *testing.T, pid int) (peak, now int64) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(t, err)
	for name, into := range map[string]*int64{"VmHWM": &peak, "VmRSS": &now} {
		found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
		if found == nil {
			t.Fatalf("no %s in\n%s", name, status)
		}
		kib, err := strconv.ParseInt(string(found[1]), 10, 64)
		must(t, err)
		*into = kib << 10
	}
	return peak, now
}

// shortWriter hangs up in the middle of what is answered.
type shortWriter struct {
	http.ResponseWriter
	left int64
}

func (w *shortWriter) Write(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errors.New("the line is cut")
	}
	n, err := w.ResponseWriter.Write(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	return n, err
}

// TestServerReplicationOfALargeLayer takes a layer of any size to a plain distribution registry, and from there to another Roadstead.
// Each way the line is cut in the middle of the layer, and the copy goes on there.
func TestServerReplicationOfALargeLayer(t *testing.T) {
	ctx := t.Context()
	layer := largeLayerOf(t)
	half := int64(layer) / 2
	plain := harness.StartPlain(t)
	between := newStrait(t, plain.URL)
	measured := func(server *harness.Server, what string, do func()) {
		t.Helper()
		_, before := memory(t, server.PID())
		began := time.Now()
		do()
		took := time.Since(began)
		peak, _ := memory(t, server.PID())
		t.Logf("%s: %d bytes in %s, %.0f MiB/s; %d MiB at the most, %d before", what, layer, took.Round(10*time.Millisecond), float64(layer)/took.Seconds()/(1<<20), peak>>20, before>>20)
		if peak-before > memoryGrowth {
			t.Errorf("%s: the server has grown by %d MiB", what, (peak-before)>>20)
		}
	}

	one := harness.Start(t, nil)
	must(t, one.Admin.CreateProject(ctx, "ships", false))
	var digest string
	measured(one, "pushed", func() {
		var err error
		digest, err = layer.push(ctx, one.Admin, "ships/large")
		must(t, err)
	})

	var cuts atomic.Int64
	cutUpload := func(w http.ResponseWriter, q *http.Request, pass http.Handler) {
		if (q.Method == http.MethodPut || q.Method == http.MethodPatch) && q.ContentLength > half && cuts.CompareAndSwap(0, 1) {
			q.Body = &shortBody{q.Body, int(half)}
		}
		pass.ServeHTTP(w, q)
	}
	between.during.Store(&cutUpload)
	measured(one, "to distribution", func() {
		r := replicating{one.Admin, t}
		far := r.register("docker-registry", between.URL, nil)
		where := r.start(r.policy(map[string]any{"name": "out", "dest_registry": map[string]any{"id": far}}))
		r.ended(where, "Succeed", layer.limit(2))
		on := regexp.MustCompile(`going on with blob ` + digest + ` at byte (\d+) of`).FindStringSubmatch(r.log(where))
		if on == nil {
			t.Fatalf("it does not say where it goes on:\n%s", r.log(where))
		}
		if at, err := strconv.ParseInt(on[1], 10, 64); err != nil || at < half-64<<20 || at > half {
			t.Errorf("it went on at byte %s, cut at %d", on[1], half)
		}
	})
	must(t, layer.arrived(ctx, harness.API{URL: plain.URL}, "ships/large", digest))
	must(t, one.Stop()) // and with it what it keeps in memory

	cuts.Store(0)
	var again atomic.Int64 // where it went on
	cutDownload := func(w http.ResponseWriter, q *http.Request, pass http.Handler) {
		if q.Method == http.MethodGet && strings.HasSuffix(q.URL.Path, "/blobs/"+digest) {
			if from, ok := strings.CutPrefix(q.Header.Get("Range"), "bytes="); ok {
				at, _ := strconv.ParseInt(strings.TrimSuffix(from, "-"), 10, 64)
				again.Store(at)
			}
			if cuts.CompareAndSwap(0, 1) {
				w = &shortWriter{w, half}
			}
		}
		pass.ServeHTTP(w, q)
	}
	between.during.Store(&cutDownload)
	other := harness.Start(t, nil)
	measured(other, "from distribution", func() {
		r := replicating{other.Admin, t}
		far := r.register("docker-registry", between.URL, nil)
		where := r.start(r.policy(map[string]any{"name": "in", "src_registry": map[string]any{"id": far}, "filters": named("ships/**"), "dest_namespace": "back", "dest_namespace_replace_count": 1}))
		r.ended(where, "Succeed", layer.limit(2))
		if at := again.Load(); at < half-64<<20 || at > half {
			t.Errorf("it went on at byte %d, cut at %d:\n%s", at, half, r.log(where))
		}
	})
	measured(other, "pulled", func() { must(t, layer.arrived(ctx, other.Admin, "back/large", digest)) })
}
