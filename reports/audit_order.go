package reports

import (
	"cmp"
	"slices"
)

// worstFirst is the document as people read it: the rotations with most alarms first, of these the ones with most pages
// per 12 hours on call.
func (a *Audit) worstFirst() *Audit {
	out := *a
	out.Rotations = slices.SortedStableFunc(slices.Values(a.Rotations), func(x, y Scorecard) int {
		return cmp.Or(y.alarms()-x.alarms(), cmp.Compare(y.pageRate(), x.pageRate()))
	})
	return &out
}

// Worst is the rotation that stands first for people; nil where there is none.
func (a *Audit) Worst() *Scorecard {
	if len(a.Rotations) == 0 {
		return nil
	}
	return &a.worstFirst().Rotations[0]
}

func (c *Scorecard) alarms() int {
	n := 0
	if b := c.block(BlockChecks); b != nil {
		for _, check := range b.Checks {
			if check.Status == StatusAlarm {
				n++
			}
		}
	}
	return n
}

// pageRate orders rotations; one whose rate is unknown comes last.
func (c *Scorecard) pageRate() float64 {
	if b := c.block(BlockWeekOnCall); b != nil {
		if rate := b.Numbers.Get("pages_per_12h"); rate != nil {
			return *rate
		}
	}
	return -1
}
