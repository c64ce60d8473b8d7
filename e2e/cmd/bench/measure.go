package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
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

// figure is what a question cost.
type figure struct {
	What        string  `json:"what"`
	MedianMS    float64 `json:"median_ms"`
	WorstMS     float64 `json:"p99_ms"`
	ServerMS    float64 `json:"server_cpu_ms"`
	PostgresMS  float64 `json:"postgres_cpu_ms"`
	Bytes       int     `json:"bytes"`
	LimitServer float64 `json:"limit_server_cpu_ms,omitempty"`
	LimitMedian float64 `json:"limit_median_ms,omitempty"`
}

const (
	warmUp  = 10
	samples = 150 // enough for ticks of 10 ms to say something about 1 ms a request
)

func measure(ctx context.Context, server *harness.Server) ([]figure, error) {
	var out []figure
	for _, q := range questions() {
		f, err := ask(ctx, server, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.what, err)
		}
		out = append(out, f)
	}
	return out, nil
}

func ask(ctx context.Context, server *harness.Server, q question) (figure, error) {
	f := figure{What: q.what, LimitServer: millis(q.cpu), LimitMedian: millis(q.wall)}
	client := &http.Client{Timeout: time.Minute}
	times := make([]time.Duration, 0, samples)
	var before cost
	for i := range warmUp + samples {
		if i == warmUp {
			before = spent(server)
		}
		request, err := server.Admin.Request(ctx, http.MethodGet, q.path, nil)
		if err != nil {
			return f, err
		}
		started := time.Now()
		response, err := client.Do(request)
		if err != nil {
			return f, err
		}
		n, err := io.Copy(io.Discard, response.Body)
		took := time.Since(started)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			return f, fmt.Errorf("GET %s: %s, %w", q.path, response.Status, err)
		}
		f.Bytes = int(n)
		if i >= warmUp {
			times = append(times, took)
		}
	}
	after := spent(server)
	slices.Sort(times)
	f.MedianMS, f.WorstMS = millis(times[len(times)/2]), millis(times[len(times)*99/100])
	f.ServerMS, f.PostgresMS = millis(after.server-before.server)/samples, millis(after.postgres-before.postgres)/samples
	return f, nil
}

// cost is processor time since the start.
type cost struct{ server, postgres time.Duration }

func spent(server *harness.Server) cost {
	c := cost{server: processorTime(server.PID())}
	for _, pid := range server.Postgres() {
		c.postgres += processorTime(pid)
	}
	return c
}

// processorTime is what a process has used, in user and kernel mode; proc(5). 0 when it has ended.
func processorTime(pid int) time.Duration {
	const tick = time.Second / 100 // USER_HZ, the same on every Linux that Go runs on
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	var sum time.Duration
	for _, f := range fields[11:13] {
		n, _ := strconv.ParseInt(string(f), 10, 64) // the kernel writes numbers
		sum += time.Duration(n) * tick
	}
	return sum
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
