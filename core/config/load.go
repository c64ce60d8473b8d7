package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// EnvPrefix begins the name of every environment variable that is a setting.
const EnvPrefix = "ROADSTEAD_"

// testPrefix begins variables that the project's own tests read.
const testPrefix = EnvPrefix + "TEST_"

// maxFile bounds a configuration file, in bytes.
const maxFile = 1 << 20

// Setting is one setting as documentation shows it.
type Setting struct {
	Key, Env, Default, Allowed, Doc string
	field                           int
}

// Settings lists every setting in the order of Config's fields.
func Settings() []Setting {
	t := reflect.TypeFor[Config]()
	out := make([]Setting, 0, t.NumField())
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		if tag.Get("key") == "" {
			continue
		}
		s := Setting{Key: tag.Get("key"), Env: tag.Get("env"), Default: tag.Get("default"), Allowed: tag.Get("check"), Doc: tag.Get("doc"), field: i}
		if s.Env == "" {
			s.Env = EnvPrefix + strings.ToUpper(strings.ReplaceAll(s.Key, ".", "_"))
		}
		out = append(out, s)
	}
	return out
}

// Load reads the settings: the environment wins over the file, the file over
// the defaults. file may be empty for none. The error names every key that is
// unknown or has a bad value, the value, and what is allowed.
func Load(file string, environ []string) (Config, error) {
	given := map[string]source{}
	var problems []error
	if file != "" {
		values, err := readFile(file)
		if err != nil {
			return Config{}, err
		}
		for key, value := range values {
			given[key] = source{value: value, where: file}
		}
	}
	problems = append(problems, unknownKeys(given)...)
	problems = append(problems, fromEnvironment(environ, given)...)

	var c Config
	c.given = map[string]bool{}
	for key := range given {
		c.given[key] = true
	}
	target := reflect.ValueOf(&c).Elem()
	for _, s := range Settings() {
		text, where := s.Default, "default"
		if g, ok := given[s.Key]; ok {
			text, where = g.value, g.where
		}
		if err := set(target.Field(s.field), s, text); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w (from %s)", s.Key, err, where))
		}
	}
	problems = append(problems, c.conflicts()...)
	if len(problems) > 0 {
		return Config{}, errors.Join(problems...)
	}
	return c.resolved()
}

type source struct{ value, where string }

func fromEnvironment(environ []string, given map[string]source) []error {
	byEnv := map[string]Setting{}
	for _, s := range Settings() {
		byEnv[s.Env] = s
	}
	var problems []error
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, EnvPrefix) || strings.HasPrefix(name, testPrefix) {
			continue
		}
		s, ok := byEnv[name]
		if !ok {
			problems = append(problems, fmt.Errorf("%s: no such setting%s", name, suggestion(name, byEnv)))
			continue
		}
		given[s.Key] = source{value: value, where: "environment " + name}
	}
	return problems
}

func unknownKeys(given map[string]source) []error {
	known := map[string]Setting{}
	for _, s := range Settings() {
		known[s.Key] = s
	}
	var problems []error
	for key, g := range given {
		if _, ok := known[key]; !ok {
			problems = append(problems, fmt.Errorf("%s: no such setting in %s%s", key, g.where, suggestion(key, known)))
			delete(given, key)
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

// suggestion names the known name that is nearest, if one is near.
func suggestion(name string, known map[string]Setting) string {
	best, least := "", 4
	for k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least || (d == least && k < best) {
			best, least = k, d
		}
	}
	if best == "" {
		return "; docs/ops/configuration.md lists them all"
	}
	return "; did you mean " + best + "?"
}

// distance is the edit distance of a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := previous
			if a[i] != b[j] {
				cost++
			}
			previous = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func readFile(file string) (map[string]string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("configuration file %s is larger than %d bytes", file, maxFile)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("configuration file %s is not YAML: %w", file, err)
	}
	out := map[string]string{}
	flatten("", tree, out)
	return out, nil
}

// flatten turns nested maps into dotted keys and lists into comma-separated text.
func flatten(prefix string, node any, out map[string]string) {
	switch v := node.(type) {
	case map[string]any:
		for key, child := range v {
			if prefix != "" {
				key = prefix + "." + key
			}
			flatten(key, child, out)
		}
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = fmt.Sprint(part)
		}
		out[prefix] = strings.Join(parts, ",")
	case nil:
		out[prefix] = ""
	default:
		out[prefix] = fmt.Sprint(v)
	}
}

// conflicts are settings that are each fine and do not go together.
func (c Config) conflicts() []error {
	var problems []error
	if c.StorageDriver == "s3" && c.S3Bucket == "" {
		problems = append(problems, errors.New("storage.s3.bucket: is empty; storage.driver s3 needs the name of a bucket"))
	}
	if (c.S3AccessKey == "") != (c.S3SecretKey == "") {
		problems = append(problems, errors.New("storage.s3.accesskey and storage.s3.secretkey: give both or none"))
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		problems = append(problems, errors.New("tls.cert and tls.key: give both or none"))
	}
	if c.TLSCert != "" && c.ExternalURL != nil && c.ExternalURL.Scheme != "https" {
		problems = append(problems, fmt.Errorf("external_url: %s is not https, but the server speaks TLS (tls.cert)", c.ExternalURL))
	}
	return problems
}

// resolved makes paths absolute, so that they do not depend on where the program
// stands later.
func (c Config) resolved() (Config, error) {
	var err error
	if c.DataDir, err = filepath.Abs(c.DataDir); err != nil {
		return c, fmt.Errorf("data_dir: %w", err)
	}
	if c.StorageRoot == "" {
		c.StorageRoot = filepath.Join(c.DataDir, "storage")
	}
	for key, path := range map[string]*string{"ca_cert": &c.CACert, "tls.cert": &c.TLSCert, "tls.key": &c.TLSKey} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return c, fmt.Errorf("%s: %w", key, err)
		}
	}
	if c.StorageRoot, err = filepath.Abs(c.StorageRoot); err != nil {
		return c, fmt.Errorf("storage.root: %w", err)
	}
	return c, nil
}
