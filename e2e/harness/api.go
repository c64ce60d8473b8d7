package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// API speaks HTTP to a server as one person: the management API and, with the same credentials, /v2/. An empty User is anonymous.
type API struct {
	URL      string
	User     string
	Password string
}

// Answer is a response, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// As is the same server seen by another person.
func (a API) As(user, password string) API {
	return API{URL: a.URL, User: user, Password: password}
}

// Anonymous is the same server seen by nobody in particular.
func (a API) Anonymous() API { return API{URL: a.URL} }

// Request makes a request that the caller may change before Send. A body that is no reader, bytes or string is sent as JSON.
func (a API) Request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content io.Reader
	var contentType string
	switch body := body.(type) {
	case nil:
	case io.Reader:
		content = body
	case []byte:
		content, contentType = bytes.NewReader(body), "application/octet-stream"
	case string:
		content, contentType = strings.NewReader(body), "application/octet-stream"
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode the body of %s %s: %w", method, path, err)
		}
		content, contentType = bytes.NewReader(encoded), "application/json"
	}
	if !strings.Contains(path, "://") {
		path = a.URL + path
	}
	request, err := http.NewRequestWithContext(ctx, method, path, content)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if a.User != "" {
		request.SetBasicAuth(a.User, a.Password)
	}
	return request, nil
}

// Send sends a request and reads the whole answer. Redirects are not followed: where they lead is part of what is tested.
func Send(request *http.Request) (Answer, error) {
	client := http.Client{
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("read the answer of %s %s: %w", request.Method, request.URL.Path, err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: content}, nil
}

// Do is Request and Send.
func (a API) Do(ctx context.Context, method, path string, body any) (Answer, error) {
	request, err := a.Request(ctx, method, path, body)
	if err != nil {
		return Answer{}, err
	}
	return Send(request)
}

// Want is Do with an error, which shows the answer, for every other status.
func (a API) Want(ctx context.Context, status int, method, path string, body any) (Answer, error) {
	answer, err := a.Do(ctx, method, path, body)
	if err == nil && answer.Status != status {
		err = fmt.Errorf("%s %s as %q is %d, want %d: %s", method, path, a.User, answer.Status, status, answer.Body)
	}
	return answer, err
}

// Get decodes the JSON that is answered with 200.
func (a API) Get(ctx context.Context, path string, into any) error {
	answer, err := a.Want(ctx, http.StatusOK, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return fmt.Errorf("decode the answer of GET %s: %w: %s", path, err, answer.Body)
	}
	return nil
}
