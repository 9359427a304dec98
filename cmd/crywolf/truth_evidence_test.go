package main

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// truthPoints are the weights of metrics.md 5.2.
var truthPoints = map[string]float64{
	"A1": 2, "A2": 3, "A3": 2, "A4": 1.5, "A5": 3, "A6": 1,
	"N1": -2, "N2": -1.5, "N3": -1.5, "N4": -1.5, "N5": -1, "N6": -1.5, "N7": -1.5, "N8": -1, "N9": -1, "N10": -2,
}

// evidence gives every incident's evidence ids, in the order of the table.
func (w *truthWorld) evidence() map[string][]string {
	if w.proof != nil {
		return w.proof
	}
	proof := map[string][]string{}
	bulk, later, worked := w.bulk(), w.laterInRun(), map[string]bool{}
	for id, incident := range w.incidents {
		proof[id] = w.forWork(incident)
		worked[id] = len(proof[id]) > 0
	}
	chronic, poor := w.chronic(worked), w.poor()
	for id, incident := range w.incidents {
		proof[id] = append(proof[id], w.againstWork(incident, poor[incident.service])...)
		if bulk[id] {
			proof[id] = append(proof[id], "N5")
		}
		if later[id] {
			proof[id] = append(proof[id], "N7")
		}
		if chronic[id] {
			proof[id] = append(proof[id], "N9")
		}
		slices.SortFunc(proof[id], func(a, b string) int { // N10 comes after N9
			return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
	}
	w.proof = proof
	return proof
}

// forWork is the evidence of human work.
func (w *truthWorld) forWork(i *truthIncident) []string {
	var found []string
	add := func(id string, holds bool) {
		if holds {
			found = append(found, id)
		}
	}
	acknowledged, isAcknowledged := i.acknowledgedAt()
	ended := i.clearedAt()
	between := func(t time.Time) bool { return !t.Before(acknowledged) && !t.After(ended) }
	raised := slices.ContainsFunc(i.human(), func(e truthEntry) bool {
		return strings.Contains(e.kind, "priority") && !e.lowers()
	})
	add("A1", slices.ContainsFunc(i.human(), func(e truthEntry) bool {
		return e.kind == "annotate" && utf8.RuneCountInString(e.note) > 20 && e.tag() == ""
	}))
	add("A2", i.helped || raised || i.did("responder_request", "status_update", "workflow"))
	add("A3", i.handedOver())
	add("A4", i.byPerson() && isAcknowledged && ended.Sub(acknowledged) >= 10*time.Minute && !w.clearedBefore(i, ended))
	add("A5", i.linked || i.filled || i.did("field_value_change", "external_reference", "postmortem"))
	add("A6", isAcknowledged && !ended.IsZero() && slices.ContainsFunc(w.changes, func(c truthSpell) bool {
		return c.service == i.service && between(c.start)
	}))
	return found
}

// byPerson tells whether a person resolved the incident: to merge it into another is no resolve.
func (i *truthIncident) byPerson() bool { return i.cleared() == "human" && !i.merged }

// clearedBefore tells whether each of the incident's alerts, of which there are some, was over by itself.
func (w *truthWorld) clearedBefore(i *truthIncident, t time.Time) bool {
	alerts := w.alertsOf(i)
	return len(alerts) > 0 && !slices.ContainsFunc(alerts, func(a truthAlert) bool {
		return a.resolved.IsZero() || !a.resolved.Before(t)
	})
}

// againstWork is the evidence against, but for what other incidents have a part in.
func (w *truthWorld) againstWork(i *truthIncident, poor bool) []string {
	var found []string
	add := func(id string, holds bool) {
		if holds {
			found = append(found, id)
		}
	}
	acknowledged, isAcknowledged := i.acknowledgedAt()
	monitor, ended := i.cleared() == "monitor", i.clearedAt()
	add("N1", !poor && monitor && len(i.human()) == 0)
	add("N2", monitor && ended.Sub(i.created) <= 5*time.Minute)
	add("N3", !poor && monitor && isAcknowledged && i.only("acknowledge", "acknowledgement"))
	took := ended.Sub(acknowledged)
	add("N4", i.byPerson() && isAcknowledged && took >= 0 && took <= 2*time.Minute && !i.did("annotate"))
	add("N6", monitor && i.did("snooze") && i.only("acknowledge", "acknowledgement", "snooze"))
	add("N8", i.cleared() == "timeout")
	add("N10", i.isTest() || slices.ContainsFunc(w.maintenance, func(m truthSpell) bool {
		return m.service == i.service && !i.created.Before(m.start) && i.created.Before(m.end)
	}))
	return found
}

// bulk are the incidents that one person resolved within 10 s together with at least two others.
func (w *truthWorld) bulk() map[string]bool {
	type resolved struct {
		incident string
		at       time.Time
	}
	by := map[string][]resolved{}
	for _, incident := range w.incidents {
		if entry, ok := incident.lastResolve(); ok && entry.agentKind == "user" && !incident.merged {
			by[entry.agent] = append(by[entry.agent], resolved{incident.id, entry.at})
		}
	}
	bulk := map[string]bool{}
	for _, list := range by {
		for _, first := range list {
			var within []string
			for _, other := range list {
				if d := other.at.Sub(first.at); d >= 0 && d <= 10*time.Second {
					within = append(within, other.incident)
				}
			}
			for _, id := range within {
				bulk[id] = bulk[id] || len(within) >= 3
			}
		}
	}
	return bulk
}

// laterInRun are the incidents whose own episode is in a flap run, and not its first.
func (w *truthWorld) laterInRun() map[string]bool {
	later := map[string]bool{}
	for _, run := range w.flapRuns() {
		for n, episode := range run {
			if n > 0 && episode.first {
				later[episode.incident] = true
			}
		}
	}
	return later
}

// chronic are the incidents with ten or more earlier ones of their key, none of them worked on.
func (w *truthWorld) chronic(worked map[string]bool) map[string]bool {
	byKey := map[string][]*truthIncident{}
	for _, incident := range w.incidents {
		key := w.alertKey(incident)
		byKey[key] = append(byKey[key], incident)
	}
	chronic := map[string]bool{}
	for _, list := range byKey {
		slices.SortFunc(list, truthIncidentOrder)
		for n, incident := range list {
			before := list[:n]
			chronic[incident.id] = n >= 10 && !slices.ContainsFunc(before, func(i *truthIncident) bool { return worked[i.id] })
		}
	}
	return chronic
}

func truthIncidentOrder(a, b *truthIncident) int {
	return cmp.Or(a.created.Compare(b.created), strings.Compare(a.id, b.id))
}

// poor are the services whose high-urgency incidents, ten or more, hardly ever show a human event.
func (w *truthWorld) poor() map[string]bool {
	all, touched := map[string]int{}, map[string]int{}
	for _, incident := range w.incidents {
		if incident.urgency != "high" {
			continue
		}
		all[incident.service]++
		if len(incident.human()) > 0 {
			touched[incident.service]++
		}
	}
	poor := map[string]bool{}
	for service, n := range all {
		poor[service] = n >= 10 && 5*touched[service] < n
	}
	return poor
}
