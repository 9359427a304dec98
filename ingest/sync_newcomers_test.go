package ingest

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// newcomer is a trial whose first sync did not list one of the schedules, in a database that is given as a path.
func newcomer(t *testing.T, tr *trial) (path, id string) {
	t.Helper()
	part := *tr.a
	id = part.Schedules[0].ID
	part.Schedules = part.Schedules[1:]
	path = filepath.Join(t.TempDir(), "crywolf.duckdb")
	st := openStore(t, path)
	defer st.Close()
	if _, err := tr.sync(t, st, pagerdutytest.NewHandler(&part, pagerdutytest.WithRate(fast)), nil); err != nil {
		t.Fatal(err)
	}
	return path, id
}

// refusals are what a single read of a schedule can come to without an error of the sync; ID stands for its id.
var refusals = map[string]struct {
	status int
	text   string
}{
	"403":                     {403, `{"error":{"message":"Access Denied","code":2010}}`},
	"404":                     {404, `{"error":{"message":"Not Found","code":2100}}`},
	"400, as for a long time": {400, `{"error":{"message":"Invalid Input Provided","code":2001}}`},
	"no id":                   {200, `{"schedule":{"name":"x"}}`},
	"no entries":              {200, `{"schedule":{"id":"ID","name":"x"}}`},
	"null for the entries":    {200, `{"schedule":{"id":"ID","final_schedule":null}}`},
}

// refusing answers single reads of a schedule as one of the refusals says.
func refusing(how, id string) disturbance {
	return func(_ int, w http.ResponseWriter, r *http.Request) bool {
		hit := r.URL.Path == "/schedules/"+id
		if c := refusals[how]; hit {
			body(c.status, "application/json", strings.ReplaceAll(c.text, "ID", id))(w, r)
		}
		return hit
	}
}

// TestANewcomerThatIsRefused: nothing that comes of reading its past alone ends the sync; what was not read is a gap until
// it is read, alone by the next sync or with the list by one with Full, wherever that cuts its windows.
func TestANewcomerThatIsRefused(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	hows := slices.Sorted(maps.Keys(refusals))
	for _, how := range hows[:repeats(1, len(hows))] {
		t.Run(how, func(t *testing.T) {
			path, id := newcomer(t, tr)
			st := openStore(t, path)
			_, err := tr.sync(t, st, tr.calm, refusing(how, id))
			refused := "SELECT count(*) FROM ledger WHERE scope = '" + id + "' AND state = 'skipped'"
			gaps := one(t, st, refused)
			if err != nil || gaps == "0" {
				t.Fatalf("%s gaps, %v", gaps, err)
			}
			if _, err := tr.sync(t, st, tr.calm, refusing(how, id)); err != nil || one(t, st, refused) != gaps {
				t.Errorf("%s gaps, then %s, %v", gaps, one(t, st, refused), err)
			}
			st.Close()
			kept, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}

			tr.heals(t, path)
			st = openStore(t, path)
			if got := one(t, st, refused); got != "0" {
				t.Errorf("%s of %s gaps are left though the schedule may be read alone", got, gaps)
			}
			st.Close()

			if err := os.WriteFile(path, kept, 0o600); err != nil {
				t.Fatal(err)
			}
			st = openStore(t, path)
			defer st.Close()
			full := *tr
			full.full, full.since = true, tr.since.AddDate(0, 0, -5)
			if _, err := full.sync(t, st, tr.calm, refusing(how, id)); err != nil || one(t, st, refused) != "0" {
				t.Errorf("%s of %s gaps are left though the list has the schedule, %v", one(t, st, refused), gaps, err)
			}
		})
	}
}
