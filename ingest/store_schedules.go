package ingest

import (
	"context"
	"fmt"
)

// storeSchedules stores schedules and what was rendered of them for window w.
func (s *syncer) storeSchedules(ctx context.Context, records []record, source string, w span) error {
	var rows []row
	entries, overrides := map[string][]duty{}, map[string][]duty{}
	for _, r := range records {
		id := r.idText("id")
		readable := r[unreadableKey] == nil
		delete(r, unreadableKey)
		switch {
		case !readable:
		case source == "v3":
			entries[id], overrides[id] = s.book.dutiesV3(r, false), s.book.dutiesV3(r, true)
		default:
			entries[id] = dutiesV2(r.object("final_schedule"))
			overrides[id] = dutiesV2(r.object("overrides_subschedule"))
		}
		out := s.book.scheduleRow(r, source)
		out[schedulesTable.index("is_readable")] = readable
		rows = append(rows, out)
	}
	if _, err := s.w.upsert(ctx, schedulesTable, rows, s.overwrite); err != nil {
		return err
	}
	if err := s.replaceEntries(ctx, "schedule_entries", entries, w); err != nil {
		return err
	}
	return s.replaceEntries(ctx, "schedule_overrides", overrides, w)
}

// replaceEntries brings what came for window w into a table of entries.
func (s *syncer) replaceEntries(ctx context.Context, name string, came map[string][]duty, w span) error {
	if len(came) == 0 {
		return nil
	}
	stored, err := s.storedDuties(ctx, name, came, w)
	if err != nil {
		return err
	}
	var rows, changed []row
	for id, entries := range came {
		next := replaceDuties(stored[id], entries, w)
		if sameDuties(mergeDuties(append([]duty(nil), stored[id]...)), next) {
			continue
		}
		changed = append(changed, row{id})
		for _, d := range next {
			rows = append(rows, row{id, textOrNull(d.userID), d.from, d.to})
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := s.w.tempIDs(ctx, "changed_schedules", changed); err != nil {
		return err
	}
	q := fmt.Sprintf(`DELETE FROM %s WHERE start_at <= $2 AND end_at >= $1
		AND schedule_id IN (SELECT id FROM temp.changed_schedules)`, name)
	if _, err := s.w.exec(ctx, q, w.from, w.to); err != nil {
		return err
	}
	return s.w.appendRows("", name, rows)
}

// storedDuties reads the entries that overlap or touch window w.
func (s *syncer) storedDuties(ctx context.Context, name string, of map[string][]duty, w span) (map[string][]duty, error) {
	q := fmt.Sprintf(`SELECT schedule_id, coalesce(user_id, ''), start_at, end_at FROM %s
		WHERE start_at <= $2 AND end_at >= $1`, name)
	rows, err := s.w.conn.QueryContext(ctx, q, w.from, w.to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]duty{}
	for rows.Next() {
		var id string
		var d duty
		if err := rows.Scan(&id, &d.userID, &d.from, &d.to); err != nil {
			return nil, err
		}
		if _, asked := of[id]; asked {
			d.from, d.to = d.from.UTC(), d.to.UTC()
			out[id] = append(out[id], d)
		}
	}
	return out, rows.Err()
}

func sameDuties(a, b []duty) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].userID != b[i].userID || !a[i].from.Equal(b[i].from) || !a[i].to.Equal(b[i].to) {
			return false
		}
	}
	return true
}
