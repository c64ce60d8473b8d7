package api

import (
	"context"
	"strings"

	"github.com/roadstead-registry/roadstead/core/artifact"
	"github.com/roadstead-registry/roadstead/core/project"
)

// RecycleBin is a project's at a glance.
type RecycleBin struct {
	Recoverable     StorageBytes `json:"recoverable" doc:"Bytes that only what can be restored keeps"`
	RecoverySeconds int64        `json:"recovery_seconds" doc:"For how long what is deleted from now on can be restored; 0 for not at all"`
}

// DeletedArtifact is one in the recycle bin.
type DeletedArtifact struct {
	Cause           string   `json:"cause"`
	DeleteTime      Time     `json:"delete_time"`
	Digest          string   `json:"digest"`
	ID              int64    `json:"id"`
	Operator        string   `json:"operator"`
	ProjectID       int64    `json:"project_id"`
	ProjectName     string   `json:"project_name"`
	Recoverable     int64    `json:"recoverable" doc:"Bytes that only the recycle bin keeps"`
	RepositoryName  string   `json:"repository_name" doc:"project/name"`
	RestorableUntil Time     `json:"restorable_until"`
	Size            int64    `json:"size" doc:"Bytes of manifest, config and layers"`
	Tags            []string `json:"tags" nullable:"false" doc:"That were removed with it, at most 100"`
	Type            string   `json:"type"`
}

// DeletedRepository is one in the recycle bin.
type DeletedRepository struct {
	ArtifactCount   int64  `json:"artifact_count" doc:"That were deleted with it"`
	DeleteTime      Time   `json:"delete_time"`
	ID              int64  `json:"id"`
	Name            string `json:"name" doc:"project/name"`
	NameTaken       bool   `json:"name_taken" doc:"Another repository has the name now: restore this one under another"`
	Operator        string `json:"operator"`
	ProjectID       int64  `json:"project_id"`
	ProjectName     string `json:"project_name"`
	Recoverable     int64  `json:"recoverable" doc:"Bytes that only the recycle bin keeps"`
	RestorableUntil Time   `json:"restorable_until"`
	TagCount        int64  `json:"tag_count" doc:"That were removed with it"`
}

func showDeletedArtifact(a artifact.BinnedArtifact) DeletedArtifact {
	in, _, _ := strings.Cut(a.Repository, "/")
	return DeletedArtifact{
		Cause: string(a.Cause), DeleteTime: Time(a.At), Digest: a.Digest, ID: a.ID, Operator: a.By, ProjectID: a.ProjectID, ProjectName: in,
		Recoverable: a.Kept, RepositoryName: a.Repository, RestorableUntil: Time(a.Until), Size: a.Size,
		Tags: shown(a.Tags, func(t string) string { return t }), Type: strings.ToUpper(string(a.Kind)),
	}
}

func showDeletedRepository(r artifact.BinnedRepository) DeletedRepository {
	in, _, _ := strings.Cut(r.Name, "/")
	return DeletedRepository{
		ArtifactCount: r.Artifacts, DeleteTime: Time(r.At), ID: r.ID, Name: r.Name, NameTaken: r.NameTaken, Operator: r.By, ProjectID: r.ProjectID, ProjectName: in,
		Recoverable: r.Kept, RestorableUntil: Time(r.Until), TagCount: r.Tags,
	}
}

func (s *server) getRecycleBin(ctx context.Context, _ *ProjectPath) (*struct{ Body RecycleBin }, error) {
	id := access(ctx).ProjectID
	window, err := s.Artifacts.Window(ctx, id)
	if err != nil {
		return nil, err
	}
	kept, err := s.Projects.Recoverable(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	return &struct{ Body RecycleBin }{RecycleBin{Recoverable: StorageBytes{kept[id]}, RecoverySeconds: int64(window.Seconds())}}, nil
}

func (s *server) listDeletedArtifacts(ctx context.Context, in *struct {
	ProjectPath
	Paged
}) (*list[DeletedArtifact], error) {
	id := access(ctx).ProjectID
	return s.deletedArtifacts(ctx, in.Paged, artifact.BinFilter{ProjectID: &id})
}

func (s *server) listAllDeletedArtifacts(ctx context.Context, in *struct{ Paged }) (*list[DeletedArtifact], error) {
	return s.deletedArtifacts(ctx, in.Paged, artifact.BinFilter{})
}

func (s *server) deletedArtifacts(ctx context.Context, in Paged, f artifact.BinFilter) (*list[DeletedArtifact], error) {
	rows, err := s.Artifacts.BinnedArtifacts(ctx, f, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showDeletedArtifact), nil
}

func (s *server) listDeletedRepositories(ctx context.Context, in *struct {
	ProjectPath
	Paged
}) (*list[DeletedRepository], error) {
	id := access(ctx).ProjectID
	return s.deletedRepositories(ctx, in.Paged, artifact.BinFilter{ProjectID: &id})
}

func (s *server) listAllDeletedRepositories(ctx context.Context, in *struct{ Paged }) (*list[DeletedRepository], error) {
	return s.deletedRepositories(ctx, in.Paged, artifact.BinFilter{})
}

func (s *server) deletedRepositories(ctx context.Context, in Paged, f artifact.BinFilter) (*list[DeletedRepository], error) {
	rows, err := s.Artifacts.BinnedRepositories(ctx, f, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in, rows, showDeletedRepository), nil
}

// BinSelection is what of a recycle bin.
type BinSelection struct {
	Artifacts    []int64 `json:"artifacts,omitempty" doc:"Ids of deleted artifacts"`
	Repositories []int64 `json:"repositories,omitempty" doc:"Ids of deleted repositories"`
}

func (b BinSelection) selection() artifact.Selection {
	return artifact.Selection{Repositories: b.Repositories, Artifacts: b.Artifacts}
}

type binRestoring struct {
	BinSelection
	Names map[int64]string `json:"names,omitempty" doc:"By the id of a repository of those: the name in the project that it comes back under"`
}

// Restored is what came back.
type Restored struct {
	Artifacts    []RestoredArtifact `json:"artifacts" nullable:"false" doc:"Of those asked for; what belongs to them came back with them"`
	Repositories []string           `json:"repositories" nullable:"false" doc:"project/name"`
	Tags         []RestoredTag      `json:"tags" nullable:"false" doc:"That came back, at most 1,000"`
	TagsTaken    []RestoredTag      `json:"tags_taken" nullable:"false" doc:"That did not come back, for their names are used again; at most 1,000"`
}

// RestoredArtifact is one that came back.
type RestoredArtifact struct {
	Digest         string `json:"digest"`
	ID             int64  `json:"id"`
	RepositoryName string `json:"repository_name"`
}

// RestoredTag is a tag that a deletion had removed.
type RestoredTag struct {
	Digest         string `json:"digest"`
	Name           string `json:"name"`
	RepositoryName string `json:"repository_name"`
}

func showRestoredTags(all []artifact.RestoredTag) []RestoredTag {
	return shown(all[:min(len(all), artifact.MostPlanned)], func(t artifact.RestoredTag) RestoredTag {
		return RestoredTag{Digest: t.Digest, Name: t.Name, RepositoryName: t.Repository}
	})
}

func (s *server) restoreDeleted(ctx context.Context, in *struct {
	ProjectPath
	Body binRestoring
}) (*struct{ Body Restored }, error) {
	what := in.Body.selection()
	what.Names = in.Body.Names
	r, err := s.Artifacts.Restore(ctx, subject(ctx), access(ctx).Name, what)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Restored }{Restored{
		Artifacts: shown(r.Artifacts, func(a artifact.RestoredArtifact) RestoredArtifact {
			return RestoredArtifact{Digest: a.Digest, ID: a.ID, RepositoryName: a.Repository}
		}),
		Repositories: shown(r.Repositories, func(name string) string { return name }),
		Tags:         showRestoredTags(r.Tags), TagsTaken: showRestoredTags(r.Taken),
	}}, nil
}

func (s *server) purgeDeleted(ctx context.Context, in *struct {
	ProjectPath
	Body BinSelection
}) (*done, error) {
	return &done{}, s.Artifacts.DeleteForEver(ctx, subject(ctx), access(ctx).Name, in.Body.selection())
}

// Emptied is what an emptied recycle bin held.
type Emptied struct {
	Artifacts    int64 `json:"artifacts" doc:"With those of the repositories, and with what refers to them"`
	Repositories int64 `json:"repositories"`
}

func (s *server) emptyRecycleBin(ctx context.Context, _ *ProjectPath) (*struct{ Body Emptied }, error) {
	n, err := s.Artifacts.EmptyBin(ctx, subject(ctx), access(ctx).Name)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Emptied }{Emptied{Artifacts: n.Artifacts, Repositories: n.Repositories}}, nil
}

// LostWithProject is what was deleted with a project and does not come back.
type LostWithProject struct {
	RetentionPolicy bool `json:"retention_policy"`
	RobotCount      int  `json:"robot_count"`
	RobotGrantCount int  `json:"robot_grant_count" doc:"Robots of the system or of other projects that were given something in it"`
}

func showLost(l project.Lost) LostWithProject {
	return LostWithProject{RetentionPolicy: l.RetentionPolicies > 0, RobotCount: l.Robots, RobotGrantCount: l.RobotGrants}
}

// DeletedProject is one that can be restored.
type DeletedProject struct {
	ArtifactCount   int64           `json:"artifact_count" doc:"That come back with its repositories"`
	DeleteTime      Time            `json:"delete_time"`
	Lost            LostWithProject `json:"lost"`
	Name            string          `json:"name"`
	NameTaken       bool            `json:"name_taken" doc:"Another project has the name now: restore this one under another"`
	Operator        string          `json:"operator"`
	ProjectID       int64           `json:"project_id"`
	Recoverable     int64           `json:"recoverable" doc:"Bytes that its recycle bin keeps"`
	RepositoryCount int64           `json:"repository_count" doc:"In its recycle bin, to be restored after it"`
	RestorableUntil Time            `json:"restorable_until"`
}

func (s *server) listDeletedProjects(ctx context.Context, in *struct{ Paged }) (*list[DeletedProject], error) {
	rows, err := s.Projects.ListDeleted(ctx, in.page)
	if err != nil {
		return nil, err
	}
	kept, err := s.Projects.Recoverable(ctx, shown(rows.Items, func(p project.Deleted) int64 { return p.ID }))
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, func(p project.Deleted) DeletedProject {
		return DeletedProject{
			ArtifactCount: p.Artifacts, DeleteTime: Time(p.At), Lost: showLost(p.Lost), Name: p.Name, NameTaken: p.NameTaken, Operator: p.By,
			ProjectID: p.ID, Recoverable: kept[p.ID], RepositoryCount: p.Repositories, RestorableUntil: Time(p.Until),
		}
	}), nil
}

type projectRestoring struct {
	Name string `json:"name,omitempty" doc:"That it comes back under; missing: the one that it had"`
}

// RestoredProject is one that came back.
type RestoredProject struct {
	Lost      LostWithProject `json:"lost"`
	Name      string          `json:"name"`
	ProjectID int64           `json:"project_id"`
}

func (s *server) restoreProject(ctx context.Context, in *struct {
	ID   int64 `path:"project_id"`
	Body projectRestoring
}) (*struct{ Body RestoredProject }, error) {
	r, err := s.Projects.Restore(ctx, subject(ctx), in.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &struct{ Body RestoredProject }{RestoredProject{Lost: showLost(r.Lost), Name: r.Name, ProjectID: r.ID}}, nil
}
