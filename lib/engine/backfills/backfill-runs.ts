import type { Backfill } from '../../model/backfill';
import type { PartitionConfig } from '../../model/code-location';
import type { JsonObject } from '../../model/json';
import type { JobManifest } from '../../model/manifest';
import type { NewRun } from '../../model/run';
import { TAG } from '../../model/tags';
import type { BackfillAdvance } from '../../ports/backfill-storage';
import type { Instance } from '../../ports/instance';
import { buildReexecution } from '../build-reexecution';
import { prepareRuns } from '../build-run';
import type { EngineSettings } from '../engine-settings';
import { RunStateError } from '../errors';
import type { LoadedLocation } from '../find-definitions';
import { partitionConfigs, saysNothing } from '../partition-configs';
import type { PartitionChoice } from '../run-partitions';
import { validateRunConfig } from '../validate-run-config';
import { type Moment, UNPARTITIONED } from './backfill-targets';
import type { RunGroup } from './decide-requests';

/** New runs, and the partitions that they are for. */
export type BackfillRuns = Pick<BackfillAdvance, 'runs' | 'requested'>;

/** Where runs of a backfill come from. */
export interface RunSource {
  readonly location: LoadedLocation;
  readonly job: JobManifest;
}

/** @throws {PlanError} when today's code no longer has what the backfill was asked for */
export async function buildBackfillRuns(
  instance: Instance,
  settings: EngineSettings,
  {
    backfill,
    sources,
    moment,
  }: {
    readonly backfill: Backfill;
    /** By location. */
    readonly sources: ReadonlyMap<string, RunSource>;
    readonly moment: Moment;
  },
  groups: readonly RunGroup[],
): Promise<BackfillRuns> {
  const isOfJob = backfill.assetSelection === null;
  const prepared = new Map<string, Awaited<ReturnType<typeof prepareRuns>>>();
  const ofPartitions = isOfJob ? await partitionConfigsOf(instance, backfill, sources, groups) : [];
  const runs: NewRun[] = [];
  const requested: BackfillAdvance['requested'][number][] = [];
  for (const [index, { location, assets, partitions }] of groups.entries()) {
    const kind = [location, ...assets].join('\n');
    let make = prepared.get(kind);
    if (make === undefined) {
      const source = sources.get(location);
      if (source === undefined) throw new Error(`a run of ${location}, which the backfill is not over`);
      make = await prepareRuns(
        {
          job: source.job,
          assetSelection: isOfJob ? null : assets,
          stepKeys: backfill.tags[TAG.stepSelection]?.split(',') ?? null,
          config: await configOf(instance, backfill, source),
        },
        {
          settings,
          location: source.location,
          now: moment.now,
          dynamicKeys: async (name) => moment.dynamicKeys[name] ?? [],
        },
      );
      prepared.set(kind, make);
    }
    const ofPartition = ofPartitions[index];
    const run = make({
      runId: instance.ids.uuid(),
      partition: choiceOf(partitions),
      ...(ofPartition === undefined ? {} : { ofPartition }),
      tags: runTags(backfill),
      origin: originOf(backfill, index),
    });
    runs.push(run);
    for (const asset of isOfJob ? [null] : assets) {
      requested.push({ asset, partitions, runId: run.runId, status: 'REQUESTED' });
    }
  }
  return { runs, requested };
}

/** What the job gives to each run for its partitions; a config of the backfill itself holds for all of them. */
async function partitionConfigsOf(
  instance: Instance,
  { location: name, config }: Backfill,
  sources: ReadonlyMap<string, RunSource>,
  groups: readonly RunGroup[],
): Promise<readonly PartitionConfig[]> {
  const source = sources.get(name);
  if (source?.job.isConfiguredByPartition !== true) return [];
  const runs = groups.map(({ partitions }) => partitions);
  const configs = await partitionConfigs(instance, source.location, source.job, runs);
  return saysNothing(config) ? configs : configs.map(({ tags }) => ({ config: null, tags }));
}

/** Of several locations each has its own default: one config cannot be meant for all. */
async function configOf(
  instance: Instance,
  { locations, config }: Backfill,
  { location, job }: RunSource,
): Promise<JsonObject> {
  return locations.length > 1 ? validateRunConfig(instance, location, job, job.defaultConfig) : config;
}

/** Each partition's run goes on from its last one, where that failed; other partitions are left out. */
export async function buildRunsFromFailure(
  instance: Instance,
  settings: EngineSettings,
  backfill: Backfill,
  partitions: readonly string[],
): Promise<BackfillRuns> {
  const built = await Promise.all(
    partitions.map(async (partition, index): Promise<{ partition: string; run: NewRun | null }> => {
      const [last] = await instance.storage.listRuns({
        filter: {
          location: backfill.location,
          jobName: backfill.jobName,
          tags: [{ key: TAG.partition, values: [partition] }],
        },
        limit: 1,
      });
      if (last?.status !== 'FAILURE') return { partition, run: null };
      try {
        const run = await buildReexecution(instance, settings, last, {
          strategy: 'FROM_FAILURE',
          extraTags: runTags(backfill),
          origin: originOf(backfill, index),
        });
        return { partition, run };
      } catch (error) {
        // Nothing of it is left to be done.
        if (error instanceof RunStateError) return { partition, run: null };
        throw error;
      }
    }),
  );
  return {
    runs: built.flatMap(({ run }) => run ?? []),
    requested: built.map(({ partition, run }) => ({
      asset: null,
      partitions: [partition],
      runId: run?.runId ?? null,
      status: run === null ? 'SKIPPED' : 'REQUESTED',
    })),
  };
}

function runTags({ backfillId, tags, parentBackfillId, rootBackfillId }: Backfill): Record<string, string> {
  return {
    ...tags,
    [TAG.backfill]: backfillId,
    ...(parentBackfillId === null ? {} : { [TAG.parentBackfill]: parentBackfillId }),
    ...(rootBackfillId === null ? {} : { [TAG.rootBackfill]: rootBackfillId }),
  };
}

/** Of several iterations that decide at once the version lets one write; the key makes sure of it. */
function originOf({ backfillId, version }: Backfill, index: number): NewRun['origin'] {
  return { kind: 'backfill', name: backfillId, runKey: `${version}/${index}` };
}

function choiceOf(partitions: readonly string[]): PartitionChoice {
  const [start, ...others] = partitions;
  if (start === undefined || start === UNPARTITIONED) return null;
  const end = others.at(-1);
  return end === undefined ? { kind: 'key', key: start } : { kind: 'range', start, end };
}
