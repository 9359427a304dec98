-- Pages per shift
--
-- How pages spread over a rotation's shifts, quiet ones included. Percentiles are R type 7.
SELECT rotation_id,
       count(*) AS shift_count,
       avg(page_count) AS page_mean_count,
       quantile_cont(page_count, 0.5) AS page_p50_count,
       quantile_cont(page_count, 0.9) AS page_p90_count,
       max(page_count) AS page_max_count
FROM shift_in($since, $until)
GROUP BY rotation_id
ORDER BY rotation_id
