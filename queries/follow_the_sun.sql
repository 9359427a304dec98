-- Follow the sun
--
-- Whether another part of the world takes the nights. Follow-the-sun: holders in at least two clusters of UTC offsets, 3
-- hours or more apart, and at most a tenth of the time on call inside the holder's own sleep window; partial: at most
-- three tenths; else single region. Unknown where a holder has no time zone of their own, and untold below 28 days.
-- Leaked are night pages while another person on call for the same policy, at any level, was outside their sleep window;
-- with their share of all night pages and its Wilson 95% interval. A hand-off is a moment at which somebody takes over; a
-- gap is time with nobody on call between the first and the last moment of the period with somebody.
WITH held AS (
  SELECT rotation_id, count(DISTINCT user_id) FILTER (WHERE zone_source <> 'user') AS unknown_zone_person_count
  FROM on_call_in($since, $until)
  GROUP BY rotation_id
), night_pages AS (
  SELECT rotation_id, count(*) AS page_count
  FROM page_in($since, $until)
  WHERE hour_class = 'sleep'
  GROUP BY rotation_id
), leaked AS (
  SELECT rotation_id, count(*) AS page_count
  FROM leaked_page_in($since, $until)
  GROUP BY rotation_id
), counted AS (
  SELECT r.rotation_id, e.exposure_ratio, e.sleep_seconds, e.on_call_seconds,
         CASE WHEN h.unknown_zone_person_count = 0 THEN z.zone_cluster_count END AS zone_cluster_count,
         coalesce(h.unknown_zone_person_count, 0) AS unknown_zone_person_count,
         coalesce(n.page_count, 0) AS night_page_count,
         coalesce(l.page_count, 0) AS leaked_page_count,
         coalesce(c.hand_off_count, 0) AS hand_off_count,
         coalesce(c.gap_count, 0) AS gap_count,
         coalesce(c.gap_seconds, 0) AS gap_seconds,
         coalesce(c.covered_seconds, 0) AS covered_seconds
  FROM rotation_in($since, $until) AS r
  LEFT JOIN held AS h USING (rotation_id)
  LEFT JOIN exposure_in($since, $until) AS e USING (rotation_id)
  LEFT JOIN zone_cluster_in($since, $until) AS z USING (rotation_id)
  LEFT JOIN coverage_in($since, $until) AS c USING (rotation_id)
  LEFT JOIN night_pages AS n USING (rotation_id)
  LEFT JOIN leaked AS l USING (rotation_id)
)
SELECT rotation_id,
       CASE WHEN epoch_us($until::TIMESTAMP) - epoch_us($since::TIMESTAMP) < 2419200000000 THEN NULL
            WHEN zone_cluster_count IS NULL THEN 'unknown'
            WHEN zone_cluster_count >= 2 AND 10 * sleep_seconds <= on_call_seconds THEN 'follow-the-sun'
            WHEN zone_cluster_count >= 2 AND 10 * sleep_seconds <= 3 * on_call_seconds THEN 'partial'
            ELSE 'single region' END AS verdict,
       zone_cluster_count, unknown_zone_person_count, exposure_ratio,
       night_page_count, leaked_page_count,
       leaked_page_count / nullif(night_page_count, 0) AS leaked_ratio,
       wilson_low(leaked_page_count, night_page_count) AS leaked_low_ratio,
       wilson_high(leaked_page_count, night_page_count) AS leaked_high_ratio,
       hand_off_count, gap_count AS hand_off_gap_count, gap_seconds AS hand_off_gap_seconds, covered_seconds
FROM counted
ORDER BY rotation_id, verdict
