package ingest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/url"
	"strconv"
	"strings"
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

const (
	// maxSpent is the most requests that an estimate takes.
	maxSpent = 12
	// maxProbed is how many of the period's windows are asked for their number of incidents; the others are taken to
	// be like them.
	maxProbed = 2
)

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
type estimator struct {
	*syncer
	sample []record // incidents, the newest first
	newest Range    // how many incidents the newest window has
}

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
	older, err := e.olderIncidents(ctx, period)
	if err != nil {
		return out, err
	}
	if out.AlertReads, err = e.alertReads(ctx, period, out.Incidents, older); err != nil {
		return out, needed("incidents", err)
	}
	out.Requests = reference.plus(out.Incidents.pages()).plus(out.LogEntries.pages()).plus(older).plus(out.AlertReads).
		plus(Range{0, segmentsOf(out.Incidents.High) + segmentsOf(out.LogEntries.High)})
	pace := e.client.limiter.perMinute()
	out.RequestsPerMinute = int(pace)
	out.MinutesLow, out.MinutesHigh = float64(out.Requests.Low)/pace, float64(out.Requests.High)/pace
	out.RequestsSpent = e.client.sent
	return out, nil
}

// segmentsOf is how many pages are read twice since a list's cap makes segments.
func segmentsOf(rows int) int { return rows / (listCap - pageSize) }

// references estimates the requests for everything that is not history: one for each of the short lists, the
// schedules in chunks, and as many for each schedule that only /v3 has.
func (e *estimator) references(ctx context.Context, period span) (Range, error) {
	out := Range{4, 4} // abilities, priorities, open incidents, maintenance windows
	for _, kind := range []string{kindUsers, kindTeams, kindServices} {
		n, err := e.total(ctx, kind, "/"+kind, nil)
		if err != nil {
			return out, err
		}
		out = out.plus(n.pages())
	}
	changes, err := e.total(ctx, kindChanges, "/change_events", bounds(period))
	if err != nil {
		return out, err
	}
	policies, policiesTotal, err := e.first(ctx, kindPolicies, "/escalation_policies", nil)
	if err != nil && !notAllowed(err) {
		return out, err
	}
	schedules, schedulesTotal, err := e.first(ctx, kindSchedules, "/schedules", nil)
	out = out.plus(changes.pages()).plus(policiesTotal.pages())
	if notAllowed(err) { // a sync asks once, too
		return out.plus(Range{1, 1}), nil
	}
	if err != nil {
		return out, err
	}
	chunks := len(split(span{period.from.Add(-scheduleLead), period.to}, scheduleChunk))
	perChunk := schedulesTotal.pages().plus(unlisted(policies, schedules))
	return out.plus(Range{perChunk.Low * chunks, perChunk.High * chunks}), nil
}

// unlisted counts the schedules that policies target and the list does not have: they are read one by one. It looks at
// the first page of each.
func unlisted(policies, schedules page) Range {
	listed, missing := map[string]bool{}, map[string]bool{}
	for _, r := range schedules.records {
		listed[r.idText("id")] = true
	}
	for _, p := range policies.records {
		for _, rule := range p.objects("escalation_rules") {
			for _, target := range rule.objects("targets") {
				if id := target.idText("id"); strings.HasPrefix(target.text("type"), "schedule") && !listed[id] {
					missing[id] = true
				}
			}
		}
	}
	out := Range{len(missing), len(missing)}
	if schedules.more {
		out.Low = 0
	}
	if policies.more {
		out.High += 5
	}
	return out
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

// first reads the first page of a list, and how many rows the list has.
func (e *estimator) first(ctx context.Context, kind, path string, query url.Values) (page, Range, error) {
	q := url.Values{"limit": {strconv.Itoa(pageSize)}, "total": {"true"}}
	maps.Copy(q, query)
	body, err := e.client.get(ctx, kindEstimate, path, q, listOf(kind))
	if err != nil {
		return page{}, Range{}, err
	}
	p, err := e.decodePage(kind, body)
	n := totalOf(body)
	switch {
	case n >= 0:
		return p, Range{n, n}, err
	case p.more:
		return p, Range{p.rows + 1, 10 * pageSize}, err
	}
	return p, Range{p.rows, p.rows}, err
}

// probe asks for one row and the total, -1 where there is none.
func (e *estimator) probe(ctx context.Context, kind, path string, query url.Values) (int, error) {
	q := url.Values{"limit": {"1"}, "total": {"true"}}
	maps.Copy(q, query)
	body, err := e.client.get(ctx, kindEstimate, path, q, listOf(kind))
	if err != nil {
		return 0, err
	}
	return totalOf(body), nil
}

// totalOf is a list's number of rows, -1 where it is not told.
func totalOf(body fields) int {
	v, _ := decodeValue(body["total"])
	if n, ok := (record{"total": v}).integer("total").(int64); ok {
		return int(n)
	}
	return -1
}

// incidents probes the newest windows and scales them up to the period.
func (e *estimator) incidents(ctx context.Context, period span) (Range, error) {
	wins := split(period, longestWindow)
	probed := wins[max(0, len(wins)-maxProbed):]
	sum, length := 0, time.Duration(0)
	for _, win := range probed {
		q := bounds(win)
		q.Set("sort_by", "created_at:desc")
		p, n, err := e.first(ctx, kindIncidents, "/incidents", q)
		if err != nil {
			return Range{}, err
		}
		if e.sample, e.newest = p.records, n; n.Low < n.High {
			return e.scaled(ctx, kindIncidents, "/incidents", period)
		}
		sum, length = sum+n.Low, length+win.to.Sub(win.from)
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
		return e.scaled(ctx, kindLogEntries, "/log_entries", period)
	}
	return Range{n, n}, nil
}

// scaled estimates from a day in the middle of the period: its rows, or how long one page of it lasts.
func (e *estimator) scaled(ctx context.Context, kind, path string, period span) (Range, error) {
	middle := period.from.Add(period.to.Sub(period.from) / 2)
	day := span{middle.Add(-12 * time.Hour), middle.Add(12 * time.Hour)}.intersect(period)
	p, err := e.list(ctx, kind, kindEstimate, path, bounds(day))
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
