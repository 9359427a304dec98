-- Flapping
--
-- Alert keys with a flap run that paged the rotation in the period, the pages whose incident is in such a run, and the
-- excess: what one page a run would have saved. Runs are built over all stored history.
WITH paged AS (
  SELECT p.rotation_id, o.alert_key, o.run_started_at, p.incident_id
  FROM page_in($since, $until) AS p
  JOIN key_order AS o ON o.incident_id = p.incident_id AND o.incident_created_at = p.incident_created_at AND o.run_started_at IS NOT NULL
), runs AS (
  SELECT rotation_id, alert_key, run_started_at, count(*) AS page_count,
         greatest(0, count(DISTINCT incident_id) - 1) AS excess_count
  FROM paged
  GROUP BY rotation_id, alert_key, run_started_at
)
SELECT r.rotation_id,
       count(DISTINCT u.alert_key) AS flapping_key_count,
       coalesce(sum(u.page_count), 0)::BIGINT AS flapping_page_count,
       coalesce(sum(u.excess_count), 0)::BIGINT AS excess_page_count
FROM rotation_in($since, $until) AS r
LEFT JOIN runs AS u USING (rotation_id)
GROUP BY r.rotation_id
ORDER BY r.rotation_id
