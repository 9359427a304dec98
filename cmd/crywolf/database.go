package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

// reader is a database opened for questions.
type reader struct {
	path    string
	store   *ingest.Store
	session *analysis.Session
	account ingest.Account
	config  config
}

func (r *reader) isDemo() bool { return r.account.MadeBy == "demo" }

func (r *reader) close() {
	if r.session != nil {
		r.session.Close() // read-only: there is nothing that closing could lose
	}
	r.store.Close()
}

// openReader opens the database for reading, under the configuration and with the labels of their file. With --wait it
// waits while a sync writes.
func (a *app) openReader(ctx context.Context) (*reader, error) {
	cfg, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	if cfg.settings.Labels, err = a.readLabels(cfg); err != nil {
		return nil, err
	}
	if cfg.settings.Classes, err = a.readClasses(cfg); err != nil {
		return nil, err
	}
	path, err := a.databasePath()
	if err != nil {
		return nil, err
	}
	store, err := a.openDerived(ctx, path, cfg)
	if err != nil {
		return nil, err
	}
	r := &reader{path: path, store: store, config: cfg}
	if r.account, err = store.Account(ctx); err == nil {
		r.session, err = analysis.Open(ctx, store.DB(), cfg.settings)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// openDerived opens the database for reading. Where a sync was cut off after it had stored facts that no number has
// in it yet, or an older crywolf worked them in by other rules, it first works them in: that needs no PagerDuty, only
// the right to write the file.
func (a *app) openDerived(ctx context.Context, path string, cfg config) (*ingest.Store, error) {
	store, err := a.openStore(ctx, path, ingest.ReadOnly)
	if err != nil {
		return nil, err
	}
	derived, err := analysis.IsDerived(ctx, store.DB())
	if derived {
		return store, nil
	}
	store.Close() // read-only: there is nothing that closing could lose
	if err != nil {
		return nil, err
	}
	a.say("working in what the last sync stored")
	if err := a.workIn(ctx, path, cfg); errors.Is(err, ingest.ErrLakeReadOnly) {
		return nil, &failure{code: exitFailed, cause: err, what: a.shown(path) + " was exported by another version of crywolf",
			why: []string{"Its derived tables follow other rules, and a lake is only read."}, try: "crywolf export --to parquet DIR, from the database"}
	} else if errors.Is(err, ingest.ErrReadOnly) {
		shown := a.shown(path)
		return nil, &failure{code: exitFailed, cause: err, what: shown + " can't be written to",
			why: []string{"A sync was cut off before what it stored was worked into the numbers; that is done now, in the file."},
			try: "a copy of the file elsewhere:  cp " + quoted(shown) + " copy.duckdb, then --db copy.duckdb"}
	} else if err != nil {
		return nil, err
	}
	return a.openStore(ctx, path, ingest.ReadOnly)
}

// workIn brings the derived tables of a database up to its facts.
func (a *app) workIn(ctx context.Context, path string, cfg config) error {
	store, err := a.openStore(ctx, path, ingest.ReadWrite)
	if err != nil {
		return err
	}
	err = derive(ctx, store, cfg)
	return errors.Join(err, store.Close())
}

// derive brings the derived tables up to the facts, and lets readers see them.
func derive(ctx context.Context, store *ingest.Store, cfg config) error {
	if err := analysis.Derive(ctx, store.DB(), analysis.DeriveOptions{TitlePatterns: cfg.titlePatterns}); err != nil {
		return err
	}
	return store.Publish(ctx)
}

// lockPoll is how often --wait looks whether the database is free.
const lockPoll = 200 * time.Millisecond

func (a *app) openStore(ctx context.Context, path string, mode ingest.Mode) (*ingest.Store, error) {
	for told := false; ; told = true {
		store, err := ingest.Open(ctx, path, mode, a.database.boot...)
		var locked *ingest.LockedError
		if !errors.As(err, &locked) || !a.flags.wait {
			return store, err
		}
		if !told {
			a.say("waiting for %s", lockHolder(locked))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockPoll):
		}
	}
}

// lockHolder says who has the database.
func lockHolder(locked *ingest.LockedError) string {
	if !locked.Writer {
		return fmt.Sprintf("process %d, which has the database open", locked.PID)
	}
	text := "a process"
	if locked.Host != "" {
		text += " on " + reports.Clean(locked.Host)
	}
	text += " that writes into the database"
	if !locked.Since.IsZero() {
		text += " since " + locked.Since.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return text
}

// databaseFailure puts the errors of opening, reading and writing a database into the user's words.
func (a *app) databaseFailure(err error) *failure {
	path, _ := a.databasePath() // without one, opening had failed in other words
	path = a.shown(path)
	err = ingest.Classify(err) // damage shows when a block is read, a full disk when an answer spills
	f := &failure{code: exitFailed, cause: err}
	var newer ingest.ErrNewer
	var locked *ingest.LockedError
	var boot *ingest.BootError
	var dsn *ingest.DSNError
	switch {
	case errors.As(err, &boot):
		return a.bootFailure(boot)
	case errors.As(err, &dsn):
		return misuse(dsn.Error(), dsn.Try)
	case errors.As(err, &locked):
		f.what = "another crywolf is using the database"
		if locked.PID > 0 {
			f.what += fmt.Sprintf(" (process %d)", locked.PID)
		}
		f.why, f.try = []string{"While a sync writes, nothing else can read; nothing is lost."}, "the same command with --wait"
		if locked.Writer {
			f.what = "another crywolf is writing into " + path
			f.why = []string{"It is " + lockHolder(locked) + ".", "One at a time writes; reports go on, over what the last whole sync left."}
		}
	case errors.As(err, &newer):
		f.what = fmt.Sprintf("%s was written by a newer crywolf (version %d; this one knows %d)", path, newer.Found, newer.Known)
		f.why, f.try = []string{"Nothing was changed."}, "a newer crywolf, or another database with --db FILE"
	case errors.Is(err, ingest.ErrNoLake), errors.Is(err, ingest.ErrLakeReadOnly), errors.Is(err, ingest.ErrTornLake), errors.Is(err, ingest.ErrNotALake):
		return lakeFailure(f, path)
	case errors.Is(err, ingest.ErrExtension), errors.Is(err, ingest.ErrUnreachable), errors.Is(err, ingest.ErrRefused):
		return a.serverFailure(f, path)
	case errors.Is(err, ingest.ErrNoDatabase):
		f.what = "there is no database at " + path
		f.why, f.try = []string{"Without a PagerDuty account:  crywolf demo"}, "crywolf sync"+a.dbFlag()
	case errors.Is(err, analysis.ErrNotDerived):
		f.what = path + " holds nothing to report on yet"
		f.why, f.try = []string{"No sync into it has finished, or an older crywolf made it."}, "crywolf sync"+a.dbFlag()
	case errors.Is(err, ingest.ErrCorrupt):
		f.what = path + " is damaged, or is no DuckDB file"
		f.why = []string{"All in it can be read again from PagerDuty: move it away, and sync.", "    mv " + path + " " + path + ".damaged"}
		f.try = "crywolf sync" + a.dbFlag()
	case errors.Is(err, ingest.ErrNotOurs):
		f.what = path + " is a DuckDB database that crywolf did not make"
		f.why, f.try = []string{"Nothing was changed."}, "--db with another file"
	case errors.Is(err, ingest.ErrDiskFull):
		f.what = "the disk of " + path + " is full"
		f.why, f.try = []string{"What was stored before is kept; make room, and the next sync goes on from there."}, "crywolf sync"+a.dbFlag()
	case errors.Is(err, ingest.ErrReadOnly):
		f.what = path + " can't be written to"
		f.try = "--db FILE in a directory of yours"
	default:
		return nil
	}
	return f
}

// dbFlag repeats --db in a command that is offered.
func (a *app) dbFlag() string {
	if a.flags.db == "" {
		return ""
	}
	path := a.shown(a.flags.db)
	if quoted(path) != path && ingest.IsFile(a.flags.db) {
		path = a.flags.db // a shell does not expand ~ inside quotes
	}
	path = quoted(path)
	return " --db " + path
}

// quoted makes a word safe to paste into a shell.
func quoted(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\n'\"\\$`!*?[](){}<>|&;#") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
