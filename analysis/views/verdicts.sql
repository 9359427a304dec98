-- Was it actionable? One verdict a page: human label, then redundant, then unattended, then the score of the evidence
-- [definitions 8, metrics 5.2]. The points are in `evidence_points`, which the configuration may change.

-- What people said of an incident: on the incident itself, else in a note that starts with #a or #na, else on its rule.
CREATE OR REPLACE TEMP VIEW label_of_incident AS
WITH own AS (
  SELECT incident_id, arg_max(label, (labelled_at, position)) AS label FROM labels WHERE incident_id IS NOT NULL GROUP BY incident_id
), ruled AS (
  SELECT rule_id, arg_max({'label': label, 'until_at': until_at}, (labelled_at, position)) AS said FROM labels WHERE rule_id IS NOT NULL GROUP BY rule_id
)
SELECT i.incident_id,
       CASE WHEN o.label IS NOT NULL THEN o.label
            WHEN i.note_label IS NOT NULL THEN i.note_label
            WHEN r.said.until_at IS NULL OR i.created_at < r.said.until_at THEN r.said.label END AS label,
       CASE WHEN o.label IS NOT NULL THEN 'incident'
            WHEN i.note_label IS NOT NULL THEN 'note'
            WHEN r.said.label IS NOT NULL AND (r.said.until_at IS NULL OR i.created_at < r.said.until_at) THEN 'rule' END AS label_source
FROM incident_facts AS i
LEFT JOIN own AS o ON o.incident_id = i.incident_id
LEFT JOIN ruled AS r ON r.rule_id = i.rule_id
WHERE o.label IS NOT NULL OR i.note_label IS NOT NULL OR r.said.label IS NOT NULL;

-- Worked on [definitions 10]: any evidence of work, or labelled actionable. A label outranks the evidence the other way
-- round too.
CREATE OR REPLACE TEMP MACRO is_worked_on(has_work, label) AS
  coalesce(label = 'actionable' OR (has_work AND label <> 'non_actionable'), has_work, false);

-- Every stored incident, and whether it was worked on.
CREATE OR REPLACE TEMP VIEW worked_incident AS
SELECT t.*, is_worked_on(t.has_work, l.label) AS is_worked
FROM worked_trace AS t
LEFT JOIN label_of_incident AS l USING (incident_id);

-- Correlated evidence is not counted twice: N1, N2, N3 and N6 together weigh at most -2.5. There are few sets of evidence
-- among many incidents: each set is weighed once.
CREATE OR REPLACE TEMP MACRO score_in(since, until) AS TABLE
WITH found AS (
  SELECT incident_id, evidence_ids AS found_ids FROM evidence_text_in(since, until)
), known AS (
  SELECT s.found_ids, w.points_of, list_filter(string_split(s.found_ids, ' '), lambda id: w.points_of[id] IS NOT NULL) AS ids
  FROM (SELECT DISTINCT found_ids FROM found) AS s
  CROSS JOIN (SELECT map(list(evidence_id), list(points)) AS points_of FROM evidence_points) AS w
), weighed AS (
  SELECT found_ids, ids, list_transform(ids, lambda id: points_of[id]) AS points,
         list_transform(list_filter(ids, lambda id: id IN ('N1', 'N2', 'N3', 'N6')), lambda id: points_of[id]) AS correlated,
         list_transform(list_filter(ids, lambda id: id NOT IN ('N1', 'N2', 'N3', 'N6')), lambda id: points_of[id]) AS others
  FROM known
  WHERE len(ids) > 0
), scored AS (
  SELECT found_ids,
         coalesce(list_sum(others), 0) + greatest(-2.5, coalesce(list_sum(correlated), 0)) AS score,
         list_max(points) > 0 AND list_min(points) < 0 AS is_contradicted,
         starts_with(list_min(ids), 'A') AS has_work,
         array_to_string(ids, ' ') AS evidence_ids
  FROM weighed
)
SELECT f.incident_id, s.score, s.is_contradicted, s.has_work, s.evidence_ids
FROM found AS f
JOIN scored AS s USING (found_ids);

-- The share of non-actionable pages: of what could be decided, with what is sure as its low bound and all that may be as
-- its high one; NULL over nothing.
CREATE OR REPLACE TEMP MACRO noise_share(actionable, non_actionable) AS
  non_actionable / nullif(actionable + non_actionable, 0);
CREATE OR REPLACE TEMP MACRO noise_share_low(actionable, non_actionable, undecided, sure) AS
  sure / nullif(actionable + non_actionable + undecided, 0);
CREATE OR REPLACE TEMP MACRO noise_share_high(actionable, non_actionable, undecided) AS
  (non_actionable + undecided) / nullif(actionable + non_actionable + undecided, 0);

CREATE OR REPLACE TEMP MACRO verdict_in(since, until) AS TABLE
WITH clustered AS (
  SELECT incident_id, incident_created_at, user_id, rotation_id, paged_at, hour_class, paging_incident_at FROM chained_paging_in(since, until)
  UNION ALL
  SELECT incident_id, incident_created_at, user_id, NULL, paged_at, hour_class, NULL FROM page_in(since, until) WHERE rotation_id IS NULL
), paged AS (
  SELECT p.*, i.alert_key, i.rule_id, i.is_merged, i.urgency, i.acknowledged_at, i.created_at, i.resolved_at, i.log_entry_count
  FROM clustered AS p
  LEFT JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
), firsts AS (
  -- a second person paged for one incident is no duplicate: a later incident of the same key is
  SELECT rotation_id, paging_incident_at, alert_key, min(created_at) AS first_at, arg_min(incident_id, (created_at, incident_id)) AS first_id
  FROM paged
  WHERE rotation_id IS NOT NULL AND alert_key IS NOT NULL
  GROUP BY ALL
), judged AS (
  SELECT p.incident_id, p.incident_created_at, p.user_id, p.rotation_id, p.paged_at, p.hour_class, p.rule_id,
         coalesce(s.score, 0) AS score, s.evidence_ids, is_worked_on(s.has_work, l.label) AS is_worked, l.label, l.label_source,
         CASE WHEN p.is_merged OR p.created_at > f.first_at OR (p.created_at = f.first_at AND p.incident_id > f.first_id) THEN 'redundant'
              WHEN coalesce(p.log_entry_count, 0) = 0 THEN 'unknown' -- not even whether anybody answered
              WHEN p.urgency = 'high' AND p.acknowledged_at IS NULL
               AND epoch_us(coalesce(p.resolved_at, until)) - epoch_us(p.created_at) > 1800000000 THEN 'unattended'
              WHEN abs(coalesce(s.score, 0)) < 1 THEN 'unknown'
              WHEN s.score > 0 THEN 'actionable'
              ELSE 'non_actionable' END AS judged_verdict,
         -- what a person said is sure, whatever the evidence
         CASE WHEN l.label IS NOT NULL OR (abs(coalesce(s.score, 0)) >= 2 AND NOT s.is_contradicted) THEN 'high'
              WHEN abs(coalesce(s.score, 0)) < 1.5 THEN 'low'
              ELSE 'medium' END AS confidence
  FROM paged AS p
  LEFT JOIN firsts AS f USING (rotation_id, paging_incident_at, alert_key)
  LEFT JOIN score_in(since, until) AS s USING (incident_id)
  LEFT JOIN label_of_incident AS l USING (incident_id)
)
SELECT *, coalesce(label, judged_verdict) AS verdict
FROM judged;
