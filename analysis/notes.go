package analysis

import (
	"context"
	"fmt"
	"strings"
)

// noteQueries are the data notes that count something in the period: each says %d what. A count of 0 says nothing.
var noteQueries = []struct{ code, text, query string }{
	{"pages_inferred", "pages are inferred from assignments",
		`SELECT count(*) FROM derived_state WHERE key = 'inferred' AND value = 'true'`},
	{"schedule_not_readable", "schedules that a policy targets and that could not be read: %d; pages of shifts that no sync has read are unattributed",
		`SELECT count(*) FROM schedules WHERE NOT is_readable`},
	{"schedule_not_read", "schedules that a policy targets and that no sync has read yet: %d",
		`SELECT count(DISTINCT t.target_id) FROM escalation_targets AS t JOIN escalation_policies AS p ON p.id = t.escalation_policy_id
		 ANTI JOIN schedules AS s ON s.id = t.target_id WHERE t.target_kind = 'schedule' AND NOT coalesce(p.is_deleted, false)`},
	{"policies_refused", "escalation policies or services may not be read, or not to the end of the list: pages can't be put down to their rotations",
		`SELECT count(*) FROM (SELECT arg_max(state, window_id) AS state FROM ledger WHERE kind IN ('escalation_policies', 'services') GROUP BY kind)
		 WHERE state IN ('skipped', 'truncated')`},
	{"sync_unfinished", "the last sync ended before it was done: of older incidents, what changed may be missing or half there",
		`SELECT count(*) FROM meta WHERE key = 'sync_unfinished_until'`},
	{"records_missing", "incidents or log entries that could not be read and may be of this period: %d",
		`SELECT count(*) FROM unreadable_records AS u WHERE kind IN ('incidents', 'log_entries')
		   AND (u.since_at IS NULL OR u.since_at <= $until) AND (u.until_at IS NULL OR u.until_at >= $since)
		   AND NOT EXISTS (SELECT 1 FROM incidents AS i WHERE u.kind = 'incidents' AND i.id = u.id AND i.fetched_at >= u.fetched_at)
		   AND NOT EXISTS (SELECT 1 FROM log_entries AS l WHERE u.kind = 'log_entries' AND l.id = u.id AND l.fetched_at >= u.fetched_at)`},
	{"history_truncated", "incidents with more log entries than PagerDuty lists: %d",
		`SELECT count(*) FROM ledger AS l LEFT JOIN incidents AS i ON i.id = l.scope
		 WHERE l.kind = 'incident_log_entries' AND l.state = 'truncated' AND coalesce(i.created_at < $until, true)`},
	{"unreadable_records", "records of other kinds that could not be read, kept as types and key names: %d",
		`SELECT count(*) FROM unreadable_records WHERE kind NOT IN ('incidents', 'log_entries')`},
	{"unknown_medium", "notifications of unknown medium, counted as interrupting: %d",
		`SELECT count(*) FROM account_notification_in($since, $until) WHERE medium = 'unknown'`},
	{"notification_without_user", "notifications that name no user, counted in the totals only: %d",
		`SELECT count(*) FROM account_notification_in($since, $until) WHERE user_id IS NULL`},
	{"ambiguous_attribution", "pages that fit several schedules of one level and went to the lowest id: %d",
		`SELECT count(*) FROM page_in($since, $until) WHERE is_ambiguous`},
	{"zone_fallback", "people without a time zone, whose schedule's stands in: %d",
		`SELECT count(DISTINCT user_id) FROM (
		   SELECT user_id FROM shift_in($since, $until) WHERE zone_source = 'schedule'
		   UNION ALL SELECT user_id FROM page_in($since, $until) WHERE zone_source = 'schedule')`},
	{"zone_unknown", "people without a time zone and without a schedule that has one, for whom UTC stands in: %d",
		`SELECT count(DISTINCT user_id) FROM (
		   SELECT user_id FROM shift_in($since, $until) WHERE zone_source = 'utc'
		   UNION ALL SELECT user_id FROM page_in($since, $until) WHERE zone_source = 'utc')`},
	{"zero_length_shifts", "shifts of no length, dropped: %d",
		`SELECT count(*) FROM (SELECT DISTINCT schedule_id, user_id, start_at FROM schedule_entries
		 WHERE start_at = end_at AND start_at >= $since AND start_at < $until)`},
	{"evidence_off_changes", "evidence A6 is off: change events could not be read",
		`SELECT count(*) FROM (SELECT arg_max(state, window_id) AS state FROM ledger WHERE kind = 'change_events') WHERE state = 'skipped'`},
	{"evidence_off_maintenance", "evidence N10 knows test titles only: maintenance windows could not be read",
		`SELECT count(*) FROM (SELECT arg_max(state, window_id) AS state FROM ledger WHERE kind = 'maintenance_windows') WHERE state = 'skipped'`},
	{"evidence_poor", "services whose people leave too few traces for evidence N1 and N3: %d",
		`SELECT count(*) FROM evidence_poor_service WHERE service_id IN (
		   SELECT i.service_id FROM incident_facts AS i SEMI JOIN page_in($since, $until) AS p ON p.incident_id = i.incident_id AND p.incident_created_at = i.created_at)`},
	{"acknowledged_before_created", "incidents acknowledged before they were created, whose time to acknowledge is 0: %d",
		`SELECT count(*) FROM incident
		 WHERE acknowledged_at < created_at AND created_at >= $since AND created_at < $until`},
}

// notes collects what a reader of the period's numbers must know: changed settings first, since a screen may fold the
// rest away; then what is counted, then what the sync said and no count says better.
func (s *Session) notes(ctx context.Context, p Period) ([]Note, error) {
	var notes []Note
	for _, text := range s.settings.Differences() {
		notes = append(notes, Note{Code: "configured", Text: "as configured: " + text})
	}
	counted := map[string]bool{"unreadable_records": true} // the sync's own note of them knows no period
	for _, q := range noteQueries {
		n, err := s.counted(ctx, q.code, q.query, p)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		text := q.text
		if strings.Contains(text, "%d") {
			text = fmt.Sprintf(text, n)
		}
		counted[q.code] = true
		notes = append(notes, Note{Code: q.code, Text: text, Count: n})
	}
	said, err := s.said(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, n := range said {
		if !counted[n.Code] {
			notes = append(notes, n)
		}
	}
	return notes, nil
}

// counted asks one of the counting notes.
func (s *Session) counted(ctx context.Context, code, query string, p Period) (int64, error) {
	r, err := s.Ask(ctx, query, p)
	if err != nil {
		return 0, fmt.Errorf("count for the note %s: %w", code, err)
	}
	n, _ := r.Rows[0][0].(int64)
	return n, nil
}

// said is what the last sync had to say.
func (s *Session) said(ctx context.Context, p Period) ([]Note, error) {
	r, err := s.Ask(ctx, `SELECT code, detail FROM sync_notes ORDER BY code, kind, detail`, p)
	if err != nil {
		return nil, fmt.Errorf("read the sync's notes: %w", err)
	}
	var notes []Note
	for _, row := range r.Rows {
		code, _ := row[0].(string)
		detail, _ := row[1].(string)
		notes = append(notes, Note{Code: code, Text: detail})
	}
	return notes, nil
}
