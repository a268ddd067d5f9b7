import { cancelRun } from '../../../lib/engine/cancel-run';
import { launchRun } from '../../../lib/engine/launch-run';
import type { CodeLocation } from '../../../lib/model/code-location';
import type { NewEvent } from '../../../lib/model/event';
import type { RunStatus } from '../../../lib/model/run-status';
import { aMaterialization, anEvent, SUCCESS } from '../../contracts/storage-builders';
import { aManifest, aNode } from '../../engine/support/build-manifest';
import { aLocation, someSettings, type TestInstance } from '../../engine/support/test-instance';
import type { WorkerAct, WorkerScript } from './scripted-worker';
import { PATIENCE_MS, type World } from './world';

export interface Scenario {
  readonly name: string;
  readonly script: WorkerScript;
  readonly locations: (now: number) => readonly CodeLocation[];
  readonly answer?: TestInstance['answer'];
  /** Carries it to its end, whatever is killed meanwhile. */
  act(world: World): Promise<void>;
  /** How its runs end, in order of creation. */
  readonly ends: readonly RunStatus[];
}

export const SETTINGS = someSettings({
  runMonitoring: {
    startTimeout: 180,
    cancelTimeout: 60,
    heartbeatTimeout: 60,
    maxRuntime: 0,
    maxResumeRunAttempts: 3,
    pollInterval: 60,
  },
});

const location = (updatedAt: number): readonly CodeLocation[] => [
  aLocation(
    aManifest({
      assets: { 'raw/a': {}, 'raw/b': { deps: ['raw/a'] } },
      checks: [{ asset: 'raw/a', name: 'ok' }],
      ops: { raw__a: { pool: 'db' } },
      jobs: [{ name: 'load', assets: ['raw/a', 'raw/b'], assetChecks: [{ asset: 'raw/a', name: 'ok' }] }],
    }),
    { updatedAt },
  ),
];

const emit = (event: NewEvent): WorkerAct => ({ do: 'emit', event });
const error = { name: 'Error', message: 'made to fail' };
/** Events of a step, each with data that fits its type. */
const events = (stepKey: string, ...all: NewEvent[]): WorkerAct[] =>
  all.map((event) => emit({ ...event, stepKey, tryNumber: 1 }));

/** The first step: with a pool, and every event that a step that succeeds may have. */
const stepA = (): WorkerAct[] => [
  { do: 'claim', pool: 'db', stepKey: 'raw__a' },
  ...events(
    'raw__a',
    anEvent('STEP_WORKER_STARTED', { pid: 1 }),
    anEvent('LOGS_CAPTURED', { logKey: ['k'] }),
    anEvent('RESOURCE_INIT_STARTED', { resources: ['r'] }),
    anEvent('RESOURCE_INIT_SUCCESS', { resources: ['r'], seconds: 1 }),
    anEvent('STEP_START', {}),
    anEvent('STEP_INPUT', { input: 'x' }),
    anEvent('LOADED_INPUT', { input: 'x', ioManager: 'io_manager' }),
    anEvent('LOG_MESSAGE', {}),
    anEvent('STEP_OUTPUT', { output: 'result' }),
    anEvent('HANDLED_OUTPUT', { output: 'result', ioManager: 'io_manager', metadata: {} }),
    aMaterialization('raw/a', undefined, 'v1'),
    anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {} }, { assetKey: 'raw/a' }),
    anEvent('ASSET_CHECK_EVALUATION', {
      asset: 'raw/a',
      name: 'ok',
      passed: true,
      severity: 'ERROR',
      metadata: {},
      blocking: false,
    }),
    anEvent('HOOK_COMPLETED', { hook: 'h' }),
    anEvent('STEP_SUCCESS', { seconds: 1 }),
  ),
  { do: 'release', pool: 'db', stepKey: 'raw__a' },
];

const stepB = (): WorkerAct[] =>
  events(
    'raw__b',
    anEvent('STEP_WAITING', { pool: 'db', holders: [] }),
    anEvent('STEP_START', {}),
    anEvent('RESOURCE_INIT_FAILURE', { resources: ['r'], error }),
    anEvent('STEP_UP_FOR_RETRY', { error, secondsToWait: 1 }),
    anEvent('STEP_RESTARTED', {}),
    aMaterialization('raw/b', undefined, 'v1'),
    anEvent('HOOK_SKIPPED', { hook: 'h' }),
    anEvent('STEP_SUCCESS', { seconds: 1 }),
  );

const failing = (): WorkerAct[] => [
  ...events(
    'raw__a',
    anEvent('STEP_START', {}),
    anEvent('HOOK_ERRORED', { hook: 'h', error }),
    anEvent('STEP_FAILURE', { error }),
    anEvent('ASSET_FAILED_TO_MATERIALIZE', { reason: 'FAILED_TO_MATERIALIZE' }, { assetKey: 'raw/a' }),
  ),
  ...events('raw__b', anEvent('STEP_SKIPPED', { reason: 'upstream failed' })),
  emit(anEvent('ENGINE_EVENT', {})),
];

const finish: WorkerAct = { do: 'finish', outcome: SUCCESS };
const failed: WorkerAct = {
  do: 'finish',
  outcome: { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'raw__a failed' },
};
/** Steps that are not done yet, then the end. */
const succeed: WorkerScript = ({ completedSteps }) => {
  const done = new Set(completedSteps.map(({ stepKey }) => stepKey));
  return [...(done.has('raw__a') ? [] : stepA()), ...(done.has('raw__b') ? [] : stepB()), finish];
};

/** As a client launches: with one key, however often it has to ask. */
const launch = (world: World, tags: Readonly<Record<string, string>> = {}): Promise<{ runId: string }> =>
  world.insist(({ instance }) =>
    launchRun(instance, SETTINGS, {
      location: 'orchestration',
      jobName: 'load',
      idempotencyKey: 'once',
      tags,
    }),
  );

const cancel = async (world: World, force: boolean): Promise<void> => {
  const { runId } = await launch(world);
  await world.idle();
  await world.insist(({ instance }) =>
    cancelRun(instance, SETTINGS, runId, { force, cause: 'Canceled by ann.' }),
  );
};

const request = (runKey: string) => ({
  runKey,
  jobName: 'load',
  config: {},
  tags: {},
  partitionKey: null,
  assetSelection: null,
  assetCheckSelection: null,
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a run that succeeds',
    script: succeed,
    locations: location,
    act: async (world) => {
      await launch(world);
    },
    ends: ['SUCCESS'],
  },
  {
    name: 'a run that fails, and its retry',
    script: (assignment, attempt) =>
      assignment.tags['dagster/parent_run_id'] === undefined
        ? [...failing(), failed]
        : succeed(assignment, attempt),
    locations: location,
    act: async (world) => {
      await launch(world, { 'dagster/max_retries': '1' });
    },
    ends: ['FAILURE', 'SUCCESS'],
  },
  {
    name: 'a running run that is canceled',
    script: () => [...events('raw__a', anEvent('STEP_START', {})), { do: 'wait' }],
    locations: location,
    act: (world) => cancel(world, false),
    ends: ['CANCELED'],
  },
  {
    name: 'a running run that is canceled by force',
    script: () => [...events('raw__a', anEvent('STEP_START', {})), { do: 'wait' }],
    locations: location,
    act: (world) => cancel(world, true),
    ends: ['CANCELED'],
  },
  {
    name: 'a run that is suspended and goes on',
    script: (assignment, attempt) =>
      assignment.completedSteps.length === 0
        ? [...stepA(), { do: 'suspend', ms: PATIENCE_MS / 2 }]
        : succeed(assignment, attempt),
    locations: location,
    act: async (world) => {
      await launch(world);
    },
    ends: ['SUCCESS'],
  },
  {
    name: 'a worker that hangs',
    script: (assignment, attempt) =>
      attempt === 1 ? [...stepA(), { do: 'hang' }] : succeed(assignment, attempt),
    locations: location,
    act: async (world) => {
      await launch(world);
      await world.idle();
      await world.advance(PATIENCE_MS);
      await world.wakeUp();
    },
    ends: ['SUCCESS'],
  },
  {
    name: 'a schedule’s tick',
    script: succeed,
    locations: (now) => [
      aLocation(
        aManifest({
          assets: { 'raw/a': {}, 'raw/b': { deps: ['raw/a'] } },
          schedules: [{ name: 's', cron: ['0 * * * *'] }],
        }),
        { updatedAt: now },
      ),
    ],
    act: async (world) => {
      await world.wakeUp();
      await world.advance(3_600_000);
      await world.wakeUp();
    },
    ends: ['SUCCESS'],
  },
  {
    name: 'a sensor’s tick, and the freshness of what it makes',
    script: succeed,
    locations: (now) => [
      aLocation(
        aManifest({
          assets: {
            'raw/a': { freshnessPolicy: { kind: 'time_window', failWindow: 86_400, warnWindow: null } },
            'raw/b': { deps: ['raw/a'] },
          },
          jobs: [
            { name: 'load', assets: ['raw/a', 'raw/b'], assetChecks: [] },
            { name: 'graph', nodes: [aNode('one')] },
          ],
          sensors: [{ name: 'w', jobNames: ['load'], minimumIntervalSeconds: 30 }],
        }),
        { updatedAt: now },
      ),
    ],
    answer: () =>
      ({
        result: {
          runRequests: [request('file-1')],
          skipReason: null,
          cursor: 'c1',
          dynamicPartitionsRequests: [],
        },
        logs: [],
      }) as never,
    act: async (world) => {
      await world.wakeUp();
      await world.advance(PATIENCE_MS);
      await world.wakeUp();
    },
    ends: ['SUCCESS'],
  },
];
