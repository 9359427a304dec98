package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"crywolf/analysis"
	"crywolf/reports"
)

// explainRule prints all that is known of one alert rule. A period with a gap does not stop it: it says so.
func (a *app) explainRule(ctx context.Context, r *reader, f explainFlags, id string) error {
	targets, err := a.targets("table", "md", "html", "json")
	if err != nil {
		return err
	}
	period, err := a.period(ctx, f.periodFlags, r)
	if err != nil {
		return err
	}
	card, err := a.ruleCard(ctx, r, period, id)
	if err != nil {
		return err
	}
	return a.write(targets, func(w io.Writer, format string, colour bool) error {
		return reports.RenderRule(w, &card, reports.Format(format), reports.Options{Colour: colour})
	})
}

func (a *app) ruleCard(ctx context.Context, r *reader, period chosen, id string) (reports.RuleCard, error) {
	data, err := a.examine(ctx, r, period, nil, true)
	if err != nil {
		return reports.RuleCard{}, err
	}
	b := &builder{ctx: ctx, session: r.session}
	var found *reports.NoisyAlert
	for _, alert := range b.noisyAlerts(reports.Period(period.Period), nil) {
		if alert.Rule == id {
			found = &alert
		}
	}
	if b.err != nil {
		return reports.RuleCard{}, b.err
	}
	return a.ruleCardOf(ctx, r, period, id, found, data)
}

// ruleCardOf makes the card of a rule of which it is known what it did in the period; alert is nil where it did not page.
func (a *app) ruleCardOf(ctx context.Context, r *reader, period chosen, id string, alert *reports.NoisyAlert, data reports.Data) (reports.RuleCard, error) {
	c := reports.RuleCard{SchemaVersion: reports.SchemaVersion, Rule: id, Period: reports.Period(period.Period), Data: data, Alert: alert,
		Context: reports.Context{Location: period.location, MinGroup: r.config.minGroup}}
	if r.isDemo() {
		c.Demo = reports.DemoData
	}
	rule, err := r.session.ExplainRule(ctx, id, period.Period)
	if err != nil {
		return c, err
	}
	people, err := a.people(ctx, r, false)
	if err != nil {
		return c, err
	}
	layRule(&c, rule)
	c.Rotations = pagedGroups(rule.People, people, r.config.minGroup)
	c.Context.Next = a.afterRule(&c)
	return c, nil
}

func layRule(c *reports.RuleCard, r analysis.Rule) {
	c.RuleName, c.Title, c.Service, c.Source = r.Name, r.Title, r.ServiceName, r.Source
	c.History = reports.RuleHistory{IncidentCount: r.IncidentCount, FirstSeenAt: r.FirstSeenAt, LastSeenAt: r.LastSeenAt}
	h, v := r.PagesByHourClass, r.PagesByVerdict
	c.Hours = reports.Hours{BusinessPageCount: h["business"], OffHoursPageCount: h["off_hours"], SleepPageCount: h["sleep"]}
	c.VerdictCounts = reports.VerdictCounts{Actionable: v["actionable"], NonActionable: v["non_actionable"], Redundant: v["redundant"],
		Unattended: v["unattended"], Unknown: v["unknown"]}
	c.EpisodeCount, c.FlappingRunCount = r.EpisodeCount, r.FlappingRunCount
	c.FlappingEpisodeCount, c.AlertKeyCount = r.FlappingEpisodeCount, r.AlertKeyCount
	for _, e := range r.Examples {
		c.Examples = append(c.Examples, reports.Example{Incident: e.ID, Number: e.Number, PagedAt: e.PagedAt, Worked: e.IsWorked, Verdict: e.Verdict})
	}
	if l := r.Label; l != nil {
		c.Label = &reports.RuleLabel{Label: l.Label, Cause: l.Cause, At: l.At, Reason: l.Reason}
		if !l.Until.IsZero() {
			until := l.Until
			c.Label.Until = &until
		}
	}
}

// pagedGroups puts the people whom a rule paged into their rotations. Where fewer than minGroup share one, who of them
// was paged is left out: it would name them in all but name. Nobody is ranked: people stand by their number.
func pagedGroups(paged []analysis.PagedPerson, people people, minGroup int) []reports.PagedGroup {
	slices.SortStableFunc(paged, func(x, y analysis.PagedPerson) int {
		if c := strings.Compare(x.RotationID, y.RotationID); c != 0 {
			return c
		}
		return people.numbers[x.UserID] - people.numbers[y.UserID]
	})
	var out []reports.PagedGroup
	for _, p := range paged {
		id := known(p.RotationID)
		last := len(out) - 1
		if last < 0 || (out[last].ID == nil) != (id == nil) || id != nil && *out[last].ID != *id {
			out = append(out, reports.PagedGroup{ID: id, Name: p.RotationName})
			last++
		}
		out[last].PageCount += p.PageCount
		if id != nil && p.RotationPersonCount >= int64(minGroup) {
			out[last].People = append(out[last].People, reports.PagedPerson{User: people.show(p.UserID), PageCount: p.PageCount, NightPageCount: p.NightPageCount})
		}
	}
	return out
}

func (a *app) afterRule(c *reports.RuleCard) []string {
	var next []string
	if len(c.Examples) > 0 {
		next = append(next, "crywolf explain "+c.Examples[0].Incident+a.dbFlag())
	}
	if c.Alert == nil {
		return append(next, "crywolf explain "+c.Rule+" --since 13w"+a.dbFlag())
	}
	label := "non-actionable"
	if c.Alert.WorkedCount > 0 {
		label = "actionable"
	}
	return append(next, "crywolf label "+c.Rule+" "+label+" --reason TEXT"+a.dbFlag())
}
