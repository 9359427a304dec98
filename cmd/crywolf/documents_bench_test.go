package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/ingest"
)

// grown copies every record of one table so many times, each time under ids of its own.
const grown = `INSERT INTO %[1]s SELECT * EXCLUDE (copy_) REPLACE (%[2]s) FROM %[1]s, range(1, %[3]d) AS t(copy_)`

// copied are the tables that grow, and what of them is an id.
var copied = map[string][]string{
	"users": {"id"}, "services": {"id", "escalation_policy_id"}, "integrations": {"id", "service_id"}, "escalation_policies": {"id"},
	"escalation_targets": {"escalation_policy_id", "target_id"}, "schedules": {"id"}, "schedule_entries": {"schedule_id", "user_id"},
	"schedule_overrides": {"schedule_id", "user_id"}, "incidents": {"id", "service_id", "escalation_policy_id", "first_trigger_log_entry_id", "merged_into_id"},
	"log_entries": {"id", "incident_id", "agent_id", "user_id", "escalation_policy_id", "service_id", "assignee_ids"},
	"alerts":      {"id", "incident_id", "service_id", "integration_id"},
}

// growDemo makes a database of 51 rotations from the demo's, and returns its path.
func growDemo(b *testing.B, copies int) string {
	b.Helper()
	content, err := demoDB()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "grown.duckdb")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	store, err := ingest.Open(ctx, path, ingest.ReadWrite)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	for table, ids := range copied {
		var fresh []string
		for _, id := range ids {
			value := id + " || 'C' || copy_"
			if strings.HasSuffix(id, "_ids") {
				value = "list_transform(" + id + ", lambda x: x || 'C' || copy_)"
			}
			fresh = append(fresh, value+" AS "+id)
		}
		if _, err := store.DB().ExecContext(ctx, fmt.Sprintf(grown, table, strings.Join(fresh, ", "), copies)); err != nil {
			b.Fatalf("%s: %v", table, err)
		}
	}
	if _, err := store.DB().ExecContext(ctx, `INSERT INTO touched_incidents SELECT id FROM incidents`); err != nil {
		b.Fatal(err)
	}
	if err := analysis.Derive(ctx, store.DB(), analysis.DeriveOptions{}); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkDocuments writes each document over 13 weeks from a cold process' state, for one rotation of three and for all
// of 51, and tells its size. With -v it names the sizes of a site's pages.
func BenchmarkDocuments(b *testing.B) {
	for _, size := range []struct {
		name   string
		copies int
		one    []string
	}{{"one_rotation", 1, []string{"payments-primary"}}, {"51_rotations", 17, nil}} {
		db := growDemo(b, size.copies)
		for _, format := range []string{"json", "csv", "txt", "md", "html", "site/"} {
			for _, command := range []string{"report", "noisy", "audit"} {
				if command != "report" && format == "site/" {
					continue
				}
				b.Run(size.name+"/"+command+"/"+strings.TrimSuffix(format, "/"), func(b *testing.B) { writeDocument(b, db, command, format, size.one) })
			}
		}
	}
}

func writeDocument(b *testing.B, db, command, format string, rotations []string) {
	dir := b.TempDir()
	out := filepath.Join(dir, "document."+format)
	if format == "site/" {
		out = dir + "/site/"
	}
	args := append([]string{command}, rotations...)
	args = append(args, "--db", db, "--since", "13w", "-o", out, "--quiet")
	for b.Loop() {
		if code := run(context.Background(), args, []string{"HOME=" + dir}, strings.NewReader(""), io.Discard, os.Stderr); code != exitOK {
			b.Fatalf("ended with code %d", code)
		}
	}
	total, files := 0, 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && strings.Contains(path, strings.TrimSuffix(filepath.Base(out), "/")) {
			total, files = total+int(info.Size()), files+1
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(total), "bytes")
	b.ReportMetric(float64(files), "files")
}
