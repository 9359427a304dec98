package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// otherDigit is a text with another digit at i; false where there is none.
func otherDigit(text []byte, i int) ([]byte, bool) {
	if text[i] < '0' || text[i] > '9' {
		return nil, false
	}
	out := slices.Clone(text)
	out[i] = '0' + (text[i]-'0'+1)%10
	return out, true
}

// smallPage has one rotation, with every number.
func smallPage(t testing.TB) []byte {
	t.Helper()
	a := shared(t)
	a.Rotations = a.Rotations[:1]
	if err := a.Seal(); err != nil {
		t.Fatal(err)
	}
	return pageFor(t, a)
}

// TestEveryDigitIsSealed alters each digit of the file: of the page, its drawings and styles, of the document inside, of
// the seal itself; one in five in a plain run.
func TestEveryDigitIsSealed(t *testing.T) {
	t.Parallel()
	page := smallPage(t)
	digits := 0
	for i := range page {
		other, ok := otherDigit(page, i)
		if !ok {
			continue
		}
		if digits++; digits%repeats(5, 1) != 0 {
			continue
		}
		_, err := OpenAudit(other, "")
		var altered *AlteredError
		if !errors.As(err, &altered) {
			t.Fatalf("digit %d of the file: got %v at …%s", digits, err, page[max(0, i-40):i+10])
		}
	}
	if digits < 1000 {
		t.Errorf("only %d digits were altered", digits)
	}
}

// TestEveryByteIsSealed takes bytes out and puts some in.
func TestEveryByteIsSealed(t *testing.T) {
	t.Parallel()
	page := smallPage(t)
	for i := 0; i < len(page); i += 101 {
		for _, other := range [][]byte{slices.Delete(slices.Clone(page), i, i+1), slices.Insert(slices.Clone(page), i, ' ')} {
			if _, err := OpenAudit(other, ""); err == nil {
				t.Fatalf("nobody saw the byte at %d change: …%s", i, page[max(0, i-40):i+10])
			}
		}
	}
}

func TestAlteredPartIsNamed(t *testing.T) {
	page := string(sharedPage(t))
	for _, c := range []struct{ old, new, part string }{
		{"<h3>A week on call</h3>", "<h3>A good week on call</h3>", "visible page"},
		{`"page_max_count":74`, `"page_max_count":14`, "document inside, with the numbers"},
		{"page sha256:", "page  sha256:", "seal in the page's head"},
		{dataOpen, `<script type="application/json" id="other">`, "document inside the page is missing"},
		{"</html>", "</html><!-- -->", "visible page"},
		{"<head>\n", "<head>\n<script>alert(1)</script>\n", "visible page"},
	} {
		altered := strings.Replace(page, c.old, c.new, 1)
		if altered == page {
			t.Fatalf("%s is not in the page", c.old)
		}
		_, err := OpenAudit([]byte(altered), "")
		if err == nil || !strings.Contains(err.Error(), c.part) {
			t.Errorf("%s: got %v, want %q named", c.new, err, c.part)
		}
	}
}

// resealed is a file with a new seal, as somebody with a script would make one.
func resealed(t testing.TB, file string) []byte {
	t.Helper()
	s, err := takeApart([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.Replace(file, s.seal, fmt.Sprintf(sealLine, s.pageSum(), hexSum(s.data)), 1))
}

// TestPageSaysWhatTheDocumentSays: who alters the page alone and seals it anew is found by the program that made it.
func TestPageSaysWhatTheDocumentSays(t *testing.T) {
	made := shared(t).MadeWith
	page := string(sharedPage(t))
	forged := resealed(t, strings.Replace(page, "one week in ten brings 31", "one week in ten brings 11", 1))
	if bytes.Equal(forged, []byte(page)) {
		t.Fatal("nothing was forged")
	}
	if _, err := OpenAudit(forged, made); err == nil || !strings.Contains(err.Error(), "the visible page says something else") {
		t.Errorf("got %v", err)
	}
	if _, err := OpenAudit(forged, "crywolf 0.3.9"); err != nil {
		t.Errorf("another version can't tell: %v", err)
	}
}

// document is the sample's JSON after a change, with a fingerprint that fits.
func document(t testing.TB, change func(map[string]any)) []byte {
	t.Helper()
	d, err := readStrictly([]byte(marshal(t, shared(t))))
	if err != nil {
		t.Fatal(err)
	}
	change(d)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, whole := d["fingerprint"]; !whole {
		return text
	}
	if d, err = readStrictly(text); err != nil {
		return text // of what can't be read there is no fingerprint
	}
	if d["fingerprint"], err = fingerprintOf(d); err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	return text
}

func rotationOf(d map[string]any, i int) map[string]any {
	return d["rotations"].([]any)[i].(map[string]any)
}

func blockOf(d map[string]any, id string) map[string]any {
	for _, b := range rotationOf(d, 0)["blocks"].([]any) {
		if b.(map[string]any)["block"] == id {
			return b.(map[string]any)
		}
	}
	return nil
}

// TestHostileDocuments are files with a seal that fits, made by hand.
func TestHostileDocuments(t *testing.T) {
	numbers := func(key string, value any) func(map[string]any) {
		return func(d map[string]any) { blockOf(d, BlockNoise)["numbers"].(map[string]any)[key] = value }
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"next major":         {func(d map[string]any) { d["schema_version"] = "2.0" }, "newer crywolf (schema 2.0"},
		"next minor":         {func(d map[string]any) { d["schema_version"] = "1.1" }, "newer crywolf (schema 1.1"},
		"no version":         {func(d map[string]any) { delete(d, "schema_version") }, "no schema version"},
		"an odd version":     {func(d map[string]any) { d["schema_version"] = "one" }, "no schema version"},
		"a report":           {func(d map[string]any) { delete(d, "fingerprint"); delete(d, "rotations") }, "and no audit"},
		"a name":             {func(d map[string]any) { rotationOf(d, 0)["name"] = "<script>alert(1)</script>" }, "another name than its letter"},
		"a zone":             {func(d map[string]any) { rotationOf(d, 1)["time_zone"] = "Europe/Berlin" }, "another name than its letter"},
		"a text for a count": {numbers("page_count", "many"), "it is no audit"},
		"less than none":     {numbers("page_count", -3), "page_count can't be -3"},
		"more than all":      {numbers("non_actionable_ratio", 1.5), "non_actionable_ratio can't be 1.5"},
		"beyond numbers":     {numbers("page_count", json.Number("1e999")), "it is no audit"},
		"huge":               {numbers("page_count", json.Number("1e300")), "page_count can't be"},
		"a key of markup":    {numbers("<b>page_count", 3), "a number has no name"},
		"numbers in a list":  {func(d map[string]any) { blockOf(d, BlockNoise)["numbers"] = []any{1, 2} }, "it is no audit"},
		"no period":          {func(d map[string]any) { d["period"].(map[string]any)["until"] = "1999-01-01T00:00:00Z" }, "its period is none"},
		"an endless text":    {func(d map[string]any) { d["made_with"] = strings.Repeat("x", 5000) }, "too long"},
		"another demo":       {func(d map[string]any) { d["demo"] = "REAL DATA" }, "demo mark"},
		"an odd verdict":     {func(d map[string]any) { blockOf(d, BlockNightsElsewhere)["verdict"] = "<script>" }, "its verdict on the nights is none"},
		"a week backwards": {func(d map[string]any) {
			blockOf(d, BlockTrend)["weeks"].([]any)[0].(map[string]any)["end"] = "2020-01-01T00:00:00Z"
		}, "a week in it is none"},
		"rotations of none": {func(d map[string]any) { d["rotations"] = nil }, "and no audit"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := OpenAudit(document(t, c.change), ""); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v and error %v, want %q", got != nil, err, c.want)
			}
		})
	}
}

// TestHostileFiles are no audits at all, or badly damaged ones.
func TestHostileFiles(t *testing.T) {
	page := string(sharedPage(t))
	data := page[strings.Index(page, dataOpen)+len(dataOpen):]
	data = data[:strings.Index(data, dataClose)]
	for name, c := range map[string]struct{ file, want string }{
		"empty":              {"", "no shared audit"},
		"a brace":            {"{", "no whole JSON"},
		"a list":             {"[]", "no shared audit"},
		"a page":             {"<!DOCTYPE html><html><head>\n</head><body></body></html>", "no shared audit"},
		"binary":             {"\x00\xff\xfe\x00", "no shared audit"},
		"deep":               {`{"schema_version":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}", "nested deeper"},
		"deep objects":       {strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), "nested deeper"},
		"not a number":       {strings.Replace(data, `"page_count":412`, `"page_count":NaN`, 1), "no whole JSON"},
		"a key twice":        {strings.Replace(data, `"page_count":412`, `"page_count":412,"page_count":12`, 1), `the key "page_count" twice`},
		"something behind":   {data + "{}", "something stands behind"},
		"two documents":      {strings.Replace(page, dataOpen, dataOpen+"{}"+dataClose+dataOpen, 1), "or there are several"},
		"two seals":          {strings.Replace(page, "<head>\n", "<head>\n"+emptySeal, 1), "or there are several"},
		"no end of document": {page[:strings.Index(page, dataOpen)+len(dataOpen)+100], "has no end"},
		"cut off":            {page[:len(page)/2], "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := OpenAudit([]byte(c.file), ""); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestTextsOfAFileAreNotPrinted: after the reader's own judgement nothing that a forger wrote into texts is left.
func TestTextsOfAFileAreNotPrinted(t *testing.T) {
	a, err := OpenAudit(document(t, func(d map[string]any) {
		for _, b := range rotationOf(d, 0)["blocks"].([]any) {
			block := b.(map[string]any)
			block["title"], block["finding"], block["limit_source"], block["status"] = "FORGED", "FORGED", "FORGED", "ok"
		}
		for _, c := range blockOf(d, BlockChecks)["checks"].([]any) {
			check := c.(map[string]any)
			check["status"], check["text"], check["limit_source"], check["limit"] = "ok", "FORGED", "FORGED", 1000
		}
		blockOf(d, BlockCannotBeKnown)["questions"].([]any)[0].(map[string]any)["question"] = "FORGED"
	}), "")
	if err != nil {
		t.Fatal(err)
	}
	limits := a.JudgeAgain(usualLimits)
	if text := marshal(t, a) + renderComparison(t, Table, a); strings.Contains(text, "FORGED") {
		t.Error("a forged text is left")
	}
	if !slices.Contains(limits, "people 1,000 (here 8)") {
		t.Errorf("that its limits are others is not told: %q", limits)
	}
}

func FuzzOpenAudit(f *testing.F) {
	small := func(d map[string]any) { // a fuzzer gets nowhere with long texts
		d["rotations"] = d["rotations"].([]any)[:1]
		for _, id := range []string{BlockChecks, BlockCannotBeKnown} {
			delete(blockOf(d, id), "checks")
			delete(blockOf(d, id), "questions")
		}
	}
	text := document(f, small)
	f.Add(text)
	f.Add(bytes.ReplaceAll(text, []byte("74"), []byte("7")))
	f.Add(document(f, func(d map[string]any) { small(d); d["schema_version"] = "9.0" }))
	f.Add(resealed(f, pageHead+emptySeal+dataOpen+string(text)+dataClose+pageEnd))
	f.Add([]byte(`{"schema_version":"1.0","rotations":[{"blocks":[{"block":"trend","weeks":[{}]}]}],"fingerprint":""}`))
	f.Add([]byte(dataOpen + "{}" + dataClose + emptySeal))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := OpenAudit(file, "crywolf 0.4.0")
		if (a == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", a != nil, err)
		}
		if err == nil {
			a.JudgeAgain(usualLimits)
			var b strings.Builder
			if err := RenderAuditComparison(&b, []*Audit{a}, Table, Options{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
