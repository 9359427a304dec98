package main

import (
	"context"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

// derived works the sums out anew, and looks at what needs the derived tables.
func (x *examination) derived(ctx context.Context, store *ingest.Store) error {
	if current, err := analysis.IsDerived(ctx, store.DB()); err != nil || !current || x.ledger.SyncedUntil == nil {
		return err
	}
	s, err := analysis.Open(ctx, store.DB(), x.cfg.settings)
	if err != nil {
		return err
	}
	defer s.Close() // read-only: there is nothing that closing could lose
	if err := x.intact(ctx, s); err != nil {
		return err
	}
	if err := x.unmatched(ctx, s); err != nil {
		return err
	}
	p := analysis.Period{Since: x.ledger.Asked.Since, Until: *x.ledger.SyncedUntil}
	if !p.Since.Before(p.Until) {
		return nil
	}
	laws, err := s.Laws(ctx, p)
	if err != nil {
		return err
	}
	period := reports.Period(p)
	x.doc.Period = &period
	for _, l := range laws {
		x.doc.Laws = append(x.doc.Laws, reports.Law{Code: l.Code, Text: l.Text, Left: l.Left, Right: l.Right, Holds: l.Holds(), Broken: l.Broken})
	}
	return x.fingerprint(ctx, s)
}

// intact tells whether somebody wrote into the derived tables.
func (x *examination) intact(ctx context.Context, s *analysis.Session) error {
	intact, known, err := s.ContentIntact(ctx)
	switch {
	case err != nil:
		return err
	case known && intact:
		x.doc.Add(reports.DoctorDatabase, "content", reports.FindingOK, "", "the derived tables hold what the last sync put into them")
	case known:
		x.doc.Add(reports.DoctorDatabase, "content", reports.FindingProblem, x.instead("changed"),
			"the derived tables hold something else than the last sync put into them: somebody wrote into them")
	}
	return nil
}

// instead is the way to a sound database: the old one is put aside, as one that was damaged or changed.
func (x *examination) instead(as string) string {
	if x.isDemo() {
		return x.syncCommand()
	}
	return "mv " + quoted(x.path) + " " + quoted(x.path+"."+as) + " && crywolf sync" + x.dbFlag()
}

// fingerprint shows the parts of a report's, for the period that it has unless told.
func (x *examination) fingerprint(ctx context.Context, s *analysis.Session) error {
	until := *x.ledger.SyncedUntil
	p := analysis.Period{Since: until.Add(-periodFlags{}.defaultBack()), Until: until}
	f, err := s.Fingerprint(ctx, p, version(), x.cfg.lines())
	if err != nil {
		return err
	}
	x.doc.Fingerprint = &reports.FingerprintParts{Period: reports.Period(p), Data: f.Data, Settings: f.Settings, Definitions: f.Definitions,
		Version: f.Version, Fingerprint: f.Sum}
	return nil
}
