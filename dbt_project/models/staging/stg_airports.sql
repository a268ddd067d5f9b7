select
    iata,
    name as airport_name,
    city,
    state,
    country,
    latitude,
    longitude
from {{ source('raw', 'airports') }}
