package main

import (
	"math"
	"slices"
	"time"
)

// truthVerdict is what is thought of a page (definitions 8).
type truthVerdict struct {
	verdict, confidence string
	evidence            []string
}

// verdicts judges pages of one rotation and period; "" as the rotation is no rotation, whose pages make no
// paging incidents.
func (w *truthWorld) verdicts(pages []truthPage, rotation string) map[truthPair]truthVerdict {
	repeated := map[truthPair]bool{}
	if rotation != "" {
		repeated = w.repeated(pages)
	}
	verdicts := map[truthPair]truthVerdict{}
	for _, page := range pages {
		verdicts[page.truthPair] = w.verdict(page, repeated[page.truthPair])
	}
	return verdicts
}

// repeated are the pages of a later incident of the same key in the same paging incident.
func (w *truthWorld) repeated(pages []truthPage) map[truthPair]bool {
	repeated := map[truthPair]bool{}
	var chain []truthPage
	flush := func() {
		first := map[string]*truthIncident{}
		for _, page := range chain {
			incident := w.incidents[page.incident]
			key := w.alertKey(incident)
			if first[key] == nil || truthIncidentOrder(incident, first[key]) < 0 {
				first[key] = incident
			}
		}
		for _, page := range chain {
			incident := w.incidents[page.incident]
			repeated[page.truthPair] = first[w.alertKey(incident)] != incident
		}
		chain = nil
	}
	for _, page := range pages { // in order of time
		if len(chain) > 0 && page.at.Sub(chain[len(chain)-1].at) > 15*time.Minute {
			flush()
		}
		chain = append(chain, page)
	}
	flush()
	return repeated
}

// verdict goes by precedence: a label, redundant, unattended, the score.
func (w *truthWorld) verdict(page truthPage, repeated bool) truthVerdict {
	incident := w.incidents[page.incident]
	v := truthVerdict{evidence: w.evidence()[page.incident]}
	score := truthScore(v.evidence)
	switch label := incident.label(); {
	case label == "#a":
		v.verdict, v.confidence = "actionable", "high"
	case label == "#na":
		v.verdict, v.confidence = "non_actionable", "high"
	case incident.merged || repeated:
		v.verdict = "redundant"
	case len(incident.entries) == 0: // nor is it known whether anybody answered
		v.verdict = "unknown"
	case w.isUnattended(incident):
		v.verdict = "unattended"
	case math.Abs(score) < 1:
		v.verdict = "unknown"
	case score > 0:
		v.verdict, v.confidence = "actionable", truthConfidence(score, v.evidence)
	default:
		v.verdict, v.confidence = "non_actionable", truthConfidence(score, v.evidence)
	}
	return v
}

// isUnattended: high urgency, never acknowledged, open for more than 30 minutes, or by what was read.
func (w *truthWorld) isUnattended(incident *truthIncident) bool {
	_, acknowledged := incident.acknowledgedAt()
	end := incident.clearedAt()
	if incident.status != "resolved" {
		end = w.until
	}
	return incident.urgency == "high" && !acknowledged && end.Sub(incident.created) > 30*time.Minute
}

// truthScore adds the points up; those of N1, N2, N3 and N6 stop at -2.5.
func truthScore(evidence []string) float64 {
	score, same := 0.0, 0.0
	for _, id := range evidence {
		if slices.Contains([]string{"N1", "N2", "N3", "N6"}, id) {
			same += truthPoints[id]
		} else {
			score += truthPoints[id]
		}
	}
	return score + max(same, -2.5)
}

func truthConfidence(score float64, evidence []string) string {
	opposed := slices.ContainsFunc(evidence, func(id string) bool { return truthPoints[id]*score < 0 })
	switch size := math.Abs(score); {
	case size >= 2 && !opposed:
		return "high"
	case size < 1.5:
		return "low"
	}
	return "medium"
}

// truthShares are the three shares of noise: sure, best, possible.
func truthShares(verdicts []truthVerdict) (low, best, high *float64) {
	count, sure := map[string]float64{}, 0.0
	for _, v := range verdicts {
		count[v.verdict]++
		if v.verdict == "non_actionable" && v.confidence == "high" {
			sure++
		}
	}
	base := count["actionable"] + count["non_actionable"] + count["unknown"]
	return truthRatio(sure, base), truthRatio(count["non_actionable"], count["actionable"]+count["non_actionable"]),
		truthRatio(count["non_actionable"]+count["unknown"], base)
}

// judge fills in what a rotation's quality says of verdicts.
func (q *truthQuality) judge(pages []truthPage, verdicts map[truthPair]truthVerdict) {
	q.Verdicts = map[string]int{"actionable": 0, "non_actionable": 0, "redundant": 0, "unattended": 0, "unknown": 0}
	var list []truthVerdict
	for _, page := range pages {
		v := verdicts[page.truthPair]
		list = append(list, v)
		q.Verdicts[v.verdict]++
	}
	q.Low, q.Ratio, q.High = truthShares(list)
}
