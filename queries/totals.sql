-- Totals of the account
--
-- Incidents created in the period, paging or not; pages, interruptions and notifications that fell into it.
-- Interruptions are chained per user over everything.
SELECT (SELECT count(*) FROM incident WHERE created_at >= $since AND created_at < $until) AS incident_count,
       (SELECT count(*) FROM account_page_in($since, $until)) AS page_count,
       (SELECT count(*) FROM account_interruption_in($since, $until) WHERE starts_chain) AS interruption_count,
       (SELECT count(*) FROM account_notification_in($since, $until)) AS notification_count
ORDER BY incident_count
