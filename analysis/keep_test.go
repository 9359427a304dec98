package analysis

import (
	"context"
	"database/sql"
	"reflect"
	"regexp"
	"testing"
	"time"

	"crywolf/queries"
)

// pagedFacts are random facts, derived, and when the first and the last page was.
func pagedFacts(t *testing.T) (db *sql.DB, since, until time.Time) {
	t.Helper()
	db = newFacts(t)
	newRandomFacts(t, db, 7)
	mustDerive(t, db, DeriveOptions{})
	if err := db.QueryRow(`SELECT min(paged_at), max(paged_at) FROM notified_pairs`).Scan(&since, &until); err != nil {
		t.Fatal(err)
	}
	return db, since, until
}

// TestKeptAnswersAreTheSame: a session that keeps what several questions ask gives the same answers, whatever was asked
// before, also where periods take turns; with exclusions and labels.
func TestKeptAnswersAreTheSame(t *testing.T) {
	ctx := context.Background()
	db, since, until := pagedFacts(t)
	middle := since.Add(until.Sub(since) / 2)
	periods := []Period{{since, middle}, {since, until}}
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{Kind: "title", Pattern: "cert"}}
	settings.Labels = []Label{{IncidentID: "none", Label: "actionable", At: since}}
	want := map[string]Result{}
	plain := newSession(t, db, settings)
	for _, m := range plain.Metrics() {
		for _, p := range periods {
			r, err := plain.Run(ctx, m.Name, p)
			if err != nil {
				t.Fatal(err)
			}
			want[m.Name+p.Until.String()+p.Since.String()] = r
		}
	}
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	keeping, err := Open(ctx, db, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer keeping.Close()
	keeping.Keep(nil)
	rows := 0
	for range 2 { // the second time everything is kept
		for _, m := range keeping.Metrics() {
			for _, p := range periods {
				got, err := keeping.Run(ctx, m.Name, p)
				if err != nil {
					t.Fatal(err)
				}
				rows += len(got.Rows)
				if w := want[m.Name+p.Until.String()+p.Since.String()]; !reflect.DeepEqual(got, w) {
					t.Errorf("%s of %v:\n got %v\nwant %v", m.Name, p, got.Rows, w.Rows)
				}
			}
		}
	}
	if rows < 100 {
		t.Errorf("%d rows compared: too few to tell anything", rows)
	}
	// What somebody asks in their own words, of any time, is worked out as ever.
	free := `SELECT count(*) FROM page_in(TIMESTAMP '1970-01-01', TIMESTAMP '2200-01-01')`
	all, err := keeping.RunSQL(ctx, free, periods[0])
	if err != nil {
		t.Fatal(err)
	}
	half, err := keeping.RunSQL(ctx, `SELECT count(*) FROM page_in($since, $until)`, periods[0])
	if err != nil {
		t.Fatal(err)
	}
	if n, m := all.Rows[0][0].(int64), half.Rows[0][0].(int64); n <= m {
		t.Errorf("%d pages in all and %d in half of the time", n, m)
	}
}

// TestKeptViewsAreAskedForThePeriodAlone: a kept view holds one period's rows, so nothing may ask it for another one.
func TestKeptViewsAreAskedForThePeriodAlone(t *testing.T) {
	views := viewDefinitions()
	texts := map[string]string{}
	for name, v := range views {
		texts[name] = v.statement
	}
	metrics, err := Load(queries.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range metrics {
		texts[m.Name+".sql"] = m.SQL
	}
	explanations, err := explainFiles.ReadDir("explain")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range explanations {
		text, err := explainFiles.ReadFile("explain/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name()] = string(text)
	}
	for _, q := range noteQueries {
		texts["note "+q.code] = q.query
	}
	calls := 0
	for _, name := range keptViews {
		if _, ok := views[name]; !ok {
			t.Errorf("no view is called %s", name)
		}
		if !views[name].isOfPeriod {
			continue
		}
		call := regexp.MustCompile(`\b` + name + `\(([^)]*)\)`)
		for where, text := range texts {
			for _, m := range call.FindAllStringSubmatch(text, -1) {
				calls++
				if m[1] != "since, until" && m[1] != "$since, $until" {
					t.Errorf("%s asks %s, which may be kept of one period alone", where, m[0])
				}
			}
		}
	}
	if calls < 50 {
		t.Errorf("found %d calls only", calls)
	}
}
