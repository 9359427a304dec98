-- The pages of one rule in the period, by hour class and by verdict.
SELECT CASE WHEN grouping(hour_class) = 0 THEN 'hours' ELSE 'verdict' END AS kind, coalesce(hour_class, verdict) AS name, count(*) AS page_count
FROM verdict_in($since, $until)
WHERE rule_id = $rule
GROUP BY GROUPING SETS ((hour_class), (verdict))
ORDER BY kind, name
