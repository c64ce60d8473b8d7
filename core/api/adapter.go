package api

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// The two names that the contract has for a project in a path. gin wants one name
// at one position of its tree, so there it is always the first.
const (
	projectParam     = "project_name_or_id"
	projectNameParam = "project_name"
	repositoryParam  = "repository_name"
)

// maxParam bounds a name in a path; the longest that exists is a repository's.
const maxParam = 512

// adapter registers huma's operations with gin.
type adapter struct {
	engine *gin.Engine
	group  *gin.RouterGroup
}

func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.engine.ServeHTTP(w, r) }

func (a adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	a.group.Handle(op.Method, ginPath(op.Path), func(c *gin.Context) {
		handler(humagin.NewContext(op, c))
	})
}

// ginPath writes a path of the contract in gin's way, without the slash that two
// of them end in: guardRequest takes it off every request.
func ginPath(path string) string {
	path = strings.Replace(path, "{"+projectNameParam+"}", "{"+projectParam+"}", 1)
	path = strings.NewReplacer("{", ":", "}", "").Replace(path)
	return strings.TrimSuffix(path, "/")
}

// decodePath replaces the parameters of a path by what they mean. A repository's
// name is escaped twice by Harbor's clients and once by others; both are the same
// name, because no name holds a percent sign.
func (s *server) decodePath(c *gin.Context) {
	for i, p := range c.Params {
		value, err := decodeParam(p.Key, p.Value)
		if err != nil {
			s.abort(c, err)
			return
		}
		c.Params[i].Value = value
		if p.Key == projectParam {
			c.Params = append(c.Params, gin.Param{Key: projectNameParam, Value: value})
		}
	}
	c.Next()
}

func decodeParam(key, raw string) (string, error) {
	value, err := url.PathUnescape(raw)
	if err == nil && (key == repositoryParam || key == projectParam) {
		value, err = url.PathUnescape(value)
	}
	switch {
	case err != nil:
		return "", fault.Invalid(key, "%s in path is not escaped properly: write a percent sign as %%25", key)
	case len(value) > maxParam:
		return "", fault.Invalid(key, "%s in path is longer than %d bytes", key, maxParam)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return "", fault.Invalid(key, "%s in path holds characters that no name has", key)
	}
	return value, nil
}
