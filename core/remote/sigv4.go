package remote

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// sigV4 signs requests with AWS's Signature Version 4: one request to one service, which
// needs no SDK. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type sigV4 struct {
	keyID, secret   string
	region, service string
}

const (
	sigV4Algorithm = "AWS4-HMAC-SHA256"
	sigV4Time      = "20060102T150405Z"
)

// sign sets X-Amz-Date and Authorization. All headers that are set are signed, and Host.
func (s sigV4) sign(method string, at *url.URL, h http.Header, body []byte, now time.Time) {
	now = now.UTC()
	h.Set("X-Amz-Date", now.Format(sigV4Time))
	names := []string{"host"}
	values := map[string]string{"host": at.Host}
	for key, all := range h {
		name := strings.ToLower(key)
		names = append(names, name)
		for i, v := range all {
			all[i] = strings.Join(strings.Fields(v), " ")
		}
		values[name] = strings.Join(all, ",")
	}
	slices.Sort(names)
	var headers strings.Builder
	for _, name := range names {
		headers.WriteString(name + ":" + values[name] + "\n")
	}
	signed := strings.Join(names, ";")
	path := at.EscapedPath()
	if path == "" {
		path = "/"
	}
	query := strings.ReplaceAll(at.Query().Encode(), "+", "%20") // sorted by key
	canonical := strings.Join([]string{method, path, query, headers.String(), signed, hexSum(body)}, "\n")
	day := now.Format("20060102")
	scope := strings.Join([]string{day, s.region, s.service, "aws4_request"}, "/")
	toSign := strings.Join([]string{sigV4Algorithm, now.Format(sigV4Time), scope, hexSum([]byte(canonical))}, "\n")
	key := []byte("AWS4" + s.secret)
	for _, part := range []string{day, s.region, s.service, "aws4_request"} {
		key = mac(key, part)
	}
	h.Set("Authorization", sigV4Algorithm+" Credential="+s.keyID+"/"+scope+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac(key, toSign)))
}

func hexSum(p []byte) string {
	sum := sha256.Sum256(p)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte(text)) // a hash
	return m.Sum(nil)
}
