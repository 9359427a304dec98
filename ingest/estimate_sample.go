package ingest

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"time"
)

// olderIncidents estimates how many incidents from before the period something happened to in it: the history of each is
// read on its own. It looks at a page of the period's first day, after which few come.
func (e *estimator) olderIncidents(ctx context.Context, period span) (Range, error) {
	day := span{period.from, earlier(period.to, period.from.Add(24*time.Hour))}
	q := bounds(day)
	q.Add("include[]", "incidents")
	p, err := e.list(ctx, kindLogEntries, kindEstimate, "/log_entries", q)
	if notAllowed(err) {
		return Range{}, nil
	}
	if err != nil {
		return Range{}, err
	}
	sure, maybe := map[string]bool{}, map[string]bool{}
	for _, r := range p.records {
		in := r.object("incident")
		created, known := in.time("created_at").(time.Time)
		switch id := in.idText("id"); {
		case id == "" || known && !created.Before(period.from):
		case known:
			sure[id] = true
		default: // a reference, which does not say since when
			maybe[id] = true
		}
	}
	return Range{len(sure), len(sure) + len(maybe) + 2}, nil
}

// alertReads estimates from pages of incidents, spread over the newest window, how many requests for alerts there are.
func (e *estimator) alertReads(ctx context.Context, period span, incidents, older Range) (Range, error) {
	least := map[AlertsMode]int64{"": 2, AlertsAuto: 2, AlertsAll: 1}[e.opts.Alerts]
	if e.opts.Alerts == AlertsNone || incidents.High == 0 {
		return Range{}, nil
	}
	newest := span{later(period.from, period.to.Add(-longestWindow)), period.to}
	sample := e.sample
	for _, offset := range sampleOffsets(e.newest, maxSpent-e.client.sent) {
		q := bounds(newest)
		q.Set("sort_by", "created_at:desc")
		q.Set("offset", strconv.Itoa(offset))
		p, err := e.list(ctx, kindIncidents, kindEstimate, "/incidents", q)
		if err != nil {
			return Range{}, err
		}
		sample = append(sample, p.records...)
	}
	seen, with, requests := len(sample), 0, 0
	for _, r := range sample {
		if n, ok := r.integer("alert_counts", "all").(int64); ok && n >= least {
			with++
			requests += pagesOf(int(min(n, maxAlerts)))
		}
	}
	if seen >= incidents.High {
		return Range{requests, requests + older.High}, nil
	}
	// Neighbours are alike, so a page says less than its number of incidents: half, here.
	low, high := wilson(float64(with)/2, float64(seen)/2)
	each := float64(requests) / float64(max(1, with))
	return Range{int(low * each * float64(incidents.Low)), int(math.Ceil(high*max(1, each)*float64(incidents.High))) + older.High}, nil
}

// sampleOffsets are where further pages of a list are read, whose first is: all of them where that takes no more than
// the given number of requests, else the middles of equal parts. Where its length is not known, none.
func sampleOffsets(rows Range, requests int) []int {
	if rows.Low < rows.High {
		return nil
	}
	var out []int
	if more := pagesOf(rows.Low) - 1; more <= requests {
		for i := range more {
			out = append(out, (i+1)*pageSize)
		}
		return out
	}
	rest := min(rows.Low, listCap) - pageSize
	for i := range requests {
		out = append(out, pageSize/2+(2*i+1)*rest/(2*requests))
	}
	return out
}

// wilson is the 95% interval of a share, 0 to 1 where nothing was seen.
func wilson(k, n float64) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p := k / n
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, centre-half), min(1, centre+half)
}

// bounds are a list's parameters for a span.
func bounds(s span) url.Values {
	return url.Values{"since": {formatTime(s.from)}, "until": {formatTime(s.to)}}
}
