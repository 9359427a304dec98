package pagerdutytest

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	defaultLimit   = 25
	maximumLimit   = 100
	maximumV3Limit = 1000
)

// request is one GET with its parameters.
type request struct {
	h  *handler
	ix *index
	q  url.Values
	id string // the {id} of the path
}

// list returns all values of an array parameter such as statuses[].
func (r *request) list(name string) []string {
	return append(slices.Clone(r.q[name+"[]"]), r.q[name]...)
}

// view makes a view with the request's includes; zone is the endpoint's
// default, which time_zone overrides.
func (r *request) view(zone *time.Location) (*view, *apiError) {
	if name := r.q.Get("time_zone"); name != "" {
		asked, ok := lookupZone(name)
		if !ok {
			return nil, invalidInput("Time zone is invalid")
		}
		zone = asked
	}
	v := r.ix.view(zone, r.list("include")...)
	v.plain = r.h.plainIncludes
	v.overflow = r.q.Get("overflow") == "true"
	return v, nil
}

// time reads a time parameter; nil if it is absent. A time without an offset
// is in the account's zone.
func (r *request) time(name string) (*time.Time, *apiError) {
	text := r.q.Get(name)
	if text == "" {
		return nil, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return &t, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, r.ix.zone); err == nil {
			return &t, nil
		}
	}
	return nil, invalidInput(name + " is not a valid date")
}

// bounds reads since and until.
func (r *request) bounds() (since, until *time.Time, _ *apiError) {
	since, err := r.time("since")
	if err != nil {
		return nil, nil, err
	}
	until, err = r.time("until")
	if err != nil {
		return nil, nil, err
	}
	if since != nil && until != nil && until.Before(*since) {
		return nil, nil, invalidInput("since cannot be after until")
	}
	return since, until, nil
}

// incidentWindow applies the traps of /incidents: one missing bound makes a
// month from the other one, both missing the last month.
func (r *request) incidentWindow() (span, *apiError) {
	since, until, err := r.bounds()
	switch {
	case err != nil:
		return span{}, err
	case since == nil && until == nil:
		return span{r.h.clock().AddDate(0, -1, 0), r.h.clock()}, nil
	case until == nil:
		return span{*since, since.AddDate(0, 1, 0)}, nil
	case since == nil:
		return span{until.AddDate(0, -1, 0), *until}, nil
	}
	return span{*since, *until}, nil
}

// openWindow is a window whose missing bounds do not limit it.
func (r *request) openWindow() (span, *apiError) {
	since, until, err := r.bounds()
	s := span{time.Unix(0, 0), time.Unix(1<<33, 0)}
	if since != nil {
		s.since = *since
	}
	if until != nil {
		s.until = *until
	}
	return s, err
}

// paging reads limit and offset, clamps the limit and checks the cap.
func (r *request) paging(maximum, standard int) (limit, offset int, _ *apiError) {
	limit, offset = standard, 0
	if text := r.q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return 0, 0, invalidInput("Limit must be a positive integer")
		}
		limit = min(n, maximum)
	}
	if text := r.q.Get("offset"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, 0, invalidInput("Offset must be a non-negative integer")
		}
		offset = n
	}
	if offset+limit > r.h.cap {
		return 0, 0, badArguments("Offset+limit exceeds maximum allowed value of " + itoa(r.h.cap))
	}
	return limit, offset, nil
}
