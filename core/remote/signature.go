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

// sigV4 signs requests with AWS's Signature Version 4, or with one that was made after it:
// one request to one service, which needs no SDK.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type sigV4 struct {
	dialect
	keyID, secret   string
	region, service string
}

// dialect is what vendors name differently.
type dialect struct {
	algorithm string
	prefix    string // of the secret
	date      string // the header
	end       string // of the scope
}

func dialectOfAWS() dialect {
	return dialect{algorithm: "AWS4-HMAC-SHA256", prefix: "AWS4", date: "X-Amz-Date", end: "aws4_request"}
}

// signatureTime is how the time of a request is written.
const signatureTime = "20060102T150405Z"

// sign sets the date and Authorization. All headers that are set are signed, and Host.
func (s sigV4) sign(method string, at *url.URL, h http.Header, body []byte, now time.Time) {
	now = now.UTC()
	h.Set(s.date, now.Format(signatureTime))
	text, signed := canonical(method, at, escapedPath(at), h, body)
	day := now.Format("20060102")
	scope := strings.Join([]string{day, s.region, s.service, s.end}, "/")
	toSign := strings.Join([]string{s.algorithm, now.Format(signatureTime), scope, hexSum([]byte(text))}, "\n")
	key := []byte(s.prefix + s.secret)
	for _, part := range []string{day, s.region, s.service, s.end} {
		key = mac(key, part)
	}
	h.Set("Authorization", s.algorithm+" Credential="+s.keyID+"/"+scope+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac(key, toSign)))
}

// canonical writes a request as what the vendors' signatures are made of, and the names of
// the headers that are in it: all that are set, and Host.
func canonical(method string, at *url.URL, path string, h http.Header, body []byte) (text, signed string) {
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
	signed = strings.Join(names, ";")
	return strings.Join([]string{method, path, escapedQuery(at.Query()), headers.String(), signed, hexSum(body)}, "\n"), signed
}

// escapedQuery is a query in the order of its keys, with all escaped that RFC 3986 does not
// leave alone.
func escapedQuery(query url.Values) string { return strings.ReplaceAll(query.Encode(), "+", "%20") }

// escapedPath is a path whose parts are escaped as in escapedQuery.
func escapedPath(at *url.URL) string {
	parts := strings.Split(at.Path, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(part), "+", "%20")
	}
	return firstOf(strings.Join(parts, "/"), "/")
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
