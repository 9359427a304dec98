package analysis

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crywolf/queries"
)

// Fingerprint tells two answers apart that rest on different data, settings, definitions or versions of crywolf. It finds
// changes; it is no proof against somebody who makes data up to fit it.
type Fingerprint struct {
	Data        string // SHA-256 of what the ledger covers, of the tables' contents and, once more, of the period's rows
	Settings    string // SHA-256 of the settings that differ from definitions.md, labels among them
	Definitions string // SHA-256 of all SQL that derives, defines and asks
	Version     string // of crywolf
	Sum         string // SHA-256 of the four
}

// Fingerprint works out what an answer over a period rests on. More are settings that only the caller knows, a line each.
func (s *Session) Fingerprint(ctx context.Context, p Period, version string, more []string) (Fingerprint, error) {
	f := Fingerprint{Definitions: definitionsSum(), Settings: hashOfLines(append(s.settings.lines(), more...)), Version: version}
	lines, err := s.dataLines(ctx, p)
	if err != nil {
		return f, fmt.Errorf("fingerprint the data: %w", err)
	}
	f.Data = hashOfLines(lines)
	f.Sum = hashOfLines([]string{f.Data, f.Settings, f.Definitions, f.Version})
	return f, nil
}

// hashOfLines is the SHA-256 (hex) of lines, in which no line can pass for two.
func hashOfLines(lines []string) string {
	sum := sha256.New()
	for _, line := range lines {
		fmt.Fprintf(sum, "%d:%s\n", len(line), line)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// dataLines are what the data part is made of.
func (s *Session) dataLines(ctx context.Context, p Period) ([]string, error) {
	lines, err := s.coverageLines(ctx)
	if err != nil {
		return nil, err
	}
	doubts, err := s.doubtLines(ctx)
	if err != nil {
		return nil, err
	}
	lines = append(lines, doubts...)
	state, err := derivedState(ctx, s.conn)
	if err != nil {
		return nil, err
	}
	for key, value := range state {
		lines = append(lines, "derived "+key+" "+value)
	}
	tables, err := s.tableLines(ctx, p)
	if err != nil {
		return nil, err
	}
	lines = append(lines, tables...)
	slices.Sort(lines)
	return lines, nil
}

// fingerprintedTable is a table whose rows count in a fingerprint: all of a small one, of a long one those of the period.
// How many rows it has always counts.
type fingerprintedTable struct {
	name, clock string // clock: the column that puts a row into a period; "" for a small table
}

// fingerprinted are the tables that an answer is made from, each with all columns but the records themselves and what was fetched when. What is
// derived from rows outside the period counts by the contents that Derive summed up.
var fingerprinted = []fingerprintedTable{
	{name: "users"}, {name: "teams"}, {name: "priorities"}, {name: "services"}, {name: "integrations"}, {name: "escalation_policies"},
	{name: "escalation_targets"}, {name: "schedules"}, {name: "schedule_overrides"}, {name: "maintenance_windows"}, {name: "shifts"},
	{"schedule_entries", "start_at"}, {"incidents", "created_at"}, {"log_entries", "created_at"}, {"alerts", "created_at"},
	{"change_events", "changed_at"}, {"unreadable_records", "since_at"}, {"notifications", "notified_at"}, {"notified_pairs", "paged_at"},
	{"incident_facts", "created_at"}, {"episodes", "started_at"},
}

// notCounted are columns that no number is made from: people's names, which a lake leaves out.
var notCounted = map[string]string{"users": `'name', `}

// tableLines count each table's rows and sum up the hashes of those that count whole, in one statement.
func (s *Session) tableLines(ctx context.Context, p Period) ([]string, error) {
	var parts []string
	for _, table := range fingerprinted {
		where := ""
		if table.clock != "" {
			where = " WHERE " + table.clock + " >= $since AND " + table.clock + " < $until"
		}
		parts = append(parts, `SELECT concat_ws(' ', 'table', '`+table.name+`', (SELECT count(*) FROM `+table.name+`), coalesce(sum(hash(t)), 0))
			FROM (SELECT COLUMNS(lambda c: c NOT IN (`+notCounted[table.name]+`'raw', 'fetched_at')) FROM `+table.name+where+`) AS t`)
	}
	lines, err := readStrings(ctx, s.conn, strings.Join(parts, " UNION ALL "), sql.Named("since", p.Since.UTC()), sql.Named("until", p.Until.UTC()))
	if err != nil {
		return nil, fmt.Errorf("sum up the tables: %w", err)
	}
	return lines, nil
}

// coverageLines are the times that the ledger says were read whole or lost, of each kind; in how many windows and requests
// that was done makes no difference.
func (s *Session) coverageLines(ctx context.Context) ([]string, error) {
	rows, err := s.conn.QueryContext(ctx, `SELECT kind, scope, state, since_at, until_at FROM ledger
		WHERE since_at < until_at AND state IN ('whole', 'truncated') ORDER BY ALL`)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	defer rows.Close()
	spans := map[string][]Period{}
	for rows.Next() {
		var kind, scope, state string
		var p Period
		if err := rows.Scan(&kind, &scope, &state, &p.Since, &p.Until); err != nil {
			return nil, fmt.Errorf("read the ledger: %w", err)
		}
		key := strings.Join([]string{kind, scope, state}, " ")
		spans[key] = append(spans[key], p)
	}
	var lines []string
	for key, list := range spans {
		for _, p := range joined(list) {
			lines = append(lines, fmt.Sprintf("ledger %s %s %s", key, p.Since.UTC().Format(time.RFC3339Nano), p.Until.UTC().Format(time.RFC3339Nano)))
		}
	}
	return lines, rows.Err()
}

// doubtLines are what else the certificate speaks of: notes of syncs, one that was cut off, what was refused or not read
// to its end. The newest word on a kind counts.
func (s *Session) doubtLines(ctx context.Context) ([]string, error) {
	lines, err := readStrings(ctx, s.conn, `
		SELECT DISTINCT concat_ws(' ', 'note', code, kind, detail) FROM sync_notes
		UNION ALL SELECT 'unfinished ' || value FROM meta WHERE key = 'sync_unfinished_until'
		UNION ALL SELECT concat_ws(' ', 'last', kind, arg_max(state, window_id)) FROM ledger WHERE scope = '' GROUP BY kind
		UNION ALL SELECT DISTINCT concat_ws(' ', 'window', kind, scope, state, since_at, until_at) FROM ledger WHERE state NOT IN ('whole', 'truncated')`)
	if err != nil {
		return nil, fmt.Errorf("read what is doubtful: %w", err)
	}
	return lines, nil
}

// lines are the settings that differ from definitions.md, and whatever else a person put in: labels and classes.
func (s Settings) lines() []string {
	lines := s.Differences()
	for _, x := range s.Exclusions {
		lines = append(lines, fmt.Sprintf("exclude %s %q", x.Kind, x.Pattern))
	}
	for _, c := range s.Classes {
		lines = append(lines, fmt.Sprintf("class %s %q", c.Class, c.Pattern))
	}
	for _, l := range s.Labels {
		lines = append(lines, fmt.Sprintf("label %q %q %q %q %q %q %s %s", l.IncidentID, l.RuleID, l.Label, l.Cause, l.Author, l.Reason,
			strconv.FormatInt(l.At.UnixMicro(), 10), strconv.FormatInt(l.Until.UnixMicro(), 10)))
	}
	return lines
}

// definitionsSum is the SHA-256 of every SQL file and table that gives a number its meaning.
var definitionsSum = sync.OnceValue(func() string {
	return sumOfFiles([]string{sourceToolsText, railsZonesText, string(alertClassesText)}, viewFiles, deriveFiles, queries.Files)
})

// sumOfFiles is the SHA-256 (hex) of texts and of all files of the file systems, with their names.
func sumOfFiles(texts []string, files ...fs.FS) string {
	lines := slices.Clone(texts)
	for _, f := range files {
		err := fs.WalkDir(f, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(f, path)
			lines = append(lines, path, string(text))
			return err
		})
		if err != nil {
			panic(err) // embedded files are there or the program does not build
		}
	}
	return hashOfLines(lines)
}
