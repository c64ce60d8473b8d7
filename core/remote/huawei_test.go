package remote_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

const (
	huaweiUser  = "cn-north-4@OWFPUKBXI"
	huaweiLogin = "6f0779072863d1ae3ccef921b7f33"
)

// sdkHMAC is https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-002.html
func sdkHMAC(q *http.Request, secret string) bool {
	algorithm, fields := authorization(q)
	if algorithm != "SDK-HMAC-SHA256" || fields["Access"] != user || !slices.Contains(strings.Split(fields["SignedHeaders"], ";"), "x-sdk-date") {
		return false
	}
	toSign := strings.Join([]string{algorithm, q.Header.Get("X-Sdk-Date"), hash(canonical(q, resource(q)+"/", fields["SignedHeaders"]))}, "\n")
	return fields["Signature"] == hex.EncodeToString([]byte(keyed(secret, toSign)))
}

// huaweiAPI is Huawei Cloud's: https://support.huaweicloud.com/api-swr/swr_02_0018.html
func huaweiAPI(m *made, ended *bool) func(mux *http.ServeMux, r *adaptertest.Registry) {
	refuse := func(w http.ResponseWriter, status int, code, message string) {
		adaptertest.Answer(w, status, map[string]any{
			"errors":     []any{map[string]string{"errorCode": code, "errorMessage": message, "detail": ""}},
			"error_code": code, "error_msg": message,
		})
	}
	return func(mux *http.ServeMux, r *adaptertest.Registry) {
		signed := func(pattern string, handle http.HandlerFunc) {
			mux.HandleFunc(pattern, func(w http.ResponseWriter, q *http.Request) {
				if q.Host != "swr-api.cn-north-4.myhuaweicloud.com" || !sdkHMAC(q, password) {
					adaptertest.Answer(w, http.StatusUnauthorized, map[string]any{
						"error_msg": "Incorrect IAM authentication information: verify aksk signature fail", "error_code": "APIGW.0301", "request_id": "cb141a91c945e68d4514a8eff5d62dc",
					})
					return
				}
				handle(w, q)
			})
		}
		signed("POST /v2/manage/utils/secret", func(w http.ResponseWriter, _ *http.Request) {
			auth := base64.StdEncoding.EncodeToString([]byte(huaweiUser + ":" + huaweiLogin))
			end := time.Now().Add(24 * time.Hour)
			if *ended {
				end = time.Now().Add(-time.Hour)
			}
			w.Header().Set("X-Swr-Dockerlogin", "docker login -u "+huaweiUser+" -p "+huaweiLogin)
			w.Header().Set("X-Swr-Expireat", end.UTC().Format("2006-01-02T15:04:05.000000Z"))
			adaptertest.Answer(w, http.StatusOK, map[string]any{"auths": map[string]any{"swr.cn-north-4.myhuaweicloud.com": map[string]string{"auth": auth}}})
		})
		signed("GET /v2/manage/namespaces/{namespace}", func(w http.ResponseWriter, q *http.Request) {
			if !m.has(q.PathValue("namespace")) {
				refuse(w, http.StatusNotFound, "SVCSTG.SWR.4041001", "Namespace does not exist")
				return
			}
			adaptertest.Answer(w, http.StatusOK, map[string]any{"id": 1422, "name": q.PathValue("namespace"), "creator_name": "lgp", "auth": 7})
		})
		signed("POST /v2/manage/namespaces", func(w http.ResponseWriter, q *http.Request) {
			var in struct{ Namespace string }
			_ = json.NewDecoder(q.Body).Decode(&in)
			if in.Namespace == "taken" {
				refuse(w, http.StatusConflict, "SVCSTG.SWR.4091001", "Namespace already exists")
				return
			}
			m.make(in.Namespace)
			w.WriteHeader(http.StatusCreated)
		})
		signed("GET /v2/manage/repos", func(w http.ResponseWriter, q *http.Request) {
			offset := -1
			_, _ = fmt.Sscan(q.URL.Query().Get("offset"), &offset)
			all := of(r, q.URL.Query().Get("namespace"))
			page := []any{}
			for _, name := range one(all, offset+1) {
				namespace, short, _ := strings.Cut(name, "/")
				page = append(page, map[string]any{"namespace": namespace, "name": short, "is_public": false, "total_range": len(all)})
			}
			if q.URL.Query().Get("limit") != "" {
				w.Header().Set("Content-Range", fmt.Sprintf("%d-%d/%d", offset, len(page), len(all)))
			}
			adaptertest.Answer(w, http.StatusOK, page)
		})
		signed("DELETE /v2/manage/namespaces/{namespace}/repos/{repository}/tags/{tag}", func(w http.ResponseWriter, q *http.Request) {
			if !r.RemoveTag(q.PathValue("namespace")+"/"+strings.ReplaceAll(q.PathValue("repository"), "$", "/"), q.PathValue("tag")) {
				refuse(w, http.StatusNotFound, "SVCSTG.SWR.4041003", "Tag does not exist")
				return
			}
			w.WriteHeader(http.StatusNoContent)
		})
	}
}

func TestHuawei(t *testing.T) {
	const at = "https://swr.cn-north-4.myhuaweicloud.com"
	options := func(m *made) adaptertest.Options {
		return adaptertest.Options{
			User: huaweiUser, Password: huaweiLogin, Bearer: true, NoCatalog: true, Needs: m.within,
			TokenPath: "/swr/auth/v2/registry/auth", Realm: at + "/swr/auth/v2/registry/auth",
		}
	}
	opens := func(t *testing.T, as remote.Credential, ended bool) (remote.Adapter, *adaptertest.Registry) {
		t.Helper()
		m := &made{}
		return cloud(t, "huawei-SWR", at, as, options(m), huaweiAPI(m, &ended))
	}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		a, _ := opens(t, mover, false)
		return adaptertest.Subject{
			Adapter: a, Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
			Denied: func() remote.Adapter {
				a, _ := opens(t, remote.Credential{Key: user, Secret: "wrong"}, false)
				return a
			},
		}
	})
	t.Run("a wrong secret is told with the gateway's words", func(t *testing.T) {
		a, _ := opens(t, remote.Credential{Key: user, Secret: "wrong"}, false)
		reason := remote.Reason(a.Ping(t.Context()))
		if !strings.HasPrefix(reason, "the registry does not accept the name and the secret") || !strings.Contains(reason, "verify aksk signature fail") {
			t.Fatal(reason)
		}
	})
	t.Run("the password is asked for once, and again when it ends", func(t *testing.T) {
		for ended, want := range map[bool]int{false: 1, true: 2} {
			a, r := opens(t, mover, ended)
			for _, repository := range []string{"team/a", "team/b"} {
				if _, err := a.Resolve(t.Context(), repository, "v1"); !errors.Is(err, remote.ErrNotFound) {
					t.Fatal(err)
				}
			}
			n := 0
			for _, line := range r.Requests() {
				if line == "POST /v2/manage/utils/secret" {
					n++
				}
			}
			if n != want {
				t.Errorf("asked %d times: %v", n, r.Requests())
			}
		}
	})
	t.Run("an organisation of another account says what to do", func(t *testing.T) {
		a, _ := opens(t, mover, false)
		err := a.EnsureNamespace(t.Context(), []string{"taken/app"})
		if err == nil || !strings.Contains(err.Error(), "another account has the name") || !strings.Contains(err.Error(), "SVCSTG.SWR.4091001: Namespace already exists") {
			t.Fatal(err)
		}
	})
	t.Run("a login of the registry is enough for names that are written out", func(t *testing.T) {
		a, _ := opens(t, remote.Credential{Key: huaweiUser, Secret: huaweiLogin}, false)
		if err := a.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := a.EnsureNamespace(t.Context(), []string{"team/app"}); err != nil {
			t.Fatal(err)
		}
		none := func([]remote.Repository) error { return nil }
		if err := a.Repositories(t.Context(), []string{"team/app"}, none); err != nil {
			t.Fatal(err)
		}
		if err := a.Repositories(t.Context(), []string{"team/**"}, none); err == nil || !strings.Contains(err.Error(), "needs the id and the secret of an access key; a login of the registry") {
			t.Fatal(err)
		}
	})
	t.Run("another host is told apart", func(t *testing.T) {
		_, err := adaptertest.TryOpen(t, "huawei-SWR", "https://name.swr-pro.cn-north-4.myhuaweicloud.com", mover)
		if !errors.Is(err, remote.ErrNotRegistry) || !strings.Contains(remote.Reason(err), "docker-registry is the kind of others") {
			t.Fatal(err)
		}
	})
}
