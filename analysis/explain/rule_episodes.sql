-- Episodes of one rule that began in the period, and the flap runs they are part of.
SELECT count(*) AS episode_count,
       count(DISTINCT (e.alert_key, e.run_started_at)) FILTER (WHERE e.run_started_at IS NOT NULL) AS flapping_run_count,
       count(*) FILTER (WHERE e.run_started_at IS NOT NULL) AS flapping_episode_count,
       count(DISTINCT e.alert_key) AS alert_key_count
FROM episodes AS e
JOIN incident_facts AS f ON f.incident_id = e.incident_id
WHERE e.is_own AND f.rule_id = $rule AND e.started_at >= $since AND e.started_at < $until
