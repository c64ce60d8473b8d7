package artifact

import (
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/oci"
)

// Source is what to copy: an artifact of a repository of this registry.
type Source struct {
	Project    string
	Repository string // without the project
	Reference  oci.Reference
}

// ParseSource reads project/repository:tag or project/repository@digest. With both
// the digest decides, as clients have it.
func ParseSource(from string) (Source, error) {
	name, ref, byDigest := strings.Cut(from, "@")
	name, tag, _ := strings.Cut(name, ":")
	if !byDigest {
		ref = tag
	}
	project, repository, ok := oci.SplitProject(name)
	r, err := oci.ParseReference(ref)
	if !ok || !oci.ValidRepository(name) || err != nil || r.IsDigest() != byDigest {
		return Source{}, fault.Invalid("from", "invalid input: %.300s; say what to copy as project/repository:tag or project/repository@digest", from)
	}
	return Source{Project: project, Repository: repository, Reference: r}, nil
}

func (s Source) String() string {
	return reference(s.Project+"/"+s.Repository, s.Reference.String())
}
