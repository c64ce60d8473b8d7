package gc

import (
	"context"
	"time"
)

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

// How collection that goes on by itself rests.
const (
	Rests    = rests
	MostRest = mostRest
)

// SetWait lets a test see what is waited for, instead of waiting.
func (s *Service) SetWait(wait func(context.Context, time.Duration) error) { s.wait = wait }
