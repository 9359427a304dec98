package reports

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files; then read them")

func num(v float64) *float64 { return &v }

func word(s string) *string { return &s }

func day(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// oddTitles are what a title can do to a document.
var oddTitles = []string{
	`pipe | in | title`,
	`<script>alert("x")</script>`,
	`*bold* _it_ [link](http://x) ` + "`code`" + ` ~~gone~~ \`,
	`ディスク使用率が高い（本番環境）`,
	`🔥 fire 👩‍🚒 in 🇩🇪`,
	strings.Repeat("long ", 60),
	"\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 \x9b1mc1\u009b2J bell\x07 back\x08 \u202egnp.exe",
	"=HYPERLINK(\"http://evil\",\"x\")",
	"two\nlines\tand\ttabs",
}

// sample is one busy rotation with odd titles, one quiet rotation and every optional part.
func sample() *Report {
	synced, chance := day("2026-11-16T00:00:00Z"), true
	alerts := make([]Alert, 0, len(oddTitles))
	for i, title := range oddTitles {
		alerts = append(alerts, Alert{Rule: []string{"a3f91c22", "7c02d1e0", "e18b0001", "00c0ffee", "deadbeef", "12345678", "0badf00d", "feedface", "01234567"}[i],
			Service: "svc <" + string(rune('a'+i)) + ">", Title: title, Source: "prometheus", PageCount: int64(61 - 6*i), NightPageCount: int64(19 - 2*i),
			AutoResolvedRatio: num(0.97), NonActionableRatio: num(0.88), Flapping: i == 0,
			Recommendation:    word([]string{"delete", "wait", "group", "fix_cause", "demote", "keep", "unclear", "delete", "wait"}[i]),
			SavesPagesPerWeek: num([]float64{15.25, 9, 11, 0, 2, 0, 0, 4, 0}[i]), SavesNightPagesPerWeek: num([]float64{4.75, 3, 0.25, 0, 2, 0, 0, 0, 0}[i])})
	}
	alerts[1].WaitSeconds, alerts[2].GroupWith = num(420), &alerts[0].Rule
	busy := Rotation{ID: "PSCHED1", Name: "payments-primary", TimeZone: "Europe/Berlin", Alerts: alerts,
		Measures: busyMeasures(),
		Shifts: []Shift{
			{User: "R1", Start: day("2026-10-19T07:00:00Z"), End: day("2026-10-26T08:00:00Z"), OnCallSeconds: 608400, PageCount: 100, NightPageCount: 30},
			{User: "R2", Start: day("2026-10-26T08:00:00Z"), End: day("2026-11-02T08:00:00Z"), OnCallSeconds: 604800, PageCount: 50, NightPageCount: 8},
			{User: "R3", Start: day("2026-11-02T08:00:00Z"), End: day("2026-11-09T08:00:00Z"), OnCallSeconds: 604800, PageCount: 36, NightPageCount: 3},
			{User: "R1", Start: day("2026-11-09T08:00:00Z"), End: day("2026-11-16T00:00:00Z"), OnCallSeconds: 576000}},
		Sources: []Source{{Source: "prometheus", PageCount: 150, PageRatio: num(0.806)}, {Source: "=cmd()", PageCount: 36, PageRatio: num(0.194)}},
		Change: &Change{Since: day("2026-10-19T00:00:00Z"), Until: synced, BaselineSince: day("2026-09-21T00:00:00Z"), BaselineUntil: day("2026-10-19T00:00:00Z"),
			PageRateRatio: num(1.0896), PageRateRatioLow: num(0.7), PageRateRatioHigh: num(1.7), MayBeChance: &chance},
		AlertChanges: []AlertChange{
			{Rule: "a3f91c22", Title: oddTitles[0], PageCount: 61, BaselinePageCount: 20, ShrunkenPagesPer12h: 1.08, BaselineShrunkenPagesPer12h: 0.36, PageRateRatio: 3, AdjustedP: 0.0004},
			{Rule: "7c02d1e0", Title: oddTitles[1], PageCount: 55, ShrunkenPagesPer12h: 0.98, BaselineShrunkenPagesPer12h: 0.01, PageRateRatio: 98, AdjustedP: 0.002},
			{Rule: "11111111", Title: "gone since", BaselinePageCount: 30, ShrunkenPagesPer12h: 0.01, BaselineShrunkenPagesPer12h: 0.53, PageRateRatio: 0.0189, AdjustedP: 0.02},
			{Rule: "22222222", Title: "calmer", PageCount: 20, BaselinePageCount: 50, ShrunkenPagesPer12h: 0.36, BaselineShrunkenPagesPer12h: 0.9, PageRateRatio: 0.4, AdjustedP: 0.09}}}
	busy.Actions = ChooseActions(alerts)
	besides(&busy)
	busy.Change.PageCount, busy.Change.BaselinePageCount, busy.Change.PagesPer12h, busy.Change.BaselinePagesPer12h = 186, 171, num(3.3233), num(3.05)
	busy.Comparison = &Comparison{PageRate: &Difference{num(1.0896), nil, true}, NightShare: &Difference{nil, num(-0.031), true},
		Acknowledge: &Difference{num(0.497), nil, false}, Resolve: &Difference{num(1.0004), nil, true}, NonActionable: &Difference{nil, num(0.03), false}}
	before := busyMeasures()
	before.Load.PageCount, before.Load.PagesPer12h, before.Quality.NonActionableRatio = 171, num(3.05), num(0.55)
	busy.Before = &before
	busy.HourOfWeek[1][2], busy.HourOfWeek[1][3], busy.HourOfWeek[4][17], busy.HourOfWeek[6][23] = 14, 5, 3, 1
	quietRotation := Rotation{ID: "PSCHED2", Name: "data | <platform>", TimeZone: "UTC",
		Measures: Measures{Load: Load{PageCount: 4, ShiftCount: 28, OnCallSeconds: 2419200, PagesPer12h: num(0.0714), Blocks12hCount: 56,
			PagesPerShift: PagesPerShift{num(0.1429), num(0), num(0.3), num(2)}},
			Night: Night{PageCount: 1, PageRatio: num(0.25), PageRatioLow: num(0.046), PageRatioHigh: num(0.699), ExposureRatio: num(0.4167), InterruptedNightCount: 1, OnCallNightCount: 28}},
		Shifts: []Shift{{User: "R4", Start: day("2026-10-19T00:00:00Z"), End: synced, OnCallSeconds: 2419200, PageCount: 4, NightPageCount: 1}}}
	return &Report{SchemaVersion: SchemaVersion,
		Period: Period{day("2026-10-19T00:00:00Z"), synced},
		Data: Data{Complete: true, SyncedUntil: &synced, Fingerprint: strings.Repeat("0123456789abcdef", 4),
			Notes:    []Note{{Code: "unknown_medium", Text: "3 notifications have no medium; they count as interrupting", Count: 3}},
			Excluded: []Excluded{{Kind: "title", Pattern: "^\\[TEST\\]", IncidentCount: 7, PageCount: 5}}},
		Totals:       Totals{IncidentCount: 1312, PageCount: 193, InterruptionCount: 180, NotificationCount: 412},
		Rotations:    []Rotation{busy, quietRotation},
		Unattributed: Unattributed{PageCount: 3, Reasons: map[string]int64{"off_shift": 1, "direct_assignment": 2}},
		Context: Context{Limits: Limits{PagesPer12h: 2, InterruptedNightRatio: 1.0 / 7, NonActionableRatio: 0.2, AcknowledgeP50Seconds: 300, AcknowledgeP90Seconds: 900},
			MinGroup: 4, SleepStartMinute: 22 * 60, SleepEndMinute: 8 * 60, Definitions: []Definition{{"pages", "A (person, incident) <pair>.", []string{"load"}}}, Next: []string{"crywolf report payments-primary --wide", "crywolf explain page"}},
	}
}

func busyMeasures() Measures {
	return Measures{
		Load: Load{PageCount: 186, InterruptionCount: 170, NotificationCount: 400, PagingIncidentCount: 120, ShiftCount: 4, OnCallSeconds: 2394000,
			PagesPer12h: num(3.3233), PagesPerShift: PagesPerShift{num(46.5), num(43), num(85), num(100)}, Blocks12hCount: 56, Blocks12hOverLimitCount: 13, Blocks12hOver2IncidentsCount: 9},
		Night: Night{PageCount: 41, PageRatio: num(0.2204), PageRatioLow: num(0.1667), PageRatioHigh: num(0.285), ExposureRatio: num(0.4167), InterruptedNightCount: 5, OnCallNightCount: 28},
		Hours: Hours{BusinessPageCount: 100, OffHoursPageCount: 45, SleepPageCount: 41},
		Response: Response{IncidentCount: 180, AcknowledgedCount: 172, NeverAcknowledgedCount: 8, TimeToAcknowledgeSeconds: Quantiles{num(912), num(250), num(1890), num(4000)},
			ResolvedCount: 179, OpenCount: 1, MergedCount: 2, AutoResolvedCount: 120, TimeToResolveSeconds: Quantiles{num(9000), num(425), num(9020), num(200000)}},
		Quality: Quality{VerdictCounts: VerdictCounts{Actionable: 60, NonActionable: 83, Redundant: 10, Unattended: 3, Unknown: 30},
			NonActionableRatio: num(0.58), NonActionableRatioLow: num(0.5), NonActionableRatioHigh: num(0.66), FlappingKeyCount: 2, FlappingPageCount: 61, ExcessPageCount: 50},
		Waiting: Waiting{ResolveP50Seconds: num(431), AcknowledgeP50SecondsLow: num(200), AcknowledgeP50SecondsHigh: num(310), AcknowledgedIn5MinRatio: num(0.55), ClearedUnacknowledgedRatio: num(0.04)},
	}
}

func render(t *testing.T, r *Report, f Format, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := Render(&b, r, f, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "testdata", "reports", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if it should, go test ./reports -update, then read it\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	demo := sample()
	demo.Demo = DemoData
	partial := sample()
	partial.Rotations = partial.Rotations[:1]
	partial.Data.Complete = false
	partial.Data.Gaps = []Gap{{Kind: "log_entries", Reason: "not_read", Since: day("2026-10-19T00:00:00Z"), Until: day("2026-10-21T00:00:00Z"),
		Command: "crywolf sync --since 2026-10-19T00:00:00Z --until 2026-10-21T00:00:00Z"}}
	partial.Rotations[0].Before, partial.Rotations[0].Comparison = nil, nil
	partial.Context.BeforeGap = "the 28 d before were not read whole, so they are not shown"
	calm := sample()
	calm.Rotations = calm.Rotations[1:]
	calm.Data.Notes, calm.Data.Excluded = nil, nil
	calm.Context.Next = calm.Context.Next[:1]
	empty := &Report{SchemaVersion: SchemaVersion, Period: sample().Period, Data: Data{Complete: true, Fingerprint: strings.Repeat("fedcba9876543210", 4)}}
	for _, c := range []struct {
		name   string
		report *Report
		format Format
		o      Options
	}{
		{"busy.txt", sample(), Table, Options{}},
		{"busy_colour.txt", sample(), Table, Options{Colour: true}},
		{"wide.txt", sample(), Table, Options{Wide: true}},
		{"demo.md", demo, Markdown, Options{Wide: true}},
		{"demo.html", demo, HTML, Options{Wide: true}},
		{"demo.json", demo, JSON, Options{}},
		{"demo.csv", demo, CSV, Options{}},
		{"demo.txt", demo, Table, Options{}},
		{"partial.txt", partial, Table, Options{}},
		{"quiet.txt", calm, Table, Options{}},
		{"empty.json", empty, JSON, Options{}},
		{"empty.txt", empty, Table, Options{}},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, render(t, c.report, c.format, c.o)) })
	}
}

func TestFirstScreenFits(t *testing.T) {
	one := sample()
	one.Rotations = one.Rotations[:1]
	one.Demo = DemoData
	one.Data.Excluded = nil
	lines := strings.Split(strings.TrimSuffix(render(t, one, Table, Options{}), "\n"), "\n")
	if len(lines) > 35 { // with three things to do and three other alerts
		t.Errorf("the first screen has %d lines", len(lines))
	}
	for _, r := range []*Report{one, sample()} {
		for _, line := range strings.Split(render(t, r, Table, Options{}), "\n") {
			if Width(line) > screen {
				t.Errorf("%d columns: %s", Width(line), line)
			}
		}
	}
}

func TestQuietRotationIsSixLines(t *testing.T) {
	r := sample()
	r.Rotations = r.Rotations[1:]
	r.Data.Notes, r.Data.Excluded = nil, nil
	r.Context.Next = r.Context.Next[:1]
	r.Unattributed = Unattributed{PageCount: 2, Reasons: map[string]int64{"direct_assignment": 2}}
	if got := strings.Count(render(t, r, Table, Options{}), "\n"); got > 6 {
		t.Errorf("a quiet rotation takes %d lines", got)
	}
}

func TestTitlesCannotReachTheTerminal(t *testing.T) {
	for _, f := range []Format{Table, Markdown, CSV, HTML} {
		for _, r := range render(t, sample(), f, Options{Wide: true}) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("%s has the control character %U", f, r)
			}
		}
	}
	if html := render(t, sample(), HTML, Options{Wide: true}); strings.Contains(html, "<script") {
		t.Error("a title reached the page as a script")
	}
}

func TestColourSaysNothingNew(t *testing.T) {
	plain, coloured := render(t, sample(), Table, Options{Wide: true}), render(t, sample(), Table, Options{Wide: true, Colour: true})
	if plain == coloured {
		t.Fatal("nothing was coloured")
	}
	if got := escapeSequence.ReplaceAllString(coloured, ""); got != plain {
		t.Error(cmp.Diff(plain, got))
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(0), "0"}, {Count(999), "999"}, {Count(12500), "12,500"}, {Count(1234567), "1,234,567"}, {Count(-1234), "-1,234"},
		{Ratio(nil), "–"}, {Ratio(num(0)), "0%"}, {Ratio(num(0.004)), "<1%"}, {Ratio(num(0.368)), "37%"}, {Ratio(num(0.999)), ">99%"}, {Ratio(num(1)), "100%"},
		{Seconds(nil), "–"}, {Seconds(num(0)), "0s"}, {Seconds(num(59.6)), "1m"}, {Seconds(num(252)), "4m"}, {Seconds(num(3599)), "1h"},
		{Seconds(num(9000)), "2.5h"}, {Seconds(num(86399)), "1d"}, {Seconds(num(259200)), "3d"},
		{Number(nil), "–"}, {Number(num(0)), "0"}, {Number(num(0.0714)), "0.07"}, {Number(num(3.3233)), "3.3"}, {Number(num(23)), "23"},
		{Clean("a\x1b[2Jb\r\nc\x00"), "ab c"}, {Clean("\x1b]0;title\x07x"), "x"}, {Clean("ok \u009b31mred"), "ok red"}, {Clean("\xff"), "�"},
		{CSVText("=1+1"), "'=1+1"}, {CSVText("-x"), "'-x"}, {CSVText("a=b"), "a=b"}, {CSVText(""), ""},
		{EscapeMarkdown("a|b<c>*_"), `a\|b&lt;c&gt;\*\_`},
		{(*Difference)(nil).String(), ""}, {(&Difference{Ratio: num(1.43)}).String(), "+43%  "}, {(&Difference{Ratio: num(0), MayBeChance: true}).String(), "-100% ~"},
		{(&Difference{Ratio: num(0.9999)}).String(), "±0%  "}, {(&Difference{Ratio: num(12.4)}).String(), "×12  "}, {(&Difference{Ratio: num(9.94)}).String(), "+894%  "},
		{(&Difference{Points: num(-0.034), MayBeChance: true}).String(), "-3pt ~"}, {(&Difference{MayBeChance: true}).String(), "new ~"},
		{medianRange(0, nil, nil), "–"}, {medianRange(5, nil, nil), "too few"}, {medianRange(6, num(60), num(300)), "1m–5m"},
		{medianWithOpen(0, nil), "–"}, {medianWithOpen(3, nil), "not reached"}, {medianWithOpen(3, num(60)), "1m"},
		{Cut("ディスク使用率", 7), "ディス…"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
