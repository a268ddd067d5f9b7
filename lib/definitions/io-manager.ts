import type { output, ZodType } from 'zod';
import type { AssetKey } from '../model/asset-key';
import type { RawMetadata } from '../model/metadata';
import type { IoContext, IoManager, RunInfo } from './loaded-definitions';
import { isPartitionValues, type PartitionValues, partitionValues } from './partition-values';
import type { Resolved } from './references';
import { isPlainObject } from './references';
import type { ResourceDefinition, ResourceRecord, ResourceSetUpContext, ResourceValues } from './resource';
import { type CapturedSource, captureSource } from './source-capture';

/** Where one value goes or comes from; an IO manager sees one partition at a time. */
export interface ValueContext {
  readonly run: RunInfo;
  /** The asset, for asset values; null for op outputs. */
  readonly asset: AssetKey | null;
  /** The value's partition; null when unpartitioned. */
  readonly partition: string | null;
  readonly stepKey: string;
  readonly output: string;
  readonly mappingKey: string | null;
  readonly metadata: RawMetadata;
  /**
   * A path of its own for the value: the asset's key and partition, or the run, step and output. Made of `/`,
   * letters, digits, `_`, `-`, `.` and `%xx`.
   */
  readonly path: string;
}

/** How values are stored and loaded. */
export interface ValueStore<T> {
  /** May return metadata, which is shown with the output. */
  handleOutput(context: ValueContext, value: T): Promise<RawMetadata | undefined> | Promise<void>;
  loadInput(context: ValueContext): Promise<T>;
}

export interface IoManagerOptions<T, S, C extends ZodType | undefined, R extends ResourceRecord> {
  /** Default: the key under which it is used. */
  readonly name?: string;
  readonly description?: string;
  readonly settings?: S;
  readonly config?: C;
  readonly resources?: R;
  setUp(
    context: ResourceSetUpContext<Resolved<S>, C extends ZodType ? output<C> : undefined, ResourceValues<R>>,
  ): ValueStore<T> | Promise<ValueStore<T>>;
  readonly source?: CapturedSource;
}

/** A resource that stores values between steps and runs. `T`: the values that it can store. */
export type IoManagerDefinition<T = unknown> = ResourceDefinition<ValueStore<T>> & {
  readonly isIoManager: true;
};

/**
 * Defines an IO manager: name it on an asset (`ioManager: parquet`) or make it the default of the location with
 * `define({ resources: { io_manager: parquet } })`.
 *
 * In a run over several partitions the value must be an object from partition key to value; the IO manager is
 * called for each.
 *
 * @example
 * const files = ioManager({
 *   setUp: () => ({
 *     handleOutput: async ({ path }, value) => writeFile(path, JSON.stringify(value)),
 *     loadInput: async ({ path }) => JSON.parse(await readFile(path, 'utf8')),
 *   }),
 * });
 */
export function ioManager<
  T,
  const S = undefined,
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
>(options: IoManagerOptions<T, S, C, R>): IoManagerDefinition<T> {
  const setUp = options.setUp as (context: unknown) => ValueStore<unknown> | Promise<ValueStore<unknown>>;
  return {
    kind: 'resource',
    name: options.name ?? null,
    description: options.description ?? null,
    isIoManager: true,
    configSchema: options.config ?? null,
    settings: options.settings,
    resources: options.resources ?? {},
    source: options.source ?? captureSource(ioManager),
    setUp: async (context) => toHostIoManager(await setUp(context)),
    tearDown: null,
  };
}

/** A value of several partitions is not an object by partition key. */
export class PartitionedValueError extends Error {
  override readonly name = 'PartitionedValueError';
}

function toHostIoManager(store: ValueStore<unknown>): IoManager {
  return {
    async handleOutput(context, value) {
      const keys = context.partitionKeys;
      if (keys === null || keys.length === 1) {
        return (await store.handleOutput(toValueContext(context, keys?.[0] ?? null), value)) ?? undefined;
      }
      const values = valuesByPartition(context, keys, value);
      const metadata: Record<string, RawMetadata[string]> = {};
      for (const [key, item] of values) {
        Object.assign(metadata, await store.handleOutput(toValueContext(context, key), item));
      }
      return metadata;
    },
    async loadInput(context) {
      const keys = context.partitionKeys;
      if (keys === null) return store.loadInput(toValueContext(context, null));
      const values = new Map<string, unknown>();
      for (const key of keys) values.set(key, await store.loadInput(toValueContext(context, key)));
      return partitionValues(values) satisfies PartitionValues;
    },
  };
}

function valuesByPartition(
  context: IoContext,
  keys: readonly string[],
  value: unknown,
): readonly (readonly [string, unknown])[] {
  const values = isPartitionValues(value) ? Object.fromEntries(value.values) : value;
  const missing = isPlainObject(values) ? keys.filter((key) => !(key in values)) : keys;
  if (!isPlainObject(values) || missing.length > 0) {
    throw new PartitionedValueError(
      `${context.asset ?? context.stepKey} ran for ${keys.length} partitions (${keys[0]} … ${keys.at(-1)}), so its value must be an object with one entry per partition key${isPlainObject(values) ? `; missing: ${missing.slice(0, 5).join(', ')}` : ''}.`,
    );
  }
  return keys.map((key) => [key, values[key]]);
}

function toValueContext(context: IoContext, partition: string | null): ValueContext {
  const { run, asset, stepKey, output, mappingKey, metadata } = context;
  const parts =
    asset === null
      ? ['runs', run.runId, stepKey, output, ...(mappingKey === null ? [] : [mappingKey])]
      : ['assets', ...asset.split('/'), ...(partition === null ? [] : [partition])];
  return {
    run,
    asset,
    partition,
    stepKey,
    output,
    mappingKey,
    metadata,
    path: parts.map(encodePart).join('/'),
  };
}

/** Escapes what is special in paths, and a part that is only dots. */
function encodePart(part: string): string {
  const escaped = encodeURIComponent(part).replaceAll(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return /^\.+$/.test(escaped) ? escaped.replaceAll('.', '%2e') : escaped;
}
