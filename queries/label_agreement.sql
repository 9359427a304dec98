-- Labels against rules
--
-- What people said of an incident (crywolf label, or a note that begins with #a or #na), beside the verdict that the
-- rules reach without it, a row an incident by its first page in the period. Labels of alert rules are left out: they say
-- what to think of pages, not what one page was. crywolf label counts the rows.
SELECT v.incident_id, v.rule_id, i.title, v.paged_at, v.label, v.label_source, v.judged_verdict
FROM verdict_in($since, $until) AS v
JOIN incident_facts AS i ON i.incident_id = v.incident_id AND i.created_at = v.incident_created_at
WHERE v.label_source IN ('incident', 'note')
QUALIFY row_number() OVER (PARTITION BY v.incident_id ORDER BY v.paged_at, v.user_id) = 1
ORDER BY v.paged_at, v.incident_id, v.rule_id, i.title, v.label, v.label_source, v.judged_verdict
