package api

import "github.com/roadstead-registry/roadstead/core/rbac"

// plan is an operation of the contract that is not built yet. It answers 501 to
// those who may call it, so that its permission is settled before its code.
type plan struct {
	tag, id, method, path string
	guard                 guard
}

// planned are the operations of the contract that operations.go does not serve.
// Where the project is named by the body, the query or a row and not by the path,
// the permission is settled when the operation is built.
func planned() []plan {
	return []plan{
		{"Ldap", "pingLdap", POST, "/ldap/ping", system(rbac.LDAPUser, rbac.List)},
		{"Ldap", "searchLdapUser", GET, "/ldap/users/search", system(rbac.LDAPUser, rbac.List)},
		{"Ldap", "importLdapUser", POST, "/ldap/users/import", system(rbac.LDAPUser, rbac.Create)},
		{"Ldap", "searchLdapGroup", GET, "/ldap/groups/search", system(rbac.UserGroup, rbac.List)},
		{"oidc", "pingOIDC", POST, "/system/oidc/ping", system(rbac.Configuration, rbac.Update)},
		{"preheat", "ListProviders", GET, "/p2p/preheat/providers", system(rbac.PreheatInstance, rbac.List)},
		{"preheat", "PingInstances", POST, "/p2p/preheat/instances/ping", system(rbac.PreheatInstance, rbac.Read)},
		{"preheat", "ListInstances", GET, "/p2p/preheat/instances", system(rbac.PreheatInstance, rbac.List)},
		{"preheat", "CreateInstance", POST, "/p2p/preheat/instances", system(rbac.PreheatInstance, rbac.Create)},
		{"preheat", "GetInstance", GET, "/p2p/preheat/instances/{preheat_instance_name}", system(rbac.PreheatInstance, rbac.Read)},
		{"preheat", "DeleteInstance", DELETE, "/p2p/preheat/instances/{preheat_instance_name}", system(rbac.PreheatInstance, rbac.Delete)},
		{"preheat", "UpdateInstance", PUT, "/p2p/preheat/instances/{preheat_instance_name}", system(rbac.PreheatInstance, rbac.Update)},
		{"preheat", "CreatePolicy", POST, "/projects/{project_name}/preheat/policies", perm(rbac.PreheatPolicy, rbac.Create)},
		{"preheat", "ListPolicies", GET, "/projects/{project_name}/preheat/policies", perm(rbac.PreheatPolicy, rbac.List)},
		{"preheat", "GetPolicy", GET, "/projects/{project_name}/preheat/policies/{preheat_policy_name}", perm(rbac.PreheatPolicy, rbac.Read)},
		{"preheat", "UpdatePolicy", PUT, "/projects/{project_name}/preheat/policies/{preheat_policy_name}", perm(rbac.PreheatPolicy, rbac.Update)},
		{"preheat", "ManualPreheat", POST, "/projects/{project_name}/preheat/policies/{preheat_policy_name}", perm(rbac.PreheatPolicy, rbac.Update)},
		{"preheat", "DeletePolicy", DELETE, "/projects/{project_name}/preheat/policies/{preheat_policy_name}", perm(rbac.PreheatPolicy, rbac.Delete)},
		{"preheat", "ListExecutions", GET, "/projects/{project_name}/preheat/policies/{preheat_policy_name}/executions", perm(rbac.PreheatPolicy, rbac.Read)},
		{"preheat", "GetExecution", GET, "/projects/{project_name}/preheat/policies/{preheat_policy_name}/executions/{execution_id}", perm(rbac.PreheatPolicy, rbac.Read)},
		{"preheat", "StopExecution", PATCH, "/projects/{project_name}/preheat/policies/{preheat_policy_name}/executions/{execution_id}", perm(rbac.PreheatPolicy, rbac.Update)},
		{"preheat", "ListTasks", GET, "/projects/{project_name}/preheat/policies/{preheat_policy_name}/executions/{execution_id}/tasks", perm(rbac.PreheatPolicy, rbac.Read)},
		{"preheat", "GetPreheatLog", GET, "/projects/{project_name}/preheat/policies/{preheat_policy_name}/executions/{execution_id}/tasks/{task_id}/logs", perm(rbac.PreheatPolicy, rbac.Read)},
		{"preheat", "ListProvidersUnderProject", GET, "/projects/{project_name}/preheat/providers", perm(rbac.PreheatPolicy, rbac.Read)},
		{"project", "getScannerOfProject", GET, "/projects/{project_name_or_id}/scanner", perm(rbac.Scanner, rbac.Read)},
		{"project", "setScannerOfProject", PUT, "/projects/{project_name_or_id}/scanner", perm(rbac.Scanner, rbac.Create)},
		{"project", "listScannerCandidatesOfProject", GET, "/projects/{project_name_or_id}/scanner/candidates", perm(rbac.Scanner, rbac.Create)},
		{"scan", "scanArtifact", POST, "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/scan", perm(rbac.Scan, rbac.Create)},
		{"scan", "stopScanArtifact", POST, "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/scan/stop", perm(rbac.Scan, rbac.Stop)},
		{"scan", "getReportLog", GET, "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/scan/{report_id}/log", perm(rbac.Scan, rbac.Read)},
		{"scan data export", "exportScanData", POST, "/export/cve", login()},
		{"scan data export", "getScanDataExportExecution", GET, "/export/cve/execution/{execution_id}", login()},
		{"scan data export", "getScanDataExportExecutionList", GET, "/export/cve/executions", login()},
		{"scan data export", "downloadScanData", GET, "/export/cve/download/{execution_id}", login()},
		{"scanAll", "getLatestScanAllMetrics", GET, "/scans/all/metrics", system(rbac.ScanAll, rbac.Read)},
		{"scanAll", "getLatestScheduledScanAllMetrics", GET, "/scans/schedule/metrics", system(rbac.ScanAll, rbac.Read)},
		{"scanAll", "getScanAllSchedule", GET, "/system/scanAll/schedule", system(rbac.ScanAll, rbac.Read)},
		{"scanAll", "updateScanAllSchedule", PUT, "/system/scanAll/schedule", system(rbac.ScanAll, rbac.Update)},
		{"scanAll", "createScanAllSchedule", POST, "/system/scanAll/schedule", system(rbac.ScanAll, rbac.Create)},
		{"scanAll", "stopScanAll", POST, "/system/scanAll/stop", system(rbac.ScanAll, rbac.Stop)},
		{"scanner", "listScanners", GET, "/scanners", system(rbac.Scanner, rbac.List)},
		{"scanner", "createScanner", POST, "/scanners", system(rbac.Scanner, rbac.Create)},
		{"scanner", "pingScanner", POST, "/scanners/ping", system(rbac.Scanner, rbac.Read)},
		{"scanner", "getScanner", GET, "/scanners/{registration_id}", system(rbac.Scanner, rbac.Read)},
		{"scanner", "updateScanner", PUT, "/scanners/{registration_id}", system(rbac.Scanner, rbac.Update)},
		{"scanner", "deleteScanner", DELETE, "/scanners/{registration_id}", system(rbac.Scanner, rbac.Delete)},
		{"scanner", "setScannerAsDefault", PATCH, "/scanners/{registration_id}", system(rbac.Scanner, rbac.Update)},
		{"scanner", "getScannerMetadata", GET, "/scanners/{registration_id}/metadata", system(rbac.Scanner, rbac.Read)},
		{"securityhub", "getSecuritySummary", GET, "/security/summary", system(rbac.SecurityHub, rbac.Read)},
		{"securityhub", "ListVulnerabilities", GET, "/security/vul", system(rbac.SecurityHub, rbac.List)},
		{"SystemCVEAllowlist", "getSystemCVEAllowlist", GET, "/system/CVEAllowlist", login()},
		{"SystemCVEAllowlist", "putSystemCVEAllowlist", PUT, "/system/CVEAllowlist", system(rbac.Configuration, rbac.Update)},
		{"usergroup", "listUserGroups", GET, "/usergroups", system(rbac.UserGroup, rbac.List)},
		{"usergroup", "createUserGroup", POST, "/usergroups", system(rbac.UserGroup, rbac.Create)},
		{"usergroup", "searchUserGroups", GET, "/usergroups/search", login()},
		{"usergroup", "getUserGroup", GET, "/usergroups/{group_id}", system(rbac.UserGroup, rbac.Read)},
		{"usergroup", "updateUserGroup", PUT, "/usergroups/{group_id}", system(rbac.UserGroup, rbac.Update)},
		{"usergroup", "deleteUserGroup", DELETE, "/usergroups/{group_id}", system(rbac.UserGroup, rbac.Delete)},
		{"webhook", "ListWebhookPoliciesOfProject", GET, "/projects/{project_name_or_id}/webhook/policies", perm(rbac.NotificationPolicy, rbac.List)},
		{"webhook", "CreateWebhookPolicyOfProject", POST, "/projects/{project_name_or_id}/webhook/policies", perm(rbac.NotificationPolicy, rbac.Create)},
		{"webhook", "GetWebhookPolicyOfProject", GET, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}", perm(rbac.NotificationPolicy, rbac.Read)},
		{"webhook", "UpdateWebhookPolicyOfProject", PUT, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}", perm(rbac.NotificationPolicy, rbac.Update)},
		{"webhook", "DeleteWebhookPolicyOfProject", DELETE, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}", perm(rbac.NotificationPolicy, rbac.Delete)},
		{"webhook", "ListExecutionsOfWebhookPolicy", GET, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}/executions", perm(rbac.NotificationPolicy, rbac.Read)},
		{"webhook", "ListTasksOfWebhookExecution", GET, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}/executions/{execution_id}/tasks", perm(rbac.NotificationPolicy, rbac.Read)},
		{"webhook", "GetLogsOfWebhookTask", GET, "/projects/{project_name_or_id}/webhook/policies/{webhook_policy_id}/executions/{execution_id}/tasks/{task_id}/log", perm(rbac.NotificationPolicy, rbac.Read)},
		{"webhook", "LastTrigger", GET, "/projects/{project_name_or_id}/webhook/lasttrigger", perm(rbac.NotificationPolicy, rbac.List)},
		{"webhook", "GetSupportedEventTypes", GET, "/projects/{project_name_or_id}/webhook/events", perm(rbac.NotificationPolicy, rbac.Read)},
		{"webhookjob", "ListWebhookJobs", GET, "/projects/{project_name_or_id}/webhook/jobs", perm(rbac.NotificationPolicy, rbac.List)},
	}
}
