import type { AuthSettings } from './auth-settings';
import { LogInError } from './log-in-error';
import { readTokens, type Tokens } from './tokens';

export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  /** Undefined when the issuer has none. */
  readonly logout: string | undefined;
}

/** What is asked of an issuer. */
export interface IssuerClient {
  /** @throws {LogInError} `unreachable` or `unusable` */
  endpoints(): Promise<Endpoints>;
  /**
   * @param grant parameters of the token request but the client's id
   * @throws {LogInError} `refused`: the code or refresh token is not taken; `unreachable`; `unusable`
   */
  askTokens(grant: Readonly<Record<string, string>>): Promise<Tokens>;
}

/** An issuer is a page's first hurdle: better told soon than waited for. */
const TIMEOUT_MS = 15_000;

export function createIssuerClient(
  { issuer, clientId, authorizationEndpoint, tokenEndpoint }: AuthSettings,
  { fetch, now }: { readonly fetch: typeof globalThis.fetch; now(): number },
): IssuerClient {
  let known: Promise<Endpoints> | undefined;

  async function ask(url: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
    let response: Response;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      const { origin } = new URL(url);
      // The browser does not say which: the deployment's content security policy may forbid to call it.
      const hint =
        origin === new URL(issuer).origin || tokenEndpoint !== null
          ? ''
          : ' It is not the origin of the issuer: deploy with oidc.tokenEndpoint, so that pages may call it.';
      throw new LogInError('unreachable', `${origin} does not answer.${hint}`, { cause });
    }
    if (response.status >= 500 || response.status === 429) {
      throw new LogInError('unreachable', `${new URL(url).origin} fails with status ${response.status}.`);
    }
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, body };
  }

  async function discover(): Promise<Endpoints> {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { body } = await ask(url, {});
    const found = (body ?? {}) as Record<string, unknown>;
    const endpoint = (name: string) => {
      const value = found[name];
      return typeof value === 'string' && URL.canParse(value) ? value : undefined;
    };
    const authorization = authorizationEndpoint ?? endpoint('authorization_endpoint');
    const token = tokenEndpoint ?? endpoint('token_endpoint');
    if (authorization === undefined || token === undefined) {
      throw new LogInError('unusable', `${url} names no authorization_endpoint and token_endpoint.`);
    }
    return { authorization, token, logout: endpoint('end_session_endpoint') };
  }

  function endpoints(): Promise<Endpoints> {
    if (authorizationEndpoint !== null && tokenEndpoint !== null) {
      return Promise.resolve({
        authorization: authorizationEndpoint,
        token: tokenEndpoint,
        logout: undefined,
      });
    }
    known ??= discover().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  return {
    endpoints,
    async askTokens(grant) {
      const { token } = await endpoints();
      const askedAt = now();
      const { status, body } = await ask(token, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ ...grant, client_id: clientId }),
      });
      if (status >= 200 && status < 300) return readTokens(body, issuer, askedAt);
      const { error, error_description: description } = (body ?? {}) as Record<string, unknown>;
      const reason = [error ?? `status ${status}`, description].filter((part) => typeof part === 'string');
      throw new LogInError('refused', `${issuer} says ${reason.join(': ')}.`);
    },
  };
}
