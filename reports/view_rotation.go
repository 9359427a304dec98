package reports

import (
	"fmt"

	"crywolf/reports/charts"
)

// rotationView is one rotation's section.
type rotationView struct {
	ID, Name, Facts string
	Verdict         Verdict
	Trend           string // the weeks up to the period's end
	Quiet           bool   // the verdict says it all
	Measures        *grid
	Marks           []Mark // of the rows of Measures
	Actions         *grid
	Alerts          *grid
	MoreAlerts      string
	Besides         *grid            // nights elsewhere, toil, spread
	Figures         []*charts.Figure // what it looks like
	Changes         *grid
	ChangesNote     string
	Shifts, Sources *grid
	Folded          []*grid // HTML only: what is not opened at first
}

func newRotationView(rot *Rotation, r *Report, o Options) rotationView {
	c := &r.Context
	v := rotationView{ID: rot.ID, Name: Clean(rot.Name), Verdict: verdict(rot, c, r.Data.Complete)}
	v.Facts = fmt.Sprintf("%s · %s · %s · ", rot.ID, Clean(rot.TimeZone), plural(rot.Load.ShiftCount, "shift"))
	v.Facts += people(holderCount(rot))
	v.Trend = trendText(rot)
	v.Quiet = quiet(rot, v.Verdict.Mark) && !o.Wide
	v.Measures, v.Marks = measuresGrid(rot, r, o.Wide)
	v.Actions = actionsGrid(rot, r.Data.Complete)
	v.Alerts, v.MoreAlerts = alertsGrid(rot, r.Data.Complete, o.Wide)
	if o.Wide {
		v.Changes, v.ChangesNote = changesGrid(rot)
		v.Figures = figures(rot, r)
		v.Besides = besidesGrid(rot, c, r.Data.Complete)
		v.Shifts = shiftsGrid(rot, c)
		v.Sources = sourcesGrid(rot)
	}
	return v
}

func measuresGrid(rot *Rotation, r *Report, wide bool) (*grid, []Mark) {
	c := &r.Context
	this, before := "this "+Days(r.Period), Days(r.Period)+" before"
	if c.PeriodName != "" {
		this, before = c.PeriodName, "before"
	}
	g := &grid{Caption: "Load, nights, response and quality", Head: []string{"", this, before, "limit", "change", "reading"}, Left: 1}
	var marks []Mark
	for _, row := range rows(rot, c, r.Data.Complete, wide) {
		g.Rows = append(g.Rows, []string{row.Label, row.This, row.Before, row.Limit, row.Change, row.Reading.String()})
		marks = append(marks, row.Reading)
	}
	return g, marks
}

// holderCount is how many people had a shift.
func holderCount(rot *Rotation) int64 {
	holders := map[string]bool{}
	for _, s := range rot.Shifts {
		holders[s.User] = true
	}
	return int64(len(holders))
}

// shiftHolders says whose each shift was; of nobody where so few share the rotation that it would name them in all but
// name.
func shiftHolders(rot *Rotation, c *Context) []string {
	out := make([]string, len(rot.Shifts))
	few := holderCount(rot) < int64(c.MinGroup)
	for i, s := range rot.Shifts {
		if out[i] = Clean(s.User); few {
			out[i] = unknown
		}
	}
	return out
}

func shiftsGrid(rot *Rotation, c *Context) *grid {
	g := &grid{Caption: "Shifts", Head: []string{"SHIFT OF", "from", "to", "hours", "pages", "night"}, Left: 3}
	holders := shiftHolders(rot, c)
	for i, s := range rot.Shifts {
		hours := float64(s.OnCallSeconds) / 3600
		g.Rows = append(g.Rows, []string{holders[i], At(s.Start, c.Location), At(s.End, c.Location),
			Number(&hours), Count(s.PageCount), Count(s.NightPageCount)})
	}
	return g
}

func sourcesGrid(rot *Rotation) *grid {
	if len(rot.Sources) == 0 {
		return nil
	}
	g := &grid{Caption: "Pages by the tool that sent them", Head: []string{"SOURCE", "pages", "share"}, Left: 1}
	for _, s := range rot.Sources {
		g.Rows = append(g.Rows, []string{Clean(s.Source), Count(s.PageCount), Ratio(s.PageRatio)})
	}
	return g
}

// trendText is the pages of the last weeks as a sparkline with its ends in numbers; empty where fewer than two weeks
// were read whole.
func trendText(rot *Rotation) string {
	if len(rot.Weeks) < 2 {
		return ""
	}
	var values []*float64
	least, most := rot.Weeks[0].PageCount, rot.Weeks[0].PageCount
	for _, w := range rot.Weeks {
		n := float64(w.PageCount)
		values = append(values, &n)
		least, most = min(least, w.PageCount), max(most, w.PageCount)
	}
	return fmt.Sprintf("%s  %s  %s–%s pages a week, last %s", plural(int64(len(rot.Weeks)), "week"), charts.Sparkline(values), Count(least), Count(most),
		Count(rot.Weeks[len(rot.Weeks)-1].PageCount))
}
