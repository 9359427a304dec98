package reports

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dress is a document in one format, and how it is made.
type dress struct {
	format Format
	wide   bool
}

func (d dress) String() string {
	if d.wide {
		return string(d.format) + " --wide"
	}
	return string(d.format)
}

// dresses are the formats of a report, noisyDresses those of the list of noisy alerts, auditDresses those of an audit;
// people read all but the last two.
var (
	dresses      = []dress{{HTML, true}, {Table, true}, {Table, false}, {Markdown, true}, {Markdown, false}, {HTML, false}, {JSON, true}, {CSV, true}}
	noisyDresses = []dress{{HTML, false}, {Table, true}, {Table, false}, {Markdown, false}, {JSON, true}, {CSV, true}}
	auditDresses = []dress{{HTML, false}, {Table, true}, {Table, false}, {Markdown, false}, {JSON, true}, {CSV, true}}
)

func (d dress) forPeople() bool { return d.format != JSON && d.format != CSV }

func (d dress) report(t *testing.T, r *Report) string {
	t.Helper()
	return render(t, r, d.format, Options{Wide: d.wide})
}

func (d dress) noisy(t *testing.T, n *Noisy) string {
	t.Helper()
	var b strings.Builder
	if err := RenderNoisy(&b, n, d.format, Options{Wide: d.wide}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (d dress) audit(t *testing.T, a *Audit) string {
	t.Helper()
	return renderAudit(t, a, d.format, Options{Wide: d.wide})
}

// comparable is the printed text; of JSON what it means, since a byte that is no text is written in two ways.
func (d dress) comparable(t *testing.T, printed string) any {
	t.Helper()
	if d.format == JSON {
		return parsed(t, printed)
	}
	return printed
}

// reportsOfAllKinds are the filled report, one of which hardly anything is known, and those of the golden files.
func reportsOfAllKinds() map[string]func() *Report {
	return map[string]func() *Report{
		"filled": filledReport,
		"odd":    sample,
		"partial": func() *Report {
			r := filledReport()
			r.Data.Complete, r.Rotations[0].Before, r.Rotations[0].Comparison, r.Rotations[0].Change = false, nil, nil, nil
			r.Rotations[1].Spread, r.BeforePeriod, r.Data.SyncedUntil = nil, nil, nil
			return r
		},
		"bare": func() *Report {
			return &Report{SchemaVersion: SchemaVersion, Period: sample().Period, Rotations: []Rotation{{ID: "P1", Name: "one"}, {ID: "P2"}}}
		},
		"empty": func() *Report { return &Report{SchemaVersion: SchemaVersion, Period: sample().Period} },
	}
}

func noisiesOfAllKinds() map[string]func() *Noisy {
	return map[string]func() *Noisy{
		"filled": filledNoisy,
		"odd":    noisySample,
		"empty":  func() *Noisy { return &Noisy{SchemaVersion: SchemaVersion, Period: sample().Period} },
	}
}

func auditsOfAllKinds(t *testing.T) map[string]func() *Audit {
	return map[string]func() *Audit{
		"filled": filledAudit,
		"odd":    func() *Audit { return auditSample(t) },
		"empty":  func() *Audit { return &Audit{SchemaVersion: SchemaVersion, Period: sample().Period} },
	}
}

// TestJSONCarriesAllThatIsPrinted reads the JSON document back and prints it in every format: not a byte differs from
// what is printed directly. So nothing that people read stands beside the document, but for its Context.
func TestJSONCarriesAllThatIsPrinted(t *testing.T) {
	for name, makeOne := range reportsOfAllKinds() {
		byWayOfJSON(t, name+" report", dresses, makeOne, dress.report, func(r *Report) *Context { return &r.Context })
	}
	for name, makeOne := range noisiesOfAllKinds() {
		byWayOfJSON(t, name+" list", noisyDresses, makeOne, dress.noisy, func(n *Noisy) *Context { return &n.Context })
	}
	for name, makeOne := range auditsOfAllKinds(t) {
		byWayOfJSON(t, name+" audit", auditDresses, makeOne, dress.audit, func(a *Audit) *Context { return &a.Context })
	}
}

func byWayOfJSON[T any](t *testing.T, what string, dresses []dress, makeOne func() *T, printed func(dress, *testing.T, *T) string, context func(*T) *Context) {
	t.Helper()
	back := new(T)
	if err := json.Unmarshal([]byte(printed(dress{JSON, true}, t, makeOne())), back); err != nil {
		t.Fatal(err)
	}
	*context(back) = *context(makeOne())
	for _, d := range dresses {
		if diff := cmp.Diff(d.comparable(t, printed(d, t, makeOne())), d.comparable(t, printed(d, t, back))); diff != "" {
			t.Errorf("the %s as %s, direct and by way of JSON:\n%s", what, d, diff)
		}
	}
}
