package reports

import (
	"fmt"
	"strings"

	"crywolf/reports/charts"
)

// auditPage is an audit as a page shows it.
type auditPage struct {
	auditView
	Title, Banner string
	Trail         []link
	Definitions   []Definition
	Cards         []auditPageCard
}

type auditPageCard struct {
	auditCardView
	Blocks []auditPageBlock
}

// auditPageBlock has the numbers that are checked in sight and all else folded.
type auditPageBlock struct {
	auditBlockView
	Mark    Mark
	State   string
	Figure  *charts.Figure
	Checked []auditRow
	Rest    *grid
	All     *grid // every check of the rotation
}

// writeAuditHTML writes one self-contained page: no script, nothing fetched.
func writeAuditHTML(b *strings.Builder, a *Audit) error {
	return pages.ExecuteTemplate(b, "audit", newAuditPage(a))
}

func newAuditPage(a *Audit) auditPage {
	p := auditPage{auditView: newAuditView(a), Title: auditTitle, Definitions: a.Context.Definitions}
	for i := range p.auditView.Cards {
		c := &p.auditView.Cards[i]
		card := auditPageCard{auditCardView: *c}
		for j := range c.Blocks {
			card.Blocks = append(card.Blocks, newAuditPageBlock(&c.Blocks[j], c, &a.Rotations[i].Blocks[j], a))
		}
		p.Cards = append(p.Cards, card)
	}
	return p
}

func newAuditPageBlock(v *auditBlockView, c *auditCardView, b *Block, a *Audit) auditPageBlock {
	p := auditPageBlock{auditBlockView: *v, Mark: statusMark(v.Status), State: statusText(v.Status) + ":", Figure: trendFigure(c, b, a),
		All: checksGrid(v.Checks)}
	var rest []auditRow
	for _, r := range v.Rows {
		if r.Status != "" {
			p.Checked = append(p.Checked, r)
		} else {
			rest = append(rest, r)
		}
	}
	if len(rest) > 0 {
		p.Rest = &grid{Caption: "Other numbers", Head: []string{"number", "value"}, Left: 1}
		for _, r := range rest {
			p.Rest.Rows = append(p.Rest.Rows, []string{r.Label, r.Value})
		}
	}
	return p
}

// trendFigure draws the weeks of a trend; nil where there is none.
func trendFigure(c *auditCardView, b *Block, a *Audit) *charts.Figure {
	series := charts.WeekSeries{Label: c.Name}
	d := charts.WeeksData{}
	for _, w := range b.Weeks {
		d.WeekStarts = append(d.WeekStarts, in(w.Start, &a.Context))
		series.PageCounts = append(series.PageCounts, w.PageCount)
		series.NightPageCounts = append(series.NightPageCounts, w.NightPageCount)
	}
	if len(b.Weeks) == 0 {
		return nil
	}
	d.Series = []charts.WeekSeries{series}
	return charts.Weeks(c.ID+"-"+Clean(b.ID), d)
}

// sourceID is where the page says whose limit it is.
func sourceID(i int) string { return fmt.Sprintf("source-%d", i+1) }

func sourceOf(r auditRow) string { return sourceID(r.Source - 1) }
