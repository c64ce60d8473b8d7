package main

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/roadstead-registry/roadstead/e2e/harness"
	"github.com/roadstead-registry/roadstead/e2e/load"
)

func robotToken(ctx context.Context, l *lab) ([]side, error) {
	robot, err := makeRobot(ctx, l.server.Admin, benchProject)
	return l.tokens(robot), err
}

func personToken(ctx context.Context, l *lab) ([]side, error) {
	const name = "bench-person"
	person, err := l.server.Admin.CreateUser(ctx, name)
	if err != nil {
		return nil, err
	}
	return l.tokens(person), l.server.Admin.AddMember(ctx, benchProject, name, harness.Developer)
}

// tokens asks for a token to pull, again and again. The other registry has no token service.
func (l *lab) tokens(who harness.API) []side {
	head := load.Head("GET", tokenPath(pulling(smallImages)), l.ours.target.Address, basic(who))
	return []side{{name: roadstead, on: l.ours, work: load.Always(http.StatusOK, head)}}
}

func basic(who harness.API) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(who.User+":"+who.Password))
}
