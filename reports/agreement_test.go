package reports

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// someAgreement has 60 incidents that people called actionable and the rules noise.
func someAgreement() *Agreement {
	v := func(f float64) *float64 { return &f }
	at := time.Date(2026, 11, 3, 1, 0, 0, 0, time.UTC)
	a := &Agreement{SchemaVersion: SchemaVersion, Period: Period{Since: at, Until: at.AddDate(0, 0, 7)},
		Labels: AgreementLabels{Labelled: 1204, Compared: 1200, Undecided: 4, NotPaged: 1},
		Matrix: []AgreementCell{{"actionable", "actionable", 1000}, {"actionable", "non_actionable", 40}, {"non_actionable", "actionable", 60},
			{"non_actionable", "non_actionable", 100}},
		Agreement: AgreementResult{Kappa: v(0.619), RawRatio: v(0.9167), JudgedNoiseRatio: v(0.1333), LabelledNoiseRatio: v(0.1167),
			PrecisionRatio: v(0.625), PrecisionRatioLow: v(0.548), PrecisionRatioHigh: v(0.696), RecallRatio: v(0.714),
			RecallRatioLow: v(0.635), RecallRatioHigh: v(0.782), F1Ratio: v(0.667), Trusted: true, Doubts: []string{}}}
	for i := range 60 {
		a.CalledNoise = append(a.CalledNoise, CalledNoise{Incident: fmt.Sprintf("P%02d", i), Rule: "0880df78", Title: "=disk | \x1b[31mfull", PagedAt: at})
	}
	return a
}

func renderAgreement(t *testing.T, a *Agreement, f Format) string {
	t.Helper()
	var b strings.Builder
	if err := RenderAgreement(&b, a, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAgreementForPeople(t *testing.T) {
	a := someAgreement()
	text := renderAgreement(t, a, Table)
	for _, want := range []string{
		"2026-11-03 01:00 – 2026-11-10 01:00 UTC, 7 d\n",
		"1,204 incidents labelled by people: 1,200 compared, 4 undecided on one side; 1 label of incidents without a page in it\n",
		"rules say ↓  people say →  actionable  non-actionable\n",
		"actionable                      1,000              40\n",
		"non-actionable                     60             100\n",
		"kappa                           0.62\n",
		"precision of non-actionable      63%  55–70%\n",
		"✓ the rules agree with people",
		"(all 60):\n",
		"P00       0880df78  2026-11-03 01:00  =disk | full\n",
		"P59 ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") {
		t.Error("a title reaches the terminal")
	}
	markdown := renderAgreement(t, a, Markdown)
	for _, want := range []string{"# Labels against rules\n", `=disk \| full`, "| kappa", "| P59 "} {
		if !strings.Contains(markdown, want) {
			t.Errorf("%q is not in\n%s", want, markdown)
		}
	}
}

// TestAgreementOfNothing: unknown is – and null, never 0, and no empty table is shown.
func TestAgreementOfNothing(t *testing.T) {
	a := &Agreement{SchemaVersion: SchemaVersion, Matrix: []AgreementCell{{"actionable", "actionable", 0}}, Next: []string{"crywolf label --sample 100"}}
	text := renderAgreement(t, a, Table)
	if !strings.Contains(text, "nobody has labelled an incident") || strings.Contains(text, "kappa") || !strings.Contains(text, "next  crywolf label --sample 100\n") {
		t.Errorf("got\n%s", text)
	}
	a.Labels.Labelled, a.Labels.Compared = 1, 1
	if text := renderAgreement(t, a, Table); !strings.Contains(text, "kappa                              –\n") {
		t.Errorf("got\n%s", text)
	}
	var doc struct{ Agreement map[string]any }
	if err := json.Unmarshal([]byte(renderAgreement(t, a, JSON)), &doc); err != nil {
		t.Fatal(err)
	}
	if kappa, there := doc.Agreement["kappa"]; kappa != nil || !there {
		t.Errorf("kappa is %v", kappa)
	}
}

// TestAgreementAsCSV: the tidy table of the report, a line a value.
func TestAgreementAsCSV(t *testing.T) {
	a := someAgreement()
	a.Demo, a.Agreement.RecallRatio = DemoData, nil
	rows, err := csv.NewReader(strings.NewReader(renderAgreement(t, a, CSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for _, row := range rows {
		lines[strings.Join(row, "|")] = true
	}
	for _, want := range []string{"section|rotation|item|key|value", "report|||demo|DEMO DATA", "labels|||compared_incident_count|1200",
		"matrix||non_actionable actionable|incident_count|60", "agreement|||kappa|0.619", "agreement|||recall_ratio|",
		"agreement|||trusted|true", "called_noise||P59|title|'=disk | full", "called_noise||P59|paged_at|2026-11-03T01:00:00Z"} {
		if !lines[want] {
			t.Errorf("%q is not in the CSV", want)
		}
	}
}
