-- Overrides
--
-- How often somebody took another's time on call: overrides that overlap the period, and their share of the on-call time.
-- Pieces of one person that touch or overlap are one override. Whether one was made at short notice is not in the API.
WITH reached AS (
  SELECT schedule_id, user_id, start_at, end_at,
         max(end_at) OVER (PARTITION BY schedule_id, user_id ORDER BY start_at, end_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach_at
  FROM schedule_overrides
  WHERE end_at > start_at AND start_at < $until AND end_at > $since
), overridden AS (
  SELECT schedule_id AS rotation_id,
         count(*) FILTER (WHERE reach_at IS NULL OR start_at > reach_at) AS override_count,
         -- what no earlier piece of the same person had already taken
         sum(greatest(0, epoch_us(least(end_at, $until::TIMESTAMP)) - epoch_us(greatest(start_at, reach_at, $since::TIMESTAMP)))) // 1000000 AS override_seconds
  FROM reached
  GROUP BY schedule_id
), on_call AS (
  SELECT rotation_id, sum(on_call_seconds) AS on_call_seconds
  FROM on_call_in($since, $until)
  GROUP BY rotation_id
)
SELECT r.rotation_id,
       coalesce(v.override_count, 0) AS override_count,
       coalesce(v.override_seconds, 0)::BIGINT AS override_seconds,
       coalesce(v.override_seconds, 0)::BIGINT / nullif(o.on_call_seconds, 0)::BIGINT AS override_ratio
FROM rotation_in($since, $until) AS r
LEFT JOIN overridden AS v USING (rotation_id)
LEFT JOIN on_call AS o USING (rotation_id)
ORDER BY r.rotation_id
