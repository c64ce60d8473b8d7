//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// TestDockerAsARobot is a pipeline's day: docker with a robot account instead of a person.
func TestDockerAsARobot(t *testing.T) {
	harness.NeedDocker(t)
	ctx := t.Context()
	server := harness.Start(t, nil)
	furnish(t, server)
	image := server.Address + "/harbour/ci/hello"

	location, robot := createRobot(ctx, t, server.Admin, map[string]any{
		"name": "ci", "level": "project", "duration": 30,
		"permissions": []any{map[string]any{"kind": "project", "namespace": "harbour", "access": []any{
			map[string]string{"resource": "repository", "action": "push"},
		}}},
	})
	if robot.User != "robot$harbour+ci" {
		t.Errorf("the robot is called %s", robot.User)
	}
	pipeline := login(t, server, robot)
	forgetAll(t, server)
	build(t, pipeline, image+":v1")
	push(t, pipeline, image+":v1")

	t.Run("what it pushed it pulls and runs", func(t *testing.T) {
		pipeline := pipeline.In(t)
		forget(pipeline, image+":v1")
		pipeline.Run("docker", "pull", image+":v1")
		runs(t, pipeline, image+":v1")
	})
	t.Run("elsewhere it is refused, and told whom to ask", func(t *testing.T) {
		pipeline := pipeline.In(t)
		build(t, pipeline, server.Address+"/quay/hello:v1")
		pipeline.Refused([]string{"quay/hello", "push", "robot$harbour+ci", "ask who looks after it"}, "docker", "push", server.Address+"/quay/hello:v1")
	})
	t.Run("it deletes nothing", func(t *testing.T) {
		_, err := robot.Want(ctx, http.StatusForbidden, http.MethodDelete, "/api/v2.0/projects/harbour/repositories/ci%252Fhello", nil)
		must(t, err)
	})
	t.Run("a new secret ends the old one at once", func(t *testing.T) {
		_, err := server.Admin.Want(ctx, http.StatusOK, http.MethodPatch, location, map[string]string{"secret": "Str0ngSecret99"})
		must(t, err)
		said, err := harness.NewShell(t).Try(robot.Password, "docker", "login", "--username", robot.User, "--password-stdin", server.Address)
		if err == nil || !strings.Contains(said, "unauthorized") {
			t.Errorf("docker login with the old secret: %v\n%s", err, said)
		}
		login(t, server, robot.As(robot.User, "Str0ngSecret99"))
	})
	t.Run("disabled it is told so", func(t *testing.T) {
		answer, err := server.Admin.Want(ctx, http.StatusOK, http.MethodGet, location, nil)
		must(t, err)
		var state map[string]any
		must(t, json.Unmarshal(answer.Body, &state))
		state["disable"] = true
		_, err = server.Admin.Want(ctx, http.StatusOK, http.MethodPut, location, state)
		must(t, err)
		said, err := harness.NewShell(t).Try("Str0ngSecret99", "docker", "login", "--username", robot.User, "--password-stdin", server.Address)
		if err == nil || !strings.Contains(said, "is disabled") {
			t.Errorf("docker login as a disabled robot: %v\n%s", err, said)
		}
	})
}

// createRobot makes one and returns where it is, and who it is.
func createRobot(ctx context.Context, t *testing.T, admin harness.API, request map[string]any) (location string, robot harness.API) {
	t.Helper()
	answer, err := admin.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/robots", request)
	must(t, err)
	var made struct{ Name, Secret string }
	must(t, json.Unmarshal(answer.Body, &made))
	return answer.Header.Get("Location"), admin.As(made.Name, made.Secret)
}
