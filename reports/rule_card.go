package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// RuleCard is the document of `crywolf explain RULE`: all that is known of one alert rule.
type RuleCard struct {
	SchemaVersion        string        `json:"schema_version"`
	Demo                 string        `json:"demo,omitempty"`
	Period               Period        `json:"period"`
	Data                 Data          `json:"data"`
	Rule                 string        `json:"rule"`
	RuleName             string        `json:"rule_name"`
	Title                string        `json:"title"`
	Service              string        `json:"service"`
	Source               string        `json:"source"`
	History              RuleHistory   `json:"history"`
	Alert                *NoisyAlert   `json:"alert"` // as in noisy; null where it did not page in the period
	Hours                Hours         `json:"hours"`
	VerdictCounts        VerdictCounts `json:"verdict_counts"`
	EpisodeCount         int64         `json:"episode_count"`
	FlappingRunCount     int64         `json:"flapping_run_count"`
	FlappingEpisodeCount int64         `json:"flapping_episode_count"`
	AlertKeyCount        int64         `json:"alert_key_count"`
	Rotations            []PagedGroup  `json:"rotations"`
	Label                *RuleLabel    `json:"label"`
	Examples             []Example     `json:"examples"`
	// Context is what documents for people say beyond the JSON document.
	Context Context `json:"-"`
}

// RuleHistory is what all stored history holds of a rule.
type RuleHistory struct {
	IncidentCount int64     `json:"incident_count"`
	FirstSeenAt   time.Time `json:"first_seen_at"`
	LastSeenAt    time.Time `json:"last_seen_at"`
}

// PagedGroup is one rotation that a rule paged. People is null where so few share the rotation that it would name them.
type PagedGroup struct {
	ID        *string       `json:"id"` // null: the unattributed pages
	Name      string        `json:"name"`
	PageCount int64         `json:"page_count"`
	People    []PagedPerson `json:"people"`
}

// PagedPerson is one person whom a rule paged, as R1…Rn.
type PagedPerson struct {
	User           string `json:"user"`
	PageCount      int64  `json:"page_count"`
	NightPageCount int64  `json:"night_page_count"`
}

// RuleLabel is what people said of a rule last.
type RuleLabel struct {
	Label  string     `json:"label"`
	Cause  string     `json:"cause"`
	At     time.Time  `json:"at"`
	Reason string     `json:"reason"`
	Until  *time.Time `json:"until"` // it holds for incidents created before; null: for all
}

// Example is one incident of a rule in the period.
type Example struct {
	Incident string    `json:"incident"`
	Number   *int64    `json:"number"`
	PagedAt  time.Time `json:"paged_at"`
	Worked   bool      `json:"worked"`
	Verdict  string    `json:"verdict"` // of its first page
}

// RenderRule writes an alert rule's card as table, Markdown, HTML or JSON.
func RenderRule(w io.Writer, c *RuleCard, f Format, o Options) error {
	c.normalize()
	return renderCard(w, c.view(), c, f, o)
}

func (c *RuleCard) normalize() {
	c.Period = c.Period.utc()
	c.Data.normalize()
	c.Rotations, c.Examples = nonNil(c.Rotations), nonNil(c.Examples)
	if c.Alert != nil {
		c.Alert.Reasons = reasons(c.Alert)
		c.Alert.WorkedIncidents = nonNil(c.Alert.WorkedIncidents)
	}
}

func (c *RuleCard) view() card {
	v := card{Title: "alert rule " + Clean(c.Rule), Demo: c.Demo, Next: c.Context.Next, Fingerprint: fingerprintText(c.Data.Fingerprint)}
	v.fact("title", Clean(c.Title))
	v.fact("rule", fmt.Sprintf("%s · service %s · from %s", Clean(c.RuleName), Clean(c.Service), Clean(c.Source)))
	h := c.History
	v.fact("history", fmt.Sprintf("%s, first %s, last %s", plural(h.IncidentCount, "incident"), At(h.FirstSeenAt, c.Context.Location), At(h.LastSeenAt, c.Context.Location)))
	v.fact("period", periodText(c.Period, &c.Context))
	v.fact("data", strings.TrimPrefix(stateText(c.Data, &c.Context), "data "))
	if c.Label != nil {
		v.fact("label", c.labelText())
	}
	if c.Alert == nil {
		v.section("NO PAGE", "It paged nobody in this period.")
		return v
	}
	v.section("WHAT TO DO: "+c.doText(), append(append([]string{}, c.Alert.Reasons...), change(c.Alert))...)
	v.table("WHAT IT DID", c.numbersGrid())
	v.table("WHOM IT PAGED", c.peopleGrid())
	v.table("EXAMPLES", c.examplesGrid())
	return v
}

func (c *RuleCard) labelText() string {
	l := c.Label
	text := verdictWord(l.Label) + ", " + At(l.At, c.Context.Location)[:len("2026-11-16")]
	if l.Cause != "" {
		text += ", cause: " + Clean(l.Cause)
	}
	if l.Reason != "" {
		text += ", because: " + Clean(l.Reason)
	}
	if l.Until != nil {
		text += "; for incidents before " + At(*l.Until, c.Context.Location)
	}
	return text
}

func (c *RuleCard) doText() string {
	a := c.Alert
	text := do(a)
	if a.Recommendation == Group && a.GroupWith != nil {
		text += " with " + Clean(*a.GroupWith)
	}
	if removes(a.Recommendation) {
		text += fmt.Sprintf(", saves %s pages a week at most, %s at night", Number(a.SavesPagesPerWeek), Number(a.SavesNightPagesPerWeek))
	}
	return text
}

func (c *RuleCard) numbersGrid() grid {
	a, n, h, q := c.Alert, counterFor(c.Data.Complete), c.Hours, c.VerdictCounts
	last := "never in this period"
	if a.LastWorkedAt != nil {
		last = At(*a.LastWorkedAt, c.Context.Location)
	}
	return grid{Head: []string{"", ""}, Left: 2, Rows: [][]string{
		{"pages", fmt.Sprintf("%s: business %s, off hours %s, night %s", n(a.PageCount), n(h.BusinessPageCount), n(h.OffHoursPageCount), n(h.SleepPageCount))},
		{"verdicts", fmt.Sprintf("actionable %s, non-actionable %s, unknown %s; redundant %s, unattended %s",
			n(q.Actionable), n(q.NonActionable), n(q.Unknown), n(q.Redundant), n(q.Unattended))},
		{"worked", fmt.Sprintf("%s (95%% range %s)", n(a.WorkedCount)+" of "+plural(a.IncidentCount, "incident"), span(a.WorkedRatioLow, a.WorkedRatioHigh))},
		{"last worked", last},
		{"cleared alone", fmt.Sprintf("%s of %s; auto-resolved %s", Ratio(a.ClearedAloneRatio), plural(a.IncidentCount, "incident"), Ratio(a.AutoResolvedRatio))},
		{"open p50", Seconds(a.OpenP50Seconds)},
		{"episodes", fmt.Sprintf("%s of %s; %s in %s", n(c.EpisodeCount), plural(c.AlertKeyCount, "alert key"), n(c.FlappingEpisodeCount), plural(c.FlappingRunCount, "flap run"))},
		{"risk", c.riskText()},
	}}
}

func (c *RuleCard) riskText() string {
	a := c.Alert
	switch {
	case !removes(a.Recommendation):
		return "–: nothing is taken away"
	case a.Recommendation == Demote:
		return "no worked incident came when it would not page"
	case a.WorkedCount > 0:
		return plural(a.WorkedCount, "worked incident") + " hidden or delayed: " + Clean(strings.Join(a.WorkedIncidents, ", "))
	}
	return "no worked incident seen; 95% sure that at most " + Ratio(a.WorkedRatioBound) + " are"
}

func (c *RuleCard) peopleGrid() grid {
	g := grid{Head: []string{"", "", ""}, Left: 1}
	n := counterFor(c.Data.Complete)
	for _, r := range c.Rotations {
		name := Clean(r.Name)
		if r.ID == nil {
			name = "no rotation"
		}
		var people []string
		for _, p := range r.People {
			text := Clean(p.User) + " " + n(p.PageCount)
			if p.NightPageCount > 0 {
				text += " (" + n(p.NightPageCount) + " at night)"
			}
			people = append(people, text)
		}
		switch {
		case r.ID == nil:
			people = []string{"not shown by person"}
		case r.People == nil:
			people = []string{fmt.Sprintf("not shown by person: fewer than %d share it", c.Context.MinGroup)}
		}
		g.Rows = append(g.Rows, []string{name, n(r.PageCount), strings.Join(people, ", ")})
	}
	return g
}

func (c *RuleCard) examplesGrid() grid {
	g := grid{Head: []string{"", "", ""}, Left: 2}
	for _, e := range c.Examples {
		worked := ""
		if e.Worked {
			worked = "worked, "
		}
		id := Clean(e.Incident)
		if e.Number != nil {
			id += fmt.Sprintf(" #%d", *e.Number)
		}
		g.Rows = append(g.Rows, []string{id, At(e.PagedAt, c.Context.Location), worked + verdictWord(e.Verdict)})
	}
	return g
}
