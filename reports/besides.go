package reports

import "fmt"

// toilBudgetRatio is Google's limit of operational work, of which the engaged time here is the paged part (SRE book,
// chapter 5).
const toilBudgetRatio = 0.5

const besidesCaption = "Nights elsewhere, toil and spread of load"

// besidesGrid says what the first screen has no room for: who takes the nights, what pages cost in working time, and how
// evenly they fell.
func besidesGrid(rot *Rotation, c *Context, complete bool) *grid {
	g := &grid{Caption: besidesCaption, Head: []string{"BESIDES", "reading", ""}, Left: 3}
	f, t := &rot.FollowTheSun, &rot.Toil
	g.Rows = append(g.Rows,
		[]string{"nights elsewhere", None.String(), f.text()},
		[]string{"leaked night pages", f.leakMark().String(), f.leakText()},
		[]string{"hand-off gaps", f.gapMark().String(), f.gapText()},
		[]string{"engaged time (toil)", t.mark().okIf(complete).String(), t.text(complete)},
		[]string{"spread of load", rot.Spread.mark().okIf(complete).String(), rot.Spread.text(c.MinGroup)})
	return g
}

func (f *FollowTheSun) text() string {
	if f.Verdict == nil {
		return "not judged: the period is shorter than 28 days"
	}
	if *f.Verdict == "unknown" {
		return fmt.Sprintf("unknown: not everybody's time zone is known (%s of the on-call time lies in the sleep hours of whoever holds it, as far as it is)", Ratio(f.ExposureRatio))
	}
	text := fmt.Sprintf("%s: %s of the on-call time lies in the sleep hours of whoever holds it", Clean(*f.Verdict), Ratio(f.ExposureRatio))
	if n := f.ZoneClusterCount; n != nil && *n > 1 {
		text += ", in " + plural(*n, "group") + " of zones 3 h or more apart"
	}
	return text
}

func (f *FollowTheSun) leakMark() Mark {
	if f.LeakedPageCount > 0 {
		return Watch
	}
	return None
}

func (f *FollowTheSun) leakText() string {
	if f.NightPageCount == 0 {
		return "no night page"
	}
	return fmt.Sprintf("%s of %s (%s) came while somebody awake was on call for the same policy",
		Count(f.LeakedPageCount), plural(f.NightPageCount, "night page"), span(f.LeakedRatioLow, f.LeakedRatioHigh))
}

func (f *FollowTheSun) gapMark() Mark {
	if f.HandOffGapSeconds > 0 {
		return Watch
	}
	return None
}

func (f *FollowTheSun) gapText() string {
	seconds := float64(f.HandOffGapSeconds)
	if seconds == 0 {
		return fmt.Sprintf("none: somebody was on call all the time, over %s", plural(f.HandOffCount, "hand-off"))
	}
	return fmt.Sprintf("nobody on call for %s, in %s over %s", Seconds(&seconds), plural(f.HandOffGapCount, "gap"), plural(f.HandOffCount, "hand-off"))
}

// mark judges the range: over the budget only where even the low end is.
func (t *Toil) mark() Mark {
	switch {
	case t.ToilRatioHigh == nil || t.ToilRatioLow == nil:
		return None
	case *t.ToilRatioHigh > toilBudgetRatio:
		return Watch
	}
	return OK
}

func (t *Toil) text(complete bool) string {
	switch {
	case t.EngagementCount == 0 && !complete:
		return "not known: the period was not read whole"
	case t.EngagementCount == 0:
		return "nobody acknowledged a page"
	}
	text := fmt.Sprintf("%s h over %s", hoursSpan(t.EngagedLowSeconds, t.EngagedHighSeconds), plural(t.EngagementCount, "engagement"))
	if t.ToilRatioLow == nil {
		return text
	}
	budget := toilBudgetRatio
	return text + fmt.Sprintf(", %s of the %s h at work on days on call; Google's limit of all toil is %s",
		span(t.ToilRatioLow, t.ToilRatioHigh), hoursSpan(t.WorkingSeconds, t.WorkingSeconds), Ratio(&budget))
}

// hoursSpan is a range of hours of work, which days would hide: a day has 8 of them or 24.
func hoursSpan(low, high float64) string {
	from, to := low/3600, high/3600
	if Number(&from) == Number(&to) {
		return Number(&from)
	}
	return Number(&from) + "–" + Number(&to)
}

func (s *Spread) mark() Mark {
	switch {
	case s == nil || s.MayBeChance == nil:
		return None
	case *s.MayBeChance:
		return OK
	}
	return Watch
}

func (s *Spread) text(minGroup int) string {
	switch {
	case s == nil:
		return fmt.Sprintf("not shown: fewer than %d people, or no page", minGroup)
	case s.MayBeChance == nil:
		return unknown
	}
	verdict := "no more than chance does to equal rates " + mayBeChance
	if !*s.MayBeChance {
		verdict = "more than chance does to equal rates"
	}
	return fmt.Sprintf("the heaviest of %s had %s times the equal share: %s (Gini %s, chance up to %s)",
		people(s.PersonCount), Number(s.HeaviestToEqualRatio), verdict, Number(s.GiniRatio), Number(s.GiniByChanceHighRatio))
}
