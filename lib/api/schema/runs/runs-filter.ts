import type { RunFilter } from '../../../ports/run-storage';
import { builder } from '../../builder';
import { ExecutionTag, toMilliseconds } from '../common';
import { RunStatusEnum } from './run-status';

export const RunsFilter = builder.inputType('RunsFilter', {
  fields: (t) => ({
    runIds: t.field({ type: ['String'], required: { list: false, items: false } }),
    pipelineName: t.string(),
    pipelineNames: t.stringList({ description: 'Of any of these jobs. Not in Dagster.' }),
    tags: t.field({ type: [ExecutionTag] }),
    statuses: t.field({ type: [RunStatusEnum] }),
    snapshotId: t.string(),
    updatedAfter: t.float(),
    updatedBefore: t.float(),
    createdBefore: t.float(),
    createdAfter: t.float(),
    mode: t.string(),
  }),
});

/** A UUID has this many characters; a shorter "run id" in a filter is the start of one. */
const RUN_ID_LENGTH = 36;

/** Storage's filter for the API's. One shortened run id searches by prefix. */
export function toRunFilter(input: typeof RunsFilter.$inferInput | null | undefined): RunFilter {
  if (!input) return {};
  const ids = input.runIds?.filter((id): id is string => typeof id === 'string');
  const [only] = ids ?? [];
  const byPrefix = ids?.length === 1 && only !== undefined && only.length < RUN_ID_LENGTH;
  // Of a run it is the bundle, of a job the bundle and the job.
  const [bundleHash, job] = input.snapshotId?.split(':') ?? [];
  return {
    ...(ids === undefined ? {} : byPrefix ? { runIdPrefix: only } : { runIds: ids }),
    jobName: input.pipelineName ?? job,
    jobNames: input.pipelineNames ?? undefined,
    bundleHash,
    statuses: input.statuses ?? undefined,
    tags: toTagFilter(input.tags),
    createdAfter: toMilliseconds(input.createdAfter) ?? undefined,
    createdBefore: toMilliseconds(input.createdBefore) ?? undefined,
    updatedAfter: toMilliseconds(input.updatedAfter) ?? undefined,
    updatedBefore: toMilliseconds(input.updatedBefore) ?? undefined,
  };
}

/** Several values of one key mean any of them. */
export function toTagFilter(
  tags: readonly { readonly key: string; readonly value: string }[] | null | undefined,
): RunFilter['tags'] {
  if (!tags) return undefined;
  return [...Map.groupBy(tags, ({ key }) => key)].map(([key, pairs]) => ({
    key,
    values: pairs.map(({ value }) => value),
  }));
}
