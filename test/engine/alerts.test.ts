import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { createPostgresWorkerStorage } from '../../lib/adapters/postgres/postgres-worker-storage';
import { deliverOutbox } from '../../lib/engine/deliver-outbox';
import type { EngineSettings } from '../../lib/engine/engine-settings';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { finalizeAttempt } from '../../lib/engine/finalize-attempt';
import { setNextAlarm } from '../../lib/engine/next-alarm';
import { pauseInstance } from '../../lib/engine/pause-instance';
import { setInstigatorStatus } from '../../lib/engine/set-instigator-status';
import { sweep } from '../../lib/engine/sweep';
import type { InstigatorId } from '../../lib/model/tick';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import { aRun, aStartedRun } from '../contracts/storage-builders';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode, type ManifestSketch } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const START = Date.now();
const settings = someSettings({ sensors: { timeout: 60, maxConsecutiveFailures: 3 } });

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

async function outboxLeasesEnd(): Promise<void> {
  const driver = createPgDriver({ url: database.url, maxConnections: 1 });
  await driver.query('update headrace.outbox set leased_until = 0');
  await driver.close();
}
const subjects = (): string[] => instance.alerts.map(({ subject }) => subject);
const alerting = (alerts: Partial<EngineSettings['alerts']>, more: Partial<EngineSettings> = {}) =>
  someSettings({ ...more, alerts: { ...settings.alerts, ...alerts } });

describe('a sensor that goes on failing', () => {
  const polled: ManifestSketch = {
    jobs: [{ name: 'job', nodes: [aNode('one')] }],
    sensors: [
      { name: 'bad', jobNames: ['job'] },
      { name: 'good', jobNames: ['job'] },
      { name: 'touchy', jobNames: ['job'], maxConsecutiveFailures: 1 },
      { name: 'stubborn', jobNames: ['job'], maxConsecutiveFailures: 0 },
    ],
  };
  const id = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'sensor', name });
  const stateOf = async (name: string) =>
    (await storage.instigatorStates()).find(({ instigator }) => instigator.name === name);
  const poll = async (times: number) => {
    for (let each = 0; each < times; each += 1) {
      clock.jump(30_000);
      expect((await evaluateTicks(instance, settings)).errors).toEqual([]);
    }
  };
  const asked = (name: string): number =>
    instance.requests.filter((request) => 'sensor' in request && request.sensor === name).length;
  let fails = true;

  beforeEach(() => {
    fails = true;
    instance.locations[0] = aLocation(aManifest(polled), { updatedAt: START });
    instance.answer = (request) => {
      if (fails && 'sensor' in request && request.sensor !== 'good') throw new Error('the API is gone');
      return {
        result: { runRequests: [], skipReason: 'nothing', cursor: null, dynamicPartitionsRequests: [] },
        logs: [],
      } as never;
    };
  });

  it('turns itself off after as many failures as are allowed, with why; the others go on', async () => {
    await poll(5);
    expect({
      bad: asked('bad'),
      good: asked('good'),
      touchy: asked('touchy'),
      stubborn: asked('stubborn'),
    }).toEqual({
      bad: 3,
      good: 5,
      touchy: 1,
      stubborn: 5,
    });
    expect(await stateOf('bad')).toMatchObject({
      status: 'STOPPED',
      stopReason: expect.stringMatching(/turned itself off after 3 failures in a row.*the API is gone/),
    });
    expect(await stateOf('stubborn')).toMatchObject({ status: 'DECLARED_IN_CODE', stopReason: null });
    expect(subjects().sort()).toEqual([
      expect.stringMatching(/^The sensor orchestration\/bad turned itself off/),
      expect.stringMatching(/^The sensor orchestration\/touchy turned itself off/),
      // Each is told of when it begins to fail, not each time that it fails.
      expect.stringMatching(/^The tick of sensor orchestration\/bad /),
      expect.stringMatching(/^The tick of sensor orchestration\/stubborn /),
      expect.stringMatching(/^The tick of sensor orchestration\/touchy /),
    ]);
    // The scheduler knows that it is off.
    expect(instance.timings.at(-1)?.sensors).toHaveLength(2);
  });

  it('counts anew when it is turned on, and after a success', async () => {
    await poll(4);
    await setInstigatorStatus(instance, settings, id('bad'), 'RUNNING');
    await poll(2);
    expect(await stateOf('bad')).toMatchObject({ status: 'RUNNING', stopReason: null });
    fails = false;
    await poll(1);
    fails = true;
    await poll(2);
    expect(await stateOf('bad')).toMatchObject({ status: 'RUNNING' });
    await poll(1);
    expect(await stateOf('bad')).toMatchObject({ status: 'STOPPED' });
  });
});

it('A schedule turns itself off only if the settings ask for it, and then expects no tick', async () => {
  const manifest = aManifest({
    jobs: [{ name: 'job', nodes: [aNode('one')] }],
    schedules: [{ name: 'minutely', cron: ['* * * * *'], jobName: 'job', request: null }],
  });
  instance.locations[0] = aLocation(manifest, { updatedAt: START });
  instance.answer = () => {
    throw new Error('broken');
  };
  const tick = async (settings: EngineSettings) => {
    clock.jump(60_000);
    expect((await evaluateTicks(instance, settings)).errors).toEqual([]);
  };
  for (let minute = 0; minute < 4; minute += 1) await tick(someSettings());
  expect(instance.requests).toHaveLength(4);
  await tick(someSettings({ schedules: { ...settings.schedules, maxConsecutiveFailures: 5 } }));
  await tick(someSettings());
  expect(instance.requests).toHaveLength(5);
  expect(await storage.instigatorStates()).toMatchObject([
    { status: 'STOPPED', stopReason: expect.stringMatching(/^The schedule turned itself off after 5/) },
  ]);
  expect(await storage.expectedSchedules()).toEqual([]);
  expect(subjects().at(-1)).toBe('The schedule orchestration/minutely turned itself off');
  // Each of its ticks stands for work of its own.
  expect(subjects().filter((subject) => subject.startsWith('The tick of schedule'))).toHaveLength(5);
});

describe('a failed run', () => {
  const failed = async (tags: Record<string, string> = {}, using = settings, jobName = 'etl') => {
    const run = aRun({ tags, jobName });
    const worker = createPostgresWorkerStorage({ url: database.workerUrl });
    const ref = await aStartedRun(storage, worker, run);
    await worker.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'step a failed' });
    await worker.close();
    return {
      runId: run.runId,
      finalize: () => finalizeAttempt(instance, using, run.runId, 1, { kind: 'exited' }),
    };
  };

  it('is told of, with its cause, once it has been delivered and not before', async () => {
    const { runId, finalize } = await failed();
    await finalize();
    const taken: unknown[] = [];
    const publisher = instance.alertPublisher;
    const deaf: TestInstance = {
      ...instance,
      alertPublisher: {
        async publish(message) {
          taken.push(message);
          throw new PortError('transient', 'the bus is away');
        },
      },
    };
    await deliverOutbox(deaf, settings);
    expect(taken).toHaveLength(1);
    // It is looked at again, although nothing is live.
    await setNextAlarm(instance, settings);
    expect(instance.alarms.at(-1)).not.toBeNull();

    const mended = { ...instance, alertPublisher: publisher };
    await deliverOutbox(mended, settings);
    expect(instance.alerts).toEqual([]);
    await outboxLeasesEnd();
    await deliverOutbox(mended, settings);
    expect(instance.alerts).toEqual(taken);
    expect(instance.alerts[0]).toMatchObject({
      subject: expect.stringContaining(`Run ${runId}`),
      text: expect.stringContaining('Cause: step a failed'),
    });
    await setNextAlarm(instance, settings);
    expect(instance.alarms.at(-1)).toBeNull();
  });

  it('is told of when the settings ask for its kind, its job and its tags', async () => {
    for (const [alerts, count] of [
      [{ types: ['tick_missed'] }, 0],
      [{ jobs: ['other'] }, 0],
      [{ tags: { team: 'b' } }, 0],
      [{ jobs: ['shop/etl'], tags: { team: 'a' } }, 1],
      [{ jobs: ['etl'] }, 2],
    ] as const) {
      const { finalize } = await failed({ team: 'a' });
      await finalize();
      await deliverOutbox(instance, alerting(alerts));
      expect(instance.alerts).toHaveLength(count);
    }
    expect((await storage.upkeepDueAt()).alertAt).toBeNull();
  });

  it('that is retried is told of only with its last retry', async () => {
    const retrying = alerting({}, { runRetries: { maxRetries: 1, retryOnAssetOrOpFailure: true } });
    const { runId } = await failed({}, retrying);
    // Nobody has decided yet whether it is retried.
    await deliverOutbox(instance, retrying);
    expect(instance.alerts).toEqual([]);
    await storage.addRunTags(runId, { 'dagster/will_retry': 'true' });
    await outboxLeasesEnd();
    await deliverOutbox(instance, retrying);
    expect(instance.alerts).toEqual([]);
    expect((await storage.upkeepDueAt()).alertAt).toBeNull();

    const last = await failed({ 'dagster/will_retry': 'false' }, retrying);
    await deliverOutbox(instance, retrying);
    expect(subjects()).toEqual([expect.stringContaining(last.runId)]);
  });

  it('is given up after a day of nobody taking it', async () => {
    const { finalize } = await failed();
    await finalize();
    clock.jump(25 * 3_600_000);
    await deliverOutbox(instance, settings);
    expect(instance.alerts).toEqual([]);
    expect((await storage.upkeepDueAt()).alertAt).toBeNull();
  });
});

it('A queue in which nothing moves is told of once each time, not while it is paused', async () => {
  await storage.createRuns([aRun()]);
  // Claims nothing: as if whoever dequeues was broken.
  const broken = { ...instance, storage: { ...storage, claimRuns: async () => [] } };
  const patient = alerting({ queueStuckAfter: 600 });
  const look = async (minutes: number) => {
    clock.jump(minutes * 60_000);
    expect(await sweep(broken, patient)).toEqual([]);
  };
  await look(5);
  expect(subjects()).toEqual([]);
  await pauseInstance(broken, patient, { scope: 'dequeue', by: 'ann' });
  await look(10);
  expect(subjects()).toEqual([]);
  await storage.deleteValue('instance', 'paused');
  await look(1);
  await look(1);
  expect(subjects()).toEqual([expect.stringMatching(/^Runs have waited for over 600 s/)]);
});

it('An asset that becomes too old is told of; one that is made in time is not', async () => {
  const change = (key: string, state: 'PASS' | 'WARN' | 'FAIL', previousState: 'PASS' | 'UNKNOWN') =>
    storage.recordFreshness([{ key, state, previousState, at: clock.now() }]);
  await change('raw/orders', 'PASS', 'UNKNOWN');
  await change('raw/orders', 'FAIL', 'PASS');
  await change('raw/orders', 'FAIL', 'PASS');
  await change('raw/items', 'WARN', 'UNKNOWN');
  await deliverOutbox(instance, settings);
  expect(subjects()).toEqual(['Asset raw/orders is too old', 'Asset raw/items is getting old']);
});
