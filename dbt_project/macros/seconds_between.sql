{#- Whole seconds from one instant to another. -#}
{% macro seconds_between(earlier, later) -%}
    datediff('second', {{ earlier }}, {{ later }})
{%- endmacro %}
