-- Weeks
--
-- Each rotation's weeks, quiet ones included: seven days each (168 hours, whatever the clocks do), counted back from the
-- end of the period; what is left over at its start is in none. On-call time is that of the week. The verdicts are those
-- of the whole period, so a later incident of a chain over midnight is redundant in either week.
WITH weeks AS (
  SELECT week,
         make_timestamp(epoch_us($until::TIMESTAMP) - 604800000000 * (week + 1)) AS week_start_at,
         make_timestamp(epoch_us($until::TIMESTAMP) - 604800000000 * week) AS week_end_at
  FROM (SELECT unnest(range((epoch_us($until::TIMESTAMP) - epoch_us($since::TIMESTAMP)) // 604800000000)) AS week)
), paged AS (
  SELECT rotation_id, (epoch_us($until::TIMESTAMP) - epoch_us(paged_at) - 1) // 604800000000 AS week,
         count(*) AS page_count,
         count(*) FILTER (WHERE hour_class = 'sleep') AS night,
         count(*) FILTER (WHERE verdict = 'actionable') AS actionable,
         count(*) FILTER (WHERE verdict = 'non_actionable') AS non_actionable,
         count(*) FILTER (WHERE verdict = 'unknown') AS undecided,
         count(*) FILTER (WHERE verdict = 'redundant') AS redundant,
         count(*) FILTER (WHERE verdict = 'unattended') AS unattended
  FROM verdict_in($since, $until)
  WHERE rotation_id IS NOT NULL
  GROUP BY ALL
), on_call AS (
  SELECT s.rotation_id, w.week,
         sum((epoch_us(least(s.end_at, w.week_end_at)) - epoch_us(greatest(s.start_at, w.week_start_at))) // 1000000)::BIGINT AS on_call_seconds
  FROM shift_in($since, $until) AS s
  JOIN weeks AS w ON s.start_at < w.week_end_at AND s.end_at > w.week_start_at
  GROUP BY s.rotation_id, w.week
)
SELECT r.rotation_id, w.week_start_at, w.week_end_at,
       coalesce(o.on_call_seconds, 0) AS on_call_seconds,
       coalesce(p.page_count, 0) AS page_count,
       coalesce(p.night, 0) AS night_page_count,
       coalesce(p.actionable, 0) AS actionable_page_count,
       coalesce(p.non_actionable, 0) AS non_actionable_page_count,
       coalesce(p.undecided, 0) AS unknown_page_count,
       coalesce(p.redundant, 0) AS redundant_page_count,
       coalesce(p.unattended, 0) AS unattended_page_count,
       noise_share(p.actionable, p.non_actionable) AS non_actionable_ratio,
       coalesce(p.page_count, 0) / nullif(o.on_call_seconds / 43200.0, 0) AS pages_per_12h
FROM rotation_in($since, $until) AS r
CROSS JOIN weeks AS w
LEFT JOIN paged AS p ON p.rotation_id = r.rotation_id AND p.week = w.week
LEFT JOIN on_call AS o ON o.rotation_id = r.rotation_id AND o.week = w.week
ORDER BY r.rotation_id, w.week_start_at
