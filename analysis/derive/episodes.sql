-- Episodes of an alert key, and the flap runs among them [definitions 7]. Only keys of changed incidents are made again.
CREATE OR REPLACE TEMP TABLE dirty_keys AS
SELECT DISTINCT alert_key FROM (
  SELECT f.alert_key FROM incident_facts AS f JOIN dirty USING (incident_id)
  UNION ALL
  SELECT k.alert_key FROM incident_alert_keys AS k JOIN dirty USING (incident_id)
  UNION ALL
  SELECT e.alert_key FROM episodes AS e JOIN dirty USING (incident_id)
  UNION ALL
  SELECT o.alert_key FROM key_order AS o JOIN dirty USING (incident_id)
) WHERE alert_key IS NOT NULL;

DELETE FROM episodes USING dirty_keys WHERE episodes.alert_key = dirty_keys.alert_key;

INSERT INTO episodes
WITH timed AS (
  -- an alert's own times where stored, else its incident's
  SELECT f.alert_key, f.incident_id, k.alert_id, true AS is_own,
         coalesce(k.started_at, f.created_at) AS started_at, coalesce(k.ended_at, f.resolved_at) AS ended_at, f.cleared_by, f.created_at AS incident_created_at
  FROM incident_facts AS f
  JOIN dirty_keys USING (alert_key)
  LEFT JOIN incident_alert_keys AS k ON k.incident_id = f.incident_id AND k.alert_key = f.alert_key
  WHERE NOT f.is_merged
  UNION ALL
  SELECT k.alert_key, k.incident_id, k.alert_id, false, k.started_at, coalesce(k.ended_at, f.resolved_at), f.cleared_by, f.created_at
  FROM incident_alert_keys AS k
  JOIN dirty_keys USING (alert_key)
  JOIN incident_facts AS f ON f.incident_id = k.incident_id AND f.alert_key <> k.alert_key
  WHERE NOT f.is_merged
), spaced AS (
  SELECT *,
         lag(ended_at) OVER (PARTITION BY alert_key ORDER BY started_at, incident_id) AS previous_ended_at,
         lag(started_at) OVER (PARTITION BY alert_key ORDER BY started_at, incident_id) AS previous_started_at
  FROM timed
), chained AS (
  SELECT *,
         count(*) FILTER (WHERE previous_started_at IS NULL OR previous_ended_at IS NULL
                            OR epoch_us(started_at) - epoch_us(previous_ended_at) > 1800000000)
           OVER (PARTITION BY alert_key ORDER BY started_at, incident_id ROWS UNBOUNDED PRECEDING) AS chain
  FROM spaced
), judged AS (
  SELECT *,
         count(*) OVER same_chain AS episode_count,
         count(*) FILTER (WHERE cleared_by = 'monitor') OVER same_chain AS cleared_count,
         min(started_at) OVER same_chain AS chain_started_at
  FROM chained
  WINDOW same_chain AS (PARTITION BY alert_key, chain)
)
SELECT alert_key, incident_id, alert_id, started_at, ended_at, cleared_by, is_own,
       CASE WHEN episode_count >= 3 AND 3 * cleared_count >= 2 * episode_count THEN chain_started_at END,
       incident_created_at
FROM judged
ORDER BY incident_created_at, incident_id, alert_key;

DELETE FROM key_order USING dirty_keys WHERE key_order.alert_key = dirty_keys.alert_key;

INSERT INTO key_order
SELECT f.incident_id, f.alert_key,
       count(*) OVER before,
       count(*) FILTER (WHERE f.work_evidence_ids <> '') OVER before > 0,
       e.run_started_at, coalesce(e.run_started_at < e.started_at, false),
       f.created_at
FROM incident_facts AS f
JOIN dirty_keys USING (alert_key)
LEFT JOIN (FROM episodes SEMI JOIN dirty_keys USING (alert_key)) AS e ON e.incident_id = f.incident_id AND e.alert_key = f.alert_key AND e.is_own
WINDOW before AS (PARTITION BY f.alert_key ORDER BY f.created_at, f.incident_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
ORDER BY f.created_at, f.incident_id;
