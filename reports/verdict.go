package reports

import (
	"fmt"
	"sort"
	"strings"
)

// Verdict is the one sentence that sums a rotation up. It is made by rule from the table.
type Verdict struct {
	Mark Mark
	Text string
}

func verdict(r *Rotation, c *Context, complete bool) Verdict {
	n := counterFor(complete)
	all := rows(r, c, complete, false)
	switch {
	case r.OverLimit():
		return Verdict{Over, fmt.Sprintf("▲ OVER LIMIT: %s of %s 12-hour blocks over %s pages.%s",
			n(r.Load.Blocks12hOverLimitCount), Count(r.Load.Blocks12hCount), Number(&c.Limits.PagesPer12h), lever(r))}
	case !complete:
		return Verdict{None, fmt.Sprintf("– PARTIAL: %s pages; the period was not read whole, so this says no more.", n(r.Load.PageCount))}
	}
	var watch []string
	for _, row := range all {
		if row.Reading == Watch {
			name, _, _ := strings.Cut(row.Label, " (")
			name, _, _ = strings.Cut(name, " p50")
			watch = append(watch, strings.TrimSpace(name))
		}
	}
	switch {
	case len(watch) > 0:
		return Verdict{Watch, "● WATCH: " + strings.Join(watch, "; ") + "."}
	case r.Load.PageCount == 0:
		return Verdict{OK, fmt.Sprintf("✓ QUIET: no page in %s.", plural(r.Load.ShiftCount, "shift"))}
	case quiet(r, OK):
		return Verdict{OK, fmt.Sprintf("✓ QUIET: %s in %s, %s at night; no 12-hour block over the limit.",
			plural(r.Load.PageCount, "page"), plural(r.Load.ShiftCount, "shift"), Count(r.Night.PageCount))}
	}
	return Verdict{OK, "✓ OK: nothing is over a limit."}
}

// quiet rotations print as a few lines.
func quiet(r *Rotation, m Mark) bool { return m == OK && r.Load.PageCount < 2*fewPages }

// lever names the fewest alerts, three at most, that made half of the pages or more.
func lever(r *Rotation) string {
	var sum int64
	for i, a := range r.Alerts {
		if i == 3 {
			break
		}
		sum += a.PageCount
		if s := share(sum, r.Load.PageCount); s != nil && *s >= 0.5 {
			return fmt.Sprintf(" %s made %s.", [...]string{"One alert", "Two alerts", "Three alerts"}[i], Ratio(s))
		}
	}
	return ""
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

func people(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return Count(n) + " people"
}

// WorstFirst orders rotations for people: most blocks over the limit, then most night pages, most pages, id.
func WorstFirst(rotations []Rotation) []*Rotation {
	out := make([]*Rotation, len(rotations))
	for i := range rotations {
		out[i] = &rotations[i]
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if x, y := a.Load.Blocks12hOverLimitCount, b.Load.Blocks12hOverLimitCount; x != y {
			return x > y
		}
		if x, y := a.Night.PageCount, b.Night.PageCount; x != y {
			return x > y
		}
		if x, y := a.Load.PageCount, b.Load.PageCount; x != y {
			return x > y
		}
		return a.ID < b.ID
	})
	return out
}
