import { stringify } from 'yaml';
import { type DaemonHealth, daemonHealth } from '../../engine/daemon-health';
import { readPause } from '../../engine/read-pause';
import { redact } from '../../model/redact';
import type { PoolState } from '../../ports/pool-storage';
import { builder, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { toSeconds } from './common';
import { MAX_POOL_LIMIT } from './concurrency-limits';
import { PythonError } from './errors';

const DaemonStatus = builder.objectRef<DaemonHealth>('DaemonStatus');
DaemonStatus.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ daemonType }) => daemonType }),
    daemonType: t.exposeString('daemonType'),
    required: t.boolean({ resolve: () => true }),
    healthy: t.exposeBoolean('healthy', { nullable: true }),
    lastHeartbeatTime: t.float({
      nullable: true,
      resolve: ({ lastHeartbeatAt }) => toSeconds(lastHeartbeatAt),
      description:
        'When it last did its work, or saw that there was none. Old while nothing is due: `healthy` says whether anything is late.',
    }),
    lastHeartbeatErrors: t.field({
      type: [PythonError],
      resolve: ({ problems }) => problems.map((message) => tag('PythonError', { name: 'Late', message })),
    }),
  }),
});

const DaemonHealthType = builder.objectRef<{ readonly statuses: readonly DaemonHealth[] }>('DaemonHealth');
DaemonHealthType.implement({
  fields: (t) => ({
    id: t.string({ resolve: () => 'daemonHealth' }),
    daemonStatus: t.field({
      type: DaemonStatus,
      args: { daemonType: t.arg.string() },
      resolve: ({ statuses }, { daemonType }) => {
        const found = statuses.find((status) => status.daemonType === daemonType);
        if (found === undefined)
          throw new ClientFacingError(
            `There is no daemon '${daemonType ?? ''}'; there are ${statuses.map((s) => s.daemonType).join(', ')}.`,
          );
        return found;
      },
    }),
    allDaemonStatuses: t.field({ type: [DaemonStatus], resolve: ({ statuses }) => [...statuses] }),
  }),
});

export const RunQueueConfig = builder.objectRef<object>('RunQueueConfig');
RunQueueConfig.implement({
  fields: (t) => ({
    maxConcurrentRuns: t.int({
      resolve: (_c, _args, { options }) => options.engine.runQueue.maxConcurrentRuns,
    }),
    tagConcurrencyLimitsYaml: t.string({
      nullable: true,
      resolve: (_c, _args, { options }) => {
        const { tagConcurrencyLimits } = options.engine.runQueue;
        return tagConcurrencyLimits.length === 0 ? null : stringify(tagConcurrencyLimits);
      },
    }),
    // Steps that wait for a pool keep their run in the queue, whatever the settings.
    isOpConcurrencyAware: t.boolean({ nullable: true, resolve: () => true }),
  }),
});

const ClaimedConcurrencySlot = builder.objectRef<PoolState['holders'][number]>('ClaimedConcurrencySlot');
ClaimedConcurrencySlot.implement({
  fields: (t) => ({ runId: t.exposeString('runId'), stepKey: t.exposeString('stepKey') }),
});

const PendingConcurrencyStep = builder.objectRef<PoolState['waiters'][number]>('PendingConcurrencyStep');
PendingConcurrencyStep.implement({
  fields: (t) => ({
    runId: t.exposeString('runId'),
    stepKey: t.exposeString('stepKey'),
    enqueuedTimestamp: t.float({ resolve: ({ since }) => since / 1000 }),
    assignedTimestamp: t.float({
      nullable: true,
      description: 'Null: who has a slot is among `claimedSlots`.',
      resolve: () => null,
    }),
    priority: t.exposeInt('priority', { nullable: true }),
  }),
});

const ConcurrencyKeyInfo = builder.objectRef<PoolState>('ConcurrencyKeyInfo');
const runIdsOf = (steps: PoolState['holders']): string[] => [...new Set(steps.map(({ runId }) => runId))];
ConcurrencyKeyInfo.implement({
  fields: (t) => ({
    concurrencyKey: t.exposeString('pool'),
    limit: t.exposeInt('limit', { nullable: true }),
    slotCount: t.int({ resolve: ({ limit }) => limit ?? 0 }),
    usingDefaultLimit: t.boolean({ nullable: true, resolve: ({ limit }) => limit === null }),
    activeSlotCount: t.int({ resolve: ({ holders }) => holders.length }),
    activeRunIds: t.stringList({ resolve: ({ holders }) => runIdsOf(holders) }),
    assignedStepCount: t.int({ resolve: ({ holders }) => holders.length }),
    assignedStepRunIds: t.stringList({ resolve: ({ holders }) => runIdsOf(holders) }),
    claimedSlots: t.field({ type: [ClaimedConcurrencySlot], resolve: ({ holders }) => [...holders] }),
    pendingSteps: t.field({ type: [PendingConcurrencyStep], resolve: ({ waiters }) => [...waiters] }),
    pendingStepCount: t.int({ resolve: ({ waiters }) => waiters.length }),
    pendingStepRunIds: t.stringList({ resolve: ({ waiters }) => runIdsOf(waiters) }),
  }),
});

const PoolConfig = builder.objectRef<object>('PoolConfig');
PoolConfig.implement({
  fields: (t) => ({
    poolGranularity: t.string({
      nullable: true,
      resolve: (_c, _args, { options }) => options.engine.runQueue.poolGranularity ?? 'op',
    }),
    defaultPoolLimit: t.int({
      nullable: true,
      resolve: (_c, _args, { options }) => options.engine.pools.defaultLimit,
    }),
    opGranularityRunBuffer: t.int({
      nullable: true,
      description:
        'Runs that are started beyond the slots of a pool. Null where runs hold their pools as a whole.',
      resolve: (_c, _args, { options }) => {
        const { poolGranularity, opGranularityRunBuffer = 0 } = options.engine.runQueue;
        return poolGranularity === 'run' ? null : opGranularityRunBuffer;
      },
    }),
  }),
});

export const Instance = builder.objectRef<object>('Instance');
Instance.implement({
  fields: (t) => ({
    id: t.string({ resolve: () => 'instance' }),
    info: t.string({
      nullable: true,
      resolve: (_i, _args, { options }) => stringify(redact(options.engine)),
    }),
    hasInfo: t.boolean({ resolve: () => true }),
    executablePath: t.string({ resolve: () => 'headrace' }),
    autoMaterializePaused: t.boolean({
      description:
        'Whether conditions are not evaluated because the whole instance is paused. Their sensors have switches of their own.',
      resolve: async (_i, _args, { instance }) => (await readPause(instance))?.scope === 'all',
    }),
    freshnessEvaluationEnabled: t.boolean({ resolve: () => true }),
    useAutoMaterializeSensors: t.boolean({ resolve: () => true }),
    runQueuingSupported: t.boolean({ resolve: () => true }),
    runQueueConfig: t.field({ type: RunQueueConfig, nullable: true, resolve: () => ({}) }),
    daemonHealth: t.field({
      type: DaemonHealthType,
      resolve: async (_i, _args, { instance, options }) => ({
        statuses: await daemonHealth(instance, options.engine),
      }),
    }),
    supportsConcurrencyLimits: t.boolean({ resolve: () => true }),
    minConcurrencyLimitValue: t.int({ resolve: () => 0 }),
    maxConcurrencyLimitValue: t.int({ resolve: () => MAX_POOL_LIMIT }),
    concurrencyLimits: t.field({
      type: [ConcurrencyKeyInfo],
      resolve: async (_i, _args, { instance }) => [...(await instance.storage.poolStates())],
    }),
    concurrencyLimit: t.field({
      type: ConcurrencyKeyInfo,
      args: { concurrencyKey: t.arg.string() },
      resolve: async (_i, { concurrencyKey }, { instance }) => {
        const pool = concurrencyKey ?? '';
        const states = await instance.storage.poolStates();
        return states.find((state) => state.pool === pool) ?? { pool, limit: null, holders: [], waiters: [] };
      },
    }),
    poolConfig: t.field({ type: PoolConfig, nullable: true, resolve: () => ({}) }),
  }),
});

builder.queryFields((t) => ({
  instance: t.field({ type: Instance, resolve: () => ({}) }),
  shouldShowNux: t.boolean({ resolve: () => false }),
}));
