package registryctl_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

// OCI distribution-spec, end-12a: "If the number of results is more than the registry
// returns at once, the response includes a Link header".
func TestManyReferrersComeInPages(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	subject := digest.FromBytes(manifest)
	for _, sql := range []string{
		`INSERT INTO manifest (digest, media_type, size, payload) SELECT 'sha256:' || encode(sha256(i::text::bytea), 'hex'), 'application/vnd.oci.image.manifest.v1+json', 1, '' FROM generate_series(1, 2100) i`,
		`INSERT INTO artifact (project_id, repository_id, digest, kind, media_type, artifact_type, size, subject_digest, refers, accessory_type)
			SELECT a.project_id, a.repository_id, m.digest, 'other', m.media_type, 'application/x.example', 1, a.digest, true, 'subject.accessory'
			FROM artifact a, manifest m WHERE m.payload = ''`,
	} {
		if _, err := s.db.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	var sizes []int
	for next := "/v2/library/app/referrers/" + subject.String() + "?artifactType=application/x.example"; next != "" && len(sizes) < 5; {
		a := c.want(c.do(http.MethodGet, next, nil), http.StatusOK, "")
		var index struct{ Manifests []struct{ Digest string } }
		if err := json.Unmarshal(a.body, &index); err != nil {
			t.Fatal(err)
		}
		for _, m := range index.Manifests {
			seen[m.Digest] = true
		}
		sizes = append(sizes, len(index.Manifests))
		next, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">")
		if a.header.Get("OCI-Filters-Applied") != "artifactType" || (next != "" && !strings.Contains(next, "artifactType=application%2Fx.example")) {
			t.Errorf("the filter is lost on the way: %v", a.header)
		}
	}
	if len(seen) != 2100 || len(sizes) != 3 || sizes[2] != 100 {
		t.Errorf("%d referrers in pages of %v", len(seen), sizes)
	}
	c.want(c.do(http.MethodGet, "/v2/library/app/referrers/"+subject.String()+"?last=%00", nil), http.StatusBadRequest, "MANIFEST_INVALID")
}

func TestAnImmutableTagIsNotPushedOverNorDeleted(t *testing.T) {
	s := newServer(t)
	s.project("library", false)
	c := s.as("admin")
	manifest := c.push("library/app", "v1", "one")
	_, err := s.db.Pool.Exec(t.Context(), `INSERT INTO immutable_rule (project_id, repositories, tags) SELECT id,
		'[{"kind": "doublestar", "decoration": "repoMatches", "pattern": "**"}]', '[{"kind": "doublestar", "decoration": "matches", "pattern": "v*"}]' FROM project`)
	if err != nil {
		t.Fatal(err)
	}
	other := c.push("library/app", "latest", "two")
	put := func(body []byte) answer {
		return c.do(http.MethodPut, "/v2/library/app/manifests/v1", body, "Content-Type", ociManifest)
	}
	a := c.want(put(other), http.StatusPreconditionFailed, "PRECONDITION")
	if want := "Failed to process request due to 'app:v1' configured as immutable."; !strings.Contains(string(a.body), want) {
		t.Errorf("%s", a.body)
	}
	c.want(put(manifest), http.StatusCreated, "") // what is there already
	c.want(c.do(http.MethodDelete, "/v2/library/app/manifests/v1", nil), http.StatusPreconditionFailed, "PRECONDITION")
	c.want(c.do(http.MethodDelete, "/v2/library/app/manifests/"+digest.FromBytes(manifest).String(), nil), http.StatusPreconditionFailed, "PRECONDITION")
}
