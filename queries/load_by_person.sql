-- Load by person
--
-- What each person of a rotation carried in the period: time on call, pages and night pages, people without a page
-- included. It shows how the load is spread, and is no ranking of anybody: who is on call longer is paged more.
SELECT rotation_id, user_id,
       sum(on_call_seconds)::BIGINT AS on_call_seconds,
       sum(page_count)::BIGINT AS page_count,
       sum(night_page_count)::BIGINT AS night_page_count
FROM shift_in($since, $until)
GROUP BY rotation_id, user_id
ORDER BY rotation_id, user_id
