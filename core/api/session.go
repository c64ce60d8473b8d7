package api

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

// login is POST /c/login: a form with principal and password, answered with the
// session's cookie and no body.
func (s *server) login(c *gin.Context) {
	r := c.Request
	name, password := r.PostFormValue("principal"), r.PostFormValue("password")
	session, err := s.Auth.Login(r.Context(), name, password, source(r))
	if errors.Is(err, fault.ErrUnauthorized) {
		c.Status(http.StatusUnauthorized)
		return
	}
	if err != nil {
		s.abort(c, err)
		return
	}
	s.setSession(c, session.Cookie, 0)
	c.Status(http.StatusOK)
}

// logout is GET /c/log_out.
func (s *server) logout(c *gin.Context) {
	if cookie := sessionOf(c.Request); cookie != "" {
		if err := s.Auth.Logout(c.Request.Context(), cookie); err != nil && !errors.Is(err, fault.ErrUnauthorized) {
			s.abort(c, err)
			return
		}
		s.setSession(c, "", -1)
	}
	c.Status(http.StatusOK)
}

func (s *server) setSession(c *gin.Context, value string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: sessionCookie, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode,
	})
}

// userExists is POST /c/userExists, for the form that makes an account.
func (s *server) userExists(c *gin.Context) {
	who, _, err := s.identify(c.Request)
	if err != nil {
		s.abort(c, err)
		return
	}
	if !who.SysAdmin {
		now, err := s.Settings.Get(c.Request.Context())
		if err == nil && !now.SelfRegistration {
			c.String(http.StatusPreconditionFailed, "self registration deactivated, only sysadmin can check user existence")
			return
		}
		if err == nil {
			err = s.Auth.AdmitStranger(c.Request.Context(), source(c.Request))
		}
		if err != nil {
			s.abort(c, err)
			return
		}
	}
	target, value := c.Request.PostFormValue("target"), c.Request.PostFormValue("value")
	if target != "username" && target != "email" {
		s.abort(c, fault.Invalid("target", "target must be username or email"))
		return
	}
	found, err := s.Users.List(c.Request.Context(), page.Page{Number: 1, Size: 1, Query: page.Query{
		Terms: []page.Term{{Key: target, Op: page.Equal, Values: []string{value}}},
	}})
	if err != nil {
		s.abort(c, err)
		return
	}
	c.JSON(http.StatusOK, found.Total > 0)
}
