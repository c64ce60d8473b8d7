package harness

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Distribution is the distribution registry, the one that most installations run, in a process of its own beside the server: the
// peer that it is measured against. It asks for bearer tokens, which this process signs.
type Distribution struct {
	Address string
	URL     string

	port    *Port
	root    string
	process *Process
	key     *ecdsa.PrivateKey
}

// What the peer and its tokens know each other by.
const (
	peerIssuer  = "roadstead-bench"
	peerService = "distribution"
	peerKey     = "bench"
)

// The configuration is the registry's own example with another address and folder, with tokens instead of a password file, and
// with deletes; it writes no log. It syncs every file that it writes, as it always does.
const peerConfig = `version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  cache:
    blobdescriptor: inmemory
  delete:
    enabled: true
  filesystem:
    rootdirectory: %[1]s
  tag:
    concurrencylimit: 8
http:
  addr: %[2]s
  relativeurls: true
  secret: only-for-the-benchmark
  headers:
    X-Content-Type-Options: [nosniff]
%[3]s%[4]shealth:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`

// peerAuth is the part of the configuration that asks for tokens.
const peerAuth = `auth:
  token:
    realm: http://%s/token
    service: ` + peerService + `
    issuer: ` + peerIssuer + `
    jwks: %s
`

// StartOpenDistribution is StartDistribution without tokens: it takes everybody.
func StartOpenDistribution(ctx context.Context, dir string) (*Distribution, error) {
	d := &Distribution{root: filepath.Join(dir, "distribution")}
	return d, d.start(ctx, dir, "", "")
}

// StartDistribution starts it on a folder of its own under dir; with a certificate and its key, in PEM files, it serves TLS.
func StartDistribution(ctx context.Context, dir, certificate, key string) (*Distribution, error) {
	d := &Distribution{root: filepath.Join(dir, "distribution")}
	var err error
	if d.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	return d, d.start(ctx, dir, certificate, key)
}

func (d *Distribution) start(ctx context.Context, dir, certificate, key string) error {
	binary, err := built("build/tools/distribution")
	if err != nil {
		return fmt.Errorf("%w; scripts/tools.sh distribution builds it", err)
	}
	if d.port, err = ReservePort(); err != nil {
		return err
	}
	d.Address, d.URL = d.port.Address, "http://"+d.port.Address
	var tls, auth string
	if d.key != nil {
		keys := filepath.Join(dir, "jwks.json")
		if err := d.writeKeys(keys); err != nil {
			return err
		}
		auth = fmt.Sprintf(peerAuth, d.Address, keys)
	}
	if certificate != "" {
		d.URL = "https://" + d.port.Address
		tls = fmt.Sprintf("  tls:\n    certificate: %s\n    key: %s\n", certificate, key)
	}
	config := filepath.Join(dir, "distribution.yml")
	if err := os.WriteFile(config, fmt.Appendf(nil, peerConfig, d.root, d.Address, tls, auth), 0o644); err != nil {
		return err
	}
	d.process, err = StartProcess(filepath.Join(dir, "distribution.log"), []string{"OTEL_TRACES_EXPORTER=none"}, binary, "serve", config)
	if err != nil {
		return err
	}
	if err := d.process.Listening(ctx, d.Address); err != nil {
		d.Stop()
		return err
	}
	return nil
}

// Stop ends the process.
func (d *Distribution) Stop() {
	d.process.Stop()
	d.port.Release()
}

// PID is its process id.
func (d *Distribution) PID() int { return d.process.PID() }

// Blobs is the folder with the bytes of all repositories, by digest.
func (d *Distribution) Blobs() string {
	return filepath.Join(d.root, "docker", "registry", "v2", "blobs", "sha256")
}

// writeKeys writes the public key as a JSON Web Key Set, RFC 7517.
func (d *Distribution) writeKeys(file string) error {
	public, err := d.key.PublicKey.Bytes() // 4, then both coordinates
	if err != nil {
		return err
	}
	keys, err := json.Marshal(map[string]any{"keys": []map[string]string{{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": peerKey, "x": encoded(public[1:33]), "y": encoded(public[33:]),
	}}})
	if err != nil {
		return err
	}
	return os.WriteFile(file, keys, 0o644)
}

// Token signs a bearer token, RFC 7519 with ES256, for scopes as clients write them: "repository:library/app:pull,push".
func (d *Distribution) Token(scopes ...string) (string, error) {
	type access struct {
		Type    string   `json:"type"`
		Name    string   `json:"name"`
		Actions []string `json:"actions"`
	}
	var granted []access
	for _, scope := range scopes {
		kind, rest, _ := strings.Cut(scope, ":")
		name, actions, ok := strings.Cut(rest, ":")
		if !ok {
			return "", fmt.Errorf("%q is no scope", scope)
		}
		granted = append(granted, access{kind, name, strings.Split(actions, ",")})
	}
	head, err := json.Marshal(map[string]string{"typ": "JWT", "alg": "ES256", "kid": peerKey})
	if err != nil {
		return "", err
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": peerIssuer, "sub": "bench", "aud": peerService, "exp": now.Add(2 * time.Hour).Unix(), "nbf": now.Unix(), "iat": now.Unix(),
		"jti": rand.Text(), "access": granted,
	})
	if err != nil {
		return "", err
	}
	signed := encoded(head) + "." + encoded(claims)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, d.key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + encoded(signature), nil
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Place puts an image into a repository as a push would have left it, without the push, for volume. A running registry sees it
// at once: its files are all that it knows.
func (d *Distribution) Place(repository, tag string, manifest []byte, blobs ...[]byte) error {
	digest := Digest(manifest)
	inside := filepath.Join(d.root, "docker", "registry", "v2", "repositories", filepath.FromSlash(repository))
	files := map[string][]byte{
		link(inside, "_manifests/revisions", digest):                  []byte(digest),
		filepath.Join(inside, "_manifests/tags", tag, "current/link"): []byte(digest),
		link(inside, "_manifests/tags/"+tag+"/index", digest):         []byte(digest),
		d.blob(digest): manifest,
	}
	for _, blob := range blobs {
		files[d.blob(Digest(blob))], files[link(inside, "_layers", Digest(blob))] = blob, []byte(Digest(blob))
	}
	for file, content := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if _, err := os.Stat(file); err == nil {
			continue // another image's too
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (d *Distribution) blob(digest string) string {
	hex := strings.TrimPrefix(digest, "sha256:")
	return filepath.Join(d.Blobs(), hex[:2], hex, "data")
}

func link(inside, kind, digest string) string {
	return filepath.Join(inside, filepath.FromSlash(kind), strings.Replace(digest, ":", "/", 1), "link")
}
