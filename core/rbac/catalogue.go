package rbac

type row struct {
	resource Resource
	actions  []Action
}

func flatten(table []row) []Permission {
	var out []Permission
	for _, r := range table {
		for _, a := range r.actions {
			out = append(out, On(r.resource, a))
		}
	}
	return out
}

// SystemCatalogue is what a machine can be given in the whole system, in Harbor's
// order.
func SystemCatalogue() []Permission {
	return flatten([]row{
		{AuditLog, []Action{List}},
		{PreheatInstance, []Action{Read, Create, Delete, List, Update}},
		{Project, []Action{List, Create}},
		{ReplicationPolicy, []Action{Read, Create, Delete, List, Update}},
		{Replication, []Action{Read, Create, List}},
		{ReplicationAdapter, []Action{List}},
		{Registry, []Action{Read, Create, Delete, List, Update}},
		{ScanAll, []Action{Read, Update, Stop, Create}},
		{SystemVolumes, []Action{Read}},
		{GarbageCollection, []Action{Read, Create, List, Update, Stop}},
		{PurgeAudit, []Action{Read, Create, List, Update, Stop}},
		{JobServiceMonitor, []Action{List, Stop}},
		{Scanner, []Action{Read, Create, Delete, List, Update}},
		{Label, []Action{Read, Create, Delete, Update}},
		{SecurityHub, []Action{Read, List}},
		{Catalog, []Action{Read}},
		{Quota, []Action{Read, List, Update}},
		{Robot, []Action{Create, Read, List, Delete}},
		{User, []Action{Create, Read, Update, List, Delete}},
		{LDAPUser, []Action{Create, List}},
		{UserGroup, []Action{Create, Read, Update, List, Delete}},
	})
}

// ProjectCatalogue is what a machine can be given in a project, in Harbor's order.
func ProjectCatalogue() []Permission {
	return flatten([]row{
		{Log, []Action{List}},
		{Project, []Action{Read, Delete, Update}},
		{Metadata, []Action{Read, Create, Delete, List, Update}},
		{Repository, []Action{Read, Update, Delete, List, Pull, Push}},
		{Artifact, []Action{Read, Create, List, Delete}},
		{Scan, []Action{Create, Read, Stop}},
		{SBOM, []Action{Create, Stop, Read}},
		{Tag, []Action{Create, List, Delete}},
		{Accessory, []Action{List}},
		{ArtifactAddition, []Action{Read}},
		{ArtifactLabel, []Action{Create, Delete}},
		{Scanner, []Action{Create, Read}},
		{PreheatPolicy, []Action{Read, Create, Delete, List, Update}},
		{ImmutableTag, []Action{Create, Delete, List, Update}},
		{NotificationPolicy, []Action{Read, Create, Delete, List, Update}},
		{TagRetention, []Action{Read, Create, Delete, List, Update}},
		{Label, []Action{Read, Create, Delete, List, Update}},
		{Quota, []Action{Read}},
		{Robot, []Action{Create, Read, List, Delete}},
		{ExportCVE, []Action{Create, Read}},
		{Member, []Action{Create, Read, Update, List, Delete}},
	})
}
