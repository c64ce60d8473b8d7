package harness

import (
	"context"
	"net/http"
	"net/url"
)

// The roles that a project gives, by the ids that the API knows them by.
const (
	ProjectAdmin = 1
	Developer    = 2
	Guest        = 3
	Maintainer   = 4
	LimitedGuest = 5
)

// UserPassword is the password of every user that is made here.
const UserPassword = "Passw0rd-e2e"

// CreateProject makes a project.
func (a API) CreateProject(ctx context.Context, name string, public bool) error {
	_, err := a.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/projects", map[string]any{
		"project_name": name, "public": public,
	})
	return err
}

// CreateUser makes a user with UserPassword and returns the API as that user.
func (a API) CreateUser(ctx context.Context, name string) (API, error) {
	_, err := a.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/users", map[string]any{
		"username": name, "email": name + "@example.com", "realname": name, "password": UserPassword,
	})
	return a.As(name, UserPassword), err
}

// AddMember gives a user a role in a project.
func (a API) AddMember(ctx context.Context, project, user string, role int) error {
	_, err := a.Want(ctx, http.StatusCreated, http.MethodPost, "/api/v2.0/projects/"+url.PathEscape(project)+"/members", map[string]any{
		"role_id": role, "member_user": map[string]any{"username": user},
	})
	return err
}

// Entry is a line of the audit log.
type Entry struct {
	Username     string `json:"username"`
	Operation    string `json:"operation"`
	ResourceType string `json:"resource_type"`
	Resource     string `json:"resource"`
	Description  string `json:"operation_description"`
	Result       bool   `json:"operation_result"`
}

// Audit returns the newest hundred entries of the whole log.
func (a API) Audit(ctx context.Context) ([]Entry, error) {
	var entries []Entry
	return entries, a.Get(ctx, "/api/v2.0/auditlog-exts?page_size=100", &entries)
}

// ProjectAudit returns the newest hundred entries of a project.
func (a API) ProjectAudit(ctx context.Context, project string) ([]Entry, error) {
	var entries []Entry
	return entries, a.Get(ctx, "/api/v2.0/projects/"+url.PathEscape(project)+"/auditlog-exts?page_size=100", &entries)
}

// Artifact is what the journeys look at of an artifact.
type Artifact struct {
	Digest string `json:"digest"`
	Type   string `json:"type"`
	Tags   []struct {
		Name string `json:"name"`
	} `json:"tags"`
}

// Artifact returns an artifact by its tag or digest.
func (a API) Artifact(ctx context.Context, project, repository, reference string) (Artifact, error) {
	var artifact Artifact
	return artifact, a.Get(ctx, artifactPath(project, repository, reference), &artifact)
}

// DeleteArtifact deletes an artifact with its tags.
func (a API) DeleteArtifact(ctx context.Context, project, repository, reference string) error {
	_, err := a.Want(ctx, http.StatusOK, http.MethodDelete, artifactPath(project, repository, reference), nil)
	return err
}

// A repository's name is escaped twice, as the contract has it.
func artifactPath(project, repository, reference string) string {
	return "/api/v2.0/projects/" + url.PathEscape(project) + "/repositories/" + url.PathEscape(url.PathEscape(repository)) +
		"/artifacts/" + url.PathEscape(reference)
}
