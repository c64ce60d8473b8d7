package api

import "context"

// Statistic counts what the caller can see; the totals are for a system
// administrator.
type Statistic struct {
	PrivateProjectCount     int64 `json:"private_project_count"`
	PrivateRepoCount        int64 `json:"private_repo_count"`
	PublicProjectCount      int64 `json:"public_project_count"`
	PublicRepoCount         int64 `json:"public_repo_count"`
	TotalProjectCount       int64 `json:"total_project_count"`
	TotalRepoCount          int64 `json:"total_repo_count"`
	TotalStorageConsumption int64 `json:"total_storage_consumption" doc:"Bytes"`
}

func (s *server) statistic(ctx context.Context, _ *struct{}) (*struct{ Body Statistic }, error) {
	c, err := s.Stats.Count(ctx, subject(ctx))
	if err != nil {
		return nil, err
	}
	return &struct{ Body Statistic }{Statistic{
		PrivateProjectCount: c.PrivateProjects, PrivateRepoCount: c.PrivateRepositories,
		PublicProjectCount: c.PublicProjects, PublicRepoCount: c.PublicRepositories,
		TotalProjectCount: c.TotalProjects, TotalRepoCount: c.TotalRepositories, TotalStorageConsumption: c.StorageBytes,
	}}, nil
}
