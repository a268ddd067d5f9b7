import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { evaluateMissedTick } from '../../lib/engine/evaluate-missed-tick';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { pauseInstance, resumeInstance } from '../../lib/engine/pause-instance';
import { reconcileScheduler } from '../../lib/engine/reconcile-scheduler';
import { setInstigatorStatus } from '../../lib/engine/set-instigator-status';
import type { InstigatorId } from '../../lib/model/tick';
import { UserCodeError } from '../../lib/ports/code-location-client';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, type ManifestSketch } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const at = (hour: number, minute = 0, day = 10) => Date.UTC(2026, 2, day, hour, minute);
const ID: InstigatorId = { location: 'orchestration', kind: 'schedule', name: 'hourly' };

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

const define = (cron: string, updatedAt = clock.now(), more: ManifestSketch = {}) => {
  const sketch = { assets: { a: {} }, schedules: [{ name: 'hourly', cron: [cron] }], ...more };
  instance.locations[0] = aLocation(aManifest(sketch), { updatedAt });
};
const evaluate = async (minutes: number) => {
  clock.jump(minutes * 60_000);
  const { errors } = await evaluateTicks(instance, settings);
  expect(errors).toEqual([]);
};
const listed = (status: 'EXPECTED' | 'MISSED') =>
  storage.expectedTicks({ schedules: [{ location: 'orchestration', name: 'hourly' }], status, limit: 50 });
const instants = async (status: 'EXPECTED' | 'MISSED') =>
  (await listed(status)).map(({ scheduledAt }) => scheduledAt);
const evaluated = async () =>
  (await storage.listTicks({ instigator: ID, limit: 50 })).map(({ scheduledAt }) => scheduledAt);
const alerts = () => instance.alerts.splice(0).map(({ subject }) => subject);

it('Ticks are expected before they are due, twenty at most, and leave the ledger as they are evaluated', async () => {
  define('0 * * * *');
  await evaluate(0);
  const first = await instants('EXPECTED');
  expect(first).toHaveLength(20);
  expect(first[0]).toBe(at(13));

  await evaluate(60);
  await evaluate(60);
  expect(await evaluated()).toEqual([at(14), at(13)]);
  expect((await instants('EXPECTED'))[0]).toBe(at(15));

  // More are written before the last has come.
  for (let hour = 0; hour < 17; hour += 1) await evaluate(60);
  expect((await instants('EXPECTED')).length).toBeGreaterThanOrEqual(20);
  expect(await listed('MISSED')).toEqual([]);
});

it('After an outage the latest tick is made up for, and every one before it is missed, with why, and told once', async () => {
  define('0 * * * *');
  await evaluate(0);
  await evaluate(4 * 60);
  expect(await evaluated()).toEqual([at(16)]);
  const missed = await listed('MISSED');
  expect(missed.map(({ scheduledAt }) => scheduledAt)).toEqual([at(15), at(14), at(13)]);
  expect(missed[0]?.reason).toMatch(
    /^Nothing evaluated it before the next tick was due, at 2026-03-10T16:00/,
  );
  expect(alerts()).toEqual([
    expect.stringMatching(/missed 3 ticks, from 2026-03-10T13:00.*to 2026-03-10T15:00/),
  ]);
  await evaluate(0);
  expect(alerts()).toEqual([]);
});

describe('A missed tick that is made up for', () => {
  const SELECTOR = { location: ID.location, name: ID.name };
  beforeEach(async () => {
    define('0 * * * *');
    await evaluate(0);
    await evaluate(3 * 60);
  });

  it('launches its run as of its own instant, once however often it is asked for, and is in the history', async () => {
    const asked = await Promise.allSettled(
      [1, 2].map(() => evaluateMissedTick(instance, settings, SELECTOR, at(14))),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const again = evaluateMissedTick(instance, settings, SELECTOR, at(14));
    await expect(again).rejects.toThrow(/no missed tick at 2026-03-10T14:00:00.000Z/);

    const runs = await storage.listRuns({ filter: {}, limit: 10 });
    const instantsOfRuns = runs.map(({ tags }) => tags['.dagster/scheduled_execution_time']);
    expect(instantsOfRuns).toEqual([at(14), at(15)].map((instant) => new Date(instant).toISOString()));
    expect(await instants('MISSED')).toEqual([at(13)]);
    expect((await evaluated()).sort()).toEqual([at(14), at(15)]);
  });

  it('changes nothing for the ticks to come', async () => {
    await evaluateMissedTick(instance, settings, SELECTOR, at(13));
    await evaluate(60);
    expect((await evaluated())[0]).toBe(at(16));
    expect(await instants('MISSED')).toEqual([at(14)]);
  });

  it('stays missed when its evaluation fails, or nothing was due then', async () => {
    define('0 * * * *', clock.now(), {
      assets: { a: {} },
      schedules: [{ name: 'hourly', cron: ['0 * * * *'], request: null }],
    });
    instance.answer = () => {
      throw new UserCodeError('no calendar');
    };
    await expect(evaluateMissedTick(instance, settings, SELECTOR, at(14))).rejects.toThrow('no calendar');
    expect(await instants('MISSED')).toEqual([at(14), at(13)]);
    await expect(evaluateMissedTick(instance, settings, SELECTOR, at(15))).rejects.toThrow('no missed tick');
    await expect(evaluateMissedTick(instance, settings, { ...SELECTOR, name: 'x' }, at(14))).rejects.toThrow(
      "no schedule 'x'",
    );
  });
});

it('An outage beyond what was written ahead is in the ledger too', async () => {
  define('0 * * * *');
  await evaluate(0);
  await evaluate(30 * 60);
  expect(await evaluated()).toEqual([at(18, 0, 11)]);
  expect(await instants('MISSED')).toHaveLength(29);
  expect((await instants('EXPECTED'))[0]).toBe(at(19, 0, 11));
});

it('A tick that a partitioned schedule will make up for is late, not missed', async () => {
  const partitions = {
    type: 'time_window',
    cron: '0 * * * *',
    timezone: 'UTC',
    start: '2026-03-10-00:00',
    endOffset: 0,
    format: '%Y-%m-%d-%H:%M',
  } as const;
  define('0 * * * *', START, {
    assets: { a: { partitions } },
    schedules: [
      { name: 'hourly', cron: ['0 * * * *'], request: { config: {}, tags: {}, partitioned: true } },
    ],
  });
  await evaluate(0);
  await evaluate(7 * 60);
  expect(await evaluated()).toHaveLength(5);
  expect(await instants('MISSED')).toEqual([at(14), at(13)]);
});

it('Of a paused instance the ticks are missed for the pause, also when it is over before anybody looks', async () => {
  define('0 * * * *');
  await evaluate(0);
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  await evaluate(2 * 60);
  expect((await listed('MISSED')).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^The instance was paused by ann/),
  ]);
  clock.jump(60 * 60_000);
  await resumeInstance(instance, settings);
  await evaluate(0);
  expect(await evaluated()).toEqual([at(15)]);
  const missed = await listed('MISSED');
  expect(missed.map(({ scheduledAt }) => scheduledAt)).toEqual([at(14), at(13)]);
  for (const { reason } of missed) expect(reason).toMatch(/paused by ann/);
});

it('Turned off, a schedule expects nothing; what was due before is missed, what was due meanwhile is not', async () => {
  define('0 * * * *');
  await evaluate(0);
  clock.jump(90 * 60_000);
  await setInstigatorStatus(instance, settings, ID, 'STOPPED');
  expect(await instants('EXPECTED')).toEqual([]);
  expect(await listed('MISSED')).toMatchObject([
    { scheduledAt: at(13), reason: expect.stringMatching(/turned off at 2026-03-10T13:30:30/) },
  ]);
  await evaluate(3 * 60);
  await setInstigatorStatus(instance, settings, ID, 'RUNNING');
  await evaluate(60);
  expect(await evaluated()).toEqual([at(17)]);
  expect(await instants('MISSED')).toEqual([at(13)]);
});

it('An edited cron expects its own ticks from when it was there, and replays none of the past', async () => {
  define('0 * * * *');
  await evaluate(0);
  clock.jump(2 * 60 * 60_000);
  define('30 * * * *');
  await reconcileScheduler(instance, settings);
  expect((await instants('EXPECTED')).slice(0, 2)).toEqual([at(14, 30), at(15, 30)]);
  expect(await listed('MISSED')).toMatchObject([
    { scheduledAt: at(14), reason: expect.stringMatching(/cron or time zone was changed/) },
    { scheduledAt: at(13), reason: expect.stringMatching(/cron or time zone was changed/) },
  ]);
  await evaluate(40);
  expect(await evaluated()).toEqual([at(14, 30)]);
  expect(await instants('MISSED')).toEqual([at(14), at(13)]);
});

it('Ticks of a removed schedule are expected no more; of a location that does not load they are missed for that', async () => {
  define('0 * * * *');
  await evaluate(0);
  const error = { name: 'Error', message: 'no such module' };
  instance.locations[0] = { ...aLocation(aManifest({})), manifest: null, bundleHash: null, error };
  for (let hour = 0; hour < 7; hour += 1) await evaluate(60);
  expect((await listed('MISSED')).map(({ reason }) => reason)).toEqual(
    Array(2).fill(expect.stringMatching(/did not load \(no such module\)/)),
  );

  define('0 * * * *', clock.now(), { schedules: [] });
  await evaluate(0);
  expect(await instants('EXPECTED')).toEqual([]);
  expect((await listed('MISSED'))[0]?.reason).toMatch(/was removed from code location/);
});

it("Several that look at once agree, and a tick whose evaluation is open is nobody else's to judge", async () => {
  define('0 * * * *');
  await evaluate(0);
  clock.jump(3 * 60 * 60_000);
  await storage.startTick(ID, at(13), clock.now(), 60);
  await evaluate(0);
  expect(await listed('MISSED')).toMatchObject([
    {
      scheduledAt: at(14),
      reason: expect.stringMatching(/^The tick of 2026-03-10T13:00:00.000Z was still being/),
    },
  ]);
  const evaluations = await Promise.all([1, 2, 3, 4].map(() => evaluateTicks(instance, settings)));
  expect(evaluations.map(({ errors }) => errors)).toEqual([[], [], [], []]);
  expect(await instants('MISSED')).toEqual([at(14)]);
});

it('Of more schedules than one statement takes, all are expected, and all that they missed is found', async () => {
  const schedules = Array.from({ length: 501 }, (_, index) => ({ name: `s${index}`, cron: ['0 * * * *'] }));
  define('', START, { schedules });
  await reconcileScheduler(instance, settings);
  expect(await storage.expectedSchedules()).toHaveLength(501);
  clock.jump(6 * 3_600_000);
  await reconcileScheduler(instance, settings);
  await reconcileScheduler(instance, settings);
  const missed = await Promise.all(
    schedules.map(({ name }) =>
      storage.expectedTicks({ schedules: [{ location: 'orchestration', name }], status: 'MISSED', limit: 9 }),
    ),
  );
  // Looked at a thousand at a time: those that are overdue the longest first.
  expect(missed.flat()).toHaveLength(2_000);
  for (const ticks of missed) expect(ticks.at(-1)?.scheduledAt).toBe(at(13));
});
