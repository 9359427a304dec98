package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"crywolf/analysis"
	"crywolf/ingest"
)

// namedMisuse checks that an error is one of the user's, in words that fit a line.
func namedMisuse(t *testing.T, what string, err error) *failure {
	t.Helper()
	var f *failure
	if !errors.As(err, &f) || f.code != exitMisuse || f.what == "" || f.try == "" {
		t.Fatalf("%q: %v", what, err)
	}
	return f
}

// FuzzTimes reads what people type for a time, a week and a zone: an instant that a report can bear, or misuse.
func FuzzTimes(f *testing.F) {
	for _, text := range []string{"2026-11-16", "2026-11-16T09:00:00Z", "36h", "3mo", "99999mo", "99999w", "yesterday", "Last Week", "03/04/2026", "-3", "2026-W53", "-9999", "0000-W01", "9999-W53", "9999-12-31", "0000-01-01"} {
		f.Add(text, "Europe/Berlin", int64(1795600000))
		f.Add(text, "../../etc/passwd", int64(0))
	}
	f.Fuzz(func(t *testing.T, text, zone string, unix int64) {
		a := &app{flags: globalFlags{tz: zone}}
		location, err := a.location()
		if err != nil {
			namedMisuse(t, zone, err)
			location = time.UTC
		}
		now := time.Unix(1_500_000_000+max(unix, -unix)%1_500_000_000, 0)
		m := moment{now: now, base: now, loc: location}
		if at, err := m.parse("--since", text); err != nil {
			namedMisuse(t, text, err)
		} else if at.Location() != time.UTC || !isWithinReach(at) {
			t.Errorf("%q is %v", text, at)
		}
		since, until, name, err := m.weekOf(text)
		if err != nil {
			namedMisuse(t, text, err)
		} else if days := until.Sub(since).Hours() / 24; days < 6.5 || days > 7.5 || name == "" || !isWithinReach(since) {
			t.Errorf("--week %q is %s, %v to %v", text, name, since, until)
		}
		if end, err := a.labelEnd(text); err != nil {
			namedMisuse(t, text, err)
		} else if !isWithinReach(end) {
			t.Errorf("--until %q is %v", text, end)
		}
	})
}

// FuzzConfig reads any crywolf.yaml. What it refuses, it refuses by file and line; with what it takes, every pattern works in
// the database too.
func FuzzConfig(f *testing.F) {
	f.Add("hours: {sleep: \"22:00-08:00\", business: 08:00-18:00}\nlimits: {pages_per_12h: 2, interrupted_night_ratio: 0.5}\n")
	f.Add("exclusions: {services: [\"a*\"], titles: ['(?i)x', \"'); DROP TABLE users; --\"], urgencies: [low]}\nweek_start: Mon 09:00\n")
	f.Add("evidence_points: {A1: 2, N3: -1e300}\nprivacy: {names: never, min_group: 4}\n")
	f.Add("title_patterns: [{pattern: 'tenant [a-z]+', replace: '<tenant>\\1'}, {pattern: \"it's\", replace: \"\\\"\"}]\n")
	f.Add("a: &a [*a]\n")
	f.Add("limits: {pages_per_12h: .inf, acknowledge_p50_seconds: .nan}\nhours: {sleep: '29:59-24:00'}\n")
	db := derivedDatabase(f)
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := parseConfig("crywolf.yaml", []byte(text))
		if err != nil {
			if f := namedMisuse(t, text, err); !regexp.MustCompile(`^crywolf\.yaml:\d+: .`).MatchString(f.what) {
				t.Errorf("%q: %s", text, f.what)
			}
			return
		}
		s := cfg.settings
		if s.SleepStart == s.SleepEnd || s.BusinessStart >= s.BusinessEnd || s.PagesPer12h < 0 || cfg.minGroup < leastGroup || cfg.week.minute >= 24*60 ||
			!(cfg.limits.AcknowledgeP50Seconds >= 0) || !(cfg.limits.NonActionableRatio <= 1) {
			t.Errorf("%q is taken as %+v", text, cfg)
		}
		for id, points := range s.EvidencePoints {
			if !(points >= -mostPoints && points <= mostPoints) {
				t.Errorf("%q: %s weighs %g", text, id, points)
			}
		}
		ctx := context.Background()
		if len(cfg.titlePatterns) > 0 {
			if err := analysis.Derive(ctx, db, analysis.DeriveOptions{TitlePatterns: cfg.titlePatterns}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		}
		if len(s.Exclusions) > 0 || len(cfg.titlePatterns) > 0 {
			session, err := analysis.Open(ctx, db, s)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			session.Close()
		}
	})
}

// derivedDatabase is a database with an incident in it, for patterns to be tried on.
func derivedDatabase(f *testing.F) *sql.DB {
	f.Helper()
	ctx := context.Background()
	store, err := ingest.Open(ctx, filepath.Join(f.TempDir(), "fuzz.duckdb"), ingest.ReadWrite)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { store.Close() })
	if _, err := store.DB().Exec(`INSERT INTO incidents (id, title, service_id, created_at) VALUES ('P1', 'disk of db01 full', 'V1', '2026-11-03 10:00'); INSERT INTO services (id, name) VALUES ('V1', 'db')`); err != nil {
		f.Fatal(err)
	}
	if err := analysis.Derive(ctx, store.DB(), analysis.DeriveOptions{}); err != nil {
		f.Fatal(err)
	}
	return store.DB()
}

// FuzzLabels reads any file of labels, as the file itself and for --from. What it takes comes back from what it writes, and
// appending to the file keeps each line; what it refuses, it names by its line and without a cell's content.
func FuzzLabels(f *testing.F) {
	f.Add(labelHead + "P1,,,,actionable,,erika,2026-11-20T09:00:00Z,x,\n,V1,nagios,\"a \"\"b\"\"\",non_actionable,hours,,2026-11-20,'=1+1,2027-01-01\n")
	f.Add("label;incident\nnon actionable;P1\n;P2\n")
	f.Add("\ufeff" + labelHead + "\"P1\n\",,,,unknown,,,2026-11-20,\"'''=1\",\n")
	f.Add(labelHead + `P1,,,,actionable,,erika,2026-11-20T09:00:00Z,"""disk\x00""",` + "\n")
	path := filepath.Join(f.TempDir(), labelsName)
	f.Fuzz(func(t *testing.T, text string) {
		for _, defaults := range []*labelDefaults{nil, {author: "somebody", reason: "from x", at: labelledAt}} {
			file, err := parseLabels("x.csv", []byte(text), defaults)
			if err != nil {
				if f := namedMisuse(t, text, err); !regexp.MustCompile(`^x\.csv:\d+: .`).MatchString(f.what) {
					t.Errorf("%q: %s", text, f.what)
				}
				continue
			}
			written, err := labelFile{}.encode(file.rows)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			again, err := parseLabels("x.csv", written, nil)
			if err != nil || len(again.rows) != len(file.rows) {
				t.Fatalf("%q is written as %q: %v", text, written, err)
			}
			for i, row := range file.rows {
				row.At = row.At.Truncate(time.Second) // as it is written
				row.Until = row.Until.Truncate(time.Second)
				if again.rows[i] != row {
					t.Errorf("%q: %+v came back as %+v", text, row, again.rows[i])
				}
			}
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		row := incidentLabel("PNEW", "actionable")
		added, err := appendLabels(path, labelsName, []labelRow{row})
		after, readErr := os.ReadFile(path)
		if readErr != nil || !bytes.HasPrefix(after, []byte(text)) || err != nil && len(after) != len(text) {
			t.Fatalf("%q became %q (%v, %v)", text, after, err, readErr)
		}
		if err != nil || added == 0 {
			return
		}
		file, err := parseLabels("x.csv", after, nil)
		if err != nil || len(file.rows) == 0 || file.rows[len(file.rows)-1].IncidentID != "PNEW" {
			t.Errorf("%q became %q: %v", text, after, err)
		}
	})
}
