package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// IncidentCard is the document of `crywolf explain INCIDENT`: what happened to one incident, and how its verdict came
// about. It says of no person who it was.
type IncidentCard struct {
	SchemaVersion  string          `json:"schema_version"`
	Demo           string          `json:"demo,omitempty"`
	Incident       string          `json:"incident"` // id
	Number         *int64          `json:"number"`
	Title          string          `json:"title"`
	Service        string          `json:"service"`
	Rule           *string         `json:"rule"` // public id; null where it has none
	RuleName       string          `json:"rule_name"`
	Source         string          `json:"source"`
	Urgency        string          `json:"urgency"`
	Priority       *string         `json:"priority"`
	Status         string          `json:"status"`
	CreatedAt      time.Time       `json:"created_at"`
	AcknowledgedAt *time.Time      `json:"acknowledged_at"`
	ResolvedAt     *time.Time      `json:"resolved_at"`
	ClearedBy      *string         `json:"cleared_by"` // monitor, timeout or human
	OpenedByPerson bool            `json:"opened_by_person"`
	Merged         bool            `json:"merged"`
	MergedInto     *string         `json:"merged_into"`
	Excluded       bool            `json:"excluded"`
	FlapRunAt      *time.Time      `json:"flap_run_started_at"` // where it is part of one
	TimeZone       string          `json:"time_zone"`           // of the times in documents for people
	Judged         Period          `json:"judged_over"`
	Timeline       []TimelineEntry `json:"timeline"`
	Evidence       []Evidence      `json:"evidence"`
	EvidencePoor   bool            `json:"evidence_poor"`
	UncappedPoints *float64        `json:"uncapped_points"` // of N1, N2, N3 and N6, where the cap binds; else null
	Score          *float64        `json:"score"`
	Label          *string         `json:"label"`
	LabelSource    *string         `json:"label_source"`
	Pages          []JudgedPage    `json:"pages"`
	// Location is TimeZone, for documents for people.
	Location *time.Location `json:"-"`
	Next     []string       `json:"-"`
}

// JudgedPage is one page of an incident and its verdict.
type JudgedPage struct {
	At            time.Time `json:"at"`
	Rotation      *string   `json:"rotation"` // id; null where unattributed
	RotationName  string    `json:"rotation_name"`
	HourClass     string    `json:"hour_class"` // on the clock of the person paged
	Verdict       string    `json:"verdict"`
	JudgedVerdict string    `json:"judged_verdict"` // without what people said
	Confidence    string    `json:"confidence"`
}

// RenderIncident writes an incident's card as table, Markdown, HTML or JSON.
func RenderIncident(w io.Writer, c *IncidentCard, f Format, o Options) error {
	c.Judged = c.Judged.utc()
	c.Timeline, c.Evidence, c.Pages = nonNil(c.Timeline), nonNil(c.Evidence), nonNil(c.Pages)
	for i := range c.Timeline {
		e := &c.Timeline[i]
		e.Happening.Again = slices.ContainsFunc(c.Timeline[:i], func(before TimelineEntry) bool { return before.Type == e.Type })
		e.Text = e.words(c.Source)
	}
	for i := range c.Evidence {
		c.Evidence[i].Text = EvidenceText(c.Evidence[i].ID)
	}
	c.UncappedPoints = cappedPoints(c.Evidence)
	return renderCard(w, c.view(), c, f, o)
}

func (c *IncidentCard) view() card {
	v := card{Title: "incident " + Clean(c.Incident), Demo: c.Demo, Next: c.Next}
	if c.Number != nil {
		v.Title += fmt.Sprintf(" #%d", *c.Number)
	}
	v.fact("title", Clean(c.Title))
	v.fact("service", Clean(c.Service)+" · "+c.weight())
	v.fact("rule", c.ruleText())
	v.fact("opened", c.course())
	if c.FlapRunAt != nil {
		v.fact("flaps", "part of a flap run that began "+At(*c.FlapRunAt, c.Location))
	}
	if c.Excluded {
		v.fact("excluded", "the configuration leaves it out of every number")
	}
	v.table("TIMELINE, "+zoneName(c.Location)+" (page hours: on the clock of whom it paged)", c.timelineGrid())
	v.table("EVIDENCE", c.evidenceGrid())
	v.section("VERDICT", c.verdictLines()...)
	return v
}

func (c *IncidentCard) weight() string {
	text := Clean(c.Urgency) + " urgency"
	if c.Urgency == "" {
		text = "urgency not known"
	}
	if c.Priority != nil {
		text += " · " + Clean(*c.Priority)
	}
	return text
}

func (c *IncidentCard) ruleText() string {
	if c.Rule == nil {
		return "none: no alert opened it"
	}
	return fmt.Sprintf("%s · %s, from %s", Clean(*c.Rule), Clean(c.RuleName), Clean(c.Source))
}

// course is the incident's life in one line.
func (c *IncidentCard) course() string {
	text := At(c.CreatedAt, c.Location) + " " + zoneName(c.Location)
	after := func(t time.Time) string {
		s := max(0, t.Sub(c.CreatedAt).Seconds())
		return Seconds(&s)
	}
	if c.AcknowledgedAt == nil {
		text += " · never acknowledged"
	} else {
		text += " · acknowledged after " + after(*c.AcknowledgedAt)
	}
	switch {
	case c.Merged && c.MergedInto != nil:
		text += " · merged into " + Clean(*c.MergedInto)
	case c.Merged:
		text += " · merged away"
	case c.ResolvedAt == nil:
		text += " · still " + Clean(c.Status)
	default:
		text += " · over after " + after(*c.ResolvedAt)
		if c.ClearedBy != nil {
			text += ", " + map[string]string{"monitor": "cleared by the monitor", "timeout": "closed by the time-out", "human": "resolved by a person"}[*c.ClearedBy]
		}
	}
	return text
}

func (c *IncidentCard) timelineGrid() grid {
	loc := c.Location
	if loc == nil {
		loc = time.UTC
	}
	g := grid{Head: []string{"", "", ""}, Left: 2}
	before := ""
	for _, e := range c.Timeline {
		day := e.At.In(loc).Format("Mon 2006-01-02")
		shown := day
		if day == before {
			shown = ""
		}
		before = day
		text := Clean(e.Text)
		if e.PageHourClass != "" {
			text += "  ← page, " + hourWord(e.PageHourClass)
		}
		g.Rows = append(g.Rows, []string{shown, e.At.In(loc).Format("15:04:05"), text})
	}
	return g
}

func (c *IncidentCard) evidenceGrid() grid {
	g := grid{Head: []string{"", "", ""}, Left: 1}
	for _, e := range c.Evidence {
		g.Rows = append(g.Rows, []string{e.ID, points(e.Points), e.Text})
	}
	if c.UncappedPoints != nil {
		g.Rows = append(g.Rows, []string{"cap", points(correlatedFloor), fmt.Sprintf("N1, N2, N3 and N6 tell much the same: together at most this, not %s", points(*c.UncappedPoints))})
	}
	if len(g.Rows) > 0 && c.Score != nil {
		g.Rows = append(g.Rows, []string{"score", points(*c.Score), "(+1 or more: somebody had to act; −1 or less: nobody had to; between: not known)"})
	}
	return g
}

func (c *IncidentCard) verdictLines() []string {
	var out []string
	if c.EvidencePoor {
		out = append(out, "evidence-poor service: people leave so few traces here that N1 and N3 are off")
	}
	if c.Label != nil && c.LabelSource != nil {
		where := map[string]string{"incident": "on the incident", "note": "in a note", "rule": "on its rule"}[*c.LabelSource]
		out = append(out, fmt.Sprintf("labelled %s %s; that outranks the evidence", verdictWord(*c.Label), where))
	}
	switch {
	case len(c.Pages) == 0 && c.Excluded:
		return append(out, "none: it is excluded")
	case len(c.Pages) == 0:
		return append(out, "none: it paged nobody in this period")
	}
	same := true
	for _, p := range c.Pages {
		same = same && p.Verdict == c.Pages[0].Verdict && p.Confidence == c.Pages[0].Confidence
	}
	if same {
		return append(out, c.judgement(c.Pages[0], ""))
	}
	for _, p := range c.Pages {
		where := Clean(p.RotationName)
		if p.Rotation == nil {
			where = "no rotation"
		}
		out = append(out, c.judgement(p, fmt.Sprintf("page of %s to %s: ", At(p.At, c.Location), where)))
	}
	return out
}

func (c *IncidentCard) judgement(p JudgedPage, which string) string {
	var beside []string
	if p.Verdict == "redundant" || p.Verdict == "unattended" {
		beside = append(beside, "whatever the score")
	} else {
		beside = append(beside, p.Confidence+" confidence")
	}
	if p.Verdict != p.JudgedVerdict {
		beside = append(beside, "by the label; without it "+verdictWord(p.JudgedVerdict))
	}
	return fmt.Sprintf("%s%s (%s)", which, verdictText(p.Verdict), Clean(strings.Join(beside, ", ")))
}
