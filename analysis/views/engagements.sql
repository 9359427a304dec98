-- Engaged time: what people spent on the incidents that paged them [definitions 5].

-- A row a page of a rotation that its person acknowledged: from their first acknowledgement to the resolve or to their
-- reassignment, at most four hours; an incident that is still open lasts until the end of the period. Reassigned: the first
-- later second in which the incident was given to people and not to them. (PagerDuty writes an entry for each assignee; one
-- that names nobody proves nothing.) Merged-away incidents are left out. snoozes are the stretches for which anybody put
-- the incident off meanwhile; one that does not say for how long lasts to the end.
CREATE OR REPLACE TEMP MACRO engagement_in(since, until) AS TABLE
WITH paged AS (
  SELECT p.rotation_id, p.incident_id, p.user_id, i.resolved_at, least(i.created_at, i.acknowledged_at, p.paged_at) AS begun_at
  FROM page_in(since, until) AS p
  JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
  WHERE p.rotation_id IS NOT NULL AND NOT i.is_merged
), entries AS (
  SELECT e.incident_id, e.created_at, e.type, e.agent_id, e.assignee_ids, e.snooze_seconds
  FROM log_entries AS e
  SEMI JOIN paged USING (incident_id)
  -- nothing is acknowledged before it begins: so only the end of a long log is looked at
  WHERE e.created_at >= (SELECT min(begun_at) FROM paged)
    AND e.type IN ('acknowledge_log_entry', 'acknowledgement_log_entry', 'snooze_log_entry',
                   'assign_log_entry', 'escalate_log_entry', 'delegate_log_entry')
), acknowledged AS (
  SELECT p.rotation_id, p.incident_id, p.user_id, p.resolved_at, min(e.created_at) AS start_at
  FROM paged AS p
  JOIN entries AS e ON e.incident_id = p.incident_id AND e.agent_id = p.user_id
  WHERE e.type IN ('acknowledge_log_entry', 'acknowledgement_log_entry')
  GROUP BY ALL
), given AS (
  SELECT incident_id, date_trunc('second', created_at) AS second_at, min(created_at) AS given_at, flatten(list(assignee_ids)) AS assignee_ids
  FROM entries
  WHERE type IN ('assign_log_entry', 'escalate_log_entry', 'delegate_log_entry') AND len(assignee_ids) > 0
  GROUP BY ALL
), reassigned AS (
  SELECT a.incident_id, a.user_id, min(g.given_at) AS reassigned_at
  FROM acknowledged AS a
  JOIN given AS g ON g.incident_id = a.incident_id AND g.second_at > a.start_at AND NOT list_contains(g.assignee_ids, a.user_id)
  GROUP BY a.incident_id, a.user_id
), engaged AS (
  SELECT a.rotation_id, a.incident_id, a.user_id, a.start_at,
         -- least() passes over what is unknown
         greatest(a.start_at, least(coalesce(a.resolved_at, until), r.reassigned_at, a.start_at + INTERVAL 4 HOUR)) AS end_at
  FROM acknowledged AS a
  LEFT JOIN reassigned AS r USING (incident_id, user_id)
), snoozed AS (
  SELECT e.incident_id, e.user_id,
         list({'start_at': s.created_at, 'end_at': least(e.end_at, s.created_at + to_seconds(s.snooze_seconds))}) AS snoozes
  FROM engaged AS e
  JOIN entries AS s ON s.incident_id = e.incident_id AND s.created_at >= e.start_at AND s.created_at < e.end_at
  WHERE s.type = 'snooze_log_entry'
  GROUP BY e.incident_id, e.user_id
)
SELECT e.rotation_id, e.incident_id, e.user_id, e.start_at, e.end_at, s.snoozes
FROM engaged AS e
LEFT JOIN snoozed AS s USING (incident_id, user_id);

-- A row a rotation and person: how long they were engaged, time in which several incidents had them counted once. high has
-- all of it; low what is left without the snoozes, each taken out of its own incident.
CREATE OR REPLACE TEMP MACRO engaged_time_in(since, until) AS TABLE
WITH engaged AS (
  SELECT * FROM engagement_in(since, until)
), cuts AS (
  SELECT incident_id, user_id, unnest(snoozes, max_depth := 2) FROM engaged
  UNION ALL
  -- what follows the last snooze ends with the engagement
  SELECT incident_id, user_id, end_at, end_at FROM engaged
), stretches AS (
  SELECT rotation_id, user_id, 'high' AS bound, start_at, end_at FROM engaged
  UNION ALL
  SELECT e.rotation_id, e.user_id, 'low', coalesce(max(c.end_at) OVER earlier, e.start_at), c.start_at
  FROM engaged AS e
  JOIN cuts AS c USING (incident_id, user_id)
  WINDOW earlier AS (PARTITION BY e.incident_id, e.user_id ORDER BY c.start_at, c.end_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), fresh AS (
  -- what of each stretch no earlier one has covered
  SELECT rotation_id, user_id, bound,
         greatest(0, epoch_us(end_at) - greatest(epoch_us(start_at), epoch_us(max(end_at) OVER earlier))) AS microseconds
  FROM stretches
  WHERE end_at > start_at
  WINDOW earlier AS (PARTITION BY rotation_id, user_id, bound ORDER BY start_at, end_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), timed AS (
  SELECT rotation_id, user_id,
         sum(microseconds) FILTER (WHERE bound = 'low') // 1000000 AS low_seconds,
         sum(microseconds) FILTER (WHERE bound = 'high') // 1000000 AS high_seconds
  FROM fresh
  GROUP BY rotation_id, user_id
), counted AS (
  SELECT rotation_id, user_id, count(*) AS engagement_count FROM engaged GROUP BY rotation_id, user_id
)
SELECT c.rotation_id, c.user_id, c.engagement_count,
       coalesce(t.low_seconds, 0)::BIGINT AS low_seconds, coalesce(t.high_seconds, 0)::BIGINT AS high_seconds
FROM counted AS c
LEFT JOIN timed AS t USING (rotation_id, user_id);
