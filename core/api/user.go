package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/user"
)

// User is an account.
type User struct {
	AdminRoleInAuth bool   `json:"admin_role_in_auth" doc:"Administrator because the identity provider says so"`
	Comment         string `json:"comment,omitempty"`
	CreationTime    Time   `json:"creation_time"`
	Email           string `json:"email,omitempty"`
	Realname        string `json:"realname,omitempty"`
	SysAdminFlag    bool   `json:"sysadmin_flag"`
	UpdateTime      Time   `json:"update_time"`
	UserID          int64  `json:"user_id"`
	Username        string `json:"username"`
}

func showUser(u user.User) User {
	return User{
		Comment: u.Comment, CreationTime: Time(u.CreatedAt), Email: u.Email, Realname: u.Realname,
		SysAdminFlag: u.SysAdmin, UpdateTime: Time(u.UpdatedAt), UserID: u.ID, Username: u.Name,
	}
}

// FoundUser is an account in the answer of a search, which anybody may make.
type FoundUser struct {
	UserID   int64  `json:"user_id"`
	Username string `json:"username"`
}

type UserPath struct {
	UserID int64 `path:"user_id"`
}

type userOutput struct {
	ETag string `header:"ETag"`
	Body User
}

func userAnswer(u user.User) *userOutput {
	return &userOutput{ETag: etag(u.UpdatedAt), Body: showUser(u)}
}

func (s *server) listUsers(ctx context.Context, in *struct{ Paged }) (*list[User], error) {
	users, err := s.Users.List(ctx, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, users, showUser), nil
}

func (s *server) searchUsers(ctx context.Context, in *struct {
	Paged
	Username string `query:"username" required:"true" doc:"The beginning of the name"`
}) (*list[FoundUser], error) {
	if in.Username == "" {
		return nil, fault.Unprocessable("username in query is required")
	}
	users, err := s.Users.Search(ctx, in.Username, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, users, func(u user.User) FoundUser { return FoundUser{UserID: u.ID, Username: u.Name} }), nil
}

type newUser struct {
	Username string `json:"username" maxLength:"255"`
	Email    string `json:"email" maxLength:"255"`
	Realname string `json:"realname" maxLength:"255"`
	Password string `json:"password" minLength:"8" maxLength:"128"`
	Comment  string `json:"comment,omitempty"`
}

// createUser is for system administrators and, where that is switched on, for people
// who make an account for themselves.
func (s *server) createUser(ctx context.Context, in *struct {
	Requested
	Body newUser
}) (*created, error) {
	b, who := in.Body, subject(ctx)
	n := user.New{Name: b.Username, Email: b.Email, Realname: b.Realname, Comment: b.Comment, Password: b.Password}
	var u user.User
	var err error
	if who.Known() {
		u, err = s.Users.Create(ctx, who, n)
	} else {
		u, err = s.Auth.Join(ctx, n, source(in.request))
	}
	if err != nil {
		return nil, err
	}
	return located("users", u.ID), nil
}

func (s *server) getUser(ctx context.Context, in *UserPath) (*userOutput, error) {
	u, err := s.Users.Get(ctx, in.UserID)
	if err != nil {
		return nil, err
	}
	return userAnswer(u), nil
}

type userProfile struct {
	Email    string `json:"email"`
	Realname string `json:"realname"`
	Comment  string `json:"comment"`
}

func (s *server) updateUserProfile(ctx context.Context, in *struct {
	UserPath
	Edition
	Body userProfile
}) (*done, error) {
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	profile := user.Profile{Email: in.Body.Email, Realname: in.Body.Realname, Comment: in.Body.Comment}
	return &done{}, s.Users.UpdateProfile(ctx, subject(ctx), in.UserID, profile, since)
}

func (s *server) deleteUser(ctx context.Context, in *UserPath) (*done, error) {
	return &done{}, s.Users.Delete(ctx, subject(ctx), in.UserID)
}

type sysAdminFlag struct {
	SysAdminFlag bool `json:"sysadmin_flag"`
}

func (s *server) setUserSysAdmin(ctx context.Context, in *struct {
	UserPath
	Body sysAdminFlag
}) (*done, error) {
	return &done{}, s.Users.SetSysAdmin(ctx, subject(ctx), in.UserID, in.Body.SysAdminFlag)
}

type newPassword struct {
	OldPassword *string `json:"old_password,omitempty" doc:"Needed to change one's own"`
	NewPassword string  `json:"new_password"`
}

func (s *server) updateUserPassword(ctx context.Context, in *struct {
	UserPath
	Body newPassword
}) (*done, error) {
	var keep [][]byte // the session in which a person changes their own password goes on
	if key := sessionKeyOf(ctx); key != nil {
		keep = append(keep, key)
	}
	return &done{}, s.Users.SetPassword(ctx, subject(ctx), in.UserID, in.Body.OldPassword, in.Body.NewPassword, keep...)
}

type cliSecret struct {
	Secret string `json:"secret"`
}

func (s *server) setCliSecret(ctx context.Context, in *struct {
	UserPath
	Body cliSecret
}) (*done, error) {
	if _, err := s.Users.Get(ctx, in.UserID); err != nil {
		return nil, err
	}
	return nil, fault.Precondition("unable to update CLI secret under authmode: db_auth")
}
