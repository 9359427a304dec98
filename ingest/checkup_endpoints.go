package ingest

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// list asks for one record of a list.
func (k *checker) list(ctx context.Context, kind, path string, query url.Values) page {
	q := url.Values{"limit": {"1"}}
	maps.Copy(q, query)
	key := strings.TrimPrefix(kind, "v3_")
	a := k.ask(ctx, kind, path, q, listOf(key))
	var p page
	if a.State == EndpointReadable {
		var err error
		if p, err = k.syncer.decodePage(key, a.body); err != nil {
			a.State, a.Detail = EndpointFailed, "its answer is no list"
		}
		a.Rows = p.rows
		if len(p.unreadable) > 0 {
			a.Detail = "its record can't be read"
		}
		k.note(p)
	}
	k.out.Endpoints = append(k.out.Endpoints, a.EndpointCheck)
	return p
}

// note learns from records whose account this is.
func (k *checker) note(p page) {
	for _, r := range p.records {
		if sub, region, ok := accountOf(r.text("html_url")); ok {
			k.out.Account.Subdomain, k.out.Account.Region = sub, region
		}
	}
}

// last is the check made last.
func (k *checker) last() *EndpointCheck { return &k.out.Endpoints[len(k.out.Endpoints)-1] }

// identify asks whose the token is: only a user's own key has a user.
func (k *checker) identify(ctx context.Context) {
	a := k.ask(ctx, "user_me", "/users/me", nil, objectOf("user", ""))
	switch {
	case a.State == EndpointReadable:
		k.out.TokenKind, k.out.Role = "user", "other"
		r, bad := k.syncer.decodeRecord(kindUsers, a.body["user"])
		if bad != nil {
			return
		}
		if _, known := tokenRoles[r.text("role")]; known {
			k.out.Role = r.text("role")
		}
		k.note(page{records: []record{r}})
	case a.Status == http.StatusBadRequest, a.Status == http.StatusNotFound:
		k.out.TokenKind = "account"
	}
}

// incidents asks for the latest incident, of all times where the last month has none.
func (k *checker) incidents(ctx context.Context, month url.Values) {
	q := url.Values{"sort_by": {"created_at:desc"}}
	maps.Copy(q, month)
	p := k.list(ctx, kindIncidents, "/incidents", q)
	if c := k.last(); c.State == EndpointReadable && c.Rows == 0 {
		k.out.Endpoints = k.out.Endpoints[:len(k.out.Endpoints)-1]
		p = k.list(ctx, kindIncidents, "/incidents", url.Values{"date_range": {"all"}, "sort_by": {"created_at:desc"}})
	}
	if len(p.records) > 0 {
		k.incident = p.records[0].text("id")
	}
}

func (k *checker) alerts(ctx context.Context) {
	if k.incident == "" {
		k.out.Endpoints = append(k.out.Endpoints, EndpointCheck{Kind: kindAlerts, State: EndpointNotTried, Detail: "no incident to ask for"})
		return
	}
	k.list(ctx, kindAlerts, "/incidents/"+url.PathEscape(k.incident)+"/alerts", nil)
}

// schedules asks for a day of one schedule, as a sync does.
func (k *checker) schedules(ctx context.Context) {
	q := url.Values{"include[]": {"final_schedule"}}
	if now := k.out.ServerTime; !now.IsZero() {
		maps.Copy(q, bounds(span{now.AddDate(0, 0, -1), now}))
	}
	p := k.list(ctx, kindSchedules, "/schedules", q)
	if len(p.records) == 0 {
		return
	}
	if k.last().Detail = "rendered in the list"; !hasEntries(p.records[0]) {
		k.last().Detail = "not rendered in the list: each is read singly"
	}
	if p.records[0].text("time_zone") == "" {
		k.last().Detail += ", without a time zone"
	}
}

func (k *checker) users(ctx context.Context) {
	p := k.list(ctx, kindUsers, "/users", nil)
	if len(p.records) == 0 {
		return
	}
	if k.last().Detail = "with time zones"; p.records[0].text("time_zone") == "" {
		k.last().Detail = "without a time zone"
	}
}
