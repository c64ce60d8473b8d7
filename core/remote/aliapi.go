package remote

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// aliAPI is one version of the API that Alibaba Cloud's registries of a region have beside
// them, signed with an access key.
type aliAPI struct {
	*client
	as      Credential
	version string
}

func newAliAPI(t Target, region, version string) *aliAPI {
	base := &url.URL{Scheme: "https", Host: "cr." + region + ".aliyuncs.com"}
	return &aliAPI{client: newClient(base, t.Line, t.Credential.always), as: t.Credential, version: version}
}

// call calls an action of the API: JSON in and out, where they are not nil. A page of its
// own refusals comes with 200, too.
func (a *aliAPI) call(ctx context.Context, doing, action, method string, at *url.URL, in, out any) error {
	if a.as.Empty() {
		return fmt.Errorf("%s: Alibaba Cloud needs the id and the secret of an access key", doing)
	}
	h := http.Header{}
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
		h.Set("Content-Type", "application/json")
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	acs3(a.as.Key, a.as.Secret.Reveal(), method, at, h, body, action, a.version, hex.EncodeToString(nonce[:]), a.line.Clock())
	h.Set("Accept", "application/json")
	answer, err := a.do(ctx, request{
		doing: doing, method: method, url: at, header: h, open: true, body: payload(body), size: int64(len(body)),
		ok: []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	})
	if err != nil {
		return err
	}
	defer drain(answer.Body)
	var said struct {
		Code, Message string
		IsSuccess     *bool
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxPage))
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	if answer.StatusCode != http.StatusOK || said.IsSuccess != nil && !*said.IsSuccess {
		return aliRefused(at.Host, doing, answer.StatusCode, said.Code, said.Message)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", doing, err)
	}
	return nil
}

func aliRefused(host, doing string, status int, code, message string) error {
	switch {
	case strings.HasPrefix(code, "InvalidAccessKeyId"), code == "SignatureDoesNotMatch", code == "IncompleteSignature":
		status = http.StatusUnauthorized
	case strings.HasSuffix(code, "_NOT_EXIST"):
		return fmt.Errorf("%s: %w: %s", doing, ErrNotFound, plain(firstOf(message, code)))
	case status == http.StatusOK:
		status = http.StatusBadRequest
	}
	return &RefusedError{Host: host, Doing: doing, Status: status, Code: plain(code), Message: plain(message)}
}

// acs3 signs a request by Alibaba Cloud's signature V3, which is the same for both styles
// of its APIs. All headers that are set are signed.
// https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
func acs3(id, secret, method string, at *url.URL, h http.Header, body []byte, action, version, nonce string, now time.Time) {
	const algorithm = "ACS3-HMAC-SHA256"
	h.Set("X-Acs-Action", action)
	h.Set("X-Acs-Content-Sha256", hexSum(body))
	h.Set("X-Acs-Date", now.UTC().Format(time.RFC3339))
	h.Set("X-Acs-Signature-Nonce", nonce)
	h.Set("X-Acs-Version", version)
	text, signed := canonical(method, at, escapedPath(at), h, body)
	signature := hex.EncodeToString(mac([]byte(secret), algorithm+"\n"+hexSum([]byte(text))))
	h.Set("Authorization", algorithm+" Credential="+id+",SignedHeaders="+signed+",Signature="+signature)
}
