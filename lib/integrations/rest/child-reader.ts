import type { Batch, Cursor } from '../../ingestion/batch';
import type { ReadOptions } from '../../ingestion/source';
import { toCursor } from './cursor-state';
import { RestRecordError } from './errors';
import { mergeConcurrently } from './merge-concurrently';
import { type Connection, type ResourceRead, readResource, stateOf } from './resource-reader';
import type { ParentReference, ResourceConfig, Resources } from './rest-config';
import { valueAt } from './values';

const DEFAULT_CONCURRENCY = 4;
/** Each distinct value is remembered until the read ends: about 100 bytes, so 100 MB at most. */
const MAX_DISTINCT_VALUES = 1_000_000;

/** Reads a resource, through its parents if it has any. */
export function readWithParents(
  resources: Resources,
  read: ResourceRead,
  connection: Connection,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  const { parent } = read.config;
  return parent === undefined
    ? readResource(read, connection, options)
    : readChildren(resources, read, parent, connection, options);
}

/**
 * Reads the child once per distinct value of its parent. The cursor is the parent's, given when everything has
 * been read, so that the next load asks only for what changed parents name.
 */
async function* readChildren(
  resources: Resources,
  read: ResourceRead,
  parent: ParentReference,
  connection: Connection,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  const controller = new AbortController();
  const signal = AbortSignal.any([
    controller.signal,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const state = stateOf(read.name, options.cursor);
  let parentCursor: Cursor | undefined;

  async function* reads(): AsyncGenerator<AsyncGenerator<Batch>> {
    for await (const value of distinctValues()) {
      const child = { ...read, params: { ...read.params, [parent.param]: value } };
      yield withColumn(readResource(child, connection, { signal }), parent.column, value);
    }
  }

  async function* distinctValues(): AsyncGenerator<string | number> {
    const seen = new Set<string | number>();
    const config = resources[parent.resource] as ResourceConfig;
    const parentRead: ResourceRead = { name: parent.resource, config, window: read.window, params: {} };
    const parents = readWithParents(resources, parentRead, connection, { cursor: state.parent, signal });
    for await (const batch of parents) {
      if (batch.cursor !== undefined) parentCursor = batch.cursor;
      for (const record of batch.records) {
        const value = valueAt(record, parent.field);
        if ((typeof value !== 'string' && typeof value !== 'number') || seen.has(value)) continue;
        if (seen.size >= MAX_DISTINCT_VALUES) throw tooMany(read.name, parent);
        seen.add(value);
        yield value;
      }
    }
  }

  yield* mergeConcurrently(reads(), parent.concurrency ?? DEFAULT_CONCURRENCY, () => controller.abort());
  if (parentCursor !== undefined) yield { records: [], cursor: toCursor({ parent: parentCursor }) };
}

async function* withColumn(
  batches: AsyncGenerator<Batch>,
  column: string | undefined,
  value: string | number,
): AsyncGenerator<Batch> {
  for await (const { records } of batches) {
    if (records.length === 0) continue;
    yield {
      records: column === undefined ? records : records.map((record) => ({ ...record, [column]: value })),
    };
  }
}

function tooMany(resource: string, parent: ParentReference): RestRecordError {
  return new RestRecordError(
    `"${parent.field}" of ${parent.resource} has more than ${MAX_DISTINCT_VALUES} distinct values`,
    'Read smaller windows, so that each read has fewer of them.',
    undefined,
    { resource },
  );
}
