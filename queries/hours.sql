-- Hours of the pages
--
-- Pages by the hour class of the person paged: business hours, off hours, and sleep hours before either.
SELECT r.rotation_id,
       count(*) FILTER (WHERE p.hour_class = 'business') AS business_page_count,
       count(*) FILTER (WHERE p.hour_class = 'off_hours') AS off_hours_page_count,
       count(*) FILTER (WHERE p.hour_class = 'sleep') AS sleep_page_count
FROM rotation_in($since, $until) AS r
LEFT JOIN page_in($since, $until) AS p USING (rotation_id)
GROUP BY r.rotation_id
ORDER BY r.rotation_id
