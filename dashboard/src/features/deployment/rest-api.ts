import { restRequest } from '../../graphql/rest-request';

/** What the routes of the REST API answer; a test holds these types against the API's own. */
export interface CodeLocationVersions {
  readonly name: string;
  /** The version in force; null while there is no code. */
  readonly bundleHash: string | null;
  /** Why the newest push does not load. */
  readonly error: string | null;
  readonly updatedAt: number;
  /** Newest first; empty where code is read from files. */
  readonly versions: readonly CodeVersion[];
}

export interface CodeVersion {
  readonly bundleHash: string;
  /** Epoch ms. */
  readonly pushedAt: number;
  readonly by: string | null;
}

export interface CodeDifference {
  readonly location: string;
  readonly from: string | null;
  readonly to: string;
  readonly changes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly change: 'added' | 'removed' | 'changed';
    readonly fields: readonly { readonly field: string; readonly text: string }[];
  }[];
}

export const tokenRoles = ['viewer', 'launcher', 'editor', 'admin'] as const;
export type TokenRole = (typeof tokenRoles)[number];

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  /** Null = all. */
  readonly locations: readonly string[] | null;
  /** Epoch ms, as the others. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  /** Null = never. */
  readonly lastUsedAt: number | null;
}

export interface NewToken {
  readonly name: string;
  readonly role: TokenRole;
  /** Absent = all. */
  readonly locations?: string[];
  readonly expiresInDays: number;
}

/** Names of the queries, for caches. */
export const restKey = { versions: ['rest', 'versions'], tokens: ['rest', 'tokens'] } as const;

const at = (name: string): string => `/api/code-locations/${encodeURIComponent(name)}`;

export const listVersions = async (signal: AbortSignal): Promise<readonly CodeLocationVersions[]> =>
  (await restRequest<{ locations: CodeLocationVersions[] }>('GET', '/api/code-locations', { signal }))
    .locations;

export const readDifference = (
  name: string,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  signal: AbortSignal,
): Promise<CodeDifference> => {
  const query = new URLSearchParams({ ...(from ? { from } : {}), ...(to ? { to } : {}) });
  return restRequest('GET', `${at(name)}/difference?${query}`, { signal });
};

export const rollBack = (name: string, version: string): Promise<{ readonly bundleHash: string }> =>
  restRequest('POST', `${at(name)}/rollback`, { body: { version } });

export const listTokens = async (signal: AbortSignal): Promise<readonly ApiToken[]> =>
  (await restRequest<{ tokens: ApiToken[] }>('GET', '/api/tokens', { signal })).tokens;

export const createToken = (token: NewToken): Promise<ApiToken & { readonly token: string }> =>
  restRequest('POST', '/api/tokens', { body: token });

export const revokeToken = (id: string): Promise<ApiToken> =>
  restRequest('POST', `/api/tokens/${encodeURIComponent(id)}/revoke`);
