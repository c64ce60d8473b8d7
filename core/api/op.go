package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Methods, short for operations.go and planned.go.
const (
	GET    = http.MethodGet
	HEAD   = http.MethodHead
	POST   = http.MethodPost
	PUT    = http.MethodPut
	PATCH  = http.MethodPatch
	DELETE = http.MethodDelete
)

type guardKind int

const (
	guardProject guardKind = iota + 1 // the permission, in the project that the path names
	guardSystem                       // the permission, in the whole system
	guardSelf                         // the user that the path names, or the permission in the whole system
	guardScoped                       // the permission, in the project that the thing belongs to, or in the whole system
	guardLogin                        // anybody who is known
	guardPublic                       // anybody
	guardOpen                         // anybody, and nobody is asked who they are: no database is needed
	guardJoin                         // the permission, in the whole system, or nobody known while people may register themselves
	guardNobody                       // nobody at all
)

// guard is who may call an operation.
type guard struct {
	kind       guardKind
	permission rbac.Permission
}

func perm(r rbac.Resource, a rbac.Action) guard   { return guard{guardProject, rbac.On(r, a)} }
func system(r rbac.Resource, a rbac.Action) guard { return guard{guardSystem, rbac.On(r, a)} }
func self(a rbac.Action) guard                    { return guard{guardSelf, rbac.On(rbac.User, a)} }

// scoped is for things of a project or of the system where only the thing itself, or
// the body, says which: the handler has to call inScope.
func scoped(r rbac.Resource, a rbac.Action) guard { return guard{guardScoped, rbac.On(r, a)} }

func login() guard  { return guard{kind: guardLogin} }
func public() guard { return guard{kind: guardPublic} }
func open() guard   { return guard{kind: guardOpen} }
func nobody() guard { return guard{kind: guardNobody} }
func join() guard   { return guard{guardJoin, rbac.On(rbac.User, rbac.Create)} }

// String is the guard as x-permission and the documentation say it.
func (g guard) String() string {
	switch g.kind {
	case guardProject:
		return "project " + g.permission.String()
	case guardSystem:
		return "system " + g.permission.String()
	case guardSelf:
		return "self or system " + g.permission.String()
	case guardScoped:
		return "scoped " + g.permission.String()
	case guardLogin:
		return "authenticated"
	case guardPublic, guardOpen:
		return "public"
	case guardJoin:
		return "system " + g.permission.String() + ", or anybody while self_registration is on"
	case guardNobody:
		return "nobody"
	}
	return ""
}

// Keys of an operation's metadata.
const (
	metaGuard   = "guard"
	metaPlanned = "planned"
	metaAlways  = "always"
	metaPeople  = "people"
)

// op describes an operation: its id in the contract, where it is, and who may
// call it. The tag is the contract's, and part of messages about the body.
func op(tag, id, method, path string, g guard) huma.Operation {
	o := huma.Operation{
		OperationID:        id,
		Method:             method,
		Path:               path,
		Tags:               []string{tag},
		DefaultStatus:      http.StatusOK,
		SkipValidateParams: true, // page.New and the services say it in Harbor's words
		SkipValidateBody:   true,
		Metadata:           map[string]any{metaGuard: g},
		Extensions:         map[string]any{"x-permission": g.String()},
		Responses: map[string]*huma.Response{"default": {
			Description: "Why it was refused",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
		}},
	}
	if g.kind != guardPublic && g.kind != guardOpen {
		o.Security = []map[string][]string{{"basic": {}}, {"session": {}}}
	}
	return o
}

// creates makes an operation answer 201.
func creates(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}

// always makes an operation work while the system is read only.
func always(o huma.Operation) huma.Operation {
	o.Metadata[metaAlways] = true
	return o
}

// people makes an operation refuse machines, whatever they were given: by it they
// could become somebody else.
func people(o huma.Operation) huma.Operation {
	o.Metadata[metaPeople] = true
	return o
}

// plain makes an operation answer with text.
func plain(o huma.Operation) huma.Operation {
	o.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	return o
}

// register serves an operation whose errors problem.go maps.
func register[I, O any](s *server, o huma.Operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// refuse serves an operation of the contract that is not built yet.
func (s *server) refuse(p plan) {
	o := op(p.tag, p.id, p.method, p.path, p.guard)
	o.Metadata[metaPlanned] = true
	o.Extensions["x-planned"] = true
	for segment := range strings.SplitSeq(p.path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			o.Parameters = append(o.Parameters, &huma.Param{
				Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
	}
	register(s, o, func(context.Context, *struct{}) (*struct{}, error) {
		return nil, fault.NotBuilt("%s (%s %s%s) is part of the contract but is not there yet; docs/compatibility.md lists what is",
			p.id, p.method, base, p.path)
	})
}

func config() huma.Config {
	asJSON := huma.Format{Marshal: writeBody, Unmarshal: readJSON}
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Roadstead", Version: "2.0", Description: "The management API, wire-compatible with Harbor's /api/v2.0."},
			Servers: []*huma.Server{{URL: base}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"basic":   {Type: "http", Scheme: "basic"},
					"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
				},
			},
		},
		// The short name is what huma looks for to write its own refusals.
		Formats:       map[string]huma.Format{jsonType: asJSON, "json": asJSON},
		DefaultFormat: jsonType,
		Transformers:  []huma.Transformer{harborErrors},
	}
	c.AllowAdditionalPropertiesByDefault = true
	c.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	return c
}
