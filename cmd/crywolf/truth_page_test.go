package main

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// truthNotification is one notify_log_entry (definitions 2).
type truthNotification struct {
	incident, user string // user "": the entry names nobody
	at             time.Time
	interrupts     bool
}

func truthNotificationOf(object truthObject) truthNotification {
	medium := truthMedium(object.text("channel", "notification", "type"), object.text("summary"))
	return truthNotification{
		incident:   object.text("incident", "id"),
		user:       object.text("user", "id"),
		at:         object.time("created_at"),
		interrupts: truthInterrupts(medium, object.text("channel", "notification", "status")),
	}
}

// truthMedium classifies by case-insensitive substring; without a type it reads "… by email.".
func truthMedium(kind, summary string) string {
	other := "other"
	if kind == "" {
		fields := strings.Fields(strings.TrimRight(strings.TrimSpace(summary), "."))
		if len(fields) < 2 || !strings.EqualFold(fields[len(fields)-2], "by") {
			return "unknown"
		}
		kind, other = fields[len(fields)-1], "unknown"
	}
	for _, medium := range []string{"push", "sms", "phone", "email"} {
		if strings.Contains(strings.ToLower(kind), medium) {
			return medium
		}
	}
	return other
}

func truthInterrupts(medium, status string) bool {
	for _, word := range []string{"fail", "error", "undeliver", "reject", "bounce"} {
		if strings.Contains(strings.ToLower(status), word) {
			return false
		}
	}
	return medium != "email" && medium != "other"
}

// truthInterruptions counts, per user, chains of notifications at most 60 s apart.
func truthInterruptions(notifications []truthNotification) int {
	byUser := map[string][]time.Time{}
	for _, n := range notifications {
		byUser[n.user] = append(byUser[n.user], n.at)
	}
	count := 0
	for _, times := range byUser {
		sort.Slice(times, func(i, j int) bool { return times[i].Before(times[j]) })
		for i, at := range times {
			if i == 0 || at.Sub(times[i-1]) > 60*time.Second {
				count++
			}
		}
	}
	return count
}

// truthPair is an incident and a person: what a page, and a rotation, is worked out for.
type truthPair struct{ incident, user string }

// truthPage is one page and where it belongs.
type truthPage struct {
	truthPair
	at    time.Time
	found truthFound
}

// pages finds the page of every pair, over all stored history, with the rotation it belongs to.
func (w *truthWorld) pages() []truthPage {
	if w.paged == nil {
		w.paged = w.findPages()
	}
	return w.paged
}

func (w *truthWorld) findPages() []truthPage {
	first := map[truthPair]time.Time{}
	var order []truthPair
	note := func(pair truthPair, at time.Time) {
		if _, seen := first[pair]; !seen {
			first[pair] = at
			order = append(order, pair)
		}
	}
	if len(w.notifications) == 0 {
		for _, assigned := range w.assignments() {
			note(assigned.truthPair, assigned.at)
		}
	}
	for _, n := range w.notifications { // in order of time, so the first seen is the first
		if n.interrupts && n.user != "" {
			note(truthPair{n.incident, n.user}, n.at)
		}
	}
	var pages []truthPage
	for _, pair := range order {
		pages = append(pages, truthPage{pair, first[pair], w.attribute(pair, first[pair])})
	}
	sort.SliceStable(pages, func(i, j int) bool {
		a, b := pages[i], pages[j]
		if !a.at.Equal(b.at) {
			return a.at.Before(b.at)
		}
		if a.incident != b.incident {
			return a.incident < b.incident
		}
		return a.user < b.user
	})
	return pages
}

// assignments are what pages are inferred from where the database holds no notify entry at all. An assign in
// the second of an acknowledge only narrows the incident to who took it, and starts nothing. Where no entry
// says who was assigned, the incident's present assignments do.
func (w *truthWorld) assignments() []truthPage {
	var assigned []truthPage
	for _, incident := range w.incidents {
		acknowledged := map[int64]bool{}
		for _, entry := range incident.entries {
			if entry.kind == "acknowledge" || entry.kind == "acknowledgement" {
				acknowledged[entry.at.Unix()] = true
			}
		}
		for _, entry := range incident.entries {
			if incident.urgency != "high" || entry.kind == "assign" && acknowledged[entry.at.Unix()] {
				continue
			}
			for _, user := range entry.assignees {
				assigned = append(assigned, truthPage{truthPair: truthPair{incident.id, user}, at: entry.at})
			}
		}
		said := slices.ContainsFunc(incident.entries, func(e truthEntry) bool { return len(e.assignees) > 0 })
		if incident.urgency == "high" && !said {
			assigned = append(assigned, incident.assigned...)
		}
	}
	sort.SliceStable(assigned, func(i, j int) bool { return assigned[i].at.Before(assigned[j].at) })
	return assigned
}

// truthPagingIncidents chains pages of one rotation by gaps of at most 15 minutes and gives the
// first page of each chain. The pages come in order of time, incident, user.
func truthPagingIncidents(pages []truthPage) []truthPage {
	var firsts []truthPage
	for i, page := range pages {
		if i == 0 || page.at.Sub(pages[i-1].at) > 15*time.Minute {
			firsts = append(firsts, page)
		}
	}
	return firsts
}
