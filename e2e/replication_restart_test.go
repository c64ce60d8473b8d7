//go:build e2e

package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const (
	restartedLayer = 64 << 20
	restartedSpeed = 3 << 10 // KiB/s: a process that is asked to leave lets it go on for a few seconds
	// beforeRestart is how much of it has been moved when the process ends, and goneOnWith what is there of that at the least: the rest was on its way.
	beforeRestart = 10 << 20
	goneOnWith    = 2 << 20
)

// TestServerReplicationGoesOnAfterARestart ends the process in the middle of large layers: one to another Roadstead, one to distribution and one that comes here.
// When it is back, each goes on where it was.
func TestServerReplicationGoesOnAfterARestart(t *testing.T) {
	kill := func(_ *testing.T, s *harness.Server) { s.Kill() }
	stop := func(t *testing.T, s *harness.Server) { must(t, s.Stop()) }
	t.Run("killed", func(t *testing.T) { replicationRestarted(t, nil, kill) })
	t.Run("stopped", func(t *testing.T) { replicationRestarted(t, nil, stop) })
	t.Run("killed, with its bytes in S3", func(t *testing.T) { replicationRestarted(t, harness.StartGateway(t).Settings(false), kill) })
}

func replicationRestarted(t *testing.T, settings map[string]string, end func(t *testing.T, s *harness.Server)) {
	t.Parallel() // it mostly waits
	ctx := t.Context()
	one, other, plain := harness.Start(t, settings), harness.Start(t, nil), harness.StartPlain(t)
	must(t, one.Admin.CreateProject(ctx, "ships", false))
	must(t, other.Admin.CreateProject(ctx, "boats", false))
	ship, boat := largeLayer(restartedLayer+1), largeLayer(restartedLayer+2)
	shipDigest, err := ship.push(ctx, one.Admin, "ships/large")
	must(t, err)
	boatDigest, err := boat.push(ctx, other.Admin, "boats/large")
	must(t, err)

	r := replicating{one.Admin, t}
	roadstead := map[string]any{"id": r.register("harbor", other.URL, map[string]string{"type": "basic", "access_key": harness.AdminName, "access_secret": harness.AdminPassword})}
	distribution := map[string]any{"id": r.register("docker-registry", plain.URL, nil)}
	ways := map[string]struct {
		policy     map[string]any
		layer      largeLayer
		digest     string
		at         harness.API
		repository string
	}{
		"to Roadstead":    {map[string]any{"dest_registry": roadstead, "filters": named("ships/**")}, ship, shipDigest, other.Admin, "ships/large"},
		"to distribution": {map[string]any{"dest_registry": distribution, "filters": named("ships/**")}, ship, shipDigest, harness.API{URL: plain.URL}, "ships/large"},
		"from Roadstead":  {map[string]any{"src_registry": roadstead, "filters": named("boats/**")}, boat, boatDigest, one.Admin, "boats/large"},
	}
	runs := map[string]string{}
	for name, way := range ways {
		way.policy["name"], way.policy["speed"] = name, restartedSpeed
		runs[name] = r.start(r.policy(way.policy))
	}
	must(t, harness.Eventually(ctx, 30*time.Second, func() error {
		for name, where := range runs {
			var now replicationState
			if err := r.Get(ctx, where, &now); err != nil {
				return err
			}
			if now.Bytes < beforeRestart {
				return fmt.Errorf("%s has moved %d bytes", name, now.Bytes)
			}
		}
		return nil
	}))
	end(t, one)
	must(t, one.Launch(ctx))
	for name, way := range ways {
		where := runs[name]
		r.ended(where, "Succeed", 2*time.Minute)
		on := regexp.MustCompile(`going on with blob ` + way.digest + ` at byte (\d+) of`).FindStringSubmatch(r.log(where))
		if on == nil {
			t.Fatalf("%s: it has begun anew:\n%s", name, r.log(where))
		}
		at, err := strconv.ParseInt(on[1], 10, 64)
		must(t, err)
		var now replicationState
		must(t, r.Get(ctx, where, &now))
		t.Logf("%s: it went on at byte %d; %d bytes have been moved of %d", name, at, now.Bytes, way.layer)
		if at < goneOnWith || now.Bytes > int64(way.layer)+beforeRestart-goneOnWith {
			t.Errorf("%s: that is too far back:\n%s", name, r.log(where))
		}
		must(t, way.layer.arrived(ctx, way.at, way.repository, way.digest))
	}
}
