select
    "DATE" as departed_at,
    cast("DATE" as date) as departed_on,
    origin as origin_iata,
    destination as destination_iata,
    distance as distance_miles,
    delay as delay_minutes,
    {{ delay_band('delay') }} as delay_band
from {{ source('raw', 'flights') }}
