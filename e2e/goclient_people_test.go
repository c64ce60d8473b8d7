//go:build e2e

package e2e

import (
	"strings"

	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/health"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/member"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/permissions"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/ping"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/statistic"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/systeminfo"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/user"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/models"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

const changedPassword = "Passw0rd-new"

func (c goClient) walkSystem() {
	pong, err := c.Ping.GetPing(c.ctx, ping.NewGetPingParams())
	c.must(err)
	if pong.Payload != "Pong" {
		c.Errorf("ping answers %q", pong.Payload)
	}
	healthy, err := c.Health.GetHealth(c.ctx, health.NewGetHealthParams())
	c.must(err)
	if healthy.Payload.Status != "healthy" {
		c.Errorf("the server is %s", healthy.Payload.Status)
	}
	about, err := c.Systeminfo.GetSystemInfo(c.ctx, systeminfo.NewGetSystemInfoParams())
	c.must(err)
	if about.Payload.HarborVersion == nil || !strings.HasPrefix(*about.Payload.HarborVersion, "v2.") {
		c.Errorf("clients that look at the version see %v", about.Payload.HarborVersion)
	}
	volumes, err := c.Systeminfo.GetVolumes(c.ctx, systeminfo.NewGetVolumesParams())
	c.must(err)
	if len(volumes.Payload.Storage) == 0 || volumes.Payload.Storage[0].Total == 0 {
		c.Errorf("the volumes are %+v", volumes.Payload.Storage)
	}
	_, err = c.Statistic.GetStatistic(c.ctx, statistic.NewGetStatisticParams())
	c.must(err)
	catalogue, err := c.Permissions.GetPermissions(c.ctx, permissions.NewGetPermissionsParams())
	c.must(err)
	if len(catalogue.Payload.Project) != 70 || len(catalogue.Payload.System) != 70 {
		c.Errorf("robots can be given %d project and %d system permissions", len(catalogue.Payload.Project), len(catalogue.Payload.System))
	}
}

func (c goClient) walkPeople() {
	made, err := c.User.CreateUser(c.ctx, user.NewCreateUserParams().WithUserReq(&models.UserCreationReq{
		Username: "carol", Realname: "Carol", Email: "carol@example.com", Password: harness.UserPassword,
	}))
	c.must(err)
	id := c.created(made.Location)
	_, err = c.User.CreateUser(c.ctx, user.NewCreateUserParams().WithUserReq(&models.UserCreationReq{
		Username: "carol", Realname: "Again", Email: "again@example.com", Password: harness.UserPassword,
	}))
	c.refused(err, 409)

	_, err = c.User.UpdateUserProfile(c.ctx, user.NewUpdateUserProfileParams().WithUserID(id).WithProfile(&models.UserProfile{
		Email: "carol@example.org", Realname: "Carol C.", Comment: "moved",
	}))
	c.must(err)
	got, err := c.User.GetUser(c.ctx, user.NewGetUserParams().WithUserID(id))
	c.must(err)
	if got.Payload.Username != "carol" || got.Payload.Email != "carol@example.org" || got.Payload.Comment != "moved" {
		c.Errorf("the profile is %+v", got.Payload)
	}
	_, err = c.User.SetUserSysAdmin(c.ctx, user.NewSetUserSysAdminParams().WithUserID(id).WithSysadminFlag(&models.UserSysAdminFlag{SysadminFlag: true}))
	c.must(err)
	listed, err := c.User.ListUsers(c.ctx, user.NewListUsersParams().WithQ(ptr("username=~aro")).WithSort(ptr("-creation_time")))
	c.must(err)
	if listed.XTotalCount != 1 || len(listed.Payload) != 1 || !listed.Payload[0].SysadminFlag {
		c.Errorf("the list has %d: %+v", listed.XTotalCount, listed.Payload)
	}
	_, err = c.User.SetUserSysAdmin(c.ctx, user.NewSetUserSysAdminParams().WithUserID(id).WithSysadminFlag(&models.UserSysAdminFlag{}))
	c.must(err)

	carol := speak(c.T, c.server.Admin.As("carol", harness.UserPassword))
	_, err = carol.User.UpdateUserPassword(c.ctx, user.NewUpdateUserPasswordParams().WithUserID(id).WithPassword(&models.PasswordReq{
		OldPassword: harness.UserPassword, NewPassword: changedPassword,
	}))
	c.must(err)
	_, err = carol.User.GetCurrentUserInfo(c.ctx, user.NewGetCurrentUserInfoParams())
	c.refused(err, 401)
	carol = speak(c.T, c.server.Admin.As("carol", changedPassword))
	self, err := carol.User.GetCurrentUserInfo(c.ctx, user.NewGetCurrentUserInfoParams())
	c.must(err)
	if self.Payload.UserID != id {
		c.Errorf("carol is %+v", self.Payload)
	}
	_, err = carol.User.ListUsers(c.ctx, user.NewListUsersParams())
	c.refused(err, 403)
	found, err := carol.User.SearchUsers(c.ctx, user.NewSearchUsersParams().WithUsername("carol"))
	c.must(err)
	if len(found.Payload) != 1 || found.Payload[0].UserID != id {
		c.Errorf("the search finds %+v", found.Payload)
	}
}

func (c goClient) walkMembers() {
	name := ptr(true)
	added, err := c.Member.CreateProjectMember(c.ctx, member.NewCreateProjectMemberParams().WithXIsResourceName(name).WithProjectNameOrID(c.project).WithProjectMember(
		&models.ProjectMember{RoleID: harness.Guest, MemberUser: &models.UserEntity{Username: "carol"}}))
	c.must(err)
	id := c.created(added.Location)
	_, err = c.Member.CreateProjectMember(c.ctx, member.NewCreateProjectMemberParams().WithProjectNameOrID(c.project).WithProjectMember(
		&models.ProjectMember{RoleID: harness.Guest, MemberUser: &models.UserEntity{Username: "carol"}}))
	c.refused(err, 409)
	_, err = c.Member.UpdateProjectMember(c.ctx, member.NewUpdateProjectMemberParams().WithProjectNameOrID(c.project).WithMid(id).WithRole(
		&models.RoleRequest{RoleID: harness.Developer}))
	c.must(err)
	one, err := c.Member.GetProjectMember(c.ctx, member.NewGetProjectMemberParams().WithProjectNameOrID(c.project).WithMid(id))
	c.must(err)
	if one.Payload.RoleID != harness.Developer || one.Payload.EntityName != "carol" || one.Payload.RoleName != "developer" {
		c.Errorf("the member is %+v", one.Payload)
	}
	all, err := c.Member.ListProjectMembers(c.ctx, member.NewListProjectMembersParams().WithProjectNameOrID(c.project).WithEntityname(ptr("caro")))
	c.must(err)
	if len(all.Payload) != 1 {
		c.Errorf("the members are %+v", all.Payload)
	}
	carol := speak(c.T, c.server.Admin.As("carol", changedPassword))
	may, err := carol.User.GetCurrentUserPermissions(c.ctx, user.NewGetCurrentUserPermissionsParams().WithScope(ptr("/project/"+c.projectID())).WithRelative(ptr(true)))
	c.must(err)
	if len(may.Payload) != 36 {
		c.Errorf("a developer has %d permissions", len(may.Payload))
	}
}
