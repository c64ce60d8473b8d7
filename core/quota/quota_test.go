package quota_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/roadstead-registry/roadstead/core/coretest"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/project"
	"github.com/roadstead-registry/roadstead/core/quota"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// domain has n projects; the i-th uses 10·i bytes, of which i are only noted.
func domain(t *testing.T, n int) (*coretest.Domain, []project.ID) {
	t.Helper()
	d := coretest.New(t)
	var ids []project.ID
	for i := range n {
		p, err := d.Projects.Create(t.Context(), d.Admin, project.New{Name: fmt.Sprintf("p%02d", i)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.ID)
		for sql, bytes := range map[string]int{
			"UPDATE quota SET used = $2 WHERE project_id = $1":                         9 * i,
			"INSERT INTO quota_delta (project_id, bytes) VALUES ($1, $2), ($1, $2-$2)": i,
		} {
			if _, err := d.DB.Pool.Exec(t.Context(), sql, p.ID, bytes); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d, ids
}

func TestWhatIsUsedIncludesWhatIsOnlyNoted(t *testing.T) {
	d, ids := domain(t, 4)
	q, err := d.Quotas.Get(t.Context(), ids[3])
	if err != nil || q.Used != 30 || q.Hard != -1 || q.Project != "p03" || q.Owner != "admin" || q.ID != ids[3] {
		t.Fatalf("%+v, %v", q, err)
	}
	if err := d.Quotas.Update(t.Context(), d.Admin, ids[3], 50, &q.UpdatedAt); err != nil {
		t.Fatal(err)
	}
	after, err := d.Quotas.Get(t.Context(), ids[3])
	if err != nil || after.Used != 30 || after.Hard != 50 || after.UpdatedAt.Equal(q.UpdatedAt) {
		t.Fatalf("%+v, %v", after, err)
	}
	told, ok := fault.As(d.Quotas.Update(t.Context(), d.Admin, ids[3], 60, &q.UpdatedAt))
	if !ok || told.Kind != fault.KindPrecondition {
		t.Error(told)
	}
}

func TestAPageOfQuotasIsTwoQueriesWhateverItsSize(t *testing.T) {
	d, ids := domain(t, 12)
	for _, size := range []int{2, 12} {
		queries := storetest.Count(t, d.DB)
		list, err := d.Quotas.List(t.Context(), quota.Filter{}, page.Page{Number: 1, Size: size})
		if err != nil || list.Total != 12 || len(list.Items) != size || queries.Queries() != 2 {
			t.Fatalf("%d of %d, %d queries, %v", len(list.Items), list.Total, queries.Queries(), err)
		}
		if first := list.Items[0]; first.ID != ids[11] || first.Used != 110 {
			t.Errorf("%+v uses most", first)
		}
	}
}

func TestAProjectThatIsGoneHasNoQuota(t *testing.T) {
	d, ids := domain(t, 2)
	if err := d.Projects.Delete(t.Context(), d.Admin, ids[1]); err != nil {
		t.Fatal(err)
	}
	list, err := d.Quotas.List(t.Context(), quota.Filter{Reference: "project"}, page.Page{Number: 1, Size: 10})
	if err != nil || list.Total != 1 {
		t.Fatal(list, err)
	}
	_, getErr := d.Quotas.Get(t.Context(), ids[1])
	for _, err := range []error{getErr, d.Quotas.Update(t.Context(), d.Admin, ids[1], 5, nil)} {
		if told, ok := fault.As(err); !ok || told.Kind != fault.KindNotFound || told.Message != fmt.Sprintf("quota %d not found", ids[1]) {
			t.Error(err)
		}
	}
}
