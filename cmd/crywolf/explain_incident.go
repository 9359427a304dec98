package main

import (
	"context"
	"io"
	"slices"
	"time"

	"crywolf/analysis"
	"crywolf/reports"
)

// explainIncident prints what happened to one incident and how its verdict came about.
func (a *app) explainIncident(ctx context.Context, r *reader, f explainFlags, id string, createdAt time.Time) error {
	targets, err := a.targets("table", "md", "html", "json")
	if err != nil {
		return err
	}
	card, err := a.incidentCard(ctx, r, f, id, createdAt)
	if err != nil {
		return err
	}
	return a.write(targets, func(w io.Writer, format string, colour bool) error {
		return reports.RenderIncident(w, &card, reports.Format(format), reports.Options{Colour: colour})
	})
}

func (a *app) incidentCard(ctx context.Context, r *reader, f explainFlags, id string, createdAt time.Time) (reports.IncidentCard, error) {
	period, err := a.incidentPeriod(ctx, r, f, createdAt)
	if err != nil {
		return reports.IncidentCard{}, err
	}
	i, err := r.session.ExplainIncident(ctx, id, period.Period)
	if err != nil {
		return reports.IncidentCard{}, err
	}
	c := reports.IncidentCard{SchemaVersion: reports.SchemaVersion, Incident: i.ID, Number: i.Number, Title: i.Title, Service: i.ServiceName,
		Rule: known(i.RuleID), RuleName: i.RuleName, Source: i.Source, Urgency: i.Urgency, Priority: known(i.Priority), Status: i.Status,
		CreatedAt: i.CreatedAt, AcknowledgedAt: i.AcknowledgedAt, ResolvedAt: i.ResolvedAt, ClearedBy: known(i.ClearedBy),
		OpenedByPerson: i.IsOpenedByPerson, Merged: i.IsMerged, MergedInto: known(i.MergedIntoID), Excluded: i.IsExcluded,
		FlapRunAt: i.FlapRunStartedAt, EvidencePoor: i.IsEvidencePoor, Label: known(i.Label), LabelSource: known(i.LabelSource),
		Judged: reports.Period(period.Period), Location: period.location}
	if r.isDemo() {
		c.Demo = reports.DemoData
	}
	layLog(&c, i)
	layPages(&c, i, f.zoneGiven)
	c.TimeZone = c.Location.String()
	c.Next = a.afterIncident(&c)
	return c, nil
}

// incidentPeriod is what an incident is judged over: unless told, from a day before it, which holds whatever its pages
// could be chained to, up to where the data ends, as in a report.
func (a *app) incidentPeriod(ctx context.Context, r *reader, f explainFlags, createdAt time.Time) (chosen, error) {
	period, err := a.period(ctx, f.periodFlags, r)
	if err != nil || f.since != "" || f.until != "" {
		return period, err
	}
	period.Since = createdAt.Add(-24 * time.Hour)
	if !period.Until.After(createdAt) {
		period.Until = createdAt.Add(24 * time.Hour)
	}
	return period, nil
}

func layLog(c *reports.IncidentCard, i analysis.Incident) {
	for _, e := range i.Log {
		c.Timeline = append(c.Timeline, reports.TimelineEntry{At: e.At, Type: e.Type, PageHourClass: e.HourClass, Happening: reports.Happening{
			ByPerson: e.ByPerson, Channel: e.Channel, AssigneeCount: e.AssigneeCount, Medium: e.Medium, Failed: e.IsFailed,
			NoteLength: e.NoteLength, NoteTag: e.NoteTag, SnoozeSeconds: e.SnoozeSeconds}})
	}
	for _, e := range i.Evidence {
		c.Evidence = append(c.Evidence, reports.Evidence{ID: e.ID, Points: e.Points})
	}
}

// layPages puts the pages into the card. Unless a zone was asked for, times are shown in that of the first rotation paged.
func layPages(c *reports.IncidentCard, i analysis.Incident, zoneGiven bool) {
	for _, p := range i.Pages {
		c.Pages = append(c.Pages, reports.JudgedPage{At: p.At, Rotation: known(p.RotationID), RotationName: p.RotationName, HourClass: p.HourClass,
			Verdict: p.Verdict, JudgedVerdict: p.JudgedVerdict, Confidence: p.Confidence})
		score := p.Score
		c.Score = &score
	}
	at := slices.IndexFunc(i.Pages, func(p analysis.JudgedPage) bool { return p.TimeZone != "" })
	if zoneGiven || at < 0 {
		return
	}
	if zone, err := time.LoadLocation(i.Pages[at].TimeZone); err == nil { // else the zone of --tz stands
		c.Location = zone
	}
}

func (a *app) afterIncident(c *reports.IncidentCard) []string {
	var next []string
	if c.Rule != nil {
		next = append(next, "crywolf explain "+*c.Rule+a.dbFlag())
	}
	if len(c.Pages) > 0 {
		other := "actionable" // offered is what the verdict is not: a label is for where it is wrong
		if c.Pages[0].Verdict == "actionable" {
			other = "non-actionable"
		}
		next = append(next, "crywolf label "+c.Incident+" "+other+" --reason TEXT"+a.dbFlag())
	}
	return next
}

// known is a text as the documents have it: null where there is none.
func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
