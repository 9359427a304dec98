package reports

import (
	"fmt"
	"strings"
)

// writeAuditMarkdown writes the scorecards for a wiki page.
func writeAuditMarkdown(b *strings.Builder, v auditView) error {
	m := EscapeMarkdown
	fmt.Fprintf(b, "# %s\n\n", auditTitle)
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", m(v.Demo))
	}
	fmt.Fprintf(b, "%s\n\n**%s**\n\n", m(v.Period), m(v.State))
	for _, text := range []string{v.Made, v.Shared, v.Withheld, v.Empty} {
		if text != "" {
			fmt.Fprintf(b, "%s\n\n", m(text))
		}
	}
	list(b, v.Gaps)
	for i := range v.Cards {
		c := &v.Cards[i]
		fmt.Fprintf(b, "## %s\n\n", m(c.Name))
		if c.Facts != "" {
			fmt.Fprintf(b, "%s\n\n", m(c.Facts))
		}
		for j := range c.Blocks {
			if err := markdownAuditBlock(b, &c.Blocks[j]); err != nil {
				return err
			}
		}
	}
	if len(v.Sources) > 0 {
		b.WriteString("## Whose limits these are\n\n")
		for i, s := range v.Sources {
			fmt.Fprintf(b, "%d. %s\n", i+1, m(s))
		}
		b.WriteString("\n")
	}
	if len(v.Excluded)+len(v.Notes) > 0 {
		b.WriteString("## Notes\n\n")
	}
	list(b, v.Excluded)
	list(b, v.Notes)
	markdownFingerprint(b, v.Fingerprint)
	return nil
}

// auditTitle heads documents for people.
const auditTitle = "On-call audit"

func markdownAuditBlock(b *strings.Builder, v *auditBlockView) error {
	m := EscapeMarkdown
	fmt.Fprintf(b, "### %s — %s\n\n", m(v.Title), m(statusText(v.Status)))
	if v.Finding != "" {
		fmt.Fprintf(b, "%s\n\n", m(v.Finding))
	}
	for _, g := range []*grid{numbersGrid(v.Rows), v.Weeks, v.Tools, checksGrid(v.Checks)} {
		if g != nil {
			if err := markdownGrid(b, *g); err != nil {
				return err
			}
		}
	}
	for i, q := range v.Questions {
		fmt.Fprintf(b, "%d. %s\n", i+1, m(Clean(q.Text)))
		if q.Why != "" {
			fmt.Fprintf(b, "   - why: %s\n", m(Clean(q.Why)))
		}
	}
	if len(v.Questions) > 0 {
		b.WriteString("\n")
	}
	return nil
}

// numbersGrid is the table of a block's numbers; nil where it has none.
func numbersGrid(rows []auditRow) *grid {
	if len(rows) == 0 {
		return nil
	}
	g := &grid{Head: []string{"number", "value", "limit", "reading"}, Left: 1}
	for _, r := range rows {
		g.Rows = append(g.Rows, []string{r.Label, r.Value, r.Against(), r.Reading()})
	}
	return g
}

// checksGrid is the table of all checks; nil where a block has none.
func checksGrid(checks []Check) *grid {
	if len(checks) == 0 {
		return nil
	}
	g := &grid{Caption: "Every check, and why it reads so", Head: []string{"check", "reading", "why"}, Left: 3}
	for _, c := range checks {
		label, why, _ := strings.Cut(Clean(c.Text), ": ")
		g.Rows = append(g.Rows, []string{label, statusText(c.Status), why})
	}
	return g
}
