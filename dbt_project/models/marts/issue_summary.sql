select
    author,
    author_account_type,
    count(*) as issues,
    sum(case when is_pull_request then 1 else 0 end) as pull_requests,
    sum(case when state = 'open' then 1 else 0 end) as open_issues,
    min(created_at) as first_opened_at,
    avg(seconds_to_close) / 3600.0 as mean_hours_to_close
from {{ ref('int_issue_lifetimes') }}
group by 1, 2
