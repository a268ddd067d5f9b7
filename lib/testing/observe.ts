import type { input, ZodType } from 'zod';
import type { ObservableAssetDefinition } from '../definitions/observable-asset';
import type { ResourceRecord, ResourceValues } from '../definitions/resource';
import type { JsonValue } from '../model/json';
import { runAssets } from './run-assets';
import { createObserver, type RunOptions } from './run-in-memory';
import type { PlainMetadata, RunSummary } from './test-result';

/** How an asset is observed in a test. */
export interface ObserveOptions<R, C> extends RunOptions {
  /** Fakes by the name that `run` sees; a resource that is left out is set up for real, with `env`. */
  readonly resources?: R extends ResourceRecord ? Partial<ResourceValues<R>> : never;
  /** Config of the asset's op, checked by its schema. */
  readonly config?: C extends ZodType ? input<C> : never;
}

/** The same, of resources and config of any type. */
interface Untyped extends RunOptions {
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly config?: JsonValue;
}

/** What was seen of an asset. */
export interface ObserveResultOf extends RunSummary {
  /** Null when it was seen without one, and of a partitioned asset. */
  readonly dataVersion: string | null;
  /** Of a partitioned asset, by partition. */
  readonly dataVersions: Readonly<Record<string, string>>;
  readonly metadata: PlainMetadata;
}

/**
 * Observes an asset in memory, with the real planning and execution.
 *
 * @throws what user code threw, unless `raiseOnError` is false
 * @example
 * const { dataVersion } = await observe(orders, { resources: { erp: fakeErp } });
 */
export async function observe<P, R, C>(
  asset: ObservableAssetDefinition<P, R, C>,
  options?: ObserveOptions<R, C>,
): Promise<ObserveResultOf> {
  const { config, ...others } = (options ?? {}) as Untyped;
  const { computation } = asset;
  const summary = await runAssets([{ kind: 'observable_asset', key: asset.key, computation }], {
    values: {},
    config: config === undefined ? {} : { ops: { [computation.name]: { config } } },
    observer: createObserver(),
    options: others,
  });
  const seen = summary.observations.filter((each) => each.asset === asset.key);
  const last = seen.findLast(({ partition }) => partition === null);
  return {
    ...summary,
    dataVersion: last?.dataVersion ?? null,
    dataVersions: Object.fromEntries(
      seen.flatMap(({ partition, dataVersion }) =>
        partition === null || dataVersion === null ? [] : [[partition, dataVersion] as const],
      ),
    ),
    metadata: last?.metadata ?? {},
  };
}
