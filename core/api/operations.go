package api

import "github.com/roadstead-registry/roadstead/core/rbac"

// operations serves every operation that is built: its tag and id in the contract,
// where it is, who may call it, and what answers it.
func (s *server) operations() {
	const (
		projects   = "/projects"
		project    = "/projects/{project_name_or_id}"
		named      = "/projects/{project_name}"
		member     = project + "/members/{mid}"
		metadata   = project + "/metadatas/{meta_name}"
		repository = named + "/repositories/{repository_name}"
		artifacts  = repository + "/artifacts"
		artifact   = artifacts + "/{reference}"
		user       = "/users/{user_id}"
	)

	register(s, plain(op("ping", "getPing", GET, "/ping", open())), s.ping)
	register(s, op("health", "getHealth", GET, "/health", open()), s.health)
	register(s, op("systeminfo", "getSystemInfo", GET, "/systeminfo", public()), s.systemInfo)
	register(s, op("statistic", "getStatistic", GET, "/statistics", login()), s.statistic)
	register(s, op("search", "search", GET, "/search", public()), s.search)
	register(s, op("permissions", "getPermissions", GET, "/permissions", login()), s.getPermissions)

	register(s, op("user", "listUsers", GET, "/users", system(rbac.User, rbac.List)), s.listUsers)
	register(s, creates(op("user", "createUser", POST, "/users", system(rbac.User, rbac.Create))), s.createUser)
	register(s, op("user", "searchUsers", GET, "/users/search", login()), s.searchUsers)
	register(s, op("user", "getCurrentUserInfo", GET, "/users/current", login()), s.getCurrentUser)
	register(s, op("user", "getCurrentUserPermissions", GET, "/users/current/permissions", login()), s.getCurrentPermissions)
	register(s, op("user", "getUser", GET, user, self(rbac.Read)), s.getUser)
	register(s, op("user", "updateUserProfile", PUT, user, self(rbac.Update)), s.updateUserProfile)
	register(s, op("user", "deleteUser", DELETE, user, system(rbac.User, rbac.Delete)), s.deleteUser)
	register(s, op("user", "setUserSysAdmin", PUT, user+"/sysadmin", system(rbac.User, rbac.Update)), s.setUserSysAdmin)
	register(s, op("user", "updateUserPassword", PUT, user+"/password", self(rbac.Update)), s.updateUserPassword)
	register(s, op("user", "setCliSecret", PUT, user+"/cli_secret", self(rbac.Update)), s.setCliSecret)

	register(s, op("project", "listProjects", GET, projects, public()), s.listProjects)
	register(s, op("project", "headProject", HEAD, projects, login()), s.headProject)
	register(s, creates(op("project", "createProject", POST, projects, login())), s.createProject)
	register(s, op("project", "getProject", GET, project, perm(rbac.Project, rbac.Read)), s.getProject)
	register(s, op("project", "updateProject", PUT, project, perm(rbac.Project, rbac.Update)), s.updateProject)
	register(s, op("project", "deleteProject", DELETE, project, perm(rbac.Project, rbac.Delete)), s.deleteProject)
	register(s, op("project", "getProjectDeletable", GET, project+"/_deletable", perm(rbac.Project, rbac.Delete)), s.projectDeletable)
	register(s, op("project", "getProjectSummary", GET, project+"/summary", perm(rbac.Project, rbac.Read)), s.projectSummary)
	register(s, op("project", "listArtifactsOfProject", GET, project+"/artifacts", perm(rbac.Artifact, rbac.List)), s.listProjectArtifacts)
	register(s, op("project", "getLogs", GET, named+"/logs", perm(rbac.Log, rbac.List)), s.projectLogs)
	register(s, op("project", "getLogExts", GET, named+"/auditlog-exts", perm(rbac.Log, rbac.List)), s.projectLogExts)

	register(s, op("projectMetadata", "listProjectMetadatas", GET, project+"/metadatas/", perm(rbac.Metadata, rbac.Read)), s.listMetadata)
	register(s, op("projectMetadata", "addProjectMetadatas", POST, project+"/metadatas/", perm(rbac.Metadata, rbac.Create)), s.addMetadata)
	register(s, op("projectMetadata", "getProjectMetadata", GET, metadata, perm(rbac.Metadata, rbac.Read)), s.getMetadata)
	register(s, op("projectMetadata", "updateProjectMetadata", PUT, metadata, perm(rbac.Metadata, rbac.Update)), s.updateMetadata)
	register(s, op("projectMetadata", "deleteProjectMetadata", DELETE, metadata, perm(rbac.Metadata, rbac.Delete)), s.deleteMetadata)

	register(s, op("member", "listProjectMembers", GET, project+"/members", perm(rbac.Member, rbac.List)), s.listMembers)
	register(s, creates(op("member", "createProjectMember", POST, project+"/members", perm(rbac.Member, rbac.Create))), s.createMember)
	register(s, op("member", "getProjectMember", GET, member, perm(rbac.Member, rbac.Read)), s.getMember)
	register(s, op("member", "updateProjectMember", PUT, member, perm(rbac.Member, rbac.Update)), s.updateMember)
	register(s, op("member", "deleteProjectMember", DELETE, member, perm(rbac.Member, rbac.Delete)), s.deleteMember)

	register(s, op("repository", "listAllRepositories", GET, "/repositories", public()), s.listAllRepositories)
	register(s, op("repository", "listRepositories", GET, named+"/repositories", perm(rbac.Repository, rbac.List)), s.listRepositories)
	register(s, op("repository", "getRepository", GET, repository, perm(rbac.Repository, rbac.Read)), s.getRepository)
	register(s, op("repository", "updateRepository", PUT, repository, perm(rbac.Repository, rbac.Update)), s.updateRepository)
	register(s, op("repository", "deleteRepository", DELETE, repository, perm(rbac.Repository, rbac.Delete)), s.deleteRepository)

	register(s, op("artifact", "listArtifacts", GET, artifacts, perm(rbac.Artifact, rbac.List)), s.listArtifacts)
	register(s, op("artifact", "getArtifact", GET, artifact, perm(rbac.Artifact, rbac.Read)), s.getArtifact)
	register(s, op("artifact", "deleteArtifact", DELETE, artifact, perm(rbac.Artifact, rbac.Delete)), s.deleteArtifact)
	register(s, op("artifact", "listTags", GET, artifact+"/tags", perm(rbac.Tag, rbac.List)), s.listTags)
	register(s, creates(op("artifact", "createTag", POST, artifact+"/tags", perm(rbac.Tag, rbac.Create))), s.createTag)
	register(s, op("artifact", "deleteTag", DELETE, artifact+"/tags/{tag_name}", perm(rbac.Tag, rbac.Delete)), s.deleteTag)
	register(s, op("artifact", "listAccessories", GET, artifact+"/accessories", perm(rbac.Accessory, rbac.List)), s.listAccessories)
	register(s, op("artifact", "getVulnerabilitiesAddition", GET, artifact+"/additions/vulnerabilities", perm(rbac.ArtifactAddition, rbac.Read)), s.getVulnerabilities)
	register(s, op("artifact", "getManifestAddition", GET, artifact+"/additions/manifest", perm(rbac.ArtifactAddition, rbac.Read)), s.getManifest)
	register(s, op("artifact", "getAddition", GET, artifact+"/additions/{addition}", perm(rbac.ArtifactAddition, rbac.Read)), s.getAddition)

	register(s, op("auditlog", "listAuditLogs", GET, "/audit-logs", login()), s.listAuditLogs)
	register(s, op("auditlog", "listAuditLogExts", GET, "/auditlog-exts", login()), s.listAuditLogExts)
	register(s, op("auditlog", "listAuditLogEventTypes", GET, "/auditlog-exts/events", login()), s.auditEventTypes)
}
