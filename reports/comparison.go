package reports

import (
	"fmt"
	"math"
	"time"
)

// Change compares the rate of pages with an earlier period.
type Change struct {
	Since               time.Time `json:"since"`
	Until               time.Time `json:"until"`
	BaselineSince       time.Time `json:"baseline_since"`
	BaselineUntil       time.Time `json:"baseline_until"`
	PageCount           int64     `json:"page_count"`
	BaselinePageCount   int64     `json:"baseline_page_count"`
	PagesPer12h         *float64  `json:"pages_per_12h"`
	BaselinePagesPer12h *float64  `json:"baseline_pages_per_12h"`
	PageRateRatio       *float64  `json:"page_rate_ratio"`
	PageRateRatioLow    *float64  `json:"page_rate_ratio_low"`
	PageRateRatioHigh   *float64  `json:"page_rate_ratio_high"`
	MayBeChance         *bool     `json:"may_be_chance"`
}

// Comparison says what tests make of the differences between the report's period and the one before. Nil is a row that
// cannot be compared: a side has nothing to compare.
type Comparison struct {
	PageRate      *Difference `json:"page_rate"`           // pages per on-call hour
	NightShare    *Difference `json:"night_page_ratio"`    // night pages / pages
	Acknowledge   *Difference `json:"time_to_acknowledge"` // times
	Resolve       *Difference `json:"time_to_resolve"`     // times
	NonActionable *Difference `json:"non_actionable"`      // non-actionable / decided pages
}

// Difference is how much a number changed: a ratio of rates or times, or points of a share. Both are nil where there
// was nothing before and is something now.
type Difference struct {
	Ratio       *float64 `json:"ratio"`            // now / before
	Points      *float64 `json:"difference_ratio"` // now − before, of shares between 0 and 1
	MayBeChance bool     `json:"may_be_chance"`
}

// mayBeChance is the mark of a difference that chance alone can make.
const mayBeChance = "~"

// String is the difference as a cell: +43%, ×12, −3pt, with ~ where it may be chance. The mark has a place of its own,
// so that the numbers of a column stand under one another.
func (d *Difference) String() string {
	if d == nil {
		return ""
	}
	mark := " "
	if d.MayBeChance {
		mark = mayBeChance
	}
	return d.size() + " " + mark
}

func (d *Difference) size() string {
	switch {
	case d.Points != nil:
		return signed(*d.Points*100, "pt")
	case d.Ratio == nil:
		return "new"
	case *d.Ratio >= 10:
		return "×" + oneDecimal(math.Round(*d.Ratio))
	}
	return signed((*d.Ratio-1)*100, "%")
}

func signed(v float64, unit string) string {
	v = math.Round(v)
	if v == 0 {
		return "±0" + unit
	}
	return fmt.Sprintf("%+.0f%s", v, unit)
}

// AlertChange is an alert rule whose rate of pages changed between the two periods of Change, told from chance among all
// rules that were looked at.
type AlertChange struct {
	Rule              string `json:"rule"`
	Title             string `json:"title"`
	PageCount         int64  `json:"page_count"`
	BaselinePageCount int64  `json:"baseline_page_count"`
	// The rates are drawn towards that of the rotation's rules.
	ShrunkenPagesPer12h         float64 `json:"shrunken_pages_per_12h"`
	BaselineShrunkenPagesPer12h float64 `json:"baseline_shrunken_pages_per_12h"`
	PageRateRatio               float64 `json:"page_rate_ratio"` // of the two
	AdjustedP                   float64 `json:"adjusted_p"`      // Benjamini–Hochberg
}

// changesGrid is the block of the alerts that changed, and what to mind when reading it.
func changesGrid(rot *Rotation) (*grid, string) {
	if len(rot.AlertChanges) == 0 || rot.Change == nil {
		return nil, ""
	}
	g := &grid{Caption: "What changed", Head: []string{"WHAT CHANGED", "title", "pages before", "pages", "change"}, Left: 2}
	improved := false
	for _, a := range rot.AlertChanges {
		g.Rows = append(g.Rows, []string{a.Rule, Clean(a.Title), Count(a.BaselinePageCount), Count(a.PageCount), a.change()})
		improved = improved || a.PageRateRatio < 1
	}
	note := fmt.Sprintf("rates per on-call hour, %s against the %s before, drawn towards the rotation's",
		Days(Period{rot.Change.Since, rot.Change.Until}), Days(Period{rot.Change.BaselineSince, rot.Change.BaselineUntil}))
	if improved {
		note += "; an alert that stood out as bad comes down partly by itself, whatever was done"
	}
	return g, note
}

func (a *AlertChange) change() string {
	switch {
	case a.BaselinePageCount == 0:
		return "new"
	case a.PageCount == 0:
		return "gone"
	}
	d := Difference{Ratio: &a.PageRateRatio}
	return d.size()
}
