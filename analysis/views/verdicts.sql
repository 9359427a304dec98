-- Was it actionable? Named evidence with points, then one verdict a page [definitions 8, metrics 5.2].
-- The points are in `evidence_points`, which the configuration may change.

-- A service whose people leave hardly a trace proves nothing by the absence of one: N1 and N3 are off there.
CREATE OR REPLACE TEMP VIEW evidence_poor_service AS
SELECT service_id
FROM incident_facts
WHERE urgency = 'high'
GROUP BY service_id
HAVING count(*) >= 10 AND count(*) FILTER (WHERE human_event_count > 0) < 0.2 * count(*);

-- One row an incident that paged in the period and piece of evidence; a line each, so that each has one place.
CREATE OR REPLACE TEMP MACRO evidence_in(since, until) AS TABLE
WITH asked AS (
  SELECT i.*, poor.service_id IS NOT NULL AS is_evidence_poor
  FROM incident_facts AS i
  SEMI JOIN page_in(since, until) AS p ON p.incident_id = i.incident_id
  LEFT JOIN evidence_poor_service AS poor ON poor.service_id = i.service_id
), found AS (
  SELECT incident_id, unnest([
    CASE WHEN long_note_count > 0 THEN 'A1' END,
    CASE WHEN reassignment_count > 0 THEN 'A3' END,
    CASE WHEN cleared_by = 'human' AND epoch_us(resolved_at) - epoch_us(acknowledged_at) >= 600000000 THEN 'A4' END,
    CASE WHEN cleared_by = 'monitor' AND human_event_count = 0 AND NOT is_evidence_poor THEN 'N1' END,
    CASE WHEN cleared_by = 'monitor' AND epoch_us(resolved_at) - epoch_us(created_at) <= 300000000 THEN 'N2' END,
    CASE WHEN cleared_by = 'monitor' AND acknowledged_at IS NOT NULL AND human_event_after_count = 0 AND NOT is_evidence_poor THEN 'N3' END
  ]) AS evidence_id
  FROM asked
)
SELECT incident_id, evidence_id
FROM found
WHERE evidence_id IS NOT NULL;

-- Correlated evidence is not counted twice: N1, N2, N3 and N6 together weigh at most -2.5.
CREATE OR REPLACE TEMP MACRO score_in(since, until) AS TABLE
SELECT e.incident_id,
       coalesce(sum(p.points) FILTER (WHERE e.evidence_id NOT IN ('N1', 'N2', 'N3', 'N6')), 0)
         + greatest(-2.5, coalesce(sum(p.points) FILTER (WHERE e.evidence_id IN ('N1', 'N2', 'N3', 'N6')), 0)) AS score,
       bool_or(p.points > 0) AS has_for,
       bool_or(p.points < 0) AS has_against,
       string_agg(e.evidence_id, ' ' ORDER BY e.evidence_id) AS evidence_ids
FROM evidence_in(since, until) AS e
JOIN evidence_points AS p USING (evidence_id)
GROUP BY e.incident_id;

CREATE OR REPLACE TEMP MACRO verdict_in(since, until) AS TABLE
WITH clustered AS (
  SELECT p.incident_id, p.user_id, p.rotation_id, p.paged_at, p.paging_incident,
         i.alert_key, i.rule_id, i.is_merged, i.urgency, i.acknowledged_at, i.created_at, i.resolved_at, i.log_entry_count, i.note_label,
         min((i.created_at, i.incident_id)) OVER (PARTITION BY p.rotation_id, p.paging_incident, i.alert_key) AS first_incident
  FROM numbered_paging_in(since, until) AS p
  LEFT JOIN incident_facts AS i USING (incident_id)
), judged AS (
  SELECT c.incident_id, c.user_id, c.rotation_id, c.paged_at, c.rule_id, coalesce(s.score, 0) AS score, s.evidence_ids,
         -- what a person said is sure, whatever the evidence
         c.note_label IS NOT NULL
           OR (abs(coalesce(s.score, 0)) >= 2 AND NOT (s.has_for AND s.has_against)) AS is_high_confidence,
         CASE WHEN c.note_label IS NOT NULL THEN c.note_label
              WHEN c.is_merged OR (c.alert_key IS NOT NULL AND c.first_incident < (c.created_at, c.incident_id)) THEN 'redundant'
              WHEN c.urgency = 'high' AND c.acknowledged_at IS NULL
               AND epoch_us(coalesce(c.resolved_at, until)) - epoch_us(c.created_at) > 1800000000 THEN 'unattended'
              WHEN coalesce(c.log_entry_count, 0) = 0 OR abs(coalesce(s.score, 0)) < 1 THEN 'unknown'
              WHEN s.score > 0 THEN 'actionable'
              ELSE 'non_actionable' END AS verdict
  FROM clustered AS c
  LEFT JOIN score_in(since, until) AS s USING (incident_id)
)
SELECT * FROM judged;
