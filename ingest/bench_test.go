package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// measured is what a child tells of the sync it ran.
type measured struct {
	Rows, Requests int64
	Budget         int
	Seconds        float64
	PeakHeap       uint64 // bytes of live and dead objects
}

// runMeasured syncs and writes what it took. It runs in a process of its own, without the double's account in it.
func runMeasured(ctx context.Context, st *Store, o Options, out io.Writer) error {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	var m measured
	o.Progress = func(Progress) {
		metrics.Read(sample)
		m.PeakHeap = max(m.PeakHeap, sample[0].Value.Uint64())
	}
	start := time.Now()
	sum, err := Sync(ctx, st, o)
	if err != nil {
		return err
	}
	m.Seconds, m.Requests, m.Budget = time.Since(start).Seconds(), int64(sum.RequestCount), sum.BudgetCount
	for _, n := range sum.Rows {
		m.Rows += n
	}
	return json.NewEncoder(out).Encode(m)
}

// BenchmarkSync reads accounts of 10,000 and 100,000 incidents over HTTP, unthrottled. PagerDuty allows 960
// requests a minute, so a real sync of the larger one is bound to take ten minutes and more.
func BenchmarkSync(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) {
			if n > 10_000 && testing.Short() {
				b.Skip("100,000 incidents take minutes")
			}
			a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Incidents: n})
			srv := serve(b, a)
			b.ResetTimer()
			for range b.N {
				benchOnce(b, srv, a)
			}
		})
	}
}

func benchOnce(b *testing.B, srv *pagerdutytest.Server, a *pagerdutytest.Account) {
	b.Helper()
	cmd := startChild(b, child{DB: filepath.Join(b.TempDir(), "bench.duckdb"), URL: srv.URL, Since: a.Start, Measure: true})
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var m measured
	if err := json.Unmarshal(out, &m); err != nil {
		b.Fatalf("%s: %v", out, err)
	}
	if m.Requests > int64(m.Budget) {
		b.Errorf("%d requests, the bound is %d", m.Requests, m.Budget)
	}
	b.ReportMetric(float64(m.Rows)/m.Seconds, "rows/s")
	b.ReportMetric(float64(m.Requests), "requests")
	b.ReportMetric(float64(m.Requests)/float64(len(a.Incidents))*1000, "requests/1000incidents")
	b.ReportMetric(float64(m.PeakHeap)/(1<<20), "peak-heap-MB")
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		b.ReportMetric(float64(usage.Maxrss)/1024, "peak-RSS-MB")
	}
}
