package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"crywolf/ingest/pagerdutytest"
)

// drives is what a terminal would obey, in a text from PagerDuty: it renames the window, clears the screen, moves the
// cursor, rings, turns the direction of text, answers on the keyboard, and ends a line.
const drives = "\x1b]0;owned\x07\x1b[2J\x1b[6n\u009b2J\u0090q\u009c\b\r\x7f\u202e\u2066\n\t\v\u2028"

// poisoned syncs a small account and then puts drives, and what a spreadsheet would run, into the texts of its database.
// Ids can't hold such characters; of the words that mean something, such as types, some rows' are left as they are.
func poisoned(t *testing.T) *truthProgram {
	t.Helper()
	account := pagerdutytest.Random(3)
	makeHostile(account)
	p := truthServe(t, account, truthPeriod{account.Start, account.End}, "all")
	db, err := sql.Open("duckdb", p.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type = 'VARCHAR'
		AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT internal)
		AND table_name NOT IN ('meta', 'ledger', 'pseudonyms', 'derived_state', 'alert_reads', 'zone_names', 'zone_offsets')
		AND column_name NOT IN ('id', 'raw') AND column_name NOT LIKE '%_id' ORDER BY ALL`)
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{`DELETE FROM derived_state`} // worked in anew at the next question
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		where := " WHERE hash(rowid) % 4 = 0"
		if slices.Contains([]string{"name", "title", "alert_key", "vendor"}, column) {
			where = ""
		}
		statements = append(statements, fmt.Sprintf(`UPDATE %s SET %s = '=1+1' || %s || %s%s`, table, column, quotedSQL(drives), column, where))
	}
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	return p
}

func quotedSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (p *truthProgram) database() string { return filepath.Join(p.directory, "truth.duckdb") }

// colours are what the program itself tells a terminal, with --color always.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// obeyed finds what a terminal would obey in an output.
func obeyed(output string) string {
	for i, c := range output {
		if c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029' || c == unicode.ReplacementChar {
			return fmt.Sprintf("%q in %q", c, output[max(0, i-60):min(len(output), i+60)])
		}
	}
	return ""
}

// TestTextsDriveNoTerminal runs every command that shows an account, or an error about it.
func TestTextsDriveNoTerminal(t *testing.T) {
	p := poisoned(t)
	crywolf := func(args ...string) (string, string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		env := []string{"HOME=" + p.directory, "XDG_CONFIG_HOME=" + p.directory, "USER=" + drives}
		args = append(args, "--db", p.database(), "--config", filepath.Join(p.directory, "crywolf.yaml"))
		code := run(context.Background(), args, env, strings.NewReader(""), &stdout, &stderr)
		if code == exitFailed {
			t.Errorf("crywolf %q failed: %s", args, stderr.String())
		}
		for name, text := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String()} {
			if found := obeyed(colours.ReplaceAllString(text, "")); found != "" {
				t.Errorf("crywolf %.60q, %s: %s", args[:min(len(args), 4)], name, found)
			}
		}
		return stdout.String(), stderr.String()
	}
	if err := os.WriteFile(filepath.Join(p.directory, "crywolf.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	since := p.account.Start.Format(time.RFC3339)
	incident := p.account.Incidents[len(p.account.Incidents)/2].ID
	alerts, _ := crywolf("query", "alerts", "--since", since, "-f", "json")
	var listed struct{ Rows []map[string]any }
	if err := json.Unmarshal([]byte(alerts), &listed); err != nil || len(listed.Rows) == 0 {
		t.Fatalf("%v: %s", err, alerts)
	}
	rule := fmt.Sprint(listed.Rows[0]["rule_id"])
	shared, every := filepath.Join(p.directory, "shared.html"), []string{"-o", "-"}
	for _, ending := range []string{"md", "html", "json", "csv"} {
		every = append(every, "-o", filepath.Join(p.directory, "out."+ending))
	}
	for _, args := range [][]string{
		{"report", "--since", since, "--wide", "--names", "--color", "always", "--allow-partial"}, {"noisy", "--since", since, "--wide", "--min-pages", "1"},
		{"audit", "--since", since, "--wide", "--color", "always"}, {"explain", incident}, {"explain", rule, "--since", since},
	} {
		crywolf(append(args, every...)...)
		for _, ending := range []string{"md", "html", "json", "csv"} {
			name := filepath.Join(p.directory, "out."+ending)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatalf("%q: %v", args, err)
			}
			if found := obeyed(string(text)); found != "" {
				t.Errorf("crywolf %q as %s: %s", args, ending, found)
			}
			switch ending {
			case "csv":
				noFormulas(t, args[0], text)
			case "md":
				plainMarkdown(t, args[0], text)
			case "html":
				idleHTML(t, args[0], text)
			}
		}
	}
	for _, args := range [][]string{
		{"audit", "--since", since, "--share", shared, "--allow-partial"}, {"audit", "--open", shared, "--wide"}, {"audit", "--questions", p.account.Schedules[0].ID},
		{"label", incident, "actionable", "--reason", "=1+1" + drives}, {"label", rule, "actionable", "--reason", "=1+1" + drives}, {"label"},
		{"label", "--sample", "9", "-f", "table", "--since", since}, {"label", drives, "actionable", "--reason", "x"}, {"label", "--from", drives},
		{"report", drives}, {"explain", drives}, {"explain", "page" + drives}, {"query", drives}, {"query", "SELECT '" + drives}, {"--" + drives}, {drives},
		{"query", "SELECT " + quotedSQL(drives) + " AS \"" + drives + "\"", "-f", "json"}, {"__complete", "report", ""}, {"__complete", "audit", "="},
		{"report", "-o", drives + ".pdf"}, {"report", "--since", drives}, {"report", "--tz", drives}, {"report", "--week", drives}, {"report", "-f", drives},
		{"schema", drives}, {"completion", drives}, {"noisy", "--recommendation", drives},
	} {
		crywolf(args...)
	}
	for _, args := range [][]string{{"label", "--sample", "9", "--since", since}, {"label", "-f", "csv"}} {
		text, _ := crywolf(args...)
		noFormulas(t, fmt.Sprint(args), []byte(text))
	}
	labels, err := os.ReadFile(filepath.Join(p.directory, labelsName))
	if err != nil || obeyed(string(labels)) != "" {
		t.Errorf("the labels are %q (%v)", labels, err)
	}
	noFormulas(t, labelsName, labels)
	p.everyQuestionIsHarmless(t)
}

// TestAnswersDriveNoTerminal: what a server, or a proxy before it, says in an error is told with --debug.
func TestAnswersDriveNoTerminal(t *testing.T) {
	message, err := json.Marshal(map[string]any{"error": map[string]any{"message": drives, "code": 2001, "errors": []string{drives, "u+theTokenItself"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{200, 302, 400, 401, 402, 403, 404, 500} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json; x=\u009b2J")
			w.Header().Set("Location", "https://example.org/u+theTokenItself")
			w.WriteHeader(status)
			_, _ = w.Write(message) // the client may have gone
		}))
		for _, args := range [][]string{{"sync", "--debug"}, {"sync", "--estimate", "--debug"}} {
			var stdout, stderr bytes.Buffer
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			if status == 200 || status == 500 { // which are asked again for minutes
				time.AfterFunc(200*time.Millisecond, cancel)
			}
			code := run(ctx, append(args, "--db", filepath.Join(dir, "x.duckdb"), "--api-url", server.URL), []string{"HOME=" + dir, "PAGERDUTY_TOKEN=u+theTokenItself"},
				strings.NewReader(""), &stdout, &stderr)
			cancel()
			if found := obeyed(stdout.String() + stderr.String()); found != "" || code == exitOK {
				t.Errorf("after %d, %q ends with %d: %s", status, args, code, found)
			}
			if strings.Contains(stdout.String()+stderr.String(), "theTokenItself") {
				t.Errorf("after %d, %q shows the token: %s", status, args, stderr.String())
			}
		}
		server.Close()
	}
}

// everyQuestionIsHarmless asks every metric, and for all columns of every table, in every format.
func (p *truthProgram) everyQuestionIsHarmless(t *testing.T) {
	t.Helper()
	a := &app{env: map[string]string{"HOME": p.directory, "XDG_CONFIG_HOME": p.directory}, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard,
		now: time.Now(), flags: globalFlags{db: p.database(), tz: "UTC", config: filepath.Join(p.directory, "crywolf.yaml")}}
	ctx := context.Background()
	r, period, err := a.openFor(ctx, periodFlags{since: p.account.Start.Format(time.RFC3339)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	var questions []string
	for _, m := range r.session.Metrics() {
		questions = append(questions, m.Name)
	}
	tables, err := r.session.RunSQL(ctx, `SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1`, period.Period)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tables.Rows {
		questions = append(questions, fmt.Sprintf(`SELECT *, "%s" FROM "%s" AS "%s" LIMIT 200`, row[0], row[0], row[0])) // the row as a structure too
	}
	questions = append(questions, `SELECT 1 AS "=1+1`+drives+`"`)
	for _, question := range questions {
		result, err := a.ask(ctx, r, question, period.Period)
		if err != nil {
			t.Fatalf("%s: %v", question, err)
		}
		for _, format := range []string{"table", "md", "json", "csv"} {
			var out bytes.Buffer
			if err := writeResult(&out, result, format, false); err != nil {
				t.Fatalf("%s as %s: %v", question, format, err)
			}
			if found := obeyed(out.String()); found != "" {
				t.Errorf("%.60s as %s: %s", question, format, found)
			}
			if format == "csv" {
				noFormulas(t, question, out.Bytes())
			}
		}
	}
}

// noFormulas checks that no cell of a CSV begins as a formula does, numbers aside.
func noFormulas(t *testing.T, what string, text []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%s: a cell is %.40q", what, cell)
				return
			}
		}
	}
}
