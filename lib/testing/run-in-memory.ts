import { assetOutputName, type Computation } from '../definitions/computation';
import type { LoadedDefinitions } from '../definitions/loaded-definitions';
import { type ResourceDefinition, type ResourceRecord, resource } from '../definitions/resource';
import { createExecutionPlan } from '../engine/plan/create-execution-plan';
import { executeRun, initialRunState } from '../execution/run-executor';
import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { NewEvent } from '../model/event';
import type { JsonObject } from '../model/json';
import { type RawMetadata, toMetadata } from '../model/metadata';
import type { PastMaterialization } from '../model/past-materialization';
import type { Tags } from '../model/tags';
import type { RunAssignment, RunOutcome } from '../ports/worker-storage';
import { type FakeClock, fakeClock } from './fake-clock';
import { memoryHost } from './memory-host';

/** What every run in a test may be given. */
export interface RunOptions {
  /** Environment variables and secrets; the machine's own are not seen. */
  readonly env?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  /** Keys of dynamic partitions by the name of their definition. */
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  /** What was materialized before, by asset, newest first: what checks of freshness, columns and metadata look at. */
  readonly materializations?: Readonly<Record<AssetKey, readonly TestPastMaterialization[]>>;
  /** What was observed before, by asset, newest first: what checks of freshness look at, too. */
  readonly observations?: Readonly<Record<AssetKey, readonly TestPastMaterialization[]>>;
  /** Default: stands at the start of 2026, or at the end of the partition's window. */
  readonly clock?: FakeClock;
  /** For retries with jitter; default always 0.5. */
  readonly random?: () => number;
  /** False: a failed run is a result, not an exception. Default true: what user code threw is thrown. */
  readonly raiseOnError?: boolean;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
}

/** A materialization, or observation, before the test, as far as it matters. */
export interface TestPastMaterialization {
  /** ISO text or date. */
  readonly at: string | Date;
  readonly metadata?: RawMetadata;
  readonly partition?: string;
  readonly dataVersion?: string;
}

const toPastMaterializations = (
  given: Readonly<Record<AssetKey, readonly TestPastMaterialization[]>>,
): Readonly<Record<AssetKey, readonly PastMaterialization[]>> =>
  Object.fromEntries(
    Object.entries(given).map(([key, list]) => [
      key,
      list.map(({ at, metadata = {}, partition = null, dataVersion = null }) => ({
        timestamp: new Date(at).getTime(),
        runId: null,
        partition,
        metadata: toMetadata(metadata),
        dataVersion,
      })),
    ]),
  );

/** The run failed for another reason than an error of user code. */
export class TestRunError extends Error {
  override readonly name = 'TestRunError';
}

/** How a run in memory ended. */
export interface MemoryRun {
  readonly outcome: RunOutcome;
  readonly events: readonly NewEvent[];
  /** What the last failing try threw, as it was thrown. */
  readonly thrown: unknown;
}

export const LOCATION = 'test';
const DEFAULT_START = Date.UTC(2026, 0, 1);

/** Plans and executes a run of loaded definitions with everything in memory. */
export async function runInMemory(
  definitions: LoadedDefinitions,
  request: {
    readonly jobName: string;
    readonly assetSelection: readonly AssetKey[] | null;
    /** Absent = every check of the assets. */
    readonly assetCheckSelection?: readonly AssetCheckKey[];
    readonly partitionKeys: readonly string[];
    readonly config: JsonObject;
    /** What user code threw, newest last. */
    readonly thrown: readonly unknown[];
  },
  options: RunOptions,
  startOfClock = DEFAULT_START,
): Promise<MemoryRun> {
  const manifest = definitions.manifest(LOCATION);
  const job = manifest.jobs.find(({ name }) => name === request.jobName);
  if (job === undefined) throw new TestRunError(`There is no job "${request.jobName}".`);
  const { partitionKeys, assetSelection, assetCheckSelection = null } = request;
  const host = memoryHost({
    clock: options.clock ?? fakeClock(startOfClock),
    env: options.env ?? {},
    dynamicPartitions: options.dynamicPartitions ?? {},
    random: options.random ?? (() => 0.5),
    materializations: toPastMaterializations(options.materializations ?? {}),
    observations: toPastMaterializations(options.observations ?? {}),
  });
  const assignment: RunAssignment = {
    runId: '00000000-0000-4000-8000-000000000000',
    location: LOCATION,
    jobName: request.jobName,
    bundleHash: '',
    config: request.config,
    tags: options.tags ?? {},
    plan: createExecutionPlan(manifest, job, { assetSelection, assetCheckSelection, partitionKeys }),
    lastSeq: 0,
    completedSteps: [],
    triesByStep: {},
    inputDataVersions: {},
  };
  const end = await executeRun({
    definitions,
    assignment,
    attempt: 1,
    state: initialRunState(assignment),
    host,
    signal: options.signal ?? new AbortController().signal,
    onlyStep: null,
  });
  if (end.kind !== 'finished') throw new TestRunError('The run was interrupted.');
  const { outcome } = end;
  const thrown = request.thrown.at(-1);
  if (outcome.status !== 'SUCCESS' && (options.raiseOnError ?? true)) {
    throw thrown ?? new TestRunError(outcome.cause ?? `The run ended ${outcome.status}.`);
  }
  return { outcome, events: host.events, thrown };
}

/** What a test sees of computations: their results, and errors as they were thrown. */
export interface Observer {
  /** Step → output (with mapping key) → value. */
  readonly outputs: Map<string, Map<string, unknown>>;
  readonly values: Map<AssetKey, unknown>;
  readonly thrown: unknown[];
}

export function createObserver(): Observer {
  return { outputs: new Map(), values: new Map(), thrown: [] };
}

/** The computation with fakes in place of resources, and the observer looking on. */
export function prepareComputation(computation: Computation, fakes: Fakes, observer: Observer): Computation {
  const assets = new Map(
    computation.assets.map(({ key }) => [assetOutputName(computation, key), key] as const),
  );
  return {
    ...computation,
    resources: fakes.replace(computation.resources),
    outputs: computation.outputs.map((output) => ({ ...output, ioManager: null })),
    assets: computation.assets.map((details) => ({
      ...details,
      // An asset that names an IO manager stores its value: here in memory.
      ioManager: details.ioManager === null ? null : fakes.ioManager,
    })),
    async *execute(context, inputs) {
      try {
        for await (const event of computation.execute(context, inputs)) {
          if (event.type === 'output') {
            const { name, mappingKey, value } = event;
            const step = context.stepKey;
            const own = observer.outputs.get(step) ?? new Map<string, unknown>();
            const asset = assets.get(name);
            if (asset !== undefined) observer.values.set(asset, value);
            observer.outputs.set(
              step,
              own.set(mappingKey === undefined ? name : `${name}[${mappingKey}]`, value),
            );
          }
          yield event;
        }
      } catch (error) {
        observer.thrown.push(error);
        throw error;
      }
    },
  };
}

/** Fake values for resources, by the name that user code gives them; each becomes one resource. */
export class Fakes {
  readonly ioManager: ResourceDefinition;
  private readonly fakes: ReadonlyMap<string, ResourceDefinition>;

  constructor(values: Readonly<Record<string, unknown>>, ioManager: ResourceDefinition) {
    this.ioManager = ioManager;
    const entries = Object.entries(values).map(
      ([name, value]) => [name, resource({ setUp: () => value })] as const,
    );
    this.fakes = new Map(entries);
  }

  replace(resources: ResourceRecord): ResourceRecord {
    const entries = Object.entries(resources).map(
      ([name, real]) => [name, this.fakes.get(name) ?? real] as const,
    );
    return Object.fromEntries(entries);
  }
}
