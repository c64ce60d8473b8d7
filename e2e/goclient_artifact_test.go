//go:build e2e

package e2e

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/random"

	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/artifact"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/icon"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/immutable"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/client/label"
	"github.com/goharbor/go-client/pkg/sdk/v2.0/models"
)

func (c goClient) walkArtifacts() {
	index, err := random.Index(1000, 1, 3)
	c.must(err)
	c.must(c.server.Admin.PushIndex(c.ctx, c.project+"/app:multi", index))
	listed, err := c.Artifact.ListArtifacts(c.ctx, artifact.NewListArtifactsParams().WithProjectName(c.project).WithRepositoryName("app").
		WithWithTag(ptr(true)).WithWithLabel(ptr(true)).WithWithAccessory(ptr(true)).WithWithImmutableStatus(ptr(true)))
	c.must(err)
	if listed.XTotalCount != 2 || len(listed.Payload) != 2 || len(listed.Payload[0].References) != 3 {
		c.Errorf("the list has %d: %+v", listed.XTotalCount, listed.Payload)
	}
	one, err := c.Artifact.GetArtifact(c.ctx, artifact.NewGetArtifactParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1"))
	c.must(err)
	if one.Payload.Type != "IMAGE" || len(one.Payload.Tags) != 1 || one.Payload.Tags[0].Name != "v1" {
		c.Errorf("the artifact is %+v", one.Payload)
	}
	if _, err = c.Icon.GetIcon(c.ctx, icon.NewGetIconParams().WithDigest(one.Payload.Icon)); err != nil {
		c.Error(err)
	}
	// An addition is a list or a text, and the client has room for a JSON string only: from Harbor too it brings no more than the status.
	_, err = c.Artifact.GetAddition(c.ctx, artifact.NewGetAdditionParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithAddition("build_history"))
	if wrongType := new(json.UnmarshalTypeError); !errors.As(err, &wrongType) {
		c.Errorf("the history is answered with %v", err)
	}
	_, err = c.Artifact.GetAddition(c.ctx, artifact.NewGetAdditionParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithAddition("values.yaml"))
	c.refused(err, 400)
	accessories, err := c.Artifact.ListAccessories(c.ctx, artifact.NewListAccessoriesParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1"))
	c.must(err)
	if len(accessories.Payload) != 0 {
		c.Errorf("the accessories are %+v", accessories.Payload)
	}
	_, err = c.Artifact.DeleteArtifact(c.ctx, artifact.NewDeleteArtifactParams().WithProjectName(c.project).WithRepositoryName("app").WithReference(listed.Payload[0].References[0].ChildDigest))
	if err == nil || !strings.Contains(err.Error(), "412") {
		c.Errorf("what an index consists of is deleted: %v", err)
	}
}

func (c goClient) walkTags() {
	_, err := c.Artifact.CreateTag(c.ctx, artifact.NewCreateTagParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithTag(&models.Tag{Name: "stable"}))
	c.must(err)
	_, err = c.Artifact.CreateTag(c.ctx, artifact.NewCreateTagParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithTag(&models.Tag{Name: "stable"}))
	c.refused(err, 409)
	tags, err := c.Artifact.ListTags(c.ctx, artifact.NewListTagsParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithSort(ptr("name")).
		WithWithImmutableStatus(ptr(true)))
	c.must(err)
	if tags.XTotalCount != 2 || tags.Payload[0].Name != "stable" || tags.Payload[0].Immutable {
		c.Errorf("the tags are %+v", tags.Payload)
	}
	_, err = c.Artifact.DeleteTag(c.ctx, artifact.NewDeleteTagParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithTagName("stable"))
	c.must(err)
}

func (c goClient) walkCopies() {
	copied, err := c.Artifact.CopyArtifact(c.ctx, artifact.NewCopyArtifactParams().WithProjectName(c.project).WithRepositoryName("copied").WithFrom(c.project+"/app:multi"))
	c.must(err)
	if copied.Location == "" {
		c.Error("the copy has no location")
	}
	there, err := c.Artifact.GetArtifact(c.ctx, artifact.NewGetArtifactParams().WithProjectName(c.project).WithRepositoryName("copied").WithReference("multi"))
	c.must(err)
	if len(there.Payload.References) != 3 {
		c.Errorf("the copy is %+v", there.Payload)
	}
	c.must(pull(c.ctx, c.server.Admin, c.project+"/copied@"+there.Payload.References[0].ChildDigest))
	_, err = c.Artifact.CopyArtifact(c.ctx, artifact.NewCopyArtifactParams().WithProjectName(c.project).WithRepositoryName("copied").WithFrom(c.project+"/app:nosuch"))
	if err == nil {
		c.Error("what is not there was copied")
	}
}

func (c goClient) walkLabels() {
	project := c.projectNumber()
	made, err := c.Label.CreateLabel(c.ctx, label.NewCreateLabelParams().WithLabel(&models.Label{Name: "released", Color: "#1D8CFF", Scope: "p", ProjectID: project, Description: "d"}))
	c.must(err)
	id := c.created(made.Location)
	_, err = c.Label.CreateLabel(c.ctx, label.NewCreateLabelParams().WithLabel(&models.Label{Name: "released", Scope: "p", ProjectID: project}))
	c.refused(err, 409)
	global, err := c.Label.CreateLabel(c.ctx, label.NewCreateLabelParams().WithLabel(&models.Label{Name: "everywhere", Scope: "g"}))
	c.must(err)
	_, err = c.Label.UpdateLabel(c.ctx, label.NewUpdateLabelParams().WithLabelID(id).WithLabel(&models.Label{Name: "shipped", Color: "#00AA00"}))
	c.must(err)
	got, err := c.Label.GetLabelByID(c.ctx, label.NewGetLabelByIDParams().WithLabelID(id))
	c.must(err)
	if got.Payload.Name != "shipped" || got.Payload.Scope != "p" || got.Payload.ProjectID != project {
		c.Errorf("the label is %+v", got.Payload)
	}
	listed, err := c.Label.ListLabels(c.ctx, label.NewListLabelsParams().WithScope(ptr("p")).WithProjectID(ptr(project)))
	c.must(err)
	if listed.XTotalCount != 1 {
		c.Errorf("the labels are %+v", listed.Payload)
	}
	_, err = c.Artifact.AddLabel(c.ctx, artifact.NewAddLabelParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithLabel(&models.Label{ID: id}))
	c.must(err)
	marked, err := c.Artifact.ListArtifacts(c.ctx, artifact.NewListArtifactsParams().WithProjectName(c.project).WithRepositoryName("app").WithWithLabel(ptr(true)).WithQ(ptr("tags=v1")))
	c.must(err)
	if len(marked.Payload) != 1 || len(marked.Payload[0].Labels) != 1 || marked.Payload[0].Labels[0].Name != "shipped" {
		c.Errorf("the artifact is %+v", marked.Payload)
	}
	_, err = c.Artifact.RemoveLabel(c.ctx, artifact.NewRemoveLabelParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithLabelID(id))
	c.must(err)
	for _, doomed := range []int64{id, c.created(global.Location)} {
		_, err = c.Label.DeleteLabel(c.ctx, label.NewDeleteLabelParams().WithLabelID(doomed))
		c.must(err)
	}
	_, err = c.Label.GetLabelByID(c.ctx, label.NewGetLabelByIDParams().WithLabelID(id))
	c.refused(err, 404)
}

func (c goClient) walkImmutability() {
	rule := func() *models.ImmutableRule {
		return &models.ImmutableRule{
			Action: "immutable", Template: "immutable_template",
			ScopeSelectors: map[string][]models.ImmutableSelector{"repository": {{Kind: "doublestar", Decoration: "repoMatches", Pattern: "**"}}},
			TagSelectors:   []*models.ImmutableSelector{{Kind: "doublestar", Decoration: "matches", Pattern: "v*"}},
		}
	}
	made, err := c.Immutable.CreateImmuRule(c.ctx, immutable.NewCreateImmuRuleParams().WithProjectNameOrID(c.project).WithImmutableRule(rule()))
	c.must(err)
	id := c.created(made.Location)
	_, err = c.Artifact.DeleteTag(c.ctx, artifact.NewDeleteTagParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithTagName("v1"))
	if err == nil || !strings.Contains(err.Error(), "412") {
		c.Errorf("an immutable tag was deleted: %v", err)
	}
	image, err := random.Image(1000, 1)
	c.must(err)
	if err := c.server.Admin.Push(c.ctx, c.project+"/app:v1", image); err == nil || !strings.Contains(err.Error(), "immutable") {
		c.Errorf("an immutable tag was moved: %v", err)
	}
	tags, err := c.Artifact.ListTags(c.ctx, artifact.NewListTagsParams().WithProjectName(c.project).WithRepositoryName("app").WithReference("v1").WithWithImmutableStatus(ptr(true)))
	c.must(err)
	if len(tags.Payload) != 1 || !tags.Payload[0].Immutable {
		c.Errorf("the tags are %+v", tags.Payload)
	}
	off := rule()
	off.ID, off.Disabled = id, true
	_, err = c.Immutable.UpdateImmuRule(c.ctx, immutable.NewUpdateImmuRuleParams().WithProjectNameOrID(c.project).WithImmutableRuleID(id).WithImmutableRule(off))
	c.must(err)
	listed, err := c.Immutable.ListImmuRules(c.ctx, immutable.NewListImmuRulesParams().WithProjectNameOrID(c.project))
	c.must(err)
	if len(listed.Payload) != 1 || !listed.Payload[0].Disabled || listed.Payload[0].TagSelectors[0].Pattern != "v*" {
		c.Errorf("the rules are %+v", listed.Payload)
	}
	c.must(c.server.Admin.Push(c.ctx, c.project+"/app:v1", image))
	_, err = c.Immutable.DeleteImmuRule(c.ctx, immutable.NewDeleteImmuRuleParams().WithProjectNameOrID(c.project).WithImmutableRuleID(id))
	c.must(err)
	_, err = c.Immutable.DeleteImmuRule(c.ctx, immutable.NewDeleteImmuRuleParams().WithProjectNameOrID(c.project).WithImmutableRuleID(id))
	c.refused(err, 404)
}
