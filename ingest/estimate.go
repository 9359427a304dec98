package ingest

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"
)

// Range is an estimate: what is asked for lies between, likely.
type Range struct{ Low, High int }

func (r Range) plus(o Range) Range { return Range{r.Low + o.Low, r.High + o.High} }

// pages gives how many pages hold so many rows.
func (r Range) pages() Range { return Range{pagesOf(r.Low), pagesOf(r.High)} }

func pagesOf(rows int) int { return max(1, (rows+pageSize-1)/pageSize) }

// Estimate says what a first sync of a period will cost.
type Estimate struct {
	Since, Until      time.Time
	Incidents         Range
	LogEntries        Range
	AlertReads        Range // incidents whose alerts are read, one request each at least
	Requests          Range
	RequestsPerMinute int     // the pace that the limiter will keep
	MinutesLow        float64 // at that pace
	MinutesHigh       float64
	RequestsSpent     int // by the estimate itself; 12 at most
}

// maxProbed is how many of the period's windows are asked for their number of incidents; the others are taken to
// be like them. It keeps the estimate within 12 requests.
const maxProbed = 2

// EstimateSync asks how much there is to read in the period of opts, which without Since is the last 13 weeks. It
// sends 12 requests at most and stores nothing. Errors are those of Sync.
func EstimateSync(ctx context.Context, opts Options) (Estimate, error) {
	if opts.Token == "" {
		return Estimate{}, &AuthError{}
	}
	c, err := newClient(opts)
	if err != nil {
		return Estimate{}, err
	}
	e := &estimator{syncer: &syncer{opts: opts, client: c, book: newNameBook(), rows: map[string]int64{}}}
	out, err := e.run(ctx)
	if err != nil && ctx.Err() != nil {
		return Estimate{}, fmt.Errorf("%w: %w", ErrInterrupted, ctx.Err())
	}
	return out, hideToken(err, opts.Token)
}

// estimator asks for totals, and reads samples where PagerDuty gives none.
type estimator struct{ *syncer }

func (e *estimator) run(ctx context.Context) (Estimate, error) {
	if err := e.syncAbilities(ctx); err != nil {
		return Estimate{}, err
	}
	period := span{e.opts.Since, e.opts.Until}
	if period.to.IsZero() || period.to.After(e.client.now()) {
		period.to = e.client.now()
	}
	if period.from.IsZero() {
		period.from = period.to.Add(-firstSync)
	}
	out := Estimate{Since: period.from, Until: period.to}
	reference, err := e.references(ctx, period)
	if err != nil {
		return out, err
	}
	if out.Incidents, err = e.incidents(ctx, period); err != nil {
		return out, needed("incidents", err)
	}
	if out.LogEntries, err = e.logEntries(ctx, period); err != nil && !notAllowed(err) { // a sync does without them
		return out, err
	}
	if out.AlertReads, err = e.alertReads(ctx, period, out.Incidents); err != nil {
		return out, needed("incidents", err)
	}
	out.Requests = reference.plus(out.Incidents.pages()).plus(out.LogEntries.pages()).plus(out.AlertReads).
		plus(Range{0, segmentsOf(out.Incidents.High) + segmentsOf(out.LogEntries.High)})
	pace := e.client.limiter.perMinute()
	out.RequestsPerMinute = int(pace)
	out.MinutesLow, out.MinutesHigh = float64(out.Requests.Low)/pace, float64(out.Requests.High)/pace
	out.RequestsSpent = e.client.sent
	return out, nil
}

// segmentsOf is how many pages are read twice since a list's cap makes segments.
func segmentsOf(rows int) int { return rows / (listCap - pageSize) }

// references estimates the requests for everything that is not history: one for each of the fixed lists, the
// schedules in chunks, and some for schedules that only /v3 has and incidents older than the period.
func (e *estimator) references(ctx context.Context, period span) (Range, error) {
	fixed := 6 // abilities, priorities, open incidents, maintenance windows, change events, and an end
	out := Range{fixed, fixed}
	for _, kind := range []string{kindUsers, kindTeams, kindServices, kindPolicies, kindSchedules} {
		n, err := e.total(ctx, kind, "/"+kind, nil)
		if err != nil {
			return out, err
		}
		cost := Range{pagesOf(n.Low), pagesOf(n.High)}
		if kind == kindSchedules {
			chunks := len(split(span{period.from.Add(-scheduleLead), period.to}, scheduleChunk))
			cost = Range{cost.Low * chunks, cost.High*chunks + 5*chunks}
		}
		out = out.plus(cost)
	}
	return out.plus(Range{0, 20}), nil
}

// total asks for the number of rows of a list. Where the key may not read it, it is nothing; where PagerDuty
// gives no total, a page or up to ten.
func (e *estimator) total(ctx context.Context, kind, path string, query url.Values) (Range, error) {
	n, err := e.probe(ctx, kind, path, query)
	if notAllowed(err) {
		return Range{}, nil
	}
	if n < 0 {
		return Range{1, 10 * pageSize}, err
	}
	return Range{n, n}, err
}

// probe asks for one row and the total, -1 where there is none.
func (e *estimator) probe(ctx context.Context, kind, path string, query url.Values) (int, error) {
	q := url.Values{"limit": {"1"}, "total": {"true"}}
	for k, v := range query {
		q[k] = v
	}
	body, err := e.client.get(ctx, kindEstimate, path, q, listOf(kind))
	if err != nil {
		return 0, err
	}
	v, _ := decodeValue(body["total"])
	if n, ok := (record{"total": v}).integer("total").(int64); ok {
		return int(n), nil
	}
	return -1, nil
}

func bounds(s span) url.Values {
	return url.Values{"since": {formatTime(s.from)}, "until": {formatTime(s.to)}}
}

// incidents probes the newest windows and scales them up to the period.
func (e *estimator) incidents(ctx context.Context, period span) (Range, error) {
	wins := split(period, longestWindow)
	probed := wins[max(0, len(wins)-maxProbed):]
	sum, length := 0, time.Duration(0)
	for _, win := range probed {
		n, err := e.probe(ctx, kindIncidents, "/incidents", bounds(win))
		if err != nil {
			return Range{}, err
		}
		if n < 0 {
			return e.sample(ctx, kindIncidents, "/incidents", period)
		}
		sum, length = sum+n, length+win.to.Sub(win.from)
	}
	if len(probed) == len(wins) {
		return Range{sum, sum}, nil
	}
	all := float64(sum) * float64(period.to.Sub(period.from)) / float64(length)
	return Range{int(all * 0.7), int(math.Ceil(all * 1.4))}, nil
}

func (e *estimator) logEntries(ctx context.Context, period span) (Range, error) {
	n, err := e.probe(ctx, kindLogEntries, "/log_entries", bounds(period))
	switch {
	case err != nil:
		return Range{}, err
	case n < 0:
		return e.sample(ctx, kindLogEntries, "/log_entries", period)
	}
	return Range{n, n}, nil
}

// sample estimates from a day in the middle of the period: its rows, or how long one page of it lasts.
func (e *estimator) sample(ctx context.Context, kind, path string, period span) (Range, error) {
	middle := period.from.Add(period.to.Sub(period.from) / 2)
	day := span{middle.Add(-12 * time.Hour), middle.Add(12 * time.Hour)}.intersect(period)
	q := bounds(day)
	q.Set("limit", strconv.Itoa(pageSize))
	body, err := e.client.get(ctx, kindEstimate, path, q, listOf(kind))
	if err != nil {
		return Range{}, err
	}
	p, err := e.decodePage(kind, body)
	if err != nil {
		return Range{}, err
	}
	lasts := day.to.Sub(day.from)
	if n := len(p.records); p.more && n > 1 {
		first, _ := p.records[0].time("created_at").(time.Time)
		last, _ := p.records[n-1].time("created_at").(time.Time)
		lasts = max(last.Sub(first).Abs(), time.Second)
	}
	all := float64(p.rows+1) * float64(period.to.Sub(period.from)) / float64(lasts)
	return Range{int(all / 3), int(math.Ceil(all * 3))}, nil
}

// alertReads estimates from a page of the newest incidents how many have alerts to be read.
func (e *estimator) alertReads(ctx context.Context, period span, incidents Range) (Range, error) {
	least := map[AlertsMode]int64{"": 2, AlertsAuto: 2, AlertsAll: 1}[e.opts.Alerts]
	if e.opts.Alerts == AlertsNone || incidents.High == 0 {
		return Range{}, nil
	}
	newest := span{later(period.from, period.to.Add(-longestWindow)), period.to}
	q := bounds(newest)
	q.Set("sort_by", "created_at:desc")
	q.Set("limit", strconv.Itoa(pageSize))
	body, err := e.client.get(ctx, kindEstimate, "/incidents", q, listOf(kindIncidents))
	if err != nil {
		return Range{}, err
	}
	p, err := e.decodePage(kindIncidents, body)
	if err != nil {
		return Range{}, err
	}
	with := 0
	for _, r := range p.records {
		if n, ok := r.integer("alert_counts", "all").(int64); ok && n >= least {
			with++
		}
	}
	low, high := wilson(with, len(p.records))
	return Range{int(low * float64(incidents.Low)), int(math.Ceil(high * float64(incidents.High)))}, nil
}

// wilson is the 95% interval of a share, 0 to 1 where nothing was seen.
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, centre-half), min(1, centre+half)
}
