-- Share of non-actionable pages
--
-- One verdict a page, from named evidence. Over actionable, non-actionable and unknown pages: low counts only what is
-- sure to be noise, the share itself only what could be decided, high everything that may be noise. Redundant and
-- unattended pages stand beside it, never inside.
WITH counted AS (
  SELECT r.rotation_id,
         count(*) FILTER (WHERE v.verdict = 'actionable') AS actionable,
         count(*) FILTER (WHERE v.verdict = 'non_actionable') AS non_actionable,
         count(*) FILTER (WHERE v.verdict = 'non_actionable' AND v.confidence = 'high') AS sure,
         count(*) FILTER (WHERE v.verdict = 'redundant') AS redundant,
         count(*) FILTER (WHERE v.verdict = 'unattended') AS unattended,
         count(*) FILTER (WHERE v.verdict = 'unknown') AS undecided
  FROM rotation_in($since, $until) AS r
  LEFT JOIN verdict_in($since, $until) AS v USING (rotation_id)
  GROUP BY r.rotation_id
)
SELECT rotation_id,
       actionable AS actionable_page_count,
       non_actionable AS non_actionable_page_count,
       redundant AS redundant_page_count,
       unattended AS unattended_page_count,
       undecided AS unknown_page_count,
       noise_share(actionable, non_actionable) AS non_actionable_ratio,
       noise_share_low(actionable, non_actionable, undecided, sure) AS non_actionable_low_ratio,
       noise_share_high(actionable, non_actionable, undecided) AS non_actionable_high_ratio
FROM counted
ORDER BY rotation_id
