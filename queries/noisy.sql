-- Noisy alert rules
--
-- What each alert rule did in the period, what to do about it, what that saves a week and what it would have hidden.
-- Counted over the rule's incidents that paged, in $rotations or the whole account. Worked: any evidence of work, or
-- labelled actionable; with its Wilson 95% interval, and where none was, the one-sided 95% bound of how many could be.
SELECT r.rule_id, r.service_id, coalesce(s.name, r.service_id) AS service_name, r.title, r.source,
       r.page_count, r.night_page_count, r.incident_count,
       r.auto_resolved_count / nullif(r.resolved_count, 0) AS auto_resolved_ratio,
       r.worked_count,
       r.worked_count / r.incident_count AS worked_ratio,
       wilson_low(r.worked_count, r.incident_count) AS worked_low_ratio,
       wilson_high(r.worked_count, r.incident_count) AS worked_high_ratio,
       CASE WHEN r.worked_count = 0 THEN 1 - pow(0.05, 1 / r.incident_count) END AS worked_bound_ratio,
       coalesce(r.flapping_run_count, 0) AS flapping_run_count,
       coalesce(r.excess_page_count, 0) AS excess_page_count,
       r.open_p50_seconds, r.last_worked_at,
       r.evidence, r.recommendation, r.wait_seconds, r.group_rule_id,
       CASE WHEN r.group_rule_id IS NOT NULL THEN r.beside_count / r.incident_count END AS group_ratio,
       r.cleared_alone_count / r.incident_count AS cleared_alone_ratio,
       r.unattended_page_count, r.top_priority_count, r.sole_detector_count, r.silent_incident_count, r.outside_business_page_count,
       r.saved_pages_per_week, r.saved_night_pages_per_week,
       r.worked_incident_ids,
       r.flapping_run_count IS NOT NULL AS is_flapping
FROM recommendation_in($since, $until, $rotations, false) AS r
LEFT JOIN services AS s ON s.id = r.service_id
ORDER BY r.saved_night_pages_per_week DESC, r.saved_pages_per_week DESC, r.page_count DESC, r.rule_id,
         r.service_id, service_name, r.title, r.source, r.evidence, r.recommendation, r.group_rule_id, r.worked_incident_ids, is_flapping
