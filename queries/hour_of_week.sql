-- Hour of week
--
-- Pages by weekday (1 is Monday) and hour on the clock of the person paged; hours without a page have no row.
SELECT rotation_id, isodow(paged_local_at) AS iso_weekday, hour(paged_local_at) AS hour_of_day, count(*) AS page_count
FROM page_in($since, $until)
WHERE rotation_id IS NOT NULL
GROUP BY rotation_id, iso_weekday, hour_of_day
ORDER BY rotation_id, iso_weekday, hour_of_day
