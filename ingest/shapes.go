package ingest

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"
)

// Shapes is what PagerDuty's answers look like: types and key names, no value. A first real user can send it without
// giving anything of the account away, and it settles what no public recording of the API tells.
type Shapes struct {
	Endpoints []EndpointShape `json:"endpoints"`
	// LogEntries are the shapes of log entries by type; types that are no word of the protocol's list stand together.
	LogEntries map[string]*shape `json:"log_entries_by_type"`
	Answers    []ShapeAnswer     `json:"answers"`
	// MaskedKeyCount is how many keys were not printed since they may be somebody's words.
	MaskedKeyCount int `json:"masked_key_count"`
	RequestCount   int `json:"request_count"`
}

// EndpointShape is what one request was answered with.
type EndpointShape struct {
	Endpoint   string   `json:"endpoint"`   // GET /incidents/{id}
	Parameters []string `json:"parameters"` // names, and values where they are ours
	Status     int      `json:"status"`     // 0: no answer, or one that is no JSON object
	Code       int      `json:"code"`       // PagerDuty's, of an error
	Rows       *int     `json:"rows"`       // null where the answer has no list
	Shape      *shape   `json:"shape"`
}

// ShapeAnswer is an open question about the API, and what was seen.
type ShapeAnswer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// fewRows is how many records a request for shapes asks for: enough to see more than one, few to look at.
const fewRows = "5"

// RecordShapes asks each endpoint once or twice for a few records and keeps of them types and key names only. Errors: that
// of ctx; *AuthError where the token is refused or missing, also on the way; *APIError where its requests are used up; and
// what kept PagerDuty from answering at all.
func RecordShapes(ctx context.Context, opts Options) (Shapes, error) {
	if opts.Token == "" {
		return Shapes{}, &AuthError{}
	}
	c, err := newClient(opts)
	if err != nil {
		return Shapes{}, err
	}
	c.hurry(waitFactor(opts))
	r := &shapeRecorder{client: c, out: Shapes{LogEntries: map[string]*shape{}}}
	err = r.run(ctx)
	r.out.RequestCount = c.sent
	if ctx.Err() != nil {
		return r.out, ctx.Err()
	}
	return r.out, hideToken(err, opts.Token)
}

// shapeRecorder goes from one endpoint to the next. What it needs of records to do so (ids, a time) never reaches out.
type shapeRecorder struct {
	client *client
	out    Shapes
	now    time.Time

	incidents []record
	schedule  string // id of a listed one
	failure   error  // of the last request; nil where it was answered, be it by a refusal
	stopped   error  // after it nothing more is asked: the token was refused, or its requests are used up
}

// seen is what one request brought: its shape to print, its records to go on from.
type seen struct {
	*EndpointShape
	rows []record
	body record
}

// ask sends one request. endpoint is its path with {id} for ids; key is where its records or its record stand.
func (r *shapeRecorder) ask(ctx context.Context, endpoint, id, key string, query url.Values) seen {
	e := &EndpointShape{Endpoint: "GET " + endpoint, Parameters: parameterNames(query)}
	out := seen{EndpointShape: e}
	if r.stopped != nil {
		return out
	}
	path := strings.ReplaceAll(endpoint, "{id}", url.PathEscape(id))
	body, err := r.client.get(ctx, key, path, query, anyObject)
	var auth *AuthError
	var api *APIError
	r.failure = nil
	switch {
	case errors.As(err, &auth):
		e.Status, r.failure, r.stopped = auth.Status, err, err
	case errors.As(err, &api):
		e.Status, e.Code = api.Status, api.Code
		if api.IsRateLimit() {
			r.stopped = err
		}
	case err == nil:
		e.Status, e.Shape = http.StatusOK, newShape()
		out.body = record{}
		for name, raw := range body {
			if v, err := decodeValue(raw); err == nil {
				out.body[name] = v
			}
		}
		r.out.MaskedKeyCount += e.Shape.add("", map[string]any(out.body), false)
		if list, isList := out.body[key].([]any); isList {
			n := len(list)
			e.Rows, out.rows = &n, out.body.objects(key)
		}
	default:
		r.failure = err
	}
	if r.now.IsZero() {
		r.now = r.client.now()
	}
	r.out.Endpoints = append(r.out.Endpoints, *e)
	return out
}

// parameterNames are a query's names, with those values that say nothing of an account.
func parameterNames(query url.Values) []string {
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, v := range query[name] {
			if name == "since" || name == "until" {
				out = append(out, name)
			} else {
				out = append(out, name+"="+v)
			}
		}
	}
	return out
}

func (r *shapeRecorder) run(ctx context.Context) error {
	if r.ask(ctx, "/abilities", "", "abilities", nil); r.failure != nil {
		return r.failure
	}
	few := func(more ...string) url.Values {
		q := url.Values{"limit": {fewRows}}
		for i := 0; i+1 < len(more); i += 2 {
			q.Add(more[i], more[i+1])
		}
		return q
	}
	r.ask(ctx, "/users/me", "", "user", nil)
	r.ask(ctx, "/users", "", kindUsers, few())
	r.ask(ctx, "/teams", "", kindTeams, few())
	r.clamped(r.ask(ctx, "/priorities", "", kindPriorities, url.Values{"limit": {"101"}}))
	r.ask(ctx, "/services", "", kindServices, few("include[]", "integrations"))
	r.ask(ctx, "/escalation_policies", "", kindPolicies, few())
	r.schedules(ctx, few)
	r.history(ctx, few)
	r.ask(ctx, "/maintenance_windows", "", kindMaintenance, few("filter", "all"))
	r.ask(ctx, "/change_events", "", kindChanges, few())
	r.bounds(ctx)
	r.old(ctx)
	r.answerHeaders()
	sort.SliceStable(r.out.Answers, func(i, j int) bool { return r.out.Answers[i].Question < r.out.Answers[j].Question })
	if r.stopped != nil {
		return r.stopped
	}
	return ctx.Err()
}

func (r *shapeRecorder) answer(question, answer string) {
	r.out.Answers = append(r.out.Answers, ShapeAnswer{question, answer})
}

// schedules asks for a day of some schedules, of one of them and of shift-based ones.
func (r *shapeRecorder) schedules(ctx context.Context, few func(...string) url.Values) {
	day := few("include[]", "final_schedule", "include[]", "overrides_subschedule")
	r.window(day, -1, 0)
	list := r.ask(ctx, "/schedules", "", kindSchedules, day)
	answer := "no schedule was listed"
	if list.Status != http.StatusOK {
		answer = refusal(list.Status)
	}
	if len(list.rows) > 0 {
		r.schedule = list.rows[0].text("id")
		if answer = "no: each is read singly"; hasEntries(list.rows[0]) {
			answer = "yes"
		}
	}
	r.answer("3. does the list of schedules have rendered entries?", answer)
	if r.schedule != "" {
		one := url.Values{}
		r.window(one, -1, 0)
		r.ask(ctx, "/schedules/{id}", r.schedule, "schedule", one)
	}
	v3 := r.ask(ctx, "/v3/schedules", "", kindSchedules, few())
	if len(v3.rows) > 0 {
		one := url.Values{"include[]": {"final_schedule"}}
		r.window(one, -1, 0)
		r.ask(ctx, "/v3/schedules/{id}", v3.rows[0].text("id"), "schedule", one)
	}
}

// window sets since and until, in days from now.
func (r *shapeRecorder) window(q url.Values, from, to int) {
	if r.now.IsZero() {
		return
	}
	maps.Copy(q, bounds(span{r.now.AddDate(0, 0, from), r.now.AddDate(0, 0, to)}))
}

// history asks for incidents, log entries and alerts.
func (r *shapeRecorder) history(ctx context.Context, few func(...string) url.Values) {
	q := few("sort_by", "created_at:desc", "include[]", "first_trigger_log_entries", "time_zone", "UTC")
	r.window(q, -30, 0)
	list := r.ask(ctx, "/incidents", "", kindIncidents, q)
	r.incidents = list.rows
	for _, offset := range []string{"0", "5"} {
		q := few("include[]", "channels", "include[]", "incidents", "time_zone", "UTC", "offset", offset)
		r.window(q, -30, 0)
		r.entries(r.ask(ctx, "/log_entries", "", kindLogEntries, q), offset == "0")
	}
	for i, in := range r.incidents {
		if i == 0 {
			r.ask(ctx, "/incidents/{id}", in.text("id"), "incident", nil)
		}
		if i < 2 {
			r.entries(r.ask(ctx, "/incidents/{id}/log_entries", in.text("id"), kindLogEntries, few("include[]", "channels")), false)
			r.ask(ctx, "/incidents/{id}/alerts", in.text("id"), kindAlerts, few())
		}
	}
	r.answerEntries()
}
