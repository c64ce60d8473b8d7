package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
	"github.com/roadstead-registry/roadstead/core/rbac"
	"github.com/roadstead-registry/roadstead/core/settings"
	"github.com/roadstead-registry/roadstead/core/store"
	"github.com/roadstead-registry/roadstead/core/store/storetest"
	"github.com/roadstead-registry/roadstead/migrations"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// process is one of the servers that share a database.
type process struct {
	*settings.Service
	t  *testing.T
	db *store.DB
}

var clockStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func start(t *testing.T, c *clock, given settings.Given) process {
	t.Helper()
	db := storetest.New(t, migrations.Files)
	return process{settings.NewService(db.Gorm, c.read, given), t, db}
}

func admin() rbac.Subject {
	return rbac.Subject{Kind: rbac.Human, ID: 1, Name: "admin", SysAdmin: true}
}

func (p process) get() settings.Settings {
	p.t.Helper()
	out, err := p.Get(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p process) put(body string) error {
	p.t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &values); err != nil {
		p.t.Fatal(err)
	}
	return p.Update(p.t.Context(), admin(), values, nil)
}

func (p process) must(body string) {
	p.t.Helper()
	if err := p.put(body); err != nil {
		p.t.Fatal(err)
	}
}

func TestWithoutAChangeEverySettingHasItsDefault(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	want := settings.Settings{
		ProjectCreationRestriction: "everyone", StoragePerProject: -1, RobotNamePrefix: "robot$", RobotTokenDuration: 30,
		TokenExpiration: 30 * time.Minute, SessionTimeout: time.Hour,
		RecoveryWindow: 14 * 24 * time.Hour,
	}
	if got := p.get(); got != want {
		t.Fatalf("%+v", got)
	}
}

func TestEveryTagSaysWhatTheDefaultIsAllowedToBe(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	for _, f := range settings.Fields() {
		text, err := json.Marshal(f.Default)
		if err != nil || f.Key == "" || f.Doc == "" || f.Allowed() == "" {
			t.Errorf("%+v: %v", f, err)
		}
		if f.Kind == settings.Integer && (len(f.Ranges) == 0 || f.Unit == "") {
			t.Errorf("%s has no bounds or no unit", f.Key)
		}
		if _, err := regexp.Compile(f.Form); err != nil {
			t.Errorf("%s: %v", f.Key, err)
		}
		if err := p.put(fmt.Sprintf(`{%q:%s}`, f.Key, text)); err != nil {
			t.Errorf("the default of %s is refused: %v", f.Key, err)
		}
	}
}

func TestAChangeIsSeenAtOnceHereAndInASecondElsewhere(t *testing.T) {
	c := &clock{clockStart}
	here := start(t, c, settings.Given{})
	there := process{settings.NewService(here.db.Gorm, c.read, settings.Given{}), t, here.db}
	there.get()
	here.must(`{"read_only":true,"session_timeout":5,"banner_message":"{\"message\":\"<b>ä\"}","robot_name_prefix":"bot."}`)
	got := here.get()
	if !got.ReadOnly || got.SessionTimeout != 5*time.Minute || got.BannerMessage != `{"message":"<b>ä"}` || got.RobotNamePrefix != "bot." {
		t.Fatalf("%+v", got)
	}
	if there.get().ReadOnly {
		t.Fatal("the other process asked the database within a second")
	}
	c.now = c.now.Add(time.Second)
	if there.get() != got {
		t.Fatalf("%+v", there.get())
	}
}

func TestASecondsRequestsCostOneQuery(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	queries := storetest.Count(t, p.db)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { p.get() })
	}
	all.Wait()
	if n := queries.Queries(); n != 1 {
		t.Fatalf("%d queries", n)
	}
}

func TestEachChangeIsAuditedWithOldAndNew(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	p.must(`{"storage_per_project":1024,"self_registration":false,"token_expiration":null,"no_such_key":7}`)
	p.must(`{"storage_per_project":1024}`) // changes nothing
	list, err := audit.NewService(p.db.Gorm, time.Now).List(t.Context(), audit.Scope{}, page.Page{Number: 1, Size: 10})
	if err != nil || list.Total != 1 {
		t.Fatalf("%d entries, %v", list.Total, err)
	}
	e := list.Items[0]
	if e.Description != "update configuration: storage_per_project from -1 to 1024" || e.ResourceType != "configuration" || e.Username != "admin" {
		t.Fatalf("%+v", e)
	}
}

func TestWhatIsNotAllowedIsRefusedAndChangesNothing(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	for _, test := range []struct {
		body string
		kind fault.Kind
		says string
	}{
		{`{"read_only":"yes"}`, fault.KindUnprocessable, "read_only must be of type boolean"},
		{`{"token_expiration":1.5}`, fault.KindUnprocessable, "integer"},
		{`{"token_expiration":0}`, fault.KindInvalid, "1 to 1440 minutes"},
		{`{"session_timeout":43201}`, fault.KindInvalid, "1 to 43200 minutes"},
		{`{"storage_per_project":0}`, fault.KindInvalid, "-1 or 1 to"},
		{`{"storage_per_project":1125899906842625}`, fault.KindInvalid, "-1 or 1 to"},
		{`{"project_creation_restriction":"nobody"}`, fault.KindInvalid, "everyone or adminonly"},
		{`{"robot_name_prefix":""}`, fault.KindInvalid, "1 to 64"},
		{`{"robot_name_prefix":"a:b"}`, fault.KindInvalid, "robot_name_prefix"},
		{`{"robot_name_prefix":"ä"}`, fault.KindInvalid, "robot_name_prefix"},
		{`{"banner_message":"` + strings.Repeat("a", 4097) + `"}`, fault.KindInvalid, "4096"},
		{`{"banner_message":"\u0000"}`, fault.KindInvalid, "banner_message"},
		{`{"auth_mode":"bogus"}`, fault.KindInvalid, "the auth mode cannot be modified as new users have been inserted into database"},
		{`{"ldap_url":"ldap://x"}`, fault.KindInvalid, "LDAP is not there yet"},
		{`{"oidc_client_secret":"hush"}`, fault.KindInvalid, "OIDC is not there yet"},
		{`{"quota_per_project_enable":false}`, fault.KindInvalid, "anything but true"},
	} {
		err := p.put(`{"self_registration":true,` + test.body[1:])
		f, ok := fault.As(err)
		if !ok || f.Kind != test.kind || !strings.Contains(f.Message, test.says) || strings.Contains(f.Message, "hush") {
			t.Errorf("%s: %v", test.body, err)
		}
	}
	if p.get().SelfRegistration {
		t.Error("a refused change was made in part")
	}
	p.must(`{"ldap_url":"","auth_mode":"db_auth","quota_per_project_enable": true}`) // as it is
}

func TestWhatTheConfigurationGivesCannotBeChanged(t *testing.T) {
	given := settings.Given{Values: settings.Settings{SessionTimeout: 90 * time.Second}, Keys: []string{"session_timeout"}}
	p := start(t, &clock{clockStart}, given)
	if got := p.get(); got.SessionTimeout != 90*time.Second || got.TokenExpiration != 30*time.Minute {
		t.Fatalf("%+v", got)
	}
	if err := p.put(`{"session_timeout":60}`); !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), "configuration file") {
		t.Fatal(err)
	}
	p.must(`{"session_timeout":2}`) // what it is, in whole minutes
	items, _, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.Key == "session_timeout" && (i.Editable || i.Value != int64(2)) || i.Key == "read_only" && !i.Editable || strings.Contains(i.Key, "secret") && i.Key != "uaa_client_secret" {
			t.Errorf("%+v", i)
		}
	}
}

func TestOfTwoWhoChangeTheSameTheSecondIsTold(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	p.must(`{"read_only":true}`)
	_, seen, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]json.RawMessage{"read_only": json.RawMessage("false")}
	if err := p.Update(t.Context(), admin(), values, &seen); err != nil {
		t.Fatal(err)
	}
	values["read_only"] = json.RawMessage("true")
	if f, ok := fault.As(p.Update(t.Context(), admin(), values, &seen)); !ok || f.Kind != fault.KindPrecondition {
		t.Fatal(f)
	}
}

func TestAnAnswerThatFailsIsNotKept(t *testing.T) {
	p := start(t, &clock{clockStart}, settings.Given{})
	if _, err := p.db.Pool.Exec(t.Context(), "ALTER TABLE setting RENAME TO away"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Get(t.Context()); err == nil {
		t.Fatal("settings came from nowhere")
	}
	if _, err := p.db.Pool.Exec(t.Context(), `ALTER TABLE away RENAME TO setting; INSERT INTO setting (key, value, updated_by) VALUES ('token_expiration', '"soon"', 'x')`); err != nil {
		t.Fatal(err)
	}
	if got := p.get(); got.TokenExpiration != 30*time.Minute {
		t.Fatalf("a value of another version: %+v", got)
	}
}

func TestGoldenSettingsPage(t *testing.T) {
	const file, mark = "../../docs/ops/settings.md", "<!-- settings: written by `make generate` -->"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n")
	for _, f := range settings.Fields() {
		fmt.Fprintf(&table, "| `%s` | `%v` | %s | %s |\n", f.Key, f.Default, strings.ReplaceAll(f.Allowed(), "|", `\|`), f.Doc)
	}
	head, _, found := strings.Cut(string(page), mark)
	if !found {
		t.Fatalf("%s has no line %s", file, mark)
	}
	want := head + mark + "\n\n" + table.String()
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(page) != want {
		t.Fatal("docs/ops/settings.md is stale: run `make generate`")
	}
}
