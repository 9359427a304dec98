package reports

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// escapeSequence is what a terminal would obey: CSI, OSC and the other string sequences up to their end
// (or the text's), two-byte escapes, and the one-byte C1 form of CSI.
var escapeSequence = regexp.MustCompile(
	`(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\x{9c}]*(?:\x07|\x1b\\|\x{9c})?|\x1b[ -/]*[0-~]?`)

// Clean makes a text from PagerDuty safe to print on one line: escape sequences, control characters and
// the marks that turn the direction of text are removed, white space is folded.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = escapeSequence.ReplaceAllString(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029', r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// widths measures terminal columns. East Asian ambiguous characters count one column whatever the
// locale says, so that the same data and flags give the same bytes.
var widths = &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

// Width is the number of terminal columns of a cleaned text.
func Width(s string) int { return widths.StringWidth(s) }

// Cut shortens a text to at most n columns; what was cut shows as ….
func Cut(s string, n int) string { return widths.Truncate(s, n, "…") }

// padRight and padLeft fill a text up to n columns; a longer text is left as it is.
func padRight(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Width(s))) }
func padLeft(s string, n int) string  { return strings.Repeat(" ", max(0, n-Width(s))) + s }

// Wrap breaks a text at spaces into lines of at most n columns. A longer word stands alone.
func Wrap(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
