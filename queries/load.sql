-- Load
--
-- What being on call asked of a rotation: pages, interruptions and notifications, Google's paging incidents
-- (pages chained by gaps of at most 15 minutes), and the time on call over which the pages are a rate.
WITH paged AS (
  SELECT rotation_id, count(*) AS page_count,
         count(*) FILTER (WHERE starts_paging_incident) AS paging_incident_count
  FROM paging_in($since, $until)
  GROUP BY rotation_id
), interrupted AS (
  SELECT rotation_id, count(*) FILTER (WHERE starts_chain) AS interruption_count
  FROM interruption_in($since, $until)
  GROUP BY rotation_id
), notified AS (
  SELECT rotation_id, count(*) AS notification_count
  FROM notification_in($since, $until)
  GROUP BY rotation_id
), on_call AS (
  SELECT rotation_id, count(*) AS shift_count, sum(on_call_seconds)::BIGINT AS on_call_seconds
  FROM shift_in($since, $until)
  GROUP BY rotation_id
)
SELECT r.rotation_id,
       coalesce(p.page_count, 0) AS page_count,
       coalesce(i.interruption_count, 0) AS interruption_count,
       coalesce(n.notification_count, 0) AS notification_count,
       coalesce(p.paging_incident_count, 0) AS paging_incident_count,
       coalesce(o.shift_count, 0) AS shift_count,
       coalesce(o.on_call_seconds, 0) AS on_call_seconds,
       coalesce(p.page_count, 0) / nullif(o.on_call_seconds / 43200.0, 0) AS pages_per_12h
FROM rotation_in($since, $until) AS r
LEFT JOIN paged AS p USING (rotation_id)
LEFT JOIN interrupted AS i USING (rotation_id)
LEFT JOIN notified AS n USING (rotation_id)
LEFT JOIN on_call AS o USING (rotation_id)
ORDER BY r.rotation_id
