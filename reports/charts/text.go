package charts

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// screen is the width that terminal lines keep to.
const screen = 79

// unknown stands for a value that is not known. It is never printed as 0.
const unknown = "–"

// widths measures columns as package reports does: the locale must not change the bytes.
var widths = &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

func width(s string) int           { return widths.StringWidth(s) }
func cut(s string, n int) string   { return widths.Truncate(s, n, "…") }
func right(s string, n int) string { return strings.Repeat(" ", max(0, n-width(s))) + s }
func left(s string, n int) string  { return s + strings.Repeat(" ", max(0, n-width(s))) }
func bar(n int) string             { return strings.Repeat("█", n) }
func trim(lines []string) []string {
	return each(lines, func(s string) string { return strings.TrimRight(s, " ") })
}
func isBad(v float64) bool          { return math.IsNaN(v) || math.IsInf(v, 0) }
func date(t time.Time) string       { return t.Format("2 Jan") }
func instant(t time.Time) string    { return t.Format("2006-01-02 15:04") }
func text(v *float64) string        { return orUnknown(v, decimal) }
func whole(v *int64) string         { return orUnknown(v, count) }
func ratio(part, all int64) float64 { return float64(part) / float64(all) }

func orUnknown[T any](v *T, print func(T) string) string {
	if v == nil {
		return unknown
	}
	return print(*v)
}

func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

// label makes other people's text fit for one line of n columns. reports.Clean has seen it before; what would break an
// XML document, or a terminal, goes here all the same.
func label(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Noncharacter_Code_Point, r), r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "(no title)"
	}
	return cut(s, n)
}

// idWidth is what a rule's id takes of a line in a chart, in units.
const idWidth = 64

// textWidth is about the units that a text of size 12 takes in a wide system font (DejaVu Sans); bold takes a tenth more.
// Nobody can know the reader's font: it keeps what stands on one line apart, no more.
func textWidth(s string) float64 {
	sum := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune("ijltfr.,:;'|!()[]/ ", r):
			sum += 0.42
		case strings.ContainsRune("WMm@%…—", r), width(string(r)) > 1:
			sum += 1.04
		case r == 'w', unicode.IsUpper(r):
			sum += 0.8
		default:
			sum += 0.64
		}
	}
	return sum * 12
}

// fit makes other people's text fit for a number of units in a chart.
func fit(s string, units float64) string {
	s = label(s, 80)
	if textWidth(s) <= units {
		return s
	}
	for n := width(s) - 1; n > 1; n-- {
		if c := cut(s, n); textWidth(c) <= units {
			return c
		}
	}
	return "…"
}

// count is a count with grouped digits: 12,500.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// compact is a count in at most four characters where there is no room: 999, 1.2k, 12k, 3M.
func compact(n int64) string {
	v, unit := float64(n), ""
	for _, u := range []string{"k", "M", "G", "T"} {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, u
	}
	if unit == "" || v >= 9.95 {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64) + unit
	}
	return decimal(v) + unit
}

// decimal is a number with at most one decimal; halves are rounded away from 0.
func decimal(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(math.Round(v*10)/10+0, 'f', 1, 64), ".0")
}

// percent is a share. What is neither none nor all never prints as 0% or 100%.
func percent(r float64) string {
	switch {
	case r > 0 && r < 0.005:
		return "<1%"
	case r < 1 && r >= 0.995:
		return ">99%"
	}
	return strconv.FormatFloat(math.Round(r*100), 'f', 0, 64) + "%"
}

// duration is a time span in the largest unit that keeps it readable: 45 s, 4 min, 2.5 h, 3 d.
func duration(seconds float64) string {
	switch {
	case seconds < 59.5:
		return decimal(math.Round(seconds)) + " s"
	case seconds < 3570:
		return decimal(math.Round(seconds/60)) + " min"
	case seconds < 86220:
		return decimal(seconds/3600) + " h"
	}
	return decimal(seconds/86400) + " d"
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// clock is a minute of the day: 22:30.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// wrap breaks a text at spaces into lines of at most n columns; a longer word is cut.
func wrap(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		word = cut(word, n)
		switch {
		case line == "":
			line = word
		case width(line)+1+width(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
