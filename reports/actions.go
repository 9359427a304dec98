package reports

import (
	"cmp"
	"slices"
	"strings"
)

// mostActions is how many alerts a rotation is told to change first.
const mostActions = 3

// ChooseActions gives the rule ids of the alerts worth changing first, three at most: those whose recommendation takes
// pages away on more than thin evidence, by night pages saved, then pages saved, then pages, then id.
func ChooseActions(alerts []Alert) []string {
	var worth []Alert
	for _, a := range alerts {
		if a.Recommendation != nil && removes(*a.Recommendation) && (a.Evidence == nil || *a.Evidence != thin) && known(a.SavesPagesPerWeek) > 0 {
			worth = append(worth, a)
		}
	}
	slices.SortFunc(worth, func(x, y Alert) int {
		return cmp.Or(
			cmp.Compare(known(y.SavesNightPagesPerWeek), known(x.SavesNightPagesPerWeek)),
			cmp.Compare(known(y.SavesPagesPerWeek), known(x.SavesPagesPerWeek)),
			cmp.Compare(y.PageCount, x.PageCount),
			strings.Compare(x.Rule, y.Rule))
	})
	ids := []string{}
	for _, a := range worth[:min(mostActions, len(worth))] {
		ids = append(ids, a.Rule)
	}
	return ids
}

// actionsGrid is the block of things to do first; nil where there is none.
func actionsGrid(rot *Rotation, complete bool) *grid {
	n := counterFor(complete)
	g := &grid{Caption: "What to do first", Head: []string{"DO FIRST", "title", "pages", "night", "saves/wk", "do"}, Left: 2}
	for _, id := range rot.Actions {
		for _, a := range rot.Alerts {
			if a.Rule == id {
				g.Rows = append(g.Rows, []string{a.Rule, Clean(a.Title), n(a.PageCount), n(a.NightPageCount), Number(a.SavesPagesPerWeek), advice(&a, true)})
			}
		}
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return g
}

// advice is the recommendation in words, whole ("wait 7 min", "group with 1a2b3c4d") or as one word.
func advice(a *Alert, whole bool) string {
	switch {
	case a.Recommendation == nil:
		return unknown
	case whole && *a.Recommendation == Wait && a.WaitSeconds != nil:
		return "wait " + minutes(a.WaitSeconds)
	case whole && *a.Recommendation == Group && a.GroupWith != nil:
		return "group with " + Clean(*a.GroupWith)
	}
	return strings.ReplaceAll(Clean(*a.Recommendation), "_", " ")
}
