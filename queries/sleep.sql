-- Undisturbed sleep
--
-- What a night on call leaves to sleep: the longest stretch without a page inside the sleep window and the time on call,
-- the usual one (p50) and the one that one night in ten falls below (p10). Interrupted nights have a page, twice interrupted
-- ones two awakenings (pages less than 30 minutes apart are one). Over (person, night) of which at least half of the
-- sleep window was on call, so that a shift's edge is not taken for a short night. Only this rotation's pages count; those of
-- another wake the same person.
SELECT r.rotation_id,
       count(n.night) AS on_call_night_count,
       count(*) FILTER (WHERE n.awakening_count >= 1) AS interrupted_night_count,
       count(*) FILTER (WHERE n.awakening_count >= 2) AS twice_interrupted_night_count,
       quantile_cont(n.undisturbed_seconds, 0.5) AS undisturbed_p50_seconds,
       quantile_cont(n.undisturbed_seconds, 0.1) AS undisturbed_p10_seconds
FROM rotation_in($since, $until) AS r
LEFT JOIN slept_night_in($since, $until) AS n ON n.rotation_id = r.rotation_id AND 2 * n.on_call_seconds >= n.window_seconds
GROUP BY r.rotation_id
ORDER BY r.rotation_id
