package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"crywolf/reports/charts"
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
	Fingerprint         string
	Next                []string
	// The rest is for HTML.
	Trail       []link
	Weeks       *charts.Figure // of all rotations side by side
	Definitions []Definition
}

// link leads to another page of a site.
type link struct{ Path, Text string }

// grid is a table of texts. The first Left columns are aligned left, the others right.
type grid struct {
	Caption string
	Head    []string
	Rows    [][]string
	Left    int
	Links   []string // of each row's first cell, in HTML; "" or too short is none
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

		Fingerprint: fingerprintText(r.Data.Fingerprint),
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

// fingerprintWidth is that of a SHA-256 in hex.
const fingerprintWidth = 64

// fingerprintText is a fingerprint as documents for people show it.
func fingerprintText(s string) string { return Cut(Clean(s), fingerprintWidth) }

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
		text := fmt.Sprintf("gap: %s %s – %s", strings.ReplaceAll(g.Kind, "_", " "), At(g.Since, c.Location), At(g.Until, c.Location))
		switch {
		case g.Command == "": // a shared audit has none
		case g.Reason == "truncated":
			text += ", of which PagerDuty did not give all; tried again by  " + g.Command
		default:
			text += ", filled by  " + g.Command
		}
		out = append(out, text)
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
	g := &grid{Caption: "Load, nights and worth of the pages", Head: []string{"ROTATION", "pages", "per 12 h", "over limit", "night", "non-act.", "reading"}, Left: 1}
	for _, r := range ordered {
		g.Rows = append(g.Rows, []string{Cut(Clean(r.Name), 27), n(r.Load.PageCount), Number(r.Load.PagesPer12h),
			fmt.Sprintf("%s/%s", n(r.Load.Blocks12hOverLimitCount), Count(r.Load.Blocks12hCount)),
			n(r.Night.PageCount), Ratio(r.Quality.NonActionableRatio), verdict(r, c, complete).Mark.String()})
	}
	return g
}
