import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../lib/model/json';

/** One parsed request, as the services see it. */
export interface ApiRequest {
  /** Path without the query, e.g. `/airports`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Scheme, host and port that the client used: links in answers point back here. */
  readonly origin: string;
}

/** The records of one answer, kept apart from its text so that a fault can change them before it is written. */
export interface RecordPage {
  /** The field that identifies a record. */
  readonly key: string;
  records(): JsonObject[];
  /** The body, of the page's own records or of changed ones. */
  render(records?: readonly JsonObject[]): string | Buffer;
}

/** What a service answers; `page` and `body` exclude each other. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly page?: RecordPage;
  readonly body?: string;
}

/** A service: undefined = not one of its paths. */
export type SampleService = (request: ApiRequest) => ApiAnswer | undefined | Promise<ApiAnswer | undefined>;

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** An answer whose body is one JSON value. */
export function jsonAnswer(
  status: number,
  value: JsonValue,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(value) };
}

/** An answer of records, wrapped by `envelope` into the service's JSON body (default: a plain array). */
export function recordsAnswer(
  records: readonly JsonObject[],
  key: string,
  headers: Readonly<Record<string, string>> = {},
  envelope: (records: readonly JsonObject[]) => JsonValue = (list) => list,
): ApiAnswer {
  return {
    status: 200,
    headers: { ...JSON_HEADERS, ...headers },
    page: {
      key,
      records: () => [...records],
      render: (changed = records) => JSON.stringify(envelope(changed)),
    },
  };
}

/** Strong ETag of a body. */
export function etagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}

/** Whether `If-None-Match` names the ETag (weak comparison, RFC 9110 §13.1.2). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}

/** A whole number in the query, or undefined when absent; NaN when it is not one. */
export function integerParam(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
