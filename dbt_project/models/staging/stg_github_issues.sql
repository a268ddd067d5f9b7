select
    id as issue_id,
    number as issue_number,
    title,
    state,
    "USER":login::varchar as author,
    comments as comment_count,
    pull_request is not null as is_pull_request,
    created_at,
    updated_at,
    closed_at
from {{ source('raw', 'github_issues') }}
