{{ config(materialized='incremental', unique_key=['occurred_on', 'magnitude_class'], incremental_strategy='merge') }}

select
    occurred_on,
    coalesce(magnitude_class, 'unknown') as magnitude_class,
    count(*) as earthquakes,
    max(magnitude) as strongest,
    avg(depth_km) as mean_depth_km,
    sum(case when is_tsunami then 1 else 0 end) as tsunami_messages
from {{ ref('int_earthquakes_classified') }}
{% if is_incremental() %}
-- The latest day may have grown since the last build, so it is counted again.
where occurred_on >= (select max(occurred_on) from {{ this }})
{% endif %}
group by 1, 2
