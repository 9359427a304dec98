package main

import (
	"context"
	"errors"
	"strings"

	"crywolf/ingest"
)

// The exit codes, the same for every format. Findings alone never fail a command.
const (
	exitOK          = 0   // it ran
	exitFailed      = 1   // it could not: no, corrupt, newer or locked database, full disk, PagerDuty out of reach
	exitMisuse      = 2   // the command line, the configuration or the account is not one it can work with
	exitLimit       = 3   // it ran, and a limit named by --fail-on is broken
	exitAuth        = 4   // no token, or PagerDuty refused it
	exitGap         = 5   // the period has a gap in incidents or log entries, and --allow-partial was not given
	exitInterrupted = 130 // Ctrl-C
)

// failure is an error in the user's words: what happened, why if known, and the one command to try.
type failure struct {
	code  int
	what  string   // lower case, no full stop
	why   []string // at most three lines
	try   string   // a command, or what to write instead
	cause error    // shown with --debug only, unless what says it
}

func (f *failure) Error() string { return f.what }
func (f *failure) Unwrap() error { return f.cause }

func misuse(what, try string, why ...string) *failure {
	return &failure{code: exitMisuse, what: what, why: why, try: try}
}

// errOverLimit ends a command whose result was printed and that was asked to fail on a broken limit.
var errOverLimit = errors.New("a limit is broken")

// asFailure puts any error into the user's words. Errors of the database and of PagerDuty, which every command
// meets in the same way, are told here; what only one command meets, it tells itself.
func (a *app) asFailure(ctx context.Context, err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case ctx.Err() != nil, errors.Is(err, ingest.ErrInterrupted), errors.Is(err, context.Canceled):
		return &failure{code: exitInterrupted, what: "interrupted; what was stored is kept", cause: err}
	}
	if f := a.databaseFailure(err); f != nil {
		return f
	}
	if f := a.pagerDutyFailure(err); f != nil {
		return f
	}
	return &failure{code: exitFailed, what: firstLine(err.Error()), cause: err}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
