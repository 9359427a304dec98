package pagerdutytest

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

func TestIncidentWindows(t *testing.T) {
	a := plainAccount(24 * 7 * 13) // one an hour until the end
	in := func(since, until time.Time) int {
		n := 0
		for _, x := range a.Incidents {
			if !x.CreatedAt.Before(since) && !x.CreatedAt.After(until) {
				n++
			}
		}
		return n
	}
	c := newClient(t, a)
	start := a.Start
	for _, tc := range []struct {
		name  string
		query []string
		want  int
	}{
		{"both bounds belong to the window", []string{"since", stamp(start.Add(3 * time.Hour)), "until", stamp(start.Add(7 * time.Hour))}, 5},
		{"since alone gives a month from it", []string{"since", stamp(start)}, in(start, start.AddDate(0, 1, 0))},
		{"until alone gives the month before", []string{"until", stamp(start.AddDate(0, 2, 0))}, in(start.AddDate(0, 1, 0), start.AddDate(0, 2, 0))},
		{"no bound gives the last month", nil, in(a.End.AddDate(0, -1, 0), a.End)},
		{"an unknown parameter is ignored", []string{"start_date", stamp(start)}, in(a.End.AddDate(0, -1, 0), a.End)},
		{"date_range=all ignores the bounds", []string{"date_range", "all", "since", stamp(a.End)}, len(a.Incidents)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := c.get("/incidents", append(tc.query, "total", "true")...)
			if total := string(got.body["total"]); total != itoa(tc.want) {
				t.Errorf("got %s incidents, want %d", total, tc.want)
			}
		})
	}
}

func TestWindowsThatAreRefused(t *testing.T) {
	a := plainAccount(1)
	since := []string{"since", stamp(a.End.AddDate(0, -6, -1))}
	for _, tc := range []struct {
		name  string
		opt   []Option
		query []string
		path  string
		code  int
	}{
		{"over six months", nil, append(since, "until", stamp(a.End)), "/incidents", 2001},
		{"until before since", nil, []string{"since", stamp(a.End), "until", stamp(a.Start)}, "/incidents", 2001},
		{"a time that is none", nil, []string{"since", "03/04/2026"}, "/log_entries", 2001},
		{"overrides without bounds", nil, nil, "/schedules/PSCHED1/overrides", 2100},
		{"schedules over too long a time", []Option{WithScheduleRange(30 * 24 * time.Hour)},
			[]string{"since", stamp(a.Start), "until", stamp(a.End)}, "/schedules", 2001},
		{"an unknown zone", nil, []string{"time_zone", "Mars/Olympus"}, "/log_entries", 2001},
		{"a limit of zero", nil, []string{"limit", "0"}, "/users", 2001},
		{"a sort that does not exist", nil, []string{"sort_by", "title", "date_range", "all"}, "/incidents", 2001},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := newClient(t, a, tc.opt...).get(tc.path, tc.query...)
			if code := got.code(t); code != tc.code || got.status/100 != 4 {
				t.Errorf("status %d with code %d, want code %d", got.status, code, tc.code)
			}
		})
	}
	empty := newClient(t, a, WithSixMonthsEmpty()).get("/incidents", append(since, "until", stamp(a.End))...)
	if empty.status != http.StatusOK || len(empty.ids(t, "incidents")) != 0 {
		t.Errorf("over six months, by option: status %d and %s", empty.status, empty.body)
	}
}

func TestCap(t *testing.T) {
	a := plainAccount(300)
	all := []string{"date_range", "all", "limit", "100", "offset"}
	for _, tc := range []struct {
		path, offset string
		ok           bool
	}{{"/incidents", "150", true}, {"/incidents", "151", false}, {"/log_entries", "150", true}, {"/log_entries", "151", false}} {
		got := newClient(t, a, WithCap(250)).get(tc.path, append(all, tc.offset)...)
		if ok := got.status == http.StatusOK; ok != tc.ok {
			t.Errorf("%s at offset %s of 250: status %d", tc.path, tc.offset, got.status)
		} else if !ok && got.code(t) != 2002 {
			t.Errorf("%s above the cap: code %d", tc.path, got.code(t))
		}
	}
	if got := newClient(t, a).get("/incidents", append(all, "9900")...); got.status != http.StatusOK {
		t.Errorf("offset+limit of exactly 10,000: status %d", got.status)
	}
	if got := newClient(t, a).get("/incidents", append(all, "9901")...); got.status != http.StatusBadRequest {
		t.Errorf("offset+limit of 10,001: status %d", got.status)
	}
}

func TestLogEntriesComeNewestFirst(t *testing.T) {
	a := Random(4)
	c := newClient(t, a)
	var got []LogEntry
	byID := map[string]LogEntry{}
	for _, e := range a.LogEntries {
		byID[e.ID] = e
	}
	for offset := 0; ; offset += 100 {
		page := c.get("/log_entries", "limit", "100", "offset", itoa(offset))
		for _, id := range page.ids(t, "log_entries") {
			got = append(got, byID[id])
		}
		if string(page.body["more"]) != "true" {
			break
		}
	}
	if len(got) != len(a.LogEntries) {
		t.Fatalf("read %d log entries of %d", len(got), len(a.LogEntries))
	}
	for i := 1; i < len(got); i++ {
		before, e := got[i-1], got[i]
		if e.CreatedAt.After(before.CreatedAt) {
			t.Fatalf("entry %s is newer than the one before it", e.ID)
		}
		if e.CreatedAt.Equal(before.CreatedAt) && e.Incident.ID == before.Incident.ID && before.Type == "trigger_log_entry" &&
			e.Type != "trigger_log_entry" && before.ID == a.firstTriggerOf(e.Incident.ID) {
			t.Errorf("the first trigger %s is not the last of its second", before.ID)
		}
	}
}

func (a *Account) firstTriggerOf(id string) string {
	i := slices.IndexFunc(a.Incidents, func(in Incident) bool { return in.ID == id })
	return a.Incidents[i].FirstTriggerLogEntry.ID
}

func TestLogEntriesOfAWindowAndOfAnIncident(t *testing.T) {
	a := plainAccount(48)
	c := newClient(t, a)
	at := a.Start.Add(5 * time.Hour)
	got := c.get("/log_entries", "since", stamp(at), "until", stamp(at.Add(time.Hour))).ids(t, "log_entries")
	if want := []string{"RT6", "RR5", "RT5"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: both bounds belong to the window", got, want)
	}
	got = c.get("/incidents/"+a.Incidents[5].ID+"/log_entries").ids(t, "log_entries")
	if want := []string{"RR5", "RT5"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if byNumber := c.get("/incidents/6/log_entries").ids(t, "log_entries"); !slices.Equal(byNumber, got) {
		t.Errorf("by number: got %v, want %v", byNumber, got)
	}
}

func TestNaiveTimesAreInTheAccountsZone(t *testing.T) {
	a := plainAccount(48)
	a.TimeZone = "America/New_York"
	c := newClient(t, a)
	// 04:00 in New York in August is 08:00 UTC.
	day := a.Start.Format("2006-01-02")
	got := c.get("/incidents", "since", day+"T04:00:00", "until", day+"T04:00:00").ids(t, "incidents")
	if want := []string{a.Incidents[8].ID}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var entries []struct {
		CreatedAt string `json:"created_at"`
	}
	decode(t, c.get("/log_entries", "since", day+"T04:00:00", "until", day+"T04:00:00").body["log_entries"], &entries)
	if want := day + "T04:00:00-04:00"; len(entries) != 1 || entries[0].CreatedAt != want {
		t.Errorf("log entries without time_zone: %v, want one at %s", entries, want)
	}
	decode(t, c.get("/log_entries", "time_zone", "UTC", "since", day+"T04:00:00", "until", day+"T04:00:00").body["log_entries"], &entries)
	if want := day + "T08:00:00Z"; entries[0].CreatedAt != want {
		t.Errorf("log entries with time_zone=UTC: %v, want one at %s", entries, want)
	}
}
