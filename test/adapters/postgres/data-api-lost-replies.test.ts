import type { NewAuditEntry } from '../../../lib/model/audit-entry';
import type { NewBackfill } from '../../../lib/model/backfill';
import type { AttemptRef } from '../../../lib/model/run';
import type { NewSensorEvent } from '../../../lib/model/sensor-event';
import type { InstigatorId, Tick } from '../../../lib/model/tick';
import type { StartedEventTick } from '../../../lib/ports/sensor-event-storage';
import type { Storage } from '../../../lib/ports/storage';
import type { WorkerStorage } from '../../../lib/ports/worker-storage';
import {
  aMaterialization,
  anEvent,
  aRun,
  aStep,
  launch,
  SUCCESS,
  UNLIMITED,
} from '../../contracts/storage-builders';
import { type DataApiHarness, dataApiHarness } from './data-api-harness';

/**
 * The SDK repeats a call whose answer did not arrive, so PostgreSQL executes it twice. Every method is called with a
 * lost answer and must leave the tables as one call leaves them.
 */
const open = dataApiHarness();

const sensor: InstigatorId = { location: 'shop', kind: 'sensor', name: 'poll' };
const other: InstigatorId = { ...sensor, name: 'other' };
const poll: InstigatorId = { ...sensor, name: 'failing' };
const NOW = Date.UTC(2026, 0, 1);
const nightly = { location: 'shop', name: 'nightly' };
const run = (digit: string, over = {}) =>
  aRun({ runId: `${digit.repeat(8)}-0000-4000-8000-000000000000`, ...over });
const steps = [aStep({ key: 's', assets: ['orders'], checks: [{ asset: 'orders', name: 'fresh' }] })];
const partitioned = { steps, partitionKeys: ['p1'], tags: { team: 'a' } };
const WINDOW = { from: NOW, to: NOW + 1_000, filter: {} };
const STARTED = run('a', partitioned);
const CLAIMED = run('b');
const FINISHED = run('c', partitioned);
const QUEUED = run('d', { tags: { team: 'b' } });
const NEW = run('e', { ...partitioned, idempotencyKey: 'k' });
const FAILED = run('f');
const RETRY = run('9', {
  parentRunId: FAILED.runId,
  origin: { kind: 'retry', name: FAILED.runId, runKey: 'automatic' },
});

interface World extends DataApiHarness {
  /** The attempt of the run that has started. */
  readonly ref: AttemptRef;
  /** Of the run that is claimed. */
  readonly claimed: AttemptRef;
  readonly tick: Tick;
  /** Another one, which failed. */
  readonly failed: Tick;
  readonly started: StartedEventTick;
}

/** Something of everything, for each method to find. */
async function aWorld(harness: DataApiHarness): Promise<World> {
  const { storage, worker } = harness;
  await storage.createRuns([STARTED, CLAIMED, FINISHED, FAILED]);
  await storage.claimRuns(9, UNLIMITED);
  const named = async (runId: string) => ({ ...(await launch(storage, runId)), workerId: 'w' });
  const [ref, claimed, finished] = [
    await named(STARTED.runId),
    await named(CLAIMED.runId),
    await named(FINISHED.runId),
  ];
  for (const each of [ref, finished]) {
    await worker.startRun(each);
    const materialization = aMaterialization('orders', 'p1');
    await worker.appendEvents(each, 1, [anEvent('STEP_START', {}, { stepKey: 's' }), materialization]);
  }
  await worker.finishRun(finished, SUCCESS);
  await storage.finalizeAttempt(FAILED.runId, 1, { kind: 'fail', reason: 'UNKNOWN', cause: 'lost' });
  await worker.claimPoolSlot(ref, 'db', 's');
  await storage.createRuns([QUEUED]);
  await storage.createBackfill(BACKFILL);
  await storage.changeDynamicPartitions('shop', 'add', 'customers', ['x', 'y']);
  await storage.putValue('n', 'old', 1);
  await storage.setPoolLimit('db', 2);
  const tick = await storage.startTick(sensor, NOW, NOW, 60);
  if (tick === undefined) throw new Error('The tick was not opened.');
  for (const name of ['pushed', 'given_up', 'waiting']) await storage.receiveSensorEvent(pushed(name));
  const givenUp = await startedEvent(storage, 'given_up');
  await storage.finishEventTick(givenUp, { ...ANSWERED, status: 'FAILURE' }, null);
  const open = await storage.startTick(poll, NOW, NOW, 60);
  if (open === undefined) throw new Error('The tick was not opened.');
  const failed = await storage.finishTick(open, {
    status: 'FAILURE',
    runs: [],
    skipReason: null,
    cursor: null,
    error: { name: 'Error', message: 'no answer' },
    dynamicPartitions: [],
    endedAt: NOW,
  });
  return { ...harness, ref, claimed, tick, failed, started: await startedEvent(storage, 'pushed') };
}

const pushed = (name: string, eventId = 'e1'): NewSensorEvent => ({
  location: 'shop',
  sensor: name,
  eventId,
  body: { order: 1 },
  headers: {},
  receivedAt: NOW,
});

async function startedEvent(storage: Storage, name: string): Promise<StartedEventTick> {
  const started = await storage.startEventTick({ location: 'shop', name }, NOW, 60);
  if (started === undefined) throw new Error(`No event of ${name} was opened.`);
  return started;
}

const ANSWERED = {
  status: 'SUCCESS' as const,
  runs: [],
  skipReason: null,
  cursor: 'c9',
  error: null,
  dynamicPartitions: [],
  endedAt: NOW + 5,
};

const BACKFILL: NewBackfill = {
  backfillId: 'abcdefgh',
  location: 'shop',
  jobName: 'load',
  locations: ['shop'],
  assetSelection: null,
  config: {},
  tags: {},
  title: null,
  description: null,
  fromFailure: false,
  parentBackfillId: null,
  rootBackfillId: null,
  targets: [{ asset: null, partitions: ['p1', 'p2'] }],
};

const AUDITED: NewAuditEntry = {
  timestamp: NOW,
  user: 'ann',
  role: 'admin',
  via: 'the CLI',
  action: 'startSchedule',
  input: {},
  before: null,
  after: { status: 'RUNNING' },
  outcome: 'DONE',
  message: null,
  requestId: 'request-1',
  position: 0,
};

interface Case {
  call(world: World): Promise<unknown>;
  /** The answer to a call that was executed twice, where it is not that of one call. */
  readonly repeated?: unknown;
}

const storageCases: { readonly [M in Exclude<keyof Storage, 'close'>]: Case } = {
  createRuns: {
    call: ({ storage }) => storage.createRuns([NEW]),
    repeated: [{ runId: NEW.runId, created: false }],
  },
  claimRuns: { call: ({ storage }) => storage.claimRuns(9, UNLIMITED), repeated: [] },
  // Either token serves; the first worker to start decides.
  issueAttemptToken: {
    call: ({ storage }) => storage.issueAttemptToken(CLAIMED.runId, 1).then((token) => token.length),
  },
  cancelRun: { call: ({ storage }) => storage.cancelRun(STARTED.runId, { force: false, cause: 'c' }) },
  finalizeAttempt: {
    call: ({ storage }) => storage.finalizeAttempt(STARTED.runId, 1, { kind: 'resume', cause: 'lost' }),
  },
  findLateAttempts: {
    call: ({ storage }) =>
      storage.findLateAttempts({ startTimeout: -1, heartbeatTimeout: -1, cancelTimeout: -1 }),
  },
  settleDependencies: { call: ({ storage }) => storage.settleDependencies(0) },
  runWaits: { call: ({ storage }) => storage.runWaits([QUEUED.runId], 0, 'op') },
  queuePlaces: { call: ({ storage }) => storage.queuePlaces([QUEUED.runId]) },
  undecidedFailures: { call: ({ storage }) => storage.undecidedFailures(1, 9) },
  decideRetry: { call: ({ storage }) => storage.decideRetry(FAILED.runId, RETRY) },
  resumeSuspendedRuns: { call: ({ storage }) => storage.resumeSuspendedRuns() },
  upkeepDueAt: { call: ({ storage }) => storage.upkeepDueAt() },
  appendAudit: { call: ({ storage }) => storage.appendAudit(AUDITED) },
  listAudit: { call: ({ storage }) => storage.listAudit({ limit: 9 }) },
  createBackfill: {
    call: ({ storage }) => storage.createBackfill({ ...BACKFILL, backfillId: 'newnewne' }),
    repeated: false,
  },
  listBackfills: { call: ({ storage }) => storage.listBackfills({ limit: 9 }) },
  backfillTargets: { call: ({ storage }) => storage.backfillTargets(BACKFILL.backfillId) },
  targetsOfBackfills: { call: ({ storage }) => storage.targetsOfBackfills([BACKFILL.backfillId]) },
  isBackfillRunning: { call: ({ storage }) => storage.isBackfillRunning(BACKFILL.backfillId) },
  // What was decided is written once; who asks again is told to look again.
  advanceBackfill: {
    call: ({ storage }) =>
      storage.advanceBackfill(BACKFILL.backfillId, 1, {
        runs: [NEW],
        requested: [{ asset: null, partitions: ['p1'], runId: NEW.runId, status: 'REQUESTED' }],
        nextIterationAt: NOW,
      }),
    repeated: false,
  },
  changeBackfill: {
    call: ({ storage }) =>
      storage.changeBackfill(BACKFILL.backfillId, { kind: 'pause' }).then((changed) => changed?.version),
  },
  cancelBackfillRuns: { call: ({ storage }) => storage.cancelBackfillRuns(BACKFILL.backfillId, 9, 'c') },
  backfillEvents: {
    call: ({ storage }) =>
      storage.backfillEvents(BACKFILL.backfillId, 0, 9).then((events) => events.map(({ level }) => level)),
  },
  purgeBackfills: { call: ({ storage }) => storage.purgeBackfills(NOW, 9) },
  addRunTags: { call: ({ storage }) => storage.addRunTags(STARTED.runId, { team: 'z', more: '1' }) },
  getRun: { call: ({ storage }) => storage.getRun(STARTED.runId) },
  getRunPlan: { call: ({ storage }) => storage.getRunPlan(STARTED.runId) },
  listRuns: { call: ({ storage }) => storage.listRuns({ filter: {}, limit: 9 }) },
  runsByTag: {
    call: ({ storage }) => storage.runsByTag({ key: 'team', values: ['data'], limit: 9 }),
  },
  countRuns: { call: ({ storage }) => storage.countRuns({ location: 'shop' }) },
  runTimeline: {
    call: ({ storage }) =>
      storage.runTimeline({ ...WINDOW, now: WINDOW.to, rows: 9, slots: 9 }).then(({ counts }) => counts),
  },
  windowRuns: { call: ({ storage }) => storage.windowRuns({ ...WINDOW, limit: 9 }) },
  latestRunsByJob: { call: ({ storage }) => storage.latestRunsByJob(2) },
  runTagKeys: { call: ({ storage }) => storage.runTagKeys() },
  runTagValues: { call: ({ storage }) => storage.runTagValues({ keys: ['team'], prefix: '', limit: 9 }) },
  pruneRuns: {
    call: ({ storage }) => storage.pruneRuns([FINISHED.runId], 100).then(({ runs }) => runs),
    repeated: 0,
  },
  assetHistory: { call: ({ storage }) => storage.assetHistory('orders', 9) },
  deleteRuns: { call: ({ storage }) => storage.deleteRuns([FINISHED.runId]), repeated: 0 },
  // The messages come again when their lease has run out.
  takeOutbox: { call: ({ storage }) => storage.takeOutbox(20, 60), repeated: [] },
  raiseAlert: {
    call: ({ storage }) => storage.raiseAlert('stuck', { type: 'queue_stuck', at: NOW, seconds: 600 }),
    repeated: false,
  },
  settleAlert: { call: ({ storage }) => storage.settleAlert('stuck') },
  completeOutbox: { call: ({ storage }) => storage.completeOutbox([1, 2]) },
  runEvents: { call: ({ storage }) => storage.runEvents({ runId: STARTED.runId, limit: 99 }) },
  appendSystemEvents: {
    call: ({ storage }) =>
      storage.appendSystemEvents(STARTED.runId, [anEvent('ENGINE_EVENT', {}), aMaterialization('customers')]),
  },
  safeStorageId: { call: ({ storage }) => storage.safeStorageId() },
  runStatusChanges: {
    call: ({ storage }) =>
      storage.runStatusChanges({
        after: 0,
        statuses: ['SUCCESS'],
        jobs: [{ location: 'shop', jobName: null }],
        limit: 9,
      }),
  },
  assetUpdates: { call: ({ storage }) => storage.assetUpdates({ after: 0, keys: ['orders'], limit: 9 }) },
  runPlans: { call: ({ storage }) => storage.runPlans([STARTED.runId]) },
  stepStatsOfRuns: { call: ({ storage }) => storage.stepStatsOfRuns([STARTED.runId]) },
  stepStats: { call: ({ storage }) => storage.stepStats(STARTED.runId) },
  instigatorStates: { call: ({ storage }) => storage.instigatorStates() },
  setInstigatorStatus: { call: ({ storage }) => storage.setInstigatorStatus(sensor, 'RUNNING', NOW + 1) },
  setSensorCursor: { call: ({ storage }) => storage.setSensorCursor(sensor, 'c2') },
  // The tick is evaluated when its lease has run out.
  startTick: { call: ({ storage }) => storage.startTick(other, NOW, NOW, 60), repeated: undefined },
  pauseInstigator: {
    call: async ({ storage, failed }) =>
      (await storage.pauseInstigator(failed, 'too often', NOW + 1))?.status,
    repeated: undefined,
  },
  finishTick: {
    call: ({ storage, tick }) =>
      storage.finishTick(tick, {
        status: 'SUCCESS',
        runs: [run('f', { origin: { kind: 'sensor', name: 'poll', runKey: 'r' } })],
        skipReason: null,
        cursor: 'c1',
        error: null,
        dynamicPartitions: [{ kind: 'add', name: 'customers', keys: ['z'] }],
        endedAt: NOW + 5,
      }),
  },
  receiveSensorEvent: {
    call: async ({ storage }) => {
      const { created, isNext, event } = await storage.receiveSensorEvent(pushed('waiting', 'e2'));
      return { created, isNext, eventId: event.eventId };
    },
    repeated: { created: false, isNext: false, eventId: 'e2' },
  },
  // The event is evaluated when the lease has run out.
  startEventTick: {
    call: ({ storage }) => storage.startEventTick({ location: 'shop', name: 'waiting' }, NOW, 60),
    repeated: undefined,
  },
  finishEventTick: {
    call: ({ storage, started }) =>
      storage.finishEventTick(
        started,
        { ...ANSWERED, runs: [run('9', { origin: { kind: 'sensor', name: 'pushed', runKey: 'r' } })] },
        null,
      ),
  },
  pendingSensorEvents: { call: ({ storage }) => storage.pendingSensorEvents() },
  listSensorEvents: {
    call: ({ storage }) => storage.listSensorEvents({ location: 'shop', sensor: 'given_up', limit: 9 }),
  },
  replaySensorEvents: {
    call: ({ storage }) => storage.replaySensorEvents({ location: 'shop', name: 'given_up' }, null, NOW),
    repeated: 0,
  },
  passOver: { call: ({ storage }) => storage.passOver(sensor, NOW + 9) },
  expectedSchedules: { call: ({ storage }) => storage.expectedSchedules() },
  overdueTicks: { call: ({ storage }) => storage.overdueTicks(NOW, 9) },
  recordExpectedTicks: {
    call: ({ storage }) =>
      storage.recordExpectedTicks(
        {
          withdrawn: [{ ...nightly, after: NOW }],
          expected: [
            {
              ...nightly,
              cron: ['0 0 * * *'],
              timezone: 'UTC',
              through: NOW + 9,
              refillAt: null,
              ticks: [NOW, NOW + 9],
            },
          ],
          missed: [{ ...nightly, scheduledAt: NOW, reason: 'nobody was there' }],
        },
        NOW + 1,
      ),
    repeated: 0,
  },
  expectedTicks: {
    call: ({ storage }) => storage.expectedTicks({ schedules: [nightly], status: 'MISSED', limit: 9 }),
  },
  purgeMissedTicks: { call: ({ storage }) => storage.purgeMissedTicks(NOW, 9) },
  latestTicks: { call: ({ storage }) => storage.latestTicks(3) },
  listTicks: { call: ({ storage }) => storage.listTicks({ instigator: sensor, limit: 9 }) },
  openTicks: { call: ({ storage }) => storage.openTicks({ startedBefore: NOW + 1, limit: 9 }) },
  expiredTicks: {
    call: ({ storage }) =>
      storage.expiredTicks([{ kind: 'sensor', status: 'STARTED', startedBefore: NOW + 1 }], 9),
  },
  automationStates: { call: ({ storage }) => storage.automationStates('shop') },
  automationAssets: {
    call: ({ storage }) =>
      storage.automationAssets({ keys: ['orders'], partitioned: ['orders'], failures: ['orders'] }),
  },
  automationUpdates: {
    call: ({ storage }) =>
      storage.automationUpdates({ keys: ['orders'], after: 0, through: 1_000, limit: 9 }),
  },
  automationJobPartitions: {
    call: ({ storage }) => storage.automationJobPartitions([{ location: 'shop', jobName: 'daily' }]),
  },
  automationRuns: { call: ({ storage }) => storage.automationRuns([STARTED.runId]) },
  automationEvaluations: {
    call: ({ storage }) => storage.automationEvaluations({ key: 'orders', limit: 9 }),
  },
  purgeAutomationEvaluations: { call: ({ storage }) => storage.purgeAutomationEvaluations(NOW, 9) },
  freshnessRecords: { call: ({ storage }) => storage.freshnessRecords(['orders']) },
  recordFreshness: {
    call: ({ storage }) =>
      storage.recordFreshness([{ key: 'orders', state: 'PASS', previousState: 'UNKNOWN', at: NOW }]),
    repeated: 0,
  },
  deleteTicks: { call: ({ storage, tick }) => storage.deleteTicks([tick.tickId]) },
  assetRecords: { call: ({ storage }) => storage.assetRecords() },
  assetStates: { call: ({ storage }) => storage.assetStates() },
  assetVersions: { call: ({ storage }) => storage.assetVersions() },
  newestAssetEvents: {
    call: ({ storage }) =>
      storage.newestAssetEvents({ keys: ['orders'], types: ['ASSET_MATERIALIZATION'], limit: 9 }),
  },
  assetEvents: {
    call: ({ storage }) => storage.assetEvents({ key: 'orders', types: ['ASSET_MATERIALIZATION'], limit: 9 }),
  },
  latestMaterializations: { call: ({ storage }) => storage.latestMaterializations('orders', null) },
  partitionStates: { call: ({ storage }) => storage.partitionStates(['orders']) },
  checkRecords: { call: ({ storage }) => storage.checkRecords(['orders']) },
  checkHistory: { call: ({ storage }) => storage.checkHistory({ asset: 'orders', name: 'fresh' }, 9) },
  dynamicPartitions: {
    call: ({ storage }) => storage.dynamicPartitions([{ location: 'shop', name: 'customers' }]),
  },
  dynamicPartitionKeys: { call: ({ storage }) => storage.dynamicPartitionKeys('shop', 'customers') },
  changeDynamicPartitions: {
    call: ({ storage }) => storage.changeDynamicPartitions('shop', 'add', 'customers', ['b', 'a']),
  },
  wipeAsset: { call: ({ storage }) => storage.wipeAsset('orders', ['p1']) },
  poolStates: { call: ({ storage }) => storage.poolStates() },
  freePoolSlots: { call: ({ storage }) => storage.freePoolSlots(STARTED.runId, null) },
  setPoolLimit: { call: ({ storage }) => storage.setPoolLimit('db', 5) },
  getValue: { call: ({ storage }) => storage.getValue('n', 'old') },
  listValues: { call: ({ storage }) => storage.listValues('n') },
  putValue: { call: ({ storage }) => storage.putValue('n', 'old', { a: 2 }) },
  insertValue: { call: ({ storage }) => storage.insertValue('n', 'new', 3), repeated: false },
  replaceValue: { call: ({ storage }) => storage.replaceValue('n', 'old', 1, 2), repeated: false },
  deleteValue: { call: ({ storage }) => storage.deleteValue('n', 'old') },
};

const workerCases: { readonly [M in keyof WorkerStorage]: Case } = {
  startRun: { call: ({ worker, claimed }) => worker.startRun(claimed) },
  heartbeat: { call: ({ worker, ref }) => worker.heartbeat(ref) },
  appendEvents: {
    call: ({ worker, ref }) =>
      worker.appendEvents(ref, 3, [
        anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey: 's' }),
        aMaterialization('orders', 'p1', 'v2'),
      ]),
  },
  finishRun: {
    call: ({ worker, ref }) =>
      worker.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 's failed' }),
  },
  suspendRun: {
    call: ({ worker, ref }) => worker.suspendRun(ref, { resumeAt: NOW, cause: 's waits', state: { a: 1 } }),
  },
  suspendedState: { call: ({ worker, ref }) => worker.suspendedState(ref) },
  claimPoolSlot: { call: ({ worker, ref }) => worker.claimPoolSlot(ref, 'db', 't') },
  releasePoolSlot: { call: ({ worker, ref }) => worker.releasePoolSlot(ref, 'db', 's') },
  dynamicPartitionKeys: { call: ({ worker, ref }) => worker.dynamicPartitionKeys(ref, 'customers') },
  materializations: {
    call: ({ worker, ref }) => worker.materializations(ref, { asset: 'orders', partition: null, limit: 2 }),
  },
};

test('every method of storage has a case here', async () => {
  const { storage, worker } = await open();

  const methods = (port: object) => Object.keys(port).filter((name) => name !== 'close');

  expect(Object.keys(storageCases).sort()).toEqual(methods(storage).sort());
  expect(Object.keys(workerCases).sort()).toEqual(methods(worker).sort());
});

describe.each([
  ['storage', storageCases],
  ["the worker's storage", workerCases],
])('%s', (_, cases: Readonly<Record<string, Case>>) => {
  test.each(Object.entries(cases))('%s leaves the same when it is executed twice', async (name, {
    call,
    ...rest
  }) => {
    const undisturbed = await aWorld(await open());
    const answer = timeless(await call(undisturbed));
    const once = await tables(undisturbed);

    const disturbed = await aWorld(await open());
    const before = disturbed.api.calls.Execute ?? 0;
    disturbed.api.faults.set({ loseExecuteReply: 1 });
    const repeatedAnswer = timeless(await call(disturbed));

    expect(disturbed.api.faults.fired.lostExecuteReply).toBe(1);
    expect((disturbed.api.calls.Execute ?? 0) - before).toBe(2);
    expect(repeatedAnswer).toEqual('repeated' in rest ? rest.repeated : answer);
    expect(withoutSpareToken(name, await tables(disturbed))).toEqual(withoutSpareToken(name, once));
  });
});

test('a claim that is executed twice claims twice at most, within the limits, and starts what it claimed', async () => {
  const { storage, api } = await open();
  await storage.createRuns(['1', '2', '3', '4'].map((digit) => run(digit)));
  await storage.takeOutbox(9, 60);

  api.faults.set({ loseExecuteReply: 1 });
  const answer = await storage.claimRuns(2, { maxConcurrentRuns: 3, tagConcurrencyLimits: [] });

  expect(api.faults.fired.lostExecuteReply).toBe(1);
  expect(answer).toHaveLength(1);
  expect(await storage.countRuns({ statuses: ['STARTING'] })).toBe(3);
  const owed = (await storage.takeOutbox(9, 60)).map(({ kind, runId }) => [kind, runId]);
  expect(owed).toEqual(['1', '2', '3'].map((digit) => ['start-execution', run(digit).runId]));
});

/** Every row of every table, but for the instants of writing and random tokens. */
async function tables({ admin }: World): Promise<Readonly<Record<string, readonly string[]>>> {
  const found = await admin.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'headrace'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname not in ('migrations', 'transfers') order by 1`,
  );
  const contents: Record<string, readonly string[]> = {};
  for (const { name } of found.rows) {
    const rows = await admin.query<{ row: unknown }>(`select to_jsonb(t) as row from headrace.${name} t`);
    contents[name] = rows.rows.map(({ row }) => JSON.stringify(timeless(row))).sort();
  }
  return contents;
}

/** Epoch milliseconds and SHA-256 hashes become words. */
function timeless(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_, item: unknown) => {
    if (typeof item === 'number' && item > 1e12) return 'an instant';
    if (typeof item === 'string' && /^\\x[0-9a-f]{64}$/.test(item)) return 'a hash';
    return item;
  });
}

/** Asking twice for a token leaves two, which is right: the first answer may have arrived after all. */
function withoutSpareToken(name: string, contents: Awaited<ReturnType<typeof tables>>) {
  if (name !== 'issueAttemptToken') return contents;
  return { ...contents, attempts: contents.attempts?.map((row) => row.replaceAll('"a hash",', '')) };
}
