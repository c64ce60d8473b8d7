package remote

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tencentAPI is the API of Tencent Cloud's registries of both editions, signed with a
// secret key.
type tencentAPI struct {
	*client
	as     Credential
	region string
}

const (
	tencentVersion = "2019-09-24"
	// tencentRegion is where instances of all regions are asked for, and the Personal
	// Edition.
	tencentRegion = "ap-guangzhou"
)

func tencentBase() *url.URL { return &url.URL{Scheme: "https", Host: "tcr.tencentcloudapi.com"} }

func newTencentAPI(base *url.URL, t Target, as Credential) *tencentAPI {
	return &tencentAPI{client: newClient(base, t.Line, as.always), as: as, region: tencentRegion}
}

// action calls an action of the API.
func (a *tencentAPI) action(ctx context.Context, doing, name string, in, out any) error {
	if a.as.Empty() {
		return fmt.Errorf("%s: Tencent Cloud needs the id and the key of a secret", doing)
	}
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	at, now := a.at("/"), a.line.Clock()
	h := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Tc-Action": {name}, "X-Tc-Version": {tencentVersion},
		"X-Tc-Region": {a.region}, "X-Tc-Timestamp": {strconv.FormatInt(now.Unix(), 10)},
	}
	h.Set("Authorization", tc3(a.as.Key, a.as.Secret.Reveal(), "tcr", at.Host, h.Get("Content-Type"), text, now))
	answer, err := a.do(ctx, request{doing: doing, method: http.MethodPost, url: at, header: h, open: true, ok: []int{http.StatusOK}, body: payload(text), size: int64(len(text))})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	var said struct{ Response json.RawMessage }
	if err := decode(answer.Body, &said); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var refused struct {
		Error *struct{ Code, Message string }
	}
	if err := json.Unmarshal(said.Response, &refused); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	if refused.Error != nil {
		return a.refused(at.Host, doing, refused.Error.Code, refused.Error.Message)
	}
	if err := json.Unmarshal(said.Response, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	return nil
}

func (a *tencentAPI) refused(host, doing, code, message string) error {
	status := http.StatusBadRequest
	switch kind, _, _ := strings.Cut(code, "."); kind {
	case "ResourceNotFound":
		return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(message))
	case "AuthFailure":
		status = http.StatusUnauthorized
	case "UnauthorizedOperation":
		status = http.StatusForbidden
	}
	return &RefusedError{Host: host, Doing: doing, Status: status, Code: plain(code), Message: plain(message)}
}

// tc3 is the Authorization of Tencent Cloud's signature v3, over content type and host.
// https://cloud.tencent.com/document/api/213/30654
func tc3(id, secret, service, host, contentType string, body []byte, now time.Time) string {
	const algorithm = "TC3-HMAC-SHA256"
	day := now.UTC().Format(time.DateOnly)
	text, signed := canonical(http.MethodPost, &url.URL{Host: host}, "/", http.Header{"Content-Type": {contentType}}, body)
	scope := day + "/" + service + "/tc3_request"
	toSign := strings.Join([]string{algorithm, strconv.FormatInt(now.Unix(), 10), scope, hexSum([]byte(text))}, "\n")
	key := []byte("TC3" + secret)
	for _, part := range []string{day, service, "tc3_request"} {
		key = mac(key, part)
	}
	return algorithm + " Credential=" + id + "/" + scope + ", SignedHeaders=" + signed + ", Signature=" + hex.EncodeToString(mac(key, toSign))
}
