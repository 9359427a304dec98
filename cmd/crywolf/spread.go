package main

import (
	"hash/fnv"
	"slices"

	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// personLoad is what one person of a rotation carried.
type personLoad struct {
	onCallSeconds float64
	pages         int64
}

// spreads says of each rotation how evenly the pages of a period fell on its people, by rotation id. A rotation with
// fewer people than minGroup, or without a page, has none.
func (b *builder) spreads(p reports.Period, minGroup int) map[string]*reports.Spread {
	loads := map[string][]personLoad{}
	for _, r := range b.rows("load_by_person", p) {
		id := r.text("rotation_id")
		loads[id] = append(loads[id], personLoad{float64(r.count("on_call_seconds")), r.count("page_count")})
	}
	out := map[string]*reports.Spread{}
	for id, people := range loads {
		if s := spreadOf(people, minGroup, seedOf(id)); s != nil {
			out[id] = s
		}
	}
	return out
}

// spreadOf compares the spread of the pages with that of as many pages dealt out by chance, to each in proportion to
// the time on call: at equal rates. What chance alone exceeds in 5% of cases may be chance.
func spreadOf(people []personLoad, minGroup int, seed uint64) *reports.Spread {
	s := &reports.Spread{PersonCount: int64(len(people))}
	var all int64
	var amounts, exposure []float64
	for _, x := range people {
		all += x.pages
		s.PageCounts = append(s.PageCounts, x.pages)
		amounts, exposure = append(amounts, float64(x.pages)), append(exposure, x.onCallSeconds)
	}
	if len(people) < minGroup || all == 0 {
		return nil
	}
	slices.SortFunc(s.PageCounts, func(x, y int64) int { return int(y - x) })
	heaviest := float64(s.PageCounts[0]) * float64(len(people)) / float64(all)
	s.HeaviestToEqualRatio = &heaviest
	s.GiniRatio, s.GiniByChanceHighRatio = statistics.Gini(amounts), statistics.ChanceGini(all, exposure, seed)
	if s.GiniRatio != nil && s.GiniByChanceHighRatio != nil {
		may := *s.GiniRatio <= *s.GiniByChanceHighRatio
		s.MayBeChance = &may
	}
	return s
}

// seedOf makes a seed of a rotation's id, so that the same data give the same bytes.
func seedOf(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id)) // a hash takes all that is written to it
	return h.Sum64()
}
