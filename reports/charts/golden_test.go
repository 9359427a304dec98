package charts

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files; then look at them")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "charts", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if it should, go test ./reports/charts -update, then look at it\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	for name, f := range samples() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".svg", string(f.SVG)+"\n")
			golden(t, name+".txt", strings.Join(f.Text(), "\n")+"\n\n"+f.Desc+"\n")
		})
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "charts", "*.svg"))
	if err != nil || len(files) != len(samples()) {
		t.Errorf("%d golden charts for %d samples: %v", len(files), len(samples()), err)
	}
	golden(t, "pareto.html", string(samples()["pareto"].HTML(3))+"\n")
	golden(t, "heat.html", string(samples()["heat"].HTML(2))+"\n")
}

// element is a start tag and its attributes.
type element struct {
	name  string
	attrs map[string]string
}

var (
	cell   = regexp.MustCompile(`<(t[dh])( [^>]*)?>([^<]*)`)
	rowEnd = regexp.MustCompile(`</(t[dh])>(<tr>|</thead>|</tbody>)`)
)

// withEndTags writes the end tags that HTML lets a table leave out; all else must be well-formed as it is.
func withEndTags(document string) string {
	return rowEnd.ReplaceAllString(cell.ReplaceAllString(document, "<$1$2>$3</$1>"), "</$1></tr>$2")
}

// elements reads a document strictly as XML, and gives its elements and its text.
func elements(t *testing.T, document string) ([]element, string) {
	t.Helper()
	var out []element
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(withEndTags(document))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, text.String()
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, document)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{token.Name.Local, map[string]string{}}
			for _, a := range token.Attr {
				if _, twice := e.attrs[a.Name.Local]; twice {
					t.Errorf("<%s> has %s twice", e.name, a.Name.Local)
				}
				e.attrs[a.Name.Local] = a.Value
			}
			out = append(out, e)
		case xml.CharData:
			text.Write(token)
		case xml.Comment, xml.ProcInst, xml.Directive:
			t.Errorf("a chart has a %T", token)
		}
	}
}

func TestDocumentsAreWellFormed(t *testing.T) {
	known := strings.Fields("svg title desc defs pattern g path text tspan figure figcaption h2 h3 h4 div details summary table caption thead tbody tr th td")
	plain := strings.Fields("id class viewBox role aria-labelledby aria-describedby aria-label tabindex scope x y d fill width height patternUnits patternTransform")
	ids := map[string]string{}
	for name, f := range samples() {
		for level := 2; level <= 4; level++ {
			all, _ := elements(t, string(f.HTML(level)))
			for _, e := range all {
				if !slices.Contains(known, e.name) {
					t.Errorf("%s has a <%s>", name, e.name)
				}
				for a, v := range e.attrs {
					if !slices.Contains(plain, a) {
						t.Errorf("%s: <%s> has %s=%q", name, e.name, a, v)
					}
				}
				if id := e.attrs["id"]; id != "" && level == 2 {
					if other, taken := ids[id]; taken {
						t.Errorf("%s and %s both have the id %s", name, other, id)
					}
					ids[id] = name
				}
			}
		}
	}
	for name, f := range samples() {
		all, _ := elements(t, string(f.SVG))
		svg := all[0].attrs
		if svg["role"] != "img" || ids[svg["aria-labelledby"]] != name || ids[svg["aria-describedby"]] != name {
			t.Errorf("%s: nothing tells a screen reader what it is: %v", name, svg)
		}
		for _, e := range all {
			if fill := e.attrs["fill"]; fill != "" && ids[strings.TrimSuffix(strings.TrimPrefix(fill, "url(#"), ")")] != name {
				t.Errorf("%s is filled with %s", name, fill)
			}
		}
	}
}

func TestHostileLabelsStayText(t *testing.T) {
	for name, f := range samples() {
		if !strings.HasPrefix(name, "hostile_") {
			continue
		}
		_, text := elements(t, string(f.HTML(3)))
		for _, s := range []string{`<script>alert("x")</script>`, `</text></svg>`, `]]> &amp; &lt; <!-- {{.}}`} {
			if !strings.Contains(text, s) {
				t.Errorf("%s does not say %s", name, s)
			}
		}
		for _, s := range []string{"<script", "<img", "onload=\"", "<!--"} {
			if strings.Contains(string(f.HTML(3)), s) {
				t.Errorf("%s: a label became %s", name, s)
			}
		}
		for _, s := range append(f.Lines, string(f.HTML(3)), f.Finding, f.Desc) {
			for _, r := range s {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Noncharacter_Code_Point, r)) {
					t.Errorf("%s has the character %U", name, r)
				}
			}
		}
	}
}

func TestLinesFitTheScreen(t *testing.T) {
	all := samples()
	maps.Copy(all, extremes())
	for name, f := range all {
		if f == nil {
			continue
		}
		for _, line := range f.Text() {
			if width(line) > screen || strings.HasSuffix(line, " ") || strings.ContainsRune(line, '\x1b') {
				t.Errorf("%s, %d columns: %q", name, width(line), line)
			}
		}
	}
}

func TestSizes(t *testing.T) {
	sum := 0
	for name, f := range samples() {
		limit := 6 << 10
		if f.Wide {
			limit = 16 << 10
		}
		if len(f.SVG) > limit {
			t.Errorf("%s has %d bytes", name, len(f.SVG))
		}
		if strings.HasPrefix(f.ID, "PSCHED1") {
			sum += len(f.SVG)
		}
	}
	if sum += len(CSS()); sum > 45<<10 {
		t.Errorf("a rotation's charts have %d bytes", sum)
	}
	full := HourOfWeekData{SleepStartMinute: 1350, SleepEndMinute: 450}
	for d := range full.PageCounts {
		for h := range full.PageCounts[d] {
			full.PageCounts[d][h] = int64(1234 * (d*24 + h + 1))
		}
	}
	if f := HourOfWeek("x", full); len(f.SVG) > 16<<10 {
		t.Errorf("a full heat map has %d bytes", len(f.SVG))
	}
}

func TestSameInputSameBytes(t *testing.T) {
	first := samples()
	for range 5 {
		for name, f := range samples() {
			if diff := cmp.Diff(first[name], f); diff != "" {
				t.Fatalf("%s: %s", name, diff)
			}
		}
	}
}

func TestNumbersHaveOneDecimal(t *testing.T) {
	long := regexp.MustCompile(`[0-9]\.[0-9]{2}|[0-9]e[+-]?[0-9]|NaN|Inf`)
	all := samples()
	maps.Copy(all, extremes())
	for name, f := range all {
		if f == nil {
			continue
		}
		parts, _ := elements(t, string(f.SVG))
		for _, e := range parts {
			for _, a := range []string{"d", "x", "y", "viewBox"} {
				if s := long.FindString(e.attrs[a]); s != "" {
					t.Errorf("%s: <%s %s=%q>", name, e.name, a, e.attrs[a])
				}
			}
		}
	}
	if bytes.Contains([]byte(num(-0.04)), []byte("-")) {
		t.Error("minus nothing")
	}
}
