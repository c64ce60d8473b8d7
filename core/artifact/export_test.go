package artifact

// For the test that asks Postgres for their plans.
const (
	ResolveTagSQL    = resolveTag
	ResolveDigestSQL = resolveDigest
	StatBlobSQL      = statBlob
)
