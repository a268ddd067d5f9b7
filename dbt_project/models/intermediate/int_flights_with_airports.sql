select
    flights.departed_on,
    flights.origin_iata,
    origins.city as origin_city,
    origins.state as origin_state,
    flights.destination_iata,
    destinations.city as destination_city,
    destinations.state as destination_state,
    flights.distance_miles,
    flights.delay_minutes,
    flights.delay_band
from {{ ref('stg_flights') }} as flights
left join {{ ref('stg_airports') }} as origins on flights.origin_iata = origins.iata
left join {{ ref('stg_airports') }} as destinations on flights.destination_iata = destinations.iata
