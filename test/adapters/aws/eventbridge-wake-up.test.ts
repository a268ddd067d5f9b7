import { answerWakeUp, type WakeUpHandlers } from '../../../lib/adapters/aws/eventbridge-wake-up';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { systemClock } from '../../../lib/adapters/system/system-clock';
import { launchRun } from '../../../lib/engine/launch-run';
import { pauseInstance, resumeInstance } from '../../../lib/engine/pause-instance';
import { reconcileScheduler } from '../../../lib/engine/reconcile-scheduler';
import { setInstigatorStatus } from '../../../lib/engine/set-instigator-status';
import { wakeUp } from '../../../lib/engine/wake-up';
import type { InstigatorId } from '../../../lib/model/tick';
import type { Instance } from '../../../lib/ports/instance';
import type { Storage } from '../../../lib/ports/storage';
import { aManifest, type ManifestSketch } from '../../engine/support/build-manifest';
import {
  aLocation,
  createTestInstance,
  someSettings,
  type TestInstance,
} from '../../engine/support/test-instance';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { openEventBridge } from './eventbridge-harness';

const MINUTE = 60_000;
const settings = someSettings();

let database: TestDatabase;
let storage: Storage;
let opened: Awaited<ReturnType<typeof openEventBridge>>;
let instance: Instance;
let locations: TestInstance;
/** Calls of storage since it was last emptied. */
let calls: string[];
let handlers: WakeUpHandlers;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  opened = await openEventBridge();
  calls = [];
  const counted = new Proxy(storage, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return value.apply(target, args) as unknown;
      };
    },
  });
  const clock = { now: () => opened.clock.now(), sleep: systemClock.sleep };
  locations = createTestInstance(counted, clock);
  instance = { ...locations, scheduler: opened.scheduler };
  handlers = {
    evaluate: () => wakeUp(instance, settings),
    reconcile: () => reconcileScheduler(instance, settings),
  };
});
afterEach(async () => {
  await opened.close();
  await storage.close();
  await database.drop();
});

const sensor = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'sensor', name });
const schedule = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'schedule', name });
const ticksOf = async (instigator: InstigatorId) =>
  (await storage.listTicks({ instigator, limit: 50 })).map((tick) => tick.startedAt - START).reverse();
const START = Date.UTC(2026, 0, 1);

const skipping = () =>
  ({
    result: { runRequests: [], skipReason: 'no news', cursor: null, dynamicPartitionsRequests: [] },
    logs: [],
  }) as never;

async function register(sketch: ManifestSketch): Promise<void> {
  locations.locations[0] = aLocation(aManifest(sketch), { updatedAt: opened.clock.now() });
  await reconcileScheduler(instance, settings);
}
const pass = (minutes: number, secondsLate = 0) => opened.advance(minutes * MINUTE, handlers, secondsLate);

describe('answerWakeUp', () => {
  it('leaves the database alone for ten idle minutes, though rules fire', async () => {
    await register({
      assets: { a: {} },
      schedules: [
        { name: 'hourly', cron: ['0 * * * *'] },
        // Its rule fires every five minutes of every day, for ticks of one day of the year.
        { name: 'christmas', cron: ['*/5 * 24 12 *'] },
      ],
    });
    await pass(60);
    const [run] = await storage.listRuns({ filter: {}, limit: 1 });
    // While the run is live, the sweep goes on.
    calls.length = 0;
    await pass(3);
    expect(calls).toContain('findLateAttempts');
    await storage.cancelRun(run?.runId ?? '', { force: true, cause: 'test' });
    await pass(3);

    calls.length = 0;
    expect(await pass(10)).toBeGreaterThanOrEqual(2);
    expect(calls).toEqual([]);
  });

  it('leaves it alone for a day of wake-ups for another date, but for the day’s reconciliation', async () => {
    await register({ assets: { a: {} }, schedules: [{ name: 'yearly', cron: ['30 2 24 12 *'] }] });
    await pass(10);
    calls.length = 0;
    // Once at 02:30 UTC every day, and the safety rule.
    expect(await pass(23 * 60)).toBe(24);
    expect(calls).toEqual([]);
    await pass(120);
    expect(calls).toContain('instigatorStates');
    expect(calls).not.toContain('findLateAttempts');
  });

  it('evaluates a sensor at its interval however late in their minutes its wake-ups come', async () => {
    locations.answer = skipping;
    await register({
      jobs: [{ name: 'job' }],
      sensors: [{ name: 's', minimumIntervalSeconds: 300, defaultStatus: 'STOPPED' }],
    });
    await pass(4);
    await setInstigatorStatus(instance, settings, sensor('s'), 'RUNNING');
    const secondsLate = [50, 40, 1, 30];
    for (const seconds of secondsLate) await pass(seconds === 50 ? 1 : 5, seconds);
    // Turned on at 4:00: evaluated by the next wake-up, then by that of its rule after each interval.
    expect(await ticksOf(sensor('s'))).toEqual(
      secondsLate.map((seconds, index) => 5 * MINUTE * (index + 1) + seconds * 1_000),
    );
  });

  it('evaluates a sensor of half a minute once a minute, though two rules wake in each', async () => {
    locations.answer = skipping;
    await register({ jobs: [{ name: 'job' }], sensors: [{ name: 's', minimumIntervalSeconds: 30 }] });
    // After a change of rules, that of every minute fires beside the sensor's for a while.
    expect(await pass(4, 10)).toBeGreaterThanOrEqual(8);
    expect(await ticksOf(sensor('s'))).toEqual([1, 2, 3, 4].map((minute) => minute * MINUTE + 10_000));
  });

  it('wakes for a schedule from when it is turned on until it is turned off', async () => {
    await register({
      assets: { a: {} },
      schedules: [{ name: 'often', cron: ['*/10 * * * *'], defaultStatus: 'STOPPED' }],
    });
    await pass(15);
    await setInstigatorStatus(instance, settings, schedule('often'), 'RUNNING');
    await pass(20);
    await setInstigatorStatus(instance, settings, schedule('often'), 'STOPPED');
    await pass(60);
    expect(await ticksOf(schedule('often'))).toEqual([20 * MINUTE, 30 * MINUTE]);
    expect([...opened.fake.rules.keys()]).toEqual(['prod-alarm-safety', 'prod-alarm-sweep']);
  });

  describe('of an instance that is paused', () => {
    const often = { name: 'often', cron: ['*/10 * * * *'] };
    const ruleNames = () => [...opened.fake.rules.keys()].sort();
    const FIXED = ['prod-alarm-safety', 'prod-alarm-sweep'];
    const pause = () => pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
    const resume = () => resumeInstance(instance, settings);
    beforeEach(async () => {
      locations.answer = skipping;
      await register({
        jobs: [{ name: 'job' }],
        assets: { a: {} },
        sensors: [{ name: 's' }],
        schedules: [often],
      });
      await pass(2);
    });

    it('nothing but the safety rule fires, the database is asked nothing, and a resume brings its rules back', async () => {
      const before = ruleNames();
      expect(before.length).toBeGreaterThan(FIXED.length);

      await pause();
      expect(ruleNames()).toEqual(FIXED);
      // What is live goes on, and is looked after.
      for (const { runId } of await storage.listRuns({ filter: {}, limit: 10 })) {
        await storage.cancelRun(runId, { force: true, cause: 'test' });
      }
      await pass(10);
      calls.length = 0;
      const fired = await pass(600);
      expect([fired, calls]).toEqual([10, []]);

      await resume();
      expect(ruleNames()).toEqual(before);
      const ticks = (await ticksOf(schedule('often'))).length;
      await pass(20);
      expect((await ticksOf(schedule('often'))).length).toBeGreaterThan(ticks + 1);
    });

    it('a push of new code brings no rule back; the resume makes those of the new code', async () => {
      await pause();
      await register({ assets: { a: {} }, schedules: [{ name: 'other', cron: ['7 3 * * *'] }] });
      expect(ruleNames()).toEqual(FIXED);

      await resume();
      const made = [...opened.fake.rules.values()].filter(({ Name }) => Name.includes('-tick-'));
      expect(made.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(['cron(7 3 * * ? *)']);
    });

    it.each([
      'PutRule',
      'DeleteRule',
      'ListRules',
      'PutTargets',
      'ListTargetsByRule',
    ])('the rules are those of who came last, when pause and resume meet at %s', async (operation) => {
      const before = ruleNames();
      let met = 0;
      for (const [first, second, expected] of [
        [pause, resume, before],
        [resume, pause, FIXED],
      ] as const) {
        await second();
        let other: Promise<unknown> | undefined;
        opened.fake.before = (called) => {
          if (called !== operation || other !== undefined) return;
          met += 1;
          other = second();
        };
        await first();
        other ??= second();
        await other;
        opened.fake.before = () => {};
        expect([operation, ruleNames()]).toEqual([operation, expected]);
      }
      expect(met).toBeGreaterThan(0);
    });
  });

  it('keeps the sweep for a run that is launched while an idle engine sets its alarm', async () => {
    await register({ assets: { a: {} } });
    await pass(10);
    // What the idle one read is old by the time its alarm is set.
    const { scheduler } = opened;
    const setAlarm = scheduler.setAlarm.bind(scheduler);
    let launched = false;
    scheduler.setAlarm = async (at, sweepAt) => {
      if (!launched && sweepAt === null) {
        launched = true;
        await launchRun(instance, settings, { assets: ['a'] });
      }
      await setAlarm(at, sweepAt);
    };
    await wakeUp(instance, settings);
    expect(launched).toBe(true);
    expect((await scheduler.readIndex()).alarm?.sweepAt).not.toBeNull();
    expect(opened.fake.rules.get('prod-alarm-sweep')?.State).toBe('ENABLED');
  });

  it('evaluates when the index cannot be read, and says what went wrong', async () => {
    let evaluated = 0;
    const answer = await answerWakeUp(
      { readIndex: () => Promise.reject(new Error('S3 is away')), disarmIdleSweep: async () => {} },
      START,
      {
        async evaluate() {
          evaluated += 1;
          return [new Error('a sensor could not be evaluated')];
        },
        reconcile: async () => {},
      },
    );
    expect(evaluated).toBe(1);
    expect(answer.isEvaluated).toBe(true);
    expect(answer.errors.map(String)).toEqual([
      'Error: S3 is away',
      'Error: a sensor could not be evaluated',
    ]);
  });
});
