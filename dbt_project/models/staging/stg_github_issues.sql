select
    id as issue_id,
    number as issue_number,
    title,
    state,
    "USER":login::varchar as author,
    comments as comment_count,
    pull_request is not null as is_pull_request,
    {{ in_utc('created_at') }} as created_at,
    {{ in_utc('updated_at') }} as updated_at,
    {{ in_utc('closed_at') }} as closed_at
from {{ source('raw', 'github_issues') }}
