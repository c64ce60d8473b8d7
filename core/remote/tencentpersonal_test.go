package remote_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// tencentPersonalAPI is Tencent Cloud's of the Personal Edition:
// https://cloud.tencent.com/document/product/1141/41583
func tencentPersonalAPI(m *made) func(mux *http.ServeMux, r *adaptertest.Registry) {
	return func(mux *http.ServeMux, r *adaptertest.Registry) {
		mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, q *http.Request) {
			answer := func(body map[string]any) {
				body["RequestId"] = "eac6b301-a322-493a-8e36-83b295459397"
				adaptertest.Answer(w, http.StatusOK, map[string]any{"Response": body})
			}
			refuse := func(code, message string) {
				answer(map[string]any{"Error": map[string]string{"Code": code, "Message": message}})
			}
			if q.Host != "tcr.tencentcloudapi.com" || q.Header.Get("X-TC-Version") != "2019-09-24" || q.Header.Get("X-TC-Region") != "ap-guangzhou" {
				refuse("UnsupportedRegion", q.Header.Get("X-TC-Region"))
				return
			}
			if !tc3(q, time.Now().UTC().Format(time.DateOnly), password) {
				refuse("AuthFailure.SignatureFailure", "The provided credentials could not be validated. Please check your signature is correct.")
				return
			}
			var in struct {
				Namespace, RepoName, Tag string
				Offset, Limit            int
			}
			_ = json.NewDecoder(q.Body).Decode(&in)
			switch action := q.Header.Get("X-TC-Action"); action {
			case "DescribeNamespacePersonal":
				all := []any{}
				for _, name := range m.namespaces() {
					if strings.Contains(name, in.Namespace) {
						all = append(all, map[string]any{"Namespace": name, "RepoCount": 10})
					}
				}
				answer(map[string]any{"Data": map[string]any{"NamespaceCount": len(all), "NamespaceInfo": all}})
			case "CreateNamespacePersonal":
				if m.has(in.Namespace) {
					refuse("FailedOperation.ValidateRegistryNameFail", "namespace exist")
					return
				}
				m.make(in.Namespace)
				answer(map[string]any{})
			case "DescribeRepositoryOwnerPersonal", "DescribeRepositoryFilterPersonal":
				all := of(r, in.Namespace)
				page := []any{}
				for _, name := range one(all, in.Offset+1) {
					page = append(page, map[string]any{"RepoName": name, "RepoType": "QCLOUD HUB", "Public": 0})
				}
				answer(map[string]any{"Data": map[string]any{"RepoInfo": page, "Server": "ccr.ccs.tencentyun.com", "TotalCount": len(all)}})
			case "DeleteImagePersonal":
				r.RemoveTag(in.RepoName, in.Tag)
				answer(map[string]any{})
			default:
				refuse("InvalidAction", action)
			}
		})
	}
}

func TestTencentPersonal(t *testing.T) {
	const account = "100036950234"
	opens := func(t *testing.T, as remote.Credential) remote.Adapter {
		t.Helper()
		m := &made{}
		m.make("team-of-others")
		a, _ := cloud(t, "tencent-tcr", "https://ccr.ccs.tencentyun.com", as, adaptertest.Options{
			User: account, Password: "of-the-registry", Bearer: true, NoCatalog: true, TokenPath: "/service/token", Realm: "https://ccr.ccs.tencentyun.com/service/token",
		}, tencentPersonalAPI(m))
		return a
	}
	both := func(key string) remote.Credential {
		return remote.Credential{Key: "json_file", Secret: remote.Secret(`{"account_name":"` + account + `","docker_cli_password":"of-the-registry","secret_id":"` + user + `","secret_key":"` + key + `"}`)}
	}
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		return adaptertest.Subject{
			Adapter: opens(t, both(password)), Repository: "team/app", Other: "team/tools", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
			Denied: func() remote.Adapter { return opens(t, remote.Credential{Key: account, Secret: "wrong"}) },
		}
	})
	none := func([]remote.Repository) error { return nil }
	t.Run("a wrong key is told when something is listed", func(t *testing.T) {
		err := opens(t, both("wrong")).Repositories(t.Context(), nil, none)
		if !strings.HasPrefix(remote.Reason(err), "the registry does not accept the name and the secret") {
			t.Fatal(err)
		}
	})
	t.Run("without a key names have to be written out", func(t *testing.T) {
		a := opens(t, remote.Credential{Key: account, Secret: "of-the-registry"})
		if err := a.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := a.EnsureNamespace(t.Context(), []string{"team/app"}); err != nil {
			t.Fatal(err)
		}
		if err := a.Repositories(t.Context(), []string{"team/app"}, none); err != nil {
			t.Fatal(err)
		}
		if err := a.Repositories(t.Context(), nil, none); err == nil || !strings.Contains(err.Error(), "or write the repositories out") {
			t.Fatal(err)
		}
	})
	t.Run("other hosts of the edition are told apart", func(t *testing.T) {
		_, err := adaptertest.TryOpen(t, "tencent-tcr", "https://hkccr.ccs.tencentyun.com", mover)
		if !errors.Is(err, remote.ErrNotRegistry) || !strings.Contains(remote.Reason(err), "docker-registry is the kind of hkccr") {
			t.Fatal(err)
		}
	})
}
