package statistics

import "math"

// AgreementResult says how far two raters, or rules and people, agree on a yes or no. Nil is what the table cannot
// tell (a precision without a positive call, say).
type AgreementResult struct {
	Kappa                       *float64 // Cohen's, chance taken out
	Precision                   *float64 // tp / (tp + fp), with its Wilson interval
	PrecisionLow, PrecisionHigh *float64
	Recall                      *float64 // tp / (tp + fn), with its Wilson interval
	RecallLow, RecallHigh       *float64
	F1                          *float64 // harmonic mean of precision and recall
	Raw                         *float64 // the share of cases on which both say the same
}

// Agreement reads a confusion matrix: tp both say yes, fp only the first, fn only the second, tn neither.
func Agreement(tp, fp, fn, tn int) AgreementResult {
	n := float64(tp + fp + fn + tn)
	r := AgreementResult{
		Precision: ratio(float64(tp), float64(tp+fp)),
		Recall:    ratio(float64(tp), float64(tp+fn)),
		F1:        ratio(2*float64(tp), float64(2*tp+fp+fn)),
		Raw:       ratio(float64(tp+tn), n),
	}
	precision, recall := Wilson(int64(tp), int64(tp+fp)), Wilson(int64(tp), int64(tp+fn))
	r.PrecisionLow, r.PrecisionHigh = precision.Low, precision.High
	r.RecallLow, r.RecallHigh = recall.Low, recall.High
	if r.Raw != nil {
		byChance := (float64(tp+fp)*float64(tp+fn) + float64(fn+tn)*float64(fp+tn)) / (n * n)
		r.Kappa = ratio(*r.Raw-byChance, 1-byChance)
	}
	return r
}

// RoganGladen corrects a share for a test that errs: observed is the share called positive, between 0 and 1. It is
// clipped to 0 … 1, and nil where the test is no better than chance (sensitivity + specificity ≤ 1).
func RoganGladen(observed, sensitivity, specificity float64) *float64 {
	better := sensitivity + specificity - 1
	if better <= 0 {
		return nil
	}
	return known(math.Min(1, math.Max(0, (observed+specificity-1)/better)))
}
