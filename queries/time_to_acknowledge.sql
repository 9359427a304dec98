-- Time to acknowledge
--
-- From an incident's creation to the first acknowledgement by a person, over the incidents created in the period that
-- paged the rotation; merged-away incidents are left out. Never acknowledged is counted, not averaged.
SELECT r.rotation_id,
       count(i.incident_id) AS incident_count,
       count(i.acknowledge_seconds) AS acknowledged_count,
       count(i.incident_id) - count(i.acknowledge_seconds) AS never_acknowledged_count,
       avg(i.acknowledge_seconds) AS acknowledge_mean_seconds,
       quantile_cont(i.acknowledge_seconds, 0.5) AS acknowledge_p50_seconds,
       quantile_cont(i.acknowledge_seconds, 0.9) AS acknowledge_p90_seconds,
       quantile_cont(i.acknowledge_seconds, 0.95) AS acknowledge_p95_seconds
FROM rotation_in($since, $until) AS r
LEFT JOIN paged_incident_in($since, $until) AS i ON i.rotation_id = r.rotation_id AND NOT i.is_merged
GROUP BY r.rotation_id
ORDER BY r.rotation_id
