package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/term"

	"crywolf/ingest"
	"crywolf/reports"
)

// The voice of stderr. Every line that does not continue one begins with "crywolf: ", is lower case and has no
// full stop. say tells what goes on and is silent with -q; warn tells what the user must know and is not; fail
// ends a command in at most five lines: what happened, why if known, and last the one command to try. Nothing
// of a record's content, no name and never the token goes through here. Results go to stdout, by write, only.

func (a *app) say(format string, args ...any) {
	if !a.flags.quiet {
		a.warn(format, args...)
	}
}

func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.stderr, "crywolf: %s\n", reports.Clean(a.withoutSecrets(fmt.Sprintf(format, args...))))
}

func (a *app) fail(f *failure) {
	a.warn("%s", f.what)
	for _, line := range f.why {
		fmt.Fprintf(a.stderr, "    %s\n", reports.Clean(a.withoutSecrets(line)))
	}
	if f.try != "" {
		fmt.Fprintf(a.stderr, "    Try:  %s\n", visible(a.withoutSecrets(f.try)))
	}
	if a.flags.debug && f.cause != nil {
		fmt.Fprintf(a.stderr, "crywolf: debug: %s\n", printable(a.withoutSecrets(strings.TrimSpace(f.cause.Error()))))
	}
}

// withoutSecrets takes the passwords and keys of the database's DSN and of the boot SQL out of a text: DuckDB repeats
// them in its complaints.
func (a *app) withoutSecrets(text string) string {
	return ingest.WithoutSecrets(text, append([]string{a.flags.db, a.database.dsn}, a.database.boot...)...)
}

// printable keeps the lines of a text and what a terminal would not obey.
func printable(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		text := strings.TrimLeft(line, " ") // what points at a place in the line above stays there
		lines[i] = line[:len(line)-len(text)] + reports.Clean(text)
	}
	return strings.Join(lines, "\n")
}

// visible is reports.Clean where that has something to take out; spaces that mean something stay otherwise.
func visible(line string) string {
	if clean := reports.Clean(line); clean != strings.Join(strings.Fields(line), " ") {
		return clean
	}
	return line
}

// crash tells of a panic: a fault of ours. The stack is for --debug.
func (a *app) crash(fault any) int {
	f := &failure{code: exitFailed, what: fmt.Sprintf("internal error: %v", fault),
		why: []string{"This is a fault of crywolf, not of your data."}, try: "the same command with --debug, and report what it prints"}
	a.fail(f)
	if a.flags.debug {
		a.stderr.Write(debug.Stack())
	}
	return f.code
}

// colour is the only place that decides whether w gets colour.
func (a *app) colour(w io.Writer) bool {
	switch a.flags.color {
	case "always":
		return true
	case "never":
		return false
	}
	if a.env["NO_COLOR"] != "" || a.env["TERM"] == "dumb" {
		return false
	}
	if force := a.env["CLICOLOR_FORCE"]; force != "" && force != "0" {
		return true
	}
	return isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
