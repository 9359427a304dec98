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
)
SELECT r.rotation_id,
       coalesce(p.page_count, 0) AS page_count,
       p.page_count / nullif(p.all_count, 0) AS page_ratio,
       wilson_low(p.page_count, p.all_count) AS page_low_ratio,
       wilson_high(p.page_count, p.all_count) AS page_high_ratio,
       e.exposure_ratio,
       coalesce(p.interrupted_night_count, 0) AS interrupted_night_count,
       coalesce(e.on_call_night_count, 0) AS on_call_night_count
FROM rotation_in($since, $until) AS r
LEFT JOIN paged AS p USING (rotation_id)
LEFT JOIN exposure_in($since, $until) AS e USING (rotation_id)
ORDER BY r.rotation_id
