package reports

import (
	"fmt"
	"slices"
)

// firstScreenAlerts is how many alerts fit the first screen, and how many beside the things to do first.
const (
	firstScreenAlerts      = 5
	firstScreenOtherAlerts = 3
)

// alertsGrid is the block of the alerts with most pages, and what to say of those left out. Wide, it has all of them;
// else those that stand among the things to do first are not said again.
func alertsGrid(rot *Rotation, complete, wide bool) (*grid, string) {
	n := counterFor(complete)
	g := &grid{Caption: "Alert rules by pages", Head: []string{"ALERT", "title", "pages", "night", "auto-res.", "non-act.", "do"}, Left: 2}
	shown, rest := rot.Alerts, []Alert(nil)
	if wide {
		g = &grid{Caption: "All alert rules by pages", Head: []string{"ALERT", "title", "service", "source", "pages", "night", "auto-res.", "non-act.", "do", ""}, Left: 4}
	} else {
		shown, rest = firstAlerts(rot)
		if len(rot.Actions) > 0 {
			g.Head[0] = "OTHERS"
		}
	}
	for _, a := range shown {
		row := []string{a.Rule, Clean(a.Title)}
		if wide {
			row = append(row, Clean(a.Service), Clean(a.Source))
		}
		row = append(row, n(a.PageCount), n(a.NightPageCount), Ratio(a.AutoResolvedRatio), Ratio(a.NonActionableRatio), advice(&a, wide))
		if wide {
			row = append(row, flaps(&a))
		}
		g.Rows = append(g.Rows, row)
	}
	switch {
	case len(g.Rows) == 0:
		return nil, ""
	case len(rest) == 0:
		return g, ""
	}
	var pages int64
	for _, a := range rest {
		pages += a.PageCount
	}
	return g, fmt.Sprintf("and %s with %s together", plural(int64(len(rest)), "more alert"), plural(pages, "page"))
}

// firstAlerts splits the alerts into those of the first screen and the rest; things to do first are in neither.
func firstAlerts(rot *Rotation) (shown, rest []Alert) {
	room := firstScreenAlerts
	if len(rot.Actions) > 0 {
		room = firstScreenOtherAlerts
	}
	for _, a := range rot.Alerts {
		switch {
		case slices.Contains(rot.Actions, a.Rule):
		case len(shown) < room:
			shown = append(shown, a)
		default:
			rest = append(rest, a)
		}
	}
	return shown, rest
}

func flaps(a *Alert) string {
	if a.Flapping {
		return "flaps"
	}
	return ""
}
