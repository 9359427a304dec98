package main

import "time"

// load is how much a rotation had to carry in the period (definitions 2 and 3).
func (w *truthWorld) load(id string, all, pages []truthPage, shifts []truthShift, period truthPeriod) truthLoadFigures {
	load := truthLoadFigures{Pages: len(pages), PagingIncidents: len(truthPagingIncidents(pages)), Shifts: len(shifts)}
	var perShift []float64
	for _, shift := range shifts {
		row := w.shiftRow(shift, pages, period)
		load.OnCallSeconds += row.Seconds
		perShift = append(perShift, float64(row.Pages))
	}
	load.PagesPer12h = truthRatio(float64(len(pages)), load.OnCallSeconds/43200)
	load.PagesPerShift.Mean = truthMean(perShift)
	load.PagesPerShift.P50 = truthQuantile(perShift, 0.5)
	load.PagesPerShift.P90 = truthQuantile(perShift, 0.9)
	load.PagesPerShift.Max = truthQuantile(perShift, 1)
	load.Notifications, load.Interruptions = w.notified(id, all, period)
	w.blocks(&load, pages, shifts, period)
	return load
}

// notified counts the period's notifications, and interruption chains, whose pair is the rotation's:
// by the pair's page, or without one by asking for the pair's first notification as for a page.
func (w *truthWorld) notified(id string, all []truthPage, period truthPeriod) (notifications, interruptions int) {
	rotationOf := map[truthPair]string{}
	for _, page := range all {
		rotationOf[page.truthPair] = page.found.rotation
	}
	for _, n := range w.notifications { // in order of time: the first of a pair decides
		pair := truthPair{n.incident, n.user}
		if _, known := rotationOf[pair]; !known && n.user != "" {
			rotationOf[pair] = w.attribute(pair, n.at).rotation
		}
	}
	var interrupting []truthNotification
	for _, n := range w.notifications {
		if n.user == "" || !period.holds(n.at) || rotationOf[truthPair{n.incident, n.user}] != id {
			continue
		}
		notifications++
		if n.interrupts {
			interrupting = append(interrupting, n)
		}
	}
	return notifications, truthInterruptions(interrupting)
}

// blocks cuts each shift's time in the period into 12 hours from its start.
func (w *truthWorld) blocks(load *truthLoadFigures, pages []truthPage, shifts []truthShift, period truthPeriod) {
	const length = 12 * time.Hour
	firsts := truthPagingIncidents(pages)
	for _, shift := range shifts {
		clipped := shift.clip(period.since, period.until)
		count := int((clipped.length() + length - 1) / length)
		pagesIn, incidentsIn := make([]int, count), make([]int, count)
		for _, page := range pages {
			if page.found.shift == shift && count > 0 {
				pagesIn[truthBlock(page, clipped, length)]++
			}
		}
		for _, page := range firsts {
			if page.found.shift == shift && count > 0 {
				incidentsIn[truthBlock(page, clipped, length)]++
			}
		}
		load.Blocks += count
		for block := range count {
			if pagesIn[block] > 2 {
				load.BlocksOverLimit++
			}
			if incidentsIn[block] > 2 {
				load.BlocksOver2Incidents++
			}
		}
	}
}

// truthBlock is the block of a page: of its own time, or, where the shift had ended by then, of the
// assignment; before the period it is the first.
func truthBlock(page truthPage, clipped truthShift, length time.Duration) int {
	moment := page.at
	if !page.at.Before(page.found.shift.end) {
		moment = page.found.moment
	}
	if moment.Before(clipped.start) {
		return 0
	}
	return int(moment.Sub(clipped.start) / length)
}
