package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/roadstead-registry/roadstead/e2e/harness"
)

// question is a request that people or their tools wait for, with what it may cost.
type question struct {
	what string
	path string
	cpu  time.Duration // of the server's process, 0 for no limit
	wall time.Duration // median, 0 for no limit
}

const everything = "with_tag=true&with_label=true&with_accessory=true&with_immutable_status=true"

func questions() []question {
	const (
		list   = 5 * time.Millisecond
		search = 20 * time.Millisecond
	)
	artifacts := "/api/v2.0/projects/" + bulkProject + "/repositories/" + bulkRepository + "/artifacts"
	return []question{
		{"100 of 100,000 artifacts, with everything", artifacts + "?page_size=100&" + everything, list, 0},
		{"the last 100 of 100,000 artifacts", artifacts + "?page_size=100&page=1000&" + everything, list, 0},
		{"artifacts by a part of a tag", artifacts + "?page_size=100&q=tags=~v777&" + everything, list, 0},
		{"artifacts sorted by size", artifacts + "?page_size=100&sort=-size&" + everything, list, 0},
		{"100 of 5,000 repositories of a project", "/api/v2.0/projects/" + bulkProject + "/repositories?page_size=100", list, 0},
		{"100 of 10,000 repositories of all", "/api/v2.0/repositories?page_size=100&sort=-update_time", list, 0},
		{"100 of 10,000 projects", "/api/v2.0/projects?page_size=100", list, 0},
		{"100 of 20,000 members", "/api/v2.0/projects/" + bulkProject + "/members?page_size=100", list, 0},
		{"100 of 20,000 people", "/api/v2.0/users?page_size=100", list, 0},
		{"100 of 5,000 robots", "/api/v2.0/robots?page_size=100&q=Level=project,ProjectID=10002", list, 0},
		{"100 of 10,000 quotas, the fullest first", "/api/v2.0/quotas?page_size=100&sort=-used.storage", list, 0},
		{"100 of 500,000 audit entries", "/api/v2.0/auditlog-exts?page_size=100", list, 0},
		{"audit entries of one person", "/api/v2.0/auditlog-exts?page_size=100&q=username=person-7", list, 0},
		{"search in 10,000 repositories", "/api/v2.0/search?q=" + searchWord, 0, search},
		{"search of the palette", "/api/v2.0/search/items?q=" + searchWord, 0, search},
		{"search by the beginning of a digest", "/api/v2.0/search/items?q=sha256:" + "6b86b273ff34", 0, search},
		{"search by the beginning of a tag", "/api/v2.0/search/items?q=tag:v777", 0, search},
	}
}

const (
	warmUp  = 10
	samples = 150 // enough for ticks of 10 ms to say something about 1 ms a request
)

// lists asks every question on a server of its own that is filled first; the browser's part follows on the same one.
func lists(ctx context.Context, server *harness.Server, only func(string) bool) ([]figure, error) {
	var out []figure
	for _, q := range questions() {
		if !only(q.what) {
			continue
		}
		figures, err := ask(ctx, server, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.what, err)
		}
		out = append(out, figures...)
	}
	return out, nil
}

func ask(ctx context.Context, server *harness.Server, q question) ([]figure, error) {
	client := &http.Client{Timeout: time.Minute}
	times := make([]time.Duration, 0, samples)
	var before usage
	var bytes int64
	for i := range warmUp + samples {
		if i == warmUp {
			before = measuredServer(server).processes().usage()
		}
		request, err := server.Admin.Request(ctx, http.MethodGet, q.path, nil)
		if err != nil {
			return nil, err
		}
		started := time.Now()
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		n, err := io.Copy(io.Discard, response.Body)
		took := time.Since(started)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("GET %s: %s, %w", q.path, response.Status, err)
		}
		bytes = n
		if i >= warmUp {
			times = append(times, took)
		}
	}
	used := measuredServer(server).processes().usage().less(before)
	slices.Sort(times)
	return []figure{
		plain(q.what, "median", "ms", millis(times[len(times)/2]), millis(q.wall)).noisy(),
		plain(q.what, "p99", "ms", millis(times[len(times)*99/100]), 0).noisy(),
		plain(q.what, "server CPU", "ms", millis(used.server)/samples, millis(q.cpu)),
		plain(q.what, "Postgres CPU", "ms", millis(used.postgres)/samples, 0),
		plain(q.what, "answer", "kB", float64(bytes)/1e3, 0),
	}, nil
}
