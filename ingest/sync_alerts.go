package ingest

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"
)

const (
	// alertReaders is how many incidents' alerts are read at once: each is a request of its own, and the limiter
	// spaces them all the same. PagerDuty advises against many requests in parallel with one token.
	alertReaders = 4
	// alertBatch is the most incidents whose alerts are stored in one transaction.
	alertBatch = 50
	// maxAlerts is what one incident can hold.
	maxAlerts = 1000
)

// alertJob is one incident whose alerts are to be read.
type alertJob struct {
	incidentID string
	count      int64
	updatedAt  time.Time
}

// alertAnswer is what came of a job.
type alertAnswer struct {
	alertJob
	bodies  []fields // the pages, not decoded: the book of names belongs to one goroutine
	skipped int      // HTTP status, where they may not be read
	cut     bool     // there were more than an incident can hold, or the list broke off
	err     error
}

// syncAlerts reads the alerts of incidents that changed since theirs were read last. Only these requests run side
// by side; what they bring is decoded and stored here.
func (s *syncer) syncAlerts(ctx context.Context) error {
	jobs, err := s.alertJobs(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := s.fetchAlerts(ctx, jobs)
	defer func() { // no reader may be left behind
		cancel()
		for range answers {
		}
	}()
	for a := range answers {
		batch := append([]alertAnswer{a}, ready(answers, alertBatch-1)...)
		for _, a := range batch {
			if a.err != nil {
				return fmt.Errorf("incident %s: %w", a.incidentID, a.err)
			}
		}
		if err := s.storeAlertBatch(ctx, batch); err != nil {
			return fmt.Errorf("store alerts: %w", err)
		}
		s.progress(kindAlerts, nil, false)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	done := window{kind: kindAlerts, state: stateWhole, rows: s.rows[kindAlerts], until: s.until}
	if s.opts.Alerts == AlertsNone {
		done.state, done.reason = stateSkipped, "not asked for (--alerts none)"
	}
	return s.w.tx(ctx, func(ctx context.Context) error { return s.w.markKind(ctx, done) })
}

// ready takes what is waiting in the channel, at most n.
func ready(answers <-chan alertAnswer, n int) []alertAnswer {
	var out []alertAnswer
	for len(out) < n {
		select {
		case a, open := <-answers:
			if !open {
				return out
			}
			out = append(out, a)
		default:
			return out
		}
	}
	return out
}

// alertJobs lists the incidents whose alerts have to be read: they changed since, or might not be read then. Alerts that
// are stored are kept up to date whatever the mode is by now, and however few the incident has left. A list that is not
// whole though the incident has no more than it can hold broke off, and is asked for again.
func (s *syncer) alertJobs(ctx context.Context) ([]alertJob, error) {
	least := map[AlertsMode]int{AlertsAuto: 2, AlertsAll: 1}[s.opts.Alerts]
	if s.opts.Alerts == AlertsNone {
		return nil, nil
	}
	allowed, err := s.alertsAllowedAgain(ctx)
	if err != nil {
		return nil, err
	}
	const q = `SELECT i.id, i.alert_count, coalesce(i.updated_at, TIMESTAMP '0001-01-01') FROM incidents i
		LEFT JOIN alert_reads r ON r.incident_id = i.id
		WHERE (i.alert_count >= $1 OR r.alert_count > 0) AND NOT i.is_deleted
			AND ($2 OR r.incident_id IS NULL OR r.alert_count IS DISTINCT FROM i.alert_count OR $3 AND r.state = 'skipped'
				OR r.state = 'truncated' AND i.alert_count <= $4
				OR r.updated_at IS DISTINCT FROM coalesce(i.updated_at, TIMESTAMP '0001-01-01'))
		ORDER BY i.created_at, i.id`
	return s.queryAlertJobs(ctx, q, least, s.opts.Full, allowed, maxAlerts)
}

// alertsAllowedAgain asks for the alerts of the latest incidents whose alerts might not be read: they may be by now.
func (s *syncer) alertsAllowedAgain(ctx context.Context) (bool, error) {
	const q = `SELECT i.id, i.alert_count, coalesce(i.updated_at, TIMESTAMP '0001-01-01') FROM incidents i
		JOIN alert_reads r ON r.incident_id = i.id
		WHERE r.state = 'skipped' AND NOT i.is_deleted ORDER BY i.created_at DESC, i.id LIMIT 3`
	probes, err := s.queryAlertJobs(ctx, q)
	if err != nil {
		return false, err
	}
	for _, j := range probes {
		a := s.fetchAlertsOf(ctx, j)
		if a.err != nil {
			return false, fmt.Errorf("incident %s: %w", j.incidentID, a.err)
		}
		if a.skipped == 0 {
			return true, nil
		}
	}
	return false, nil
}

func (s *syncer) queryAlertJobs(ctx context.Context, query string, args ...any) ([]alertJob, error) {
	rows, err := s.w.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []alertJob
	for rows.Next() {
		var j alertJob
		if err := rows.Scan(&j.incidentID, &j.count, &j.updatedAt); err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, rows.Err()
}

// fetchAlerts runs the jobs; the channel is closed after the last.
func (s *syncer) fetchAlerts(ctx context.Context, jobs []alertJob) <-chan alertAnswer {
	todo := make(chan alertJob)
	answers := make(chan alertAnswer, alertBatch)
	go func() {
		defer close(todo)
		for _, j := range jobs {
			select {
			case todo <- j:
			case <-ctx.Done():
				return
			}
		}
	}()
	var readers sync.WaitGroup
	for range alertReaders {
		readers.Go(func() {
			for j := range todo {
				a := s.fetchAlertsOf(ctx, j)
				select {
				case answers <- a:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		readers.Wait()
		close(answers)
	}()
	return answers
}

// fetchAlertsOf reads the pages of one incident's alerts. It runs beside others and touches nothing of the sync
// but the client.
func (s *syncer) fetchAlertsOf(ctx context.Context, j alertJob) alertAnswer {
	a := alertAnswer{alertJob: j}
	path := "/incidents/" + url.PathEscape(j.incidentID) + "/alerts"
	for offset := 0; offset < maxAlerts; {
		q := url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
		body, err := s.client.get(ctx, kindAlerts, path, q, listOf(kindAlerts))
		if notAllowed(err) {
			a.skipped = statusOf(err)
			return a
		}
		if err != nil {
			a.err = err
			return a
		}
		a.bodies = append(a.bodies, body)
		n, more := countRows(body, kindAlerts)
		if !more {
			return a
		}
		if n == 0 { // it broke off
			break
		}
		offset += n
	}
	a.cut = true
	return a
}

// storeAlertBatch stores the alerts of some incidents in one transaction, with what their reading was based on.
func (s *syncer) storeAlertBatch(ctx context.Context, batch []alertAnswer) error {
	return s.w.tx(ctx, func(ctx context.Context) error {
		var rows, incidents, present, reads []row
		for _, a := range batch {
			state := stateWhole
			switch {
			case a.skipped != 0:
				state = stateSkipped
			case a.cut:
				state = stateTruncated // those that were not read may be stored already
			default:
				incidents = append(incidents, row{a.incidentID})
			}
			reads = append(reads, row{a.incidentID, int32(a.count), a.updatedAt, state, s.w.now()})
			for _, body := range a.bodies {
				p, err := s.decodePage(kindAlerts, body)
				if err != nil {
					return err
				}
				for _, r := range p.records {
					rows = append(rows, s.book.alertRow(r, a.incidentID))
					present = append(present, row{r.id("id")})
				}
				s.received(kindAlerts, p.rows)
				if err := s.storeAside(ctx, kindAlerts, p); err != nil {
					return err
				}
			}
			s.alertReads++
		}
		if err := s.storeAlertRows(ctx, rows, incidents, present); err != nil {
			return err
		}
		return s.storeAlertReads(ctx, reads)
	})
}

// storeAlertRows stores alerts, and drops those that the incidents have no more: they were moved elsewhere.
func (s *syncer) storeAlertRows(ctx context.Context, rows, incidents, present []row) error {
	if _, err := s.w.upsert(ctx, alertsTable, rows, s.overwrite); err != nil {
		return err
	}
	if err := s.w.tempIDs(ctx, "read_incidents", incidents); err != nil {
		return err
	}
	if err := s.w.tempIDs(ctx, "present_alerts", present); err != nil {
		return err
	}
	const stale = `FROM alerts WHERE incident_id IN (SELECT id FROM temp.read_incidents)
		AND id NOT IN (SELECT id FROM temp.present_alerts)`
	if _, err := s.w.exec(ctx, "INSERT INTO touched_incidents SELECT DISTINCT incident_id "+stale); err != nil {
		return err
	}
	_, err := s.w.exec(ctx, "DELETE "+stale)
	return err
}

func (s *syncer) storeAlertReads(ctx context.Context, reads []row) error {
	var ids []row
	for _, r := range reads {
		ids = append(ids, r[:1])
	}
	if err := s.w.tempIDs(ctx, "read_incidents", ids); err != nil {
		return err
	}
	if _, err := s.w.exec(ctx, "DELETE FROM alert_reads WHERE incident_id IN (SELECT id FROM temp.read_incidents)"); err != nil {
		return err
	}
	return s.w.appendRows("", "alert_reads", reads)
}
