//go:build e2e

package e2e

import (
	"strconv"

	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/project"
	metadata "github.com/goharbor/go-client/pkg/sdk/v2.0/client/project_metadata"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/quota"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/repository"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/user"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/models"
)

func (c goClient) projectID() string {
	c.Helper()
	got, err := c.Project.GetProject(c.ctx, project.NewGetProjectParams().WithXIsResourceName(ptr(true)).WithProjectNameOrID(c.project))
	c.must(err)
	return strconv.FormatInt(int64(got.Payload.ProjectID), 10)
}

func (c goClient) walkProjects() {
	_, err := c.Project.CreateProject(c.ctx, project.NewCreateProjectParams().WithProject(&models.ProjectReq{
		ProjectName: c.project, Public: ptr(false), StorageLimit: ptr(int64(1 << 30)), Metadata: &models.ProjectMetadata{Public: "false", AutoScan: ptr("true")},
	}))
	c.must(err)
	_, err = c.Project.CreateProject(c.ctx, project.NewCreateProjectParams().WithProject(&models.ProjectReq{ProjectName: c.project}))
	c.refused(err, 409)
	_, err = c.Project.HeadProject(c.ctx, project.NewHeadProjectParams().WithProjectName(c.project))
	c.must(err)
	_, err = c.Project.HeadProject(c.ctx, project.NewHeadProjectParams().WithProjectName("nosuch"))
	c.refused(err, 404)
	id := c.projectID()
	_, err = c.Project.UpdateProject(c.ctx, project.NewUpdateProjectParams().WithProjectNameOrID(id).WithProject(&models.ProjectReq{
		Metadata: &models.ProjectMetadata{Public: "true", Severity: ptr("high")},
	}))
	c.must(err)
	got, err := c.Project.GetProject(c.ctx, project.NewGetProjectParams().WithProjectNameOrID(id))
	c.must(err)
	if m := got.Payload.Metadata; m.Public != "true" || m.Severity == nil || *m.Severity != "high" || m.AutoScan == nil || *m.AutoScan != "true" {
		c.Errorf("the project is %+v", m)
	}
	listed, err := c.Project.ListProjects(c.ctx, project.NewListProjectsParams().WithName(ptr(c.project)).WithPublic(ptr(true)))
	c.must(err)
	if listed.XTotalCount != 1 || listed.Payload[0].Name != c.project {
		c.Errorf("the list has %+v", listed.Payload)
	}
	summary, err := c.Project.GetProjectSummary(c.ctx, project.NewGetProjectSummaryParams().WithProjectNameOrID(id))
	c.must(err)
	if summary.Payload.ProjectAdminCount != 1 || summary.Payload.Quota.Hard["storage"] != 1<<30 {
		c.Errorf("the summary is %+v", summary.Payload)
	}
}

func (c goClient) walkMetadata() {
	_, err := c.ProjectMetadata.AddProjectMetadatas(c.ctx, metadata.NewAddProjectMetadatasParams().WithProjectNameOrID(c.project).WithMetadata(map[string]string{"prevent_vul": "true"}))
	c.must(err)
	_, err = c.ProjectMetadata.UpdateProjectMetadata(c.ctx, metadata.NewUpdateProjectMetadataParams().WithProjectNameOrID(c.project).WithMetaName("prevent_vul").
		WithMetadata(map[string]string{"prevent_vul": "false"}))
	c.must(err)
	one, err := c.ProjectMetadata.GetProjectMetadata(c.ctx, metadata.NewGetProjectMetadataParams().WithProjectNameOrID(c.project).WithMetaName("prevent_vul"))
	c.must(err)
	if one.Payload["prevent_vul"] != "false" {
		c.Errorf("the setting is %v", one.Payload)
	}
	_, err = c.ProjectMetadata.DeleteProjectMetadata(c.ctx, metadata.NewDeleteProjectMetadataParams().WithProjectNameOrID(c.project).WithMetaName("prevent_vul"))
	c.must(err)
	all, err := c.ProjectMetadata.ListProjectMetadatas(c.ctx, metadata.NewListProjectMetadatasParams().WithProjectNameOrID(c.project))
	c.must(err)
	if _, there := all.Payload["prevent_vul"]; there || all.Payload["severity"] != "high" {
		c.Errorf("the settings are %v", all.Payload)
	}
}

// The client escapes a name once; Harbor's documentation tells people to escape it once more.
func (c goClient) walkRepositories() {
	c.push(c.project + "/app:v1")
	c.push(c.project + "/team/web:v1")
	for _, name := range []string{"team/web", "team%2Fweb"} {
		_, err := c.Repository.UpdateRepository(c.ctx, repository.NewUpdateRepositoryParams().WithProjectName(c.project).WithRepositoryName(name).
			WithRepository(&models.Repository{Description: "as " + name}))
		c.must(err)
		got, err := c.Repository.GetRepository(c.ctx, repository.NewGetRepositoryParams().WithProjectName(c.project).WithRepositoryName(name))
		c.must(err)
		if got.Payload.Name != c.project+"/team/web" || got.Payload.Description != "as "+name || got.Payload.ArtifactCount != 1 {
			c.Errorf("the repository is %+v", got.Payload)
		}
	}
	listed, err := c.Repository.ListRepositories(c.ctx, repository.NewListRepositoriesParams().WithProjectName(c.project).WithQ(ptr("name=~web")).WithSort(ptr("name")))
	c.must(err)
	if listed.XTotalCount != 1 || len(listed.Payload) != 1 {
		c.Errorf("the list has %+v", listed.Payload)
	}
	all, err := c.Repository.ListAllRepositories(c.ctx, repository.NewListAllRepositoriesParams().WithPageSize(ptr(int64(1))))
	c.must(err)
	if all.XTotalCount != 2 || len(all.Payload) != 1 || all.Link == "" {
		c.Errorf("a page of one has %d of %d, link %q", len(all.Payload), all.XTotalCount, all.Link)
	}
}

func (c goClient) walkQuotas() {
	id := c.projectID()
	listed, err := c.Quota.ListQuotas(c.ctx, quota.NewListQuotasParams().WithReference(ptr("project")).WithReferenceID(ptr(id)))
	c.must(err)
	if len(listed.Payload) != 1 || listed.Payload[0].Hard["storage"] != 1<<30 || listed.Payload[0].Used["storage"] < 2000 {
		c.Fatalf("the quotas are %+v", listed.Payload)
	}
	of := listed.Payload[0].ID
	_, err = c.Quota.UpdateQuota(c.ctx, quota.NewUpdateQuotaParams().WithID(of).WithHard(&models.QuotaUpdateReq{Hard: models.ResourceList{"storage": 1 << 31}}))
	c.must(err)
	got, err := c.Quota.GetQuota(c.ctx, quota.NewGetQuotaParams().WithID(of))
	c.must(err)
	if got.Payload.Hard["storage"] != 1<<31 {
		c.Errorf("the quota is %+v", got.Payload)
	}
	_, err = c.Quota.UpdateQuota(c.ctx, quota.NewUpdateQuotaParams().WithID(of).WithHard(&models.QuotaUpdateReq{Hard: models.ResourceList{"storage": -7}}))
	c.refused(err, 400)
	sorted, err := c.Quota.ListQuotas(c.ctx, quota.NewListQuotasParams().WithSort(ptr("-used.storage")))
	c.must(err)
	if sorted.Payload[0].ID != of {
		c.Errorf("the fullest project is %+v", sorted.Payload[0])
	}
}

func (c goClient) walkDeletion() {
	deletable, err := c.Project.GetProjectDeletable(c.ctx, project.NewGetProjectDeletableParams().WithProjectNameOrID(c.project))
	c.must(err)
	if deletable.Payload.Deletable {
		c.Error("a project with repositories is deletable")
	}
	_, err = c.Project.DeleteProject(c.ctx, project.NewDeleteProjectParams().WithProjectNameOrID(c.project))
	c.refused(err, 412)
	repositories, err := c.Repository.ListRepositories(c.ctx, repository.NewListRepositoriesParams().WithProjectName(c.project).WithPageSize(ptr(int64(100))))
	c.must(err)
	for _, r := range repositories.Payload {
		_, err = c.Repository.DeleteRepository(c.ctx, repository.NewDeleteRepositoryParams().WithProjectName(c.project).WithRepositoryName(r.Name[len(c.project)+1:]))
		c.must(err)
	}
	_, err = c.Project.DeleteProject(c.ctx, project.NewDeleteProjectParams().WithProjectNameOrID(c.project))
	c.must(err)
	people, err := c.User.ListUsers(c.ctx, user.NewListUsersParams().WithQ(ptr("username=carol")))
	c.must(err)
	_, err = c.User.DeleteUser(c.ctx, user.NewDeleteUserParams().WithUserID(people.Payload[0].UserID))
	c.must(err)
}
