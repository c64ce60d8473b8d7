//go:build e2e

package e2e

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/auditlog"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/configure"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/project"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/repository"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/robot"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/search"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/models"
)

func (c goClient) projectNumber() int64 {
	id, err := strconv.ParseInt(c.projectID(), 10, 64)
	c.must(err)
	return id
}

func (c goClient) walkRobots() {
	allowed := func(actions ...string) []*models.RobotPermission {
		p := &models.RobotPermission{Kind: "project", Namespace: c.project}
		for _, a := range actions {
			p.Access = append(p.Access, &models.Access{Resource: "repository", Action: a})
		}
		return []*models.RobotPermission{p}
	}
	made, err := c.Robot.CreateRobot(c.ctx, robot.NewCreateRobotParams().WithRobot(&models.RobotCreate{
		Name: "ci", Level: "project", Duration: 30, Permissions: allowed("push", "pull", "list"),
	}))
	c.must(err)
	if made.Payload.Name != "robot$"+c.project+"+ci" || len(made.Payload.Secret) < 32 || made.Payload.ExpiresAt == 0 {
		c.Errorf("the robot is %q until %d with a secret of %d characters", made.Payload.Name, made.Payload.ExpiresAt, len(made.Payload.Secret))
	}
	_, err = c.Robot.CreateRobot(c.ctx, robot.NewCreateRobotParams().WithRobot(&models.RobotCreate{Name: "ci", Level: "project", Duration: 30, Permissions: allowed("pull")}))
	c.refused(err, 409)

	machine := c.server.Admin.As(made.Payload.Name, made.Payload.Secret)
	image, err := random.Image(1000, 1)
	c.must(err)
	c.must(machine.Push(c.ctx, c.project+"/built:v1", image))
	c.must(pull(c.ctx, machine, c.project+"/built:v1"))
	c.must(c.server.Admin.CreateProject(c.ctx, "elsewhere", false))
	if err := machine.Push(c.ctx, "elsewhere/built:v1", image); err == nil {
		c.Error("the robot pushed into another project")
	}
	seen, err := speak(c.T, machine).Repository.ListRepositories(c.ctx, repository.NewListRepositoriesParams().WithProjectName(c.project))
	c.must(err)
	if len(seen.Payload) == 0 {
		c.Error("the robot sees no repository")
	}

	id := made.Payload.ID
	rotated, err := c.Robot.RefreshSec(c.ctx, robot.NewRefreshSecParams().WithRobotID(id).WithRobotSec(&models.RobotSec{}))
	c.must(err)
	if err := pull(c.ctx, machine, c.project+"/built:v1"); err == nil {
		c.Error("the old secret still works")
	}
	machine = c.server.Admin.As(made.Payload.Name, rotated.Payload.Secret)
	c.must(pull(c.ctx, machine, c.project+"/built:v1"))

	got, err := c.Robot.GetRobotByID(c.ctx, robot.NewGetRobotByIDParams().WithRobotID(id))
	c.must(err)
	change := got.Payload
	change.Disable, change.Description = true, "off for now"
	_, err = c.Robot.UpdateRobot(c.ctx, robot.NewUpdateRobotParams().WithRobotID(id).WithRobot(change))
	c.must(err)
	if err := pull(c.ctx, machine, c.project+"/built:v1"); err == nil {
		c.Error("a disabled robot pulls")
	}
	listed, err := c.Robot.ListRobot(c.ctx, robot.NewListRobotParams().WithQ(ptr("Level=project,ProjectID="+c.projectID())))
	c.must(err)
	if listed.XTotalCount != 1 || !listed.Payload[0].Disable || listed.Payload[0].Secret != "" {
		c.Errorf("the robots are %+v", listed.Payload)
	}
	_, err = c.Robot.DeleteRobot(c.ctx, robot.NewDeleteRobotParams().WithRobotID(id))
	c.must(err)
	_, err = c.Robot.GetRobotByID(c.ctx, robot.NewGetRobotByIDParams().WithRobotID(id))
	c.refused(err, 404)
	c.walkSystemRobots()
}

func (c goClient) walkSystemRobots() {
	made, err := c.Robot.CreateRobot(c.ctx, robot.NewCreateRobotParams().WithRobot(&models.RobotCreate{
		Name: "operator", Level: "system", Duration: -1, Permissions: []*models.RobotPermission{
			{Kind: "system", Namespace: "/", Access: []*models.Access{{Resource: "project", Action: "create"}, {Resource: "project", Action: "list"}}},
			{Kind: "project", Namespace: "*", Access: []*models.Access{{Resource: "repository", Action: "pull"}, {Resource: "project", Action: "delete"}}},
		},
	}))
	c.must(err)
	operator := c.server.Admin.As(made.Payload.Name, made.Payload.Secret)
	api := speak(c.T, operator)
	_, err = api.Project.CreateProject(c.ctx, project.NewCreateProjectParams().WithProject(&models.ProjectReq{ProjectName: "by-operator", Public: ptr(false)}))
	c.must(err)
	_, err = api.Project.DeleteProject(c.ctx, project.NewDeleteProjectParams().WithProjectNameOrID("by-operator").WithXIsResourceName(ptr(true)))
	c.must(err)
	c.must(pull(c.ctx, operator, c.project+"/app:v1"))
	if _, err := api.Robot.ListRobot(c.ctx, robot.NewListRobotParams()); err == nil {
		c.Error("the robot lists robots without the permission")
	}
	_, err = c.Robot.DeleteRobot(c.ctx, robot.NewDeleteRobotParams().WithRobotID(made.Payload.ID))
	c.must(err)
}

func (c goClient) walkConfiguration() {
	_, err := c.Configure.UpdateConfigurations(c.ctx, configure.NewUpdateConfigurationsParams().WithConfigurations(&models.Configurations{RobotTokenDuration: ptr(int64(60))}))
	c.must(err)
	got, err := c.Configure.GetConfigurations(c.ctx, configure.NewGetConfigurationsParams())
	c.must(err)
	if v := got.Payload.RobotTokenDuration; v == nil || v.Value != 60 || !v.Editable {
		c.Errorf("the setting is %+v", v)
	}
	_, err = c.Configure.UpdateConfigurations(c.ctx, configure.NewUpdateConfigurationsParams().WithConfigurations(&models.Configurations{RobotTokenDuration: ptr(int64(30))}))
	c.must(err)
}

func (c goClient) walkAuditLog() {
	listed, err := c.Auditlog.ListAuditLogExts(c.ctx, auditlog.NewListAuditLogExtsParams().WithQ(ptr("operation=create,resource_type=project,resource="+c.project)))
	c.must(err)
	if listed.XTotalCount != 1 || !listed.Payload[0].OperationResult || listed.Payload[0].Username != c.server.Admin.User {
		c.Errorf("the log has %d: %+v", listed.XTotalCount, listed.Payload)
	}
	of, err := c.Project.GetLogExts(c.ctx, project.NewGetLogExtsParams().WithProjectName(c.project).WithPageSize(ptr(int64(100))))
	c.must(err)
	if !slices.ContainsFunc(of.Payload, func(e *models.AuditLogExt) bool {
		return e.ResourceType == "robot" || strings.Contains(e.Resource, "robot$")
	}) {
		c.Errorf("making a robot is not in the project's log of %d", len(of.Payload))
	}
	events, err := c.Auditlog.ListAuditLogEventTypes(c.ctx, auditlog.NewListAuditLogEventTypesParams())
	c.must(err)
	if len(events.Payload) == 0 {
		c.Error("there are no event types")
	}
}

func (c goClient) walkSearch() {
	found, err := c.Search.Search(c.ctx, search.NewSearchParams().WithQ(c.project))
	c.must(err)
	if len(found.Payload.Project) != 1 || len(found.Payload.Repository) < 2 {
		c.Errorf("the search finds %d projects, %d repositories", len(found.Payload.Project), len(found.Payload.Repository))
	}
}
