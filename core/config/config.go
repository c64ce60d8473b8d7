// Package config is how the program is told what to do at start: a file, the
// environment, and defaults that run with neither. Each setting is one tagged
// field of Config; file keys, environment variables, checks and the reference in
// docs/ops/configuration.md follow from the tag. What administrators change
// while the program runs is not here.
package config

import (
	"net/netip"
	"net/url"
	"time"
)

// Secret is a value that must not be shown: it prints as dots.
type Secret string

func (Secret) String() string { return "•••" }

// GoString keeps %#v from showing it.
func (Secret) GoString() string { return "•••" }

// MarshalText keeps logs and JSON from showing it.
func (Secret) MarshalText() ([]byte, error) { return []byte("•••"), nil }

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// Config is every start-time setting.
type Config struct {
	Listen         string         `key:"listen" default:"127.0.0.1:8080" check:"address" doc:"Address and port of the web server: portal, API and registry."`
	DataDir        string         `key:"data_dir" default:"./data" check:"path" doc:"Where the bundled Postgres, the filesystem storage and the secret key live."`
	ExternalURL    *url.URL       `key:"external_url" doc:"The URL that people and clients use, such as https://registry.example.com. Empty: taken from each request."`
	TLSCert        string         `key:"tls.cert" check:"path" doc:"File with the server's certificate and its chain, in PEM; read again when it changes. Empty: plain HTTP."`
	TLSKey         string         `key:"tls.key" check:"path" doc:"File with the certificate's key, in PEM."`
	CACert         string         `key:"ca_cert" check:"path" doc:"File with the certificate of the authority that clients need to trust, in PEM; people can download it. Empty: none is offered."`
	TrustedProxies []netip.Prefix `key:"trusted_proxies" doc:"Networks of reverse proxies whose X-Forwarded-For, -Proto and -Host are believed, separated by commas: 10.0.0.0/8,127.0.0.1/32."`
	Roles          []Role         `key:"roles" default:"core,registry,jobs" doc:"Which parts this process runs, separated by commas: core, registry, jobs."`
	AdminPassword  Secret         `key:"admin_password" doc:"Password of the user admin, set at the first start only. Empty: one is generated and printed."`
	SecretKey      Secret         `key:"secret_key" doc:"32 bytes in base64 that seal secrets in the database; the same on every server of an installation. Empty: the file secret.key in data_dir, made at the first start."`

	DatabaseURL      Secret `key:"database.url" doc:"A Postgres 15 to 18, such as postgres://user:password@host:5432/roadstead. Empty: the bundled Postgres is started."`
	DatabaseMaxConns int    `key:"database.max_conns" default:"32" check:"1..1000" doc:"Connections to Postgres at most."`
	PostgresBin      string `key:"postgres.bin" doc:"Folder with the bundled Postgres programs. Empty: looked for beside the program."`

	StorageDriver   string `key:"storage.driver" env:"ROADSTEAD_STORAGE" default:"filesystem" check:"filesystem|s3" doc:"Where blobs are kept."`
	StorageRoot     string `key:"storage.root" check:"path" doc:"Folder of the filesystem storage. Empty: storage in data_dir."`
	StorageRedirect bool   `key:"storage.redirect" default:"false" doc:"Send clients to the object store for blobs, where the driver can; they must be able to reach it."`
	S3Bucket        string `key:"storage.s3.bucket" doc:"Name of the bucket."`
	S3Region        string `key:"storage.s3.region" default:"us-east-1" doc:"Region of the bucket."`
	S3Endpoint      string `key:"storage.s3.regionendpoint" doc:"URL of an S3 server other than Amazon's."`
	S3AccessKey     string `key:"storage.s3.accesskey" doc:"Access key. Empty: the environment's own credentials."`
	S3SecretKey     Secret `key:"storage.s3.secretkey" doc:"Secret key."`
	S3ForcePath     bool   `key:"storage.s3.forcepathstyle" default:"true" doc:"Bucket in the path instead of the host name; most servers other than Amazon's want it."`
	S3RootDirectory string `key:"storage.s3.rootdirectory" doc:"Prefix of all objects in the bucket."`

	OutboundAllow   []string `key:"outbound.allow" doc:"Networks and host names that requests to other servers may go to, separated by commas: 10.0.0.0/8,ghcr.io,*.example.com. Empty: everywhere that outbound.deny does not name."`
	OutboundDeny    []string `key:"outbound.deny" doc:"Networks and host names that requests to other servers never go to. Link-local addresses and those of clouds' metadata services always are among them."`
	OutboundProxy   Secret   `key:"outbound.proxy" doc:"URL of the proxy for requests to other servers, such as http://proxy.example.com:3128. Empty: what HTTP_PROXY and HTTPS_PROXY say; direct: none."`
	OutboundNoProxy string   `key:"outbound.no_proxy" doc:"Hosts, domains and networks that are reached without the proxy, separated by commas. Empty: what NO_PROXY says."`

	MetricsListen string `key:"metrics.listen" default:"127.0.0.1:9090" check:"address|off" doc:"Address of the Prometheus metrics, /metrics, and of Go's profiles, /debug/pprof/, or off. Not for the public."`
	LogLevel      string `key:"log.level" default:"info" check:"debug|info|warn|error" doc:"The least important lines to write."`
	LogFormat     string `key:"log.format" default:"text" check:"text|json" doc:"Form of the log lines."`

	TokenLifetime   time.Duration `key:"token.lifetime" default:"30m" check:"1m..24h" doc:"How long a registry token is valid."`
	SessionIdle     time.Duration `key:"session.idle" default:"1h" check:"1m..720h" doc:"A portal session ends when it was not used for so long."`
	RecoveryWindow  time.Duration `key:"recovery.window" default:"336h" check:"0s..8760h" doc:"How long deleted artifacts can be restored before garbage collection takes them."`
	ShutdownTimeout time.Duration `key:"shutdown.timeout" default:"30s" check:"0s..1h" doc:"How long running requests may take to finish when the program stops."`

	given map[string]bool // the keys that the file or the environment names
}

// Gives says whether the file or the environment names a setting, be it with its
// default.
func (c Config) Gives(key string) bool { return c.given[key] }

// Role is a part of the program that a process runs.
type Role string

// The roles.
const (
	RoleCore     Role = "core"
	RoleRegistry Role = "registry"
	RoleJobs     Role = "jobs"
)

// HTTPS says whether this server speaks TLS itself, or people reach it by an
// external URL that does.
func (c Config) HTTPS() bool {
	return c.TLSCert != "" || (c.ExternalURL != nil && c.ExternalURL.Scheme == "https")
}

// Has says whether this process runs a part.
func (c Config) Has(r Role) bool {
	for _, have := range c.Roles {
		if have == r {
			return true
		}
	}
	return false
}
