package reports

import (
	"strings"
	"testing"
)

// doctorSample has findings of every section and status, laws that hold and one that does not, and texts that should not
// be obeyed.
func doctorSample() *Doctor {
	since, until := day("2026-08-17T00:00:00Z"), day("2026-11-16T00:00:00Z")
	d := &Doctor{SchemaVersion: SchemaVersion, MadeWith: "crywolf v1.2.3", Hosts: []string{"api.pagerduty.com"}, Period: &Period{since, until},
		Ledger: []LedgerRow{
			{Kind: "incidents", AskedSince: &since, AskedUntil: &until, ReadSince: &since, ReadUntil: &until, WindowCount: 1234, WholeCount: 1230, UnfinishedCount: 1,
				TruncatedCount: 2, RefusedCount: 1, ReceivedCount: 12345678, StoredCount: 12345600, UnreadableCount: 3, RequestCount: 123457, FirstAskedAt: &since, LastReadAt: &until,
				Reason: "one second holds more rows than PagerDuty lists"},
			{Kind: "incident_log_entries", WindowCount: 1, WholeCount: 1, LastReadAt: &until}},
		Laws: []Law{{Code: "shifts", Text: "pages: shifts = rotation", Left: 1000, Right: 1000, Holds: true},
			{Code: "hours", Text: "pages: business + off hours + sleep = rotation", Left: 999, Right: 1000, Broken: []string{"PSCHED1", "PSCHED2"}}},
		Fingerprint: &FingerprintParts{Period: Period{until.AddDate(0, 0, -28), until}, Data: strings.Repeat("0a", 32), Settings: strings.Repeat("1b", 32),
			Definitions: strings.Repeat("2c", 32), Version: "v1.2.3", Fingerprint: strings.Repeat("3d", 32)},
	}
	d.Add(DoctorConfiguration, "exclusion_unmatched", FindingWatch, "correct it in crywolf.yaml", "the exclusion of service %q leaves nothing out", Clean(oddTitles[1]))
	d.Add(DoctorToken, "token_found", FindingOK, "", "token from %s", "PAGERDUTY_TOKEN")
	d.Add(DoctorToken, "token_writes", FindingInfo, "a read-only key is enough", "whether it could change things can't be told without trying")
	d.Add(DoctorPagerDuty, "may_read_schedules", FindingProblem, "a read-only account key", "schedules: refused (403), the token may not; there are no shifts, and no page has a rotation")
	d.Add(DoctorPagerDuty, "may_read_alerts", FindingNotTried, "", "an incident's alerts: not tried, no incident to ask for")
	d.Add(DoctorDatabase, "file_mode", FindingOK, "", "only its owner may read it (mode 600)")
	d.Add(DoctorData, "truncated", FindingProblem, "crywolf sync --full --since 2026-10-01T00:00:00Z --until 2026-10-01T00:00:01Z",
		"log entries 2026-10-01 00:00 – 2026-10-01 00:00:01 is not whole: PagerDuty did not give all rows")
	return d
}

func renderDoctor(t *testing.T, d *Doctor, f Format, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := RenderDoctor(&b, d, f, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenDoctor(t *testing.T) {
	healthy := &Doctor{SchemaVersion: SchemaVersion, Demo: DemoData, MadeWith: "crywolf v1.2.3", Offline: true}
	healthy.Add(DoctorDatabase, "file_mode", FindingOK, "", "only its owner may read it (mode 600)")
	for _, c := range []struct {
		name   string
		doctor *Doctor
		format Format
		o      Options
	}{
		{"doctor.txt", doctorSample(), Table, Options{}}, {"doctor_colour.txt", doctorSample(), Table, Options{Colour: true}}, {"doctor.md", doctorSample(), Markdown, Options{}},
		{"doctor.json", doctorSample(), JSON, Options{}}, {"doctor_healthy.txt", healthy, Table, Options{}},
	} {
		golden(t, c.name, renderDoctor(t, c.doctor, c.format, c.o))
	}
}

// TestDoctorFitsTheScreen: every line but commands with a database's path.
func TestDoctorFitsTheScreen(t *testing.T) {
	for _, line := range strings.Split(renderDoctor(t, doctorSample(), Table, Options{}), "\n") {
		if Width(line) > screen {
			t.Errorf("%d columns: %s", Width(line), line)
		}
	}
}

func TestDoctorSumsUp(t *testing.T) {
	for want, statuses := range map[string][]FindingStatus{
		"nothing is wrong":                   {FindingOK, FindingInfo},
		"nothing is wrong, 1 not tried":      {FindingOK, FindingNotTried},
		"2 to watch":                         {FindingWatch, FindingOK, FindingWatch},
		"1 problem, 1 to watch, 2 not tried": {FindingProblem, FindingWatch, FindingNotTried, FindingNotTried},
		"2 problems":                         {FindingProblem, FindingProblem},
	} {
		d := &Doctor{}
		for _, s := range statuses {
			d.Add(DoctorData, "x", s, "", "x")
		}
		if got, _ := doctorSum(d); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, mark := doctorSum(&Doctor{Laws: []Law{{Holds: false}}}); got != "1 problem" || mark != Over {
		t.Errorf("a broken law: %q", got)
	}
}

// TestDoctorObeysNoText: what is hostile stays text, in every format.
func TestDoctorObeysNoText(t *testing.T) {
	d := &Doctor{MadeWith: "crywolf \x1b[31mred", Laws: []Law{{Text: "a\x1b]0;title\x07b", Broken: []string{"\x1b[2J"}}}, Ledger: []LedgerRow{{Kind: "in\x1b[1mcidents"}}}
	d.Add(DoctorData, "x", FindingProblem, "rm \x1b[31m <b>", "line\nbreak <script>alert(1)</script> | *bold* \u202e")
	for _, f := range []Format{Table, Markdown} {
		if got := renderDoctor(t, d, f, Options{}); strings.ContainsAny(got, "\x1b\x07\u202e") || f == Markdown && strings.Contains(got, "<script>") {
			t.Errorf("%s: %q", f, got)
		}
	}
	if err := RenderDoctor(&strings.Builder{}, d, CSV, Options{}); err == nil {
		t.Error("a format that it has not was taken")
	}
}
