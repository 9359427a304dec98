package main

import (
	"strings"
	"testing"
	"time"

	"crywolf/analysis"
	"crywolf/reports"
)

// TestEveryKeyOfTheAgreementIsExplained takes the document as the command makes it.
func TestEveryKeyOfTheAgreementIsExplained(t *testing.T) {
	a := &app{}
	doc := a.agreementOf(analysis.Agreement{Cells: []analysis.AgreementCell{{Judged: "unknown", Label: "unknown", Count: 1}},
		CalledNoise: []analysis.CalledNoise{{IncidentID: "P1"}}}, chosen{location: time.UTC}, &reader{})
	var b strings.Builder
	if err := reports.RenderAgreement(&b, doc, reports.JSON); err != nil {
		t.Fatal(err)
	}
	keysAreExplained(t, []byte(b.String()), 30)
}

// TestLabelsOfAnIncidentCountOnce: not_paged_incident_count is of incidents, however often they were labelled.
func TestLabelsOfAnIncidentCountOnce(t *testing.T) {
	r := &reader{}
	r.config.settings.Labels = []analysis.Label{{IncidentID: "P1"}, {IncidentID: "P2"}, {IncidentID: "P1"}, {RuleID: "0880df78"}}
	doc := (&app{}).agreementOf(analysis.Agreement{Labelled: 2, ByFile: 1}, chosen{}, r)
	if doc.Labels.NotPaged != 1 {
		t.Errorf("%d of two labelled incidents, one of which paged, are without a page", doc.Labels.NotPaged)
	}
}
