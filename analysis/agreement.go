package analysis

import (
	"context"
	"fmt"
	"time"

	"crywolf/analysis/statistics"
)

// Verdicts are all that a page can be judged to be, LabelWords what a person can say it was [definitions 8].
var (
	Verdicts   = []string{"actionable", "non_actionable", "unknown", "redundant", "unattended"}
	LabelWords = []string{"actionable", "non_actionable", "unknown"}
)

// The rules are trusted from these on [metrics 5.3]: Cohen's kappa, and the number of incidents on which both sides
// decided (100 tell a share to about 10 points).
const (
	LeastKappa    = 0.6
	LeastCompared = 100
)

// Agreement compares what people said of incidents with what the rules say without them [definitions 8].
type Agreement struct {
	Cells       []AgreementCell            // every verdict with every label, also where no incident is
	Result      statistics.AgreementResult // the positive call is non_actionable; over Compared
	Labelled    int64                      // incidents that a person labelled and that paged in the period
	ByFile      int64                      // those of them whose label is not a note's
	Compared    int64                      // those of them that both sides call actionable or non_actionable
	JudgedNoise int64                      // of Compared, called non_actionable by the rules
	SaidNoise   int64                      // of Compared, called non_actionable by people
	CalledNoise []CalledNoise              // actionable to people, non_actionable to the rules: the costly error, in full
}

// AgreementCell counts incidents of one verdict and one label.
type AgreementCell struct {
	Judged, Label string
	Count         int64
}

// CalledNoise is an incident that the rules would have had people ignore.
type CalledNoise struct {
	IncidentID, RuleID, Title string
	PagedAt                   time.Time
}

// Agreement asks label_agreement over a period and counts.
func (s *Session) Agreement(ctx context.Context, p Period) (Agreement, error) {
	r, err := s.Run(ctx, "label_agreement", p)
	if err != nil {
		return Agreement{}, err
	}
	var a Agreement
	counts := map[[2]string]int64{}
	for _, values := range r.Rows {
		row := map[string]any{}
		for i, c := range r.Columns {
			row[c.Name] = values[i]
		}
		text := func(column string) string { s, _ := row[column].(string); return s }
		judged, label := text("judged_verdict"), text("label")
		counts[[2]string{judged, label}]++
		a.Labelled++
		if text("label_source") == "incident" {
			a.ByFile++
		}
		if judged == "non_actionable" && label == "actionable" {
			at, _ := row["paged_at"].(time.Time)
			a.CalledNoise = append(a.CalledNoise, CalledNoise{text("incident_id"), text("rule_id"), text("title"), at})
		}
	}
	var told int64
	for _, judged := range Verdicts {
		for _, label := range LabelWords {
			n := counts[[2]string{judged, label}]
			a.Cells = append(a.Cells, AgreementCell{judged, label, n})
			told += n
		}
	}
	if told != a.Labelled {
		return a, fmt.Errorf("%d of %d labelled incidents have a verdict or a label that is not known", a.Labelled-told, a.Labelled)
	}
	a.compare(counts)
	return a, nil
}

func (a *Agreement) compare(counts map[[2]string]int64) {
	tp, fp := counts[[2]string{"non_actionable", "non_actionable"}], counts[[2]string{"non_actionable", "actionable"}]
	fn, tn := counts[[2]string{"actionable", "non_actionable"}], counts[[2]string{"actionable", "actionable"}]
	a.Compared, a.JudgedNoise, a.SaidNoise = tp+fp+fn+tn, tp+fp, tp+fn
	a.Result = statistics.Agreement(int(tp), int(fp), int(fn), int(tn))
}

// Doubts say why the rules are not to be trusted yet; there are none where they are.
func (a Agreement) Doubts() []string {
	var out []string
	if a.Compared < LeastCompared {
		out = append(out, fmt.Sprintf("%d labels could be compared, fewer than %d", a.Compared, LeastCompared))
	}
	switch k := a.Result.Kappa; {
	case a.Compared == 0:
	case k == nil:
		out = append(out, "kappa can't be told where both sides say the same of all")
	case *k < LeastKappa:
		out = append(out, fmt.Sprintf("kappa %.2f is below %.2f", *k, LeastKappa))
	}
	return out
}
