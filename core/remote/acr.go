package remote

import (
	"context"
	"net/http"
	"net/url"
)

// acr is Azure's registry, with the name and the password of its administrator, of a
// service principal or of a token of the registry.
// https://learn.microsoft.com/en-us/rest/api/containerregistry/
type acr struct{ *registry }

func openACR(_ context.Context, t Target) (Adapter, error) { return acr{t.registry()}, nil }

// DeleteTag goes by Azure's API beside the registry, with the registry's tokens.
func (a acr) DeleteTag(ctx context.Context, repository, tag string) error {
	at := a.at("/acr/v1/" + repository + "/_tags/" + url.PathEscape(tag))
	answer, err := a.do(ctx, request{
		doing: "delete the tag " + written(repository, tag), method: http.MethodDelete, url: at,
		scopes: []string{"repository:" + repository + ":delete"}, ok: []int{http.StatusAccepted, http.StatusOK},
	})
	if err != nil {
		return err
	}
	drain(answer.Body)
	return nil
}
