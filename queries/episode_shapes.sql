-- Shapes of alert episodes
--
-- How the episodes (trigger to clear of one alert key) went whose incident paged the rotation in the period. In a run:
-- part of a flap run, with their share, and how fast one follows the other there (mean of 12 h over the time from start
-- to start). Outside any run: fleeting, cleared by the monitor within 5 minutes; repeating, one of at least 3 episodes of
-- one key within 7 days. Stale: open for more than 24 hours. Timed out: closed by the auto-resolve timeout. Runs and
-- repetition are told over all stored history.
WITH asked AS (
  SELECT p.rotation_id, e.*
  FROM (SELECT DISTINCT rotation_id, incident_id, incident_created_at FROM page_in($since, $until)) AS p
  JOIN episodes AS e ON e.incident_id = p.incident_id AND e.incident_created_at = p.incident_created_at AND e.is_own
), near AS (
  -- of all stored history no more than the runs of those reach back to, and 7 days before and after them
  SELECT incident_id, incident_created_at, is_own, alert_key, started_at, run_started_at
  FROM episodes
  WHERE started_at >= (SELECT least(min(started_at) - INTERVAL 7 DAY, min(run_started_at)) FROM asked)
    AND started_at <= (SELECT max(started_at) + INTERVAL 7 DAY FROM asked)
), ordered AS (
  SELECT incident_id, incident_created_at, is_own,
         epoch_us(started_at) - epoch_us(lag(started_at) OVER same_run) AS since_last,
         -- three in a row within 7 days, of which this is the last, the middle or the first
         epoch_us(started_at) - epoch_us(lag(started_at, 2) OVER same_side) <= 604800000000
           OR epoch_us(lead(started_at) OVER same_side) - epoch_us(lag(started_at) OVER same_side) <= 604800000000
           OR epoch_us(lead(started_at, 2) OVER same_side) - epoch_us(started_at) <= 604800000000 AS is_one_of_three
  FROM near
  WINDOW same_run AS (PARTITION BY alert_key, run_started_at ORDER BY started_at, incident_id),
         same_side AS (PARTITION BY alert_key, run_started_at IS NULL ORDER BY started_at, incident_id)
), paged AS (
  SELECT a.rotation_id, a.incident_id, a.alert_key, a.cleared_by, o.since_last, a.run_started_at IS NOT NULL AS is_in_run,
         a.run_started_at IS NULL AND a.cleared_by = 'monitor' AND epoch_us(a.ended_at) - epoch_us(a.started_at) <= 300000000 AS is_fleeting,
         a.run_started_at IS NULL AND coalesce(o.is_one_of_three, false) AS is_repeating,
         epoch_us(coalesce(a.ended_at, $until)) - epoch_us(a.started_at) > 86400000000 AS is_stale
  FROM asked AS a
  JOIN ordered AS o ON o.incident_id = a.incident_id AND o.incident_created_at = a.incident_created_at AND o.is_own
)
SELECT r.rotation_id,
       count(p.incident_id) AS episode_count,
       count(*) FILTER (WHERE p.is_in_run) AS in_run_count,
       count(*) FILTER (WHERE p.is_in_run) / nullif(count(p.incident_id), 0) AS in_run_ratio,
       avg(43200e6 / nullif(p.since_last, 0)) FILTER (WHERE p.is_in_run) AS run_episodes_per_12h,
       count(*) FILTER (WHERE p.is_fleeting) AS fleeting_count,
       count(*) FILTER (WHERE p.is_repeating) AS repeating_count,
       count(DISTINCT p.alert_key) FILTER (WHERE p.is_repeating) AS repeating_key_count,
       count(*) FILTER (WHERE p.is_stale) AS stale_count,
       count(*) FILTER (WHERE p.cleared_by = 'timeout') AS timed_out_count
FROM rotation_in($since, $until) AS r
LEFT JOIN paged AS p USING (rotation_id)
GROUP BY r.rotation_id
ORDER BY r.rotation_id
