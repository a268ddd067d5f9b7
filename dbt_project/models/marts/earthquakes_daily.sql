{{ config(materialized='incremental', unique_key='occurred_on', incremental_strategy='delete+insert') }}

select
    occurred_on,
    coalesce(magnitude_class, 'unknown') as magnitude_class,
    count(*) as earthquakes,
    max(magnitude) as strongest,
    avg(depth_km) as mean_depth_km,
    sum(case when is_tsunami then 1 else 0 end) as tsunami_messages
from {{ ref('int_earthquakes_classified') }}
{% if is_incremental() %}
-- Days that are new, however old they are, and the latest one, which may have grown since the last build.
where occurred_on >= (select max(occurred_on) from {{ this }})
    or occurred_on not in (select occurred_on from {{ this }})
{% endif %}
group by 1, 2
