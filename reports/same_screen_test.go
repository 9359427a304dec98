package reports

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

// notOfJSON is what the first screen says in figures that are in no value of the JSON document.
var notOfJSON = []struct {
	reason string
	text   *regexp.Regexp
}{
	{"names of rows and columns", regexp.MustCompile(`pages per 12 h on call|12 h blocks over the limit|per 12 h|12-hour blocks|(p50|p90|max)\b`)},
	{"the length of the period", regexp.MustCompile(`(this )?\b\d+ [dh]\b( before)?`)},
	{"how many people the shifts are of", regexp.MustCompile(`· 2 people`)},
	{"a sum over the alerts that are not listed", regexp.MustCompile(`and 1 more alert with [\d,]+ pages together`)},
	{"the share of the alerts with most pages", regexp.MustCompile(`One alert made\s+\d+%\.`)},
	{"commands to try", regexp.MustCompile(`(?m)^next .*(\n {6}.*)*`)},
}

// TestFirstScreenIsOfJSON takes every figure of the first screen and finds it among the values of the JSON document as
// the cells' functions write them, or among the limits of the configuration. The report's figures hardly meet by chance:
// counts and times are all different.
func TestFirstScreenIsOfJSON(t *testing.T) {
	r := filledReport()
	for _, l := range leavesOf(r) {
		if l.value.Kind() == reflect.String && patterns[strings.Trim(l.path[strings.LastIndex(l.path, ".")+1:], "[]")] == "" {
			l.value.SetString(withoutFigures(l.value.String()))
		}
	}
	screen := dress{Table, false}.report(t, r)
	known := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			for _, below := range x {
				walk(below)
			}
		case []any:
			for _, below := range x {
				walk(below)
			}
		case string:
			known[x] = true
			if at, err := time.Parse(time.RFC3339, x); err == nil {
				screen = strings.ReplaceAll(screen, At(at, nil), "")
			}
		case json.Number:
			n, err := x.Float64()
			if err != nil {
				t.Fatal(err)
			}
			know(known, n)
		}
	}
	walk(parsed(t, dress{JSON, false}.report(t, r)))
	l := r.Context.Limits
	for _, limit := range []float64{l.PagesPer12h, l.InterruptedNightRatio, l.NonActionableRatio, l.AcknowledgeP50Seconds, l.AcknowledgeP90Seconds, 0} {
		know(known, limit)
	}
	for _, x := range notOfJSON {
		if !x.text.MatchString(screen) {
			t.Errorf("the first screen does not say %s", x.reason)
		}
		screen = x.text.ReplaceAllString(screen, "")
	}
	figures := 0
	for _, word := range strings.FieldsFunc(screen, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("/()–:;≥", c) }) {
		word = strings.TrimRight(word, ".,")
		if strings.ContainsFunc(word, unicode.IsDigit) {
			figures++
			if !known[word] {
				t.Errorf("%s is in no value of the JSON document:\n%s", word, screen)
			}
		}
	}
	if figures < 100 {
		t.Errorf("only %d figures were looked at", figures)
	}
}

// withoutFigures is a short text that has no figures.
func withoutFigures(text string) string {
	text, _, _ = strings.Cut(text, " <")
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return 'a' + c - '0'
		}
		return c
	}, text)
}

// know adds a number as each kind of cell writes it.
func know(known map[string]bool, n float64) {
	d, points := Difference{Ratio: &n}, Difference{Points: &n}
	for _, text := range []string{Count(int64(n)), Number(&n), Ratio(&n), strings.TrimSuffix(Ratio(&n), "%"), Seconds(&n), d.size(), points.size(),
		strings.TrimSuffix(minutes(&n), " min")} {
		known[text] = true
	}
}
