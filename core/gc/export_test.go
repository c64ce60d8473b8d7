package gc

// For the test that asks Postgres for its plans.
const (
	TakeCandidatesSQL  = takeCandidates
	LookAtArtifactsSQL = lookAtArtifacts
	LastOfProjectSQL   = lastOfProject
	LookAtLinksSQL     = lookAtLinks
	LookAtBlobsSQL     = lookAtBlobs
	OldEnoughSQL       = oldEnough
	NoteYoungLinksSQL  = noteYoungLinks
	OldestDueSQL       = oldestDue
	ListKnownSQL       = listKnown
)
