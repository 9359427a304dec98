-- Half-day blocks over the limit
--
-- Each shift cut from its start into blocks of 12 hours: how many there were, how many held more pages than the
-- limit (ours, configurable), and how many more than 2 paging incidents (Google's ceiling).
SELECT r.rotation_id,
       count(b.block) AS blocks_12h_count,
       count(*) FILTER (WHERE b.page_count > (SELECT page_limit FROM settings)) AS blocks_12h_over_limit_count,
       count(*) FILTER (WHERE b.paging_incident_count > 2) AS blocks_12h_over_2_incidents_count
FROM rotation_in($since, $until) AS r
LEFT JOIN block_in($since, $until) AS b USING (rotation_id)
GROUP BY r.rotation_id
ORDER BY r.rotation_id
