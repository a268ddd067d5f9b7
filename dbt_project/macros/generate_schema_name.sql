{#- A folder's schema is used as it is named, not prefixed by the target's: one database per environment. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim | upper }}
{%- endmacro %}
