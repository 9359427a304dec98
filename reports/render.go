package reports

import (
	"fmt"
	"io"
	"strings"
)

// Format is one of the dresses of a Report.
type Format string

// The formats, by the names users type.
const (
	Table    Format = "table"
	Markdown Format = "md"
	HTML     Format = "html"
	JSON     Format = "json"
	CSV      Format = "csv"
)

// Formats lists every format in the order in which help names them.
func Formats() []Format { return []Format{Table, Markdown, HTML, JSON, CSV} }

// Options choose how much is shown and how; they never change a number.
type Options struct {
	Wide   bool // adds shifts, the hour-of-week map, hours and sources to documents for people
	Colour bool // terminal table only
}

// Render writes the report in one format.
func Render(w io.Writer, r *Report, f Format, o Options) error {
	r.Normalize()
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeTable(&b, newView(r, o), o)
	case Markdown:
		err = writeMarkdown(&b, newView(r, o))
	case HTML:
		err = writeHTML(&b, r)
	case JSON:
		err = WriteJSON(&b, r)
	case CSV:
		err = writeCSV(&b, r)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

// RenderNoisy writes the alerts and what to do about them in one format.
func RenderNoisy(w io.Writer, n *Noisy, f Format, o Options) error {
	n.Normalize()
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeNoisyTable(&b, newNoisyView(n), o)
	case Markdown:
		err = writeNoisyMarkdown(&b, newNoisyView(n))
	case HTML:
		err = writeNoisyHTML(&b, n)
	case JSON:
		err = WriteJSON(&b, n)
	case CSV:
		err = writeNoisyCSV(&b, n)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

// RenderAudit writes the scorecards in one format: for people the worst first, else by id.
func RenderAudit(w io.Writer, a *Audit, f Format, o Options) error {
	a.Normalize()
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeAuditTable(&b, newAuditView(a.worstFirst()), o)
	case Markdown:
		err = writeAuditMarkdown(&b, newAuditView(a.worstFirst()))
	case HTML:
		err = writeAuditHTML(&b, a.worstFirst())
	case JSON:
		err = WriteJSON(&b, a)
	case CSV:
		err = writeAuditCSV(&b, a)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

// finish hands a rendered document on, or tells that it could not be rendered; then nothing is written.
func finish(w io.Writer, b *strings.Builder, f Format, err error) error {
	if err != nil {
		return fmt.Errorf("render the result as %s: %w", f, err)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the result as %s: %w", f, err)
	}
	return nil
}
