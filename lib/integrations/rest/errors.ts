/** What every error of a REST source knows; the URL and the body have their secrets masked. */
export interface RestErrorContext {
  /** Name of the resource in the source's configuration, e.g. `events`. */
  readonly resource?: string | undefined;
  readonly url?: string | undefined;
  /** Page of this read, from 1. */
  readonly page?: number | undefined;
  /** Attempt at this page, from 1. */
  readonly attempt?: number | undefined;
  readonly status?: number | undefined;
  /** The first 500 characters of the answer. */
  readonly body?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Base of everything a REST source throws. `transient` = the same read may succeed later without anybody
 * changing anything, so a step may retry it; otherwise configuration, credentials or data have to change.
 */
export class RestSourceError extends Error {
  readonly transient: boolean;
  readonly resource: string | undefined;
  readonly url: string | undefined;
  readonly page: number | undefined;
  readonly attempt: number | undefined;
  readonly status: number | undefined;
  readonly body: string | undefined;

  constructor(what: string, remedy: string, transient: boolean, context: RestErrorContext) {
    super(`${what} (${place(context)})${excerpt(context.body)}. ${remedy}`, { cause: context.cause });
    this.name = new.target.name;
    this.transient = transient;
    this.resource = context.resource;
    this.url = context.url;
    this.page = context.page;
    this.attempt = context.attempt;
    this.status = context.status;
    this.body = context.body;
  }
}

/** The source is declared or called wrongly: nothing was, or can be, read. */
export class RestConfigError extends RestSourceError {
  constructor(what: string, remedy: string, context: RestErrorContext) {
    super(what, remedy, false, context);
  }
}

/** No answer came, or it broke off: refused, reset, timed out. Transient. */
export class RestConnectionError extends RestSourceError {
  constructor(what: string, context: RestErrorContext) {
    super(
      what,
      'Check that the service is reachable from here; a later run reads this again.',
      true,
      context,
    );
  }
}

/** The service answered with a status that is no success. Transient for 408, 425 and 5xx. */
export class RestResponseError extends RestSourceError {
  constructor(status: number, transient: boolean, context: RestErrorContext) {
    super(`The service answered ${status}`, remedyFor(status, transient), transient, { ...context, status });
  }
}

/** The service's rate limit is used up for longer than the retry policy may wait. Transient. */
export class RestRateLimitError extends RestSourceError {
  /** When the service will answer again (ISO instant), if it said so. */
  readonly retryAt: string | undefined;

  constructor(status: number, retryAt: string | undefined, context: RestErrorContext) {
    const until = retryAt === undefined ? 'later' : `after ${retryAt}`;
    super(
      `The service's rate limit is used up (status ${status})`,
      `Run it again ${until}, ask for less, or raise retry.maxElapsedMs of the source.`,
      true,
      { ...context, status },
    );
    this.retryAt = retryAt;
  }
}

/** An answer is larger than `maxResponseBytes`. */
export class RestResponseTooLargeError extends RestSourceError {
  readonly maxBytes: number;

  constructor(maxBytes: number, context: RestErrorContext) {
    super(
      `The answer is larger than ${maxBytes} bytes`,
      'Ask for smaller pages, or raise maxResponseBytes of the resource.',
      false,
      context,
    );
    this.maxBytes = maxBytes;
  }
}

/** A page is no JSON. Thrown after it was asked for again, because a cut answer is often whole the next time. */
export class RestMalformedPageError extends RestSourceError {
  /** Where the page stops being JSON, in bytes from its start. */
  readonly byteOffset: number;

  constructor(byteOffset: number, reason: string, context: RestErrorContext) {
    super(
      `Page ${context.page} is no valid JSON from byte ${byteOffset} on: ${reason}`,
      'Compare the excerpt with what the service documents; for one record per line set format: "ndjson".',
      true,
      context,
    );
    this.byteOffset = byteOffset;
  }
}

/** A page or a record is JSON but not what the resource declares: selector, schema, key or cursor field. */
export class RestRecordError extends RestSourceError {
  /** Position of the record in its page, from 0; undefined when the page as a whole is meant. */
  readonly index: number | undefined;

  constructor(what: string, remedy: string, index: number | undefined, context: RestErrorContext) {
    super(what, remedy, false, context);
    this.index = index;
  }
}

function place(context: RestErrorContext): string {
  return [
    context.resource === undefined ? 'REST source' : `resource "${context.resource}"`,
    context.url === undefined ? '' : `GET ${context.url}`,
    context.page === undefined ? '' : `page ${context.page}`,
    context.attempt === undefined ? '' : `attempt ${context.attempt}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function excerpt(body: string | undefined): string {
  return body === undefined || body === '' ? '' : `, it said: ${body}`;
}

function remedyFor(status: number, transient: boolean): string {
  if (transient) return 'The service is failing; a later run reads this again.';
  if (status === 401 || status === 403) return 'Check the auth of the source: the credentials were refused.';
  if (status === 404 || status === 410)
    return 'Check baseUrl and path, or declare emptyOn: [404] if absence is normal.';
  if (status >= 300 && status < 400) return 'Put the address it points to into baseUrl.';
  return 'Check the params of the resource against what the service documents.';
}
