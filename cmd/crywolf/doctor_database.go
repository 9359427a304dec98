package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

// database looks at the file, and at what is in it as far as it can be opened. Nothing is written.
func (x *examination) database(ctx context.Context) error {
	x.file()
	store, err := x.openStore(ctx, x.path, ingest.ReadOnly)
	if err != nil {
		return x.unopened(ctx, err)
	}
	defer store.Close() // read-only: there is nothing that closing could lose
	if x.account, err = store.Account(ctx); err != nil {
		return x.unopened(ctx, err)
	}
	if err := x.versions(ctx, store); err != nil {
		return err
	}
	if whole, err := x.readable(ctx, store); err != nil || !whole {
		return err
	}
	ledger, err := analysis.ReadLedger(ctx, store.DB())
	if err != nil {
		return x.unusable(ctx, err, reports.DoctorData, "ledger_unreadable", x.syncCommand(), "what was read can't be told")
	}
	x.ledger = &ledger
	x.ledgerRows()
	x.data()
	if err := x.derived(ctx, store); err != nil {
		return x.unusable(ctx, err, reports.DoctorDatabase, "unusable", x.instead("changed"), "no report can be made of it")
	}
	return nil
}

// unusable tells what keeps crywolf from working with a database that it could open. fix mends one whose tables are not
// those that crywolf made; any other trouble is told as every command tells it.
func (x *examination) unusable(ctx context.Context, err error, section, code, fix, what string) error {
	if ctx.Err() != nil {
		return err
	}
	if x.flags.debug {
		x.warn("debug: %v", err)
	}
	if ingest.IsOtherSchema(err) {
		x.doc.Add(section, code, reports.FindingProblem, fix, "%s: a table is missing, or not as this crywolf makes it", what)
		return nil
	}
	f := x.asFailure(ctx, err)
	x.failure = f
	x.doc.Add(section, code, reports.FindingProblem, f.try, "%s: %s", what, f.what)
	return nil
}

// syncCommand is the command that brings the database up to date.
func (x *examination) syncCommand() string {
	if x.isDemo() {
		return "crywolf demo" + x.dbFlag()
	}
	return "crywolf sync" + x.dbFlag()
}

// file looks at the database's file from outside.
func (x *examination) file() {
	if !ingest.IsFile(x.path) {
		x.doc.Add(reports.DoctorDatabase, "dsn", reports.FindingInfo, "", "%s", reports.Clean(x.shown(x.path)))
		return
	}
	info, err := os.Stat(x.path)
	if err != nil {
		return // opening it will say why
	}
	size := info.Size()
	text := x.shown(x.path)
	if wal, err := os.Stat(x.path + ".wal"); err == nil {
		size += wal.Size()
		text += " with its log"
	}
	x.doc.Add(reports.DoctorDatabase, "file", reports.FindingInfo, "", "%s, %s", text, bytesText(size))
	if runtime.GOOS == "windows" || !info.Mode().IsRegular() {
		return
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		x.doc.Add(reports.DoctorDatabase, "file_mode", reports.FindingProblem, "chmod 600 "+quoted(x.path),
			"others on this machine may read it (mode %o): it holds an account's history", mode)
		return
	}
	x.doc.Add(reports.DoctorDatabase, "file_mode", reports.FindingOK, "", "only its owner may read it (mode %o)", info.Mode().Perm())
}

func bytesText(n int64) string {
	const kilo, mega = 1000, 1000 * 1000
	switch {
	case n < 10*kilo:
		return fmt.Sprintf("%d bytes", n)
	case n < 10*mega:
		return fmt.Sprintf("%d kB", n/kilo)
	}
	return reports.Count(n/mega) + " MB"
}

// unopened tells why the database can't be opened. That is a finding, and ends with the code that it has everywhere; only
// that there is none yet, where none was named, is no failure of a first look.
func (x *examination) unopened(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	var newer ingest.ErrNewer
	var locked *ingest.LockedError
	code := "database_unreadable"
	switch {
	case errors.Is(err, ingest.ErrNoDatabase):
		code = "database_missing"
	case errors.Is(err, ingest.ErrCorrupt):
		code = "database_damaged"
	case errors.Is(err, ingest.ErrNotOurs):
		code = "database_not_ours"
	case errors.As(err, &newer):
		code = "database_newer"
	case errors.As(err, &locked):
		code = "database_locked"
	}
	f := x.asFailure(ctx, err)
	status, text := reports.FindingProblem, f.what
	x.failure = f
	switch code {
	case "database_missing":
		if x.flags.db == "" {
			status, x.failure = reports.FindingInfo, nil
		}
	case "database_locked":
		status = reports.FindingWatch
	}
	fix := f.try
	if code == "database_damaged" {
		fix = x.instead("damaged")
	}
	x.doc.Add(reports.DoctorDatabase, code, status, fix, "%s", text)
	return nil
}

// readable tells whether all that is stored can be read.
func (x *examination) readable(ctx context.Context, store *ingest.Store) (bool, error) {
	damaged, err := store.Damaged(ctx)
	switch {
	case err != nil:
		return false, x.unopened(ctx, err)
	case damaged != "":
		x.failure = x.databaseFailure(ingest.ErrCorrupt)
		x.doc.Add(reports.DoctorDatabase, "database_damaged", reports.FindingProblem, x.instead("damaged"),
			"the file is damaged: table %s can't be read to its end; nothing else was looked at", reports.Clean(damaged))
		return false, nil
	}
	x.doc.Add(reports.DoctorDatabase, "readable", reports.FindingOK, "", "every table can be read to its end")
	return true, nil
}

// versions tells whose and of which make the database is.
func (x *examination) versions(ctx context.Context, store *ingest.Store) error {
	var schema, engine string
	if err := store.DB().QueryRowContext(ctx, `SELECT max(value), version() FROM meta WHERE key = 'schema_version'`).Scan(&schema, &engine); err != nil {
		return x.unopened(ctx, err)
	}
	x.doc.Add(reports.DoctorDatabase, "schema_version", reports.FindingOK, "", "schema version %s, of which this crywolf knows up to %d; opened with DuckDB %s",
		reports.Clean(schema), ingest.SchemaVersion, engine)
	switch {
	case x.isDemo():
		x.doc.Add(reports.DoctorDatabase, "made_by", reports.FindingInfo, "", "made by crywolf demo: a generated account, nobody's history")
	case x.account.Subdomain == "":
		x.doc.Add(reports.DoctorDatabase, "account", reports.FindingInfo, x.syncCommand(), "nothing was synced into it yet")
	default:
		x.doc.Add(reports.DoctorDatabase, "account", reports.FindingOK, "", "account %s", x.account)
	}
	state, err := analysis.DerivationOf(ctx, store.DB())
	if err != nil {
		return x.unopened(ctx, err)
	}
	add := func(status reports.FindingStatus, fix, text string) {
		x.doc.Add(reports.DoctorDatabase, "derived", status, fix, "%s", text)
	}
	anyReport := "crywolf report" + x.dbFlag() + "   (works it in first)"
	switch state {
	case analysis.DerivedCurrent:
		add(reports.FindingOK, "", "the derived tables are of this crywolf and hold all facts")
	case analysis.DerivedBehind:
		add(reports.FindingWatch, anyReport, "the derived tables do not hold all facts: a sync was cut off, or somebody wrote into them")
	case analysis.DerivedOutdated:
		add(reports.FindingWatch, anyReport, "another version of crywolf made the derived tables; they will be made again")
	default:
		add(reports.FindingWatch, anyReport, "there are no derived tables: no sync has finished, or they were dropped")
	}
	return nil
}
