package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"crywolf/analysis"
	"crywolf/reports"
)

// labelsName is the file that keeps labels, beside crywolf.yaml. It is made to be reviewed and merged like code, so it
// has a code file's mode; the database only mirrors it.
const labelsName = "crywolf-labels.csv"

// labelColumns are those of the file, in the order in which a new one is written.
var labelColumns = []string{"incident", "service", "source", "rule", "label", "cause", "author", "at", "reason", "until"}

// labelCauses are why an alert can have been for nothing.
var labelCauses = []string{"threshold", "check", "hours", "maintenance", "other"}

// labelRow is a line of the file. A rule is kept by the parts that its public id is made of.
type labelRow struct {
	analysis.Label
	service, source, rule string
}

// thing tells what is labelled.
func (r labelRow) thing() string {
	return strings.Join([]string{r.IncidentID, r.service, r.source, r.rule}, "\x00")
}

// sameWords says whether two labels of one thing say the same, whoever said so and when.
func (r labelRow) sameWords(other labelRow) bool {
	return r.Label.Label == other.Label.Label && r.Cause == other.Cause && r.Reason == other.Reason && r.Until.Equal(other.Until)
}

// labelFile is what stands in a file of labels.
type labelFile struct {
	columns []string // as its header names them; none: the file is empty
	comma   rune
	rows    []labelRow
	blank   int // rows without a label, as in a sample that is half filled in
}

// labelsPath is where labels are kept.
func (a *app) labelsPath(cfg config) string { return a.besideConfig(cfg, labelsName) }

// besideConfig is where a file stands that goes with the configuration: beside the one in use; without one, where such a
// file is, in the working directory or in the user's; else in the working directory.
func (a *app) besideConfig(cfg config, name string) string {
	if cfg.path != "" {
		return filepath.Join(filepath.Dir(cfg.path), name)
	}
	if user, err := a.configPath(name); err == nil && !exists(name) && exists(user) {
		return user
	}
	return name
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readLabels gives what people said, in the file's order; no file is no label. The author stays behind: no question can
// then print a name.
func (a *app) readLabels(cfg config) ([]analysis.Label, error) {
	path := a.labelsPath(cfg)
	text, err := lockedfile.Read(path) // not while another crywolf is appending
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the labels: %w", err)
	}
	file, err := parseLabels(a.shown(path), text, nil)
	if err != nil {
		return nil, err
	}
	var labels []analysis.Label
	for _, row := range file.rows {
		row.Author = ""
		labels = append(labels, row.Label)
	}
	return labels, nil
}

// appendLabels adds to the file at path what the rows say that it does not say yet, and returns how many were added; name
// is what errors call the file. It is locked from reading to writing and only ever grows by whole lines, in one write that
// reaches the disk.
func appendLabels(path, name string, rows []labelRow) (added int, err error) {
	f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return 0, fmt.Errorf("open the labels: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write the labels: %w", closed)
		}
	}()
	before, err := io.ReadAll(f)
	if err != nil {
		return 0, fmt.Errorf("read the labels: %w", err)
	}
	file, err := parseLabels(name, before, nil)
	if err != nil {
		return 0, err
	}
	news := file.news(rows)
	if len(news) == 0 {
		return 0, nil
	}
	text, err := file.encode(news)
	if err != nil {
		return 0, fmt.Errorf("write the labels: %w", err)
	}
	if len(before) > 0 && before[len(before)-1] != '\n' { // an editor left the last line open
		text = append([]byte("\n"), text...)
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if err != nil { // a full disk: no half line may stay
		return 0, errors.Join(fmt.Errorf("write the labels: %w", err), f.Truncate(int64(len(before))))
	}
	return len(news), nil
}

// news are the rows that are neither the last word on their thing nor in the file already, word for word and time for
// time: to read the same file in again adds nothing.
func (f labelFile) news(rows []labelRow) []labelRow {
	said := map[string][]labelRow{}
	last := map[string]labelRow{}
	learn := func(row labelRow) {
		said[row.thing()] = append(said[row.thing()], row)
		if before, ok := last[row.thing()]; !ok || !row.At.Before(before.At) {
			last[row.thing()] = row
		}
	}
	for _, row := range f.rows {
		learn(row)
	}
	var out []labelRow
	for _, row := range rows {
		before, labelled := last[row.thing()]
		again := func(other labelRow) bool { return row.sameWords(other) && row.At.Equal(other.At) }
		if labelled && row.sameWords(before) || slices.ContainsFunc(said[row.thing()], again) {
			continue
		}
		learn(row)
		out = append(out, row)
	}
	return out
}

// encode writes rows in the file's own columns, with a header if it has none yet.
func (f labelFile) encode(rows []labelRow) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := f.columns
	if columns == nil {
		columns = labelColumns
		if err := w.Write(columns); err != nil {
			return nil, err
		}
	} else {
		w.Comma = f.comma
	}
	for _, row := range rows {
		cells := row.cells()
		var record []string
		for _, column := range columns {
			record = append(record, guarded(cells[column]))
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (r labelRow) cells() map[string]string {
	instant := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	return map[string]string{
		"incident": exactCell(r.IncidentID), "service": exactCell(r.service), "source": exactCell(r.source), "rule": exactCell(r.rule),
		"label": r.Label.Label, "cause": r.Cause, "author": reports.Clean(r.Author), "at": instant(r.At),
		"reason": reports.Clean(r.Reason), "until": instant(r.Until),
	}
}

// exactCell keeps a text from PagerDuty that must come back as it was. What a terminal would obey, or a line could not
// hold, is spelt out in quotes: "disk\tfull".
func exactCell(s string) string {
	if reports.Clean(s) == s && !strings.HasPrefix(s, `"`) {
		return s
	}
	return strconv.QuoteToASCII(s)
}

func fromExactCell(cell string) string {
	if s, err := strconv.Unquote(cell); err == nil && strings.HasPrefix(cell, `"`) {
		return s
	}
	return cell
}

// formulaStarts are what a spreadsheet takes for a formula.
const formulaStarts = "=+-@"

// guarded puts an apostrophe before a cell that a spreadsheet would run, as reports.CSVText does, but so that unguarded
// finds the cell again.
func guarded(cell string) string {
	if isFormula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if strings.HasPrefix(cell, "'") && isFormula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}

func isFormula(s string) bool { return s != "" && strings.ContainsRune(formulaStarts, rune(s[0])) }
