import type { ApiContext } from './api-context';

/** Header by which the CLI says that it is the one who asks. */
export const CLIENT_HEADER = 'x-headrace-client';

/** From where somebody uses the API. */
export type Via = 'the dashboard' | 'the CLI' | 'the API';

/**
 * From where a request comes, as far as it says so: for people to read, never to decide by. A browser sends
 * `Sec-Fetch-Site`, and only the dashboard is of the same origin.
 */
export function viaOf({ headers }: Request): Via {
  if (headers.get('sec-fetch-site') === 'same-origin') return 'the dashboard';
  return headers.get(CLIENT_HEADER) === 'cli' ? 'the CLI' : 'the API';
}

/** The cause of a run that was canceled by whoever sent the request. */
export function canceledBy({ identity, via }: Pick<ApiContext, 'identity' | 'via'>): string {
  return `Canceled by ${identity.user} from ${via}.`;
}
