package ingest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crywolf/analysis"
)

// recordingsEnv names the folder of bodies that others recorded of real accounts. They are not ours to ship.
const recordingsEnv = "CRYWOLF_RECORDINGS"

// recorded is an account put together from recordings: what they hold is served as it was recorded.
type recorded struct {
	dir   string
	lists map[string][]map[string]any // by kind
	byID  map[string]map[string]any   // schedules that are served singly
	notes map[string]bool             // texts that must not be stored
}

func loadRecordings(t *testing.T) *recorded {
	t.Helper()
	dir := os.Getenv(recordingsEnv)
	if dir == "" {
		t.Skipf("%s is not set, so no recorded bodies were tried", recordingsEnv)
	}
	r := &recorded{dir: dir, lists: map[string][]map[string]any{}, byID: map[string]map[string]any{}, notes: map[string]bool{}}
	r.add("users", r.list(t, "jupiterone-recording/users.json", "users"), r.list(t, "apiary-oncalls/users.json", "users"))
	r.add("teams", r.list(t, "jupiterone-recording/teams.json", "teams"))
	r.add("services", r.list(t, "jupiterone-recording/services.json", "services"), r.list(t, "faros-pagerduty/pagerduty_services.json", ""))
	r.add("priorities", r.list(t, "faros-pagerduty/pagerduty_prioritiesResource.json", ""))
	r.add("incidents", r.list(t, "faros-pagerduty/pagerduty_incidents.json", ""), r.list(t, "matcra587-alert-shapes/incidents.json", ""))
	r.add("log_entries", r.list(t, "faros-pagerduty/pagerduty_incidentLogEntries.json", ""))
	r.addAirbyte(t)
	r.addNotes(t)
	r.addAlerts(t)
	r.addSchedules(t)
	return r
}

func (r *recorded) read(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// list reads a body's list; key is empty where the file is the list itself.
func (r *recorded) list(t *testing.T, name, key string) []map[string]any {
	t.Helper()
	var out []map[string]any
	if key == "" {
		r.read(t, name, &out)
		return out
	}
	var body map[string]json.RawMessage
	r.read(t, name, &body)
	if err := json.Unmarshal(body[key], &out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func (r *recorded) add(kind string, lists ...[]map[string]any) {
	for _, l := range lists {
		r.lists[kind] = append(r.lists[kind], l...)
	}
}

func (r *recorded) addAirbyte(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, "airbyte-recording/expected_records.reduced.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var rec struct {
			Stream string         `json:"stream"`
			Data   map[string]any `json:"data"`
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		r.add(map[string]string{"incidents": "incidents", "incident_logs": "log_entries"}[rec.Stream], []map[string]any{rec.Data})
	}
}

// addNotes serves recorded notes as what the API has them as also: annotate entries.
func (r *recorded) addNotes(t *testing.T) {
	var notes map[string][]map[string]any
	r.read(t, "matcra587-alert-shapes/notes.json", &notes)
	for incident, list := range notes {
		for _, n := range list {
			r.notes[n["content"].(string)] = true
			r.add("log_entries", []map[string]any{{
				"id": n["id"], "type": "annotate_log_entry", "created_at": n["created_at"], "agent": n["user"],
				"channel":  map[string]any{"type": "note", "summary": n["content"]},
				"incident": map[string]any{"id": incident, "type": "incident_reference"},
			}})
		}
	}
}

func (r *recorded) addAlerts(t *testing.T) {
	var alerts map[string][]map[string]any
	r.read(t, "matcra587-alert-shapes/alerts.json", &alerts)
	for incident, list := range alerts {
		r.add("alerts/"+incident, list)
		r.add("alerts", list)
	}
}

// addSchedules serves recorded on-calls as the rendered entries they are, and their policies' levels as targets.
func (r *recorded) addSchedules(t *testing.T) {
	r.add("schedules", r.list(t, "apiary-oncalls/schedules.json", "schedules"))
	var primary struct {
		Schedule map[string]any `json:"schedule"`
	}
	r.read(t, "apiary-oncalls/schedule-primary.json", &primary)
	r.byID[primary.Schedule["id"].(string)] = primary.Schedule
	var oncalls []map[string]any
	// entries-user-reference.json is left out: it is not JSON.
	for _, name := range []string{"jupiterone-recording/oncalls.json", "apiary-oncalls/entries.json", "apiary-oncalls/entries-days.json",
		"apiary-oncalls/entries-no-overlap.json", "apiary-oncalls/bug-27-entries.json"} {
		oncalls = append(oncalls, r.list(t, name, "oncalls")...)
	}
	schedules, policies := map[string]map[string]any{}, map[string]map[string]any{}
	for _, o := range oncalls {
		ref, ok := o["schedule"].(map[string]any)
		if !ok {
			continue
		}
		id := ref["id"].(string)
		if schedules[id] == nil {
			schedules[id] = map[string]any{"id": id, "type": "schedule", "name": ref["summary"], "time_zone": "UTC",
				"final_schedule": map[string]any{"rendered_schedule_entries": []any{}}}
			r.add("schedules", []map[string]any{schedules[id]})
		}
		final := schedules[id]["final_schedule"].(map[string]any)
		final["rendered_schedule_entries"] = append(final["rendered_schedule_entries"].([]any),
			map[string]any{"start": o["start"], "end": o["end"], "user": o["user"]})
		policy := o["escalation_policy"].(map[string]any)
		pid := policy["id"].(string)
		if policies[pid] == nil {
			policies[pid] = map[string]any{"id": pid, "type": "escalation_policy", "name": policy["summary"], "escalation_rules": []any{}}
			r.add("escalation_policies", []map[string]any{policies[pid]})
		}
		policies[pid]["escalation_rules"] = append(policies[pid]["escalation_rules"].([]any),
			map[string]any{"escalation_delay_in_minutes": 30, "targets": []any{ref}})
	}
	r.add("oncalls", oncalls)
}

// ServeHTTP answers as PagerDuty does, with the headers of a generous server.
func (r *recorded) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Date", recordedNow.Format(http.TimeFormat))
	w.Header().Set("ratelimit-limit", strconv.Itoa(fast))
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	switch {
	case len(parts) == 3 && parts[2] == "alerts":
		r.page(w, req, "alerts", r.lists["alerts/"+parts[1]])
	case len(parts) == 3 && parts[2] == "log_entries":
		r.page(w, req, "log_entries", r.ofIncident(parts[1]))
	case len(parts) == 2 && parts[0] == "schedules" && r.byID[parts[1]] != nil:
		json.NewEncoder(w).Encode(map[string]any{"schedule": r.byID[parts[1]]})
	case len(parts) == 1 && parts[0] == "incidents":
		r.page(w, req, "incidents", r.inWindow(req, "incidents", false))
	case len(parts) == 1 && parts[0] == "log_entries":
		r.page(w, req, "log_entries", r.inWindow(req, "log_entries", true))
	case len(parts) == 1 && r.lists[parts[0]] != nil:
		r.page(w, req, parts[0], r.lists[parts[0]])
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

var recordedNow = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)

func (r *recorded) ofIncident(id string) []map[string]any {
	var out []map[string]any
	for _, e := range r.lists["log_entries"] {
		if record(e).text("incident", "id") == id {
			out = append(out, e)
		}
	}
	return out
}

func (r *recorded) inWindow(req *http.Request, kind string, newestFirst bool) []map[string]any {
	since, _ := parseTime(req.URL.Query().Get("since"))
	until, _ := parseTime(req.URL.Query().Get("until"))
	statuses := req.URL.Query()["statuses[]"]
	var out []map[string]any
	for _, o := range r.lists[kind] {
		created, _ := parseTime(record(o).text("created_at"))
		inside := req.URL.Query().Get("date_range") == "all" || !created.Before(since) && !created.After(until)
		if inside && (len(statuses) == 0 || strings.Contains(strings.Join(statuses, " "), record(o).text("status"))) {
			out = append(out, o)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, _ := parseTime(record(out[i]).text("created_at"))
		b, _ := parseTime(record(out[j]).text("created_at"))
		return newestFirst && b.Before(a) || !newestFirst && a.Before(b)
	})
	return out
}

func (r *recorded) page(w http.ResponseWriter, req *http.Request, key string, list []map[string]any) {
	offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
	from, to := min(offset, len(list)), min(offset+100, len(list))
	page := append([]map[string]any{}, list[from:to]...) // an empty list is not null
	json.NewEncoder(w).Encode(map[string]any{key: page, "limit": 100, "offset": offset, "total": nil, "more": to < len(list)})
}

func TestRecordedBodiesOfRealAccountsAreReadWhole(t *testing.T) {
	r := loadRecordings(t)
	srv := httptest.NewServer(r)
	t.Cleanup(srv.Close)
	st, path := newStore(t)
	since := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)
	mustSync(t, st, Options{Token: "x", BaseURL: srv.URL, Since: since, Alerts: AlertsAll, PseudonymKey: []byte("k")})
	for _, kind := range []string{"users", "teams", "services", "priorities", "incidents", "log_entries", "alerts", "schedules", "escalation_policies"} {
		want := map[string]bool{}
		for _, o := range r.lists[kind] {
			want[record(o).text("id")] = true
		}
		got := column(t, st, "SELECT id FROM "+kind)
		if len(want) == 0 {
			t.Fatalf("no %s are recorded", kind)
		}
		for _, id := range got {
			delete(want, id)
		}
		if len(want) > 0 {
			t.Errorf("%s: %d are lost: %v", kind, len(want), want)
		}
		t.Logf("%s: %d recorded, %d stored", kind, len(r.lists[kind]), len(got))
	}
	if got := column(t, st, "SELECT kind || ' ' || shape FROM unreadable_records"); len(got) > 0 {
		t.Errorf("unreadable: %v", got)
	}
	checkRecordedDuties(t, st, r, since)
	checkRecordedReport(t, st, r, since)
	checkRecordedSecrets(t, st, r, path)
}

// checkRecordedReport asks every metric of the recorded accounts, and expects that no recorded incident and no
// schedule with a shift is missing from the answers. The recordings hold no notification, so pages are inferred.
func checkRecordedReport(t *testing.T, st *Store, r *recorded, since time.Time) {
	t.Helper()
	ctx := t.Context()
	if err := analysis.Derive(ctx, st.DB(), analysis.DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := analysis.Open(ctx, st.DB(), analysis.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	period := analysis.Period{Since: since, Until: recordedNow}
	for _, m := range s.Metrics() {
		if _, err := s.Run(ctx, m.Name, period); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
	certificate, err := s.Certificate(ctx, period)
	if err != nil || len(certificate.Gaps) > 0 || !certificate.InferredPages {
		t.Errorf("certificate %+v, %v", certificate, err)
	}
	totals, err := s.Run(ctx, "totals", period)
	if err != nil {
		t.Fatal(err)
	}
	incidents, pages := totals.Rows[0][0].(int64), totals.Rows[0][1].(int64)
	if want := int64(len(column(t, st, "SELECT id FROM incidents"))); incidents != want || pages == 0 {
		t.Errorf("the report has %d of %d incidents and %d pages", incidents, want, pages)
	}
	rotations, err := s.Run(ctx, "rotations", period)
	if err != nil {
		t.Fatal(err)
	}
	scheduled := column(t, st, "SELECT DISTINCT schedule_id FROM schedule_entries WHERE end_at > start_at")
	if len(rotations.Rows) < len(scheduled) {
		t.Errorf("the report has %d rotations, and %d schedules have shifts", len(rotations.Rows), len(scheduled))
	}
	t.Logf("report: %d incidents, %d pages, %d rotations", incidents, pages, len(rotations.Rows))
}

// checkRecordedDuties expects every recorded on-call to be covered by stored entries of the same person.
func checkRecordedDuties(t *testing.T, st *Store, r *recorded, since time.Time) {
	t.Helper()
	n := 0
	for _, raw := range r.lists["oncalls"] {
		o := record(raw)
		d, ok := dutyOf(o, "start", "end", o.text("user", "id"))
		if o.object("schedule") == nil || !ok {
			continue
		}
		n++
		w := span{d.from, earlier(d.to, recordedNow)}.intersect(span{since, recordedNow})
		got := one(t, st, fmt.Sprintf("SELECT count(*) FROM schedule_entries WHERE schedule_id = '%s' AND user_id = '%s' AND start_at <= '%s' AND end_at >= '%s'",
			o.text("schedule", "id"), d.userID, w.from.Format(time.DateTime), w.to.Format(time.DateTime)))
		if got == "0" {
			t.Errorf("on-call of %s from %s to %s is lost", o.text("schedule", "id"), d.from, d.to)
		}
	}
	t.Logf("%d on-calls recorded, %s entries stored", n, one(t, st, "SELECT count(*) FROM schedule_entries"))
	zones := column(t, st, "SELECT DISTINCT time_zone FROM schedules WHERE time_zone IS NOT NULL ORDER BY 1")
	if diff := cmp.Diff([]string{"Eastern Time (US & Canada)", "UTC"}, zones); diff != "" {
		t.Errorf("zones: %s", diff)
	}
}

// checkRecordedSecrets searches what was stored for the recordings' people and notes.
func checkRecordedSecrets(t *testing.T, st *Store, r *recorded, path string) {
	t.Helper()
	var secrets []string
	for text := range r.notes {
		secrets = append(secrets, text)
	}
	for _, name := range column(t, st, "SELECT name FROM users WHERE name IS NOT NULL") {
		if strings.Contains(name, " ") {
			secrets = append(secrets, name)
		}
	}
	var stored []string
	for _, name := range []string{"incidents", "log_entries", "alerts", "schedules", "services", "teams", "escalation_policies"} {
		stored = append(stored, column(t, st, "SELECT CAST(to_json(t) AS VARCHAR) FROM "+name+" t")...)
	}
	all := strings.Join(stored, "\n")
	for _, s := range append(secrets, "+1-555-0142", "tim@acme.com", "Tim Wright") {
		if strings.Contains(all, s) {
			t.Errorf("%q is stored", s)
		}
	}
	st.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for text := range r.notes {
		if strings.Contains(string(data), text) {
			t.Errorf("note %q is in the file", text)
		}
	}
}
