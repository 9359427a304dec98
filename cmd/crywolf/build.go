package main

import (
	"context"
	"fmt"
	"slices"

	"crywolf/analysis"
	"crywolf/reports"
)

// buildReport asks every metric of the report and lays the answers into the document. A gap in incidents or log
// entries is an error unless the flags allow it.
func (a *app) buildReport(ctx context.Context, r *reader, c chosen, f reportFlags, asked []string) (reports.Report, error) {
	report := reports.Report{SchemaVersion: reports.SchemaVersion, Period: reports.Period(c.Period)}
	if r.isDemo() {
		report.Demo = reports.DemoData
	}
	ids, err := a.chooseRotations(ctx, r, asked)
	if err != nil {
		return report, err
	}
	if ids != nil {
		report.Filter = &reports.Filter{Rotations: ids}
	}
	if report.Data, err = a.examine(ctx, r, c, ids, f.allowPartial); err != nil {
		return report, err
	}
	report.Context = contextOf(c, f, r)
	people, err := a.people(ctx, r, f.names)
	if err != nil {
		return report, err
	}
	b := &builder{ctx: ctx, session: r.session, people: people, minGroup: r.config.minGroup,
		whole: map[reports.Period]bool{report.Period: report.Data.Complete}}
	b.account(&report)
	report.Rotations = b.rotations(report.Period, ids)
	b.compare(&report, f.compare)
	report.Context.Next = a.nextCommands(&report)
	return report, b.err
}

// examine begins a document about some rotations, or the whole account (nil): it says what the numbers of a period rest on. A gap in incidents or log entries is an error unless it is allowed.
func (a *app) examine(ctx context.Context, r *reader, c chosen, rotations []string, allowPartial bool) (reports.Data, error) {
	r.session.Keep(rotations)
	cert, err := r.session.Certificate(ctx, c.Period)
	if err != nil {
		return reports.Data{}, err
	}
	if err := a.gapFailure(cert, c, r); err != nil && !allowPartial {
		return reports.Data{}, err
	}
	d := a.dataOf(cert, r)
	d.Notes = append(d.Notes, a.staleNote(c, r)...)
	f, err := r.session.Fingerprint(ctx, c.Period, version(), r.config.lines())
	d.Fingerprint = f.Sum
	return d, err
}

func (a *app) dataOf(cert analysis.Certificate, r *reader) reports.Data {
	d := reports.Data{Complete: cert.Complete, SyncedUntil: cert.SyncedUntil}
	for _, g := range cert.Gaps {
		d.Gaps = append(d.Gaps, reports.Gap{Kind: g.Kind, Since: g.Since.UTC(), Until: g.Until.UTC(), Reason: string(g.Reason),
			Command: a.fillCommand(g, r.isDemo(), cert.SyncedUntil)})
	}
	for _, n := range cert.Notes {
		d.Notes = append(d.Notes, reports.Note(n))
	}
	for _, x := range cert.Excluded {
		d.Excluded = append(d.Excluded, reports.Excluded(x))
	}
	return d
}

func contextOf(c chosen, f reportFlags, r *reader) reports.Context {
	return reports.Context{Location: c.location, PeriodName: c.name, Limits: r.config.limits, NamesShown: f.names, MinGroup: r.config.minGroup,
		SleepStartMinute: r.config.settings.SleepStart, SleepEndMinute: r.config.settings.SleepEnd, Definitions: definitions(reports.MeasureWords())}
}

// longestName is how wide a rotation's name may be to stand in a command that is offered; beyond, its id does.
const longestName = 40

func (a *app) nextCommands(report *reports.Report) []string {
	worst := reports.WorstFirst(report.Rotations)
	if len(worst) == 0 {
		return nil
	}
	name := quoted(worst[0].Name)
	if reports.Clean(name) != name || reports.Width(name) > longestName {
		name = worst[0].ID
	}
	return []string{"crywolf report " + name + " --wide" + a.dbFlag(), "crywolf explain page"}
}

// demoPseudonymKey numbers the people of demo accounts: they are nobody, and the same seed prints the same bytes.
var demoPseudonymKey = []byte("crywolf demo: nobody real in here")

// people says how each user id is shown: R1…Rn, or by name where asked and known.
func (a *app) people(ctx context.Context, r *reader, names bool) (people, error) {
	key := demoPseudonymKey
	if !r.isDemo() {
		var err error
		if key, err = a.pseudonymKey(false); err != nil {
			return people{}, err
		}
	}
	numbers, err := r.store.Pseudonyms(ctx, key)
	if err != nil {
		return people{}, err
	}
	p := people{numbers: numbers}
	if names {
		p.names, err = userNames(ctx, r)
	}
	return p, err
}

// people are how users are shown.
type people struct {
	numbers map[string]int
	names   map[string]string
}

func (p people) show(id string) string {
	if name := p.names[id]; name != "" {
		return name
	}
	if n := p.numbers[id]; n > 0 {
		return fmt.Sprintf("R%d", n)
	}
	return "R?" // the key is another one than that of the sync which numbered this person
}

// sortShifts orders by start, then the person's number, then end.
func (p people) sortShifts(shifts []shift) {
	slices.SortStableFunc(shifts, func(x, y shift) int {
		if c := x.Start.Compare(y.Start); c != 0 {
			return c
		}
		if c := p.numbers[x.userID] - p.numbers[y.userID]; c != 0 {
			return c
		}
		return x.End.Compare(y.End)
	})
}

type shift struct {
	reports.Shift
	userID string
}
