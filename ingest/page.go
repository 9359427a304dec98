package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// page is one answer of a list.
type page struct {
	records    []record
	unreadable []unreadable
	clocks     []time.Time // created_at of each row in the order of the list; zero where it can't be read
	rows       int         // records of both sorts
	more       bool
	cut        string // why the list is not whole: it broke off, or is longer than PagerDuty gives
}

// unreadable is what is kept of a record that can't be read.
type unreadable struct {
	kind   string
	id     any
	shape  string
	digest string
	row    int  // its place in the page
	made   span // when it was made, as far as that is known: a bound may be zero
}

// needsTime are the kinds whose records are of no use without the time at which they were made.
var needsTime = map[string]bool{kindIncidents: true, kindLogEntries: true, kindAlerts: true}

// list reads one page of a list. kind is what the records are, counted says what the request is counted as.
func (s *syncer) list(ctx context.Context, kind, counted, path string, query url.Values) (page, error) {
	q := url.Values{"limit": {strconv.Itoa(pageSize)}}
	for k, v := range query {
		q[k] = v
	}
	body, err := s.client.get(ctx, counted, path, q, listOf(kind))
	if err != nil {
		return page{}, err
	}
	return s.decodePage(kind, body)
}

// fields are the top-level fields of an answer.
type fields map[string]json.RawMessage

// countRows tells how many records a page has, and whether more follow, without decoding them.
func countRows(body fields, kind string) (n int, more bool) {
	var raws []json.RawMessage
	if json.Unmarshal(body[kind], &raws) != nil {
		return 0, false
	}
	return len(raws), moreFollow(body, len(raws))
}

// moreFollow tells whether rows follow the page. Where PagerDuty does not say so in a way that can be read, they do as
// long as there are any: a list that is taken to end early loses rows in silence, one request too many costs nothing.
func moreFollow(body fields, rows int) bool {
	head := record{}
	for _, k := range []string{"more", "total", "offset"} {
		if v, err := decodeValue(body[k]); err == nil {
			head[k] = v
		}
	}
	if more, told := head.flag("more").(bool); told {
		return more
	}
	if total, ok := head.integer("total").(int64); ok { // old bodies have a total instead
		offset, _ := head.integer("offset").(int64)
		return offset+int64(rows) < total && rows > 0
	}
	return rows > 0
}

// decodePage reads each record by itself. Nothing that a record may hold stops the page.
func (s *syncer) decodePage(kind string, body fields) (page, error) {
	var raws []json.RawMessage
	if err := json.Unmarshal(body[kind], &raws); err != nil {
		return page{}, fmt.Errorf("%q in PagerDuty's answer is not a list", kind)
	}
	p := page{rows: len(raws), clocks: make([]time.Time, len(raws))}
	for i, raw := range raws {
		r, bad := s.decodeRecord(kind, raw)
		if bad != nil {
			bad.row = i
			p.unreadable = append(p.unreadable, *bad)
			continue
		}
		p.records = append(p.records, r)
		p.clocks[i], _ = r.time("created_at").(time.Time)
	}
	p.placeUnreadable(span{}, newestFirst(kind))
	if p.rows >= tooMany && len(p.records) == 0 {
		return page{}, fmt.Errorf("none of the %d records under %q in PagerDuty's answer can be read", p.rows, kind)
	}
	p.more = moreFollow(body, p.rows)
	return p, nil
}

// tooMany is the number of records above which a page of nothing but unreadable ones is no page of odd records: going
// on would empty the history in silence.
const tooMany = 10

// decodeRecord reads one record and notes the people in it. Whatever goes wrong makes it unreadable, a panic too.
func (s *syncer) decodeRecord(kind string, raw json.RawMessage) (r record, bad *unreadable) {
	var v any
	defer func() {
		if recover() != nil {
			r, bad = nil, describe(kind, v, raw)
		}
	}()
	v, err := decodeValue(raw)
	m, isObject := v.(map[string]any)
	if err != nil || !isObject {
		return nil, describe(kind, v, raw)
	}
	r = m
	if r.id("id") == nil || needsTime[kind] && r.time("created_at") == nil {
		return nil, describe(kind, v, raw)
	}
	if kind != kindUsers { // a listed user is a person itself, and is read as one
		s.book.collectNames("", m)
	}
	return r, nil
}

// describe keeps of a record its types and key names, and a digest by which reading it twice counts once.
func describe(kind string, v any, raw json.RawMessage) *unreadable {
	sum := sha256.Sum256(raw)
	u := &unreadable{kind: kind, shape: shapeOf(v), digest: hex.EncodeToString(sum[:8])}
	if m, ok := v.(map[string]any); ok {
		u.id = record(m).id("id")
	}
	return u
}

// listAll reads a list to its end and hands each page on. One that breaks off, on whatever page, or is longer than
// PagerDuty gives is noted as cut.
func (s *syncer) listAll(ctx context.Context, kind, counted, path string, query url.Values, each func(page) error) error {
	offset := 0
	return s.listPages(ctx, kind, counted, path, query, func(p page) error {
		if p.more && p.rows == 0 {
			p.cut = reasonBrokeOff
		}
		if offset += p.rows; p.more && offset+pageSize > listCap {
			s.note("rows_lost", kind, fmt.Sprintf("%s lists %d rows at most; the rest was not read", kind, listCap))
			p.more, p.cut = false, reasonTooLong
		}
		return each(p)
	})
}

// listPages reads a list page by page. It steps by the rows received; an empty page ends it whatever the server
// says of more, and so does the cap.
func (s *syncer) listPages(ctx context.Context, kind, counted, path string, query url.Values, each func(page) error) error {
	for offset := 0; offset+pageSize <= listCap; {
		q := url.Values{"offset": {strconv.Itoa(offset)}}
		for k, v := range query {
			q[k] = v
		}
		p, err := s.list(ctx, kind, counted, path, q)
		if err != nil {
			return err
		}
		s.received(counted, p.rows)
		s.progress(counted, nil, false)
		if err := each(p); err != nil {
			return err
		}
		if !p.more || p.rows == 0 {
			return nil
		}
		offset += p.rows
	}
	return nil
}

// single reads one object, by its id below path.
func (s *syncer) single(ctx context.Context, kind, counted, path, key, id string, query url.Values) (record, error) {
	body, err := s.client.get(ctx, counted, path+"/"+url.PathEscape(id), query, objectOf(key, id))
	if err != nil {
		return nil, err
	}
	s.received(counted, 1)
	r, bad := s.decodeRecord(kind, body[key])
	if bad != nil {
		return nil, &unreadableError{*bad}
	}
	return r, nil
}

// unreadableError says that a single object can't be read.
type unreadableError struct{ unreadable }

func (e *unreadableError) Error() string { return "the " + e.kind + " record can't be read" }
