import type { ExecutionPlan } from '../../../model/execution-plan';
import type { Run } from '../../../model/run';
import type { PoolState } from '../../../ports/pool-storage';
import type { ApiContext } from '../../api-context';
import { builder, tag } from '../../builder';
import { ForbiddenError } from '../../client-facing-error';
import { Asset } from '../assets/asset';
import { CapturedLogs, readCapturedLogs } from '../captured-logs';
import { AssetCheckHandle } from '../common';
import { MaterializationEvent } from '../events/asset-events';
import { EventConnection, eventPage } from '../events/event-connection';
import { MAX_PAGE } from '../paging';
import { PipelineRun, RunType } from './run';
import { RunStatsSnapshot, RunStepStats } from './run-stats';

/** What a run is to make: what was selected, or all of its job. */
function assetsOf({ assetSelection, location, jobName }: Run, { workspace }: ApiContext) {
  return assetSelection ?? workspace.job(location, jobName)?.assets ?? [];
}

/** The first events of a run of one type. */
const materializationsOf = (runId: string, { instance }: ApiContext) =>
  instance.storage.runEvents({ runId, types: ['ASSET_MATERIALIZATION'], limit: MAX_PAGE });

builder.interfaceFields(PipelineRun, (t) => ({
  capturedLogs: t.field({
    type: CapturedLogs,
    description: 'What one try of a step printed; the key is the `fileKey` of a LogsCapturedEvent.',
    args: { fileKey: t.arg.string({ required: true }) },
    resolve: ({ runId }, { fileKey }, context) =>
      readCapturedLogs([runId, 'compute_logs', fileKey], {}, context),
  }),
  assets: t.field({
    type: [Asset],
    resolve: (run, _args, context) => assetsOf(run, context).map((key) => tag('Asset', { key })),
  }),
  eventConnection: t.field({
    type: EventConnection,
    args: { afterCursor: t.arg.string(), limit: t.arg.int() },
    resolve: ({ runId }, args, context) => eventPage(runId, args, context),
  }),
}));

/** Steps that wait for no other one. */
const rootsOf = (plan: ExecutionPlan | undefined) =>
  plan?.steps.filter(({ dependsOn }) => dependsOn.length === 0) ?? [];

/** Pools are read once in a request, however many runs ask. */
const holders = new WeakMap<ApiContext, Promise<ReadonlySet<string>>>();
function runsWithSlots(context: ApiContext): Promise<ReadonlySet<string>> {
  let found = holders.get(context);
  if (found === undefined) {
    found = context.instance.storage
      .poolStates()
      .catch((error): PoolState[] => {
        if (error instanceof ForbiddenError) return [];
        throw error;
      })
      .then((pools) => new Set(pools.flatMap((pool) => pool.holders.map(({ runId }) => runId))));
    holders.set(context, found);
  }
  return found;
}

builder.objectFields(RunType, (t) => ({
  assetCheckSelection: t.field({
    type: [AssetCheckHandle],
    nullable: true,
    args: { limit: t.arg.int() },
    resolve: ({ assetCheckSelection }, { limit }) =>
      assetCheckSelection?.slice(0, limit ?? undefined) ?? null,
  }),
  assetChecks: t.field({
    type: [AssetCheckHandle],
    nullable: true,
    description: 'Those that it evaluates.',
    resolve: async ({ runId, assetCheckSelection }, _args, { loaders }) =>
      assetCheckSelection ??
      (await loaders.runPlan.load(runId))?.steps.flatMap(({ checks }) => checks) ??
      null,
  }),
  assetMaterializations: t.field({
    type: [MaterializationEvent],
    description: `The first ${MAX_PAGE}.`,
    resolve: async ({ runId }, _args, context) => [...(await materializationsOf(runId, context))],
  }),
  resolvedOpSelection: t.stringList({
    nullable: true,
    description: 'Steps that it is limited to; null = all.',
    resolve: ({ stepKeys }) => (stepKeys === null ? null : [...stepKeys]),
  }),
  hasConcurrencyKeySlots: t.boolean({
    description:
      "Whether any of its steps holds a slot of a pool. Pools are the whole deployment's: false for who sees some code locations only.",
    resolve: async ({ runId }, _args, context) => (await runsWithSlots(context)).has(runId),
  }),
  rootConcurrencyKeys: t.stringList({
    nullable: true,
    description: 'Pools of the steps that it begins with.',
    resolve: async ({ runId }, _args, { loaders }) => {
      const roots = rootsOf(await loaders.runPlan.load(runId));
      return [...new Set(roots.flatMap(({ pool }) => pool ?? []))];
    },
  }),
  hasUnconstrainedRootNodes: t.boolean({
    description: 'Whether any of the steps that it begins with needs no slot.',
    resolve: async ({ runId }, _args, { loaders }) =>
      rootsOf(await loaders.runPlan.load(runId)).some(({ pool }) => pool === null),
  }),
}));

builder.objectField(RunStatsSnapshot, 'materializations', (t) =>
  t.int({
    description: `At most ${MAX_PAGE} are counted.`,
    resolve: async ({ run }, _args, context) => (await materializationsOf(run.runId, context)).length,
  }),
);

builder.objectField(RunStepStats, 'materializations', (t) =>
  t.field({
    type: [MaterializationEvent],
    resolve: async ({ runId, stepKey }, _args, context) =>
      (await materializationsOfSteps(runId, context)).filter((event) => event.stepKey === stepKey),
  }),
);

/** Read once in a request, however many steps of the run ask. */
const ofSteps = new WeakMap<ApiContext, Map<string, ReturnType<typeof materializationsOf>>>();
function materializationsOfSteps(runId: string, context: ApiContext) {
  const known: Map<string, ReturnType<typeof materializationsOf>> = ofSteps.get(context) ?? new Map();
  ofSteps.set(context, known);
  const found = known.get(runId) ?? materializationsOf(runId, context);
  known.set(runId, found);
  return found;
}
