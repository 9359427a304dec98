package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"crywolf/analysis"
	"crywolf/reports"
)

// labelDefaults stand in for cells that a file for --from leaves empty.
type labelDefaults struct {
	author, reason string
	at             time.Time
}

// parseLabels reads a file of labels; name is what errors call it. With defaults it is a file for --from: columns may be
// missing, and rows without a label are counted and skipped. Errors give the line and never a cell's content, which may
// be somebody's name.
func parseLabels(name string, text []byte, defaults *labelDefaults) (labelFile, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // spreadsheets write one
	p := labelParser{defaults: defaults, file: labelFile{comma: separator(text)}}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = p.file.comma
	for {
		record, err := r.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			return p.file, nil
		case errors.As(err, &broken):
			return labelFile{}, badLabels(name, broken.Line, broken.Err.Error())
		case err != nil:
			return labelFile{}, fmt.Errorf("read %s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		if problem := p.read(record); problem != "" {
			return labelFile{}, badLabels(name, line, problem)
		}
	}
}

// separator is a comma; spreadsheets of many languages write semicolons.
func separator(text []byte) rune {
	head, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.ContainsRune(head, ';') && !bytes.ContainsRune(head, ',') {
		return ';'
	}
	return ','
}

func badLabels(name string, line int, problem string) error {
	return misuse(fmt.Sprintf("%s:%d: %s", reports.Clean(name), line, problem), "correct the line",
		"The columns are "+strings.Join(labelColumns, ", ")+".")
}

type labelParser struct {
	defaults *labelDefaults
	file     labelFile
	record   []string
}

// read takes a record in; what is wrong with it, in words, or "".
func (p *labelParser) read(record []string) (problem string) {
	p.record = record
	if p.file.columns == nil {
		return p.header()
	}
	if strings.TrimSpace(strings.Join(record, "")) == "" { // spreadsheets leave such lines at the end
		return ""
	}
	if p.defaults != nil && p.cell("label") == "" {
		p.file.blank++
		return ""
	}
	row, problem := p.row()
	if problem == "" {
		p.file.rows = append(p.file.rows, row)
	}
	return problem
}

func (p *labelParser) header() string {
	for _, name := range p.record {
		p.file.columns = append(p.file.columns, strings.ToLower(strings.TrimSpace(name)))
	}
	needed := labelColumns
	if p.defaults != nil {
		needed = []string{"label"}
	}
	for _, column := range needed {
		if !slices.Contains(p.file.columns, column) {
			return "the first line has no column " + column
		}
	}
	for i, column := range p.file.columns {
		if slices.Contains(labelColumns, column) && slices.Contains(p.file.columns[:i], column) {
			return "the first line has the column " + column + " twice"
		}
	}
	return ""
}

// cell is a column's text in the current record; "" where the file has no such column.
func (p *labelParser) cell(column string) string {
	if i := slices.Index(p.file.columns, column); i >= 0 {
		return unguarded(strings.TrimSpace(p.record[i]))
	}
	return ""
}

func (p *labelParser) row() (row labelRow, problem string) {
	if problem := p.thing(&row); problem != "" {
		return row, problem
	}
	var ok bool
	if row.Label.Label, ok = labelWord(p.cell("label")); !ok {
		return row, "label: none of " + strings.Join(analysis.LabelWords, ", ")
	}
	if row.Cause = strings.ToLower(p.cell("cause")); row.Cause != "" && !slices.Contains(labelCauses, row.Cause) {
		return row, "cause: none of " + strings.Join(labelCauses, ", ")
	}
	if row.At, ok = instantOf(p.cell("at")); !ok || row.At.IsZero() && p.defaults == nil {
		return row, "at: no instant such as 2026-11-16T09:00:00Z"
	}
	if row.Until, ok = instantOf(p.cell("until")); !ok {
		return row, "until: no instant such as 2026-11-16T09:00:00Z, and no date"
	}
	if row.IncidentID != "" && !row.Until.IsZero() {
		return row, "until: only a rule's label ends"
	}
	row.Author, row.Reason = reports.Clean(p.cell("author")), reports.Clean(p.cell("reason"))
	if p.defaults != nil {
		p.fill(&row)
	}
	return row, ""
}

func (p *labelParser) thing(row *labelRow) (problem string) {
	row.IncidentID = fromExactCell(p.cell("incident"))
	row.service, row.source, row.rule = fromExactCell(p.cell("service")), fromExactCell(p.cell("source")), fromExactCell(p.cell("rule"))
	isRule := row.service != "" || row.source != "" || row.rule != ""
	switch {
	case row.IncidentID != "" && isRule:
		return "it names an incident and a rule: one of the two"
	case row.IncidentID == "" && row.source == "":
		return "it names neither an incident, nor a rule by service, source and rule"
	case isRule:
		row.RuleID = analysis.RuleID(row.service, row.source, row.rule)
	}
	return ""
}

func (p *labelParser) fill(row *labelRow) {
	if row.Author == "" {
		row.Author = p.defaults.author
	}
	if row.Reason == "" {
		row.Reason = p.defaults.reason
	}
	if row.At.IsZero() {
		row.At = p.defaults.at
	}
}

// labelWord reads non-actionable, non_actionable and the like.
func labelWord(s string) (word string, ok bool) {
	i := slices.IndexFunc(analysis.LabelWords, func(w string) bool { return key(w) == key(s) })
	if i < 0 {
		return "", false
	}
	return analysis.LabelWords[i], true
}

// instantOf reads RFC 3339 or a date, which is its midnight in UTC; an empty text is no instant, and not wrong.
func instantOf(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
