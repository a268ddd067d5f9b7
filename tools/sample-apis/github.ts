import type { JsonObject } from '../../lib/model/json';
import {
  type ApiAnswer,
  type ApiRequest,
  etagOf,
  integerParam,
  jsonAnswer,
  matchesEtag,
  recordsAnswer,
  type SampleService,
} from './answer';
import { type GithubRecords, type Issue, readGithubRecords } from './github-records';
import { type RateLimit, RateLimiter, type RateState } from './rate-limiter';

/** GitHub's own quotas per hour: without and with a token (docs.github.com, "Rate limits for the REST API"). */
const ANONYMOUS: RateLimit = { limit: 60, windowSeconds: 3600 };
const AUTHENTICATED: RateLimit = { limit: 5000, windowSeconds: 3600 };
const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

/** How the GitHub stand-in behaves. */
export interface GithubOptions {
  /** The only token that is accepted; without it requests need none and any token passes. */
  readonly token?: string;
  /** Replaces GitHub's own quotas. */
  readonly rateLimit?: RateLimit;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/** GitHub's issues, issue comments and users over the recordings in `@octokit/fixtures`. */
export function githubService(options: GithubOptions = {}): SampleService {
  const now = options.now ?? Date.now;
  const limiter = new RateLimiter(now);
  let records: GithubRecords | undefined;

  return (request) => {
    if (!/^\/(repos|repositories|users)\//.test(request.path)) return undefined;
    const token = request.headers.authorization?.replace(/^(Bearer|token) /i, '');
    if (options.token !== undefined && token !== undefined && token !== options.token) {
      return failure(401, 'Bad credentials');
    }
    if (options.token !== undefined && token === undefined) return failure(401, 'Requires authentication');

    records ??= readGithubRecords();
    const answer = route(request, records);
    const notModified = conditional(request, answer);
    const quota = options.rateLimit ?? (token === undefined ? ANONYMOUS : AUTHENTICATED);
    const state = limiter.take(token ?? 'anonymous', quota, notModified === undefined ? 1 : 0);
    if (state.exceeded) {
      const wait = Math.max(1, state.reset - Math.floor(now() / 1000));
      const refused = failure(403, 'API rate limit exceeded');
      return {
        ...refused,
        headers: { ...refused.headers, ...rateHeaders(state), 'retry-after': String(wait) },
      };
    }
    const chosen = notModified ?? answer;
    return { ...chosen, headers: { ...chosen.headers, ...rateHeaders(state) } };
  };
}

function route(request: ApiRequest, records: GithubRecords): ApiAnswer {
  const [collection, ...rest] = request.path.slice(1).split('/').map(decodeURIComponent);
  if (collection === 'users') {
    const user = rest.length === 1 ? records.users.get(rest[0] ?? '') : undefined;
    return user === undefined ? failure(404, 'Not Found') : jsonAnswer(200, user);
  }
  const [name, tail] =
    collection === 'repositories'
      ? [records.repositoryIds.get(rest[0] ?? ''), rest.slice(1).join('/')]
      : [rest.slice(0, 2).join('/'), rest.slice(2).join('/')];
  const issues = records.issues.get(name ?? '');
  if (issues === undefined) return failure(404, 'Not Found');
  if (tail === 'issues') return paged(request, selectIssues(issues, request.query));
  // None of the recorded issues had a comment ("comments": 0), so this list is truly empty.
  if (tail === 'issues/comments' || /^issues\/\d+\/comments$/.test(tail)) return paged(request, []);
  return failure(404, 'Not Found');
}

function selectIssues(issues: readonly Issue[], query: URLSearchParams): readonly Issue[] {
  const state = query.get('state') ?? 'open';
  const since = query.get('since');
  const field = query.get('sort') === 'updated' ? 'updated_at' : 'created_at';
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  return issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => since === null || Date.parse(issue.updated_at) >= Date.parse(since))
    .sort((a, b) => sign * (Date.parse(a[field]) - Date.parse(b[field]) || a.number - b.number));
}

function paged(request: ApiRequest, records: readonly JsonObject[]): ApiAnswer {
  const perPage = clamp(integerParam(request.query, 'per_page') ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const page = clamp(integerParam(request.query, 'page') ?? 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(records.length / perPage));
  const link = (target: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(target));
    return `<${request.origin}${request.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  const slice = records.slice((page - 1) * perPage, page * perPage);
  return recordsAnswer(slice, 'id', {
    etag: etagOf(JSON.stringify(slice)),
    ...(links.length === 0 ? {} : { link: links.join(', ') }),
  });
}

function conditional(request: ApiRequest, answer: ApiAnswer): ApiAnswer | undefined {
  const etag = answer.headers.etag;
  if (etag === undefined || !matchesEtag(request.headers['if-none-match'], etag)) return undefined;
  return { status: 304, headers: { etag } };
}

function clamp(value: number, most: number): number {
  return value >= 1 ? Math.min(value, most) : 1;
}

function rateHeaders(state: RateState): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': String(state.limit),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-reset': String(state.reset),
    'x-ratelimit-used': String(state.limit - state.remaining),
    'x-ratelimit-resource': 'core',
  };
}

function failure(status: number, message: string): ApiAnswer {
  return jsonAnswer(status, { message, documentation_url: 'https://docs.github.com/rest' });
}
