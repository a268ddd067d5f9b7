select
    origin_iata,
    destination_iata,
    count(*) as flights,
    avg(distance_miles) as distance_miles,
    avg(delay_minutes) as mean_delay_minutes
from {{ ref('int_flights_with_airports') }}
group by 1, 2
