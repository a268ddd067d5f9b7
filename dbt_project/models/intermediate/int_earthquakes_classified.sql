select
    earthquakes.*,
    classes.magnitude_class
from {{ ref('stg_earthquakes') }} as earthquakes
left join {{ ref('magnitude_classes') }} as classes
    on earthquakes.magnitude >= classes.lower_bound
    and earthquakes.magnitude < classes.upper_bound
