import type { JsonObject } from '../model/json';
import type { RawMetadata } from '../model/metadata';
import type { PartitionsSpec } from '../model/partitions';
import type { Tags } from '../model/tags';
import type { AutomationConditionLike } from './asset-details';
import type { AssetReference } from './asset-reference';
import { type DrawnNode, drawGraph } from './graph';
import type { HookDefinition } from './hooks';
import type { PartitionInfo } from './loaded-definitions';
import type { PartitionOf } from './partitions';
import { type CapturedSource, captureSource } from './source-capture';

/** The partition of a run, as a job's functions see it: exactly, where the job itself says its partitions. */
export type PartitionOfJob<P> = P extends PartitionsSpec ? PartitionOf<P> : PartitionInfo;

/** What graph jobs and asset jobs have in common. */
export interface JobBasics<P extends PartitionsSpec | undefined> {
  /** Unique in the location: letters, digits, `_`. */
  readonly name: string;
  readonly description?: string;
  /** To filter jobs by. */
  readonly tags?: Tags;
  /** Put on each run; of a partitioned job it may depend on the run's partition. */
  readonly runTags?: Tags | ((partition: PartitionOfJob<P>) => Tags);
  readonly metadata?: RawMetadata;
  readonly owners?: readonly string[];
  readonly partitions?: P;
  /**
   * Run config that holds unless a run says otherwise: `{ ops: { <op>: { config } }, resources: { <name>: { config } } }`.
   * Of a partitioned job it may depend on the run's partition, whoever launches it; a config that is empty then says
   * nothing else. Functions are called by the code location whenever runs are made: they must be quick.
   *
   * @example config: ({ key }) => ({ ops: { export: { config: { folder: `orders/${key}` } } } })
   */
  readonly config?: JsonObject | ((partition: PartitionOfJob<P>) => JsonObject);
  /** Called after each step. */
  readonly hooks?: readonly HookDefinition[];
  /** Steps at once in one run; default: number of CPUs. */
  readonly maxConcurrentSteps?: number;
  /**
   * When to run it by itself, of a partitioned job each partition. Its dependencies are its root assets: those that
   * need none of its others.
   *
   * @example automation.onCron('0 6 * * *')
   */
  readonly automation?: AutomationConditionLike;
  readonly source?: CapturedSource;
}

/** Something that can be run by name: a graph of ops, or a selection of assets. */
export interface JobDefinition<P = PartitionsSpec | undefined>
  extends Omit<JobBasics<undefined>, 'partitions' | 'source' | 'config' | 'runTags'> {
  readonly kind: 'job';
  readonly config?: JsonObject;
  readonly runTags?: Tags;
  /** What depends on the partition of a run. */
  readonly ofPartition: OfPartition;
  readonly partitions: P;
  readonly source: CapturedSource;
  readonly target:
    | { readonly kind: 'graph'; readonly nodes: readonly DrawnNode[]; readonly mistakes: readonly string[] }
    | { readonly kind: 'assets'; readonly select: AssetSelection };
}

/** Functions of a run's partition; those that the job does not have are absent. */
export interface OfPartition {
  readonly config?: (partition: PartitionInfo) => JsonObject;
  readonly runTags?: (partition: PartitionInfo) => Tags;
}

/** Assets: a selection string (`group:raw`, `raw/earthquakes+`), assets, multi-assets, keys, or a list of these. */
export type AssetSelection = SelectionItem | readonly SelectionItem[];
export type SelectionItem =
  | string
  | AssetReference
  | { readonly kind: 'multi_asset'; readonly assets: Readonly<Record<string, AssetReference>> };

export interface GraphJobOptions<P extends PartitionsSpec | undefined> extends JobBasics<P> {
  /** Calls the ops of the job; runs once, when the job is defined. */
  graph(): unknown;
}

/**
 * Defines a job from a graph of ops.
 *
 * @example export const etl = job({ name: 'etl', graph: () => load({ rows: extract() }) });
 */
export function job<const P extends PartitionsSpec | undefined = undefined>(
  options: GraphJobOptions<P>,
): JobDefinition<P> {
  const { graph, source, config, runTags, ...basics } = options;
  return {
    ...basics,
    ...splitByPartition(config, runTags),
    kind: 'job',
    partitions: options.partitions as P,
    source: source ?? captureSource(job),
    target: { kind: 'graph', ...drawGraph(graph) },
  };
}

export interface AssetJobOptions<P extends PartitionsSpec | undefined> extends JobBasics<P> {
  readonly select: AssetSelection;
}

/**
 * Defines a job that materializes a selection of assets.
 *
 * @example
 * defineAssetJob({ name: 'raw_daily', select: 'group:raw' });
 * defineAssetJob({ name: 'quakes', select: [earthquakes, 'stats/+'] });
 */
export function defineAssetJob<const P extends PartitionsSpec | undefined = undefined>(
  options: AssetJobOptions<P>,
): JobDefinition<P> {
  const { select, source, config, runTags, ...basics } = options;
  return {
    ...basics,
    ...splitByPartition(config, runTags),
    kind: 'job',
    partitions: options.partitions as P,
    source: source ?? captureSource(defineAssetJob),
    target: { kind: 'assets', select },
  };
}

/** Sets apart what holds for every run and what depends on its partition. */
function splitByPartition<P extends PartitionsSpec | undefined>(
  config: JobBasics<P>['config'],
  runTags: JobBasics<P>['runTags'],
): Pick<JobDefinition, 'config' | 'runTags' | 'ofPartition'> {
  // The host calls them with what it knows of a partition of the job, of which the types here say more.
  return {
    ...(config === undefined || typeof config === 'function' ? {} : { config }),
    ...(runTags === undefined || typeof runTags === 'function' ? {} : { runTags }),
    ofPartition: {
      ...(typeof config === 'function' ? { config: config as NonNullable<OfPartition['config']> } : {}),
      ...(typeof runTags === 'function' ? { runTags: runTags as NonNullable<OfPartition['runTags']> } : {}),
    },
  };
}
