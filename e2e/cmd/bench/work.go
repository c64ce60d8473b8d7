package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/roadstead-registry/roadstead/e2e/load"
)

// Everything here is done in the same way to every registry: the same requests, in the same order, over the same connections.

const accept = "Accept: " + manifestType + ", application/vnd.oci.image.index.v1+json"

// asker makes requests to one repository of a registry with one token.
type asker struct {
	host, bearer, repository string
}

func (r *registry) ask(ctx context.Context, repository, scope string) (asker, error) {
	bearer, err := r.bearer(ctx, scope)
	return asker{r.target.Address, bearer, repository}, err
}

func (a asker) head(method, path string, more ...string) []byte {
	return load.Head(method, "/v2/"+a.repository+path, a.host, a.bearer, more...)
}

// getting asks one of the paths, at random, and checks how long what comes is.
func getting(heads [][]byte, bytes int64) load.Work {
	return func(ctx context.Context, c *load.Conn, n int64) error {
		head := heads[scatter(n)%uint64(len(heads))]
		answer, err := c.Want(ctx, http.StatusOK, head)
		if err == nil && bytes >= 0 && answer.Bytes != bytes {
			return fmt.Errorf("%.80q is answered with %d bytes, want %d", head, answer.Bytes, bytes)
		}
		return err
	}
}

// scatter maps 0, 1, 2 … to numbers without an order, the same ones for every registry.
func scatter(n int64) uint64 {
	x := uint64(n) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	return x ^ x>>32
}

// redirected asks and follows to where the bytes are.
func redirected(head []byte) load.Work {
	return func(ctx context.Context, c *load.Conn, _ int64) error {
		if _, err := c.Want(ctx, http.StatusTemporaryRedirect, head); err != nil {
			return err
		}
		answer, err := c.Follow(ctx, http.StatusOK)
		if err == nil && answer.Bytes != largeLayer {
			return fmt.Errorf("the redirect leads to %d bytes", answer.Bytes)
		}
		return err
	}
}

// pullImage is what a client without the image asks: the manifest by its tag, the configuration, the layer.
func (a asker) pullImage(ctx context.Context, c *load.Conn, im image, tag string) error {
	for _, head := range [][]byte{
		a.head("GET", "/manifests/"+tag, accept), a.head("GET", "/blobs/"+im.configDigest), a.head("GET", "/blobs/"+im.digest),
	} {
		if _, err := c.Want(ctx, http.StatusOK, head); err != nil {
			return err
		}
	}
	return nil
}

// pushImage asks for each blob whether it is there, which it is not, and sends it, then the manifest.
func (a asker) pushImage(ctx context.Context, c *load.Conn, im image, tag string) error {
	for digest, blob := range map[string][]byte{im.configDigest: im.config, im.digest: im.layer} {
		if _, err := c.Want(ctx, http.StatusNotFound, a.head("HEAD", "/blobs/"+digest)); err != nil {
			return err
		}
		if err := a.pushBlob(ctx, c, digest, blob); err != nil {
			return err
		}
	}
	return a.pushManifest(ctx, c, im.manifest, tag)
}

func (a asker) pushManifest(ctx context.Context, c *load.Conn, manifest []byte, tag string) error {
	_, err := c.Want(ctx, http.StatusCreated, a.head("PUT", "/manifests/"+tag, "Content-Type: "+manifestType, length(len(manifest))), manifest)
	return err
}

// pushBlob sends a blob whole, in the request that ends the upload.
func (a asker) pushBlob(ctx context.Context, c *load.Conn, digest string, pieces ...[]byte) error {
	location, err := a.startUpload(ctx, c)
	if err != nil {
		return err
	}
	return a.finishUpload(ctx, c, location, digest, pieces...)
}

// pushChunks sends each chunk in a request of its own.
func (a asker) pushChunks(ctx context.Context, c *load.Conn, digest string, chunks [][][]byte) error {
	location, err := a.startUpload(ctx, c)
	if err != nil {
		return err
	}
	sent := 0
	for _, pieces := range chunks {
		size := total(pieces)
		head := load.Head("PATCH", location, a.host, a.bearer, "Content-Type: application/octet-stream", length(size),
			fmt.Sprintf("Content-Range: %d-%d", sent, sent+size-1))
		answer, err := c.Want(ctx, http.StatusAccepted, head, pieces...)
		if err != nil {
			return err
		}
		location = path(answer.Location)
		sent += size
	}
	return a.finishUpload(ctx, c, location, digest)
}

func (a asker) startUpload(ctx context.Context, c *load.Conn) (string, error) {
	answer, err := c.Want(ctx, http.StatusAccepted, a.head("POST", "/blobs/uploads/", length(0)))
	if err != nil {
		return "", err
	}
	return path(answer.Location), nil
}

func (a asker) finishUpload(ctx context.Context, c *load.Conn, location, digest string, pieces ...[]byte) error {
	head := load.Head("PUT", with(location, "digest="+url.QueryEscape(digest)), a.host, a.bearer,
		"Content-Type: application/octet-stream", length(total(pieces)))
	_, err := c.Want(ctx, http.StatusCreated, head, pieces...)
	return err
}

func total(pieces [][]byte) int {
	n := 0
	for _, piece := range pieces {
		n += len(piece)
	}
	return n
}

func length(n int) string { return "Content-Length: " + strconv.Itoa(n) }
