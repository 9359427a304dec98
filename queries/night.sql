-- Night pages
--
-- Pages inside the sleep hours of the person paged, as a share of all pages with its Wilson 95% interval, beside the
-- share of on-call time that lay inside the holder's own sleep window: a 24x7 rotation in one zone is at 0.4167 by
-- geometry. Interrupted nights are distinct (person, night) with at least one page.
WITH paged AS (
  SELECT rotation_id, count(*) AS all_count,
         count(*) FILTER (WHERE hour_class = 'sleep') AS page_count,
         count(DISTINCT (user_id, night)) FILTER (WHERE hour_class = 'sleep') AS interrupted_night_count
  FROM page_in($since, $until)
  GROUP BY rotation_id
), exposed AS (
  SELECT rotation_id, sum(sleep_seconds) AS sleep_seconds, count(DISTINCT (user_id, night)) AS on_call_night_count
  FROM on_call_night_in($since, $until)
  GROUP BY rotation_id
), on_call AS (
  SELECT rotation_id, sum(on_call_seconds) AS on_call_seconds
  FROM shift_in($since, $until)
  GROUP BY rotation_id
)
SELECT r.rotation_id,
       coalesce(p.page_count, 0) AS page_count,
       p.page_count / nullif(p.all_count, 0) AS page_ratio,
       wilson_low(p.page_count, p.all_count) AS page_low_ratio,
       wilson_high(p.page_count, p.all_count) AS page_high_ratio,
       (coalesce(e.sleep_seconds, 0) / nullif(o.on_call_seconds, 0))::DOUBLE AS exposure_ratio,
       coalesce(p.interrupted_night_count, 0) AS interrupted_night_count,
       coalesce(e.on_call_night_count, 0) AS on_call_night_count
FROM rotation_in($since, $until) AS r
LEFT JOIN paged AS p USING (rotation_id)
LEFT JOIN exposed AS e USING (rotation_id)
LEFT JOIN on_call AS o USING (rotation_id)
ORDER BY r.rotation_id
