import {
  RestConnectionError,
  type RestErrorContext,
  RestMalformedPageError,
  RestRateLimitError,
  RestResponseError,
  RestResponseTooLargeError,
  RestSourceError,
} from './errors';
import { JsonSyntaxError } from './json-text';
import { type ResponseBody, readBody } from './response-body';
import { isRateLimited, isTransientStatus, type RetryPolicy, retryDelay, serverDelay } from './retry';
import { SilenceTimer } from './silence-timer';

const EXCERPT_CHARS = 500;
const EXCERPT_BYTES = 4 * EXCERPT_CHARS;
const MAX_REDIRECTS = 5;
/** A malformed page is asked for again, but it is hardly ever the wire's fault three times in a row. */
const MALFORMED_ATTEMPTS = 3;

/** What the client needs from outside. */
export interface HttpRuntime {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Told of every wait before another attempt; the message has its secrets masked. */
  readonly onRetry: (message: string) => void;
}

/** One page to get. */
export interface PageFetch<T> {
  readonly resource: string;
  readonly page: number;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Statuses besides 2xx that `decode` handles, e.g. 304. */
  readonly accept: readonly number[];
  readonly signal: AbortSignal;
  /** Bytes to hold; a longer body is an error, or comes as pieces if the page may be streamed. */
  readonly maxBytes: (headers: Headers) => { readonly bytes: number; readonly streamed: boolean };
  /** Decodes the answer. A `JsonSyntaxError` from here counts as a failed attempt. */
  readonly decode: (answer: HttpAnswer) => T;
}

/** An answer with an acceptable status. `context` is for errors found later. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly url: URL;
  readonly body: ResponseBody;
  readonly context: RestErrorContext;
}

/** GETs pages: time-outs, size caps, rate limits, retries, same-origin redirects, masked errors. */
export class HttpClient {
  /** Set by a rate limit, and heeded by every request of this source. */
  private blockedUntil = 0;
  private readonly runtime: HttpRuntime;
  private readonly retry: RetryPolicy;
  private readonly timeoutMs: number;
  readonly redact: (text: string) => string;

  constructor(runtime: HttpRuntime, retry: RetryPolicy, timeoutMs: number, redact: (text: string) => string) {
    this.runtime = runtime;
    this.retry = retry;
    this.timeoutMs = timeoutMs;
    this.redact = redact;
  }

  async get<T>(fetch: PageFetch<T>): Promise<T> {
    const { now, sleep, random, onRetry } = this.runtime;
    const startedAt = now();
    for (let attempt = 1; ; attempt++) {
      await this.waitForRateLimit(fetch.signal);
      const failure = await this.attempt(fetch, attempt);
      if (failure.kind === 'done') return failure.value;
      const { error, serverDelayMs } = failure;
      const delay = retryDelay({ attempt, elapsedMs: now() - startedAt, serverDelayMs }, this.retry, random);
      const hopeless = error instanceof RestMalformedPageError && attempt >= MALFORMED_ATTEMPTS;
      if (!error.transient || delay === undefined || hopeless) throw error;
      if (error instanceof RestRateLimitError) this.blockedUntil = Math.max(this.blockedUntil, now() + delay);
      onRetry(`${error.message} Trying again in ${Math.round(delay)} ms.`);
      await sleep(delay, fetch.signal);
    }
  }

  private async waitForRateLimit(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const wait = this.blockedUntil - this.runtime.now();
    if (wait > 0) await this.runtime.sleep(wait, signal);
  }

  private async attempt<T>(fetch: PageFetch<T>, attempt: number): Promise<Outcome<T>> {
    const { resource, page, url, signal } = fetch;
    let context: RestErrorContext = { resource, page, attempt, url: this.redact(url.href) };
    const silence = new SilenceTimer(this.timeoutMs);
    const combined = AbortSignal.any([signal, silence.signal]);
    try {
      silence.arm();
      const response = await this.follow(fetch, combined, context);
      silence.disarm();
      const { status, headers } = response;
      context = { ...context, status };
      if (!(response.ok || fetch.accept.includes(status))) {
        return this.refused(response, { ...context, body: await this.excerptOf(response, silence) });
      }
      const limit = fetch.maxBytes(headers);
      const body = await readBody(response, limit.bytes, silence);
      if (body.kind === 'pieces' && !limit.streamed) {
        await body.pieces.return(undefined);
        throw new RestResponseTooLargeError(limit.bytes, context);
      }
      return { kind: 'done', value: this.decoded(fetch, { status, headers, url, body, context }) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const known = error instanceof RestSourceError;
      return { kind: 'failed', error: known ? error : this.connectionError(error, context) };
    } finally {
      silence.disarm();
    }
  }

  private decoded<T>(fetch: PageFetch<T>, answer: HttpAnswer): T {
    try {
      return fetch.decode(answer);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError) || answer.body.kind !== 'whole') throw error;
      throw this.malformed(error, answer.context, answer.body.bytes);
    }
  }

  /** The error for a page that is no JSON, with the text around the place; `base` = where in it `bytes` start. */
  malformed(
    error: JsonSyntaxError,
    context: RestErrorContext,
    bytes: Uint8Array,
    base = 0,
  ): RestMalformedPageError {
    const from = Math.max(0, error.byteOffset - base - EXCERPT_CHARS / 2);
    // A margin on both sides, so that a secret across the edge is seen whole and masked.
    const margin = Math.min(from, EXCERPT_BYTES);
    const around = bytes.subarray(from - margin, from + EXCERPT_BYTES);
    const body = this.redact(textOf(around)).slice(margin, margin + EXCERPT_CHARS);
    // JSON.parse quotes the text it failed on, which may hold a secret.
    return new RestMalformedPageError(error.byteOffset, this.redact(error.message), {
      ...context,
      body,
      cause: error,
    });
  }

  /** Redirects are followed on the same origin only: credentials must not travel elsewhere. */
  private async follow<T>(
    { url, headers }: PageFetch<T>,
    signal: AbortSignal,
    context: RestErrorContext,
  ): Promise<Response> {
    let target = url;
    for (let hops = 0; ; hops++) {
      const response = await this.runtime.fetch(target, {
        headers: { ...headers },
        signal,
        redirect: 'manual',
      });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      const next = new URL(location, target);
      await response.body?.cancel();
      if (next.origin !== url.origin || hops >= MAX_REDIRECTS) {
        const body = `redirect to ${this.redact(next.href)}`;
        throw new RestResponseError(response.status, false, { ...context, body });
      }
      target = next;
    }
  }

  private refused(response: Response, context: RestErrorContext): Outcome<never> {
    const { status, headers } = response;
    const now = this.runtime.now();
    const serverDelayMs =
      isRateLimited(status, headers) || status === 503 ? serverDelay(headers, now) : undefined;
    if (isRateLimited(status, headers)) {
      const retryAt = serverDelayMs === undefined ? undefined : new Date(now + serverDelayMs).toISOString();
      return { kind: 'failed', error: new RestRateLimitError(status, retryAt, context), serverDelayMs };
    }
    return {
      kind: 'failed',
      error: new RestResponseError(status, isTransientStatus(status), context),
      serverDelayMs,
    };
  }

  private async excerptOf(response: Response, timer: SilenceTimer): Promise<string> {
    const body = await readBody(response, EXCERPT_BYTES, timer);
    if (body.kind === 'whole') return this.excerpt(body.bytes);
    const { value } = await body.pieces.next();
    await body.pieces.return(undefined);
    return this.excerpt(value ?? new Uint8Array());
  }

  private excerpt(bytes: Uint8Array): string {
    return this.redact(textOf(bytes)).trim().slice(0, EXCERPT_CHARS);
  }

  /** The error for an answer that did not come or broke off. */
  connectionError(error: unknown, context: RestErrorContext): RestConnectionError {
    return new RestConnectionError(this.redact(reasonOf(error)), { ...context, cause: error });
  }
}

type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'failed';
      readonly error: RestSourceError;
      readonly serverDelayMs?: number | undefined;
    };

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** fetch says only "fetch failed"; the cause says why, e.g. ECONNREFUSED. By shape: fetch may be another realm's. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: unknown; readonly cause?: unknown };
  const { message: detail, code } = (cause ?? {}) as { readonly message?: unknown; readonly code?: unknown };
  const why = detail || code;
  return `The connection failed: ${message ?? String(error)}${why === undefined ? '' : ` (${why})`}`;
}
