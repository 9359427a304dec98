package ingest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crywolf/ingest/pagerdutytest"
)

// readers make the rows of each kind of record: every way from PagerDuty's JSON into the database.
var readers = []struct {
	kind  string
	table table
	rows  func(b *nameBook, r record) []row
}{
	{kindUsers, usersTable, func(b *nameBook, r record) []row { b.addListed(r); return []row{b.userRow(r)} }},
	{kindTeams, teamsTable, func(b *nameBook, r record) []row { return []row{b.teamRow(r)} }},
	{kindPriorities, prioritiesTable, func(b *nameBook, r record) []row { return []row{b.priorityRow(r, priorityRanks([]record{r, r})[0])} }},
	{kindServices, servicesTable, func(b *nameBook, r record) []row { return append(b.integrationRows(r), b.serviceRow(r)) }},
	{kindPolicies, policiesTable, func(b *nameBook, r record) []row { return append(targetRows(r), b.policyRow(r)) }},
	{kindSchedules, schedulesTable, func(b *nameBook, r record) []row {
		out := dutyRows(dutiesV2(r.object("final_schedule")), dutiesV2(r.object("overrides_subschedule")))
		return append(out, b.scheduleRow(r, "v2"))
	}},
	{kindSchedules, schedulesTable, func(b *nameBook, r record) []row {
		return append(dutyRows(b.dutiesV3(r, false), b.dutiesV3(r, true)), b.scheduleRow(r, "v3"))
	}},
	{kindIncidents, incidentsTable, func(b *nameBook, r record) []row { return []row{b.incidentRow(r)} }},
	{kindLogEntries, logEntriesTable, func(b *nameBook, r record) []row { return []row{b.logEntryRow(r, "Q0")} }},
	{kindAlerts, alertsTable, func(b *nameBook, r record) []row { return []row{b.alertRow(r, "Q0")} }},
	{kindMaintenance, maintenanceTable, func(b *nameBook, r record) []row { return []row{b.maintenanceRow(r)} }},
	{kindChanges, changesTable, func(b *nameBook, r record) []row { return []row{b.changeRow(r)} }},
}

func dutyRows(lists ...[]duty) []row {
	var out []row
	for _, d := range slices.Concat(lists...) {
		out = append(out, row{textOrNull(d.userID), d.from, d.to})
	}
	return out
}

// The person that every record of FuzzRecord refers to. Nothing of her but the id may be stored.
const (
	plantedName  = "Zyxa Vutsrq"
	plantedEmail = "zyxa@vutsrq.example"
	plantedUser  = `{"id":"PU","type":"user_reference","summary":"` + plantedName + `","email":"` + plantedEmail + `"}`
)

// FuzzRecord gives each reader any record. None fails; what is not stored is not stored, in whatever field it came; what
// can't be read leaves types and names of keys.
func FuzzRecord(f *testing.F) {
	seedRecords(f)
	f.Fuzz(func(t *testing.T, which byte, raw []byte) {
		reader := readers[int(which)%len(readers)]
		if !json.Valid(raw) {
			raw, _ = json.Marshal(string(raw))
		}
		s := testSyncer()
		s.book.meet(record{"id": "PU", "type": "user_reference", "summary": plantedName})
		p, err := s.decodePage(reader.kind, fields{reader.kind: json.RawMessage(fmt.Sprintf("[%s,%s]", raw, raw)), "more": raw, "total": raw, "limit": raw})
		if err != nil || len(p.records)+len(p.unreadable) != 2 || p.rows != 2 {
			t.Fatalf("%d readable, %d not: %v", len(p.records), len(p.unreadable), err)
		}
		for _, u := range p.unreadable {
			checkShape(t, u.shape)
		}
		if len(p.records) == 0 {
			return
		}
		rows := reader.rows(s.book, p.records[0])
		whole := rows[len(rows)-1]
		if len(whole) != len(reader.table.columns) {
			t.Fatalf("%d values for %d columns", len(whole), len(reader.table.columns))
		}
		for _, r := range rows {
			for i, v := range r {
				if reader.kind != kindUsers || reader.table.columns[i] != "name" {
					checkValue(t, reader.kind, i, v)
				}
			}
		}
		stored := whole[len(whole)-2].(string)
		v, err := decodeValue([]byte(stored))
		if err != nil {
			t.Fatalf("stored is %s: %v", stored, err)
		}
		checkRedacted(t, reader.kind, v, false)
		again := encode(s.book.redact(v))
		if reader.kind != kindUsers && again != stored { // a listed user is redacted by its fields
			t.Errorf("stored is\n%s and redacted once more\n%s", stored, again)
		}
	})
}

// seedRecords gives a few records of each kind, with a person in them, and the odd ones.
func seedRecords(f *testing.F) {
	a := pagerdutytest.Random(2)
	for which, reader := range readers {
		kind := reader.kind
		if which == 6 {
			kind = "v3_schedules"
		}
		objects := a.Objects(kind)
		for _, i := range []int{0, len(objects) / 2, len(objects) - 1} {
			if i < 0 || i >= len(objects) || len(objects[i]) > 6000 {
				continue
			}
			f.Add(byte(which), []byte(objects[i]))
			f.Add(byte(which), []byte(strings.Replace(string(objects[i]), "{", `{"requester":`+plantedUser+`,"note":"`+plantedName+`, `+plantedEmail+`",`, 1)))
		}
		for _, odd := range []string{`null`, `7`, `"` + plantedEmail + `"`, `{"id":"` + plantedEmail + `","created_at":"2026-01-01T00:00:00Z"}`,
			`{"id":"X1","created_at":"2026-01-01T00:00:00Z","type":"` + plantedEmail + `","status":"` + plantedName + `","alert_key":"` + plantedEmail + `","incident_key":"` + plantedName + `","time_zone":"` + plantedEmail + `"}`,
			`{"id":"X1","created_at":"9999-12-31T23:59:59Z","integrations":[{"id":"I","type":"` + plantedEmail + `","vendor":{"summary":"` + plantedEmail + `"}}],"channel":{"type":"` + plantedName + `","notification":{"type":"` + plantedEmail + `"}}}`,
		} {
			f.Add(byte(which), []byte(odd))
		}
	}
}

// checkShape checks that a shape holds types only.
func checkShape(t *testing.T, shape string) {
	t.Helper()
	types := []string{"null", "string", "number", "boolean", "array", "object"}
	var one string
	var many map[string]string
	if json.Unmarshal([]byte(shape), &one) != nil && json.Unmarshal([]byte(shape), &many) != nil {
		t.Errorf("a shape is %s", shape)
	}
	if one != "" && !slices.Contains(types, one) {
		t.Errorf("a shape is %s", shape)
	}
	for key, kind := range many {
		if !slices.Contains(types, kind) || emailAddress.MatchString(key) {
			t.Errorf("a shape is %s", shape)
		}
	}
}

// checkValue checks a value for a column.
func checkValue(t *testing.T, kind string, column int, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil, bool, int32, int64:
	case time.Time:
		if v.Location() != time.UTC || v.Year() < 1 || v.Year() > 9999 {
			t.Errorf("%s, column %d: time %v", kind, column, v)
		}
	case string:
		checkText(t, fmt.Sprintf("%s, column %d", kind, column), v)
	case []string:
		for _, id := range v {
			checkText(t, fmt.Sprintf("%s, column %d", kind, column), id)
		}
	case []map[string]any:
		for _, m := range v {
			for _, x := range m {
				checkValue(t, kind, column, x)
			}
		}
	default:
		t.Errorf("%s, column %d: a %T", kind, column, v)
	}
}

func checkText(t *testing.T, where, text string) {
	t.Helper()
	if !utf8.ValidString(text) || emailAddress.MatchString(text) || hasPlantedName(text) {
		t.Errorf("%s holds %q", where, text)
	}
}

// hasPlantedName finds the name as whole words; inside a longer word it is none.
func hasPlantedName(text string) bool {
	b := newNameBook()
	b.add(plantedName)
	return b.mask(text, true) != text
}

// checkRedacted looks through what is stored for what is not.
func checkRedacted(t *testing.T, key string, v any, inPayload bool) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			checkRedacted(t, key, x, inPayload)
		}
	case string:
		checkText(t, key, v)
	case map[string]any:
		if isUser(key, v) {
			for k := range v {
				if k != "id" && k != "type" && (key != kindUsers || !slices.Contains([]string{"time_zone", "role", "teams"}, k)) {
					t.Errorf("a person is stored with %s", k)
				}
			}
		}
		for k, x := range v {
			switch {
			case droppedKeys[k], k == "message" && !inPayload:
				t.Errorf("%s is stored", k)
			case k == conferenceBridge && x != true:
				t.Errorf("of a conference %v is stored", x)
			}
			if k != customFields || inPayload {
				checkRedacted(t, k, x, inPayload || payloadKeys[k])
			}
		}
	}
}
