-- Alert rules
--
-- What paged each rotation, a row an alert rule (service, source tool, rule name), most pages first, and what to do
-- about it: the recommendation is worked out from what the rule did in this rotation.
SELECT r.scope AS rotation_id, r.rule_id, r.service_id, coalesce(s.name, r.service_id) AS service_name, r.title, r.source,
       r.page_count, r.night_page_count,
       r.auto_resolved_count / nullif(r.resolved_count, 0) AS auto_resolved_ratio,
       noise_share(r.actionable_page_count, r.non_actionable_page_count) AS non_actionable_ratio,
       r.flapping_run_count IS NOT NULL AS is_flapping,
       r.evidence, r.recommendation, r.wait_seconds, r.group_rule_id, r.saved_pages_per_week, r.saved_night_pages_per_week
FROM recommendation_in($since, $until, NULL, true) AS r
LEFT JOIN services AS s ON s.id = r.service_id
ORDER BY rotation_id, r.page_count DESC, r.rule_id, r.service_id, service_name, r.title, r.source, is_flapping, r.evidence, r.recommendation, r.group_rule_id
