package main

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// truthTraces reads what only the incident's own record shows of the work on it.
func truthTraces(incident *truthIncident, object truthObject) {
	bridge, _ := object.at("conference_bridge").(map[string]any)
	for _, value := range bridge {
		incident.helped = incident.helped || value != nil && value != ""
	}
	incident.helped = incident.helped || len(object.list("incidents_responders"))+len(object.list("responder_requests")) > 0
	incident.linked = len(object.list("external_references")) > 0
	for _, field := range object.list("custom_fields") {
		incident.filled = incident.filled || field.at("value") != nil
	}
	incident.important = slices.Contains([]string{"P1", "P2"}, object.text("priority", "name"))
}

// loadSpells reads the maintenance windows, all of them, and the change events of the window that was read.
func (w *truthWorld) loadSpells(source truthSource, since, until time.Time) {
	for _, object := range truthObjects(source, "maintenance_windows") {
		for _, service := range object.list("services") {
			w.maintenance = append(w.maintenance, truthSpell{service.text("id"), object.time("start_time"), object.time("end_time")})
		}
	}
	for _, object := range truthObjects(source, "change_events") {
		at := object.time("timestamp")
		for _, service := range object.list("services") {
			if !at.Before(since) && at.Before(until) {
				w.changes = append(w.changes, truthSpell{service.text("id"), at, at})
			}
		}
	}
}

// byHuman tells a human event: an entry by a user, other than the trigger.
func (e truthEntry) byHuman() bool { return e.agentKind == "user" && e.kind != "trigger" }

// human gives the incident's human events.
func (i *truthIncident) human() []truthEntry {
	var events []truthEntry
	for _, entry := range i.entries {
		if entry.byHuman() {
			events = append(events, entry)
		}
	}
	return events
}

// acknowledgedIn tells whether the second holds an acknowledgement, by anybody.
func (i *truthIncident) acknowledgedIn(second int64) bool {
	return slices.ContainsFunc(i.entries, func(e truthEntry) bool {
		return (e.kind == "acknowledge" || e.kind == "acknowledgement") && e.at.Unix() == second
	})
}

// only tells whether all human events are of the kinds given, or an assign that goes with an acknowledgement.
func (i *truthIncident) only(kinds ...string) bool {
	return !slices.ContainsFunc(i.human(), func(e truthEntry) bool {
		return !slices.Contains(kinds, e.kind) && !(e.kind == "assign" && i.acknowledgedIn(e.at.Unix()))
	})
}

// did tells whether a person did something of a type that contains one of the words.
func (i *truthIncident) did(words ...string) bool {
	return slices.ContainsFunc(i.human(), func(e truthEntry) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(e.kind, word) })
	})
}

var truthFromTo = regexp.MustCompile(`(?i)\bfrom P(\d+) to P(\d+)`)

// lowers tells whether a priority entry says that the priority went down.
func (e truthEntry) lowers() bool {
	text := strings.ToLower(e.summary)
	if strings.Contains(text, "lowered") || strings.Contains(text, "downgraded") || strings.Contains(text, "removed") {
		return true
	}
	if m := truthFromTo.FindStringSubmatch(e.summary); m != nil {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		return to > from
	}
	return false
}

// handedOver tells whether a person moved the incident on: escalated or delegated it, or assigned it once it
// had been placed, but not in the second of an acknowledgement, which only narrows it.
func (i *truthIncident) handedOver() bool {
	placed := int64(0) // the second in which the incident was first given to somebody, be it whoever acknowledged it
	for _, entry := range i.entries {
		second := entry.at.Unix()
		switch entry.kind {
		case "escalate", "delegate":
			if entry.byHuman() {
				return true
			}
		case "assign":
			if entry.byHuman() && placed != 0 && second != placed && !i.acknowledgedIn(second) {
				return true
			}
		default:
			continue
		}
		if placed == 0 {
			placed = second
		}
	}
	return false
}

// tag is "#a" or "#na" of a note that starts with it, or "". Such a note is a label, and no trace of work.
func (e truthEntry) tag() string {
	word := strings.ToLower(strings.TrimSpace(e.note))
	if end := strings.IndexFunc(word, func(r rune) bool { return !strings.ContainsRune("#abcdefghijklmnopqrstuvwxyz0123456789_", r) }); end >= 0 {
		word = word[:end]
	}
	if e.kind == "annotate" && (word == "#a" || word == "#na") {
		return word
	}
	return ""
}

// label is the tag of the last note of a person that starts with one: "#a" or "#na", or "".
func (i *truthIncident) label() string {
	label := ""
	for _, entry := range i.human() {
		label = cmp.Or(entry.tag(), label)
	}
	return label
}

var truthTests = regexp.MustCompile(`(?i)[\[(]\s*test(ing)?\s*[\])]|^\s*test(ing)?(\s*:|\s+[-–])(\s|$)`)

// isTest tells whether the title says so, in brackets or as a word before a colon or dash.
func (i *truthIncident) isTest() bool { return truthTests.MatchString(i.title) }
