package reports

import (
	"strconv"
	"strings"
)

// evidenceTexts say in words what each piece of evidence is; the table is that of metrics 5.2.
var evidenceTexts = map[string]string{
	"A1":  "a person wrote a note of more than 20 characters",
	"A2":  "people were called together: a responder request, a conference bridge, a status update, a raised priority, or a workflow that a person ran",
	"A3":  "a person reassigned or escalated it by hand",
	"A4":  "a person resolved it 10 minutes or more after the acknowledgement, and the monitor had not cleared it before",
	"A5":  "a ticket or post-mortem was linked, or a custom field was set",
	"A6":  "something was deployed or rolled back on the service between the acknowledgement and the resolve",
	"N1":  "cleared by the monitor, and no person had done anything",
	"N2":  "cleared by the monitor within 5 minutes of the trigger",
	"N3":  "acknowledged, then cleared by the monitor; no person did anything else",
	"N4":  "a person resolved it within 2 minutes of the acknowledgement, without a note",
	"N5":  "resolved in bulk: one person resolved 3 incidents or more within 10 seconds",
	"N6":  "snoozed, then cleared by the monitor; no person did anything else",
	"N7":  "a later one of a flap run",
	"N8":  "closed by the auto-resolve time-out",
	"N9":  "10 or more earlier incidents of its alert key, and nobody worked on any of them",
	"N10": "inside a maintenance window, or its title says that it is a test",
}

// EvidenceText says in words what a piece of evidence is; "" where there is no such evidence.
func EvidenceText(id string) string { return evidenceTexts[id] }

// Evidence is one piece of evidence on an incident.
type Evidence struct {
	ID     string  `json:"id"`
	Text   string  `json:"text"`
	Points float64 `json:"points"` // log-odds: above 0 for work, below 0 against
}

// correlated evidence tells much the same thing, so together it weighs correlatedFloor at most [definitions 8].
var correlated = map[string]bool{"N1": true, "N2": true, "N3": true, "N6": true}

const correlatedFloor = -2.5

// cappedPoints is what the correlated evidence would weigh without the cap, where the cap binds.
func cappedPoints(evidence []Evidence) *float64 {
	var sum float64
	for _, e := range evidence {
		if correlated[e.ID] {
			sum += e.Points
		}
	}
	if sum >= correlatedFloor {
		return nil
	}
	return &sum
}

// points prints a weight with its sign: +2, −1.5.
func points(p float64) string {
	switch {
	case p > 0:
		return "+" + strconv.FormatFloat(p, 'g', -1, 64)
	case p < 0:
		return "−" + strconv.FormatFloat(-p, 'g', -1, 64)
	}
	return "0"
}

// verdictTexts say in words what each verdict means.
var verdictTexts = map[string]string{
	"actionable":     "actionable: somebody did something because of it",
	"non_actionable": "non-actionable: nobody had to do anything",
	"redundant":      "redundant: merged away, or a later incident of the same alert key in the same paging incident",
	"unattended":     "unattended: high urgency, never acknowledged, open over 30 min; a failure of response, never noise",
	"unknown":        "unknown: the evidence does not decide (its score lies between −1 and 1), or there are no log entries",
}

func verdictText(verdict string) string {
	if text := verdictTexts[verdict]; text != "" {
		return text
	}
	return Clean(verdict)
}

// verdictWord is the verdict as one word of a list.
func verdictWord(verdict string) string {
	if verdict == "non_actionable" {
		return "non-actionable"
	}
	return Clean(verdict)
}

// hourWord is an hour class in words; classes joined by a space are those of several pages.
func hourWord(class string) string {
	return strings.NewReplacer(" ", " and ", "sleep", "night", "off_hours", "off hours").Replace(Clean(class))
}
