package api

import "github.com/roadstead-registry/roadstead/core/project"

// CVEAllowlist is the list of vulnerabilities that a project accepts. It is kept;
// what looks at it comes with scanning.
type CVEAllowlist struct {
	CreationTime Time   `json:"creation_time"`
	ExpiresAt    *int64 `json:"expires_at,omitempty" doc:"Seconds since 1970"`
	ID           int64  `json:"id,omitempty"`
	Items        []CVE  `json:"items"`
	ProjectID    int64  `json:"project_id,omitempty"`
	UpdateTime   Time   `json:"update_time"`
}

// CVE names a vulnerability.
type CVE struct {
	ID string `json:"cve_id"`
}

func showAllowlist(p project.Project) CVEAllowlist {
	out := CVEAllowlist{ID: p.ID, ProjectID: p.ID, Items: []CVE{}}
	if l := p.CVEAllowlist; l != nil {
		out.CreationTime, out.UpdateTime, out.ExpiresAt = Time(l.CreatedAt), Time(l.UpdatedAt), l.ExpiresAt
		out.Items = shown(l.Items, func(id string) CVE { return CVE{id} })
	}
	return out
}

// newAllowlist is the allowlist in the bodies that make and change a project.
type newAllowlist struct {
	Items     []CVE  `json:"items"`
	ExpiresAt *int64 `json:"expires_at,omitempty" doc:"Seconds since 1970; null for never"`
}

func (l *newAllowlist) set() *project.CVEAllowlist {
	if l == nil {
		return nil
	}
	return &project.CVEAllowlist{Items: shown(l.Items, func(c CVE) string { return c.ID }), ExpiresAt: l.ExpiresAt}
}
