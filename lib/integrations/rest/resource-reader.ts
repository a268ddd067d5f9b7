import type { TimeWindow } from '../../definitions/loaded-definitions';
import type { Batch, Cursor } from '../../ingestion/batch';
import type { ReadOptions } from '../../ingestion/source';
import type { Credentials } from './auth';
import { type BatchLimits, cutBatches } from './batches';
import { type CursorState, parseCursor, toCursor } from './cursor-state';
import { RestConfigError } from './errors';
import type { HttpClient } from './http-client';
import { type CursorValue, compareCursorValues, startParam } from './incremental';
import { readPages } from './page-reader';
import { readAhead } from './read-ahead';
import { highestCursorValue, shapeRecords } from './records';
import type { ResourceConfig } from './rest-config';
import { buildUrl, type Params } from './values';

/** A source's settings with every reference resolved. */
export interface Connection {
  readonly baseUrl: string;
  readonly auth: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly http: HttpClient;
  readonly batch: BatchLimits;
}

/** One read of one resource. */
export interface ResourceRead {
  readonly name: string;
  readonly config: ResourceConfig;
  readonly window: TimeWindow | undefined;
  /** Laid over the resource's own. */
  readonly params: Params;
}

/** The columns that identify a record. */
export function primaryKeyOf(config: ResourceConfig): readonly string[] {
  return config.primaryKey === undefined ? [] : [config.primaryKey].flat();
}

/** Reads a resource as batches; the last one may be empty and only carry the cursor. */
export async function* readResource(
  read: ResourceRead,
  connection: Connection,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  const { name, config } = read;
  const { incremental } = config;
  const { http } = connection;
  const state = stateOf(name, options.cursor);
  const url = resourceUrl(read, connection, state.last);
  const shownUrl = http.redact(url.href);
  const controller = new AbortController();
  const signal = AbortSignal.any([
    controller.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const knownEtag =
    config.conditional === true && state.etag?.url === shownUrl ? state.etag.value : undefined;
  const pages = readPages({
    name,
    config,
    http,
    url,
    signal,
    auth: connection.auth,
    headers: { accept: acceptOf(config), ...connection.headers, ...config.headers },
    etag: knownEtag,
  });

  let last = state.last;
  let seen: CursorValue | undefined;
  let etag: string | undefined;
  let pageCount = 0;
  let given = state;
  for await (const chunk of readAhead(pages, () => controller.abort())) {
    if (chunk.status === 304) return;
    const { context } = chunk;
    pageCount = chunk.page;
    etag = chunk.headers.get('etag') ?? undefined;
    if (incremental !== undefined) {
      seen = highestCursorValue(chunk.values, incremental, seen, context);
      last = later(last, seen);
    }
    const records = shapeRecords(chunk.values, config, primaryKeyOf(config), context);
    const reached: CursorState | undefined =
      incremental?.order === 'ascending' && last !== undefined ? { last } : undefined;
    const batches = [...cutBatches(records, chunk.bytes, connection.batch)];
    for (const [index, batch] of batches.entries()) {
      const closesChunk = index === batches.length - 1 && reached !== undefined;
      if (closesChunk) given = reached;
      yield closesChunk ? { records: batch, cursor: toCursor(reached) } : { records: batch };
    }
  }
  const finished: CursorState = {
    ...(last === undefined ? {} : { last }),
    // An ETag speaks for one page only; of several, a later one may have changed alone.
    ...(config.conditional === true && etag !== undefined && pageCount === 1
      ? { etag: { url: shownUrl, value: etag } }
      : {}),
  };
  if (!sameState(finished, given)) yield { records: [], cursor: toCursor(finished) };
}

/** The stored cursor as this source's state. Throws `RestConfigError` for a cursor of something else. */
export function stateOf(resource: string, cursor: Cursor | undefined): CursorState {
  const state = parseCursor(cursor);
  if (state !== undefined) return state;
  throw new RestConfigError(
    `The stored cursor ${JSON.stringify(cursor)?.slice(0, 200)} was not written by this source`,
    'Reset the cursor of the target table, or load into another one.',
    { resource },
  );
}

function resourceUrl(read: ResourceRead, { baseUrl, http }: Connection, last: CursorValue | undefined): URL {
  const { config, name, window } = read;
  const { incremental } = config;
  if (typeof config.params === 'function' && window === undefined) {
    const remedy = 'Call read({ start, end }), e.g. with partition.window.';
    throw new RestConfigError('The params need a window, but none was given', remedy, { resource: name });
  }
  const own = typeof config.params === 'function' ? config.params(window as TimeWindow) : config.params;
  const since = incremental === undefined ? {} : { [incremental.param]: startParam(incremental, last) };
  try {
    return buildUrl(baseUrl, config.path, { ...own, ...since, ...read.params });
  } catch (cause) {
    const reason = http.redact(cause instanceof Error ? cause.message : String(cause));
    const remedy = 'Check baseUrl, path and params of the resource.';
    throw new RestConfigError(`There is no address to read: ${reason}`, remedy, { resource: name, cause });
  }
}

function acceptOf({ format }: ResourceConfig): string {
  return format === 'ndjson' ? 'application/x-ndjson' : 'application/json';
}

function later(a: CursorValue | undefined, b: CursorValue | undefined): CursorValue | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareCursorValues(a, b) >= 0 ? a : b;
}

function sameState(a: CursorState, b: CursorState): boolean {
  return a.last === b.last && a.etag?.url === b.etag?.url && a.etag?.value === b.etag?.value;
}
