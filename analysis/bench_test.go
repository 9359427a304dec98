package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// benchIncidents is for how many incidents the benchmarks are: 100,000, or what CRYWOLF_BENCH_INCIDENTS says.
func benchIncidents(b *testing.B) int {
	b.Helper()
	text := os.Getenv("CRYWOLF_BENCH_INCIDENTS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// benchDatabase opens a derived database of generated facts. Where CRYWOLF_BENCH_DIR names a directory it is kept there for
// the next run; delete it when facts or derivation change.
func benchDatabase(b *testing.B, n int) *sql.DB {
	b.Helper()
	dir := os.Getenv("CRYWOLF_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, fmt.Sprintf("incidents-%d.duckdb", n))
	_, err := os.Stat(path)
	isMade := err == nil
	db := openBench(b, path)
	if !isMade {
		fillBench(b, db, n)
		started := time.Now()
		if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
			b.Fatal(err)
		}
		b.Logf("derive from nothing: %.1f s", time.Since(started).Seconds())
		benchExec(b, db, `CHECKPOINT`)
	}
	return db
}

func openBench(b *testing.B, path string) *sql.DB {
	b.Helper()
	db, err := sql.Open("duckdb", path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	return db
}

// fillBench writes the facts of testdata/bench/facts.sql.
func fillBench(b *testing.B, db *sql.DB, n int) {
	b.Helper()
	for _, file := range []string{"../ingest/schema.sql", "../testdata/bench/facts.sql"} {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		benchExec(b, db, fmt.Sprintf(`SET VARIABLE incident_count = %d`, n))
		benchExec(b, db, string(text))
	}
}

func benchExec(b *testing.B, db *sql.DB, query string) {
	b.Helper()
	if _, err := db.Exec(query); err != nil {
		b.Fatal(err)
	}
}

// The generated facts are of two years; a report is about the last four weeks.
var (
	benchHistory = Period{Since: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	benchMonth   = Period{Since: benchHistory.Until.AddDate(0, 0, -28), Until: benchHistory.Until}
)

// BenchmarkDerive makes the derived tables from nothing, and brings them up to date after a sync that found one new incident
// in a thousand.
func BenchmarkDerive(b *testing.B) {
	ctx, n := context.Background(), benchIncidents(b)
	b.Run("all", func(b *testing.B) {
		db := openBench(b, filepath.Join(b.TempDir(), "derive.duckdb"))
		fillBench(b, db, n)
		for b.Loop() {
			benchExec(b, db, `DROP TABLE IF EXISTS derived_state`)
			if err := Derive(ctx, db, DeriveOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "incidents/s")
	})
	b.Run("new", func(b *testing.B) {
		db := benchDatabase(b, n)
		for b.Loop() {
			benchExec(b, db, `INSERT INTO touched_incidents SELECT id FROM incidents WHERE created_at >= TIMESTAMP '2025-12-31' ORDER BY created_at DESC LIMIT 1000`)
			if err := Derive(ctx, db, DeriveOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMetric asks every metric over the whole history and over its last four weeks, and prints each beside the bare
// scan of the columns that it touches, measured in the same run (scan_test.go).
func BenchmarkMetric(b *testing.B) {
	ctx := context.Background()
	db := benchDatabase(b, benchIncidents(b))
	s, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, m := range s.Metrics() {
		scan := bareScanCost(b, s, m, benchHistory)
		b.Run(m.Name+"/history", func(b *testing.B) { runMetric(b, s, m.Name, benchHistory, scan) })
		b.Run(m.Name+"/4weeks", func(b *testing.B) { runMetric(b, s, m.Name, benchMonth, scan) })
	}
}

// BenchmarkOpen is what a session costs before the first question.
func BenchmarkOpen(b *testing.B) {
	db := benchDatabase(b, benchIncidents(b))
	for b.Loop() {
		s, err := Open(context.Background(), db, DefaultSettings())
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFingerprint is what a fingerprint adds to a report beside the metric that costs most.
func BenchmarkFingerprint(b *testing.B) {
	ctx := context.Background()
	db := benchDatabase(b, benchIncidents(b))
	s, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	until := benchHistory.Until
	for _, weeks := range []int{4, 8, 13} {
		p := Period{Since: until.AddDate(0, 0, -7*weeks), Until: until}
		b.Run(fmt.Sprintf("%dweeks", weeks), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Fingerprint(ctx, p, "devel", nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("noisy/%dweeks", weeks), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Run(ctx, "noisy", p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("content", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.ContentIntact(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// cost is what something took, by the clock and of the processors: the latter means something on a shared machine too.
type cost struct{ wall, processor time.Duration }

// leastCost runs ask some times and gives the least of each.
func leastCost(tb testing.TB, times int, ask func() error) cost {
	tb.Helper()
	least := cost{time.Hour, time.Hour}
	for range times {
		before, started := processorTime(tb), time.Now()
		if err := ask(); err != nil {
			tb.Fatal(err)
		}
		least = cost{min(least.wall, time.Since(started)), min(least.processor, processorTime(tb)-before)}
	}
	return least
}

func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func runMetric(b *testing.B, s *Session, name string, p Period, scan cost) {
	least := cost{time.Hour, time.Hour}
	for b.Loop() {
		once := leastCost(b, 1, func() error {
			_, err := s.Run(context.Background(), name, p)
			return err
		})
		least = cost{min(least.wall, once.wall), min(least.processor, once.processor)}
	}
	b.ReportMetric(float64(scan.processor.Microseconds())/1000, "scan-cpu-ms")
	b.ReportMetric(float64(least.processor)/float64(scan.processor), "x-scan-cpu")
	b.ReportMetric(float64(least.wall)/float64(scan.wall), "x-scan")
}
