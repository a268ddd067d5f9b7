import type { AuthSettings } from './auth-settings';
import {
  authorizationUrl,
  callbackUrl,
  isAnswer,
  logoutUrl,
  ownPage,
  type PendingLogIn,
  readAnswer,
} from './authorization';
import { createIssuerClient } from './issuer-client';
import { LogInError } from './log-in-error';
import { challengeOf, createSecret } from './pkce';
import type { Session } from './session';
import { checkIdToken, personOf, type Tokens } from './tokens';

/** What a session needs of the browser. */
export interface SessionBrowser {
  readonly fetch: typeof globalThis.fetch;
  /** Of this tab: `sessionStorage`. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  address(): URL;
  /** Leaves for another site. */
  leave(url: string): void;
  /** Shows a page of the dashboard in place of the present address. */
  showPage(path: string): void;
  now(): number;
  fillRandom(bytes: Uint8Array<ArrayBuffer>): void;
}

const PENDING = 'headrace.log-in';
/**
 * Access tokens stay in memory. The refresh token is kept for a reload, else each would go by way of the issuer;
 * in this tab's storage, which ends with the tab and which no other tab or site reads. A script smuggled into the
 * page could read it there, and could as well use the session it runs in: what stops it is the policy that lets
 * only the dashboard's own scripts run.
 */
const REFRESH = 'headrace.refresh-token';

/** The page is about to be left: whoever waits is not to go on. */
const leaving = () => new Promise<never>(() => {});

/**
 * A person's session: finishes a log-in whose answer is in the address, takes up the one of before a reload, or
 * leaves for the issuer to begin one.
 *
 * It cannot go round in circles: only a missing session, or a token that the API took before, leads to the issuer
 * by itself. An answer that is not right, and a new token that the API does not take, are errors to be read.
 *
 * @throws {LogInError}
 */
export async function openOidcSession(
  settings: AuthSettings,
  browser: SessionBrowser,
  onFailed: (error: LogInError) => void,
): Promise<Session> {
  const { issuer, clientId } = settings;
  const { storage, now } = browser;
  const { origin } = browser.address();
  const client = createIssuerClient(settings, browser);
  const taken = new WeakSet<Tokens>();
  let isOver = false;
  let refreshing: Promise<Tokens> | undefined;

  async function logIn(): Promise<never> {
    const { authorization } = await client.endpoints();
    const { pathname, search, hash } = browser.address();
    const secret = () => createSecret(browser.fillRandom);
    const pending: PendingLogIn = {
      state: secret(),
      nonce: secret(),
      verifier: secret(),
      wanted: isAnswer(browser.address()) ? '/' : pathname + search + hash,
    };
    storage.removeItem(REFRESH);
    storage.setItem(PENDING, JSON.stringify(pending));
    const challenge = await challengeOf(pending.verifier);
    browser.leave(authorizationUrl(authorization, { ...pending, clientId, origin, challenge }));
    return leaving();
  }

  async function finishLogIn(): Promise<Tokens> {
    const text = storage.getItem(PENDING);
    // An answer is good for once, whatever comes of it.
    storage.removeItem(PENDING);
    const pending = text === null ? undefined : (JSON.parse(text) as PendingLogIn);
    const address = browser.address();
    browser.showPage(ownPage(pending?.wanted ?? '/', origin));
    const code = readAnswer(address, pending, issuer);
    const tokens = await client.askTokens({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callbackUrl(origin),
      code_verifier: pending?.verifier ?? '',
    });
    checkIdToken(tokens.idToken, settings, pending?.nonce ?? '');
    return keep(tokens);
  }

  async function refresh(refreshToken: string, before?: Tokens): Promise<Tokens> {
    const answer = await client.askTokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
    // Most issuers give these again only when they change.
    return keep({
      ...answer,
      refreshToken: answer.refreshToken ?? refreshToken,
      idToken: answer.idToken ?? before?.idToken,
    });
  }

  function keep(tokens: Tokens): Tokens {
    if (tokens.refreshToken === undefined) storage.removeItem(REFRESH);
    else storage.setItem(REFRESH, tokens.refreshToken);
    return tokens;
  }

  async function start(): Promise<Tokens> {
    if (isAnswer(browser.address())) return finishLogIn();
    const stored = storage.getItem(REFRESH);
    if (stored === null) return logIn();
    return refresh(stored).catch((error: unknown) => {
      if (isRefusal(error)) return logIn();
      throw error;
    });
  }

  let tokens = await start();

  /** Another token than the one before; asked for once, however many wait for it. */
  async function renew(before: Tokens): Promise<Tokens> {
    if (isOver) return leaving();
    if (tokens !== before) return tokens;
    refreshing ??= (async () => {
      try {
        if (before.refreshToken === undefined)
          throw new LogInError('refused', `${issuer} allows no refresh.`);
        const next = await refresh(before.refreshToken, before);
        if (isOver) {
          forget();
          return leaving();
        }
        tokens = next;
        return tokens;
      } catch (error) {
        if (isOver) return leaving();
        if (!isRefusal(error)) throw error;
        if (!taken.has(before) && before.expiresAt > now()) return fail(unwelcome(before));
        return logIn();
      } finally {
        refreshing = undefined;
      }
    })();
    return refreshing;
  }

  function forget(): void {
    isOver = true;
    storage.removeItem(REFRESH);
    storage.removeItem(PENDING);
  }

  async function current(): Promise<Tokens> {
    // Polls go on until the page is gone: none may begin another session.
    if (isOver) return leaving();
    const present = tokens;
    if (now() < present.refreshAt) return present;
    if (present.refreshToken === undefined && now() < present.expiresAt) return present;
    try {
      return await renew(present);
    } catch (error) {
      if (now() < present.expiresAt) return present;
      throw error;
    }
  }

  function fail(error: LogInError): never {
    onFailed(error);
    throw error;
  }

  const unwelcome = ({ idToken }: Tokens) =>
    new LogInError(
      'unwelcome',
      `${issuer} has logged in ${personOf(idToken) ?? 'this person'}, and the API does not let them in.`,
    );

  async function send(url: string, init: RequestInit, by: Tokens): Promise<Response | undefined> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${by.accessToken}`);
    const response = await browser.fetch(url, { ...init, headers });
    if (isTokenRefused(response)) return undefined;
    if (response.status < 500) taken.add(by);
    return response;
  }

  return {
    get person() {
      return personOf(tokens.idToken);
    },
    async fetch(url, init) {
      const first = await current();
      const answer = await send(url, init, first);
      if (answer !== undefined) return answer;
      const second = await renew(first);
      return (await send(url, init, second)) ?? fail(unwelcome(second));
    },
    forget,
    async logOut() {
      forget();
      const { logout } = await client.endpoints().catch(() => ({ logout: undefined }));
      const url = logoutUrl(settings, logout, origin, tokens.idToken);
      if (url === undefined) return;
      browser.leave(url);
      await leaving();
    },
  };
}

const isRefusal = (error: unknown): boolean => error instanceof LogInError && error.kind === 'refused';

/** API Gateway answers 401 without a token, 403 when the authorizer does not take it; our own 403 is a problem. */
function isTokenRefused({ status, headers }: Response): boolean {
  return status === 401 || (status === 403 && !headers.get('content-type')?.includes('problem+json'));
}
