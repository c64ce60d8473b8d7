// Package api is the management HTTP API: Harbor's /api/v2.0 and /c, as Harbor's
// clients know them. It decodes a request, decides whether its caller may make it,
// calls one service and encodes the answer. It must not hold a rule of the domain
// or a line of SQL, and Harbor's shapes must not leave it.
//
// operations.go is every operation that is served, one line each; planned.go is
// every operation of the contract that is not built yet; problem.go is the only
// place where an error becomes a status code.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/roadstead-registry/roadstead/core/addition"
	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/auth"
	"github.com/roadstead-registry/roadstead/core/gc"
	"github.com/roadstead-registry/roadstead/core/immutable"
	"github.com/roadstead-registry/roadstead/core/job"
	"github.com/roadstead-registry/roadstead/core/label"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/quota"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/replication"
	"github.com/roadstead-registry/roadstead/core/retention"
	"github.com/roadstead-registry/roadstead/core/robot"
	"github.com/roadstead-registry/roadstead/core/search"
	"github.com/roadstead-registry/roadstead/core/settings"
	"github.com/roadstead-registry/roadstead/core/stats"
	"github.com/roadstead-registry/roadstead/core/user"
)

// base is where the operations live; Location headers and links start with it.
const base = "/api/v2.0"

// Deps are what the API needs; none is optional.
type Deps struct {
	Users        *user.Service
	Audit        *audit.Service
	Auth         *auth.Service
	Projects     *project.Service
	Artifacts    *artifact.Service
	Labels       *label.Service
	Immutable    *immutable.Service
	Retention    *retention.Service
	Quotas       *quota.Service
	Robots       *robot.Service
	Remote       *remote.Service
	Settings     *settings.Service
	Stats        *stats.Service
	Additions    *addition.Service
	Search       *search.Service
	Jobs         *job.Queue
	Garbage      *gc.Service
	Replications *replication.Service
	Policy       *rbac.Policy

	Health      func(context.Context) HealthReport
	ExternalURL func(*http.Request) *url.URL // where the client sees this server
	Clock       func() time.Time
	Volume      func(context.Context) (Volume, error) // the size of the storage
	Log         *slog.Logger

	Version       string // of this program
	StorageName   string // of the storage driver, as people are told
	CACert        string // file with the certificate that clients need to trust; "" for none
	CSRFKey       []byte // 32 bytes, the same on all replicas
	SecureCookies bool   // the server is reached by https
}

type server struct {
	Deps
	api huma.API
}

// New returns the handler of /api/ and /c/.
func New(d Deps) (http.Handler, error) {
	if len(d.CSRFKey) != 32 {
		return nil, errors.New("api: CSRFKey must have 32 bytes")
	}
	s := &server{Deps: d}
	engine := s.engine()
	s.serve(engine)
	describe := sync.OnceValues(func() ([]byte, error) { return openAPI(s.api) }) // few ask, and a start need not wait for it
	engine.GET(base+"/openapi.json", func(c *gin.Context) {
		spec, err := describe()
		if err != nil {
			s.abort(c, err)
			return
		}
		c.Data(http.StatusOK, "application/json", spec)
	})
	return s.guardRequest(s.protectFromForgery(engine)), nil
}

// engine is gin with its own decoding of paths switched off: a repository's name
// holds slashes that only decodePath may bring back.
func (s *server) engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.UseEscapedPath = true
	e.UnescapePathValues = false
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.HandleMethodNotAllowed = true
	e.ForwardedByClientIP = false
	e.Use(s.decodePath)
	e.NoRoute(s.noRoute)
	e.NoMethod(s.noMethod)
	e.GET("/api/version", apiVersion)
	e.POST("/c/login", s.login)
	e.GET("/c/log_out", s.logout)
	e.POST("/c/userExists", s.userExists)
	return e
}

// serve registers the operations.
func (s *server) serve(engine *gin.Engine) {
	s.api = huma.NewAPI(config(), adapter{engine: engine, group: engine.Group(base)})
	s.api.UseMiddleware(s.authenticate, s.authorize, s.negotiate)
	s.operations()
	for _, p := range planned() {
		s.refuse(p)
	}
	tidySchemas(s.api.OpenAPI().Components.Schemas.Map())
}
