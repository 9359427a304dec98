package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// view is a Report as texts, laid out the same way by the table, Markdown and HTML renderers.
type view struct {
	Title, Demo, Banner string
	Period, State       string
	Complete            bool
	Gaps                []string
	Overview            *grid // only with two rotations or more
	Rotations           []rotationView
	Empty               string // what there is to say where no rotation is
	Account             string
	Excluded, Notes     []string
	Next                []string
}

// rotationView is one rotation's section.
type rotationView struct {
	ID, Name, Facts string
	Verdict         Verdict
	Quiet           bool // the verdict says it all
	Measures        grid
	Marks           []Mark // of the rows of Measures
	Actions         *grid
	Alerts          *grid
	MoreAlerts      string
	Heat            *heat
	Changes         *grid
	ChangesNote     string
	Shifts, Sources *grid
}

// grid is a table of texts. The first Left columns are aligned left, the others right.
type grid struct {
	Head []string
	Rows [][]string
	Left int
}

func newView(r *Report, o Options) view {
	c := &r.Context
	v := view{
		Title:    "On-call report",
		Demo:     r.Demo,
		Complete: r.Data.Complete,
		Period:   periodText(r.Period, c),
		State:    stateText(r.Data, c),
		Gaps:     gapTexts(r.Data, c),
		Excluded: excludedTexts(r.Data),
		Notes:    noteTexts(r.Data),
		Account:  accountText(r),
		Next:     c.Next,
	}
	if c.NamesShown {
		v.Banner = "NAMES SHOWN: this document names people. Mind who gets it."
	}
	if c.BeforeGap != "" {
		v.Notes = append(v.Notes, "note: "+c.BeforeGap)
	}
	ordered := WorstFirst(r.Rotations)
	if len(ordered) > 1 {
		v.Overview = overview(ordered, c, r.Data.Complete)
	}
	if len(ordered) == 0 {
		v.Empty = "No shift and no page in this period."
	}
	for _, rot := range ordered {
		v.Rotations = append(v.Rotations, newRotationView(rot, r, o))
	}
	return v
}

func zoneName(loc *time.Location) string {
	if loc == nil {
		return "UTC"
	}
	return loc.String()
}

func periodText(p Period, c *Context) string {
	name := Days(p)
	if c.PeriodName != "" {
		name = c.PeriodName
	}
	return fmt.Sprintf("%s – %s %s, %s", At(p.Since, c.Location), At(p.Until, c.Location), zoneName(c.Location), name)
}

func stateText(d Data, c *Context) string {
	synced := "nothing synced yet"
	if d.SyncedUntil != nil {
		synced = "synced until " + At(*d.SyncedUntil, c.Location) + " " + zoneName(c.Location)
	}
	if d.Complete {
		return "data complete, " + synced
	}
	return "data PARTIAL: counts are at least (≥), " + synced
}

func gapTexts(d Data, c *Context) []string {
	var out []string
	for _, g := range d.Gaps {
		out = append(out, fmt.Sprintf("gap: %s %s – %s, filled by  %s", strings.ReplaceAll(g.Kind, "_", " "),
			At(g.Since, c.Location), At(g.Until, c.Location), g.Command))
	}
	return out
}

func excludedTexts(d Data) []string {
	var out []string
	for _, e := range d.Excluded {
		out = append(out, fmt.Sprintf("excluded %s %s: %s, %s", e.Kind, Clean(e.Pattern),
			plural(e.IncidentCount, "incident"), plural(e.PageCount, "page")))
	}
	return out
}

func noteTexts(d Data) []string {
	var out []string
	for _, n := range d.Notes {
		out = append(out, "note: "+Clean(n.Text))
	}
	return out
}

func accountText(r *Report) string {
	n := counterFor(r.Data.Complete)
	text := fmt.Sprintf("account: %s incidents, %s pages, %s unattributed",
		n(r.Totals.IncidentCount), n(r.Totals.PageCount), n(r.Unattributed.PageCount))
	var reasons []string
	for _, k := range slices.Sorted(maps.Keys(r.Unattributed.Reasons)) {
		reasons = append(reasons, fmt.Sprintf("%s %s", k, Count(r.Unattributed.Reasons[k])))
	}
	if len(reasons) > 0 {
		text += " (" + strings.Join(reasons, ", ") + ")"
	}
	return text
}

func overview(ordered []*Rotation, c *Context, complete bool) *grid {
	n := counterFor(complete)
	g := &grid{Head: []string{"ROTATION", "pages", "per 12 h", "over limit", "night", "non-act.", "reading"}, Left: 1}
	for _, r := range ordered {
		g.Rows = append(g.Rows, []string{Cut(Clean(r.Name), 27), n(r.Load.PageCount), Number(r.Load.PagesPer12h),
			fmt.Sprintf("%s/%s", n(r.Load.Blocks12hOverLimitCount), Count(r.Load.Blocks12hCount)),
			n(r.Night.PageCount), Ratio(r.Quality.NonActionableRatio), verdict(r, c, complete).Mark.String()})
	}
	return g
}

func newRotationView(rot *Rotation, r *Report, o Options) rotationView {
	c := &r.Context
	v := rotationView{ID: rot.ID, Name: Clean(rot.Name), Verdict: verdict(rot, c, r.Data.Complete)}
	people := map[string]bool{}
	for _, s := range rot.Shifts {
		people[s.User] = true
	}
	v.Facts = fmt.Sprintf("%s · %s · %s · ", rot.ID, Clean(rot.TimeZone), plural(rot.Load.ShiftCount, "shift"))
	if len(people) == 1 {
		v.Facts += "1 person"
	} else {
		v.Facts += Count(int64(len(people))) + " people"
	}
	v.Quiet = quiet(rot, v.Verdict.Mark) && !o.Wide
	v.Measures, v.Marks = measuresGrid(rot, r, o.Wide)
	v.Actions = actionsGrid(rot, r.Data.Complete)
	v.Alerts, v.MoreAlerts = alertsGrid(rot, r.Data.Complete, o.Wide)
	if o.Wide {
		v.Changes, v.ChangesNote = changesGrid(rot)
		v.Heat = newHeat(rot.HourOfWeek)
		v.Shifts = shiftsGrid(rot, c, len(people))
		v.Sources = sourcesGrid(rot)
	}
	return v
}

func measuresGrid(rot *Rotation, r *Report, wide bool) (grid, []Mark) {
	c := &r.Context
	this, before := "this "+Days(r.Period), Days(r.Period)+" before"
	if c.PeriodName != "" {
		this, before = c.PeriodName, "before"
	}
	g := grid{Head: []string{"", this, before, "limit", "change", "reading"}, Left: 1}
	var marks []Mark
	for _, row := range rows(rot, c, r.Data.Complete, wide) {
		g.Rows = append(g.Rows, []string{row.Label, row.This, row.Before, row.Limit, row.Change, row.Reading.String()})
		marks = append(marks, row.Reading)
	}
	return g, marks
}

func shiftsGrid(rot *Rotation, c *Context, people int) *grid {
	g := &grid{Head: []string{"SHIFT OF", "from", "to", "hours", "pages", "night"}, Left: 3}
	for _, s := range rot.Shifts {
		user := Clean(s.User)
		if people < c.MinGroup {
			user = unknown // so few that it would name them in all but name
		}
		hours := float64(s.OnCallSeconds) / 3600
		g.Rows = append(g.Rows, []string{user, At(s.Start, c.Location), At(s.End, c.Location),
			Number(&hours), Count(s.PageCount), Count(s.NightPageCount)})
	}
	return g
}

func sourcesGrid(rot *Rotation) *grid {
	if len(rot.Sources) == 0 {
		return nil
	}
	g := &grid{Head: []string{"SOURCE", "pages", "share"}, Left: 1}
	for _, s := range rot.Sources {
		g.Rows = append(g.Rows, []string{Clean(s.Source), Count(s.PageCount), Ratio(s.PageRatio)})
	}
	return g
}
