package statistics

import "testing"

const (
	acknowledged Cause = iota + 1
	cleared
)

// watched makes observations of one cause; negative times are censored.
func watched(times ...float64) []Observation {
	var out []Observation
	for _, t := range times {
		if t < 0 {
			out = append(out, Observation{-t, Censored})
		} else {
			out = append(out, Observation{t, acknowledged})
		}
	}
	return out
}

func TestKaplanMeier(t *testing.T) {
	treated := KaplanMeier(watched(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)) // O-2
	for i, want := range []Step{{Time: 6, Value: .857143}, {Time: 7, Value: .806723}, {Time: 10, Value: .752941}, {Time: 13, Value: .690196},
		{Time: 16, Value: .627451}, {Time: 22, Value: .537815}, {Time: 23, Value: .448179}} {
		near(t, "time", treated[i].Time, want.Time)
		near(t, "S", treated[i].Value, want.Value)
	}
	within(t, "error at 6", treated[0].Error, .0763604, 1e-7)
	within(t, "error at 23", treated[6].Error, .1345915, 1e-7)
	nearKnown(t, "median", SurvivalQuantile(treated, .5), 23)
	control := KaplanMeier(watched(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23))
	nearKnown(t, "median of the control", SurvivalQuantile(control, .5), 8)
	near(t, "S(8) of the control", ValueAt(control, 8, 1), .380952)
	near(t, "all had it", control[len(control)-1].Value, 0)
	maintained := KaplanMeier(watched(9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161)) // O-3
	nearKnown(t, "maintained", SurvivalQuantile(maintained, .5), 31)
	near(t, "S(23) maintained", ValueAt(maintained, 23, 1), .613636)
	nearKnown(t, "not maintained", SurvivalQuantile(KaplanMeier(watched(5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45)), .5), 23)
}

func TestOpenIncidentsCount(t *testing.T) { // O-4
	steps := KaplanMeier(watched(5, 8, 12, 20, 30, 45, -60, 60, -90, -120))
	for at, want := range map[float64]float64{4: 1, 5: .9, 8: .8, 12: .7, 20: .6, 30: .5, 45: .4, 60: .3, 1000: .3} {
		near(t, "S", ValueAt(steps, at, 1), want)
	}
	nearKnown(t, "median, R's midpoint", SurvivalQuantile(steps, .5), 37.5)
	nearKnown(t, "p25", SurvivalQuantile(steps, .25), 12)
	unknown(t, "p75", SurvivalQuantile(steps, .75))
	unknown(t, "p90", SurvivalQuantile(steps, .9))
	nearKnown(t, "without open ones the ordinary median", SurvivalQuantile(KaplanMeier(watched(1, 2, 3, 4)), .5), 2.5)
	// S reaches exactly a half and never falls again: the time at which it did.
	nearKnown(t, "half and open", SurvivalQuantile(KaplanMeier(watched(1, 2, -3, -4)), .5), 2)
	unknown(t, "nothing watched", SurvivalQuantile(KaplanMeier(nil), .5))
}

func TestCumulativeIncidence(t *testing.T) { // O-6
	all := []Observation{{1, acknowledged}, {2, cleared}, {2, acknowledged}, {3, acknowledged}, {4, cleared}, {5, Censored},
		{6, acknowledged}, {8, cleared}, {10, acknowledged}, {15, Censored}}
	ack, auto := CumulativeIncidence(all, acknowledged), CumulativeIncidence(all, cleared)
	for at, want := range map[float64]float64{0: 0, 1: .1, 2: .2, 3: .3, 4: .3, 6: .425, 8: .425, 10: .55} {
		near(t, "acknowledged", ValueAt(ack, at, 0), want)
	}
	for at, want := range map[float64]float64{1: 0, 2: .1, 4: .2, 7: .2, 8: .325, 20: .325} {
		near(t, "cleared", ValueAt(auto, at, 0), want)
	}
	// What the wrong way would say: others taken for censored.
	var wrong []Observation
	for _, o := range all {
		if o.Cause == cleared {
			o.Cause = Censored
		}
		wrong = append(wrong, o)
	}
	near(t, "1 − KM overstates", 1-ValueAt(KaplanMeier(wrong), 10, 1), .742857)
}
