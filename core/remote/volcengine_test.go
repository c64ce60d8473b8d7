package remote_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/core/remote"
	"github.com/roadstead-registry/roadstead/core/remote/adaptertest"
)

// volcengineAPI is Volcengine's: https://www.volcengine.com/docs/6420/79198
func volcengineAPI(m *made) func(mux *http.ServeMux, r *adaptertest.Registry) {
	return func(mux *http.ServeMux, r *adaptertest.Registry) {
		mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, q *http.Request) {
			action := q.URL.Query().Get("Action")
			about := map[string]any{"RequestId": "540CFF28-407A-40B5-B6A5-74B000000000", "Action": action, "Version": "2022-05-12", "Service": "cr", "Region": "cn-beijing"}
			answer := func(result any) {
				adaptertest.Answer(w, http.StatusOK, map[string]any{"ResponseMetadata": about, "Result": result})
			}
			refuse := func(status int, code, message string) {
				about["Error"] = map[string]string{"Code": code, "Message": message}
				adaptertest.Answer(w, status, map[string]any{"ResponseMetadata": about})
			}
			_, fields := authorization(q)
			switch {
			case q.Host != "open.volcengineapi.com", q.URL.Query().Get("Version") != "2022-05-12":
				refuse(http.StatusNotFound, "InvalidActionOrVersion", "Could not find operation "+action)
				return
			case !strings.HasPrefix(fields["Credential"], user+"/"):
				refuse(http.StatusUnauthorized, "InvalidAccessKey", "The accesskey included in the request is invalid.")
				return
			case !strings.HasSuffix(fields["Credential"], "/cn-beijing/cr/request"), !scoped(q, "HMAC-SHA256", "", "X-Date", "request", password):
				refuse(http.StatusUnauthorized, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
				return
			}
			var in struct {
				Registry, Namespace, Repository, Name, AccessLevel string
				Names                                              []string
				PageNumber, PageSize                               int
				Filter                                             struct{ Namespaces, Names []string }
			}
			_ = json.NewDecoder(q.Body).Decode(&in)
			if in.Registry != "my-own" {
				refuse(http.StatusNotFound, "NotFound.Registry", "The specified registry "+in.Registry+" does not exist.")
				return
			}
			switch action {
			case "GetAuthorizationToken":
				answer(map[string]any{"Username": "xx@xx", "Token": "eyJ0eXAiOiJK", "ExpireTime": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
			case "ListNamespaces":
				items := []any{}
				for _, name := range m.namespaces() {
					if slices.Contains(in.Filter.Names, name) {
						items = append(items, map[string]any{"Name": name, "Project": "default"})
					}
				}
				answer(map[string]any{"Registry": in.Registry, "TotalCount": len(items), "Items": items, "PageNumber": in.PageNumber, "PageSize": in.PageSize})
			case "CreateNamespace":
				if m.has(in.Name) {
					refuse(http.StatusConflict, "AlreadyExists.Namespace", "The specified namespace "+in.Name+" already exists.")
					return
				}
				m.make(in.Name)
				answer(map[string]any{})
			case "ListRepositories":
				var all []string
				for _, name := range of(r, "") {
					namespace, short, _ := strings.Cut(name, "/")
					if (len(in.Filter.Namespaces) == 0 || slices.Contains(in.Filter.Namespaces, namespace)) && (len(in.Filter.Names) == 0 || slices.Contains(in.Filter.Names, short)) {
						all = append(all, name)
					}
				}
				if len(in.Filter.Names) == 1 && len(all) == 0 && m.has(in.Filter.Namespaces[0]+"/"+in.Filter.Names[0]) {
					all = append(all, in.Filter.Namespaces[0]+"/"+in.Filter.Names[0]) // it has nothing yet
				}
				items := []any{}
				for _, name := range one(all, in.PageNumber) {
					namespace, short, _ := strings.Cut(name, "/")
					items = append(items, map[string]any{"Namespace": namespace, "Name": short, "AccessLevel": "Private"})
				}
				answer(map[string]any{"Registry": in.Registry, "TotalCount": len(all), "Items": items, "PageNumber": in.PageNumber, "PageSize": 1})
			case "CreateRepository":
				switch name := in.Namespace + "/" + in.Name; {
				case !m.has(in.Namespace):
					refuse(http.StatusNotFound, "NotFound.Namespace", "The specified namespace "+in.Namespace+" does not exist.")
				case m.has(name):
					refuse(http.StatusConflict, "AlreadyExists.Repository", "The specified repository "+in.Name+" already exists.")
				case in.AccessLevel != "Private":
					refuse(http.StatusBadRequest, "InvalidParameter.AccessLevel", in.AccessLevel)
				default:
					m.make(name)
					answer(map[string]any{})
				}
			case "DeleteTags":
				successes, failures := []any{}, []any{}
				for _, tag := range in.Names {
					if r.RemoveTag(in.Namespace+"/"+in.Repository, tag) {
						successes = append(successes, map[string]string{"Name": tag})
					} else {
						failures = append(failures, map[string]string{"Name": tag, "Reason": "tag " + tag + " not exist"})
					}
				}
				answer(map[string]any{"Successes": successes, "Failures": failures})
			default:
				refuse(http.StatusNotFound, "InvalidActionOrVersion", "Could not find operation "+action)
			}
		})
	}
}

func TestVolcengine(t *testing.T) {
	opens := func(t *testing.T, at string, as remote.Credential) remote.Adapter {
		t.Helper()
		m := &made{}
		a, _ := cloud(t, "volcengine-cr", at, as, adaptertest.Options{
			User: "xx@xx", Password: "eyJ0eXAiOiJK", Bearer: true, NoCatalog: true, Needs: m.has, TokenPath: "/auth", Realm: "https://cr-cn-beijing.volces.com/auth",
		}, volcengineAPI(m))
		return a
	}
	const at = "https://my-own-cn-beijing.cr.volces.com"
	adaptertest.Conformance(t, func(t *testing.T) adaptertest.Subject {
		return adaptertest.Subject{
			Adapter: opens(t, at, mover), Repository: "team/app", Other: "team/tools/cli", Namespace: "team/**", ListsAll: true, DeletesTags: true, DeletesContent: true, Mounts: true,
			Denied: func() remote.Adapter { return opens(t, at, remote.Credential{Key: user, Secret: "wrong"}) },
		}
	})
	t.Run("an instance that is not there is not a repository that is not there", func(t *testing.T) {
		a := opens(t, "https://another-cn-beijing.cr.volces.com", mover)
		_, err := a.Resolve(t.Context(), "team/app", "v1")
		if err == nil || errors.Is(err, remote.ErrNotFound) || !strings.Contains(err.Error(), "The specified registry another does not exist") {
			t.Fatal(err)
		}
	})
	t.Run("another host is told apart", func(t *testing.T) {
		for _, at := range []string{"https://registry.example.com", "https://cr.volces.com", "https://name-us-east-1.cr.volces.com"} {
			if _, err := adaptertest.TryOpen(t, "volcengine-cr", at, mover); !errors.Is(err, remote.ErrNotRegistry) {
				t.Errorf("%s: %v", at, err)
			}
		}
	})
}
