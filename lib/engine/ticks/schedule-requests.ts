import type { JobManifest, Manifest, ScheduleManifest } from '../../model/manifest';
import {
  lastPartitionKey,
  multiPartitionKey,
  type PartitionsSpec,
  partitionKeys,
} from '../../model/partitions';
import type { InstigatorResult, RunRequest } from '../../model/run-request';
import { EngineError } from '../errors';
import { partitionsOfRun } from '../run-partitions';

/**
 * What a schedule in data form asks for at a tick: one run, or for a partitioned job one run of the latest partition
 * that is complete at the tick (of a job without time, one run of each partition).
 *
 * @throws {EngineError} for dynamic partitions, which only a function can choose from
 */
export function scheduleRequests(
  manifest: Manifest,
  job: JobManifest,
  schedule: ScheduleManifest & { readonly request: NonNullable<ScheduleManifest['request']> },
  scheduledAt: number,
): InstigatorResult {
  const { config, tags, partitioned } = schedule.request;
  const request: RunRequest = {
    runKey: null,
    jobName: job.name,
    config,
    tags,
    partitionKey: null,
    assetSelection: null,
    assetCheckSelection: null,
  };
  const spec = partitioned ? partitionsOfRun(manifest, job, job.assets ?? []) : null;
  if (spec === null) return answer([request], null);
  const keys = keysAtTick(spec, scheduledAt, schedule.name);
  if (keys.length === 0) return answer([], 'No partition is complete yet.');
  return answer(
    keys.map((partitionKey) => ({ ...request, partitionKey })),
    null,
  );
}

function keysAtTick(spec: PartitionsSpec, at: number, schedule: string): string[] {
  switch (spec.type) {
    case 'time_window':
      return [lastPartitionKey(spec, at)].filter((key) => key !== null);
    case 'static':
      return partitionKeys(spec, at);
    case 'dynamic':
      throw new EngineError(
        `Schedule '${schedule}' cannot choose among the dynamic partitions '${spec.name}'. Give it a function that returns the partitions to run.`,
      );
    case 'multi': {
      const [[first, firstKeys], [second, secondKeys]] = Object.entries(spec.dimensions).map(
        ([name, dimension]) => [name, keysAtTick(dimension, at, schedule)] as const,
      ) as [readonly [string, string[]], readonly [string, string[]]];
      return firstKeys.flatMap((a) =>
        secondKeys.map((b) => multiPartitionKey(spec, { [first]: a, [second]: b })),
      );
    }
  }
}

function answer(runRequests: readonly RunRequest[], skipReason: string | null): InstigatorResult {
  return { runRequests, skipReason, cursor: null, dynamicPartitionsRequests: [] };
}
