package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/config"
)

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "roadstead.yml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestWithNeitherFileNorEnvironmentTheDefaultsRun(t *testing.T) {
	c, err := config.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.StorageDriver != "filesystem" || c.TokenLifetime != 30*time.Minute || !c.Has(config.RoleJobs) {
		t.Errorf("got %+v", c)
	}
	if !filepath.IsAbs(c.DataDir) || c.StorageRoot != filepath.Join(c.DataDir, "storage") {
		t.Errorf("paths: %s, %s", c.DataDir, c.StorageRoot)
	}
}

func TestTheEnvironmentWinsOverTheFileAndTheFileOverTheDefault(t *testing.T) {
	name := file(t, "listen: 127.0.0.1:1111\ndatabase:\n  max_conns: 7\ntrusted_proxies: [10.0.0.0/8, 127.0.0.1]\n")
	c, err := config.Load(name, []string{"ROADSTEAD_LISTEN=127.0.0.1:2222", "ROADSTEAD_STORAGE=s3", "ROADSTEAD_STORAGE_S3_BUCKET=b", "PATH=/bin", "ROADSTEAD_TEST_DATABASE_URL=x"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:2222" || c.DatabaseMaxConns != 7 || c.StorageDriver != "s3" || len(c.TrustedProxies) != 2 {
		t.Errorf("got %+v", c)
	}
}

func TestABadSettingStopsTheStartAndSaysKeyValueAndWhatIsAllowed(t *testing.T) {
	tests := []struct {
		name string
		file string
		env  []string
		want []string
	}{
		{"an unknown key in the file", "lissten: x", nil, []string{"lissten", "did you mean listen?"}},
		{"an unknown nested key", "storage:\n  s4:\n    bucket: x", nil, []string{"storage.s4.bucket", "did you mean storage.s3.bucket?"}},
		{"an unknown variable", "", []string{"ROADSTEAD_LISTN=x"}, []string{"ROADSTEAD_LISTN", "did you mean ROADSTEAD_LISTEN?"}},
		{"a driver that there is not", "", []string{"ROADSTEAD_STORAGE=floppy"}, []string{"storage.driver", `"floppy"`, "filesystem, s3"}},
		{"an address without a port", "", []string{"ROADSTEAD_LISTEN=localhost"}, []string{"listen", `"localhost"`, "host:port"}},
		{"a port out of range", "", []string{"ROADSTEAD_LISTEN=:99999"}, []string{"listen", "65535"}},
		{"a number out of range", "database:\n  max_conns: 0", nil, []string{"database.max_conns", "between 1 and 1000"}},
		{"a number that is none", "database:\n  max_conns: many", nil, []string{"database.max_conns", `"many"`, "whole number"}},
		{"a duration that is none", "token:\n  lifetime: soon", nil, []string{"token.lifetime", `"soon"`, "30m"}},
		{"a URL with a path", "", []string{"ROADSTEAD_EXTERNAL_URL=https://h/p"}, []string{"external_url", "without a path"}},
		{"a network that is none", "", []string{"ROADSTEAD_TRUSTED_PROXIES=10.0.0.0/33"}, []string{"trusted_proxies", "10.0.0.0/33"}},
		{"a role that there is not", "", []string{"ROADSTEAD_ROLES=core,cook"}, []string{"roles", `"cook"`, "core, registry, jobs"}},
		{"s3 without a bucket", "", []string{"ROADSTEAD_STORAGE=s3"}, []string{"storage.s3.bucket"}},
		{"half a credential", "", []string{"ROADSTEAD_STORAGE_S3_ACCESSKEY=a"}, []string{"storage.s3.secretkey", "both or none"}},
		{"text that is no YAML", "listen: [", nil, []string{"not YAML"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := ""
			if test.file != "" {
				name = file(t, test.file)
			}
			_, err := config.Load(name, test.env)
			if err == nil {
				t.Fatal("it started")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, err := config.Load("", []string{"ROADSTEAD_STORAGE=x", "ROADSTEAD_LISTEN=y"})
	if err == nil || !strings.Contains(err.Error(), "storage.driver") || !strings.Contains(err.Error(), "listen") {
		t.Errorf("got %v", err)
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	c, err := config.Load("", []string{"ROADSTEAD_ADMIN_PASSWORD=Hunter22hunter"})
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(text, "Hunter22") {
		t.Error("a printed configuration shows the password")
	}
	if c.AdminPassword.Reveal() != "Hunter22hunter" {
		t.Error("the password is lost")
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/ops/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range config.Settings() {
		if s.Doc == "" {
			t.Errorf("%s has no description", s.Key)
		}
		for _, want := range []string{"`" + s.Key + "`", "`" + s.Env + "`"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("docs/ops/configuration.md does not mention %s", want)
			}
		}
	}
}

func TestAConfigurationKnowsWhatItWasGiven(t *testing.T) {
	c, err := config.Load(file(t, "session:\n  idle: 1h\n"), []string{"ROADSTEAD_CA_CERT=ca.crt"})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Gives("session.idle") || !c.Gives("ca_cert") || c.Gives("token.lifetime") || (config.Config{}).Gives("listen") {
		t.Error("what is given and what is a default are not told apart")
	}
	if !filepath.IsAbs(c.CACert) {
		t.Errorf("%s depends on where the program stands", c.CACert)
	}
}
