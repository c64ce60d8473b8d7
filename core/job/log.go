package job

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/roadstead-registry/roadstead/core/fault"
	"github.com/roadstead-registry/roadstead/core/store"
)

// Bounds of a task's log, in bytes of text. When it grows over maxLog, its middle is
// dropped: how it began and how it ended are what people look for.
const (
	maxLog  = 1 << 20
	logHead = 64 << 10
	keptLog = 3 * maxLog / 4
	maxLine = 4 << 10
	maxText = 2 << 10 // of a message
)

// Line is a line of a task's log.
type Line struct {
	Seq   int64
	At    time.Time
	Level string // INFO, WARNING, ERROR; "" says that lines were dropped here
	Text  string
}

// String is the line as Harbor writes it.
func (l Line) String() string {
	if l.Level == "" {
		return l.Text
	}
	return l.At.UTC().Format(time.RFC3339) + " [" + l.Level + "] " + l.Text
}

type line struct {
	at          time.Time
	level, text string
}

// Infof writes a line into the job's log, within about a second.
func (r *Run) Infof(format string, a ...any) { r.note("INFO", format, a...) }

// Warnf writes a warning.
func (r *Run) Warnf(format string, a ...any) { r.note("WARNING", format, a...) }

// Errorf writes what went wrong.
func (r *Run) Errorf(format string, a ...any) { r.note("ERROR", format, a...) }

func (r *Run) note(level, format string, a ...any) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for part := range strings.SplitSeq(strings.TrimRight(fmt.Sprintf(format, a...), "\n"), "\n") {
		r.lines = append(r.lines, line{now, level, bounded(part, maxLine)})
	}
}

// text bounds a message that is kept with the task.
func text(s string) string { return bounded(s, maxText) }

// bounded makes text that Postgres takes, cut between two characters.
func bounded(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	if len(s) <= limit {
		return s
	}
	for !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

func size(lines []line) (n int) {
	for _, l := range lines {
		n += len(l.text)
	}
	return n
}

// appendLog writes lines whose numbers and size the task's row has already.
func appendLog(tx store.Tx, t Task, lines []line) error {
	rows := make([]struct {
		TaskID int64
		Line
	}, len(lines))
	for i, l := range lines {
		rows[i].TaskID, rows[i].Line = t.ID, Line{t.LogSeq - int64(len(lines)) + int64(i) + 1, l.at, l.level, l.text}
	}
	if len(rows) > 0 {
		if err := tx.Table("task_log").CreateInBatches(&rows, 1000).Error; err != nil {
			return fmt.Errorf("write a job's log: %w", err)
		}
	}
	if t.LogBytes <= maxLog {
		return nil
	}
	return shorten(tx, t)
}

const dropMiddle = `
WITH sized AS (SELECT seq, sum(CASE WHEN level <> '' THEN octet_length(text) END) OVER (ORDER BY seq) AS upto FROM task_log WHERE task_id = ?),
gone AS (DELETE FROM task_log l USING sized s WHERE l.task_id = ? AND l.seq = s.seq AND (l.level = '' OR (s.upto > ? AND s.upto <= ?)) RETURNING l.seq, l.level, octet_length(l.text) AS bytes)
SELECT count(*) FILTER (WHERE level <> '') AS lines, coalesce(sum(bytes), 0) AS bytes, coalesce(min(seq), 0) AS seq FROM gone`

// shorten drops the middle of a log and leaves a line that says so.
func shorten(tx store.Tx, t Task) error {
	var gone struct{ Lines, Bytes, Seq int64 }
	if err := tx.Raw(dropMiddle, t.ID, t.ID, logHead, logHead+t.LogBytes-keptLog).Scan(&gone).Error; err != nil {
		return fmt.Errorf("shorten a job's log: %w", err)
	}
	if gone.Seq == 0 {
		return nil
	}
	mark := fmt.Sprintf("[… %d lines were dropped here: a log keeps its first %d KiB and its end …]", t.LogDropped+gone.Lines, logHead>>10)
	err := exec(tx, "INSERT INTO task_log (task_id, seq, at, level, text) VALUES (?, ?, now(), '', ?)", t.ID, gone.Seq, mark)
	if err != nil {
		return err
	}
	return exec(tx, "UPDATE task SET log_dropped = log_dropped + ?, log_bytes = log_bytes - ? WHERE id = ?", gone.Lines, gone.Bytes-int64(len(mark)), t.ID)
}

// logPage is how many lines a log is read at a time.
const logPage = 2000

// Lines returns up to 2,000 lines of a task's log that come after a line, and the
// task: while it has not ended there may be more.
func (q *Queue) Lines(ctx context.Context, jobID string, after int64) ([]Line, Task, error) {
	t, err := q.Task(ctx, jobID)
	if err != nil {
		return nil, Task{}, err
	}
	lines, err := q.lines(q.db.WithContext(ctx), t.ID, after)
	return lines, t, err
}

func (q *Queue) lines(db *gorm.DB, task, after int64) (out []Line, err error) {
	err = db.Raw("SELECT seq, at, level, text FROM task_log WHERE task_id = ? AND seq > ? ORDER BY seq LIMIT ?", task, after, logPage).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read a job's log: %w", err)
	}
	return out, nil
}

// Log is the whole log of a task as text.
func (q *Queue) Log(ctx context.Context, jobID string) (string, error) {
	t, err := q.Task(ctx, jobID)
	if err != nil {
		return "", err
	}
	return q.logOf(ctx, t.ID)
}

// ExecutionLog is the log of an execution's first task.
func (q *Queue) ExecutionLog(ctx context.Context, kind string, id int64) (string, error) {
	var task []int64
	err := q.db.WithContext(ctx).Raw("SELECT t.id FROM task t JOIN execution e ON e.id = t.execution_id WHERE e.id = ? AND e.kind = ? ORDER BY t.id LIMIT 1", id, kind).Scan(&task).Error
	if err != nil {
		return "", fmt.Errorf("find a job's log: %w", err)
	}
	if len(task) == 0 {
		return "", fault.NotFound("the log of execution %d of type %s not found", id, kind)
	}
	return q.logOf(ctx, task[0])
}

func (q *Queue) logOf(ctx context.Context, task int64) (string, error) {
	var out strings.Builder
	for after := int64(0); ; {
		lines, err := q.lines(q.db.WithContext(ctx), task, after)
		if err != nil || len(lines) == 0 {
			return out.String(), err
		}
		for _, l := range lines {
			out.WriteString(l.String())
			out.WriteByte('\n')
		}
		after = lines[len(lines)-1].Seq
	}
}
