package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// truthConserved lists every conservation law of product.md 2 that a document breaks.
func truthConserved(d truthDocument) []string {
	var broken []string
	law := func(what string, got, want int) {
		if got != want {
			broken = append(broken, fmt.Sprintf("%s: %d, not %d", what, got, want))
		}
	}
	pages := d.Unattributed.Pages
	for _, r := range d.Rotations {
		pages += r.Load.Pages
		inShifts, atNight := 0, 0
		for _, shift := range r.Shifts {
			inShifts += shift.Pages
			atNight += shift.NightPages
		}
		law(r.ID+": shifts of the rotation", len(r.Shifts), r.Load.Shifts)
		law(r.ID+": pages of its shifts", inShifts, r.Load.Pages)
		law(r.ID+": night pages of its shifts", atNight, r.Night.Pages)
		law(r.ID+": pages by hour class", r.Hours.Business+r.Hours.Off+r.Hours.Sleep, r.Load.Pages)
		law(r.ID+": sleep pages and night pages", r.Hours.Sleep, r.Night.Pages)
		law(r.ID+": resolved and open incidents", r.Response.Resolved+r.Response.Open, r.Response.Incidents)
		law(r.ID+": acknowledged and not", r.Response.Acknowledged+r.Response.NeverAcked, r.Response.Incidents)
	}
	law("pages of all rotations and of none", pages, d.Totals.Pages)
	reasons := 0
	for _, count := range d.Unattributed.Reasons {
		reasons += count
	}
	law("unattributed pages by reason", reasons, d.Unattributed.Pages)
	return broken
}

// truthListed lists where the program's own lists do not add up: verdicts and alerts to the pages, and
// shifts out of their order.
func truthListed(d truthDocument) []string {
	var broken []string
	for _, r := range d.Rotations {
		verdicts, alerts := 0, 0
		for _, count := range r.Quality.Verdicts {
			verdicts += count
		}
		for _, alert := range r.Alerts {
			alerts += alert.Pages
		}
		if verdicts != r.Load.Pages {
			broken = append(broken, fmt.Sprintf("%s: verdicts of %d pages, not %d", r.ID, verdicts, r.Load.Pages))
		}
		if alerts != r.Load.Pages {
			broken = append(broken, fmt.Sprintf("%s: alerts of %d pages, not %d", r.ID, alerts, r.Load.Pages))
		}
		if !slices.IsSortedFunc(r.Shifts, truthShiftOrder) {
			broken = append(broken, r.ID+": shifts not by start, R number, end")
		}
		if !slices.IsSortedFunc(r.Alerts, truthAlertOrder) {
			broken = append(broken, r.ID+": alerts not by pages, rule")
		}
	}
	return broken
}

func truthShiftOrder(a, b truthShiftRow) int {
	var m, n int
	fmt.Sscanf(a.User, "R%d", &m)
	fmt.Sscanf(b.User, "R%d", &n)
	for _, order := range []int{strings.Compare(a.Start, b.Start), m - n, strings.Compare(a.End, b.End)} {
		if order != 0 {
			return order
		}
	}
	return 0
}

func truthAlertOrder(a, b truthAlertRow) int {
	if a.Pages != b.Pages {
		return b.Pages - a.Pages
	}
	return strings.Compare(a.Rule, b.Rule)
}

// Every count that a law binds is changed in turn, and the law must be found broken.
func TestTruthConservedSees(t *testing.T) {
	for name, change := range map[string]func(*truthDocument){
		"totals":       func(d *truthDocument) { d.Totals.Pages++ },
		"unattributed": func(d *truthDocument) { d.Unattributed.Pages++ },
		"reason":       func(d *truthDocument) { d.Unattributed.Reasons["off_shift"]++ },
		"rotation":     func(d *truthDocument) { d.Rotations[0].Load.Pages++ },
		"shift":        func(d *truthDocument) { d.Rotations[0].Shifts[0].Pages++ },
		"shift night":  func(d *truthDocument) { d.Rotations[0].Shifts[0].NightPages++ },
		"shift count":  func(d *truthDocument) { d.Rotations[0].Load.Shifts++ },
		"hours":        func(d *truthDocument) { d.Rotations[0].Hours.Off++ },
		"night":        func(d *truthDocument) { d.Rotations[0].Night.Pages++ },
		"open":         func(d *truthDocument) { d.Rotations[0].Response.Open++ },
		"acknowledged": func(d *truthDocument) { d.Rotations[0].Response.Acknowledged++ },
	} {
		document := truthBusyWeek()
		if broken := truthConserved(document); len(broken) > 0 {
			t.Fatalf("the busy week itself: %v", broken)
		}
		change(&document)
		if len(truthConserved(document)) == 0 {
			t.Errorf("%s: changed, and no law is broken", name)
		}
	}
}
