package main

import (
	"sort"
	"time"
)

// truthPeriod is half-open.
type truthPeriod struct{ since, until time.Time }

func (p truthPeriod) holds(t time.Time) bool { return !t.Before(p.since) && t.Before(p.until) }

// truthReport works the whole document out for a period.
func (w *truthWorld) report(period truthPeriod) truthDocument {
	all := w.pages()
	var document truthDocument
	document.SchemaVersion = "1.0"
	document.Period.Since = period.since.UTC().Format(time.RFC3339)
	document.Period.Until = period.until.UTC().Format(time.RFC3339)
	document.Data.Complete = true
	document.Totals = w.totals(all, period)
	document.Unattributed.Reasons = map[string]int{}
	for _, page := range all {
		if period.holds(page.at) && page.found.rotation == "" {
			document.Unattributed.Pages++
			document.Unattributed.Reasons[page.found.reason]++
		}
	}
	runs := w.flapRuns()
	for _, id := range w.reported(all, period) {
		document.Rotations = append(document.Rotations, w.rotation(id, all, runs, period))
	}
	return document
}

func (w *truthWorld) totals(all []truthPage, period truthPeriod) truthTotals {
	var totals truthTotals
	for _, incident := range w.incidents {
		if period.holds(incident.created) {
			totals.Incidents++
		}
	}
	for _, page := range all {
		if period.holds(page.at) {
			totals.Pages++
		}
	}
	var interrupting []truthNotification
	for _, n := range w.notifications {
		if !period.holds(n.at) {
			continue
		}
		totals.Notifications++
		if n.interrupts && n.user != "" {
			interrupting = append(interrupting, n)
		}
	}
	totals.Interruptions = truthInterruptions(interrupting)
	return totals
}

// reported are the schedules with a shift or a page in the period, by id.
func (w *truthWorld) reported(all []truthPage, period truthPeriod) []string {
	set := map[string]bool{}
	for _, shift := range w.shifts {
		if shift.clip(period.since, period.until).length() > 0 {
			set[shift.schedule] = true
		}
	}
	for _, page := range all {
		if period.holds(page.at) && page.found.rotation != "" {
			set[page.found.rotation] = true
		}
	}
	var ids []string
	for id := range set {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

func (w *truthWorld) rotation(id string, all []truthPage, runs [][]truthEpisode, period truthPeriod) truthRotation {
	rotation := truthRotation{ID: id, Name: w.schedules[id].name, Zone: w.schedules[id].zone}
	var ever, pages []truthPage // attributed to the rotation: at any time, and in the period
	for _, page := range all {
		if page.found.rotation == id {
			ever = append(ever, page)
			if period.holds(page.at) {
				pages = append(pages, page)
			}
		}
	}
	shifts := w.periodShifts(id, pages, period)
	rotation.Load = w.load(id, all, pages, shifts, period)
	rotation.Hours = w.hours(id, pages)
	rotation.Night = w.night(id, pages, shifts, period)
	rotation.Response = w.response(ever, period)
	rotation.Quality = truthQualityOf(pages, runs)
	verdicts := w.verdicts(pages, id)
	rotation.Quality.judge(pages, verdicts)
	for _, shift := range shifts {
		rotation.Shifts = append(rotation.Shifts, w.shiftRow(shift, pages, period))
	}
	return rotation
}

// periodShifts are those that overlap the period, and those that hold a page of it; whole, by start.
func (w *truthWorld) periodShifts(id string, pages []truthPage, period truthPeriod) []truthShift {
	var shifts []truthShift
	for _, shift := range w.shifts {
		if shift.schedule != id {
			continue
		}
		listed := shift.clip(period.since, period.until).length() > 0
		for _, page := range pages {
			listed = listed || page.found.shift == shift
		}
		if listed {
			shifts = append(shifts, shift)
		}
	}
	sort.SliceStable(shifts, func(i, j int) bool { return shifts[i].start.Before(shifts[j].start) })
	return shifts
}

func (w *truthWorld) shiftRow(shift truthShift, pages []truthPage, period truthPeriod) truthShiftRow {
	clipped := shift.clip(period.since, period.until)
	row := truthShiftRow{
		User:  shift.user,
		Start: clipped.start.Format(time.RFC3339), End: clipped.end.Format(time.RFC3339),
		Seconds: clipped.length().Seconds(),
	}
	for _, page := range pages {
		if page.found.shift != shift {
			continue
		}
		row.Pages++
		if truthHour(page.at.In(w.clock(page.user, shift.schedule))) == "sleep" {
			row.NightPages++
		}
	}
	return row
}

func (w *truthWorld) hours(id string, pages []truthPage) truthHours {
	var hours truthHours
	for _, page := range pages {
		switch truthHour(page.at.In(w.clock(page.user, id))) {
		case "sleep":
			hours.Sleep++
		case "business":
			hours.Business++
		default:
			hours.Off++
		}
	}
	return hours
}

func (w *truthWorld) night(id string, pages []truthPage, shifts []truthShift, period truthPeriod) truthNightShare {
	var night truthNightShare
	interrupted, onCall := map[string]bool{}, map[string]bool{}
	for _, page := range pages {
		local := page.at.In(w.clock(page.user, id))
		if truthHour(local) == "sleep" {
			night.Pages++
			interrupted[truthNightKey(page.user, truthNight(local))] = true
		}
	}
	var asleep, total time.Duration
	for _, shift := range shifts {
		clipped := shift.clip(period.since, period.until)
		total += clipped.length()
		for name, part := range truthNights(clipped, w.clock(shift.user, id)) {
			asleep += part
			onCall[truthNightKey(shift.user, name)] = true
		}
	}
	night.Ratio = truthRatio(float64(night.Pages), float64(len(pages)))
	night.Low, night.High = truthWilson(night.Pages, len(pages))
	night.Exposure = truthRatio(asleep.Seconds(), total.Seconds())
	night.InterruptedNights, night.OnCallNights = len(interrupted), len(onCall)
	return night
}

// response is over the incidents created in the period that have a page of the rotation at any time.
func (w *truthWorld) response(ever []truthPage, period truthPeriod) truthResponse {
	var response truthResponse
	var toAcknowledge, toResolve []float64
	seen := map[string]bool{}
	for _, page := range ever {
		incident := w.incidents[page.incident]
		if incident == nil || seen[incident.id] || !period.holds(incident.created) {
			continue
		}
		seen[incident.id] = true
		if incident.merged {
			response.Merged++
			continue
		}
		response.Incidents++
		if at, ok := incident.acknowledgedAt(); ok {
			response.Acknowledged++
			toAcknowledge = append(toAcknowledge, max(0, at.Sub(incident.created).Seconds()))
		} else {
			response.NeverAcked++
		}
		if incident.status != "resolved" {
			response.Open++
			continue
		}
		response.Resolved++
		if at := incident.clearedAt(); !at.IsZero() {
			toResolve = append(toResolve, max(0, at.Sub(incident.created).Seconds()))
		}
		if by := incident.cleared(); by == "monitor" || by == "timeout" {
			response.AutoResolved++
		}
	}
	response.Acknowledge = truthQuantilesOf(toAcknowledge)
	response.Resolve = truthQuantilesOf(toResolve)
	return response
}

// acknowledgedAt is the first acknowledge entry by a user.
func (i *truthIncident) acknowledgedAt() (time.Time, bool) {
	for _, entry := range i.entries {
		if (entry.kind == "acknowledge" || entry.kind == "acknowledgement") && entry.agentKind == "user" {
			return entry.at, true
		}
	}
	return time.Time{}, false
}
