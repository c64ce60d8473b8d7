package api

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/roadstead-registry/roadstead/core/audit"
	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/job"
)

// purgeParameters are a purge's in Harbor's words.
type purgeParameters struct {
	RetentionHours    int64   `json:"audit_retention_hour"`
	DryRun            bool    `json:"dry_run"`
	IncludeEventTypes string  `json:"include_event_types"`
	PurgedEntries     *int64  `json:"purged_entries,omitempty"`
	PurgedBefore      *string `json:"purged_before,omitempty"`
}

// showPurge writes parameters, and the result once there is one, as the text in
// which Harbor has them.
func showPurge(parameters job.JSON, result *job.JSON) string {
	var args job.PurgeArgs
	_ = parameters.Into(&args) // the program wrote it
	out := purgeParameters{RetentionHours: args.RetentionHours, DryRun: args.DryRun, IncludeEventTypes: strings.Join(args.EventTypes, ",")}
	if result != nil {
		_ = result.Into(&out)
	}
	text, _ := json.Marshal(out) // numbers and text
	return string(text)
}

func showPurgeRun(e job.Execution) ExecHistory {
	return showHistory(e, showPurge(e.Parameters, e.Result))
}

// readPurge reads the parameters. Until 2.12 Harbor named operations and not kinds
// of entries; they stand for every kind of that operation.
func readPurge(in map[string]any) func() (job.Args, error) {
	return func() (job.Args, error) {
		args := job.PurgeArgs{}
		hours, ok := in["audit_retention_hour"].(float64)
		if !ok || hours != float64(int64(hours)) {
			return nil, fault.Invalid("audit_retention_hour", "audit_retention_hour should provide: how many hours of entries are kept, a whole number")
		}
		args.RetentionHours = int64(hours)
		if v, given := in["dry_run"]; given {
			if args.DryRun, ok = v.(bool); !ok {
				return nil, fault.Invalid("dry_run", "dry_run should be true or false")
			}
		}
		types, named := in["include_event_types"].(string)
		operations, old := in["include_operations"].(string)
		if !named && !old {
			return nil, fault.Invalid("include_event_types", "include_event_types should provide: kinds of entries, separated by commas; /auditlog-exts/events lists them")
		}
		args.EventTypes = split(types)
		for _, o := range split(operations) {
			for _, t := range audit.EventTypes() {
				if strings.HasPrefix(t, strings.ToLower(o)+"_") && !slices.Contains(args.EventTypes, t) {
					args.EventTypes = append(args.EventTypes, t)
				}
			}
		}
		return args, audit.CheckPurge(args)
	}
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

type PurgePath struct {
	ID int64 `path:"purge_id"`
}

func (s *server) listPurges(ctx context.Context, in *struct{ Paged }) (*list[ExecHistory], error) {
	rows, err := s.Jobs.List(ctx, job.Filter{Kind: job.PurgeAuditLog}, in.page)
	if err != nil {
		return nil, err
	}
	return listed(in.Paged, rows, showPurgeRun), nil
}

func (s *server) getPurge(ctx context.Context, in *PurgePath) (*struct{ Body ExecHistory }, error) {
	e, err := s.Jobs.Get(ctx, job.PurgeAuditLog, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body ExecHistory }{showPurgeRun(e)}, nil
}

func (s *server) stopPurge(ctx context.Context, in *PurgePath) (*done, error) {
	return &done{}, s.Jobs.Stop(ctx, subject(ctx), job.PurgeAuditLog, in.ID)
}

func (s *server) purgeLog(ctx context.Context, in *PurgePath) (*textOutput, error) {
	return plainText(s.Jobs.ExecutionLog(ctx, job.PurgeAuditLog, in.ID))
}

func (s *server) getPurgeSchedule(ctx context.Context, _ *struct{}) (*struct{ Body *ExecHistory }, error) {
	found, err := s.Jobs.ScheduleOf(ctx, job.PurgeAuditLog, 0)
	if errors.Is(err, fault.ErrNotFound) {
		return &struct{ Body *ExecHistory }{}, nil
	}
	if err != nil {
		return nil, err
	}
	return &struct{ Body *ExecHistory }{showSchedule(found, showPurge(found.Parameters, nil))}, nil
}

func (s *server) createPurgeSchedule(ctx context.Context, in *struct{ Body Schedule }) (*created, error) {
	id, err := s.apply(ctx, in.Body, job.PurgeAuditLog, readPurge(in.Body.Parameters))
	if err != nil {
		return nil, err
	}
	return located("system", "purgeaudit", id), nil
}

func (s *server) updatePurgeSchedule(ctx context.Context, in *struct{ Body Schedule }) (*done, error) {
	_, err := s.apply(ctx, in.Body, job.PurgeAuditLog, readPurge(in.Body.Parameters))
	return &done{}, err
}
