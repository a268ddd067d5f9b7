select
    id as comment_id,
    issue_url,
    "USER":login::varchar as author,
    created_at,
    updated_at
from {{ source('raw', 'github_comments') }}
