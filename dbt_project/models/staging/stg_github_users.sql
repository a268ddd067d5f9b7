select
    id as user_id,
    login,
    "TYPE" as account_type,
    html_url as profile_url
from {{ source('raw', 'github_users') }}
