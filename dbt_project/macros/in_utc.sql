{#- An instant as a timestamp without a zone, in UTC: what snapshots and comparisons need. -#}
{% macro in_utc(instant) -%}
    cast(convert_timezone('UTC', {{ instant }}) as timestamp_ntz)
{%- endmacro %}
