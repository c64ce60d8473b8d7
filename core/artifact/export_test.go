package artifact

import (
	"context"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

// For the tests that ask Postgres for their plans.
const (
	ResolveTagSQL    = resolveTag
	ResolveDigestSQL = resolveDigest
	StatBlobSQL      = statBlob
	ReferrersSQL     = listReferrers
	CatalogSQL       = listCatalog
)

// ListSQL is what List sends for the count and for the page.
func (s *Service) ListSQL(ctx context.Context, f Filter, p page.Page) ([]storetest.Statement, error) {
	return statements(s.listing(ctx, f, p))
}

// RepositoriesSQL is what ListRepositories sends for the count and for the page.
func (s *Service) RepositoriesSQL(ctx context.Context, f RepositoryFilter, p page.Page) ([]storetest.Statement, error) {
	return statements(s.listingOfRepositories(ctx, f, p))
}

func statements(all, rows *gorm.DB, err error) ([]storetest.Statement, error) {
	if err != nil {
		return nil, err
	}
	dry := &gorm.Session{DryRun: true}
	count, found := all.Session(dry).Count(new(int64)).Statement, rows.Session(dry).Find(&[]map[string]any{}).Statement
	return []storetest.Statement{{SQL: count.SQL.String(), Args: count.Vars}, {SQL: found.SQL.String(), Args: found.Vars}}, nil
}

// SQL is what fetches what belongs to the artifacts of a page.
func (w With) SQL() string { return w.belongings() }

// For the same.
const (
	TagsOfDeletionSQL      = tagsOfDeletion
	ComesBackSQL           = comesBack
	ArtifactsOfDeletionSQL = artifactsOfDeletion
	DueTagsSQL             = dueTags
	DifferencesSQL         = differences
)

// MovesSQL is what History sends for the count and for the page.
func (s *Service) MovesSQL(ctx context.Context, repositoryID int64, tag string, p page.Page) ([]storetest.Statement, error) {
	return statements(s.moves(ctx, repositoryID, tag, p))
}

// BinnedArtifactsSQL is what BinnedArtifacts sends for the count and for the page.
func (s *Service) BinnedArtifactsSQL(ctx context.Context, f BinFilter, p page.Page) ([]storetest.Statement, error) {
	return statements(s.binnedArtifacts(ctx, f, p))
}

// BinnedRepositoriesSQL is what BinnedRepositories sends for the count and for the page.
func (s *Service) BinnedRepositoriesSQL(ctx context.Context, f BinFilter, p page.Page) ([]storetest.Statement, error) {
	return statements(s.binnedRepositories(ctx, f, p))
}
