package remote_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// aliPersonalAPI is Alibaba Cloud's of the Personal Edition:
// https://www.alibabacloud.com/help/doc-detail/72399.htm
func aliPersonalAPI(m *made) func(mux *http.ServeMux, r *adaptertest.Registry) {
	const id = "7BF6D761-E7F8-454C-A235-983E5D183B4E"
	return func(mux *http.ServeMux, r *adaptertest.Registry) {
		signed := func(pattern, action string, handle func(q *http.Request) (data any, code string)) {
			mux.HandleFunc(pattern, func(w http.ResponseWriter, q *http.Request) {
				switch _, fields := authorization(q); {
				case fields["Credential"] != user:
					adaptertest.Answer(w, http.StatusNotFound, map[string]any{"RequestId": id, "HostId": q.Host, "Code": "InvalidAccessKeyId.NotFound", "Message": "Specified access key is not found."})
					return
				case q.Host != "cr.cn-hangzhou.aliyuncs.com", q.Header.Get("X-Acs-Version") != "2016-06-07", q.Header.Get("X-Acs-Action") != action:
					adaptertest.Answer(w, http.StatusNotFound, map[string]any{"RequestId": id, "HostId": q.Host, "Code": "InvalidApi.NotFound", "Message": "Specified api is not found."})
					return
				case !acs3(q, password):
					adaptertest.Answer(w, http.StatusBadRequest, map[string]any{"RequestId": id, "HostId": q.Host, "Code": "SignatureDoesNotMatch", "Message": "Specified signature is not matched with our calculation."})
					return
				}
				data, code := handle(q)
				if code != "" {
					adaptertest.Answer(w, http.StatusNotFound, map[string]any{"requestId": id, "code": code, "message": "it is not there"})
					return
				}
				adaptertest.Answer(w, http.StatusOK, map[string]any{"requestId": id, "data": data})
			})
		}
		signed("GET /tokens", "GetAuthorizationToken", func(*http.Request) (any, string) {
			return map[string]any{"authorizationToken": password, "tempUserName": "cr_temp_user", "expireDate": time.Now().Add(time.Hour).UnixMilli()}, ""
		})
		signed("GET /namespace", "GetNamespaceList", func(*http.Request) (any, string) {
			all := []any{}
			for _, name := range m.namespaces() {
				all = append(all, map[string]string{"namespace": name, "authorizeType": "ADMIN", "namespaceStatus": "NORMAL"})
			}
			return map[string]any{"namespaces": all}, ""
		})
		signed("GET /namespace/{namespace}", "GetNamespace", func(q *http.Request) (any, string) {
			if !m.has(q.PathValue("namespace")) {
				return nil, "NAMESPACE_NOT_EXIST"
			}
			return map[string]any{"namespace": map[string]any{"namespace": q.PathValue("namespace"), "autoCreate": true}}, ""
		})
		signed("PUT /namespace", "CreateNamespace", func(q *http.Request) (any, string) {
			var in struct{ Namespace struct{ Namespace string } }
			_ = json.NewDecoder(q.Body).Decode(&in)
			m.make(in.Namespace.Namespace)
			return map[string]any{"namespaceId": 1}, ""
		})
		signed("POST /namespace/{namespace}", "UpdateNamespace", func(q *http.Request) (any, string) {
			var in struct {
				Namespace struct {
					AutoCreate        bool
					DefaultVisibility string
				}
			}
			_ = json.NewDecoder(q.Body).Decode(&in)
			if in.Namespace.AutoCreate && in.Namespace.DefaultVisibility == "PRIVATE" {
				m.make(q.PathValue("namespace") + "/") // from now on a push makes repositories
			}
			return map[string]any{}, ""
		})
		signed("GET /repos/{namespace}", "GetRepoListByNamespace", func(q *http.Request) (any, string) {
			if !m.has(q.PathValue("namespace")) {
				return nil, "NAMESPACE_NOT_EXIST"
			}
			n := 0
			_, _ = fmt.Sscan(q.URL.Query().Get("Page"), &n)
			all := of(r, q.PathValue("namespace"))
			page := []any{}
			for _, name := range one(all, n) {
				namespace, short, _ := strings.Cut(name, "/")
				page = append(page, map[string]any{"repoNamespace": namespace, "repoName": short, "repoType": "PRIVATE"})
			}
			return map[string]any{"total": len(all), "page": n, "pageSize": 1, "repos": page}, ""
		})
		signed("DELETE /repos/{namespace}/{name}/tags/{tag}", "DeleteImage", func(q *http.Request) (any, string) {
			r.RemoveTag(q.PathValue("namespace")+"/"+q.PathValue("name"), q.PathValue("tag"))
			return map[string]any{}, ""
		})
	}
}

func TestAlibabaPersonal(t *testing.T) {
	opens := func(t *testing.T, as remote.Credential) remote.Adapter {
		t.Helper()
		m := &made{}
		a, _ := cloud(t, "ali-acr", "https://registry.cn-hangzhou.aliyuncs.com", as, adaptertest.Options{
			User: "cr_temp_user", Password: password, Bearer: true, NoCatalog: true, TokenPath: "/auth", Realm: "https://dockerauth.cn-hangzhou.aliyuncs.com/auth",
			Needs: func(repository string) bool {
				namespace, _, _ := strings.Cut(repository, "/")
				return m.has(namespace + "/")
			},
		}, aliPersonalAPI(m))
		return a
	}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		return adaptertest.Subject{
			Adapter: opens(t, mover), Repository: "team/app", Other: "team/tools", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
			Denied: func() remote.Adapter { return opens(t, remote.Credential{Key: user, Secret: "wrong"}) },
		}
	})
	t.Run("a key that is not known is told as such", func(t *testing.T) {
		reason := remote.Reason(opens(t, remote.Credential{Key: "somebody", Secret: password}).Ping(t.Context()))
		if !strings.HasPrefix(reason, "the registry does not accept the name and the secret") || !strings.Contains(reason, "Specified access key is not found") {
			t.Fatal(reason)
		}
	})
}
