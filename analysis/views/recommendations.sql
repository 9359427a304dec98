-- What to do about an alert rule, and what it would cost and save [definitions 10]. Counted over the rule's incidents
-- that paged the scope in the period: a rotation each (by_rotation), or all pages of the account or of some rotations together.

CREATE OR REPLACE TEMP MACRO scoped_page_in(since, until, rotations, by_rotation) AS TABLE
SELECT CASE WHEN by_rotation THEN v.rotation_id ELSE '' END AS scope,
       v.rule_id, v.incident_id, v.incident_created_at, v.hour_class, v.verdict, v.is_worked
FROM verdict_in(since, until) AS v
WHERE v.rule_id IS NOT NULL
  AND (v.rotation_id IS NOT NULL OR NOT by_rotation)
  AND (rotations IS NULL OR list_contains(string_split(rotations, ' '), v.rotation_id));

-- A row an incident of a rule, with its pages.
CREATE OR REPLACE TEMP MACRO rule_incident_in(since, until, rotations, by_rotation) AS TABLE
WITH paged AS (
  SELECT scope, rule_id, incident_id, incident_created_at, bool_or(is_worked) AS is_worked,
         count(*) AS page_count,
         count(*) FILTER (WHERE hour_class = 'sleep') AS night_page_count,
         count(*) FILTER (WHERE hour_class <> 'business') AS outside_page_count,
         count(*) FILTER (WHERE verdict = 'unattended') AS unattended_page_count,
         count(*) FILTER (WHERE verdict = 'actionable') AS actionable_page_count,
         count(*) FILTER (WHERE verdict = 'non_actionable') AS non_actionable_page_count
  FROM scoped_page_in(since, until, rotations, by_rotation)
  GROUP BY scope, rule_id, incident_id, incident_created_at
)
SELECT p.*, i.log_entry_count = 0 AS is_silent, i.service_id, i.source, i.title, i.created_at, i.is_top_priority, i.is_sole_rule, i.is_resolved, i.is_merged, i.cleared_by,
       i.alert_key, o.run_started_at,
       CASE WHEN NOT i.is_merged THEN seconds_between(i.created_at, i.resolved_at) END AS open_seconds,
       is_cleared_alone(i.is_merged, i.cleared_by, i.first_human_event_at, i.resolved_at) AS is_cleared_alone
FROM paged AS p
JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
LEFT JOIN key_order AS o ON o.incident_id = p.incident_id AND o.incident_created_at = p.incident_created_at;

-- Rules that were the only one to page a service in the half hour before a worked incident that a person opened there:
-- deleting one could have cost the only sign of it. What another person opened meanwhile is no alert beside it.
CREATE OR REPLACE TEMP MACRO sole_detector_in(since, until) AS TABLE
WITH opened AS (
  -- joined by half-hour slot: what is at most half an hour earlier lies in the same slot or the one before
  SELECT i.incident_id, i.service_id, i.created_at, unnest([-1, 0]) + epoch_us(i.created_at) // 1800000000 AS slot
  FROM incident AS i
  LEFT JOIN label_of_incident AS l USING (incident_id)
  LEFT JOIN score_in(since, until) AS s USING (incident_id)
  WHERE i.is_opened_by_person AND i.created_at >= since AND i.created_at < until
    AND is_worked_on(s.has_work, l.label)
), heard AS (
  SELECT DISTINCT o.incident_id, i.rule_id
  FROM (FROM page WHERE paged_at >= since - INTERVAL 30 MINUTE AND paged_at < until) AS p
  JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
  JOIN opened AS o
    ON o.service_id = i.service_id AND o.slot = epoch_us(p.paged_at) // 1800000000
   AND p.paged_at >= o.created_at - INTERVAL 30 MINUTE AND p.paged_at <= o.created_at
  WHERE NOT i.is_opened_by_person AND i.rule_id IS NOT NULL
), alone AS (
  SELECT incident_id, min(rule_id) AS rule_id
  FROM heard
  GROUP BY incident_id
  HAVING count(*) = 1
)
SELECT rule_id, count(*) AS sole_detector_count
FROM alone
GROUP BY rule_id;

-- A row a scope and rule: what it did, and the first recommendation that holds. The pages are judged once, in
-- incidents_of, and everything is counted from there.
CREATE OR REPLACE TEMP MACRO recommendation_in(since, until, rotations, by_rotation) AS TABLE
WITH incidents_of AS (
  SELECT * FROM rule_incident_in(since, until, rotations, by_rotation)
), runs AS (
  SELECT scope, rule_id, alert_key, run_started_at, count(*) - 1 AS excess_count
  FROM incidents_of
  WHERE run_started_at IS NOT NULL
  GROUP BY scope, rule_id, alert_key, run_started_at
), flapped AS (
  SELECT scope, rule_id, count(*) AS flapping_run_count, sum(excess_count)::BIGINT AS excess_page_count
  FROM runs
  GROUP BY scope, rule_id
), counted AS (
  SELECT scope, rule_id,
         any_value(service_id) AS service_id, any_value(source) AS source, arg_max(title, (created_at, incident_id)) AS title,
         sum(page_count)::BIGINT AS page_count, sum(night_page_count)::BIGINT AS night_page_count,
         sum(outside_page_count)::BIGINT AS outside_business_page_count,
         sum(unattended_page_count)::BIGINT AS unattended_page_count,
         sum(actionable_page_count)::BIGINT AS actionable_page_count, sum(non_actionable_page_count)::BIGINT AS non_actionable_page_count,
         count(*) AS incident_count,
         count(*) FILTER (WHERE is_worked) AS worked_count,
         count(*) FILTER (WHERE is_worked AND outside_page_count > 0) AS worked_outside_count,
         count(*) FILTER (WHERE is_resolved AND NOT is_merged) AS resolved_count,
         count(*) FILTER (WHERE NOT is_merged AND cleared_by IN ('monitor', 'timeout')) AS auto_resolved_count,
         count(*) FILTER (WHERE is_cleared_alone) AS cleared_alone_count,
         count(*) FILTER (WHERE is_top_priority) AS top_priority_count,
         count(*) FILTER (WHERE is_silent) AS silent_incident_count,
         -- up to a whole minute, one at least; interpolating leaves specks of dust above one
         greatest(60, ceil(round(quantile_cont(open_seconds, 0.9) FILTER (WHERE is_cleared_alone), 3) / 60) * 60) AS alone_p90_seconds,
         quantile_cont(open_seconds, 0.5) AS open_p50_seconds,
         max(created_at) FILTER (WHERE is_worked) AS last_worked_at,
         string_agg(incident_id, ' ' ORDER BY created_at, incident_id) FILTER (WHERE is_worked) AS worked_incident_ids
  FROM incidents_of
  GROUP BY scope, rule_id
), groupable AS (
  -- what may be grouped with another rule; without a log entry nobody knows whether an incident was worked on
  SELECT scope, rule_id, page_count, incident_count
  FROM counted
  WHERE incident_count >= 10 AND worked_count = 0 AND silent_incident_count = 0
), span AS (
  SELECT min(created_at) - INTERVAL 5 MINUTE AS since_at, max(created_at) + INTERVAL 5 MINUTE AS until_at FROM incidents_of
), near_pages AS MATERIALIZED (
  -- of what paged the scope at any time. Cut to the span before they are joined: DuckDB can't tell how little is left of
  -- either, and would at times read one of them whole.
  SELECT DISTINCT CASE WHEN by_rotation THEN rotation_id ELSE '' END AS scope, incident_id, incident_created_at
  FROM page
  WHERE (rotation_id IS NOT NULL OR NOT by_rotation) AND is_asked_rotation(rotation_id)
    AND (rotations IS NULL OR list_contains(string_split(rotations, ' '), rotation_id))
    AND incident_created_at >= (SELECT since_at FROM span) AND incident_created_at <= (SELECT until_at FROM span)
), near_incidents AS MATERIALIZED (
  SELECT incident_id, created_at, rule_id
  FROM incident_facts
  WHERE rule_id IS NOT NULL AND created_at >= (SELECT since_at FROM span) AND created_at <= (SELECT until_at FROM span)
), started AS (
  SELECT DISTINCT p.scope, i.rule_id, i.created_at
  FROM near_pages AS p
  JOIN near_incidents AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
), other AS (
  -- of the rules that page as often as a groupable one
  SELECT s.scope, s.rule_id, s.created_at, epoch_us(s.created_at) // 300000000 AS slot
  FROM started AS s
  SEMI JOIN counted AS c ON c.scope = s.scope AND c.rule_id = s.rule_id AND c.page_count >= (SELECT min(page_count) FROM groupable)
), numbered AS (
  SELECT o.scope, o.rule_id, g.page_count, g.incident_count, o.incident_id, o.created_at,
         row_number() OVER (PARTITION BY o.scope, o.rule_id ORDER BY o.created_at, o.incident_id) AS nth
  FROM incidents_of AS o
  JOIN groupable AS g USING (scope, rule_id)
), slots AS (
  -- joined by five-minute slot: an instant at most five minutes away lies in the same slot or a neighbour
  SELECT *, unnest([-1, 0, 1]) + epoch_us(created_at) // 300000000 AS slot
  FROM numbered
), likely AS (
  -- A rule that is beside nine tenths of the incidents misses at most a tenth of them, so at most so many of every fifth one.
  -- Most are out after these: the pairs grow with the square of how close the alerts lie.
  SELECT s.scope, s.rule_id, x.rule_id AS companion_rule_id
  FROM slots AS s
  JOIN other AS x
    ON x.scope = s.scope AND x.slot = s.slot AND x.rule_id <> s.rule_id
   AND abs(epoch_us(x.created_at) - epoch_us(s.created_at)) <= 300000000
  WHERE s.nth % 5 = 1
  GROUP BY s.scope, s.rule_id, x.rule_id
  HAVING count(DISTINCT s.incident_id) >= any_value((s.incident_count + 4) // 5 - s.incident_count // 10)
), beside AS (
  SELECT s.scope, s.rule_id, l.companion_rule_id, any_value(s.page_count) AS page_count, count(DISTINCT s.incident_id) AS beside_count
  FROM slots AS s
  JOIN likely AS l ON l.scope = s.scope AND l.rule_id = s.rule_id
  JOIN other AS x
    ON x.scope = s.scope AND x.slot = s.slot AND x.rule_id = l.companion_rule_id
   AND abs(epoch_us(x.created_at) - epoch_us(s.created_at)) <= 300000000
  GROUP BY s.scope, s.rule_id, l.companion_rule_id
  HAVING 10 * count(DISTINCT s.incident_id) >= 9 * any_value(s.incident_count)
), companions AS (
  -- of the rules that start within five minutes of nine tenths of a groupable one's incidents and page the scope at least as
  -- often as it, the one that is beside most
  SELECT b.scope, b.rule_id, b.companion_rule_id, b.beside_count
  FROM beside AS b
  JOIN counted AS c ON c.scope = b.scope AND c.rule_id = b.companion_rule_id AND c.page_count >= b.page_count
  QUALIFY row_number() OVER (PARTITION BY b.scope, b.rule_id ORDER BY b.beside_count DESC, c.page_count DESC, b.companion_rule_id) = 1
), advised AS (
  SELECT c.*, f.flapping_run_count, f.excess_page_count, m.companion_rule_id, m.beside_count,
         coalesce(d.sole_detector_count, 0) AS sole_detector_count,
         CASE WHEN c.incident_count < 10 AND c.worked_count = 0 THEN 'unclear'
              WHEN m.companion_rule_id IS NOT NULL THEN 'group'
              WHEN 10 * c.cleared_alone_count >= 8 * c.incident_count AND c.alone_p90_seconds <= 1800 THEN 'wait'
              WHEN c.worked_count = 0 AND c.silent_incident_count = 0 AND c.unattended_page_count = 0 AND c.top_priority_count = 0 AND d.rule_id IS NULL THEN 'delete'
              WHEN c.worked_count > 0 AND c.worked_outside_count = 0 AND c.outside_business_page_count > 0 THEN 'demote'
              WHEN c.worked_count >= 5 THEN 'fix_cause'
              WHEN c.worked_count > 0 THEN 'keep'
              ELSE 'unclear' END AS recommendation
  FROM counted AS c
  LEFT JOIN flapped AS f USING (scope, rule_id)
  LEFT JOIN companions AS m USING (scope, rule_id)
  LEFT JOIN sole_detector_in(since, until) AS d ON d.rule_id = c.rule_id
), saved AS (
  -- only pages of incidents whose alerts are all the rule's own: another rule's would have paged all the same
  SELECT i.scope, i.rule_id,
         sum(CASE WHEN a.recommendation = 'demote' THEN i.outside_page_count ELSE i.page_count END) AS page_count,
         sum(i.night_page_count) AS night_page_count
  FROM incidents_of AS i
  JOIN advised AS a USING (scope, rule_id)
  WHERE i.is_sole_rule
    AND CASE a.recommendation WHEN 'delete' THEN true
                              WHEN 'group' THEN true
                              WHEN 'wait' THEN i.is_cleared_alone AND i.open_seconds <= a.alone_p90_seconds
                              WHEN 'demote' THEN i.outside_page_count > 0
                              ELSE false END
  GROUP BY i.scope, i.rule_id
)
SELECT a.*,
       CASE WHEN a.incident_count >= 30 THEN 'strong' WHEN a.incident_count >= 10 THEN 'fair' ELSE 'thin' END AS evidence,
       CASE WHEN a.recommendation = 'wait' THEN a.alone_p90_seconds END AS wait_seconds,
       CASE WHEN a.recommendation = 'group' THEN a.companion_rule_id END AS group_rule_id,
       coalesce(s.page_count, 0) / ((epoch_us(until) - epoch_us(since)) / 604800e6) AS saved_pages_per_week,
       coalesce(s.night_page_count, 0) / ((epoch_us(until) - epoch_us(since)) / 604800e6) AS saved_night_pages_per_week
FROM advised AS a
LEFT JOIN saved AS s USING (scope, rule_id);
