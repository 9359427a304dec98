-- Episodes of an alert key, and the flap runs among them [definitions 7]. Only keys of changed incidents are made again.
CREATE OR REPLACE TEMP TABLE dirty_keys AS
SELECT DISTINCT alert_key FROM (
  SELECT f.alert_key FROM incident_facts AS f JOIN dirty USING (incident_id)
  UNION ALL
  SELECT e.alert_key FROM episodes AS e JOIN dirty USING (incident_id)
) WHERE alert_key IS NOT NULL;

DELETE FROM episodes USING dirty_keys WHERE episodes.alert_key = dirty_keys.alert_key;

INSERT INTO episodes
WITH timed AS (
  -- an alert's own times where stored, else its incident's; further alerts of the incident are no episodes of its key
  SELECT f.alert_key, f.incident_id, a.id AS alert_id,
         coalesce(a.created_at, f.created_at) AS started_at,
         CASE WHEN a.resolved_at IS NOT NULL THEN a.resolved_at ELSE f.resolved_at END AS ended_at,
         f.cleared_by
  FROM incident_facts AS f
  JOIN dirty_keys USING (alert_key)
  LEFT JOIN (
    -- of several alerts the one that bears the key, else the earliest
    SELECT a.incident_id, a.id, a.created_at, a.resolved_at
    FROM alerts AS a
    JOIN incident_facts AS k USING (incident_id)
    QUALIFY row_number() OVER (PARTITION BY a.incident_id
                               ORDER BY ends_with(k.alert_key, chr(31) || 'key' || chr(31) || a.alert_key) DESC NULLS LAST,
                                        a.created_at, a.id) = 1
  ) AS a ON a.incident_id = f.incident_id
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
SELECT alert_key, incident_id, alert_id, started_at, ended_at, cleared_by,
       CASE WHEN episode_count >= 3 AND 3 * cleared_count >= 2 * episode_count THEN chain_started_at END
FROM judged
ORDER BY alert_key, started_at, incident_id;
