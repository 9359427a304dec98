package ingest

import (
	"context"
	"fmt"
	"net/url"
)

// syncMaintenance reads all maintenance windows; the list is short and can be edited, so it is replaced.
func (s *syncer) syncMaintenance(ctx context.Context) error {
	var seen []row
	cut := ""
	err := s.listAll(ctx, kindMaintenance, kindMaintenance, "/maintenance_windows", url.Values{"filter": {"all"}}, func(p page) error {
		cut = p.cut
		return s.w.tx(ctx, func(ctx context.Context) error {
			var rows []row
			for _, r := range p.records {
				seen = append(seen, row{r.id("id")})
				rows = append(rows, s.book.maintenanceRow(r))
			}
			if _, err := s.w.upsert(ctx, maintenanceTable, rows, s.overwrite); err != nil {
				return err
			}
			return s.storeAside(ctx, kindMaintenance, p)
		})
	})
	if notAllowed(err) {
		return s.skip(ctx, kindMaintenance, err)
	}
	if err != nil {
		return err
	}
	return s.w.tx(ctx, func(ctx context.Context) error {
		if err := s.w.tempIDs(ctx, "listed", seen); err != nil {
			return err
		}
		if cut == "" {
			if _, err := s.w.exec(ctx, "DELETE FROM maintenance_windows WHERE id NOT IN (SELECT id FROM temp.listed)"); err != nil {
				return err
			}
		}
		return s.w.markKind(ctx, listRow(kindMaintenance, len(seen), s.until, cut))
	})
}

// syncChanges reads change events where the account has them.
func (s *syncer) syncChanges(ctx context.Context) error {
	wins, err := s.w.windows(ctx, kindChanges, "", stateReading)
	if err != nil {
		return err
	}
	f := feed{
		kind: kindChanges, counted: kindChanges, path: "/change_events", clock: "timestamp",
		query: func(*window) url.Values { return url.Values{} },
		store: func(ctx context.Context, _ *window, p page) error {
			var rows []row
			for _, r := range p.records {
				rows = append(rows, s.book.changeRow(r))
			}
			_, err := s.w.upsert(ctx, changesTable, rows, s.overwrite)
			return err
		},
	}
	err = s.readWindows(ctx, f, wins)
	if !isMissing(err) {
		return err
	}
	reason := fmt.Sprintf("PagerDuty answered %d", statusOf(err))
	s.note("endpoint_skipped", kindChanges, "change events were not read: "+reason)
	return s.w.tx(ctx, func(ctx context.Context) error { return s.w.skipWindows(ctx, kindChanges, reason) })
}
