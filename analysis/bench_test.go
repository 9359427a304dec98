package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// benchFacts fills a database file with n incidents over two years, about six log entries each, 50 rotations and 200
// people in eight zones, by SQL alone: the same tables that sync writes, a thousand times faster.
const benchFacts = `
INSERT INTO users SELECT 'U' || i, 'N' || i,
  ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Tokyo', 'Europe/London', 'America/Los_Angeles', 'Australia/Sydney', 'America/Sao_Paulo'][1 + i % 8],
  false, '{}', NULL FROM range(200) AS t(i);
INSERT INTO schedules SELECT 'S' || i, 'rotation ' || i, 'UTC', 'v2', true, false, '{}', NULL FROM range(50) AS t(i);
INSERT INTO escalation_policies SELECT 'E' || i, 'policy ' || i, false, '{}', NULL FROM range(50) AS t(i);
INSERT INTO escalation_targets SELECT 'E' || i, 1, 1800, 'schedule', 'S' || i FROM range(50) AS t(i);
INSERT INTO services SELECT 'V' || i, 'service ' || i, 'E' || (i % 50), false, '{}', NULL FROM range(500) AS t(i);
INSERT INTO schedule_entries
  SELECT 'S' || s, 'U' || (4 * s + (d % 4)) % 200, TIMESTAMP '2024-01-01' + to_hours(12 * d), TIMESTAMP '2024-01-01' + to_hours(12 * d + 12)
  FROM range(50) AS a(s), range(1460) AS b(d);
CREATE TEMP TABLE made AS
  SELECT i, 'P' || lpad(i::VARCHAR, 9, '0') AS id, i * 7919 % 500 AS v,
         TIMESTAMP '2024-01-01' + to_microseconds((i * (730 * 86400000000 // $n))::BIGINT) AS at_, hash(i) % 1000 AS h
  FROM range($n) AS t(i);
INSERT INTO incidents BY NAME
  SELECT id, i + 1 AS incident_number, 'High latency on node-' || (h % 40) AS title, 'resolved' AS status, 'high' AS urgency,
         'V' || v AS service_id, 'E' || (v % 50) AS escalation_policy_id, at_ AS created_at, at_ AS updated_at,
         at_ + to_seconds(60 + h * h // 20) AS resolved_at, 'escalation_policy' AS assigned_via, 1 AS alert_count,
         id || 't' AS first_trigger_log_entry_id, '{}' AS raw
  FROM made;
INSERT INTO log_entries BY NAME
  SELECT id || k AS id, id AS incident_id,
         ['trigger_log_entry', 'assign_log_entry', 'notify_log_entry', 'notify_log_entry', 'acknowledge_log_entry', 'resolve_log_entry'][p] AS type,
         at_ + to_seconds([0, 0, 5, 180, 300, 60 + h * h // 20][p]) AS created_at,
         CASE WHEN p = 5 THEN 'user' WHEN p = 6 AND h % 3 = 0 THEN 'user' ELSE 'service' END AS agent_type,
         CASE WHEN p = 5 THEN holder END AS agent_id,
         CASE WHEN p IN (1, 6) THEN 'api' ELSE 'auto' END AS channel_type,
         CASE WHEN p IN (3, 4) THEN holder END AS user_id,
         CASE WHEN p = 2 THEN [holder] END AS assignee_ids,
         CASE WHEN p = 3 THEN 'push_notification' WHEN p = 4 THEN 'sms_notification' END AS notification_type,
         CASE WHEN p = 1 THEN '{"channel":{"type":"api","incident_key":"k' || v || '-' || (h % 40) || '"}}' ELSE '{}' END AS raw
  FROM (SELECT *, 'U' || (4 * (v % 50) + (date_diff('hour', TIMESTAMP '2024-01-01', at_) // 12) % 4) % 200 AS holder FROM made),
       (SELECT unnest(['t', 'a', 'n', 'm', 'k', 'r']) AS k, unnest([1, 2, 3, 4, 5, 6]) AS p)
  ORDER BY created_at;
`

// scans touches, in a way that statistics can't answer, the columns each metric reads: what the answer would cost if
// asking cost nothing.
var scans = map[string]string{
	"notified_pairs": `SELECT sum(length(incident_id)) + sum(length(user_id)) + sum(epoch_us(paged_at)::HUGEINT) + sum(length(rotation_id)) + sum(epoch_us(counted_at)::HUGEINT) + sum(epoch_us(paged_local_at)::HUGEINT) + sum(epoch_us(shift_start_at)::HUGEINT) FROM notified_pairs`,
	"notifications":  `SELECT sum(length(incident_id)) + sum(length(user_id)) + sum(epoch_us(notified_at)::HUGEINT) + sum(length(medium)) FROM notifications`,
	"incident_facts": `SELECT sum(length(incident_id)) + sum(epoch_us(created_at)::HUGEINT) + sum(epoch_us(acknowledged_at)::HUGEINT) + sum(epoch_us(resolved_at)::HUGEINT) + sum(length(rule_id)) + sum(length(alert_key)) + sum(length(title)) FROM incident_facts`,
	"log_entries":    `SELECT sum(length(incident_id)) + sum(length(type)) + sum(epoch_us(created_at)::HUGEINT) + sum(length(agent_type)) + sum(length(agent_id)) + sum(len(assignee_ids)) FROM log_entries`,
	"episodes":       `SELECT sum(length(alert_key)) + sum(length(incident_id)) + sum(epoch_us(run_started_at)::HUGEINT) FROM episodes`,
}

// touched are the tables whose scan stands beside each metric; the others read shifts alone, or what page reads.
var touched = map[string][]string{
	"totals": {"notified_pairs", "notifications", "incident_facts"},
	"load":   {"notified_pairs", "notifications"}, "flapping": {"notified_pairs", "episodes"},
	"alerts": {"notified_pairs", "incident_facts", "episodes"}, "verdicts": {"notified_pairs", "incident_facts"},
	"sources": {"notified_pairs", "incident_facts"},
	"classes": {"notified_pairs", "incident_facts"}, "episode_shapes": {"notified_pairs", "episodes"},
	"help": {"notified_pairs", "incident_facts"}, "unworked_rules": {"notified_pairs", "incident_facts"},
	"time_to_acknowledge": {"notified_pairs", "incident_facts"}, "time_to_resolve": {"notified_pairs", "incident_facts"},
	"weeks": {"notified_pairs", "incident_facts"}, "firings": {"notified_pairs", "incident_facts", "episodes"},
	"resolve_histogram": {"notified_pairs", "incident_facts"}, "toil": {"notified_pairs", "incident_facts", "log_entries"},
}

func benchDatabase(b *testing.B, n int) *sql.DB {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	schema, err := os.ReadFile("../ingest/schema.sql")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(string(schema)); err != nil {
		b.Fatal(err)
	}
	facts := strings.ReplaceAll(benchFacts, "$n", fmt.Sprint(n))
	if _, err := db.Exec(facts); err != nil {
		b.Fatal(err)
	}
	return db
}

// BenchmarkReport asks every metric over 1,000,000 incidents, over the whole history and over its last four weeks, and
// prints each beside the bare scan of the columns it touches, measured in the same run.
func BenchmarkReport(b *testing.B) {
	ctx := context.Background()
	db := benchDatabase(b, 1_000_000)
	started := time.Now()
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		b.Fatal(err)
	}
	b.Logf("derive from nothing: %.1f s", time.Since(started).Seconds())
	s, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	history := Period{Since: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	fourWeeks := Period{Since: history.Until.AddDate(0, 0, -28), Until: history.Until}
	for _, m := range s.Metrics() {
		scan := scanTime(b, s, m.Name)
		b.Run(m.Name+"/history", func(b *testing.B) { runMetric(b, s, m.Name, history, scan) })
		b.Run(m.Name+"/4weeks", func(b *testing.B) { runMetric(b, s, m.Name, fourWeeks, scan) })
	}
}

// BenchmarkFingerprint is what a fingerprint adds to a report over 1,000,000 incidents, beside the metric that costs most.
func BenchmarkFingerprint(b *testing.B) {
	ctx := context.Background()
	db := benchDatabase(b, 1_000_000)
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		b.Fatal(err)
	}
	s, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
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

func runMetric(b *testing.B, s *Session, name string, p Period, scan time.Duration) {
	for b.Loop() {
		if _, err := s.Run(context.Background(), name, p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(scan), "x-scan")
}

// scanTime is the best of five bare scans of the tables that a metric touches.
func scanTime(b *testing.B, s *Session, name string) time.Duration {
	b.Helper()
	tables := touched[name]
	if tables == nil {
		tables = []string{"notified_pairs"}
	}
	var best time.Duration
	for range 5 {
		started := time.Now()
		for _, table := range tables {
			var sum any
			if err := s.conn.QueryRowContext(context.Background(), scans[table]).Scan(&sum); err != nil {
				b.Fatal(err)
			}
		}
		if d := time.Since(started); best == 0 || d < best {
			best = d
		}
	}
	return best
}
