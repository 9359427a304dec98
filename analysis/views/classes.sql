-- Symptom or cause: the class of each alert rule, by its latest title and its name [metrics 10]. It tells how a rotation
-- is paged, never what to do about a rule.

-- CamelCase names count as they stand and as words.
CREATE OR REPLACE TEMP MACRO with_words(line) AS
  concat_ws(chr(10), line, regexp_replace(regexp_replace(line, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '([A-Z]+)([A-Z][a-z])', '\1 \2', 'g'));

-- The state that a tool puts before a title ("[No Data]", "[P1] [Triggered]") is not what the rule is about. (A priority
-- stays in what without_tool_prefix gives, which is then no ending of the title.)
CREATE OR REPLACE TEMP MACRO without_state(title) AS
  right(title, length(regexp_replace(without_tool_prefix(lower(title)), '^\[p\d\] ?', ''))::INTEGER);

CREATE OR REPLACE TEMP VIEW rule_class AS
SELECT rule_id, class_of(concat_ws(chr(10), with_words(without_state(regexp_replace(title, '[\s\p{Z}]+', ' ', 'g'))), with_words(rule_name))) AS class
FROM (
  SELECT rule_id, any_value(rule_name) AS rule_name, coalesce(arg_max(title, (created_at, incident_id)), '') AS title
  FROM incident_facts
  WHERE rule_id IS NOT NULL
  GROUP BY rule_id
);
