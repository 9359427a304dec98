-- Identity of alerts [definitions 6].
--
-- Normalised title: lower case; tool prefixes dropped; then URLs, UUIDs, e-mail addresses, IPs,
-- timestamps, hex of 8 or more, host names, quantities and bare numbers masked, in that order; white space folded.

-- Only words that tools put before a title are dropped: a team's own "[payments]" tells alerts apart. Datadog's
-- priority stays before the state that follows it.
CREATE OR REPLACE TEMP MACRO without_tool_prefix(title) AS
  regexp_replace(
  regexp_replace(title,
    '[\s\v\x{85}\p{Z}]+', ' ', 'g'),
    '^ ?(\[p\d\] ?)?((\[(re-)?(firing|resolved|triggered|recovered|alerting|alert|alarm|ok|warn|warning|critical|problem|no data|nodata)(: ?\d+)?(, ?(firing|resolved): ?\d+)?( on [^\]]*)?\]'
    || '|(re-)?(triggered|recovered|resolved|firing|alerting|alert|alarm|insufficient_data|warn|warning|critical|problem|ok|no data|re-notify)( on)?:'
    || '|\*+ ?(problem|recovery|acknowledgement)[a-z ]*:) ?)+', '\1');

CREATE OR REPLACE TEMP MACRO with_ids_masked(title) AS
  regexp_replace(
  regexp_replace(
  regexp_replace(
  regexp_replace(
  regexp_replace(
  regexp_replace(title,
    '[a-z][a-z0-9+.-]*://[^\s<>"]+', '<url>', 'g'),
    '\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b', '<uuid>', 'g'),
    '[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}', '<email>', 'g'),
    '\b(\d{1,3}\.){3}\d{1,3}\b(:\d+)?(/\d{1,2})?|\b([0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b|\b([0-9a-f]{1,4}:){1,6}(:[0-9a-f]{1,4}){1,6}\b', '<ip>', 'g'),
    '\b\d{4}-\d{2}-\d{2}([t ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(z|[+-]\d{2}:?\d{2})?)?|\b\d{8}t\d{6}z?\b|\b\d{1,2}:\d{2}(:\d{2})?\b', '<time>', 'g'),
    -- with a letter among the first eight or after them: digits alone are a number
    '\b(0x[0-9a-f]{8,}|[a-f][0-9a-f]{7,}|\d[a-f][0-9a-f]{6,}|\d{2}[a-f][0-9a-f]{5,}|\d{3}[a-f][0-9a-f]{4,}|\d{4}[a-f][0-9a-f]{3,}|\d{5}[a-f][0-9a-f]{2,}|\d{6}[a-f][0-9a-f]+|\d{7,}[a-f][0-9a-f]*)\b', '<hex>', 'g');

-- A dotted name is a host's by its ending or its numbered first part; others are metrics ("system.cpu.idle"), which
-- tell alerts apart.
CREATE OR REPLACE TEMP MACRO with_quantities_masked(title) AS
  regexp_replace(
  regexp_replace(
  regexp_replace(title,
    '\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|net|org|io|local|localdomain|internal|lan|cloud)\b'
    || '|\b[a-z0-9-]+(\.[a-z0-9-]+)+\.(dev|corp|svc|eu|de|at|ch|fr|nl|be|es|it|pt|pl|cz|se|no|fi|dk|ie|uk|us|ca|br|mx|jp|cn|kr|in|sg|au|nz|za)\b'
    || '|\b[a-z][a-z0-9]*(-[a-z0-9]+)*(-\d+|\d{2,})[a-z]?(\.[a-z0-9-]+){2,}\b'
    || '|\b[a-z][a-z0-9]*(-[a-z0-9]+)*-\d+[a-z]?\b', '<host>', 'g'),
    '\b\d+([.,]\d+)*\s?(%|(ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|b|k|[kmgt]i?b|bytes|rps|qps|req/s|/s|/min)\b)', '<n>', 'g'),
    '\b\d+([.,]\d+)*\b', '<n>', 'g');

CREATE OR REPLACE TEMP MACRO masked_title(lower_title) AS
  trim(regexp_replace(with_quantities_masked(with_ids_masked(without_tool_prefix(lower_title))), '\s+', ' ', 'g'));

-- Where the configuration has extra patterns, Go puts them between lower() and the masks.
CREATE OR REPLACE TEMP MACRO normalised_title(title) AS masked_title(lower(title));

-- Alert key: what can flap. Unit separators between the parts: a key made of parts can't be mistaken for another.
CREATE OR REPLACE TEMP MACRO alert_key_of(service_id, given_key, integration_id, title) AS
  coalesce(service_id, '') || chr(31) ||
  coalesce('key' || chr(31) || given_key, 'title' || chr(31) || coalesce(integration_id, '') || chr(31) || normalised_title(title));

-- A part of a payload that holds something.
CREATE OR REPLACE TEMP MACRO given_json(part) AS
  CASE WHEN part::VARCHAR NOT IN ('null', '{}', '[]', '""') THEN part END;
