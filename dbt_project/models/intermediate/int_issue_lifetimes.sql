select
    issues.issue_id,
    issues.issue_number,
    issues.author,
    users.account_type as author_account_type,
    issues.is_pull_request,
    issues.state,
    issues.created_at,
    issues.closed_at,
    {{ seconds_between('issues.created_at', 'issues.closed_at') }} as seconds_to_close
from {{ ref('stg_github_issues') }} as issues
left join {{ ref('stg_github_users') }} as users
    on issues.author = users.login
