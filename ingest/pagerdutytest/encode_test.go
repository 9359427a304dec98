package pagerdutytest

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestLogEntriesAreWrittenAsByReflection(t *testing.T) {
	a := Random(6)
	a.LogEntries = append(a.LogEntries, LogEntry{ID: `R"<\é`, Type: "odd", CreatedAt: a.Start.Add(1500 * time.Microsecond)})
	ix := newIndex(a)
	for _, v := range []*view{ix.view(nil), ix.view(loadZone("Asia/Kolkata"), "channels", "incidents", "services")} {
		for i := range a.LogEntries {
			w := v.logEntry(&a.LogEntries[i]).(wireLogEntry)
			slow, err := json.Marshal(w)
			if err != nil {
				t.Fatal(err)
			}
			var want, got any
			decode(t, slow, &want)
			decode(t, w.appendJSON(nil), &got)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("by hand:\n%s\nby reflection:\n%s", w.appendJSON(nil), slow)
			}
		}
	}
}

// BenchmarkLogEntries serves pages of log entries of a large account.
func BenchmarkLogEntries(b *testing.B) {
	a := Generate(Config{Incidents: 10_000})
	h := newHandler(a)
	r := &request{h: h, ix: h.index(), q: map[string][]string{"limit": {"100"}, "offset": {"5000"}, "include[]": {"channels"}}}
	for b.Loop() {
		if _, err := r.logEntries(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIncidents serves pages of incidents with their first trigger entries.
func BenchmarkIncidents(b *testing.B) {
	a := Generate(Config{Incidents: 10_000})
	h := newHandler(a)
	r := &request{h: h, ix: h.index(), q: map[string][]string{"limit": {"100"}, "offset": {"5000"}, "date_range": {"all"},
		"sort_by": {"created_at:asc"}, "include[]": {"first_trigger_log_entries"}}}
	for b.Loop() {
		if _, err := r.incidents(); err != nil {
			b.Fatal(err)
		}
	}
}
