package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"

	"crywolf/ingest/pagerdutytest"
)

// spying serves next and hands every body that it answers to look, which may put another in its place.
func spying(t *testing.T, next http.Handler, look func(v any) any) *httptest.Server {
	var mu sync.Mutex
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		v, err := decodeValue(rec.Body.Bytes())
		if err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		w.WriteHeader(rec.Code)
		json.NewEncoder(w).Encode(look(v))
	}))
	t.Cleanup(srv.Close)
	return srv
}

// texts gives every text and every key inside a value.
func allTexts(v any, each func(text string, isKey bool)) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			each(k, true)
			allTexts(x, each)
		}
	case []any:
		for _, x := range v {
			allTexts(x, each)
		}
	case string:
		each(v, false)
	case json.Number:
		each(v.String(), false)
	}
}

func recordShapes(t *testing.T, o Options) (Shapes, string) {
	t.Helper()
	s, err := RecordShapes(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	return s, b.String()
}

// mayPrint tells whether a text is one of the words that may be printed, or of an answer's own.
func mayPrint(text string) bool {
	for _, words := range shapeWords {
		if words[text] {
			return true
		}
	}
	return slices.ContainsFunc(keyParts(text), func(part string) bool { return shapeWords["keys"][part] }) && shownKey(text, false) == text
}

var tokenText = regexp.MustCompile(`[\p{L}\p{N}@.:/+-]+`)

// TestShapesHoldNoValue: of every text and number that PagerDuty answered, none is printed, whole or as a word of its own,
// but for words of the list.
func TestShapesHoldNoValue(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		a := pagerdutytest.Random(seed)
		opts := []pagerdutytest.Option{pagerdutytest.WithUser(a.Users[0].ID)}
		if seed == 0 {
			a = pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 3})
			opts = []pagerdutytest.Option{pagerdutytest.WithHostile()}
		}
		values := map[string]bool{}
		srv := spying(t, pagerdutytest.NewHandler(a, append(opts, pagerdutytest.WithRate(fast))...), func(v any) any {
			allTexts(v, func(text string, isKey bool) {
				if !isKey {
					values[text] = true
				}
			})
			return v
		})
		o := options(serve(t, a), a)
		o.BaseURL = srv.URL
		_, printed := recordShapes(t, o)
		own := "since until limit sort_by created_at desc offset 0 5 1 100 101 960" // what this package itself prints
		words := tokenText.FindAllString(printed, -1)
		looked := 0
		for text := range values {
			if len(text) < 4 || mayPrint(text) || strings.Contains(own, text) {
				continue
			}
			looked++
			if len(text) > 8 && strings.Contains(printed, text) {
				t.Errorf("seed %d: the value %q is printed", seed, text)
			}
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				if len(word) >= 4 && strings.ToLower(word) != word && slices.Contains(words, word) && !strings.Contains("Analytics", word) && !mayPrint(word) {
					t.Errorf("seed %d: %q of the value %q is printed", seed, word, text)
				}
			}
		}
		if looked < 100 {
			t.Errorf("seed %d: only %d values were looked for", seed, looked)
		}
		for _, u := range a.Users {
			for _, part := range append(strings.Fields(u.Name), u.ID, u.Email) {
				if strings.Contains(printed, part) {
					t.Errorf("seed %d: %q of a person is printed", seed, part)
				}
			}
		}
		if strings.Contains(printed, o.Token) {
			t.Errorf("seed %d: the token is printed", seed)
		}
	}
}

// TestKeysThatAreValuesAreMasked wherever they stand.
func TestKeysThatAreValuesAreMasked(t *testing.T) {
	t.Parallel()
	hostile := []string{"ada.lovelace@example.com", "ada@example", "PABC123", "Q0ABCDEFGHIJKL", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "zaphod", "zaphod_beeblebrox",
		"payments-prod-db1", "10.0.0.17", "deadbeefdeadbeef", "\x1b[31mred", "Ünïcode", "日本", "with space", strings.Repeat("a", 300), "1234567", "", "<script>", "\u202e", "ticket_4711",
		"AdaLovelace", "adaLovelace"}
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := spying(t, pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast)), func(v any) any { return withKeys(v, hostile, "") })
	o := options(serve(t, a), a)
	o.BaseURL = srv.URL
	s, printed := recordShapes(t, o)
	for _, key := range hostile {
		if len(key) > 2 && strings.Contains(printed, strings.Trim(fmt.Sprintf("%q", key), `"`)) || strings.Contains(printed, "secretOf") {
			t.Errorf("the key %q is printed", key)
		}
	}
	if s.MaskedKeyCount < 1000 || !strings.Contains(printed, maskedKey) {
		t.Errorf("%d masked keys", s.MaskedKeyCount)
	}
}

// withKeys adds keys to every object but the outermost.
func withKeys(v any, keys []string, under string) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = withKeys(x, keys, k)
		}
		if under != "" {
			for _, k := range keys {
				v[k] = "secretOf" + k
			}
		}
	case []any:
		for i, x := range v {
			v[i] = withKeys(x, keys, "item")
		}
	}
	return v
}

// TestShapesAnswerTheQuestions that the double has an answer to.
func TestShapesAnswerTheQuestions(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 3})
	for name, c := range map[string]struct {
		opts []pagerdutytest.Option
		want map[string]string // number of a question → part of its answer
	}{
		"usual": {nil, map[string]string{"1": "status: ", "2": "in 5 of 5", "3": "yes", "4": "answered without entries", "5": "since: included, until: included", "6": "notify", "7": "none", "9": "clamped"}},
		"plain": {[]pagerdutytest.Option{pagerdutytest.WithPlainIncludes(), pagerdutytest.WithScheduleRange(20 * 24 * 3600e9)}, map[string]string{"2": "in 0 of 5", "4": "refused (400)"}},
		"no schedules": {[]pagerdutytest.Option{pagerdutytest.WithDenied(403, "/schedules", "/incidents", "/log_entries")},
			map[string]string{"1": "no notify entry", "3": "refused (403)", "4": "no schedule", "5": "no incident", "7": "refused (403)"}},
	} {
		srv := serve(t, a, c.opts...)
		s, printed := recordShapes(t, options(srv, a))
		for number, want := range c.want {
			i := slices.IndexFunc(s.Answers, func(x ShapeAnswer) bool { return strings.HasPrefix(x.Question, number+". ") })
			if i < 0 || !strings.Contains(s.Answers[i].Answer, want) {
				t.Errorf("%s, question %s: %+v, want %q", name, number, s.Answers, want)
			}
		}
		if len(s.Answers) != 10 || s.RequestCount > 40 || s.RequestCount != len(srv.Log()) {
			t.Errorf("%s: %d answers, %d requests, counted %d", name, len(s.Answers), len(srv.Log()), s.RequestCount)
		}
		for _, r := range srv.Log() {
			if r.Method != http.MethodGet || strings.Contains(r.Query, "limit=") && !regexp.MustCompile(`limit=(1|5|101)(&|$)`).MatchString(r.Query) {
				t.Errorf("%s: %s %s?%s", name, r.Method, r.Path, r.Query)
			}
		}
		if name == "usual" {
			for _, want := range []string{`"notify_log_entry"`, `"notification"`, `"=push_notification`, `"time in UTC`, `"first_trigger_log_entry"`} {
				if !strings.Contains(printed, want) {
					t.Errorf("%s is not printed", want)
				}
			}
		}
	}
}

// TestTroubleIsNoAnswer has every request fail from one on: nothing of that is taken for a property of the API.
func TestTroubleIsNoAnswer(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	good := pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))
	for _, status := range []int{0, 401, 429, 500} {
		var n atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case n.Add(1) <= 3:
				good.ServeHTTP(w, r)
			case status == 0:
				panic(http.ErrAbortHandler)
			default:
				w.WriteHeader(status)
			}
		}))
		defer srv.Close()
		s, err := RecordShapes(context.Background(), Options{Token: "t", BaseURL: srv.URL, Rate: fast, RetryWaitFactor: 1e-9})
		var auth *AuthError
		switch {
		case status == 401 && !errors.As(err, &auth), status == 429 && statusOf(err) != 429, status != 401 && status != 429 && err != nil:
			t.Errorf("%d: %v", status, err)
		case (status == 401 || status == 429) && n.Load() != 4:
			t.Errorf("%d: %d requests", status, n.Load())
		}
		for _, x := range s.Answers {
			if strings.Contains(x.Answer, "refused") {
				t.Errorf("%d: %s %s", status, x.Question, x.Answer)
			}
		}
	}
}

func TestShapeOfValues(t *testing.T) {
	s := newShape()
	for _, text := range []string{
		`{"id": "P1", "type": "trigger_log_entry", "n": 1, "at": "2026-01-01T00:00:00Z", "channel": null, "teams": []}`,
		`{"id": "P2", "type": "zaphod", "n": null, "at": "2026-01-01T00:00:00.5+02:00", "channel": {"type": "auto", "zaphod": 1}, "teams": [{"id": "T"}, "T"]}`,
		`{"id": "P3", "type": "resolve_log_entry", "n": true, "at": "2026-01-01T00:00:00", "details": {"zaphod": {"summary": 1}, "summary": ""}}`,
	} {
		v, err := decodeValue([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s.add("", v, false)
	}
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"(other keys)":"boolean | null | number","at":"time in UTC | time with offset, with a fraction | time without zone",` +
		`"channel?":{"(one of)":["null",{"(other keys)":"number","type":"=auto"}]},"details?":{"(other keys)":{"summary":"number"},"summary":"empty string"},` +
		`"id":"string","teams?":[{"(one of)":["string",{"id":"string"}]}],"type":"=resolve_log_entry | =trigger_log_entry | string (no word of the list)"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
