-- Normalised title [definitions 6]: lower case; tool prefixes dropped; then URLs, UUIDs, e-mail addresses, IPs,
-- timestamps, hex of 8 or more, host names, quantities and bare numbers masked, in that order; white space folded.
CREATE OR REPLACE TEMP MACRO without_tool_prefix(title) AS
  regexp_replace(title, '^\s*((\[[a-z ]+(:\s*\d+)?\]|(re-)?triggered( on)?:|(recovered|resolved|firing|alerting|alert|warn|warning|critical|problem|ok|no data|re-notify)( on)?:|\*+\s*(problem|recovery|acknowledgement)[a-z ]*:)\s*)+', '');

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
    '\b(\d{1,3}\.){3}\d{1,3}\b(:\d+)?(/\d{1,2})?|\b([0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b', '<ip>', 'g'),
    '\b\d{4}-\d{2}-\d{2}([t ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(z|[+-]\d{2}:?\d{2})?)?|\b\d{1,2}:\d{2}(:\d{2})?\b', '<time>', 'g'),
    '\b(0x)?[0-9a-f]{8,}\b', '<hex>', 'g');

CREATE OR REPLACE TEMP MACRO with_quantities_masked(title) AS
  regexp_replace(
  regexp_replace(
  regexp_replace(title,
    '\b[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+){2,}\b|\b[a-z0-9-]+\.(com|net|org|io|local|internal|lan|cloud)\b|\b[a-z][a-z0-9]*(-[a-z0-9]+)*-\d+[a-z]?\b', '<host>', 'g'),
    '\b\d+([.,]\d+)?\s?(%|(ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|b|[kmgt]i?b|bytes|rps|qps|req/s|/s|/min)\b)', '<n>', 'g'),
    '\b\d+([.,]\d+)*\b', '<n>', 'g');

-- Extra patterns of the configuration, if any, are put around this one in Go.
CREATE OR REPLACE TEMP MACRO normalised_title(title) AS
  trim(regexp_replace(with_quantities_masked(with_ids_masked(without_tool_prefix(lower(title)))), '\s+', ' ', 'g'));
