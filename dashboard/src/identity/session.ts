import { useSyncExternalStore } from 'react';
import type { AuthSettings } from './auth-settings';
import { LogInError } from './log-in-error';
import { serverTokenHeader, tokenBrowser } from './server-token';

/** Somebody who is logged in. */
export interface Session {
  /** E-mail address, or what else the issuer calls the person. */
  readonly person: string | undefined;
  /** `fetch` in the person's name. Rejects as `fetch` does, and with `LogInError`. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Ends the session in this tab only: no request is sent in its name any more. */
  forget(): void;
  /** Ends the session here and at the issuer; resolves only when the issuer has no page for that. */
  logOut(): Promise<void>;
}

/** Who uses this page. `anonymous` also before it is known. */
export type SessionState =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly error: LogInError; readonly session: Session | undefined }
  | { readonly kind: 'logged-out' };

let state: SessionState = { kind: 'anonymous' };
/** Tells this person's other tabs, and hears from them, that they have logged out. */
let otherTabs: BroadcastChannel | undefined;
let opening: Promise<Session> | undefined;
const listeners = new Set<() => void>();

function publish(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

let showPage = (path: string): void => history.replaceState(null, '', path);

/** Says how a page of the dashboard is shown once the log-in is done. */
export function onPageRestored(show: (path: string) => void): void {
  showPage = show;
}

/** The session of these settings, opened once. Without one, leaves for the log-in and never resolves. */
export function openSession(settings: AuthSettings): Promise<Session> {
  opening ??= open(settings);
  return opening;
}

async function open(settings: AuthSettings): Promise<Session> {
  let session: Session | undefined;
  const onFailed = (error: LogInError) => publish({ kind: 'failed', error, session });
  try {
    // Loaded only where people log in: a laptop never does.
    const { openBrowserSession } = await import('./browser-session');
    session = await openBrowserSession(settings, showPage, onFailed);
  } catch (error) {
    onFailed(error as LogInError);
    throw error;
  }
  publish({ kind: 'open', session });
  otherTabs = new BroadcastChannel('headrace.log-out');
  const opened = session;
  otherTabs.onmessage = () => {
    opened.forget();
    publish({ kind: 'logged-out' });
  };
  return session;
}

/**
 * `fetch` where nobody logs in: a laptop's server is shown its token.
 *
 * @throws {LogInError} `link`: the server does not take it, or there is none
 */
export async function fetchWithServerToken(url: string, init: RequestInit): Promise<Response> {
  const shown = serverTokenHeader(tokenBrowser);
  const response = await fetch(url, { ...init, headers: { ...(init.headers as object), ...shown } });
  if (response.status !== 401) return response;
  const why =
    'authorization' in shown
      ? 'The server has another token than this browser remembers.'
      : 'The server asks for its token, which this browser does not have.';
  const error = new LogInError('link', why);
  publish({ kind: 'failed', error, session: undefined });
  throw error;
}

/** Logs out; where the issuer has no page that ends its own session, says that this one has ended. */
export async function logOut(session: Session): Promise<void> {
  otherTabs?.postMessage('logged out');
  await session.logOut();
  publish({ kind: 'logged-out' });
}
