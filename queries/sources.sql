-- Pages by source tool
--
-- Which observability tools page a rotation: pages, and their share with its Wilson 95% interval.
WITH paged AS (
  SELECT p.rotation_id, coalesce(i.source, 'unknown') AS source, count(*) AS page_count
  FROM page_in($since, $until) AS p
  LEFT JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
  WHERE p.rotation_id IS NOT NULL
  GROUP BY ALL
), shared AS (
  SELECT *, sum(page_count) OVER (PARTITION BY rotation_id)::BIGINT AS all_count FROM paged
)
SELECT rotation_id, source, page_count,
       page_count / all_count AS page_ratio,
       wilson_low(page_count, all_count) AS page_low_ratio,
       wilson_high(page_count, all_count) AS page_high_ratio
FROM shared
ORDER BY rotation_id, page_count DESC, source
