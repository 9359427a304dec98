-- Facts of a generated account of any size, in the tables of ingest/schema.sql and with the columns that a sync fills: two years,
-- 50 rotations, 200 people in eight zones, 500 services, and as many incidents as the variable says, with about six log entries
-- each. It takes seconds where a sync through the API takes hours. A test holds its shape to a real sync's (facts_test.go).
--
--   SET VARIABLE incident_count = 1000000;
--
-- The same number gives the same rows. What a sync keeps and this does not: `raw` holds only what analysis reads of a record
-- (0.1 kB a log entry instead of 1 kB), so files are smaller than a real account's.

-- A number below n that looks like chance and is always the same.
CREATE OR REPLACE TEMP MACRO draw(i, salt, n) AS (hash(i, salt) % n)::BIGINT;
CREATE OR REPLACE TEMP MACRO ends() AS TIMESTAMP '2026-01-01';
CREATE OR REPLACE TEMP MACRO starts() AS TIMESTAMP '2024-01-01';

INSERT INTO meta VALUES ('schema_version', '1'), ('region', 'us'), ('made_by', 'demo'), ('subdomain', 'generated'),
  ('incidents_read_again_at', '2026-01-01T00:00:00Z'), ('reading_again_incidents', ''), ('reading_again_log_entries', ''),
  ('names_to_mask', ''), ('last_sync_at', '2026-01-01T00:00:00Z');

INSERT INTO users SELECT 'PU' || lpad(i::VARCHAR, 5, '0'), 'Person ' || i,
  ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Tokyo', 'Europe/London', 'America/Los_Angeles', 'Australia/Sydney', 'America/Sao_Paulo'][1 + i % 8],
  i = 199, '{"id":"PU' || i || '"}', ends() FROM range(200) AS t(i);
INSERT INTO pseudonyms SELECT sha256(id), row_number() OVER (ORDER BY id) FROM users;
INSERT INTO teams SELECT 'PT' || lpad(i::VARCHAR, 5, '0'), 'team ' || i, false, '{}', ends() FROM range(25) AS t(i);
INSERT INTO priorities SELECT 'PR0000' || i, 'P' || i, i, '{}', ends() FROM range(1, 6) AS t(i);
INSERT INTO schedules SELECT 'PS' || lpad(i::VARCHAR, 5, '0'), 'rotation-' || lpad(i::VARCHAR, 2, '0'), ['Europe/Berlin', 'America/New_York', 'Etc/UTC'][1 + i % 3],
  CASE WHEN i % 10 = 9 THEN 'v3' ELSE 'v2' END, true, false, '{}', ends() FROM range(50) AS t(i);
INSERT INTO escalation_policies SELECT 'PE' || lpad(i::VARCHAR, 5, '0'), 'policy ' || i, false, '{}', ends() FROM range(50) AS t(i);
INSERT INTO escalation_targets
  SELECT 'PE' || lpad(i::VARCHAR, 5, '0'), level, 1800,
         CASE WHEN level = 3 THEN 'user' ELSE 'schedule' END,
         CASE level WHEN 1 THEN 'PS' || lpad(i::VARCHAR, 5, '0') WHEN 2 THEN 'PS' || lpad(((i + 1) % 50)::VARCHAR, 5, '0') ELSE 'PU00198' END
  FROM range(50) AS a(i), range(1, 4) AS b(level);
INSERT INTO services SELECT 'PV' || lpad(i::VARCHAR, 5, '0'), 'service-' || i, 'PE' || lpad((i % 50)::VARCHAR, 5, '0'), false, '{}', ends() FROM range(500) AS t(i);
INSERT INTO integrations
  SELECT 'PI' || lpad(i::VARCHAR, 5, '0'), 'PV' || lpad(i::VARCHAR, 5, '0'),
         CASE i % 4 WHEN 3 THEN 'aws_cloudwatch_inbound_integration' ELSE 'events_api_v2_inbound_integration' END,
         v, CASE WHEN i % 20 = 0 THEN NULL ELSE v END
  FROM (SELECT i, ['Prometheus', 'Datadog', 'Grafana', 'Amazon CloudWatch'][1 + i % 4] AS v FROM range(500) AS t(i));

-- Half of the rotations change hands every 12 hours, half every week; four people each. One has a vacancy.
CREATE OR REPLACE TEMP TABLE made_shifts AS
SELECT s, hours, turn, (4 * s + turn % 4) % 200 AS u,
       starts() + to_hours((hours * turn)::BIGINT) AS start_at, starts() + to_hours((hours * (turn + 1))::BIGINT) AS end_at
FROM (SELECT s, CASE WHEN s % 2 = 0 THEN 12 ELSE 168 END AS hours FROM range(50) AS a(s)),
     (SELECT unnest(range(-14, 1464)) AS turn)
WHERE hours * turn >= -168 AND hours * turn < 731 * 24;
INSERT INTO schedule_entries
  SELECT 'PS' || lpad(s::VARCHAR, 5, '0'), CASE WHEN s = 9 AND turn = 7 THEN NULL ELSE 'PU' || lpad(u::VARCHAR, 5, '0') END, start_at, end_at
  FROM made_shifts WHERE start_at < ends() ORDER BY start_at, s;
INSERT INTO schedule_overrides SELECT 'PS00000', 'PU00001', starts() + to_days(30 * i), starts() + to_days(30 * i) + INTERVAL 8 HOUR FROM range(20) AS t(i);
INSERT INTO maintenance_windows SELECT 'PM' || lpad(i::VARCHAR, 5, '0'), starts() + to_days(i), starts() + to_days(i) + INTERVAL 2 HOUR,
  ['PV' || lpad((i % 500)::VARCHAR, 5, '0')], '{}', ends() FROM range(700) AS t(i);
INSERT INTO change_events SELECT '01' || lpad(i::VARCHAR, 24, '0'), starts() + to_seconds(draw(i, 90, 730 * 86400)), ['PV' || lpad(draw(i, 91, 100)::VARCHAR, 5, '0')], '{}', ends()
  FROM range(10000) AS t(i);

-- Incidents come in groups of eight; one group in ten is an alert that fires and clears again and again, the others have
-- nothing to do with each other. Each service has eight rules on five hosts, and a rule is of one kind: noise that clears
-- alone (0-3), work for people (4, 5), something that nobody answers (6), or a daytime matter of low urgency (7).
CREATE OR REPLACE TEMP TABLE made AS
WITH grouped AS (
  SELECT i, i // 8 AS g, i % 8 AS nth, draw(i // 8, 1, 10) = 0 AS is_burst FROM range(getvariable('incident_count')) AS t(i)
), placed AS (
  SELECT *, CASE WHEN is_burst THEN g ELSE i END AS seed,
         starts() + to_seconds(draw(CASE WHEN is_burst THEN g ELSE i END, 2, 730 * 86400 - 7200) + CASE WHEN is_burst THEN 480 * nth ELSE 0 END) AS at_
  FROM grouped
), told AS (
  SELECT *, least(draw(seed, 3, 500), draw(seed, 4, 500)) AS v, draw(seed, 5, 8) AS rule, draw(seed, 6, 5) AS host,
         draw(i, 7, 1000) AS a, draw(i, 8, 1000) AS b, draw(i, 9, 1000) AS c
  FROM placed
), kinds AS (
  SELECT *, v % 50 AS s,
         CASE WHEN is_burst THEN 0 ELSE rule // 2 END AS kind,     -- 0, 1 noise; 2 work; 3 unanswered or low
         rule = 7 AND NOT is_burst AS is_low,
         NOT is_burst AND a < 15 AS is_by_person,
         NOT is_burst AND b < 20 AND i % 8 = 3 AND i > 8 AS is_merged,
         at_ > ends() - INTERVAL 14 DAY AND c < 30 AS is_open
  FROM told
), answered AS (
  SELECT *,
         CASE WHEN kind = 3 AND NOT is_low AND b < 500 THEN NULL WHEN kind <= 1 AND b < 600 THEN NULL WHEN is_merged THEN NULL
              ELSE 30 + (a * a) // 1500 + 20 * (b % 10) END AS ack_after,
         CASE WHEN is_open THEN NULL WHEN is_merged THEN 200
              WHEN kind <= 1 THEN 70 + c // 2 + CASE WHEN rule % 2 = 1 THEN 5 * (a * a) // 1000 ELSE 0 END
              WHEN kind = 2 THEN 900 + (c * c) // 100
              ELSE 2400 + 40 * c END AS resolve_after
  FROM kinds
), ended AS (
  SELECT * REPLACE (CASE WHEN ack_after < resolve_after OR resolve_after IS NULL THEN ack_after END AS ack_after),
         CASE WHEN s % 2 = 0 THEN (epoch_us(at_) - epoch_us(starts())) // 43200000000 ELSE (epoch_us(at_) - epoch_us(starts())) // 604800000000 END AS turn,
         CASE WHEN kind <= 1 THEN CASE WHEN c % 20 = 0 AND ack_after IS NOT NULL THEN 'user' ELSE 'monitor' END
              WHEN is_low AND c % 9 = 0 THEN 'timeout'
              WHEN kind = 3 AND ack_after IS NULL THEN 'monitor' ELSE 'user' END AS ender
  FROM answered
)
SELECT i, 'Q' || lpad(i::VARCHAR, 13, '0') AS id, 'PV' || lpad(v::VARCHAR, 5, '0') AS service_id, 'PE' || lpad(s::VARCHAR, 5, '0') AS policy_id,
       'PI' || lpad(v::VARCHAR, 5, '0') AS integration_id,
       -- the holder of the shift; an incident that a person opened may be given to anybody
       'PU' || lpad(((4 * CASE WHEN is_by_person AND a % 2 = 0 THEN s + 7 ELSE s END + turn % 4) % 200)::VARCHAR, 5, '0') AS holder,
       'PU' || lpad(((4 * ((s + 1) % 50) + (CASE WHEN s % 2 = 1 THEN (epoch_us(at_) - epoch_us(starts())) // 43200000000 ELSE (epoch_us(at_) - epoch_us(starts())) // 604800000000 END) % 4) % 200)::VARCHAR, 5, '0') AS second_holder,
       v, rule, kind, a, b, c, is_low, is_by_person, is_merged, is_open, is_burst, ack_after, resolve_after, ender, at_,
       ['[FIRING:1] HighLatency node-', 'Disk space is low on db-', 'Queue is growing on worker-', 'TargetDown node-', 'Error rate above 2% on web-',
        'Checkout fails on shop-', 'Certificate expires soon on edge-', 'Nightly export is late on batch-'][1 + rule] || host || ' (service-' || v || ' prod)' AS title,
       left(sha256('k' || v || '-' || rule || '-' || host), 56) AS key_,
       CASE WHEN NOT is_by_person AND draw(i, 10, 20) = 0 THEN 2 + draw(i, 11, 3) WHEN is_by_person THEN 0 ELSE 1 END AS alert_count,
       resolve_after > 1800 AND ack_after IS NULL AND NOT is_low AND NOT is_by_person AS is_escalated
FROM ended
ORDER BY at_, i;

INSERT INTO incidents BY NAME
SELECT id, 1000 + row_number() OVER (ORDER BY at_, i) AS incident_number, title,
       CASE WHEN NOT is_open THEN 'resolved' WHEN ack_after IS NULL THEN 'triggered' ELSE 'acknowledged' END AS status,
       CASE WHEN is_low THEN 'low' ELSE 'high' END AS urgency, service_id, policy_id AS escalation_policy_id,
       CASE WHEN kind = 2 AND b < 250 THEN 'PR0000' || (1 + b % 4) END AS priority_id,
       at_ AS created_at, coalesce(at_ + to_seconds(resolve_after), at_ + to_seconds(ack_after), at_) AS updated_at,
       at_ + to_seconds(resolve_after) AS resolved_at,
       CASE WHEN is_by_person AND a % 2 = 0 THEN 'direct_assignment' ELSE 'escalation_policy' END AS assigned_via,
       CASE WHEN is_merged THEN 'merge_resolve_reason' END AS resolve_reason,
       CASE WHEN is_merged THEN 'Q' || lpad((i - 1)::VARCHAR, 13, '0') END AS merged_into_id,
       CASE WHEN alert_count <> 1 AND NOT is_by_person THEN NULL WHEN NOT is_by_person THEN key_ END AS incident_key,
       alert_count, 'R' || lpad((i * 16)::VARCHAR, 25, '0') AS first_trigger_log_entry_id,
       CASE WHEN kind = 2 AND c < 20 THEN ['PU00197'] ELSE [] END AS responder_ids,
       CASE WHEN is_open THEN [{'user_id': holder, 'assigned_at': at_}] ELSE [] END AS assignments,
       false AS is_deleted, '{"id":"' || id || '","conference_bridge":null,"priority":null}' AS raw, ends() AS fetched_at
FROM made;

-- What happened to each incident, in order: `p` is the place in this list, from which the entry's id is made.
INSERT INTO log_entries BY NAME
WITH steps AS (
  SELECT unnest(range(16)) AS p,
         unnest(['trigger', 'assign', 'notify', 'notify', 'notify', 'escalate', 'notify', 'acknowledge', 'annotate', 'snooze', 'responder_request',
                 'assign', 'resolve', 'notify', 'trigger', 'urgency_change']) AS kind_
), happened AS (
  SELECT m.*, p, kind_,
         CASE p WHEN 0 THEN 0 WHEN 1 THEN 0 WHEN 2 THEN 4 WHEN 3 THEN 60 WHEN 4 THEN 180 WHEN 5 THEN 1800 WHEN 6 THEN 1804 WHEN 7 THEN ack_after
                WHEN 8 THEN ack_after + 120 WHEN 9 THEN ack_after + 30 WHEN 10 THEN ack_after + 60 WHEN 11 THEN ack_after + 240 WHEN 12 THEN resolve_after
                WHEN 13 THEN 30 WHEN 14 THEN 45 ELSE 90 END AS after
  FROM made AS m, steps
  WHERE CASE p WHEN 3 THEN NOT is_low AND c % 2 = 0 AND coalesce(ack_after, resolve_after, 999) > 60
               WHEN 4 THEN NOT is_low AND c % 4 = 0 AND coalesce(ack_after, resolve_after, 999) > 180
               WHEN 5 THEN is_escalated WHEN 6 THEN is_escalated
               WHEN 7 THEN ack_after IS NOT NULL
               WHEN 8 THEN ack_after + 120 < resolve_after AND (kind = 2 AND c % 3 > 0 OR a % 40 = 0)
               WHEN 9 THEN ack_after + 30 < resolve_after AND a % 60 = 1
               WHEN 10 THEN ack_after + 60 < resolve_after AND kind = 2 AND c < 20
               WHEN 11 THEN ack_after + 240 < resolve_after AND kind >= 2 AND b % 12 = 0
               WHEN 12 THEN resolve_after IS NOT NULL
               WHEN 13 THEN NOT is_low AND a % 5 = 0
               WHEN 14 THEN alert_count > 1
               WHEN 15 THEN a = 7
               ELSE true END
)
SELECT 'R' || lpad((i * 16 + p)::VARCHAR, 25, '0') AS id, id AS incident_id, kind_ || '_log_entry' AS type, at_ + to_seconds(after) AS created_at,
       CASE WHEN p IN (0, 14) THEN CASE WHEN is_by_person THEN 'user' WHEN v % 4 = 3 THEN 'aws_cloudwatch_inbound_integration' ELSE 'events_api_v2_inbound_integration' END
            WHEN p IN (1, 5, 15) OR p = 12 AND ender <> 'user' THEN 'service'
            WHEN kind_ = 'notify' THEN NULL ELSE 'user' END AS agent_type,
       CASE WHEN p IN (0, 14) AND NOT is_by_person THEN integration_id
            WHEN p IN (1, 5, 15) OR p = 12 AND ender <> 'user' THEN service_id
            WHEN kind_ = 'notify' THEN NULL ELSE holder END AS agent_id,
       CASE WHEN p IN (0, 14) THEN CASE WHEN is_by_person THEN 'web_trigger' ELSE 'api' END
            WHEN p = 5 THEN 'timeout' WHEN p = 12 AND ender = 'monitor' THEN 'api' WHEN p = 12 AND ender = 'timeout' THEN 'timeout'
            WHEN p = 8 THEN 'note' WHEN kind_ = 'notify' OR p IN (1, 15) THEN 'auto' ELSE ['mobile', 'website'][1 + b % 2] END AS channel_type,
       CASE WHEN p = 6 THEN second_holder WHEN kind_ = 'notify' THEN holder END AS user_id,
       CASE WHEN p IN (5, 11) THEN [second_holder] WHEN p = 1 THEN [holder] END AS assignee_ids,
       CASE WHEN kind_ = 'notify' THEN CASE WHEN is_low OR p = 13 THEN 'email' WHEN p = 4 THEN 'phone' WHEN p = 3 THEN 'sms' ELSE 'push' END || '_notification' END AS notification_type,
       CASE WHEN kind_ = 'notify' THEN CASE WHEN b = 3 THEN 'failed' ELSE 'success' END END AS notification_status,
       CASE WHEN kind_ = 'notify' THEN CASE WHEN is_low OR p = 13 THEN 'email' WHEN p = 4 THEN 'phone' WHEN p = 3 THEN 'sms' ELSE 'push' END END AS summary_medium,
       CASE WHEN p = 8 THEN 12 + c % 90 END AS note_length,
       CASE WHEN p = 8 AND a = 40 THEN '#na' WHEN p = 8 AND a = 80 THEN '#a' END AS note_tag,
       CASE WHEN p = 9 THEN 3600 END AS snooze_seconds,
       service_id,
       CASE WHEN p IN (0, 14) AND NOT is_by_person
            THEN '{"channel":{"type":"api","incident_key":"' || key_ || CASE WHEN p = 14 THEN '-more' ELSE '' END || '","description":"' || title || '","client":"' || ['Alertmanager', 'Datadog', 'Grafana', 'AWS'][1 + v % 4]
                 || '","details":{"firing":"Labels:\n - alertname = Rule' || rule || '\n - job = service-' || v || '\n","num_firing":"1"}},"summary":"Triggered through the API."}'
            ELSE '{"id":"R' || i || '","channel":{"type":"auto"},"summary":"' || upper(kind_) || ' [name]"}' END AS raw,
       ends() AS fetched_at
FROM happened
ORDER BY created_at, i, p;

-- As `--alerts auto` reads them: of incidents that have several. They say when they cleared only where the body does.
INSERT INTO alerts BY NAME
SELECT 'QA' || lpad((i * 8 + nth)::VARCHAR, 12, '0') AS id, id AS incident_id, service_id, integration_id,
       key_ || CASE WHEN nth > 0 THEN '-more' ELSE '' END AS alert_key,
       CASE WHEN is_open THEN 'triggered' ELSE 'resolved' END AS status, ['critical', 'error', 'warning'][1 + b % 3] AS severity, false AS is_suppressed,
       title, at_ + to_seconds(45 * nth) AS created_at,
       '{"first_trigger_log_entry":{"id":"R' || lpad((i * 16 + CASE WHEN nth = 0 THEN 0 ELSE 14 END)::VARCHAR, 25, '0') || '"},"body":{"details":{"firing":"Labels:\n - alertname = Rule' || rule || '\n"}}}' AS raw,
       ends() AS fetched_at
FROM made, range(alert_count) AS n(nth)
WHERE alert_count > 1
ORDER BY created_at, i, nth;
INSERT INTO alert_reads SELECT id, alert_count, updated_at, 'whole', ends() FROM incidents WHERE alert_count > 1;

INSERT INTO ledger BY NAME
SELECT row_number() OVER () AS window_id, kind, '' AS scope,
       CASE WHEN is_history THEN CASE WHEN kind = 'schedules' THEN starts() - INTERVAL 7 DAY ELSE starts() END END AS since_at,
       CASE WHEN kind NOT IN ('users', 'teams', 'priorities', 'services', 'escalation_policies') THEN ends() END AS until_at,
       CASE WHEN is_history THEN starts() END AS next_since_at, CASE WHEN is_history THEN ends() END AS next_until_at,
       0 AS next_offset, row_count, row_count // 100 + 1 AS request_count, 'whole' AS state, ends() AS asked_at, ends() AS read_at
FROM (VALUES ('users', false, 200), ('teams', false, 25), ('priorities', false, 5), ('services', false, 500), ('escalation_policies', false, 50),
             ('incidents', true, getvariable('incident_count')), ('log_entries', true, 6 * getvariable('incident_count')), ('change_events', true, 10000), ('schedules', true, 50),
             ('open_incidents', false, 100), ('alerts', false, getvariable('incident_count') // 10), ('maintenance_windows', false, 700)) AS t(kind, is_history, row_count);
DROP TABLE made;
DROP TABLE made_shifts;
