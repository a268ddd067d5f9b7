import { asset, freshness } from 'headrace';
import type { SnowflakeLoad } from 'headrace/snowflake';
import { github } from '../resources/github';
import { snowflake } from '../resources/snowflake';
import { LOADING, RAW } from '../utils/loading';
import type { Needs } from '../utils/needs';

const resources = { github, snowflake };
const GITHUB = {
  ...RAW,
  ...LOADING,
  kinds: ['github', 'snowflake'],
  tags: { domain: 'engineering' },
  // Loads begin at 08:00 of each working day there.
  freshness: freshness.cron({
    deadlineCron: '0 9 * * 1-5',
    lowerBoundDelta: '2h',
    timezone: 'America/New_York',
  }),
  resources,
};

/** Columns that dbt reads and that may be null in every record, or in a repository without any record. */
const ISSUE_COLUMNS = { pull_request: 'VARIANT', closed_at: 'TIMESTAMP_TZ' } as const;
const COMMENT_COLUMNS = {
  id: 'NUMBER(38,0)',
  issue_url: 'VARCHAR',
  user: 'VARIANT',
  body: 'VARCHAR',
  created_at: 'TIMESTAMP_TZ',
  updated_at: 'TIMESTAMP_TZ',
} as const;

type GithubNeeds = Needs<typeof resources>;

export function loadIssues({
  resources: { github, snowflake },
  signal,
}: GithubNeeds): Promise<SnowflakeLoad> {
  const table = 'raw.github_issues';
  return snowflake.load(github.issues.read(), { table, columns: ISSUE_COLUMNS, signal });
}

export function loadComments({
  resources: { github, snowflake },
  signal,
}: GithubNeeds): Promise<SnowflakeLoad> {
  const table = 'raw.github_comments';
  return snowflake.load(github.comments.read(), { table, columns: COMMENT_COLUMNS, signal });
}

export function loadUsers({ resources: { github, snowflake }, signal }: GithubNeeds): Promise<SnowflakeLoad> {
  return snowflake.load(github.users.read(), { table: 'raw.github_users', signal });
}

/** Issues and pull requests that changed since the last load. */
export const githubIssues = asset({
  ...GITHUB,
  key: 'raw/github_issues',
  description:
    'Issues and pull requests of the repository; each load merges what changed since the last one.',
  run: loadIssues,
  checks: { mergedByKey: ({ rows, inserted, updated }) => inserted + updated <= rows },
});

/** Comments that changed since the last load. */
export const githubComments = asset({
  ...GITHUB,
  key: 'raw/github_comments',
  description: 'Comments on those issues; each load merges what changed since the last one.',
  run: loadComments,
});

/** Accounts of those who wrote issues that changed since the last load. */
export const githubUsers = asset({
  ...GITHUB,
  key: 'raw/github_users',
  description: 'Accounts of the authors of issues.',
  deps: [githubIssues],
  run: loadUsers,
});
