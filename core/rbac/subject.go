package rbac

// SubjectKind says what is acting.
type SubjectKind string

// The kinds of subject.
const (
	Anonymous SubjectKind = ""
	Human     SubjectKind = "user"
	Machine   SubjectKind = "robot"
	System    SubjectKind = "system" // the program itself: first start, jobs
)

// Subject is who acts: the outcome of authentication. The zero Subject is
// nobody.
type Subject struct {
	Kind     SubjectKind
	ID       int64  // user id, or robot id
	Name     string // as logged and audited
	SysAdmin bool
	Address  string  // where the request came from, for the audit log
	Grants   *Grants // of a machine; shared: read only
}

// Known says whether the subject is anybody at all.
func (s Subject) Known() bool { return s.Kind != Anonymous }

// SystemSubject is the program acting by itself.
func SystemSubject() Subject { return Subject{Kind: System, Name: "system", SysAdmin: true} }
