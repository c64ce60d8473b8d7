package api

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/page"
)

const (
	typeCSV       = "text/csv"
	typeJSONLines = "application/jsonl"
)

// exports makes an operation answer with a file that is CSV or JSON lines.
func exports(o huma.Operation) huma.Operation {
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	o.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{typeCSV: text, typeJSONLines: text}}
	return o
}

// ExportQuery says what to export, and how.
type ExportQuery struct {
	Format string `query:"format" default:"csv" enum:"csv,jsonl"`
	Query  string `query:"q" doc:"As for the list. Without a condition on op_time it is the past year"`
}

func (s *server) exportLog(ctx context.Context, in *ExportQuery) (*huma.StreamResponse, error) {
	return s.export(ctx, in, ownScope(ctx), "auditlog")
}

func (s *server) exportProjectLog(ctx context.Context, in *struct {
	ProjectNamePath
	ExportQuery
}) (*huma.StreamResponse, error) {
	return s.export(ctx, &in.ExportQuery, projectScope(ctx), access(ctx).Name)
}

// export reads the first entries before it answers, so that what is wrong with the
// query is told as an error and not in the middle of a file.
func (s *server) export(ctx context.Context, in *ExportQuery, scope audit.Scope, name string) (*huma.StreamResponse, error) {
	open, mediaType := newCSVLog, typeCSV+"; charset=utf-8; header=present"
	switch in.Format {
	case "csv":
	case "jsonl":
		open, mediaType = newJSONLog, typeJSONLines
	default:
		return nil, fault.Unprocessable("format in query should be one of [csv jsonl]")
	}
	q, err := page.ParseQuery(in.Query)
	if err != nil {
		return nil, err
	}
	next := s.Audit.Batches(ctx, scope, q)
	first, err := next()
	if err != nil {
		return nil, err
	}
	err = s.Audit.RecordNow(ctx, subject(ctx), audit.Entry{
		ProjectID: scope.ProjectID, Operation: audit.Read, ResourceType: audit.Log, Resource: name,
		Description: fmt.Sprintf("export audit log: %s as %s, q=%s", name, in.Format, in.Query),
	})
	if err != nil {
		return nil, err
	}
	file := fmt.Sprintf("%s-%s.%s", name, s.Clock().UTC().Format("20060102-150405"), in.Format)
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mediaType)
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+file+`"`)
		s.stream(ctx, open(ctx.BodyWriter()), first, next)
	}}, nil
}

// logWriter writes entries in a format; flush says what went wrong.
type logWriter interface {
	write(AuditEntry)
	flush() error
}

// stream writes batch after batch. When the log cannot be read any more the
// connection is cut, so that nobody takes a part for the whole.
func (s *server) stream(ctx huma.Context, out logWriter, batch []audit.Event, next func() ([]audit.Event, error)) {
	for {
		for _, e := range batch {
			out.write(showAuditEntry(e))
		}
		if out.flush() != nil { // the client has gone
			return
		}
		var err error
		if batch, err = next(); err != nil {
			if !errors.Is(err, context.Canceled) {
				s.Log.ErrorContext(ctx.Context(), "export of the audit log broken off", "request_id", audit.RequestID(ctx.Context()), "error", err.Error())
			}
			panic(http.ErrAbortHandler)
		}
		if len(batch) == 0 {
			return
		}
	}
}

// csvLog is RFC 4180 with a header line.
type csvLog struct{ w *csv.Writer }

func newCSVLog(w io.Writer) logWriter {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write([]string{"id", "op_time", "username", "operation", "resource_type", "resource", "operation_description", "operation_result"}) // flush tells
	return csvLog{out}
}

func (l csvLog) write(e AuditEntry) {
	_ = l.w.Write([]string{
		strconv.FormatInt(e.ID, 10), time.Time(e.OpTime).UTC().Format(timeFormat), harmless(e.Username), harmless(e.Operation), harmless(e.ResourceType),
		harmless(e.Resource), harmless(e.OperationDescription), strconv.FormatBool(e.OperationResult),
	})
}

func (l csvLog) flush() error {
	l.w.Flush()
	return l.w.Error()
}

// harmless keeps a spreadsheet from computing what somebody has chosen as a name.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// jsonLog is one JSON object a line, in the shape of the list.
type jsonLog struct {
	w   io.Writer
	err *error
}

func newJSONLog(w io.Writer) logWriter { return jsonLog{w, new(error)} }

func (l jsonLog) write(e AuditEntry) {
	if *l.err == nil {
		*l.err = writeJSON(l.w, e)
	}
}

func (l jsonLog) flush() error { return *l.err }
