-- How often one is on call
--
-- How many people share a rotation, how long its shifts are (those that lie entirely inside the period), and how many days
-- and weekends on call that makes: distinct (person, date) and (person, week with time on call on its Saturday or Sunday),
-- by the holder's clock. How fast a page must be answered is the delay before it goes on to the next level, lowest and
-- highest over the policies, as they are now: of those whose first level the rotation is, else of any level it is on.
WITH shared AS (
  SELECT rotation_id, count(DISTINCT user_id) AS person_count FROM on_call_in($since, $until) GROUP BY rotation_id
), shifted AS (
  SELECT rotation_id, count(*) AS shift_count,
         quantile_cont(on_call_seconds, 0.5) AS shift_p50_seconds, max(on_call_seconds) AS shift_max_seconds
  FROM whole_shift_in($since, $until)
  GROUP BY rotation_id
), days AS (
  SELECT rotation_id,
         count(DISTINCT (user_id, local_date)) AS on_call_day_count,
         count(DISTINCT (user_id, date_trunc('week', local_date))) FILTER (WHERE isodow(local_date) >= 6) AS on_call_weekend_count
  FROM on_call_day_in($since, $until)
  GROUP BY rotation_id
), targeted AS (
  SELECT t.target_id AS rotation_id, t.escalation_policy_id, t.delay_seconds, t.level = 1 OR NOT bool_or(t.level = 1) OVER (PARTITION BY t.target_id) AS is_asked
  FROM escalation_targets AS t
  JOIN escalation_policies AS p ON p.id = t.escalation_policy_id AND NOT coalesce(p.is_deleted, false)
  WHERE t.target_kind = 'schedule'
), answered AS (
  SELECT rotation_id, count(DISTINCT escalation_policy_id) AS policy_count,
         min(delay_seconds) FILTER (WHERE is_asked) AS low_seconds, max(delay_seconds) FILTER (WHERE is_asked) AS high_seconds
  FROM targeted
  GROUP BY rotation_id
)
SELECT r.rotation_id,
       coalesce(p.person_count, 0) AS person_count,
       coalesce(s.shift_count, 0) AS shift_count,
       s.shift_p50_seconds, s.shift_max_seconds,
       coalesce(d.on_call_day_count, 0) AS on_call_day_count,
       coalesce(d.on_call_weekend_count, 0) AS on_call_weekend_count,
       a.low_seconds AS answer_low_seconds, a.high_seconds AS answer_high_seconds,
       coalesce(a.policy_count, 0) AS policy_count
FROM rotation_in($since, $until) AS r
LEFT JOIN shared AS p USING (rotation_id)
LEFT JOIN shifted AS s USING (rotation_id)
LEFT JOIN days AS d USING (rotation_id)
LEFT JOIN answered AS a USING (rotation_id)
ORDER BY r.rotation_id
