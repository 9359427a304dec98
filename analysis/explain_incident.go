package analysis

import (
	"context"
	"database/sql"
	"time"
)

// Incident is one incident as it is explained. No field says which person did or got anything.
type Incident struct {
	ID                                     string
	Number                                 *int64
	Title, ServiceName                     string
	RuleID, RuleName, Source               string // "" where unknown
	Urgency, Status, Priority              string
	CreatedAt                              time.Time
	AcknowledgedAt, ResolvedAt             *time.Time
	ClearedBy                              string // monitor, timeout or human; "" unknown or open
	IsOpenedByPerson, IsMerged, IsExcluded bool
	MergedIntoID                           string
	IsEvidencePoor                         bool   // the service's people leave hardly a trace: N1 and N3 are off
	Label, LabelSource                     string // what people said, and where: incident, note or rule
	FlapRunStartedAt                       *time.Time
	Log                                    []LogEntry
	Pages                                  []JudgedPage
	Evidence                               []Evidence
}

// LogEntry is one thing that happened to an incident.
type LogEntry struct {
	At            time.Time
	Type, Channel string
	ByPerson      bool
	AssigneeCount int64
	Medium        string // of a notification: push, sms, phone, email, other, unknown
	IsFailed      bool   // of a notification
	NoteLength    *int64
	NoteTag       string
	SnoozeSeconds *int64
	HourClass     string // of the page that it makes, or the pages, joined by a space: business, off_hours, sleep; "" where it makes none
}

// JudgedPage is one page of an incident and its verdict.
type JudgedPage struct {
	RotationID, RotationName string // "" where unattributed
	TimeZone                 string // the rotation's
	At                       time.Time
	HourClass                string
	Verdict, JudgedVerdict   string // with and without what people said
	Score                    float64
	Confidence               string
}

// Evidence is one piece of named evidence and what it weighs.
type Evidence struct {
	ID     string
	Points float64
}

// ExplainIncident tells all of one incident; its pages and evidence are judged over the period.
func (s *Session) ExplainIncident(ctx context.Context, id string, p Period) (Incident, error) {
	of := subject{"incident": id}.over(p)
	var i Incident
	if err := s.told(ctx, "incident", of, i.scan); err != nil {
		return i, err
	}
	err := s.told(ctx, "incident_log", of, func(rows *sql.Rows) error {
		e, err := scanLogEntry(rows)
		i.Log = append(i.Log, e)
		return err
	})
	if err != nil {
		return i, err
	}
	err = s.told(ctx, "incident_pages", of, func(rows *sql.Rows) error {
		var j JudgedPage
		t := make(texts, 3)
		err := rows.Scan(&t[0], &t[1], &t[2], &j.At, &j.HourClass, &j.Verdict, &j.JudgedVerdict, &j.Score, &j.Confidence)
		t.into(&j.RotationID, &j.RotationName, &j.TimeZone)
		j.At = j.At.UTC()
		i.Pages = append(i.Pages, j)
		return err
	})
	if err != nil {
		return i, err
	}
	return i, s.told(ctx, "incident_evidence", of, func(rows *sql.Rows) error {
		var e Evidence
		err := rows.Scan(&e.ID, &e.Points)
		i.Evidence = append(i.Evidence, e)
		return err
	})
}

func (i *Incident) scan(rows *sql.Rows) error {
	var number sql.NullInt64
	var service sql.NullString // the id; its name is shown
	var acknowledged, resolved, run sql.NullTime
	t := make(texts, 12)
	err := rows.Scan(&i.ID, &number, &t[0], &service, &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7], &i.CreatedAt, &acknowledged, &resolved,
		&t[8], &i.IsOpenedByPerson, &i.IsMerged, &t[9], &i.IsExcluded, &i.IsEvidencePoor, &t[10], &t[11], &run)
	t.into(&i.Title, &i.ServiceName, &i.RuleID, &i.RuleName, &i.Source, &i.Urgency, &i.Status, &i.Priority, &i.ClearedBy, &i.MergedIntoID, &i.Label, &i.LabelSource)
	i.Number, i.CreatedAt = whole(number), i.CreatedAt.UTC()
	i.AcknowledgedAt, i.ResolvedAt, i.FlapRunStartedAt = instant(acknowledged), instant(resolved), instant(run)
	return err
}

func scanLogEntry(rows *sql.Rows) (LogEntry, error) {
	var e LogEntry
	var note, snooze sql.NullInt64
	t := make(texts, 5)
	err := rows.Scan(&e.At, &t[0], &e.ByPerson, &t[1], &e.AssigneeCount, &t[2], &e.IsFailed, &note, &t[3], &snooze, &t[4])
	t.into(&e.Type, &e.Channel, &e.Medium, &e.NoteTag, &e.HourClass)
	e.At, e.NoteLength, e.SnoozeSeconds = e.At.UTC(), whole(note), whole(snooze)
	return e, err
}
