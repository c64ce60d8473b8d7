// Package rbac is who may do what, as data: the resources and actions of the
// product, the five built-in roles with their permissions, and the decision. It
// has no database and no HTTP: who holds which role is core/project's, which
// operation needs which permission is core/api's.
package rbac

// Action is what is done to a resource.
type Action string

// The actions; the names are Harbor's, clients see them.
const (
	Create  Action = "create"
	Read    Action = "read"
	Update  Action = "update"
	Delete  Action = "delete"
	List    Action = "list"
	Operate Action = "operate"
	Push    Action = "push"
	Pull    Action = "pull"
	Stop    Action = "stop"
)

// Resource is a kind of thing that permissions are about.
type Resource string

// Resources inside a project. Project stands for the project itself; Harbor
// writes it "." relative to a project.
const (
	Project            Resource = "project"
	Member             Resource = "member"
	Metadata           Resource = "metadata"
	Log                Resource = "log"
	Label              Resource = "label"
	Quota              Resource = "quota"
	Repository         Resource = "repository"
	TagRetention       Resource = "tag-retention"
	ImmutableTag       Resource = "immutable-tag"
	Configuration      Resource = "configuration"
	Robot              Resource = "robot"
	NotificationPolicy Resource = "notification-policy"
	Scan               Resource = "scan"
	SBOM               Resource = "sbom"
	Scanner            Resource = "scanner"
	Artifact           Resource = "artifact"
	ArtifactAddition   Resource = "artifact-addition"
	Tag                Resource = "tag"
	Accessory          Resource = "accessory"
	ArtifactLabel      Resource = "artifact-label"
	PreheatPolicy      Resource = "preheat-policy"
	ExportCVE          Resource = "export-cve"
	RecycleBin         Resource = "recycle-bin" // our own: what was deleted and can be restored
)

// Resources of the whole system.
const (
	AuditLog           Resource = "audit-log"
	PreheatInstance    Resource = "preheat-instance"
	ReplicationPolicy  Resource = "replication-policy"
	Replication        Resource = "replication"
	ReplicationAdapter Resource = "replication-adapter"
	Registry           Resource = "registry"
	ScanAll            Resource = "scan-all"
	SystemVolumes      Resource = "system-volumes"
	GarbageCollection  Resource = "garbage-collection"
	PurgeAudit         Resource = "purge-audit"
	JobServiceMonitor  Resource = "jobservice-monitor"
	SecurityHub        Resource = "security-hub"
	Catalog            Resource = "catalog"
	User               Resource = "user"
	LDAPUser           Resource = "ldap-user"
	UserGroup          Resource = "user-group"
)

// Permission is one action on one resource.
type Permission struct {
	Resource Resource
	Action   Action
}

// On is shorthand for a Permission.
func On(resource Resource, action Action) Permission {
	return Permission{Resource: resource, Action: action}
}

func (p Permission) String() string { return string(p.Resource) + ":" + string(p.Action) }
