package ingest

import (
	"net/http"
	"path/filepath"
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

// TestANewcomerThatIsRefused: nothing that comes of reading its past alone ends the sync; what was not read is a gap.
func TestANewcomerThatIsRefused(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	for how := range refusals {
		t.Run(how, func(t *testing.T) {
			path, id := newcomer(t, tr)
			st := openStore(t, path)
			_, err := tr.sync(t, st, tr.calm, refusing(how, id))
			gaps := one(t, st, "SELECT count(*) FROM ledger WHERE scope = '"+id+"' AND state = 'skipped'")
			st.Close()
			if err != nil || gaps == "0" {
				t.Fatalf("%s gaps, %v", gaps, err)
			}
		})
	}
}
