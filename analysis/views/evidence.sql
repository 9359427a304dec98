-- Evidence of what people did about an incident [definitions 8; the table of metrics 5.2]. Each piece has one line: those of
-- work in derive/incidents.sql, the others in evidence_text_in; what they need to know is gathered before.

-- A service whose people leave hardly a trace proves nothing by the absence of one: N1 and N3 are off there.
CREATE OR REPLACE TEMP VIEW evidence_poor_service AS
SELECT service_id
FROM incident_facts
WHERE urgency = 'high'
GROUP BY service_id
HAVING count(*) >= 10 AND count(*) FILTER (WHERE human_event_count > 0) < 0.2 * count(*);

-- Every incident, and whether people's work on it left anything behind: any of A1 to A6.
CREATE OR REPLACE TEMP VIEW worked_trace AS
SELECT *, work_evidence_ids <> '' AS has_work
FROM incident_facts;

-- The incidents that a period's judgement asks about: those that paged in it, and those that a person opened in it.
CREATE OR REPLACE TEMP MACRO asked_incident_in(since, until) AS TABLE
SELECT incident_id, incident_created_at FROM page_in(since, until) WHERE incident_created_at IS NOT NULL
UNION ALL
SELECT incident_id, created_at FROM incident WHERE is_opened_by_person AND created_at >= since AND created_at < until;

-- Three incidents or more that one person resolved within ten seconds, none of them merged away.
CREATE OR REPLACE TEMP MACRO bulk_resolved_since(since) AS TABLE
SELECT incident_id
FROM incident_facts
WHERE resolved_by_id IS NOT NULL AND NOT is_merged AND resolved_at >= since - INTERVAL 10 SECOND
WINDOW by_person AS (PARTITION BY resolved_by_id ORDER BY resolved_at, incident_id)
QUALIFY lead(resolved_at, 2) OVER by_person - resolved_at <= INTERVAL 10 SECOND
     OR lead(resolved_at) OVER by_person - lag(resolved_at) OVER by_person <= INTERVAL 10 SECOND
     OR resolved_at - lag(resolved_at, 2) OVER by_person <= INTERVAL 10 SECOND;

-- A title that says that it is a test: [test], (testing), "Test: …", "Test - …". "Test suite failed" is an alert about
-- tests, and "test-runner" the name of something. Few titles have the word at all, which is sooner found out.
CREATE OR REPLACE TEMP MACRO is_marked_test(title) AS
  contains(lower(title), 'test') AND regexp_matches(lower(title), '[\[(]\s*test(ing)?\s*[\])]|^\s*test(ing)?(\s*:|\s+[-–])(\s|$)');

-- Of each incident that is asked about: its evidence, in the order of the table, joined by spaces.
CREATE OR REPLACE TEMP MACRO evidence_text_in(since, until) AS TABLE
WITH asked AS (
  SELECT t.*, poor.service_id IS NOT NULL AS is_evidence_poor,
         bulk.incident_id IS NOT NULL AS is_bulk_resolved,
         o.is_later_in_run, o.earlier_count, o.is_worked_before
  FROM incident_facts AS t
  SEMI JOIN asked_incident_in(since, until) AS p ON p.incident_id = t.incident_id AND p.incident_created_at = t.created_at
  LEFT JOIN evidence_poor_service AS poor ON poor.service_id = t.service_id
  LEFT JOIN bulk_resolved_since(since) AS bulk ON bulk.incident_id = t.incident_id
  LEFT JOIN key_order AS o ON o.incident_id = t.incident_id AND o.incident_created_at = t.created_at
), maintained AS (
  SELECT DISTINCT a.incident_id
  FROM asked AS a
  JOIN (SELECT unnest(service_ids) AS service_id, start_at, end_at FROM maintenance_windows) AS m
    ON m.service_id = a.service_id AND a.created_at >= m.start_at AND a.created_at < m.end_at
)
SELECT incident_id, concat_ws(' ',
  nullif(work_evidence_ids, ''),
  CASE WHEN cleared_by = 'monitor' AND human_event_count = 0 AND NOT is_evidence_poor THEN 'N1' END,
  CASE WHEN cleared_by = 'monitor' AND epoch_us(resolved_at) - epoch_us(created_at) <= 300000000 THEN 'N2' END,
  CASE WHEN cleared_by = 'monitor' AND acknowledged_at IS NOT NULL AND human_event_after_count = 0 AND NOT is_evidence_poor THEN 'N3' END,
  CASE WHEN cleared_by = 'human' AND NOT is_merged AND epoch_us(resolved_at) - epoch_us(acknowledged_at) BETWEEN 0 AND 120000000 AND note_count = 0 THEN 'N4' END,
  CASE WHEN is_bulk_resolved THEN 'N5' END,
  CASE WHEN cleared_by = 'monitor' AND snooze_count > 0 AND human_event_after_count = snooze_count THEN 'N6' END,
  CASE WHEN is_later_in_run THEN 'N7' END,
  CASE WHEN cleared_by = 'timeout' THEN 'N8' END,
  CASE WHEN earlier_count >= 10 AND NOT is_worked_before THEN 'N9' END,
  CASE WHEN incident_id IN (FROM maintained) OR is_marked_test(title) THEN 'N10' END) AS evidence_ids
FROM asked;

-- The same, a row a piece of evidence.
CREATE OR REPLACE TEMP MACRO evidence_in(since, until) AS TABLE
SELECT incident_id, unnest(string_split(evidence_ids, ' ')) AS evidence_id
FROM evidence_text_in(since, until)
WHERE evidence_ids <> '';
