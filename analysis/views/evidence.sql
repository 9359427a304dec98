-- Evidence of what people did about an incident [definitions 8; the table of metrics 5.2]. Each piece has one line, in
-- found_evidence; what it needs to know is gathered before.

-- A service whose people leave hardly a trace proves nothing by the absence of one: N1 and N3 are off there.
CREATE OR REPLACE TEMP VIEW evidence_poor_service AS
SELECT service_id
FROM incident_facts
WHERE urgency = 'high'
GROUP BY service_id
HAVING count(*) >= 10 AND count(*) FILTER (WHERE human_event_count > 0) < 0.2 * count(*);

-- Incidents on whose service something was deployed or rolled back while they were worked on. (An ASOF join pairs NULLs
-- with anything.)
CREATE OR REPLACE TEMP VIEW changed_incident AS
SELECT i.incident_id
FROM (FROM incident_facts
      WHERE acknowledged_at IS NOT NULL AND resolved_at IS NOT NULL
        AND service_id IN (SELECT unnest(service_ids) FROM change_events)) AS i
ASOF JOIN (SELECT unnest(service_ids) AS service_id, changed_at FROM change_events) AS c
  ON c.service_id = i.service_id AND c.changed_at >= i.acknowledged_at
WHERE c.changed_at <= i.resolved_at;

-- Every incident with what people's work on it left behind, A1 to A6. A human resolve after the monitor had cleared
-- all alerts ended nothing, and merging an incident away is no resolve of it.
CREATE OR REPLACE TEMP VIEW worked_trace AS
SELECT i.*,
       i.long_note_count > 0 AS has_a1,
       i.is_mobilised AS has_a2,
       i.reassignment_count > 0 AS has_a3,
       coalesce(i.cleared_by = 'human' AND NOT i.is_merged AND epoch_us(i.resolved_at) - epoch_us(i.acknowledged_at) >= 600000000
                AND (i.alerts_cleared_at IS NULL OR i.alerts_cleared_at >= i.resolved_at), false) AS has_a4,
       i.is_recorded AS has_a5,
       c.incident_id IS NOT NULL AS has_a6,
       has_a1 OR has_a2 OR has_a3 OR has_a4 OR has_a5 OR has_a6 AS has_work
FROM incident_facts AS i
LEFT JOIN changed_incident AS c ON c.incident_id = i.incident_id;

-- The incidents that a period's judgement asks about: those that paged in it, and those that a person opened in it.
CREATE OR REPLACE TEMP MACRO asked_incident_in(since, until) AS TABLE
SELECT incident_id FROM page_in(since, until)
UNION
SELECT incident_id FROM incident WHERE is_opened_by_person AND created_at >= since AND created_at < until;

-- Three incidents or more that one person resolved within ten seconds, none of them merged away.
CREATE OR REPLACE TEMP MACRO bulk_resolved_since(since) AS TABLE
SELECT incident_id
FROM incident_facts
WHERE resolved_by_id IS NOT NULL AND NOT is_merged AND resolved_at >= since - INTERVAL 10 SECOND
WINDOW by_person AS (PARTITION BY resolved_by_id ORDER BY resolved_at, incident_id)
QUALIFY lead(resolved_at, 2) OVER by_person - resolved_at <= INTERVAL 10 SECOND
     OR lead(resolved_at) OVER by_person - lag(resolved_at) OVER by_person <= INTERVAL 10 SECOND
     OR resolved_at - lag(resolved_at, 2) OVER by_person <= INTERVAL 10 SECOND;

-- Of each alert key: the earliest incident that anybody worked on.
CREATE OR REPLACE TEMP VIEW first_worked_of_key AS
SELECT alert_key, min({'created_at': created_at, 'incident_id': incident_id}) AS first_worked
FROM worked_trace
WHERE has_work
GROUP BY alert_key;

-- A title that says that it is a test: [test], (testing), "Test: …", "Test - …". "Test suite failed" is an alert about
-- tests, and "test-runner" the name of something.
CREATE OR REPLACE TEMP MACRO is_marked_test(title) AS
  regexp_matches(lower(title), '[\[(]\s*test(ing)?\s*[\])]|^\s*test(ing)?(\s*:|\s+[-–])(\s|$)');

-- Of each incident that is asked about: its evidence, in the order of the table.
CREATE OR REPLACE TEMP MACRO evidence_list_in(since, until) AS TABLE
WITH asked AS (
  SELECT t.*, poor.service_id IS NOT NULL AS is_evidence_poor,
         bulk.incident_id IS NOT NULL AS is_bulk_resolved,
         e.run_started_at < e.started_at AS is_later_in_run,
         o.earlier_count,
         k.first_worked IS NULL OR k.first_worked >= {'created_at': t.created_at, 'incident_id': t.incident_id} AS is_never_worked_before
  FROM worked_trace AS t
  SEMI JOIN asked_incident_in(since, until) AS p ON p.incident_id = t.incident_id
  LEFT JOIN evidence_poor_service AS poor ON poor.service_id = t.service_id
  LEFT JOIN bulk_resolved_since(since) AS bulk ON bulk.incident_id = t.incident_id
  LEFT JOIN episodes AS e ON e.incident_id = t.incident_id AND e.is_own
  LEFT JOIN key_order AS o ON o.incident_id = t.incident_id
  LEFT JOIN first_worked_of_key AS k ON k.alert_key = t.alert_key
), maintained AS (
  SELECT DISTINCT a.incident_id
  FROM asked AS a
  JOIN (SELECT unnest(service_ids) AS service_id, start_at, end_at FROM maintenance_windows) AS m
    ON m.service_id = a.service_id AND a.created_at >= m.start_at AND a.created_at < m.end_at
), found_evidence AS (
  SELECT incident_id, [
    CASE WHEN has_a1 THEN 'A1' END,
    CASE WHEN has_a2 THEN 'A2' END,
    CASE WHEN has_a3 THEN 'A3' END,
    CASE WHEN has_a4 THEN 'A4' END,
    CASE WHEN has_a5 THEN 'A5' END,
    CASE WHEN has_a6 THEN 'A6' END,
    CASE WHEN cleared_by = 'monitor' AND human_event_count = 0 AND NOT is_evidence_poor THEN 'N1' END,
    CASE WHEN cleared_by = 'monitor' AND epoch_us(resolved_at) - epoch_us(created_at) <= 300000000 THEN 'N2' END,
    CASE WHEN cleared_by = 'monitor' AND acknowledged_at IS NOT NULL AND human_event_after_count = 0 AND NOT is_evidence_poor THEN 'N3' END,
    CASE WHEN cleared_by = 'human' AND NOT is_merged AND epoch_us(resolved_at) - epoch_us(acknowledged_at) BETWEEN 0 AND 120000000 AND note_count = 0 THEN 'N4' END,
    CASE WHEN is_bulk_resolved THEN 'N5' END,
    CASE WHEN cleared_by = 'monitor' AND snooze_count > 0 AND human_event_after_count = snooze_count THEN 'N6' END,
    CASE WHEN is_later_in_run THEN 'N7' END,
    CASE WHEN cleared_by = 'timeout' THEN 'N8' END,
    CASE WHEN earlier_count >= 10 AND is_never_worked_before THEN 'N9' END,
    CASE WHEN incident_id IN (FROM maintained) OR is_marked_test(title) THEN 'N10' END
  ] AS marks
  FROM asked
)
SELECT incident_id, list_filter(marks, lambda m: m IS NOT NULL) AS evidence_ids
FROM found_evidence;

-- The same, a row a piece of evidence.
CREATE OR REPLACE TEMP MACRO evidence_in(since, until) AS TABLE
SELECT incident_id, unnest(evidence_ids) AS evidence_id
FROM evidence_list_in(since, until);
