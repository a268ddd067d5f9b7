import type { JsonValue } from '../../model/json';
import type { Credentials } from './auth';
import { RestConfigError, type RestErrorContext, RestResponseTooLargeError } from './errors';
import type { HttpAnswer, HttpClient } from './http-client';
import { JsonSyntaxError, parseJson, parseJsonLines } from './json-text';
import { type PageRequest, singlePage } from './pagination';
import { selectRecords } from './records';
import { lineBlocks } from './response-body';
import type { ResourceConfig } from './rest-config';
import { setParam } from './values';

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/**
 * A page of lines up to this size is held whole, so that it can be asked for again when the connection breaks;
 * a longer one is streamed in blocks, and a break in its middle fails the read.
 */
const HELD_LINES_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 4 * 1024 * 1024;

/** Records of one page, or of one block of a streamed page, as the service sent them. */
export interface PageChunk {
  readonly values: readonly JsonValue[];
  /** Size of their text. */
  readonly bytes: number;
  /** From 1. */
  readonly page: number;
  readonly headers: Headers;
  readonly status: number;
  readonly context: RestErrorContext;
}

/** What one walk over a resource's pages needs. */
export interface PageWalk {
  readonly name: string;
  readonly config: ResourceConfig;
  readonly http: HttpClient;
  readonly auth: Credentials;
  /** The first page's address, without pagination and authentication. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Makes the first page conditional. */
  readonly etag?: string | undefined;
  readonly signal: AbortSignal;
}

/** Walks the pages in order, one request at a time, each only when it is pulled. */
export async function* readPages(walk: PageWalk): AsyncGenerator<PageChunk> {
  const pagination = walk.config.pagination ?? singlePage();
  let request: PageRequest = pagination.first;
  let url = pageUrl(walk, request, walk.url, 1);
  for (let page = 1; ; page++) {
    const decoded = await fetchPage(walk, url, page);
    let recordCount = 0;
    for await (const chunk of decoded.chunks) {
      recordCount += chunk.values.length;
      yield chunk;
    }
    const { body, headers } = decoded;
    const next = decoded.ended ? undefined : pagination.next({ body, headers, recordCount, page, request });
    if (next === undefined) return;
    const nextUrl = pageUrl(walk, next, url, page + 1);
    if (nextUrl.href === url.href) throw endless(walk, url, page);
    request = next;
    url = nextUrl;
  }
}

interface DecodedPage {
  readonly body: JsonValue | undefined;
  readonly headers: Headers;
  /** Not modified, or a status that means "no records": there is nothing to go on to. */
  readonly ended: boolean;
  readonly chunks: Iterable<PageChunk> | AsyncIterable<PageChunk>;
}

function fetchPage(walk: PageWalk, url: URL, page: number): Promise<DecodedPage> {
  const { config, name, http, signal } = walk;
  const etag = page === 1 ? walk.etag : undefined;
  const maxBytes = config.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
  return http.get({
    resource: name,
    page,
    url,
    signal,
    headers: {
      ...walk.headers,
      ...walk.auth.headers,
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
    accept: [...(config.emptyOn ?? []), ...(etag === undefined ? [] : [304])],
    maxBytes: (headers) =>
      isLines(config, headers)
        ? { bytes: HELD_LINES_BYTES, streamed: true }
        : { bytes: maxBytes, streamed: false },
    decode: (answer) => decode(walk, answer, page, maxBytes),
  });
}

function decode(walk: PageWalk, answer: HttpAnswer, page: number, maxBytes: number): DecodedPage {
  const { status, headers, body, context } = answer;
  const chunk = (values: readonly JsonValue[], bytes: number): PageChunk => ({
    values,
    bytes,
    page,
    headers,
    status,
    context,
  });
  const none = status === 304 || status === 204 || (walk.config.emptyOn ?? []).includes(status);
  if (none) return { body: undefined, headers, ended: true, chunks: [chunk([], 0)] };
  if (body.kind === 'pieces') {
    return {
      body: undefined,
      headers,
      ended: false,
      chunks: streamed(walk, answer, body.pieces, maxBytes, chunk),
    };
  }
  const { bytes } = body;
  if (isLines(walk.config, headers)) {
    return { body: undefined, headers, ended: false, chunks: [chunk(parseJsonLines(bytes), bytes.length)] };
  }
  const parsed = parseJson(bytes);
  const values = selectRecords(parsed, walk.config.records, context);
  return { body: parsed, headers, ended: false, chunks: [chunk(values, bytes.length)] };
}

async function* streamed(
  walk: PageWalk,
  { context }: HttpAnswer,
  pieces: AsyncGenerator<Uint8Array>,
  maxLineBytes: number,
  chunk: (values: readonly JsonValue[], bytes: number) => PageChunk,
): AsyncGenerator<PageChunk> {
  let base = 0;
  let block: Uint8Array = new Uint8Array();
  try {
    const tooLong = () => new RestResponseTooLargeError(maxLineBytes, context);
    for await (block of lineBlocks(pieces, BLOCK_BYTES, maxLineBytes, tooLong)) {
      yield chunk(parseJsonLines(block, base), block.length);
      base += block.length;
    }
  } catch (error) {
    if (walk.signal.aborted) throw walk.signal.reason;
    if (error instanceof RestResponseTooLargeError) throw error;
    if (!(error instanceof JsonSyntaxError)) throw walk.http.connectionError(error, context);
    throw walk.http.malformed(error, context, block, base);
  }
}

function isLines(config: ResourceConfig, headers: Headers): boolean {
  if (config.format !== undefined) return config.format === 'ndjson';
  return /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\b/i.test(headers.get('content-type') ?? '');
}

/** A page's address. Its own one replaces the resource's, but must stay on the origin that gets the credentials. */
function pageUrl(walk: PageWalk, request: PageRequest, current: URL, page: number): URL {
  const url = request.url === undefined ? new URL(walk.url) : new URL(request.url, current);
  if (url.origin !== walk.url.origin) {
    throw new RestConfigError(
      `The next page is on another server, ${walk.http.redact(url.origin)}`,
      `Use that server as baseUrl: credentials are sent to ${walk.url.origin} only.`,
      { resource: walk.name, url: walk.http.redact(current.href), page },
    );
  }
  for (const [name, value] of Object.entries(request.params ?? {})) setParam(url, name, value);
  for (const [name, value] of Object.entries(walk.auth.params)) setParam(url, name, value);
  return url;
}

function endless(walk: PageWalk, url: URL, page: number): RestConfigError {
  return new RestConfigError(
    'The page names itself as the next page, so the read would never end',
    'Check the pagination of the resource.',
    { resource: walk.name, url: walk.http.redact(url.href), page },
  );
}
