import type { AuthSettings } from '../identity/auth-settings';

/** What `/config.json` tells the dashboard at run time. No secrets: anyone can read it. */
export interface DashboardConfig {
  /** Where the GraphQL API answers: a path on this origin, or a URL. Default `/graphql`. */
  readonly apiUrl: string;
  /** Where people log in. Default: nowhere, as on a laptop. */
  readonly auth?: AuthSettings;
}

const defaults: DashboardConfig = { apiUrl: '/graphql' };
let current: Promise<DashboardConfig> | undefined;

/** Reads `/config.json` once. A server without that file gets the defaults. */
export function loadConfig(): Promise<DashboardConfig> {
  current ??= fetch('/config.json', { cache: 'no-cache' })
    .then(async (response) => {
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      if (!response.ok || !isJson) return defaults;
      const body = (await response.json()) as Partial<DashboardConfig>;
      return { ...defaults, ...body };
    })
    .catch(() => {
      current = undefined;
      return defaults;
    });
  return current;
}
