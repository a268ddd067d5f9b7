select
    id as earthquake_id,
    {{ in_utc('occurred_at') }} as occurred_at,
    cast({{ in_utc('occurred_at') }} as date) as occurred_on,
    properties:mag::float as magnitude,
    properties:magType::varchar as magnitude_type,
    properties:place::varchar as place,
    properties:status::varchar as review_status,
    properties:tsunami::int = 1 as is_tsunami,
    properties:sig::int as significance,
    properties:net::varchar as network,
    geometry:coordinates[0]::float as longitude,
    geometry:coordinates[1]::float as latitude,
    geometry:coordinates[2]::float as depth_km
from {{ source('raw', 'earthquakes') }}
where properties:type::varchar = 'earthquake'
