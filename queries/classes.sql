-- Pages by symptom and cause
--
-- Whether a rotation is paged by burning error budgets, by what users notice (symptom), by what may be behind it (cause)
-- or by the monitoring itself (meta): pages of alert rules whose title or name matches a pattern of the class, and their
-- share with its Wilson 95% interval. Unclassified is what no pattern matches. Within each class the non-actionable
-- share: low, best and high as for all pages. What stands together here need not cause one another.
WITH paged AS (
  SELECT v.rotation_id, coalesce(c.class, 'unclassified') AS class, v.verdict, v.confidence
  FROM verdict_in($since, $until) AS v
  LEFT JOIN rule_class AS c USING (rule_id)
  WHERE v.rotation_id IS NOT NULL
), counted AS (
  SELECT r.rotation_id, k.class,
         count(p.rotation_id) AS page_count,
         count(*) FILTER (WHERE p.verdict = 'actionable') AS actionable,
         count(*) FILTER (WHERE p.verdict = 'non_actionable') AS non_actionable,
         count(*) FILTER (WHERE p.verdict = 'non_actionable' AND p.confidence = 'high') AS sure,
         count(*) FILTER (WHERE p.verdict = 'unknown') AS undecided
  FROM rotation_in($since, $until) AS r
  CROSS JOIN (VALUES ('slo_burn_rate'), ('symptom'), ('cause'), ('meta'), ('unclassified')) AS k(class)
  LEFT JOIN paged AS p ON p.rotation_id = r.rotation_id AND p.class = k.class
  GROUP BY r.rotation_id, k.class
), shared AS (
  SELECT *, nullif(sum(page_count) OVER (PARTITION BY rotation_id), 0)::BIGINT AS all_count FROM counted
)
SELECT rotation_id, class, page_count,
       page_count / all_count AS page_ratio,
       wilson_low(page_count, all_count) AS page_low_ratio,
       wilson_high(page_count, all_count) AS page_high_ratio,
       actionable AS actionable_page_count,
       non_actionable AS non_actionable_page_count,
       undecided AS unknown_page_count,
       noise_share(actionable, non_actionable) AS non_actionable_ratio,
       noise_share_low(actionable, non_actionable, undecided, sure) AS non_actionable_low_ratio,
       noise_share_high(actionable, non_actionable, undecided) AS non_actionable_high_ratio
FROM shared
ORDER BY rotation_id, page_count DESC, class
