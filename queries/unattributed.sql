-- Unattributed pages
--
-- Pages that belong to no rotation, by the first reason that holds.
SELECT reason, count(*) AS page_count
FROM account_page_in($since, $until)
WHERE rotation_id IS NULL
GROUP BY reason
ORDER BY reason
