package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// truthNoisyRow is one alert rule of noisy -f json (product.md 2), judged by definitions 10. Rule is not the
// program's id of it but what is planted.
type truthNoisyRow struct {
	Rule           string   `json:"-"`
	Service        string   `json:"service"`
	Pages          int      `json:"page_count"`
	NightPages     int      `json:"night_page_count"`
	Incidents      int      `json:"incident_count"`
	AutoResolved   *float64 `json:"auto_resolved_ratio"`
	Worked         *float64 `json:"worked_ratio"`
	WorkedLow      *float64 `json:"worked_ratio_low"`
	WorkedHigh     *float64 `json:"worked_ratio_high"`
	FlappingRuns   int      `json:"flapping_run_count"`
	Excess         int      `json:"excess_page_count"`
	OpenP50        *float64 `json:"open_p50_seconds"`
	LastWorked     *string  `json:"last_worked_at"`
	Evidence       string   `json:"evidence"`
	Recommendation string   `json:"recommendation"`
	Wait           *float64 `json:"wait_seconds"`
	Saved          float64  `json:"saves_pages_per_week"`
	SavedNight     float64  `json:"saves_night_pages_per_week"`
	WorkedIDs      []string `json:"worked_incidents"`

	nonActionable *float64 // of the report's alerts
}

// truthScope is what rules are judged over: the whole account, or one rotation, in a period.
type truthScope struct {
	*truthWorld
	account *pagerdutytest.Account
	period  truthPeriod
	all     []truthPage // at any time and place
	ever    []truthPage // in scope, at any time
	pages   []truthPage // in scope and period
	judged  map[truthPair]truthVerdict
}

func (w *truthWorld) scope(account *pagerdutytest.Account, rotation string, period truthPeriod) *truthScope {
	s := &truthScope{truthWorld: w, account: account, period: period, all: w.pages(), judged: w.judged(period)}
	for _, page := range s.all {
		if rotation == "" || page.found.rotation == rotation {
			s.ever = append(s.ever, page)
			if period.holds(page.at) {
				s.pages = append(s.pages, page)
			}
		}
	}
	return s
}

// truthSuspect is one rule in a scope.
type truthSuspect struct {
	*truthScope
	rule      string
	pages     []truthPage
	incidents []*truthIncident
	worked    []*truthIncident
}

// suspects are the rules that paged in the scope.
func (s *truthScope) suspects() []*truthSuspect {
	pages := map[string][]truthPage{}
	for _, page := range s.pages {
		rule := truthRule(s.account, s.incidents[page.incident])
		pages[rule] = append(pages[rule], page)
	}
	var suspects []*truthSuspect
	for _, rule := range slices.Sorted(maps.Keys(pages)) {
		x := &truthSuspect{truthScope: s, rule: rule, pages: pages[rule]}
		for _, page := range x.pages {
			if incident := s.truthWorld.incidents[page.incident]; !slices.Contains(x.incidents, incident) {
				x.incidents = append(x.incidents, incident)
			}
		}
		slices.SortFunc(x.incidents, truthIncidentOrder)
		for _, incident := range x.incidents {
			if s.isWorked(incident) {
				x.worked = append(x.worked, incident)
			}
		}
		suspects = append(suspects, x)
	}
	return suspects
}

// noisy judges them.
func (s *truthScope) noisy() []truthNoisyRow {
	suspects := s.suspects()
	var rows []truthNoisyRow
	for _, x := range suspects {
		rows = append(rows, x.row(suspects))
	}
	slices.SortStableFunc(rows, func(a, b truthNoisyRow) int {
		return cmp.Or(cmp.Compare(b.SavedNight, a.SavedNight), cmp.Compare(b.Saved, a.Saved), cmp.Compare(b.Pages, a.Pages))
	})
	return rows
}

// isWorked: evidence of work, or labelled so, and not labelled otherwise.
func (w *truthWorld) isWorked(i *truthIncident) bool {
	if label := i.label(); label != "" {
		return label == "#a"
	}
	return slices.ContainsFunc(w.evidence()[i.id], func(id string) bool { return id[0] == 'A' })
}

func (x *truthSuspect) row(others []*truthSuspect) truthNoisyRow {
	n := len(x.incidents)
	row := truthNoisyRow{
		Rule: x.rule, Service: x.incidents[0].serviceName, Pages: len(x.pages), Incidents: n,
		Worked: truthRatio(float64(len(x.worked)), float64(n)), Evidence: "thin", WorkedIDs: []string{},
	}
	row.WorkedLow, row.WorkedHigh = truthWilson(len(x.worked), n)
	for _, page := range x.pages {
		if x.hour(page) == "sleep" {
			row.NightPages++
		}
	}
	for _, incident := range x.worked {
		at := incident.created.Format(time.RFC3339)
		row.LastWorked = &at
		row.WorkedIDs = append(row.WorkedIDs, incident.id)
	}
	if n >= 30 {
		row.Evidence = "strong"
	} else if n >= 10 {
		row.Evidence = "fair"
	}
	x.resolved(&row)
	x.flapping(&row)
	var verdicts []truthVerdict
	for _, page := range x.pages {
		verdicts = append(verdicts, x.judged[page.truthPair])
	}
	_, row.nonActionable, _ = truthShares(verdicts)
	row.Recommendation = x.recommend(&row, others)
	x.save(&row)
	return row
}

func (w *truthWorld) hour(page truthPage) string {
	return truthHour(page.at.In(w.clock(page.user, page.found.rotation)))
}

// resolved is over the resolved incidents that were not merged away.
func (x *truthSuspect) resolved(row *truthNoisyRow) {
	auto := 0
	var open []float64
	for _, incident := range x.incidents {
		if incident.status != "resolved" || incident.merged {
			continue
		}
		open = append(open, max(0, incident.clearedAt().Sub(incident.created).Seconds()))
		if by := incident.cleared(); by == "monitor" || by == "timeout" {
			auto++
		}
	}
	row.AutoResolved = truthRatio(float64(auto), float64(len(open)))
	row.OpenP50 = truthQuantile(open, 0.5)
}

// flapping counts the runs of which an incident of the rule, by its own episode, paged.
func (x *truthSuspect) flapping(row *truthNoisyRow) {
	for _, run := range x.flapRuns() {
		paged := 0
		for _, episode := range run {
			if episode.first && slices.ContainsFunc(x.incidents, func(i *truthIncident) bool { return i.id == episode.incident }) {
				paged++
			}
		}
		if paged > 0 {
			row.FlappingRuns++
			row.Excess += paged - 1
		}
	}
}

// clearedAlone: by the monitor, and no human event before that.
func (i *truthIncident) clearedAlone() bool {
	return i.cleared() == "monitor" && !i.merged && !slices.ContainsFunc(i.human(), func(e truthEntry) bool { return e.at.Before(i.clearedAt()) })
}

// save counts the pages that following the recommendation takes away in a week.
func (x *truthSuspect) save(row *truthNoisyRow) {
	all, night := 0, 0
	for _, page := range x.pages {
		incident := x.truthWorld.incidents[page.incident]
		gone := false
		switch row.Recommendation {
		case "delete", "group":
			gone = true
		case "wait":
			gone = incident.clearedAlone() && incident.clearedAt().Sub(incident.created).Seconds() <= *row.Wait
		case "demote":
			gone = x.hour(page) != "business"
		}
		if !gone || !x.ownAlerts(incident) {
			continue
		}
		all++
		if x.hour(page) == "sleep" {
			night++
		}
	}
	weeks := x.period.until.Sub(x.period.since).Hours() / 24 / 7
	row.Saved, row.SavedNight = float64(all)/weeks, float64(night)/weeks
}

// ownAlerts tells whether all alerts of the incident are the rule's.
func (x *truthSuspect) ownAlerts(incident *truthIncident) bool {
	return !slices.ContainsFunc(x.alertsOf(incident), func(a truthAlert) bool { return truthAlertRule(x.account, a) != x.rule })
}

// waiting is the wait that would have kept the rule silent most of the time; nil where there is none.
func (x *truthSuspect) waiting() *float64 {
	var lasted []float64
	for _, incident := range x.incidents {
		if incident.clearedAlone() {
			lasted = append(lasted, max(0, incident.clearedAt().Sub(incident.created).Seconds()))
		}
	}
	if 10*len(lasted) < 8*len(x.incidents) || len(lasted) == 0 {
		return nil
	}
	seconds := math.Ceil(*truthQuantile(lasted, 0.9)/60) * 60
	if seconds > 1800 {
		return nil
	}
	return &seconds
}
