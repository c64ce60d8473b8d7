package remote_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What follows is how the vendors' own servers check a signature, written after their
// documentation and not after the client's code.

// authorization reads "<algorithm> <name>=<value>,<name>=<value>", as all of them write it.
func authorization(q *http.Request) (algorithm string, fields map[string]string) {
	algorithm, rest, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	fields = map[string]string{}
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[name] = value
	}
	return algorithm, fields
}

// canonical is a request as it is signed. Its body can be read again.
func canonical(q *http.Request, path, signed string) string {
	var query []string
	for pair := range strings.SplitSeq(q.URL.RawQuery, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			query = append(query, reserved(name)+"="+reserved(value))
		}
	}
	slices.Sort(query)
	headers := ""
	for name := range strings.SplitSeq(signed, ";") {
		value := q.Header.Get(name)
		if name == "host" {
			value = q.Host
		}
		headers += name + ":" + strings.TrimSpace(value) + "\n"
	}
	return strings.Join([]string{q.Method, path, strings.Join(query, "&"), headers, signed, hash(body(q))}, "\n")
}

func body(q *http.Request) string {
	text, _ := io.ReadAll(q.Body)
	q.Body = io.NopCloser(bytes.NewReader(text))
	return string(text)
}

// reserved escapes what came escaped in any way but for RFC 3986's unreserved characters.
func reserved(s string) string {
	s, _ = url.QueryUnescape(s)
	var out strings.Builder
	for _, c := range []byte(s) {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			out.WriteByte(c)
		} else {
			out.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		}
	}
	return out.String()
}

// resource is a path whose segments are escaped so.
func resource(q *http.Request) string {
	segments := strings.Split(q.URL.Path, "/")
	for i, s := range segments {
		segments[i] = reserved(strings.ReplaceAll(s, "+", "%2B"))
	}
	return strings.Join(segments, "/")
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func keyed(key, text string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return string(m.Sum(nil))
}

// scoped is the signature over a day, a region and a service, of AWS and of those who took
// it over.
func scoped(q *http.Request, name, prefix, date, end, secret string) bool {
	algorithm, fields := authorization(q)
	scope := strings.SplitN(fields["Credential"], "/", 2)
	if algorithm != name || len(scope) != 2 || scope[0] != user || !strings.HasSuffix(scope[1], "/"+end) || !strings.HasPrefix(q.Header.Get(date), strings.Split(scope[1], "/")[0]) {
		return false
	}
	key := prefix + secret
	for part := range strings.SplitSeq(scope[1], "/") {
		key = keyed(key, part)
	}
	toSign := strings.Join([]string{algorithm, q.Header.Get(date), scope[1], hash(canonical(q, resource(q), fields["SignedHeaders"]))}, "\n")
	return fields["Signature"] == hex.EncodeToString([]byte(keyed(key, toSign)))
}

// tc3 is https://cloud.tencent.com/document/api/213/30654
func tc3(q *http.Request, day, secret string) bool {
	algorithm, fields := authorization(q)
	scope := day + "/tcr/tc3_request"
	if algorithm != "TC3-HMAC-SHA256" || fields["Credential"] != user+"/"+scope {
		return false
	}
	toSign := strings.Join([]string{algorithm, q.Header.Get("X-TC-Timestamp"), scope, hash(canonical(q, "/", fields["SignedHeaders"]))}, "\n")
	key := keyed(keyed(keyed("TC3"+secret, day), "tcr"), "tc3_request")
	return fields["Signature"] == hex.EncodeToString([]byte(keyed(key, toSign)))
}

// acs3 is https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
func acs3(q *http.Request, secret string) bool {
	algorithm, fields := authorization(q)
	must := []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
	if q.Header.Get("Content-Type") != "" {
		must = slices.Insert(must, 0, "content-type")
	}
	if algorithm != "ACS3-HMAC-SHA256" || fields["Credential"] != user || fields["SignedHeaders"] != strings.Join(must, ";") || q.Header.Get("X-Acs-Content-Sha256") != hash(body(q)) {
		return false
	}
	toSign := algorithm + "\n" + hash(canonical(q, resource(q), fields["SignedHeaders"]))
	return fields["Signature"] == hex.EncodeToString([]byte(keyed(secret, toSign)))
}
