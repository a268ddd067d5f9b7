import { define } from '../definitions/define/define';
import type { JobDefinition } from '../definitions/job';
import type { ResourceRecord } from '../definitions/resource';
import { partitionInfo } from '../execution/partition-info';
import type { JsonObject } from '../model/json';
import type { PartitionsSpec } from '../model/partitions';
import { checkPartitionKey, endOfPartitions } from './check-partition';
import { materialize } from './materialize';
import { memoryValues } from './memory-io-manager';
import type { Materializable } from './run-assets';
import {
  createObserver,
  Fakes,
  prepareComputation,
  type RunOptions,
  runInMemory,
  TestRunError,
} from './run-in-memory';
import { type RunSummary, summarize } from './test-result';

export interface ExecuteJobOptions extends RunOptions {
  /** Fakes by the name that the job's ops give them. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Run config; the job's own holds where it says nothing. */
  readonly config?: JsonObject;
  readonly partition?: string;
  /** An asset job's assets, when it selects them by a string. */
  readonly assets?: readonly Materializable[];
}

/** What came of a job. */
export interface ExecuteJobResult extends RunSummary {
  /**
   * What a step returned: of a node, or of one mapped step as `node[key]`; in an asset job, an asset by its key.
   *
   * @param output default `result`; of a dynamic output `result[key]`
   */
  outputOf(step: string, output?: string): unknown;
}

/**
 * Runs a job in memory, with the real planning and execution. Hooks run, with the fakes.
 *
 * @throws what user code threw, unless `raiseOnError` is false
 * @example
 * const result = await executeJob(etl, { resources: { api: fakeApi } });
 * expect(result.outputOf('load')).toBe(3);
 */
export async function executeJob(
  job: JobDefinition,
  options: ExecuteJobOptions = {},
): Promise<ExecuteJobResult> {
  if (job.target.kind === 'assets') return executeAssetJob(job, options);
  const config = configOf(job, job.partitions ?? null, options);
  const observer = createObserver();
  const memory = memoryValues();
  const fakes = new Fakes(options.resources ?? {}, memory.manager);
  const replaced = new Map<
    unknown,
    { readonly kind: 'op'; readonly computation: ReturnType<typeof prepareComputation> }
  >();
  const nodes = job.target.nodes.map((node) => {
    const op = replaced.get(node.op) ?? {
      kind: 'op' as const,
      computation: prepareComputation(node.op.computation, fakes, observer),
    };
    replaced.set(node.op, op);
    return { ...node, op };
  });
  const hooks = job.hooks?.map((hook) => ({
    ...hook,
    resources: fakes.replace(hook.resources as ResourceRecord),
  }));
  const prepared: JobDefinition = {
    ...job,
    target: { ...job.target, nodes },
    ...(hooks === undefined ? {} : { hooks }),
  };
  const definitions = define({ jobs: [prepared], resources: { io_manager: memory.manager } });
  const keys = options.partition === undefined ? [] : [options.partition];
  const spec = job.partitions ?? null;
  if (spec !== null) for (const key of keys) checkPartitionKey(spec, key);
  const request = {
    jobName: job.name,
    assetSelection: null,
    partitionKeys: keys,
    config,
    thrown: observer.thrown,
  };
  const summary = summarize(await runInMemory(definitions, request, options, endOfPartitions(spec, keys)));
  return { ...summary, outputOf: (step, output = 'result') => observer.outputs.get(step)?.get(output) };
}

async function executeAssetJob(job: JobDefinition, options: ExecuteJobOptions): Promise<ExecuteJobResult> {
  const { target } = job;
  const selected: readonly unknown[] = target.kind === 'assets' ? [target.select].flat() : [];
  const assets: readonly Materializable[] = options.assets ?? selected.filter(isMaterializable);
  if (options.assets === undefined && assets.length < selected.length) {
    throw new TestRunError(
      `Job ${job.name} selects assets by a string or key: give them, { assets: [...] }.`,
    );
  }
  const specs = assets.flatMap(({ computation }) =>
    computation.assets.flatMap((each) => each.partitions ?? []),
  );
  const config = configOf(job, job.partitions ?? specs[0] ?? null, options);
  const result = await materialize(assets, { ...options, config });
  const asset = (key: string) => ({ isAsset: true as const, key, partitions: undefined });
  return { ...result, outputOf: (key) => result.valueOf(asset(key)) };
}

/** The job's own config, with what it says of the partition, below what the test says. */
function configOf(
  { config, ofPartition }: JobDefinition,
  partitions: PartitionsSpec | null,
  options: ExecuteJobOptions,
): JsonObject {
  const partition = partitionInfo(partitions, options.partition === undefined ? [] : [options.partition]);
  return {
    ...config,
    ...(partition === null ? {} : ofPartition.config?.(partition)),
    ...options.config,
  };
}

function isMaterializable(item: unknown): item is Materializable {
  const { kind, computation } = item as { kind?: unknown; computation?: unknown };
  const isAsset = kind === 'asset' || kind === 'multi_asset' || kind === 'observable_asset';
  return isAsset && computation !== undefined;
}
