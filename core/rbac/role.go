package rbac

// Role is a built-in role. The numbers are Harbor's role ids and rows of the
// table role; custom roles get numbers above 100.
type Role int64

// The five built-in roles.
const (
	ProjectAdmin Role = 1
	Developer    Role = 2
	Guest        Role = 3
	Maintainer   Role = 4
	LimitedGuest Role = 5
)

// Roles lists the built-in roles from the strongest to the weakest.
func Roles() []Role {
	return []Role{ProjectAdmin, Maintainer, Developer, Guest, LimitedGuest}
}

// Valid says whether r is one of the built-in roles.
func (r Role) Valid() bool { return r >= ProjectAdmin && r <= LimitedGuest }

// String is the role's name as Harbor's API writes it.
func (r Role) String() string {
	switch r {
	case ProjectAdmin:
		return "projectAdmin"
	case Developer:
		return "developer"
	case Guest:
		return "guest"
	case Maintainer:
		return "maintainer"
	case LimitedGuest:
		return "limitedGuest"
	}
	return "unknown"
}

// holders is a set of roles, plus everybody on a public project.
type holders uint8

const (
	admin holders = 1 << iota
	maint
	dev
	guest
	limited
	public

	admins     = admin
	maintainer = admin | maint
	developer  = maintainer | dev
	guests     = developer | guest
	members    = guests | limited
	everybody  = members | public
)

func (r Role) bit() holders {
	switch r {
	case ProjectAdmin:
		return admin
	case Maintainer:
		return maint
	case Developer:
		return dev
	case Guest:
		return guest
	case LimitedGuest:
		return limited
	}
	return 0
}

type rule struct {
	Permission
	holders holders
}

// projectRules is the whole permission table of a project. The order is the one
// in which a client is told its permissions.
func projectRules() []rule {
	var out []rule
	add := func(h holders, resource Resource, actions ...Action) {
		for _, a := range actions {
			out = append(out, rule{On(resource, a), h})
		}
	}
	add(everybody, Project, Read)
	add(admins, Project, Update, Delete)
	add(guests, Member, Read, List)
	add(admins, Member, Create, Update, Delete)
	add(maintainer, Metadata, Read)
	add(admins, Metadata, Create, Update, Delete)
	add(admins, Log, List)
	add(members, Quota, Read)
	add(maintainer, Label, Create, Update, Delete)
	add(guests|public, Label, Read, List)
	add(developer, Repository, Create, Update, Push)
	add(maintainer, Repository, Delete)
	add(members, Repository, Read)
	add(everybody, Repository, List, Pull)
	add(developer, TagRetention, Create, Read, Update, Delete, List, Operate)
	add(everybody, Accessory, List)
	add(maintainer, ImmutableTag, Create, Update, Delete, List)
	add(members, Configuration, Read)
	add(admins, Configuration, Update)
	add(guests, Robot, Read, List)
	add(admins, Robot, Create, Update, Delete)
	add(maintainer, NotificationPolicy, Read, List)
	add(admins, NotificationPolicy, Create, Update, Delete)
	add(everybody, Scan, Read)
	add(maintainer, Scan, Create, Stop)
	add(members, SBOM, Read)
	add(maintainer, SBOM, Create, Stop)
	add(everybody, Scanner, Read)
	add(admins, Scanner, Create)
	add(everybody, Artifact, Read, List)
	add(developer, Artifact, Create)
	add(maintainer, Artifact, Delete)
	add(everybody, ArtifactAddition, Read)
	add(everybody, Tag, List)
	add(developer, Tag, Create)
	add(maintainer, Tag, Delete)
	add(developer, ArtifactLabel, Create, Delete)
	add(admins, PreheatPolicy, Create, Read, Update, Delete, List)
	add(developer, ExportCVE, Create, Read, List)
	add(maintainer, RecycleBin, List, Update) // update is to restore
	add(admins, RecycleBin, Delete)           // for ever
	return out
}
