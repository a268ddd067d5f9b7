select
    origin_iata as iata,
    origin_city as city,
    origin_state as state,
    count(*) as departures,
    avg(delay_minutes) as mean_delay_minutes,
    sum(case when delay_band = 'very late' then 1 else 0 end) as very_late_departures
from {{ ref('int_flights_with_airports') }}
group by 1, 2, 3
