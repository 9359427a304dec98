package reports

import (
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// markdownEscaper disarms what Markdown or its HTML would act on. < and > become entities because a
// backslash does not stop every renderer from taking them for a tag.
var markdownEscaper = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;")

// EscapeMarkdown makes a cleaned text safe as Markdown, in a table cell or in running text.
func EscapeMarkdown(s string) string { return markdownEscaper.Replace(s) }

func writeMarkdown(b *strings.Builder, v view) error {
	m := EscapeMarkdown
	fmt.Fprintf(b, "# %s\n\n", v.Title)
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", v.Demo)
	}
	if v.Banner != "" {
		fmt.Fprintf(b, "**%s**\n\n", v.Banner)
	}
	fmt.Fprintf(b, "%s\n\n**%s**\n\n", m(v.Period), m(v.State))
	list(b, v.Gaps)
	if v.Overview != nil {
		if err := markdownGrid(b, *v.Overview); err != nil {
			return err
		}
	}
	if v.Empty != "" {
		fmt.Fprintf(b, "%s\n\n", v.Empty)
	}
	for i := range v.Rotations {
		if err := markdownRotation(b, &v.Rotations[i]); err != nil {
			return err
		}
	}
	fmt.Fprintf(b, "## Account\n\n%s\n\n", m(v.Account))
	list(b, v.Excluded)
	list(b, v.Notes)
	markdownFingerprint(b, v.Fingerprint)
	return nil
}

// markdownFingerprint ends a document with what its numbers rest on.
func markdownFingerprint(b *strings.Builder, text string) {
	if text != "" {
		fmt.Fprintf(b, "Fingerprint of data, settings, definitions and version: `%s`\n", strings.ReplaceAll(text, "`", ""))
	}
}

func markdownRotation(b *strings.Builder, v *rotationView) error {
	fmt.Fprintf(b, "## %s\n\n%s\n\n%s\n\n", EscapeMarkdown(v.Name), EscapeMarkdown(v.Facts), EscapeMarkdown(v.Verdict.Text))
	if v.Quiet {
		return nil
	}
	if v.Trend != "" {
		fmt.Fprintf(b, "%s\n\n", EscapeMarkdown(v.Trend))
	}
	if err := markdownGrid(b, *v.Measures); err != nil {
		return err
	}
	if v.Actions != nil {
		if err := markdownGrid(b, *v.Actions); err != nil {
			return err
		}
	}
	if v.Alerts != nil {
		if err := markdownGrid(b, *v.Alerts); err != nil {
			return err
		}
		if v.MoreAlerts != "" {
			fmt.Fprintf(b, "%s\n\n", v.MoreAlerts)
		}
	}
	if v.Changes != nil {
		if err := markdownGrid(b, *v.Changes); err != nil {
			return err
		}
		fmt.Fprintf(b, "%s\n\n", EscapeMarkdown(v.ChangesNote))
	}
	for _, f := range v.Figures {
		fmt.Fprintf(b, "%s\n\n```\n%s\n```\n\n", EscapeMarkdown(f.Finding), strings.Join(f.Lines, "\n"))
	}
	for _, g := range []*grid{v.Besides, v.Sources, v.Shifts} {
		if g != nil {
			if err := markdownGrid(b, *g); err != nil {
				return err
			}
		}
	}
	return nil
}

func list(b *strings.Builder, items []string) {
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", EscapeMarkdown(item))
	}
	if len(items) > 0 {
		b.WriteString("\n")
	}
}

func markdownGrid(b *strings.Builder, g grid) error {
	if err := MarkdownTable(b, g.Head, g.Rows, g.Left); err != nil {
		return err
	}
	b.WriteString("\n")
	return nil
}

// MarkdownTable writes a pipe table; cells are escaped here. The first left columns are aligned left,
// the others right.
func MarkdownTable(b *strings.Builder, head []string, rows [][]string, left int) error {
	align := make([]tw.Align, len(head))
	for i := range align {
		align[i] = tw.AlignRight
		if i < left {
			align[i] = tw.AlignLeft
		}
	}
	t := tablewriter.NewTable(b,
		tablewriter.WithRenderer(renderer.NewMarkdown()),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}))
	t.Header(escapeAll(head))
	for _, row := range rows {
		if err := t.Append(escapeAll(row)); err != nil {
			return fmt.Errorf("lay out a Markdown row: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("lay out a Markdown table: %w", err)
	}
	return nil
}

func escapeAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = EscapeMarkdown(strings.TrimSpace(c))
	}
	return out
}
