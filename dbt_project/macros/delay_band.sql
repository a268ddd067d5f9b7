{#- How late a flight arrived, in the bands that the airlines report: early and on time are one band. -#}
{% macro delay_band(delay_minutes) -%}
    case
        when {{ delay_minutes }} is null then 'unknown'
        when {{ delay_minutes }} < 15 then 'on time'
        when {{ delay_minutes }} < 45 then 'late'
        else 'very late'
    end
{%- endmacro %}
