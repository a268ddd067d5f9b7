select
    id as comment_id,
    issue_url,
    "USER":login::varchar as author,
    {{ in_utc('created_at') }} as created_at,
    {{ in_utc('updated_at') }} as updated_at
from {{ source('raw', 'github_comments') }}
