package analysis

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGapsOfSpans(t *testing.T) {
	gap := func(from, to float64, reason GapReason) Gap { return Gap{"incidents", day(from), day(to), reason} }
	for _, c := range []struct {
		name  string
		spans ledgerSpans
		want  []Gap
	}{
		{"nothing read", ledgerSpans{}, []Gap{gap(2, 9, GapNotRead)}},
		{"one window", ledgerSpans{whole: []Period{span(1, 10)}}, nil},
		{"exactly", ledgerSpans{whole: []Period{span(2, 9)}}, nil},
		{"windows that touch", ledgerSpans{whole: []Period{span(5, 9), span(2, 5)}}, nil},
		{"windows that overlap", ledgerSpans{whole: []Period{span(2, 6), span(4, 9)}}, nil},
		{"a window inside another", ledgerSpans{whole: []Period{span(2, 8), span(3, 4), span(7, 9)}}, nil},
		{"a hole", ledgerSpans{whole: []Period{span(1, 4), span(5, 12)}}, []Gap{gap(4, 5, GapNotRead)}},
		{"late start and early end", ledgerSpans{whole: []Period{span(3, 8)}}, []Gap{gap(2, 3, GapNotRead), gap(8, 9, GapNotRead)}},
		{"windows outside", ledgerSpans{whole: []Period{span(1, 2), span(9, 11)}}, []Gap{gap(2, 9, GapNotRead)}},
		{"a lost window in a whole one", ledgerSpans{whole: []Period{span(1, 10)}, truncated: []Period{span(4, 4.5)}}, []Gap{gap(4, 4.5, GapTruncated)}},
		{"a lost window cut to the period", ledgerSpans{whole: []Period{span(1, 20)}, truncated: []Period{span(1, 3), span(8, 12)}},
			[]Gap{gap(2, 3, GapTruncated), gap(8, 9, GapTruncated)}},
		{"lost windows outside", ledgerSpans{whole: []Period{span(1, 20)}, truncated: []Period{span(1, 2), span(9, 12)}}, nil},
		{"a lost window beside a hole", ledgerSpans{whole: []Period{span(1, 4), span(5, 12)}, truncated: []Period{span(5, 6), span(3.5, 4)}},
			[]Gap{gap(3.5, 4, GapTruncated), gap(4, 5, GapNotRead), gap(5, 6, GapTruncated)}},
		{"a lost window inside a hole", ledgerSpans{whole: []Period{span(1, 4), span(6, 12)}, truncated: []Period{span(4.5, 5)}},
			[]Gap{gap(4, 4.5, GapNotRead), gap(4.5, 5, GapTruncated), gap(5, 6, GapNotRead)}},
		{"a window being read", ledgerSpans{whole: []Period{span(1, 5)}, reading: []Period{span(5, 10)}}, []Gap{gap(5, 9, GapUnfinished)}},
		{"a part of a hole is being read", ledgerSpans{whole: []Period{span(1, 5)}, reading: []Period{span(6, 8)}},
			[]Gap{gap(5, 6, GapNotRead), gap(6, 8, GapUnfinished), gap(8, 9, GapNotRead)}},
		{"a window being read again", ledgerSpans{whole: []Period{span(1, 10)}, reading: []Period{span(5, 10)}}, nil},
		{"a refused window", ledgerSpans{whole: []Period{span(1, 5)}, skipped: []Period{span(5, 10)}}, []Gap{gap(5, 9, GapRefused)}},
		{"refused, and read before", ledgerSpans{whole: []Period{span(1, 10)}, skipped: []Period{span(5, 10)}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, mergedGaps(c.spans.gaps("incidents", span(2, 9)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhatMakesAPeriodIncomplete although its windows were read.
func TestWhatMakesAPeriodIncomplete(t *testing.T) {
	for name, prep := range map[string]string{
		"nothing":                   `SELECT 1`,
		"schedule_not_read":         `INSERT INTO escalation_policies (id) VALUES ('E1'); INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1')`,
		"no longer asked for":       `INSERT INTO escalation_policies (id, is_deleted) VALUES ('E1', true); INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1')`,
		"policies_refused":          `INSERT INTO ledger (window_id, kind, scope, state) VALUES (8, 'escalation_policies', '', 'skipped')`,
		"policies_refused, cut off": `INSERT INTO ledger (window_id, kind, scope, state) VALUES (8, 'escalation_policies', '', 'truncated')`,
		"policies read since":       `INSERT INTO ledger (window_id, kind, scope, state) VALUES (8, 'services', '', 'skipped'), (9, 'services', '', 'whole')`,
		"sync_unfinished":           `INSERT INTO meta VALUES ('sync_unfinished_until', '2026-11-10T00:00:00Z')`,
		"records_missing":           `INSERT INTO unreadable_records (kind, since_at, until_at) VALUES ('log_entries', '2026-11-01', '2026-11-02 01:00')`,
		"unreadable alert":          `INSERT INTO unreadable_records (kind) VALUES ('alerts')`,
		"history_truncated":         `INSERT INTO ledger (window_id, kind, scope, state) VALUES (8, 'incident_log_entries', 'P1', 'truncated')`,
		"of a later incident": `INSERT INTO ledger (window_id, kind, scope, state) VALUES (8, 'incident_log_entries', 'P1', 'truncated');
			INSERT INTO incidents (id, created_at) VALUES ('P1', '2026-11-09')`,
		"schedule_not_readable": `INSERT INTO schedules (id, is_readable) VALUES ('S1', false)`,
	} {
		t.Run(name, func(t *testing.T) {
			code, _, _ := strings.Cut(name, ",")
			db := newFacts(t)
			for i, kind := range []string{"incidents", "log_entries", "schedules"} {
				addWindow(t, db, i+1, kind, "", "whole", span(1, 10))
			}
			mustExec(t, db, prep)
			c := certify(t, db, DefaultSettings())
			incomplete := slices.Contains(incompleteCodes, code)
			if c.Complete == incomplete || len(c.Gaps) > 0 {
				t.Errorf("complete is %v, gaps %v", c.Complete, c.Gaps)
			}
			if said := slices.ContainsFunc(c.Notes, func(n Note) bool { return n.Code == code }); said != incomplete {
				t.Errorf("notes %v", c.Notes)
			}
		})
	}
}
