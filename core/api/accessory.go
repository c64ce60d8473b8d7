package api

import (
	"context"

	"github.com/roadstead-registry/roadstead/core/artifact"
)

// Accessory is an artifact that refers to another: a signature, an SBOM.
type Accessory struct {
	ArtifactID            int64  `json:"artifact_id"`
	CreationTime          Time   `json:"creation_time"`
	Digest                string `json:"digest"`
	Icon                  string `json:"icon"`
	ID                    int64  `json:"id"`
	Size                  int64  `json:"size"`
	SubjectArtifactDigest string `json:"subject_artifact_digest"`
	SubjectArtifactID     int64  `json:"subject_artifact_id"`
	SubjectArtifactRepo   string `json:"subject_artifact_repo"`
	Type                  string `json:"type"`
}

func showAccessory(a artifact.Accessory) Accessory {
	return Accessory{
		ArtifactID: a.ID, CreationTime: Time(a.CreatedAt), Digest: a.Digest, ID: a.ID, Size: a.Size, Type: a.Type, Icon: accessoryIcon(a.Type),
		SubjectArtifactDigest: a.SubjectDigest, SubjectArtifactID: a.SubjectArtifactID, SubjectArtifactRepo: a.SubjectRepository,
	}
}

func (s *server) listAccessories(ctx context.Context, in *struct {
	ArtifactPath
	Paged
}) (*list[Accessory], error) {
	rows, err := s.Artifacts.Accessories(ctx, access(ctx).Name, in.Repository, in.Reference, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showAccessory), nil
}
