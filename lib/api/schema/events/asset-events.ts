import type { StoredEvent } from '../../../model/event';
import type { Tags } from '../../../model/tags';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { AssetKeyType, assetKey, EventTag, tagPairs } from '../common';
import { orError } from '../errors';
import { RunOrError, runNotFound, runValue } from '../runs/run';
import { RunStepStats } from '../runs/run-stats';
import { DisplayableEvent, ErrorEvent, errorOf, MessageEvent, RunEvent, StepEvent } from './event-interfaces';
import type { StoredOf } from './event-types';

export const MaterializationEvent = builder.objectRef<StoredEvent>('MaterializationEvent');
export const ObservationEvent = builder.objectRef<StoredEvent>('ObservationEvent');
export const FailedToMaterializeEvent = builder.objectRef<StoredEvent>('FailedToMaterializeEvent');
for (const ref of [MaterializationEvent, ObservationEvent, FailedToMaterializeEvent]) {
  ref.implement({
    interfaces: [MessageEvent, StepEvent, DisplayableEvent],
    fields: (t) => ({
      assetKey: t.field({
        type: AssetKeyType,
        nullable: true,
        resolve: (event) => (event.assetKey === undefined ? null : assetKey(event.assetKey)),
      }),
      partition: t.string({ nullable: true, resolve: (event) => event.partition ?? null }),
      tags: t.field({
        type: [EventTag],
        description:
          'Those of its own, and the versions of data and code that it is of, under the names of Dagster.',
        resolve: (event) => tagPairs({ ...versionTags(event), ...ownTags(event) }),
      }),
      runOrError: t.field({ type: RunOrError, resolve: runOfEvent }),
      stepStats: t.field({
        type: RunStepStats,
        nullable: true,
        description: 'Null of an event that was reported from outside of any run.',
        resolve: async ({ runId, stepKey }, _args, { loaders }) => {
          if (runId === null || stepKey === undefined) return null;
          const found = (await loaders.stepStats.load(runId)).find((each) => each.stepKey === stepKey);
          return found === undefined ? null : { ...found, runId };
        },
      }),
    }),
  });
}

const ownTags = (event: StoredEvent): Tags =>
  event.type === 'ASSET_MATERIALIZATION' || event.type === 'ASSET_OBSERVATION' ? event.data.tags : {};

/** What Dagster keeps as tags of an event: which data and code it is of, and which data of each input was read. */
function versionTags(event: StoredEvent): Tags {
  if (event.type !== 'ASSET_MATERIALIZATION' && event.type !== 'ASSET_OBSERVATION') return {};
  const { dataVersion } = event.data;
  const made = event.type === 'ASSET_MATERIALIZATION' ? event.data : undefined;
  return {
    ...(dataVersion === undefined ? {} : { 'dagster/data_version': dataVersion }),
    ...(made?.codeVersion === undefined ? {} : { 'dagster/code_version': made.codeVersion }),
    ...Object.fromEntries(
      Object.entries(made?.inputDataVersions ?? {}).map(([asset, version]) => [
        `dagster/input_data_version/${asset}`,
        version,
      ]),
    ),
  };
}

const runOfEvent = ({ runId }: StoredEvent, _args: object, { loaders }: ApiContext) =>
  orError(async () => {
    const run = await loaders.run.load(runId ?? '');
    return run === undefined ? runNotFound(runId ?? '') : runValue(run);
  });

const FailureType = builder.enumType('AssetMaterializationFailureType', {
  values: ['FAILED', 'SKIPPED'] as const,
});
const FailureReason = builder.enumType('AssetMaterializationFailureReason', {
  values: ['FAILED_TO_MATERIALIZE', 'UPSTREAM_FAILED_TO_MATERIALIZE', 'RUN_TERMINATED', 'UNKNOWN'] as const,
});
FailedToMaterializeEvent.addInterfaces([ErrorEvent as never]);
builder.objectFields(FailedToMaterializeEvent, (t) => ({
  materializationFailureType: t.field({
    type: FailureType,
    description: 'Of a run that failed; what a step leaves out on purpose is no failure.',
    resolve: () => 'FAILED' as const,
  }),
  materializationFailureReason: t.field({
    type: FailureReason,
    resolve: (event) => (errorOf(event) === undefined ? 'UNKNOWN' : 'FAILED_TO_MATERIALIZE'),
  }),
}));

builder.objectRef<StoredEvent>('AssetMaterializationPlannedEvent').implement({
  interfaces: [MessageEvent, RunEvent],
  fields: (t) => ({
    assetKey: t.field({
      type: AssetKeyType,
      nullable: true,
      resolve: (event) => (event.assetKey === undefined ? null : assetKey(event.assetKey)),
    }),
    runOrError: t.field({ type: RunOrError, resolve: runOfEvent }),
  }),
});

const AssetCheckEvaluationPlanned = builder.objectRef<StoredEvent>('AssetCheckEvaluationPlannedEvent');
AssetCheckEvaluationPlanned.implement({
  interfaces: [MessageEvent],
  fields: (t) => ({
    assetKey: t.field({
      type: AssetKeyType,
      resolve: (event) => assetKey((event as StoredOf<'ASSET_CHECK_EVALUATION_PLANNED'>).data.asset),
    }),
    checkName: t.string({
      resolve: (event) => (event as StoredOf<'ASSET_CHECK_EVALUATION_PLANNED'>).data.name,
    }),
  }),
});
