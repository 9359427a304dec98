-- Time to resolve
--
-- From an incident's creation to its last resolve, by the pager's clock and not the impact's, over the incidents created
-- in the period that paged the rotation. Merged-away incidents are counted apart; open ones are counted, not averaged.
-- Auto-resolved: the last resolve was the monitor's or a timeout's.
SELECT r.rotation_id,
       count(*) FILTER (WHERE NOT i.is_merged) AS incident_count,
       count(*) FILTER (WHERE NOT i.is_merged AND i.is_resolved) AS resolved_count,
       count(*) FILTER (WHERE NOT i.is_merged AND NOT i.is_resolved) AS open_count,
       count(*) FILTER (WHERE i.is_merged) AS merged_count,
       count(*) FILTER (WHERE NOT i.is_merged AND i.cleared_by IN ('monitor', 'timeout')) AS auto_resolved_count,
       avg(i.resolve_seconds) FILTER (WHERE NOT i.is_merged) AS resolve_mean_seconds,
       quantile_cont(i.resolve_seconds, 0.5) FILTER (WHERE NOT i.is_merged) AS resolve_p50_seconds,
       quantile_cont(i.resolve_seconds, 0.9) FILTER (WHERE NOT i.is_merged) AS resolve_p90_seconds,
       quantile_cont(i.resolve_seconds, 0.95) FILTER (WHERE NOT i.is_merged) AS resolve_p95_seconds
FROM rotation_in($since, $until) AS r
LEFT JOIN paged_incident_in($since, $until) AS i USING (rotation_id)
GROUP BY r.rotation_id
ORDER BY r.rotation_id
