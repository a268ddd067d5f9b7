import { env, resource } from 'headrace';
import { bearer, createRestClient, linkHeader } from 'headrace/rest';

/** One repository on GitHub. The token is optional: it raises the hourly limit from 60 requests to 5,000. */
export const github = resource({
  description: "Issues, comments and accounts of one repository, from GitHub's REST API",
  settings: {
    baseUrl: env('GITHUB_URL', 'https://api.github.com'),
    repository: env('GITHUB_REPOSITORY', 'octokit-fixture-org/paginate-issues'),
    token: env('GITHUB_TOKEN', ''),
  },
  setUp({ settings: { baseUrl, repository, token }, mask, log }) {
    if (token !== '') mask(token);
    // By creation, because that never changes: a list sorted by its updates shifts while it is paged through.
    const changed = { primaryKey: 'id', pagination: linkHeader(), conditional: true } as const;
    const sorted = { sort: 'created', direction: 'asc', per_page: 100 } as const;
    return createRestClient(
      {
        baseUrl,
        headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
        ...(token === '' ? {} : { auth: bearer(token) }),
        resources: {
          issues: {
            ...changed,
            path: `/repos/${repository}/issues`,
            params: { ...sorted, state: 'all' },
            incremental: { field: 'updated_at', param: 'since' },
          },
          comments: {
            ...changed,
            path: `/repos/${repository}/issues/comments`,
            params: sorted,
            incremental: { field: 'updated_at', param: 'since' },
          },
          users: {
            path: '/users/{login}',
            primaryKey: 'id',
            parent: { resource: 'issues', field: 'user.login', param: 'login' },
            // Accounts that were deleted since.
            emptyOn: [404],
          },
        },
      },
      { onRetry: (message) => log.warning(message) },
    );
  },
});
