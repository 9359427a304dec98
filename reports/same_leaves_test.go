package reports

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// shownToNobody are the values that no document for people shows, each with the reason; an entry holds for all below it.
// JSON and CSV have them.
var shownToNobody = map[string]string{
	"report schema_version":                                              "programs ask for it",
	"report filter":                                                      "the rotations that were asked for are those on the page",
	"report before_period":                                               "it ends where the period begins and is as long; the column's head says so",
	"report data.notes[].code":                                           "for programs: the text says it",
	"report data.notes[].count":                                          "the text says it",
	"report totals.interruption_count":                                   "the account's line keeps to incidents and pages",
	"report totals.notification_count":                                   "the account's line keeps to incidents and pages",
	"report rotations[].load.on_call_seconds":                            "pages per 12 h are made from it",
	"report rotations[].before.load.on_call_seconds":                     "pages per 12 h are made from it",
	"report rotations[].hours.sleep_page_count":                          "the night pages are the same",
	"report rotations[].before.hours.sleep_page_count":                   "the night pages are the same",
	"report rotations[].response.incident_count":                         "resolved and open ones are shown, which it is the sum of",
	"report rotations[].before.response.incident_count":                  "resolved and open ones are shown, which it is the sum of",
	"report rotations[].alerts[].evidence":                               "crywolf noisy shows it; on thin evidence nothing is done first",
	"report rotations[].alerts[].saves_night_pages_per_week":             "crywolf noisy shows it; here it orders what to do first",
	"report rotations[].change.page_rate_ratio":                          "tables compare the period with the one before it; the 28 days are for scripts",
	"report rotations[].alert_changes[].adjusted_p":                      "only what is hardly chance is listed",
	"report rotations[].alert_changes[].shrunken_pages_per_12h":          "the ratio of the two is shown",
	"report rotations[].alert_changes[].baseline_shrunken_pages_per_12h": "the ratio of the two is shown",
	"report rotations[].weeks[].end":                                     "a week is told by its start",
	"report rotations[].weeks[].non_actionable_ratio":                    "crywolf audit shows its trend",
	"report rotations[].weeks[].pages_per_12h":                           "the chart shows counts, whose limit is made from it",
	"report rotations[].follow_the_sun.leaked_ratio":                     "its count, its n and its range are shown",

	"audit schema_version":                               "programs ask for it",
	"audit filter":                                       "the rotations that were asked for are those on the page",
	"audit data.notes[].code":                            "for programs: the text says it",
	"audit data.notes[].count":                           "the text says it",
	"audit rotations[].blocks[].checks[].value":          "it is the block's number, which is shown",
	"audit rotations[].blocks[].checks[].low":            "as value",
	"audit rotations[].blocks[].checks[].high":           "as value",
	"audit rotations[].blocks[].checks[].n":              "as value",
	"audit rotations[].blocks[].limit":                   "it is the first check's, which is shown",
	"audit rotations[].blocks[].limit_key":               "as limit",
	"audit rotations[].blocks[].limit_source":            "as limit",
	"audit rotations[].blocks[].verdict":                 "the finding, which is made with it, says it",
	"audit rotations[].blocks[].weeks[].end":             "a week is told by its start",
	"audit rotations[].blocks[].weeks[].on_call_seconds": "pages per 12 h are made from it",

	"noisy schema_version":                            "programs ask for it",
	"noisy filter":                                    "who asked for rotations knows them; the rules page the account's",
	"noisy data.notes[].code":                         "for programs: the text says it",
	"noisy data.notes[].count":                        "the text says it",
	"noisy alerts[].flapping":                         "the number of runs says it",
	"noisy alerts[].worked_ratio":                     "its count, its n and its range are shown",
	"noisy left_out.after_top.page_count":             "what they would save is said",
	"noisy left_out.below_min_pages.page_count":       "what they would save is said",
	"noisy left_out.other_recommendations.page_count": "what they would save is said",
}

// listed finds the entry that holds for a value.
func listed(name, path string) (entry string) {
	for e := range shownToNobody {
		if full := name + " " + path; full == e || strings.HasPrefix(full, e+".") || strings.HasPrefix(full, e+"[") {
			return e
		}
	}
	return ""
}

// madeByRule are values that Normalize makes from others, whatever stands there.
var madeByRule = map[string]bool{"alerts[].reasons[]": true}

// subject is a kind of document: how to fill one, and how it prints.
type subject struct {
	name    string
	dresses []dress
	fill    func() (document any, printed func(d dress) string)
}

func subjects(t *testing.T) []subject {
	return []subject{
		{"report", dresses, func() (any, func(dress) string) {
			r := filledReport()
			return r, func(d dress) string { return d.report(t, r) }
		}},
		{"noisy", noisyDresses, func() (any, func(dress) string) {
			n := filledNoisy()
			return n, func(d dress) string { return d.noisy(t, n) }
		}},
		{"audit", auditDresses, func() (any, func(dress) string) {
			a := filledAudit()
			return a, func(d dress) string { return d.audit(t, a) }
		}},
	}
}

// TestEveryValueIsInEveryDocument changes the values of a filled document one at a time, and makes what may be unknown
// unknown: JSON and CSV must both change, and so must some document for people, unless the value is listed above.
func TestEveryValueIsInEveryDocument(t *testing.T) {
	if testing.Short() {
		t.Skip("it prints thousands of documents")
	}
	for _, s := range subjects(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.changeEachLeaf(t)
		})
	}
}

// changeEachLeaf alters the document's values, one at a time, and looks at what each dress prints then.
func (s subject) changeEachLeaf(t *testing.T) {
	document, printed := s.fill()
	before := map[dress]string{}
	for _, d := range s.dresses {
		before[d] = printed(d)
	}
	shown, tries := map[string]bool{}, map[string]int{}
	for i, l := range leavesOf(document) {
		if madeByRule[l.path] || tries[l.path] > 0 && shown[l.path] || tries[l.path] >= 8 {
			continue
		}
		tries[l.path]++
		document, printed := s.fill()
		l = leavesOf(document)[i]
		l.other()
		for _, d := range s.dresses {
			switch {
			case d.forPeople():
				shown[l.path] = shown[l.path] || printed(d) != before[d]
			case printed(d) == before[d]:
				t.Errorf("%s: another %s makes no other %s", s.name, l.at, d)
			}
		}
		if !l.pointer.IsValid() {
			continue
		}
		l.pointer.SetZero()
		for _, d := range s.dresses {
			if !d.forPeople() && printed(d) == before[d] {
				t.Errorf("%s: an unknown %s makes no other %s", s.name, l.at, d)
			}
		}
	}
	s.checkShown(t, tries, shown)
}

// checkShown holds what was looked at, and whether it is shown, against the list.
func (s subject) checkShown(t *testing.T, tries map[string]int, shown map[string]bool) {
	t.Helper()
	needed := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(tries)) {
		entry := listed(s.name, path)
		needed[entry] = needed[entry] || !shown[path]
		if entry == "" && !shown[path] {
			t.Errorf("%s: no document for people shows %s; show it, or list it in shownToNobody with the reason", s.name, path)
		}
	}
	for entry := range shownToNobody {
		if strings.HasPrefix(entry, s.name+" ") && !needed[entry] {
			t.Errorf("%s is shown by now, or no longer there; strike it from shownToNobody", entry)
		}
	}
}
