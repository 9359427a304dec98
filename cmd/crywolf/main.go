// Crywolf finds the alerts that cry wolf: it reads a PagerDuty account's history into one DuckDB file and tells
// each rotation how heavy its on-call is and which pages were worth it.
//
// This package is the program's surface: flags, environment, clock, streams and exit codes are touched here and
// nowhere else. It must not compute a number: facts come from ingest, their meaning from analysis, and reports
// dresses them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones are known on machines that have no zone files
)

func main() {
	outliveFileSizeLimit()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
