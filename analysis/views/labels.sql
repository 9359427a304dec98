-- Incidents to be labelled by people who do not see the verdict [metrics 5.3]: those that paged in the period and that
-- nobody has labelled, strata of verdict, service and day or night drawn from in turn. The first n by sample_position are
-- the sample of n: one a stratum as far as n reaches, the largest first; then each stratum by its size (Sainte-Laguë's
-- highest averages). draw is a hash of the id: the same incidents come out each time, and its order tells nothing of the
-- stratum. The label of a rule tells what to think of pages, not what one page was: it leaves nothing out.
CREATE OR REPLACE TEMP MACRO label_sample_in(since, until) AS TABLE
WITH first_pages AS (
  SELECT incident_id, judged_verdict, label_source, hour_class = 'sleep' AS is_night
  FROM verdict_in(since, until)
  QUALIFY row_number() OVER (PARTITION BY incident_id ORDER BY paged_at, user_id) = 1
), placed AS (
  SELECT i.incident_id, i.service_id, i.title, i.created_at, seconds_between(i.created_at, i.resolved_at) AS duration_seconds,
         sha256(i.incident_id) AS draw,
         row_number() OVER (PARTITION BY f.judged_verdict, i.service_id, f.is_night ORDER BY sha256(i.incident_id)) AS place,
         count(*) OVER (PARTITION BY f.judged_verdict, i.service_id, f.is_night) AS size
  FROM first_pages AS f
  JOIN incident_facts AS i USING (incident_id)
  WHERE f.label_source IS NULL OR f.label_source = 'rule'
)
SELECT incident_id, service_id, title, created_at, duration_seconds, draw,
       row_number() OVER (ORDER BY place > 1, CASE WHEN place = 1 THEN -size ELSE (place - 0.5) / size END, draw) AS sample_position
FROM placed;
