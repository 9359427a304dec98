package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// pageOf is an incident that pages Ada at Mon 10:00 and was resolved as said, by "user ADA website", say.
func (f *truthFixture) pageOf(id string, more truthJSON, resolved, by string) {
	object := truthJSON{"status": "resolved", "resolved_at": truthAt("Mon " + resolved), "title": "Disk of " + id + " full"}
	for key, value := range more {
		object[key] = value
	}
	f.incident(id, "Mon 10:00", object)
	f.entry(id, "Mon 10:00", "trigger", "integration I", "api")
	f.entry(id, "Mon 10:00", "assign", "service S", "auto", "ADA")
	f.notify(id, "ADA", "Mon 10:00:10", "push_notification")
	agent := strings.Fields(by)
	f.entry(id, "Mon "+resolved, "resolve", agent[0]+" "+agent[1], agent[2])
}

func (f *truthFixture) note(incident, at, agent, text string) {
	f.entry(incident, at, "annotate", agent, "note")
	last := len(f.objects["log_entries"]) - 1
	f.objects["log_entries"][last] = []byte(strings.Replace(string(f.objects["log_entries"][last]), `"channel":{`, fmt.Sprintf(`"channel":{"summary":%q,`, text), 1))
}

func (f *truthFixture) acknowledge(incident, at string) {
	f.entry(incident, at, "acknowledge", "user ADA", "mobile")
}

// Each incident shows what is said of it, and no more.
func TestTruthEvidence(t *testing.T) {
	const ada, monitor, timeout = "user ADA website", "service S api", "service S timeout"
	f := newTruthFixture()
	f.add("change_events", truthJSON{"timestamp": truthAt("Mon 10:08"), "services": truthRefs("service", "S")})
	f.add("maintenance_windows", truthJSON{"start_time": truthAt("Mon 10:00"), "end_time": truthAt("Mon 10:01"), "services": truthRefs("service", "T")})
	f.add("maintenance_windows", truthJSON{"start_time": truthAt("Mon 09:00"), "end_time": truthAt("Mon 10:00"), "services": truthRefs("service", "S")})
	pages := map[string]func(id string){
		"A1": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.note(id, "Mon 10:05", "user ADA", "twenty-one letters...")
		},
		"short note": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.note(id, "Mon 10:05", "user ADA", "twenty letters......")
		},
		"note of a bot": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.note(id, "Mon 10:05", "service S", "many, many, many letters")
		},
		"A2 bridge": func(id string) {
			f.pageOf(id, truthJSON{"conference_bridge": truthJSON{"conference_url": "u"}}, "10:06", ada)
		},
		"no bridge": func(id string) {
			f.pageOf(id, truthJSON{"conference_bridge": truthJSON{"conference_url": nil}}, "10:06", ada)
		},
		"A2 update": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.entry(id, "Mon 10:07", "status_update", "user EVE", "website")
		},
		"update of bot": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.entry(id, "Mon 10:07", "status_update", "service S", "auto")
		},
		"A3 handed over": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.entry(id, "Mon 10:03", "assign", "user ADA", "website", "EVE")
		},
		"A3 escalated": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.entry(id, "Mon 10:03", "escalate", "user ADA", "website", "CY")
		},
		"no hand-over": func(id string) {
			f.pageOf(id, nil, "10:06", ada)
			f.acknowledge(id, "Mon 10:03")
			f.entry(id, "Mon 10:03", "assign", "user ADA", "website", "ADA")
			f.entry(id, "Mon 10:02", "escalate", "service S", "timeout", "CY")
		},
		"given at once": func(id string) { // to two people, by whoever opened it
			f.incident(id, "Mon 10:00", truthJSON{"title": "Disk of " + id + " full"})
			f.entry(id, "Mon 10:00", "assign", "user EVE", "website", "ADA")
			f.entry(id, "Mon 10:00", "assign", "user EVE", "website", "BOB")
		},
		"A3 taken, then handed over": func(id string) {
			f.incident(id, "Mon 10:00", truthJSON{"title": "Disk of " + id + " full"})
			f.acknowledge(id, "Mon 10:01")
			f.entry(id, "Mon 10:01", "assign", "user ADA", "website", "ADA")
			f.entry(id, "Mon 10:02", "assign", "user ADA", "website", "BOB")
		},
		"A4 A6":   func(id string) { f.pageOf(id, nil, "10:12", ada); f.acknowledge(id, "Mon 10:02") },
		"A6 only": func(id string) { f.pageOf(id, nil, "10:11:59", ada); f.acknowledge(id, "Mon 10:02") },
		"A5 filled": func(id string) {
			f.pageOf(id, truthJSON{"custom_fields": []any{truthJSON{"value": "x"}}}, "10:06", ada)
		},
		"empty field": func(id string) {
			f.pageOf(id, truthJSON{"custom_fields": []any{truthJSON{"value": nil}}}, "10:06", ada)
		},
		"A5 linked": func(id string) {
			f.pageOf(id, truthJSON{"external_references": truthRefs("external", "X")}, "10:06", ada)
		},
		"N1":         func(id string) { f.pageOf(id, nil, "10:05:01", monitor) },
		"N1 N2":      func(id string) { f.pageOf(id, nil, "10:05", monitor) },
		"seen after": func(id string) { f.pageOf(id, nil, "10:05:01", monitor); f.note(id, "Mon 10:07", "user ADA", "gone") },
		"N3":         func(id string) { f.pageOf(id, nil, "10:07", monitor); f.acknowledge(id, "Mon 10:01") },
		"N4":         func(id string) { f.pageOf(id, nil, "10:04", ada); f.acknowledge(id, "Mon 10:02") },
		"quick, noted": func(id string) {
			f.pageOf(id, nil, "10:04", ada)
			f.acknowledge(id, "Mon 10:02")
			f.note(id, "Mon 10:03", "user ADA", "ok")
		},
		"slow": func(id string) { f.pageOf(id, nil, "10:04:01", ada); f.acknowledge(id, "Mon 10:02") },
		"N6": func(id string) {
			f.pageOf(id, nil, "10:07", monitor)
			f.acknowledge(id, "Mon 10:01")
			f.entry(id, "Mon 10:02", "snooze", "user ADA", "website")
		},
		"N8":              func(id string) { f.pageOf(id, nil, "14:00", timeout) },
		"N10 [TEST]":      func(id string) { f.pageOf(id, truthJSON{"title": "[TEST] Disk full"}, "10:06", ada) },
		"N10 in a window": func(id string) { f.pageOf(id, truthJSON{"service": truthJSON{"id": "T"}}, "10:06", ada) },
		"latest":          func(id string) { f.pageOf(id, truthJSON{"title": "Latest test failed"}, "10:06", ada) },
	}
	for _, id := range slices.Sorted(truthMapKeys(pages)) {
		pages[id](id)
	}
	w := f.world()
	for id := range pages {
		want := slices.DeleteFunc(strings.Fields(id), func(word string) bool { return truthPoints[word] == 0 })
		if id == "A6 only" {
			want = []string{"A6"}
		}
		// All of them share their second of resolving, and A6's change comes at 10:08.
		got := slices.DeleteFunc(slices.Clone(w.evidence()[id]), func(e string) bool { return e == "N5" || e == "N7" })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", id, got, want)
		}
	}
}

func TestTruthScore(t *testing.T) {
	for _, c := range []struct {
		evidence, confidence string
		score                float64
	}{
		{"", "low", 0},
		{"N1 N2 N3 N6", "high", -2.5}, // capped
		{"N1 N2 N7 N9", "high", -5},
		{"A6 N3 N9", "medium", -1.5},
		{"A1 N8", "low", 1},
		{"A3", "high", 2},
		{"A1 A2 N10", "medium", 3}, // opposed
		{"A4", "medium", 1.5},
	} {
		evidence := strings.Fields(c.evidence)
		if got := truthScore(evidence); got != c.score {
			t.Errorf("%s: score %v, want %v", c.evidence, got, c.score)
		}
		if got := truthConfidence(c.score, evidence); got != c.confidence {
			t.Errorf("%s: confidence %s, want %s", c.evidence, got, c.confidence)
		}
	}
}

// Eleven unseen ones of a key: the eleventh has ten before it. Three of one person within ten seconds are a bulk.
func TestTruthEvidenceOfMany(t *testing.T) {
	f := newTruthFixture()
	for n := range 11 {
		f.pageOf(fmt.Sprint("I", n), truthJSON{"title": "same", "created_at": truthAt(fmt.Sprintf("Tue %02d:00", n))}, "23:00", "service S timeout")
	}
	for n, second := range []string{"00", "05", "10", "21", "30", "32"} {
		f.pageOf(fmt.Sprint("B", n), nil, "20:00:"+second, "user ADA website")
	}
	w := f.world()
	for id, want := range map[string]bool{"I9": false, "I10": true} {
		if slices.Contains(w.evidence()[id], "N9") != want {
			t.Errorf("%s: %v, want N9 to be %v", id, w.evidence()[id], want)
		}
	}
	for id, want := range map[string]bool{"B0": true, "B1": true, "B2": true, "B3": false, "B4": false, "B5": false} {
		if slices.Contains(w.evidence()[id], "N5") != want {
			t.Errorf("%s: %v, want N5 to be %v", id, w.evidence()[id], want)
		}
	}
	// 6 of 17 show a human event; of one in ten the service would be evidence-poor.
	if w.poor()["S"] {
		t.Error("S is evidence-poor")
	}
}
