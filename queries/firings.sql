-- Firings of flapping alerts
--
-- When the alert keys fired that have a flap run which paged the rotation in the period: a row an incident that paged it,
-- with its episode, and when the run began that it is in; none where the key fired outside any run.
WITH paged AS (
  SELECT p.rotation_id, p.incident_id, p.incident_created_at, e.alert_key, e.started_at, e.ended_at, e.run_started_at
  FROM (SELECT DISTINCT rotation_id, incident_id, incident_created_at FROM page_in($since, $until) WHERE rotation_id IS NOT NULL) AS p
  JOIN episodes AS e ON e.incident_id = p.incident_id AND e.incident_created_at = p.incident_created_at AND e.is_own
), flapping AS (
  SELECT DISTINCT rotation_id, alert_key FROM paged WHERE run_started_at IS NOT NULL
)
SELECT p.rotation_id, i.rule_id, p.incident_id, p.started_at, p.ended_at, p.run_started_at
FROM paged AS p
SEMI JOIN flapping AS f ON f.rotation_id = p.rotation_id AND f.alert_key = p.alert_key
JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
ORDER BY p.rotation_id, p.started_at, p.incident_id, i.rule_id
