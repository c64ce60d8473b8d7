package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Permission is one action on one resource.
type Permission struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
}

func showPermission(p rbac.Permission) Permission {
	return Permission{Action: string(p.Action), Resource: string(p.Resource)}
}

type permissionsOutput struct {
	Body []Permission `nullable:"false"`
}

// PermissionCatalogue is what a robot account can be given.
type PermissionCatalogue struct {
	Project []Permission `json:"project" nullable:"false"`
	System  []Permission `json:"system" nullable:"false"`
}

func (s *server) getPermissions(context.Context, *struct{}) (*struct{ Body PermissionCatalogue }, error) {
	out := &struct{ Body PermissionCatalogue }{}
	out.Body.Project = shown(projectPermissions(), showPermission)
	out.Body.System = shown(systemPermissions(), showPermission)
	return out, nil
}

type actions struct {
	resource rbac.Resource
	actions  []rbac.Action
}

func flatten(table []actions) []rbac.Permission {
	var out []rbac.Permission
	for _, row := range table {
		for _, a := range row.actions {
			out = append(out, rbac.On(row.resource, a))
		}
	}
	return out
}

// systemPermissions is the catalogue of the whole system, in Harbor's order.
func systemPermissions() []rbac.Permission {
	const (
		c, r, u, d, l, stop = rbac.Create, rbac.Read, rbac.Update, rbac.Delete, rbac.List, rbac.Stop
	)
	return flatten([]actions{
		{rbac.AuditLog, []rbac.Action{l}},
		{rbac.PreheatInstance, []rbac.Action{r, c, d, l, u}},
		{rbac.Project, []rbac.Action{l, c}},
		{rbac.ReplicationPolicy, []rbac.Action{r, c, d, l, u}},
		{rbac.Replication, []rbac.Action{r, c, l}},
		{rbac.ReplicationAdapter, []rbac.Action{l}},
		{rbac.Registry, []rbac.Action{r, c, d, l, u}},
		{rbac.ScanAll, []rbac.Action{r, u, stop, c}},
		{rbac.SystemVolumes, []rbac.Action{r}},
		{rbac.GarbageCollection, []rbac.Action{r, c, l, u, stop}},
		{rbac.PurgeAudit, []rbac.Action{r, c, l, u, stop}},
		{rbac.JobServiceMonitor, []rbac.Action{l, stop}},
		{rbac.Scanner, []rbac.Action{r, c, d, l, u}},
		{rbac.Label, []rbac.Action{r, c, d, u}},
		{rbac.SecurityHub, []rbac.Action{r, l}},
		{rbac.Catalog, []rbac.Action{r}},
		{rbac.Quota, []rbac.Action{r, l, u}},
		{rbac.Robot, []rbac.Action{c, r, l, d}},
		{rbac.User, []rbac.Action{c, r, u, l, d}},
		{rbac.LDAPUser, []rbac.Action{c, l}},
		{rbac.UserGroup, []rbac.Action{c, r, u, l, d}},
	})
}

// projectPermissions is the catalogue of a project, in Harbor's order.
func projectPermissions() []rbac.Permission {
	const (
		c, r, u, d, l, stop = rbac.Create, rbac.Read, rbac.Update, rbac.Delete, rbac.List, rbac.Stop
	)
	return flatten([]actions{
		{rbac.Log, []rbac.Action{l}},
		{rbac.Project, []rbac.Action{r, d, u}},
		{rbac.Metadata, []rbac.Action{r, c, d, l, u}},
		{rbac.Repository, []rbac.Action{r, u, d, l, rbac.Pull, rbac.Push}},
		{rbac.Artifact, []rbac.Action{r, c, l, d}},
		{rbac.Scan, []rbac.Action{c, r, stop}},
		{rbac.SBOM, []rbac.Action{c, stop, r}},
		{rbac.Tag, []rbac.Action{c, l, d}},
		{rbac.Accessory, []rbac.Action{l}},
		{rbac.ArtifactAddition, []rbac.Action{r}},
		{rbac.ArtifactLabel, []rbac.Action{c, d}},
		{rbac.Scanner, []rbac.Action{c, r}},
		{rbac.PreheatPolicy, []rbac.Action{r, c, d, l, u}},
		{rbac.ImmutableTag, []rbac.Action{c, d, l, u}},
		{rbac.NotificationPolicy, []rbac.Action{r, c, d, l, u}},
		{rbac.TagRetention, []rbac.Action{r, c, d, l, u}},
		{rbac.Label, []rbac.Action{r, c, d, l, u}},
		{rbac.Quota, []rbac.Action{r}},
		{rbac.Robot, []rbac.Action{c, r, l, d}},
		{rbac.ExportCVE, []rbac.Action{c, r}},
		{rbac.Member, []rbac.Action{c, r, u, l, d}},
	})
}
