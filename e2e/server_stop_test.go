//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// A server that is asked to stop takes nothing new, lets a running upload finish and ends with 0.
func TestServerStopsGracefully(t *testing.T) {
	ctx := t.Context()
	server := harness.Start(t, nil)
	must(t, server.Admin.CreateProject(ctx, "slow", false))
	content := randomBytes(t, 1<<20)
	upload, err := server.Admin.StartUpload(ctx, "slow/app")
	must(t, err)

	reader, writer := io.Pipe()
	request, err := upload.Request(ctx, io.Reader(reader), int64(len(content)))
	must(t, err)
	// The server says "continue" when it begins to read the body: from then on the upload is running.
	running := make(chan struct{})
	request.Header.Set("Expect", "100-continue")
	request = request.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got100Continue: func() { close(running) }}))
	type result struct {
		answer harness.Answer
		err    error
	}
	done := make(chan result, 1)
	go func() {
		answer, err := harness.Send(request)
		done <- result{answer, err}
	}()
	if _, err := io.Copy(writer, bytes.NewReader(content[:1<<19])); err != nil {
		t.Fatal(err)
	}
	select {
	case <-running:
	case r := <-done:
		t.Fatalf("the upload ends before it is whole: %d %v", r.answer.Status, r.err)
	}

	must(t, server.Terminate())
	err = harness.Eventually(ctx, 10*time.Second, func() error {
		if connection, err := net.Dial("tcp", server.Address); err == nil {
			return errors.Join(errors.New("new connections are still taken"), connection.Close())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := io.Copy(writer, bytes.NewReader(content[1<<19:])); err != nil {
		t.Errorf("the running upload is cut off: %v", err)
	}
	must(t, writer.Close())
	switch r := <-done; {
	case r.err != nil:
		t.Errorf("the running upload is cut off: %v", r.err)
	case r.answer.Status != http.StatusAccepted:
		t.Errorf("the running upload is answered %d: %s", r.answer.Status, r.answer.Body)
	default:
		must(t, upload.Next(r.answer))
	}
	if err := server.Wait(30 * time.Second); err != nil {
		t.Errorf("the server did not end with 0: %v", err)
	}

	must(t, server.Launch(ctx))
	offset, err := upload.Resume(ctx)
	must(t, err)
	if offset != int64(len(content)) {
		t.Errorf("after the restart the upload has %d bytes, %d were answered", offset, len(content))
	}
	must(t, upload.Finish(ctx, harness.Digest(content)))
}
