-- The source has reported epoch 0 for events without a time; such a row must not reach the marts.
select earthquake_id, occurred_at
from {{ ref('stg_earthquakes') }}
where occurred_at < '1900-01-01'
