package reports

import (
	"fmt"
	"io"
	"strings"
)

// card is all that is known of one thing, as texts: facts with their names, then sections.
type card struct {
	Title, Demo string
	Facts       [][2]string
	Sections    []cardSection
	Next        []string
	Fingerprint string // of what it rests on; in HTML
}

// cardSection is a heading with lines or a table beneath.
type cardSection struct {
	Head  string
	Lines []string
	Table *grid
}

func (c *card) fact(name, value string) {
	if value != "" {
		c.Facts = append(c.Facts, [2]string{name, value})
	}
}

func (c *card) section(head string, lines ...string) {
	if len(lines) > 0 {
		c.Sections = append(c.Sections, cardSection{Head: head, Lines: lines})
	}
}

func (c *card) table(head string, g grid) {
	if len(g.Rows) > 0 {
		c.Sections = append(c.Sections, cardSection{Head: head, Table: &g})
	}
}

// renderCard writes a card for people; document is its JSON.
func renderCard(w io.Writer, c card, document any, f Format, o Options) error {
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeCardText(&b, c, o)
	case Markdown:
		err = writeCardMarkdown(&b, c)
	case HTML:
		err = pages.ExecuteTemplate(&b, "card", newCardPage(c, nil))
	case JSON:
		err = WriteJSON(&b, document)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

// factColumn is where the values of a card's facts begin.
const factColumn = 12

func writeCardText(b *strings.Builder, c card, o Options) {
	p := printer{b: b, colour: o.Colour}
	title := c.Title
	if c.Demo != "" {
		room := screen - Width(c.Demo)
		title = padRight(Cut(title, room-2), room) + c.Demo
	}
	p.line(Cut(title, screen))
	for _, f := range c.Facts {
		for i, line := range Wrap(f[1], screen-factColumn) {
			name := ""
			if i == 0 {
				name = f[0]
			}
			p.line(padRight(name, factColumn) + Cut(line, screen-factColumn))
		}
	}
	for _, s := range c.Sections {
		p.line("")
		p.line(s.Head)
		for _, text := range s.Lines {
			for i, line := range Wrap(text, screen-4) {
				if i > 0 {
					line = "  " + line
				}
				p.line("  " + line)
			}
		}
		if s.Table != nil {
			p.cardTable(*s.Table)
		}
	}
	if len(c.Next) > 0 {
		p.line("")
		p.next(c.Next)
	}
}

// cardTable prints a table whose last column takes the rest of the screen, on as many lines as it needs.
func (p printer) cardTable(g grid) {
	last := len(g.Head) - 1
	width := make([]int, last)
	all := append([][]string{g.Head}, g.Rows...)
	at := 2
	for i := range width {
		for _, row := range all {
			width[i] = max(width[i], Width(row[i]))
		}
		width[i] = min(width[i], 40)
		at += width[i] + 2
	}
	for i, row := range all {
		if i == 0 && strings.Join(row, "") == "" {
			continue
		}
		line := "  "
		for j := range width {
			if c := Cut(row[j], width[j]); j < g.Left {
				line += padRight(c, width[j]) + "  "
			} else {
				line += padLeft(c, width[j]) + "  "
			}
		}
		wrapped := Wrap(row[last], screen-at)
		if len(wrapped) == 0 {
			p.line(line)
		}
		for k, text := range wrapped {
			if k > 0 {
				line = strings.Repeat(" ", at)
			}
			p.line(line + text)
		}
	}
}

func writeCardMarkdown(b *strings.Builder, c card) error {
	m := EscapeMarkdown
	fmt.Fprintf(b, "# %s\n\n", m(c.Title))
	if c.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", c.Demo)
	}
	for _, f := range c.Facts {
		fmt.Fprintf(b, "- %s: %s\n", m(f[0]), m(f[1]))
	}
	b.WriteString("\n")
	for _, s := range c.Sections {
		fmt.Fprintf(b, "## %s\n\n", m(s.Head))
		list(b, s.Lines)
		if s.Table != nil {
			left := grid{Head: s.Table.Head, Rows: s.Table.Rows, Left: len(s.Table.Head)} // they are texts
			if err := markdownGrid(b, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// cardPage is a card with what every page says of itself.
type cardPage struct {
	card
	Banner, Period, State string
	Complete              bool
	Gaps, Excluded, Notes []string
	Trail                 []link
	Definitions           []Definition
}

// newCardPage is a card as a page; what it says of its period and data stands among its facts.
func newCardPage(c card, trail []link) cardPage {
	for i := range c.Sections {
		if g := c.Sections[i].Table; g != nil {
			g.Caption, g.Left = c.Sections[i].Head, len(g.Head) // they are texts
		}
	}
	return cardPage{card: c, Complete: true, Trail: trail}
}
