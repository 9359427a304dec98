package ingest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
)

// The questions have the numbers under which the notes on the API list what is not verified.

// unlistedType stands for log entries of types that the list does not have.
const unlistedType = "(types that are not listed)"

// entries sorts log entries by type and, of the account's list, looks at the incidents inside them.
func (r *shapeRecorder) entries(list seen, embedded bool) {
	for _, e := range list.rows {
		kind := e.text("type")
		if !shapeWords["values"][kind] {
			kind = unlistedType
		}
		if r.out.LogEntries[kind] == nil {
			r.out.LogEntries[kind] = newShape()
		}
		r.out.LogEntries[kind].add("", map[string]any(e), false) // its masked keys were counted with the page
	}
	if !embedded {
		return
	}
	whole := 0
	for _, e := range list.rows {
		if isWholeIncident(e.object("incident")) {
			whole++
		}
	}
	r.answer("2. does include[]=incidents give whole incidents in log entries?", fmt.Sprintf("in %d of %d entries", whole, len(list.rows)))
}

// answerEntries says what notify entries look like and which types were met.
func (r *shapeRecorder) answerEntries() {
	notify := r.out.LogEntries[typeNotify]
	answer := "no notify entry was among those read: run this again after a page"
	if notify != nil {
		var parts []string
		for _, key := range []string{"type", "status"} {
			words, others := notify.at("channel", "notification", key).words()
			if others {
				words = append(words, "words that are not listed")
			}
			if len(words) == 0 {
				words = []string{"none"}
			}
			parts = append(parts, key+": "+strings.Join(words, ", "))
		}
		answer = strings.Join(parts, "; ")
	}
	r.answer("1. what does channel.notification of a notify entry hold?", answer)
	var met []string
	for kind := range r.out.LogEntries {
		met = append(met, strings.TrimSuffix(kind, "_log_entry"))
	}
	sort.Strings(met)
	r.answer("6. which types of log entries are there?", "among those read: "+strings.Join(met, ", "))
}

// refusal tells of an answer other than 200 whether it says something about the API, or only of trouble on the way.
func refusal(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
		return fmt.Sprintf("refused (%d)", status)
	case 0:
		return "not known: there was no answer"
	}
	return fmt.Sprintf("not known: PagerDuty answered %d", status)
}

// clamped tells what becomes of a limit that is too high.
func (r *shapeRecorder) clamped(list seen) {
	answer := refusal(list.Status)
	if list.Status == http.StatusOK {
		answer = "taken, and echoed as another number"
		switch echoed, _ := list.body.integer("limit").(int64); echoed {
		case 0:
			answer = "taken, and not echoed"
		case 100:
			answer = "clamped to 100"
		case 101:
			answer = "taken and echoed as it is"
		}
	}
	r.answer("9. is a limit above 100 clamped or refused?", answer)
}

// bounds tells whether the ends of a window belong to it, by an incident of which the second is known.
func (r *shapeRecorder) bounds(ctx context.Context) {
	answer := "no incident to ask for"
	if len(r.incidents) > 0 {
		in := r.incidents[0]
		at, ok := in.time("created_at").(time.Time)
		var said []string
		for _, c := range []struct {
			name     string
			from, to time.Time
		}{{"since", at, at.Add(time.Second)}, {"until", at.Add(-time.Second), at}} {
			q := bounds(span{c.from, c.to})
			q.Set("limit", fewRows)
			list := r.ask(ctx, "/incidents", "", kindIncidents, q)
			found := "excluded"
			for _, other := range list.rows {
				if other.text("id") == in.text("id") {
					found = "included"
				}
			}
			if list.Status != http.StatusOK {
				found = refusal(list.Status)
			}
			said = append(said, c.name+": "+found)
		}
		if answer = strings.Join(said, ", "); !ok || at.Nanosecond() != 0 {
			answer = "not known: times have fractions of a second"
		}
	}
	r.answer("5. does a record at the very bound of a window belong to it?", answer)
}

// old tells how far back schedules are rendered and log entries kept.
func (r *shapeRecorder) old(ctx context.Context) {
	answer := "no schedule to ask for"
	if r.schedule != "" {
		q := url.Values{}
		r.window(q, -400, -370)
		one := r.ask(ctx, "/schedules/{id}", r.schedule, "schedule", q)
		answer = refusal(one.Status)
		if one.Status == http.StatusOK {
			answer = "answered without entries"
			if entries, _ := one.body.at("schedule", "final_schedule", "rendered_schedule_entries").([]any); len(entries) > 0 {
				answer = "rendered"
			}
		}
	}
	r.answer("4. is a month of a schedule of a year ago rendered?", answer)
	q := url.Values{"limit": {"1"}}
	r.window(q, -400, -370)
	list := r.ask(ctx, "/log_entries", "", kindLogEntries, q)
	answer = refusal(list.Status)
	switch {
	case list.Status != http.StatusOK:
	case len(list.rows) > 0:
		answer = "yes"
	default:
		answer = "none: they are not kept, or nothing happened then"
	}
	r.answer("7. are log entries of a year ago kept?", answer)
	r.answer("8. do the Analytics endpoints take a read-only key?", "not asked: crywolf sends nothing but GET")
}

// answerHeaders tells whether the rate headers are there.
func (r *shapeRecorder) answerHeaders() {
	b := r.client.limiter.budget()
	var there []string
	for i, n := range []int{b.Limit, b.Left, b.ResetSeconds} {
		if n >= 0 {
			there = append(there, [...]string{"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}[i])
		}
	}
	answer := "none"
	if len(there) > 0 {
		answer = strings.Join(there, ", ")
	}
	r.answer("which rate headers are there?", answer)
}
