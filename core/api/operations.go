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
		label      = "/labels/{label_id}"
		immutable  = project + "/immutabletagrules"
		robot      = "/robots/{robot_id}"
		user       = "/users/{user_id}"
		registry   = "/registries/{id}"
		executions = "/jobservice/executions"
		gc         = "/system/gc"
		storage    = "/system/storage"
		purge      = "/system/purgeaudit"
		policies   = "/replication/policies"
		runs       = "/replication/executions"
		retentions = "/retentions"
		retention  = "/retentions/{id}"
		retained   = retention + "/executions"
		tag        = repository + "/tags/{tag_name}"
		bin        = project + "/recyclebin"
	)

	register(s, plain(op("ping", "getPing", GET, "/ping", open())), s.ping)
	register(s, op("health", "getHealth", GET, "/health", open()), s.health)
	register(s, op("systeminfo", "getSystemInfo", GET, "/systeminfo", public()), s.systemInfo)
	register(s, op("systeminfo", "getVolumes", GET, "/systeminfo/volumes", system(rbac.SystemVolumes, rbac.Read)), s.volumes)
	register(s, op("systeminfo", "getCert", GET, "/systeminfo/getcert", public()), s.caCert)
	register(s, op("configure", "getConfigurations", GET, "/configurations", system(rbac.Configuration, rbac.Read)), s.getConfigurations)
	register(s, always(op("configure", "updateConfigurations", PUT, "/configurations", system(rbac.Configuration, rbac.Update))), s.updateConfigurations)
	register(s, op("configure", "getInternalconfig", GET, "/internalconfig", nobody()), s.internalConfig)
	register(s, op("statistic", "getStatistic", GET, "/statistics", login()), s.statistic)
	register(s, op("search", "search", GET, "/search", public()), s.search)
	register(s, op("search", "searchItems", GET, "/search/items", public()), s.searchItems)
	register(s, op("statistic", "getActivity", GET, "/statistics/activity", login()), s.activity)
	register(s, op("icon", "getIcon", GET, "/icons/{digest}", login()), s.getIcon)
	register(s, op("permissions", "getPermissions", GET, "/permissions", login()), s.getPermissions)

	register(s, op("user", "listUsers", GET, "/users", system(rbac.User, rbac.List)), s.listUsers)
	register(s, creates(op("user", "createUser", POST, "/users", join())), s.createUser)
	register(s, op("user", "searchUsers", GET, "/users/search", login()), s.searchUsers)
	register(s, op("user", "getCurrentUserInfo", GET, "/users/current", login()), s.getCurrentUser)
	register(s, op("user", "getCurrentUserPermissions", GET, "/users/current/permissions", login()), s.getCurrentPermissions)
	register(s, op("user", "listCurrentUserSessions", GET, "/users/current/sessions", login()), s.listSessions)
	register(s, always(op("user", "endOtherSessions", DELETE, "/users/current/sessions", login())), s.endOtherSessions)
	register(s, always(op("user", "endSession", DELETE, "/users/current/sessions/{session_id}", login())), s.endSession)
	register(s, op("user", "getCurrentUserPreferences", GET, "/users/current/preferences", login()), s.getPreferences)
	register(s, op("user", "updateCurrentUserPreferences", PUT, "/users/current/preferences", login()), s.updatePreferences)
	register(s, op("user", "getUser", GET, user, self(rbac.Read)), s.getUser)
	register(s, op("user", "updateUserProfile", PUT, user, self(rbac.Update)), s.updateUserProfile)
	register(s, op("user", "deleteUser", DELETE, user, system(rbac.User, rbac.Delete)), s.deleteUser)
	register(s, people(op("user", "setUserSysAdmin", PUT, user+"/sysadmin", system(rbac.User, rbac.Update))), s.setUserSysAdmin)
	register(s, people(op("user", "updateUserPassword", PUT, user+"/password", self(rbac.Update))), s.updateUserPassword)
	register(s, people(op("user", "setCliSecret", PUT, user+"/cli_secret", self(rbac.Update))), s.setCliSecret)

	register(s, op("project", "listProjects", GET, projects, public()), s.listProjects)
	register(s, op("project", "headProject", HEAD, projects, login()), s.headProject)
	register(s, creates(op("project", "createProject", POST, projects, login())), s.createProject)
	register(s, op("project", "getProject", GET, project, perm(rbac.Project, rbac.Read)), s.getProject)
	register(s, op("project", "updateProject", PUT, project, perm(rbac.Project, rbac.Update)), s.updateProject)
	register(s, op("project", "deleteProject", DELETE, project, perm(rbac.Project, rbac.Delete)), s.deleteProject)
	register(s, op("project", "getProjectDeletable", GET, project+"/_deletable", perm(rbac.Project, rbac.Delete)), s.projectDeletable)
	register(s, op("project", "getProjectSummary", GET, project+"/summary", perm(rbac.Project, rbac.Read)), s.projectSummary)
	register(s, op("project", "listArtifactsOfProject", GET, project+"/artifacts", perm(rbac.Artifact, rbac.List)), s.listProjectArtifacts)
	register(s, op("project", "getProjectActivity", GET, project+"/activity", perm(rbac.Project, rbac.Read)), s.projectActivity)
	register(s, op("project", "getLogs", GET, named+"/logs", perm(rbac.Log, rbac.List)), s.projectLogs)
	register(s, op("project", "getLogExts", GET, named+"/auditlog-exts", perm(rbac.Log, rbac.List)), s.projectLogExts)
	register(s, exports(op("project", "exportLogExts", GET, named+"/auditlog-exts/export", perm(rbac.Log, rbac.List))), s.exportProjectLog)

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
	register(s, creates(op("artifact", "CopyArtifact", POST, artifacts, perm(rbac.Artifact, rbac.Create))), s.copyArtifact)
	register(s, op("artifact", "getArtifact", GET, artifact, perm(rbac.Artifact, rbac.Read)), s.getArtifact)
	register(s, op("artifact", "deleteArtifact", DELETE, artifact, perm(rbac.Artifact, rbac.Delete)), s.deleteArtifact)
	register(s, op("artifact", "listTags", GET, artifact+"/tags", perm(rbac.Tag, rbac.List)), s.listTags)
	register(s, creates(op("artifact", "createTag", POST, artifact+"/tags", perm(rbac.Tag, rbac.Create))), s.createTag)
	register(s, op("artifact", "deleteTag", DELETE, artifact+"/tags/{tag_name}", perm(rbac.Tag, rbac.Delete)), s.deleteTag)
	register(s, op("artifact", "addLabel", POST, artifact+"/labels", perm(rbac.ArtifactLabel, rbac.Create)), s.addLabel)
	register(s, op("artifact", "removeLabel", DELETE, artifact+"/labels/{label_id}", perm(rbac.ArtifactLabel, rbac.Delete)), s.removeLabel)
	register(s, op("artifact", "listAccessories", GET, artifact+"/accessories", perm(rbac.Accessory, rbac.List)), s.listAccessories)
	register(s, op("artifact", "getVulnerabilitiesAddition", GET, artifact+"/additions/vulnerabilities", perm(rbac.ArtifactAddition, rbac.Read)), s.getVulnerabilities)
	register(s, op("artifact", "getManifestAddition", GET, artifact+"/additions/manifest", perm(rbac.ArtifactAddition, rbac.Read)), s.getManifest)
	register(s, op("artifact", "getAddition", GET, artifact+"/additions/{addition}", perm(rbac.ArtifactAddition, rbac.Read)), s.getAddition)

	register(s, op("repository", "listRepositoryHistory", GET, repository+"/history", perm(rbac.Repository, rbac.Read)), s.listRepositoryHistory)
	register(s, op("repository", "planRepositoryRestore", GET, repository+"/restore", perm(rbac.RecycleBin, rbac.Update)), s.planRepositoryRestore)
	register(s, op("repository", "restoreRepository", POST, repository+"/restore", perm(rbac.RecycleBin, rbac.Update)), s.restoreRepository)
	register(s, op("tag", "listTagHistory", GET, tag+"/history", perm(rbac.Repository, rbac.Read)), s.listTagHistory)
	register(s, op("tag", "restoreTag", POST, tag+"/restore", perm(rbac.Tag, rbac.Create)), s.restoreTag)
	register(s, op("tag", "setTagExpiration", PUT, tag+"/expiration", perm(rbac.Tag, rbac.Delete)), s.setTagExpiration)

	register(s, op("recyclebin", "getRecycleBin", GET, bin, perm(rbac.RecycleBin, rbac.List)), s.getRecycleBin)
	register(s, op("recyclebin", "emptyRecycleBin", DELETE, bin, perm(rbac.RecycleBin, rbac.Delete)), s.emptyRecycleBin)
	register(s, op("recyclebin", "listDeletedArtifacts", GET, bin+"/artifacts", perm(rbac.RecycleBin, rbac.List)), s.listDeletedArtifacts)
	register(s, op("recyclebin", "listDeletedRepositories", GET, bin+"/repositories", perm(rbac.RecycleBin, rbac.List)), s.listDeletedRepositories)
	register(s, op("recyclebin", "restoreDeleted", POST, bin+"/restore", perm(rbac.RecycleBin, rbac.Update)), s.restoreDeleted)
	register(s, op("recyclebin", "purgeDeleted", POST, bin+"/purge", perm(rbac.RecycleBin, rbac.Delete)), s.purgeDeleted)
	register(s, op("recyclebin", "listAllDeletedArtifacts", GET, "/recyclebin/artifacts", system(rbac.RecycleBin, rbac.List)), s.listAllDeletedArtifacts)
	register(s, op("recyclebin", "listAllDeletedRepositories", GET, "/recyclebin/repositories", system(rbac.RecycleBin, rbac.List)), s.listAllDeletedRepositories)
	register(s, op("recyclebin", "listDeletedProjects", GET, "/recyclebin/projects", system(rbac.RecycleBin, rbac.List)), s.listDeletedProjects)
	register(s, op("recyclebin", "restoreProject", POST, "/recyclebin/projects/{project_id}/restore", system(rbac.RecycleBin, rbac.Update)), s.restoreProject)

	register(s, op("label", "ListLabels", GET, "/labels", scoped(rbac.Label, rbac.List)), s.listLabels)
	register(s, creates(op("label", "CreateLabel", POST, "/labels", scoped(rbac.Label, rbac.Create))), s.createLabel)
	register(s, op("label", "GetLabelByID", GET, label, scoped(rbac.Label, rbac.Read)), s.getLabel)
	register(s, op("label", "UpdateLabel", PUT, label, scoped(rbac.Label, rbac.Update)), s.updateLabel)
	register(s, op("label", "DeleteLabel", DELETE, label, scoped(rbac.Label, rbac.Delete)), s.deleteLabel)

	register(s, op("immutable", "ListImmuRules", GET, immutable, perm(rbac.ImmutableTag, rbac.List)), s.listImmutableRules)
	register(s, creates(op("immutable", "CreateImmuRule", POST, immutable, perm(rbac.ImmutableTag, rbac.Create))), s.createImmutableRule)
	register(s, op("immutable", "UpdateImmuRule", PUT, immutable+"/{immutable_rule_id}", perm(rbac.ImmutableTag, rbac.Update)), s.updateImmutableRule)
	register(s, op("immutable", "DeleteImmuRule", DELETE, immutable+"/{immutable_rule_id}", perm(rbac.ImmutableTag, rbac.Delete)), s.deleteImmutableRule)

	register(s, op("quota", "listQuotas", GET, "/quotas", system(rbac.Quota, rbac.List)), s.listQuotas)
	register(s, op("quota", "getQuota", GET, "/quotas/{id}", system(rbac.Quota, rbac.Read)), s.getQuota)
	register(s, op("quota", "updateQuota", PUT, "/quotas/{id}", system(rbac.Quota, rbac.Update)), s.updateQuota)

	register(s, op("robot", "ListRobot", GET, "/robots", scoped(rbac.Robot, rbac.List)), s.listRobots)
	register(s, creates(op("robot", "CreateRobot", POST, "/robots", scoped(rbac.Robot, rbac.Create))), s.createRobot)
	register(s, op("robot", "GetRobotByID", GET, robot, scoped(rbac.Robot, rbac.Read)), s.getRobot)
	register(s, op("robot", "UpdateRobot", PUT, robot, scoped(rbac.Robot, rbac.Update)), s.updateRobot)
	register(s, op("robot", "RefreshSec", PATCH, robot, scoped(rbac.Robot, rbac.Update)), s.refreshRobot)
	register(s, op("robot", "DeleteRobot", DELETE, robot, scoped(rbac.Robot, rbac.Delete)), s.deleteRobot)

	register(s, op("registry", "listRegistryProviderTypes", GET, "/replication/adapters", system(rbac.ReplicationAdapter, rbac.List)), s.listRegistryTypes)
	register(s, op("registry", "listRegistryProviderInfos", GET, "/replication/adapterinfos", system(rbac.ReplicationAdapter, rbac.List)), s.listRegistryProviders)
	register(s, op("registry", "listRegistries", GET, "/registries", system(rbac.Registry, rbac.List)), s.listRegistries)
	register(s, creates(op("registry", "createRegistry", POST, "/registries", system(rbac.Registry, rbac.Create))), s.createRegistry)
	register(s, op("registry", "pingRegistry", POST, "/registries/ping", system(rbac.Registry, rbac.Read)), s.pingRegistry)
	register(s, op("registry", "getRegistry", GET, registry, system(rbac.Registry, rbac.Read)), s.getRegistry)
	register(s, op("registry", "updateRegistry", PUT, registry, system(rbac.Registry, rbac.Update)), s.updateRegistry)
	register(s, op("registry", "deleteRegistry", DELETE, registry, system(rbac.Registry, rbac.Delete)), s.deleteRegistry)
	register(s, op("registry", "getRegistryInfo", GET, registry+"/info", system(rbac.Registry, rbac.Read)), s.getRegistryInfo)

	register(s, op("jobservice", "getWorkerPools", GET, "/jobservice/pools", system(rbac.JobServiceMonitor, rbac.List)), s.getWorkerPools)
	register(s, op("jobservice", "getWorkers", GET, "/jobservice/pools/{pool_id}/workers", system(rbac.JobServiceMonitor, rbac.List)), s.getWorkers)
	register(s, always(op("jobservice", "stopRunningJob", PUT, "/jobservice/jobs/{job_id}", system(rbac.JobServiceMonitor, rbac.Stop))), s.stopJob)
	register(s, plain(op("jobservice", "actionGetJobLog", GET, "/jobservice/jobs/{job_id}/log", system(rbac.JobServiceMonitor, rbac.List))), s.jobLog)
	register(s, op("jobservice", "getJobLogLines", GET, "/jobservice/jobs/{job_id}/log/lines", system(rbac.JobServiceMonitor, rbac.List)), s.jobLogLines)
	register(s, op("jobservice", "listJobQueues", GET, "/jobservice/queues", system(rbac.JobServiceMonitor, rbac.List)), s.listJobQueues)
	register(s, always(op("jobservice", "actionPendingJobs", PUT, "/jobservice/queues/{job_type}", system(rbac.JobServiceMonitor, rbac.Stop))), s.actionPendingJobs)
	register(s, op("jobservice", "listUpkeep", GET, "/jobservice/upkeep", system(rbac.JobServiceMonitor, rbac.List)), s.listUpkeep)
	register(s, op("jobservice", "listExecutions", GET, executions, system(rbac.JobServiceMonitor, rbac.List)), s.listExecutions)
	register(s, op("jobservice", "getExecution", GET, executions+"/{execution_id}", system(rbac.JobServiceMonitor, rbac.List)), s.getExecution)
	register(s, op("jobservice", "listExecutionTasks", GET, executions+"/{execution_id}/tasks", system(rbac.JobServiceMonitor, rbac.List)), s.listExecutionTasks)
	register(s, always(op("jobservice", "stopExecution", PUT, executions+"/{execution_id}/stop", system(rbac.JobServiceMonitor, rbac.Stop))), s.stopExecution)
	register(s, op("jobservice", "retryExecution", PUT, executions+"/{execution_id}/retry", system(rbac.JobServiceMonitor, rbac.Stop)), s.retryExecution)
	register(s, op("schedule", "listSchedules", GET, "/schedules", system(rbac.JobServiceMonitor, rbac.List)), s.listSchedules)
	register(s, op("schedule", "getSchedulePaused", GET, "/schedules/{job_type}/paused", login()), s.schedulePaused)
	register(s, creates(op("schedule", "runSchedule", POST, "/schedules/{schedule_id}/run", system(rbac.JobServiceMonitor, rbac.Stop))), s.runSchedule)

	register(s, op("gc", "getGCHistory", GET, gc, system(rbac.GarbageCollection, rbac.List)), s.listCollections)
	register(s, op("gc", "getGC", GET, gc+"/{gc_id}", system(rbac.GarbageCollection, rbac.Read)), s.getCollection)
	register(s, always(op("gc", "stopGC", PUT, gc+"/{gc_id}", system(rbac.GarbageCollection, rbac.Stop))), s.stopCollection)
	register(s, plain(op("gc", "getGCLog", GET, gc+"/{gc_id}/log", system(rbac.GarbageCollection, rbac.Read))), s.collectionLog)
	register(s, op("gc", "getGCSchedule", GET, gc+"/schedule", system(rbac.GarbageCollection, rbac.Read)), s.getCollectionSchedule)
	register(s, creates(op("gc", "createGCSchedule", POST, gc+"/schedule", system(rbac.GarbageCollection, rbac.Create))), s.createCollectionSchedule)
	register(s, op("gc", "updateGCSchedule", PUT, gc+"/schedule", system(rbac.GarbageCollection, rbac.Update)), s.updateCollectionSchedule)
	register(s, op("storage", "getStorageSummary", GET, storage, system(rbac.GarbageCollection, rbac.Read)), s.getStorage)
	register(s, op("storage", "listStorageFindings", GET, storage+"/findings", system(rbac.GarbageCollection, rbac.List)), s.listFindings)
	register(s, op("storage", "listStorageChecks", GET, storage+"/checks", system(rbac.GarbageCollection, rbac.List)), s.listChecks)
	register(s, op("storage", "getStorageCheckSchedule", GET, storage+"/checks/schedule", system(rbac.GarbageCollection, rbac.Read)), s.getCheckSchedule)
	register(s, creates(op("storage", "createStorageCheckSchedule", POST, storage+"/checks/schedule", system(rbac.GarbageCollection, rbac.Create))), s.createCheckSchedule)
	register(s, op("storage", "updateStorageCheckSchedule", PUT, storage+"/checks/schedule", system(rbac.GarbageCollection, rbac.Update)), s.updateCheckSchedule)

	register(s, op("purge", "getPurgeHistory", GET, purge, system(rbac.PurgeAudit, rbac.List)), s.listPurges)
	register(s, op("purge", "getPurgeJob", GET, purge+"/{purge_id}", system(rbac.PurgeAudit, rbac.Read)), s.getPurge)
	register(s, always(op("purge", "stopPurge", PUT, purge+"/{purge_id}", system(rbac.PurgeAudit, rbac.Stop))), s.stopPurge)
	register(s, plain(op("purge", "getPurgeJobLog", GET, purge+"/{purge_id}/log", system(rbac.PurgeAudit, rbac.Read))), s.purgeLog)
	register(s, op("purge", "getPurgeSchedule", GET, purge+"/schedule", system(rbac.PurgeAudit, rbac.Read)), s.getPurgeSchedule)
	register(s, creates(op("purge", "createPurgeSchedule", POST, purge+"/schedule", system(rbac.PurgeAudit, rbac.Create))), s.createPurgeSchedule)
	register(s, op("purge", "updatePurgeSchedule", PUT, purge+"/schedule", system(rbac.PurgeAudit, rbac.Update)), s.updatePurgeSchedule)

	register(s, op("replication", "listReplicationPolicies", GET, policies, system(rbac.ReplicationPolicy, rbac.List)), s.listReplicationPolicies)
	register(s, creates(op("replication", "createReplicationPolicy", POST, policies, system(rbac.ReplicationPolicy, rbac.Create))), s.createReplicationPolicy)
	register(s, op("replication", "previewReplication", POST, policies+"/preview", system(rbac.ReplicationPolicy, rbac.Create)), s.previewReplication)
	register(s, op("replication", "getReplicationPolicy", GET, policies+"/{id}", system(rbac.ReplicationPolicy, rbac.Read)), s.getReplicationPolicy)
	register(s, op("replication", "updateReplicationPolicy", PUT, policies+"/{id}", system(rbac.ReplicationPolicy, rbac.Update)), s.updateReplicationPolicy)
	register(s, op("replication", "deleteReplicationPolicy", DELETE, policies+"/{id}", system(rbac.ReplicationPolicy, rbac.Delete)), s.deleteReplicationPolicy)
	register(s, op("replication", "listReplicationExecutions", GET, runs, system(rbac.Replication, rbac.List)), s.listReplicationExecutions)
	register(s, creates(op("replication", "startReplication", POST, runs, system(rbac.Replication, rbac.Create))), s.startReplication)
	register(s, op("replication", "getReplicationExecution", GET, runs+"/{id}", system(rbac.Replication, rbac.Read)), s.getReplicationExecution)
	register(s, always(op("replication", "stopReplication", PUT, runs+"/{id}", system(rbac.Replication, rbac.Create))), s.stopReplication)
	register(s, op("replication", "retryReplication", PUT, runs+"/{id}/retry", system(rbac.Replication, rbac.Create)), s.retryReplication)
	register(s, plain(op("replication", "getReplicationPlan", GET, runs+"/{id}/plan/log", system(rbac.Replication, rbac.Read))), s.replicationPlan)
	register(s, op("replication", "listReplicationTasks", GET, runs+"/{id}/tasks", system(rbac.Replication, rbac.List)), s.listReplicationTasks)
	register(s, plain(op("replication", "getReplicationLog", GET, runs+"/{id}/tasks/{task_id}/log", system(rbac.Replication, rbac.Read))), s.replicationLog)
	register(s, op("Retention", "getRentenitionMetadata", GET, retentions+"/metadatas", login()), s.retentionMetadata)
	register(s, creates(op("Retention", "createRetention", POST, retentions, scoped(rbac.TagRetention, rbac.Create))), s.createRetention)
	register(s, always(op("Retention", "previewRetention", POST, retentions+"/preview", scoped(rbac.TagRetention, rbac.Read))), s.previewRetention)
	register(s, op("Retention", "getRetention", GET, retention, scoped(rbac.TagRetention, rbac.Read)), s.getRetention)
	register(s, op("Retention", "updateRetention", PUT, retention, scoped(rbac.TagRetention, rbac.Update)), s.updateRetention)
	register(s, op("Retention", "deleteRetention", DELETE, retention, scoped(rbac.TagRetention, rbac.Delete)), s.deleteRetention)
	register(s, op("Retention", "previewSavedRetention", GET, retention+"/preview", scoped(rbac.TagRetention, rbac.Read)), s.previewSavedRetention)
	register(s, creates(op("Retention", "triggerRetentionExecution", POST, retained, scoped(rbac.TagRetention, rbac.Update))), s.triggerRetention)
	register(s, op("Retention", "listRetentionExecutions", GET, retained, scoped(rbac.TagRetention, rbac.List)), s.listRetentionExecutions)
	register(s, always(op("Retention", "operateRetentionExecution", PATCH, retained+"/{eid}", scoped(rbac.TagRetention, rbac.Update))), s.operateRetention)
	register(s, op("Retention", "listRetentionTasks", GET, retained+"/{eid}/tasks", scoped(rbac.TagRetention, rbac.List)), s.listRetentionTasks)
	register(s, plain(op("Retention", "getRetentionTaskLog", GET, retained+"/{eid}/tasks/{tid}", scoped(rbac.TagRetention, rbac.Read))), s.retentionLog)

	register(s, op("auditlog", "listAuditLogs", GET, "/audit-logs", login()), s.listAuditLogs)
	register(s, op("auditlog", "listAuditLogExts", GET, "/auditlog-exts", login()), s.listAuditLogExts)
	register(s, exports(op("auditlog", "exportAuditLogExts", GET, "/auditlog-exts/export", login())), s.exportLog)
	register(s, op("auditlog", "listAuditLogEventTypes", GET, "/auditlog-exts/events", login()), s.auditEventTypes)
}
