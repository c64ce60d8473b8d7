package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/rbac"
)

// Project is a project as the caller sees it.
type Project struct {
	CreationTime       Time              `json:"creation_time"`
	CurrentUserRoleID  int64             `json:"current_user_role_id,omitempty" doc:"The strongest role of the caller"`
	CurrentUserRoleIDs []int64           `json:"current_user_role_ids"`
	CVEAllowlist       CVEAllowlist      `json:"cve_allowlist"`
	Metadata           map[string]string `json:"metadata"`
	Name               string            `json:"name"`
	OwnerID            int64             `json:"owner_id"`
	OwnerName          string            `json:"owner_name,omitempty"`
	ProjectID          int64             `json:"project_id"`
	RepoCount          int64             `json:"repo_count"`
	UpdateTime         Time              `json:"update_time"`

	LastPushTime *Time  `json:"last_push_time,omitempty" doc:"Of what the lists show; missing when nothing was pushed"`
	StorageLimit *int64 `json:"storage_limit,omitempty" doc:"Bytes, -1 for no limit; for those who may read the quota"`
	StorageUsed  *int64 `json:"storage_used,omitempty" doc:"Bytes; for those who may read the quota"`
}

type ProjectPath struct {
	Project        string `path:"project_name_or_id" doc:"A name, or an id if it is a number and X-Is-Resource-Name is not true"`
	IsResourceName bool   `header:"X-Is-Resource-Name"`
}

type projectOutput struct {
	ETag string `header:"ETag"`
	Body Project
}

// showProjects adds what the caller's view of the projects needs, in three queries
// whatever their number.
func (s *server) showProjects(ctx context.Context, rows []project.Project) ([]Project, error) {
	ids := make([]int64, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	repositories, err := s.Projects.RepositoryCounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	who := subject(ctx)
	roles, err := s.Projects.RolesOf(ctx, who, ids)
	if err != nil {
		return nil, err
	}
	content, err := s.Projects.Content(ctx, ids)
	if err != nil {
		return nil, err
	}
	return shown(rows, func(p project.Project) Project {
		out := Project{
			CreationTime: Time(p.CreatedAt), Metadata: metadata(p), Name: p.Name, OwnerID: p.OwnerID, OwnerName: p.OwnerName,
			ProjectID: p.ID, RepoCount: repositories[p.ID], UpdateTime: Time(p.UpdatedAt),
			CVEAllowlist: showAllowlist(p),
		}
		c := content[p.ID]
		if c.LastPush != nil {
			at := Time(*c.LastPush)
			out.LastPushTime = &at
		}
		a := project.Access{ProjectID: p.ID, Name: p.Name, Public: p.Public, Roles: roles[p.ID]}
		if s.Projects.Allowed(a, who, rbac.On(rbac.Quota, rbac.Read)) {
			out.StorageLimit, out.StorageUsed = &c.QuotaHard, &c.QuotaUsed
		}
		for _, r := range rbac.Roles() {
			for _, held := range roles[p.ID] {
				if held == r {
					out.CurrentUserRoleIDs = append(out.CurrentUserRoleIDs, int64(r))
				}
			}
		}
		if len(out.CurrentUserRoleIDs) > 0 {
			out.CurrentUserRoleID = out.CurrentUserRoleIDs[0]
		}
		return out
	}), nil
}

type projectsInput struct {
	Paged
	Name       string         `query:"name" doc:"Contained in the name"`
	Public     optional[bool] `query:"public"`
	Owner      string         `query:"owner" doc:"The owner's name"`
	Mine       bool           `query:"mine" doc:"Only those in which the caller has a role"`
	Over       optional[int]  `query:"storage_over" doc:"Only those that use more than so many percent of their limit, of those whose quota the caller may read"`
	WithDetail bool           `query:"with_detail" default:"true" doc:"Kept for Harbor's clients; there are always details"`
}

func (s *server) listProjects(ctx context.Context, in *projectsInput) (*list[Project], error) {
	f := project.Filter{Name: in.Name, Owner: in.Owner, Public: in.Public.pointer(), Mine: in.Mine}
	if over := in.Over.pointer(); over != nil {
		if *over < 0 || *over > 1000 {
			return nil, fault.Unprocessable("storage_over in query should be between 0 and 1000")
		}
		f.StorageOver = over
	}
	rows, err := s.Projects.List(ctx, subject(ctx), f, in.page)
	if err != nil {
		return nil, err
	}
	out := listed(in.Paged, rows, func(project.Project) Project { return Project{} })
	out.Body, err = s.showProjects(ctx, rows.Items)
	return out, err
}

func (s *server) headProject(ctx context.Context, in *struct {
	Name string `query:"project_name" required:"true"`
}) (*done, error) {
	_, err := s.Projects.ByName(ctx, in.Name)
	return &done{}, err
}

type newProject struct {
	ProjectName  string          `json:"project_name"`
	Public       *bool           `json:"public,omitempty" doc:"Superseded by metadata.public"`
	Metadata     projectMetadata `json:"metadata,omitempty"`
	StorageLimit *int64          `json:"storage_limit,omitempty" doc:"Bytes; -1 for no limit; only a system administrator can set it"`
	CVEAllowlist *newAllowlist   `json:"cve_allowlist,omitempty"`
	RegistryID   *int64          `json:"registry_id,omitempty" doc:"Of the registry that a proxy cache project caches"`
}

func (s *server) createProject(ctx context.Context, in *struct {
	NameInLocation bool `header:"X-Resource-Name-In-Location"`
	Body           newProject
}) (*created, error) {
	b, who := in.Body, subject(ctx)
	set, err := s.Settings.Get(ctx)
	if err != nil {
		return nil, err
	}
	if who.Kind == rbac.Machine {
		if err := systemAccess(who, rbac.On(rbac.Project, rbac.Create)); err != nil {
			return nil, err
		}
	}
	if set.ProjectCreationRestriction == "adminonly" && !rbac.AllowedInSystem(who, rbac.On(rbac.Project, rbac.Create)) {
		return nil, fault.Forbidden("Only system admin can create project; ask one, or for the setting project_creation_restriction to be everyone")
	}
	if b.RegistryID != nil && *b.RegistryID != 0 {
		return nil, fault.NotBuilt("proxy cache projects are not there yet: create the project without registry_id")
	}
	n := project.New{Name: b.ProjectName, Metadata: b.Metadata.set(), StorageLimit: set.StoragePerProject, CVEAllowlist: b.CVEAllowlist.set()}
	if b.Public != nil {
		n.Public = *b.Public
	}
	if b.StorageLimit != nil && who.SysAdmin {
		n.StorageLimit = *b.StorageLimit
	}
	p, err := s.Projects.Create(ctx, who, n)
	if err != nil {
		return nil, err
	}
	if in.NameInLocation {
		return located("projects", p.Name), nil
	}
	return located("projects", p.ID), nil
}

func (s *server) getProject(ctx context.Context, _ *ProjectPath) (*projectOutput, error) {
	p, err := s.Projects.Get(ctx, access(ctx).ProjectID)
	if err != nil {
		return nil, err
	}
	all, err := s.showProjects(ctx, []project.Project{p})
	if err != nil {
		return nil, err
	}
	return &projectOutput{ETag: etag(p.UpdatedAt), Body: all[0]}, nil
}

type projectUpdate struct {
	Public       *bool           `json:"public,omitempty" doc:"Superseded by metadata.public"`
	Metadata     projectMetadata `json:"metadata,omitempty"`
	StorageLimit *int64          `json:"storage_limit,omitempty" doc:"Bytes; -1 for no limit; only a system administrator can set it"`
	CVEAllowlist *newAllowlist   `json:"cve_allowlist,omitempty"`
}

func (s *server) updateProject(ctx context.Context, in *struct {
	ProjectPath
	Edition
	Body projectUpdate
}) (*done, error) {
	who := subject(ctx)
	since, err := in.since()
	if err != nil {
		return nil, err
	}
	u := project.Update{Public: in.Body.Public, Metadata: in.Body.Metadata.set(), CVEAllowlist: in.Body.CVEAllowlist.set(), Since: since}
	if who.SysAdmin {
		u.StorageLimit = in.Body.StorageLimit
	}
	return &done{}, s.Projects.Update(ctx, who, access(ctx).ProjectID, u)
}

func (s *server) deleteProject(ctx context.Context, _ *ProjectPath) (*done, error) {
	return &done{}, s.Projects.Delete(ctx, subject(ctx), access(ctx).ProjectID)
}

// Deletable says whether a project can be deleted, and if not, why.
type Deletable struct {
	Deletable bool   `json:"deletable,omitempty"`
	Message   string `json:"message,omitempty"`
}

func (s *server) projectDeletable(ctx context.Context, _ *ProjectPath) (*struct{ Body Deletable }, error) {
	ok, why, err := s.Projects.Deletable(ctx, access(ctx).ProjectID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Deletable }{Deletable{Deletable: ok, Message: why}}, nil
}

// ProjectSummary is a project at a glance.
type ProjectSummary struct {
	DeveloperCount    int64         `json:"developer_count,omitempty"`
	GuestCount        int64         `json:"guest_count,omitempty"`
	LimitedGuestCount int64         `json:"limited_guest_count,omitempty"`
	MaintainerCount   int64         `json:"maintainer_count,omitempty"`
	ProjectAdminCount int64         `json:"project_admin_count,omitempty"`
	Quota             *ProjectQuota `json:"quota,omitempty"`
	RepoCount         int64         `json:"repo_count"`
}

// ProjectQuota is how much a project may store and does store.
type ProjectQuota struct {
	Hard        StorageBytes  `json:"hard"`
	Recoverable *StorageBytes `json:"recoverable,omitempty" doc:"Roadstead's addition: the part of used that only what was deleted and can be restored keeps"`
	Used        StorageBytes  `json:"used"`
}

// StorageBytes is an amount of storage; -1 is no limit.
type StorageBytes struct {
	Storage int64 `json:"storage"`
}

func (s *server) projectSummary(ctx context.Context, _ *ProjectPath) (*struct{ Body ProjectSummary }, error) {
	a, who := access(ctx), subject(ctx)
	sum, err := s.Projects.Summary(ctx, a.ProjectID)
	if err != nil {
		return nil, err
	}
	out := ProjectSummary{RepoCount: sum.Repositories}
	if s.Projects.Allowed(a, who, rbac.On(rbac.Quota, rbac.Read)) {
		kept, err := s.Projects.Recoverable(ctx, []int64{a.ProjectID})
		if err != nil {
			return nil, err
		}
		out.Quota = &ProjectQuota{
			Hard: StorageBytes{sum.QuotaHard}, Recoverable: &StorageBytes{kept[a.ProjectID]}, Used: StorageBytes{sum.QuotaUsed},
		}
	}
	if s.Projects.Allowed(a, who, rbac.On(rbac.Member, rbac.List)) {
		m := sum.Members
		out.ProjectAdminCount, out.MaintainerCount, out.DeveloperCount = m[rbac.ProjectAdmin], m[rbac.Maintainer], m[rbac.Developer]
		out.GuestCount, out.LimitedGuestCount = m[rbac.Guest], m[rbac.LimitedGuest]
	}
	return &struct{ Body ProjectSummary }{out}, nil
}
