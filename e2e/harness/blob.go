package harness

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Upload is a blob upload in progress, driven request by request as the distribution-spec has it.
type Upload struct {
	api      API
	location string
	offset   int64
}

// Digest is the sha256 digest of content.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// StartUpload opens an upload session (end-4a).
func (a API) StartUpload(ctx context.Context, repository string) (*Upload, error) {
	answer, err := a.Want(ctx, http.StatusAccepted, http.MethodPost, "/v2/"+repository+"/blobs/uploads/", nil)
	if err != nil {
		return nil, err
	}
	return &Upload{api: a, location: answer.Header.Get("Location")}, nil
}

// Request prepares the PATCH of one chunk (end-5), which starts where the last one ended. Next takes its answer.
func (u *Upload) Request(ctx context.Context, chunk any, size int64) (*http.Request, error) {
	request, err := u.api.Request(ctx, http.MethodPatch, u.location, chunk)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	request.Header.Set("Content-Range", fmt.Sprintf("%d-%d", u.offset, u.offset+size-1))
	request.ContentLength = size
	return request, nil
}

// Next moves on after a chunk was accepted.
func (u *Upload) Next(answer Answer) error {
	if answer.Status != http.StatusAccepted {
		return fmt.Errorf("a chunk at %d is answered %d: %s", u.offset, answer.Status, answer.Body)
	}
	return u.follow(answer)
}

// Write sends a chunk.
func (u *Upload) Write(ctx context.Context, chunk []byte) error {
	request, err := u.Request(ctx, chunk, int64(len(chunk)))
	if err != nil {
		return err
	}
	answer, err := Send(request)
	if err != nil {
		return err
	}
	return u.Next(answer)
}

// Resume asks the server how much it has (end-13), goes on from there and returns it.
func (u *Upload) Resume(ctx context.Context) (int64, error) {
	answer, err := u.api.Want(ctx, http.StatusNoContent, http.MethodGet, u.location, nil)
	if err != nil {
		return 0, err
	}
	err = u.follow(answer)
	return u.offset, err
}

// follow takes over where the server says that the upload is and goes on.
func (u *Upload) follow(answer Answer) error {
	var first, last int64
	if _, err := fmt.Sscanf(answer.Header.Get("Range"), "%d-%d", &first, &last); err != nil {
		return fmt.Errorf("an upload at %d is answered with the range %q: %w", u.offset, answer.Header.Get("Range"), err)
	}
	u.offset = last + 1
	if location := answer.Header.Get("Location"); location != "" {
		u.location = location
	}
	return nil
}

// Finish closes the upload (end-6).
func (u *Upload) Finish(ctx context.Context, digest string) error {
	separator := "?"
	if strings.Contains(u.location, "?") {
		separator = "&"
	}
	_, err := u.api.Want(ctx, http.StatusCreated, http.MethodPut, u.location+separator+"digest="+url.QueryEscape(digest), nil)
	return err
}
