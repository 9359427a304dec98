package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// coldIncidents is the size of the account that BenchmarkCold asks about.
func coldIncidents(b *testing.B) int {
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

// coldDB gives the path of a derived database of generated facts; in CRYWOLF_BENCH_DIR, where that is set, it stays for the
// next run.
func coldDB(b *testing.B, n int) string {
	b.Helper()
	dir := os.Getenv("CRYWOLF_BENCH_DIR")
	if dir == "" {
		return generatedDB(b, n)
	}
	path := filepath.Join(dir, fmt.Sprintf("incidents-%d.duckdb", n))
	if _, err := os.Stat(path); err != nil {
		if err := os.Rename(generatedDB(b, n), path); err != nil {
			b.Fatal(err)
		}
	}
	return path
}

// BenchmarkCold runs whole commands, each in a process of its own: what a person at a terminal waits for. Beside the time it
// tells the processor time and the peak memory.
func BenchmarkCold(b *testing.B) {
	program := filepath.Join(b.TempDir(), "crywolf")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	db := coldDB(b, coldIncidents(b))
	for _, c := range []struct {
		name string
		args []string
	}{
		{"version", []string{"version"}},
		{"query_rotations", []string{"query", "rotations", "--db", db}},
		{"report_one", []string{"report", "PS00000", "--db", db}},
		{"report_all", []string{"report", "--db", db, "-f", "json"}},
		{"noisy", []string{"noisy", "PS00000", "--db", db}},
		{"audit", []string{"audit", "PS00000", "--db", db}},
	} {
		b.Run(c.name, func(b *testing.B) { runCold(b, program, c.args) })
	}
}

func runCold(b *testing.B, program string, args []string) {
	b.Helper()
	home := b.TempDir()
	var cpu, peak float64
	for b.Loop() {
		cmd := exec.Command(program, args...)
		cmd.Env = []string{"HOME=" + home}
		cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		cpu += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, float64(usage.Maxrss)/1024)
		}
	}
	b.ReportMetric(1000*cpu/float64(b.N), "cpu-ms")
	b.ReportMetric(peak, "peak-RSS-MB")
}
