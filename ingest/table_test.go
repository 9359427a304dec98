package ingest

import (
	"context"
	"testing"
	"time"
)

// TestAnAlertThatMovedTouchesBothIncidents: what is derived of the incident that lost it is stale too.
func TestAnAlertThatMovedTouchesBothIncidents(t *testing.T) {
	st, _ := newStore(t)
	ctx := context.Background()
	conn, err := st.DB().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	w := &writer{conn: conn, now: time.Now}
	at := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	alert := func(id, incident string) row {
		r := make(row, len(alertsTable.columns))
		r[alertsTable.index("id")], r[alertsTable.index("incident_id")], r[alertsTable.index("created_at")] = id, incident, at
		r[alertsTable.index("raw")] = `{"incident":{"id":"` + incident + `"}}`
		return r
	}
	store := func(rows ...row) {
		t.Helper()
		err := w.tx(ctx, func(ctx context.Context) error {
			_, err := w.upsert(ctx, alertsTable, rows, replaceChanged)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	store(alert("A1", "P1"), alert("A2", "P2"))
	if _, err := w.exec(ctx, "DELETE FROM touched_incidents"); err != nil {
		t.Fatal(err)
	}
	store(alert("A1", "P3"), alert("A2", "P2"))
	got, err := w.strings(ctx, "SELECT incident_id FROM touched_incidents ORDER BY ALL")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != "P1" || got[1] != "P3" {
		t.Errorf("touched are %q, want P1 and P3", got)
	}
}
