package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// demoProgram runs the program on a copy of one demo's database and gives what it prints.
func demoProgram(t *testing.T) func(args ...string) string {
	t.Helper()
	content, err := demoDB()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	db := filepath.Join(dir, "demo.duckdb")
	if err := os.WriteFile(db, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return func(args ...string) string {
		t.Helper()
		var stdout, stderr strings.Builder
		if code := run(t.Context(), append(args, "--db", db), []string{"HOME=" + dir}, strings.NewReader(""), &stdout, &stderr); code != exitOK {
			t.Fatalf("%v ended with code %d: %s", args, code, stderr.String())
		}
		return stdout.String()
	}
}

// demoReports makes reports on a demo's database, as the JSON document has them.
func demoReports(t *testing.T) func(args ...string) reports.Report {
	t.Helper()
	program := demoProgram(t)
	return func(args ...string) reports.Report {
		t.Helper()
		var r reports.Report
		if err := json.Unmarshal([]byte(program(append([]string{"report", "--json"}, args...)...)), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
}

const fourWeeks = 28 * 24 * time.Hour

// TestChangeIsTheRatioOfTwoReports works the ratio out from the reports of the two windows, and the windows from the
// end of the period, whatever its beginning.
func TestChangeIsTheRatioOfTwoReports(t *testing.T) {
	report := demoReports(t)
	week := report("--since", "2026-11-09", "--until", "2026-11-16")
	until := week.Period.Until
	at := func(d time.Duration) string { return until.Add(d).Format(time.RFC3339) }
	now := report("--compare", "none", "--since", at(-fourWeeks), "--until", at(0))
	before := report("--compare", "none", "--since", at(-2*fourWeeks), "--until", at(-fourWeeks))
	compared := 0
	for _, rot := range week.Rotations {
		c := rot.Change
		if !c.Since.Equal(until.Add(-fourWeeks)) || !c.Until.Equal(until) || !c.BaselineSince.Equal(until.Add(-2*fourWeeks)) || !c.BaselineUntil.Equal(c.Since) {
			t.Errorf("%s: compares %v – %v with %v – %v", rot.ID, c.Since, c.Until, c.BaselineSince, c.BaselineUntil)
		}
		a, b := loadOf(now, rot.ID), loadOf(before, rot.ID)
		if a == nil || b == nil || b.PageCount == 0 {
			continue
		}
		compared++
		want := float64(a.PageCount) / float64(a.OnCallSeconds) / (float64(b.PageCount) / float64(b.OnCallSeconds))
		if c.PageRateRatio == nil || math.Abs(*c.PageRateRatio-want) > 1e-9 {
			t.Errorf("%s: ratio %v, want %g", rot.ID, c.PageRateRatio, want)
			continue
		}
		if *c.PageRateRatioLow >= want || *c.PageRateRatioHigh <= want {
			t.Errorf("%s: %g is not inside %g to %g", rot.ID, want, *c.PageRateRatioLow, *c.PageRateRatioHigh)
		}
		if chance := *c.PageRateRatioLow <= 1 && *c.PageRateRatioHigh >= 1; chance != *c.MayBeChance {
			t.Errorf("%s: chance is %v with %g to %g", rot.ID, *c.MayBeChance, *c.PageRateRatioLow, *c.PageRateRatioHigh)
		}
		// Clusters can only make the interval wider than that of independent pages.
		plain := statistics.CompareRates(statistics.Counted{Events: a.PageCount, Exposure: float64(a.OnCallSeconds)},
			statistics.Counted{Events: b.PageCount, Exposure: float64(b.OnCallSeconds)}, 1)
		if *c.PageRateRatioLow > *plain.Low+1e-9 || *c.PageRateRatioHigh < *plain.High-1e-9 {
			t.Errorf("%s: %g to %g is narrower than %g to %g", rot.ID, *c.PageRateRatioLow, *c.PageRateRatioHigh, *plain.Low, *plain.High)
		}
	}
	if compared < 3 {
		t.Errorf("only %d rotations were compared", compared)
	}
	for _, rot := range now.Rotations {
		if rot.Change != nil || len(rot.AlertChanges) > 0 {
			t.Errorf("%s: --compare none compares all the same", rot.ID)
		}
	}
}

func loadOf(r reports.Report, id string) *reports.Load {
	for _, rot := range r.Rotations {
		if rot.ID == id {
			return &rot.Load
		}
	}
	return nil
}

func TestChangeAgainstThePeriodBefore(t *testing.T) {
	report := demoReports(t)
	week := report("--compare", "prev", "--since", "2026-11-09", "--until", "2026-11-16")
	for _, rot := range week.Rotations {
		c := rot.Change
		if !c.Since.Equal(week.Period.Since) || !c.Until.Equal(week.Period.Until) || !c.BaselineUntil.Equal(c.Since) || c.Since.Sub(c.BaselineSince) != 7*24*time.Hour {
			t.Errorf("%s: compares %v – %v with %v – %v", rot.ID, c.Since, c.Until, c.BaselineSince, c.BaselineUntil)
		}
	}
}

// TestChangeNeedsWholeWindows asks for a period whose baseline begins before the demo's data.
func TestChangeNeedsWholeWindows(t *testing.T) {
	report := demoReports(t)
	r := report("--since", "2026-09-21", "--until", "2026-09-28") // data from 17 August: the baseline begins 3 August
	for _, rot := range r.Rotations {
		if c := rot.Change; c == nil || c.PageRateRatio != nil || c.PageRateRatioLow != nil || c.PageRateRatioHigh != nil || c.MayBeChance != nil {
			t.Errorf("%s: change %+v", rot.ID, c)
		}
	}
	said := false
	for _, n := range r.Data.Notes {
		said = said || n.Code == "change_not_read_whole" && strings.Contains(n.Text, "2026-08-03 – 2026-08-31")
	}
	if !said {
		t.Errorf("no note says why: %v", r.Data.Notes)
	}
	if whole := report("--since", "2026-11-09", "--until", "2026-11-16"); len(whole.Rotations) == 0 || whole.Rotations[0].Change.MayBeChance == nil {
		t.Error("nothing was compared where both windows are whole")
	}
}

func TestAlertChanges(t *testing.T) {
	rules := []rulePages{
		{"grew", "Grew", 60, 20}, {"same", "Same", 30, 31}, {"new", "New", 25, 0}, {"few", "Few", 4, 0},
		{"bit", "A bit", 30, 18}, {"gone", "Gone", 0, 30}, {"rare", "Rare", 1, 1}}
	const exposure = 28 * 86400
	got := alertChanges(rules, exposure, exposure, 1)
	var order []string
	for _, a := range got {
		order = append(order, a.Rule)
	}
	// Surest first: p of 0 of 30 is 2·2⁻³⁰, of 25 of 25 2·2⁻²⁵, of 60 of 80 about 1e-5. 30 against 18 has p .11, adjusted
	// for five rules .14; four pages are too few to be tested at all, or they would be "new".
	if want := "gone new grew"; strings.Join(order, " ") != want {
		t.Fatalf("changed: %v, want %s", order, want)
	}
	if p := math.Pow(2, -29) * 5; math.Abs(got[0].AdjustedP-p) > 1e-12 {
		t.Errorf("adjusted p %g, want %g", got[0].AdjustedP, p)
	}
	// 250 pages of 7 rules in 56 days: the prior counts half a page in ½ / (250 / (7 · 56 d)).
	prior := 0.5 / (250.0 / (7 * 2 * exposure))
	if want := (60 + 0.5) / (20 + 0.5); math.Abs(got[2].PageRateRatio-want) > 1e-9 {
		t.Errorf("ratio %g, want %g", got[2].PageRateRatio, want)
	}
	if want := (60 + 0.5) / (exposure + prior) * 43200; math.Abs(got[2].ShrunkenPagesPer12h-want) > 1e-9 {
		t.Errorf("rate %g, want %g", got[2].ShrunkenPagesPer12h, want)
	}
	// Three times as long on call: 60 pages are then as many an hour as 20, and 30 a third of 31.
	longer := map[string]bool{}
	for _, a := range alertChanges(rules, 3*exposure, exposure, 1) {
		longer[a.Rule] = true
	}
	if longer["grew"] || !longer["same"] {
		t.Errorf("a rate is one per time on call: changed are %v", longer)
	}
	for _, a := range alertChanges(rules, exposure, exposure, 4) {
		if a.Rule == "grew" {
			t.Error("pages that come in clusters are told as easily as single ones")
		}
	}
	if got := alertChanges(nil, exposure, exposure, 1); len(got) != 0 {
		t.Errorf("no rule changed: %v", got)
	}
}

func TestWaiting(t *testing.T) {
	s := func(v float64) *float64 { return &v }
	times := &responseTimes{}
	// O-6 of metrics.md in minutes: acknowledged 1 2 3 6 10, cleared by itself 2 4 8, open 5 15.
	for _, m := range []float64{1, 2, 3, 6, 10} {
		times.add(s(m*60), s(m*60+600), nil, "human")
	}
	for i, m := range []float64{2, 4, 8} {
		times.add(nil, s(m*60), nil, []string{"monitor", "timeout", "monitor"}[i])
	}
	times.add(nil, nil, s(300), "")
	times.add(nil, nil, s(900), "")
	w := times.waiting()
	for what, c := range map[string]struct{ got, want float64 }{
		"acknowledged within 5 min": {*w.AcknowledgedIn5MinRatio, 0.3}, "cleared first": {*w.ClearedUnacknowledgedRatio, 0.325},
		// resolved after 2 4 8 11 12 13 16 20 min, open since 5 and 15: S is .4571 from 12 min on
		"median to resolve": {*w.ResolveP50Seconds, 720},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: got %g, want %g", what, c.got, c.want)
		}
	}
	if w.AcknowledgeP50SecondsLow != nil {
		t.Error("five acknowledgements have no interval of the median")
	}
	times.add(s(0), nil, s(60), "")        // acknowledged at once, still open
	times.add(nil, s(30), nil, "human")    // resolved by a person without acknowledging: neither
	times.add(s(100), s(50), nil, "human") // an acknowledgement after the resolve comes second
	if w = times.waiting(); w.AcknowledgeP50SecondsLow == nil || *w.AcknowledgeP50SecondsLow != 0 || *w.AcknowledgeP50SecondsHigh != 600 {
		t.Errorf("seven acknowledgements: %v", w)
	}
	if got := times.firstEvent[12].Cause; got != resolvedFirst {
		t.Errorf("resolved, then acknowledged: first came %v", got)
	}
	none := (&responseTimes{}).waiting()
	if none != (reports.Waiting{}) {
		t.Errorf("nobody waited: %+v", none)
	}
}
