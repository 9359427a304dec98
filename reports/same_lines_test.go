package reports

import (
	"strings"
	"testing"
)

// sameLines looks every row of every table up in the terminal's lines: its cells stand in one line, in their order. A
// text may be cut, and the first screen drops a tool's tag before a title; a number may not be cut.
func sameLines(t *testing.T, what string, grids []grid, terminal string) {
	t.Helper()
	lines, folded := strings.Split(terminal, "\n"), strings.Join(strings.Fields(terminal), " ")
	for _, g := range grids {
		for _, row := range append([][]string{g.Head}, g.Rows...) {
			found := false
			if joined := strings.Join(row, " "); g.Caption == besidesCaption && strings.Contains(folded, strings.Join(strings.Fields(joined), " ")) {
				continue // its last column goes on in the next line
			}
			for _, line := range lines {
				found = found || inLine(line, row, func(column int) bool { return column < g.Left })
			}
			if !found {
				t.Errorf("the %s: no line of the terminal has the cells %q", what, row)
			}
		}
	}
}

// inLine tells whether a line has the cells and nothing else; isText are the columns that may be cut.
func inLine(line string, cells []string, isText func(column int) bool) bool {
	for i, c := range cells {
		line = strings.TrimLeft(line, " ")
		rest, ok := cutCell(line, strings.TrimSpace(c))
		if !ok && isText(i) {
			if rest, ok = cutCell(line, withoutTag(strings.TrimSpace(c))); !ok {
				rest, ok = cutShort(line, strings.TrimSpace(c))
			}
			if !ok {
				rest, ok = cutShort(line, withoutTag(strings.TrimSpace(c)))
			}
		}
		if !ok {
			return false
		}
		line = rest
	}
	return strings.TrimSpace(line) == ""
}

// cutCell takes a cell from the start of a line; behind it the line ends or is blank.
func cutCell(line, cell string) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(line, cell); ok && (cell == "" || rest == "" || rest[0] == ' ') {
		return rest, true
	}
	return line, false
}

// cutShort takes the start of a text and … from the start of a line.
func cutShort(line, text string) (rest string, ok bool) {
	begin, rest, ok := strings.Cut(line, "…")
	return rest, ok && begin != "" && strings.HasPrefix(text, begin)
}
