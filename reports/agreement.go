package reports

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Agreement is the document of `crywolf label -f json`: what people said of incidents against what the rules say
// without them. Pointers are nil, and null in JSON, where the value is unknown.
type Agreement struct {
	SchemaVersion string          `json:"schema_version"`
	Demo          string          `json:"demo,omitempty"`
	Period        Period          `json:"period"`
	Labels        AgreementLabels `json:"labels"`
	Matrix        []AgreementCell `json:"matrix"` // every verdict with every label
	Agreement     AgreementResult `json:"agreement"`
	CalledNoise   []CalledNoise   `json:"called_noise"` // all of them
	// Location is the zone in which times are shown; nil is UTC.
	Location *time.Location `json:"-"`
	// Next are commands worth trying after this document.
	Next []string `json:"-"`
}

// AgreementLabels says what the labels are of.
type AgreementLabels struct {
	Labelled  int64 `json:"labelled_incident_count"`  // that paged in the period
	Compared  int64 `json:"compared_incident_count"`  // of those, actionable or non_actionable to both sides
	Undecided int64 `json:"undecided_incident_count"` // of those, the others
	NotPaged  int64 `json:"not_paged_incident_count"` // labelled, and without such a page
}

// AgreementCell counts the incidents of one verdict and one label.
type AgreementCell struct {
	Judged string `json:"judged_verdict"`
	Label  string `json:"label"`
	Count  int64  `json:"incident_count"`
}

// AgreementResult is over the compared incidents; non_actionable is the positive call.
type AgreementResult struct {
	Kappa              *float64 `json:"kappa"` // Cohen's
	RawRatio           *float64 `json:"raw_agreement_ratio"`
	JudgedNoiseRatio   *float64 `json:"judged_non_actionable_ratio"`
	LabelledNoiseRatio *float64 `json:"labelled_non_actionable_ratio"`
	PrecisionRatio     *float64 `json:"precision_ratio"`
	PrecisionRatioLow  *float64 `json:"precision_ratio_low"`
	PrecisionRatioHigh *float64 `json:"precision_ratio_high"`
	RecallRatio        *float64 `json:"recall_ratio"`
	RecallRatioLow     *float64 `json:"recall_ratio_low"`
	RecallRatioHigh    *float64 `json:"recall_ratio_high"`
	F1Ratio            *float64 `json:"f1_ratio"`
	Trusted            bool     `json:"trusted"`
	Doubts             []string `json:"doubts"` // why not
}

// CalledNoise is an incident that was actionable to people and non_actionable to the rules.
type CalledNoise struct {
	Incident string    `json:"incident"`
	Rule     string    `json:"rule"`
	Title    string    `json:"title"`
	PagedAt  time.Time `json:"paged_at"`
}

// RenderAgreement writes the document as a table, Markdown, JSON or CSV.
func RenderAgreement(w io.Writer, a *Agreement, f Format) error {
	var b strings.Builder
	var err error
	switch f {
	case Table, Markdown:
		err = a.text(&b, f)
	case JSON:
		err = WriteJSON(&b, a)
	case CSV:
		err = a.csv(&b)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	if err != nil {
		return fmt.Errorf("render the agreement as %s: %w", f, err)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// csv writes the report's tidy table: section, rotation (none here), item, key, value.
func (a *Agreement) csv(w io.Writer) error {
	t := newTidy(w, "report", a.Demo, a.SchemaVersion, a.Period)
	t.fields("labels", "", "", "", reflect.ValueOf(a.Labels))
	for _, c := range a.Matrix {
		t.write("matrix", "", c.Judged+" "+c.Label, "incident_count", strconv.FormatInt(c.Count, 10))
	}
	t.fields("agreement", "", "", "", reflect.ValueOf(a.Agreement))
	for _, n := range a.CalledNoise {
		t.fields("called_noise", "", n.Incident, "", reflect.ValueOf(n))
	}
	return t.end()
}

// text is what people read: the same in a terminal and in Markdown, but for the tables' lines.
func (a *Agreement) text(b *strings.Builder, f Format) error {
	table, plain := TextTable, func(s string) string { return s }
	period := fmt.Sprintf("%s – %s %s, %s", At(a.Period.Since, a.Location), At(a.Period.Until, a.Location), zoneName(a.Location), Days(a.Period))
	if f == Markdown {
		table, plain = MarkdownTable, EscapeMarkdown
		b.WriteString("# Labels against rules\n\n")
		if a.Demo != "" {
			fmt.Fprintf(b, "**%s**\n\n", a.Demo)
		}
		b.WriteString(plain(period) + "\n\n")
	} else {
		b.WriteString(strings.TrimRight(padRight(period, screen-Width(a.Demo))+a.Demo, " ") + "\n")
	}
	b.WriteString(plain(a.labelsText()) + "\n\n")
	if a.Labels.Labelled == 0 {
		a.next(b, f)
		return nil
	}
	head, rows := a.matrix()
	if err := table(b, head, rows, 1); err != nil {
		return err
	}
	b.WriteString("\n")
	if err := table(b, []string{"", "value", "95%"}, a.measures(), 1); err != nil {
		return err
	}
	b.WriteString("\n" + strings.Join(Wrap(plain(a.verdict()), screen), "\n  ") + "\n")
	if len(a.CalledNoise) > 0 {
		fmt.Fprintf(b, "\nNoise to the rules, actionable to people (all %s):\n", Count(int64(len(a.CalledNoise))))
		if f == Markdown {
			b.WriteString("\n")
		}
		if err := table(b, []string{"INCIDENT", "rule", "paged", "title"}, a.mistakes(), 4); err != nil {
			return err
		}
	}
	b.WriteString("\n")
	a.next(b, f)
	return nil
}

func (a *Agreement) next(b *strings.Builder, f Format) {
	for i, command := range a.Next {
		switch {
		case f == Markdown:
			fmt.Fprintf(b, "    %s\n", command)
		case i == 0:
			b.WriteString("next  " + command + "\n")
		default:
			b.WriteString("      " + command + "\n")
		}
	}
}

func (a *Agreement) labelsText() string {
	l := a.Labels
	text := "nobody has labelled an incident that paged in the period"
	if l.Labelled > 0 {
		text = fmt.Sprintf("%s labelled by people: %s compared, %s undecided on one side",
			plural(l.Labelled, "incident"), Count(l.Compared), Count(l.Undecided))
	}
	if l.NotPaged > 0 {
		text += fmt.Sprintf("; %s of incidents without a page in it", plural(l.NotPaged, "label"))
	}
	return text
}

// matrix has a row a verdict and a column a label, in the order of the cells.
func (a *Agreement) matrix() (head []string, rows [][]string) {
	head = []string{"rules say ↓  people say →"}
	var last string
	for _, c := range a.Matrix {
		if label := said(c.Label); !slices.Contains(head[1:], label) {
			head = append(head, label)
		}
		if c.Judged != last {
			rows = append(rows, []string{said(c.Judged)})
			last = c.Judged
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], Count(c.Count))
	}
	return head, rows
}

func said(verdict string) string { return strings.ReplaceAll(verdict, "_", "-") }

func (a *Agreement) measures() [][]string {
	x := a.Agreement
	number := func(v *float64) string {
		if v == nil {
			return unknown
		}
		return strconv.FormatFloat(*v, 'f', 2, 64)
	}
	return [][]string{
		{"kappa", number(x.Kappa), ""},
		{"raw agreement", Ratio(x.RawRatio), ""},
		{"non-actionable, say the rules", Ratio(x.JudgedNoiseRatio), ""},
		{"non-actionable, say people", Ratio(x.LabelledNoiseRatio), ""},
		{"precision of non-actionable", Ratio(x.PrecisionRatio), span(x.PrecisionRatioLow, x.PrecisionRatioHigh)},
		{"recall of non-actionable", Ratio(x.RecallRatio), span(x.RecallRatioLow, x.RecallRatioHigh)},
		{"F1", number(x.F1Ratio), ""},
	}
}

func (a *Agreement) verdict() string {
	if a.Agreement.Trusted {
		return "✓ the rules agree with people well enough to be trusted"
	}
	return "● not to be trusted yet: " + strings.Join(a.Agreement.Doubts, "; ")
}

func (a *Agreement) mistakes() [][]string {
	var rows [][]string
	for _, n := range a.CalledNoise {
		rows = append(rows, []string{Clean(n.Incident), Clean(n.Rule), At(n.PagedAt, a.Location), Clean(n.Title)})
	}
	return rows
}
