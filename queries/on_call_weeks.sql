-- A week on call
--
-- What a week on call brings: time on call, pages and night pages of a (person, week), the usual one (p50), the one in ten
-- (p90) and the worst; and the share of them with a page at night, with its Wilson 95% interval. Weeks are the 7 days from
-- the rotation's usual hand-over, the time of the week (UTC) at which most of its shifts start, the earliest of several;
-- only those that lie entirely inside the period (week_count). Somebody counts who was on call for at least 8 hours of the
-- week or was paged; a page belongs to the week of its shift, as it does in blocks. Percentiles are R type 7.
WITH hand_over AS (
  SELECT rotation_id, arg_min(second_of_week, (-shift_count, second_of_week)) AS second_of_week
  FROM (
    -- 1970 began on a Thursday: its first Monday was the 5th
    SELECT rotation_id, (epoch_us(shift_start_at) // 1000000 - 345600) % 604800 AS second_of_week, count(*) AS shift_count
    FROM shift_in($since, $until)
    GROUP BY rotation_id, second_of_week
  )
  GROUP BY rotation_id
), firsts AS (
  SELECT rotation_id,
         $since::TIMESTAMP + to_microseconds((second_of_week * 1000000 - (epoch_us($since::TIMESTAMP) - 345600000000) % 604800000000 + 604800000000) % 604800000000) AS first_at
  FROM hand_over
), weeks AS (
  SELECT rotation_id, unnest(generate_series(first_at, $until::TIMESTAMP - INTERVAL 7 DAY, INTERVAL 7 DAY)) AS week_start_at
  FROM firsts
), on_call AS (
  SELECT w.rotation_id, w.week_start_at, o.user_id,
         sum(epoch_us(least(o.end_at, w.week_start_at + INTERVAL 7 DAY)) - epoch_us(greatest(o.start_at, w.week_start_at))) / 1e6 AS on_call_seconds
  FROM weeks AS w
  JOIN on_call_in($since, $until) AS o
    ON o.rotation_id = w.rotation_id AND o.start_at < w.week_start_at + INTERVAL 7 DAY AND o.end_at > w.week_start_at
  GROUP BY w.rotation_id, w.week_start_at, o.user_id
), paged AS (
  SELECT p.rotation_id, w.week_start_at, p.user_id, count(*) AS page_count, count(*) FILTER (WHERE p.hour_class = 'sleep') AS night_page_count
  FROM page_in($since, $until) AS p
  JOIN weeks AS w ON w.rotation_id = p.rotation_id AND p.counted_at >= w.week_start_at AND p.counted_at < w.week_start_at + INTERVAL 7 DAY
  GROUP BY p.rotation_id, w.week_start_at, p.user_id
), person_weeks AS (
  SELECT o.rotation_id, o.week_start_at, o.on_call_seconds, coalesce(p.page_count, 0) AS page_count, coalesce(p.night_page_count, 0) AS night_page_count
  FROM on_call AS o
  LEFT JOIN paged AS p USING (rotation_id, week_start_at, user_id)
  WHERE o.on_call_seconds >= 28800 OR p.page_count > 0
), counted AS (
  SELECT r.rotation_id,
         count(p.week_start_at) AS person_week_count,
         count(*) FILTER (WHERE p.night_page_count > 0) AS interrupted_count,
         quantile_cont(p.on_call_seconds, 0.5) AS on_call_p50_seconds,
         quantile_cont(p.page_count, 0.5) AS page_p50_count,
         quantile_cont(p.page_count, 0.9) AS page_p90_count,
         max(p.page_count) AS page_max_count,
         quantile_cont(p.night_page_count, 0.5) AS night_page_p50_count,
         quantile_cont(p.night_page_count, 0.9) AS night_page_p90_count,
         max(p.night_page_count) AS night_page_max_count
  FROM rotation_in($since, $until) AS r
  LEFT JOIN person_weeks AS p USING (rotation_id)
  GROUP BY r.rotation_id
)
SELECT c.rotation_id, coalesce(w.week_count, 0) AS week_count, c.* EXCLUDE (rotation_id, interrupted_count),
       interrupted_count / nullif(person_week_count, 0) AS interrupted_ratio,
       wilson_low(interrupted_count, person_week_count) AS interrupted_low_ratio,
       wilson_high(interrupted_count, person_week_count) AS interrupted_high_ratio
FROM counted AS c
LEFT JOIN (SELECT rotation_id, count(*) AS week_count FROM weeks GROUP BY rotation_id) AS w USING (rotation_id)
ORDER BY c.rotation_id
