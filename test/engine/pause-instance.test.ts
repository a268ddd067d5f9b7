import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { daemonHealth } from '../../lib/engine/daemon-health';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { setNextAlarm } from '../../lib/engine/next-alarm';
import { pauseInstance, resumeInstance } from '../../lib/engine/pause-instance';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const HOUR = 3_600_000;
const settings = someSettings();
let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
  const request = { config: {}, tags: {}, partitioned: false };
  const manifest = aManifest({
    assets: { a: {} },
    schedules: [{ name: 'hourly', cron: ['0 * * * *'], request }],
  });
  instance.locations[0] = aLocation(manifest, { updatedAt: START });
  await evaluateTicks(instance, settings);
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

const runCount = () => storage.countRuns({});

test('while it is paused no schedule ticks and no alarm is set; the end of the pause catches up', async () => {
  // Prepare
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  clock.jump(HOUR);

  // Act
  const paused = await evaluateTicks(instance, settings);

  // Assess
  expect(paused).toEqual({ ticks: 0, errors: [] });
  expect(await runCount()).toBe(0);
  expect(instance.alarms.at(-1)).toBeNull();

  await resumeInstance(instance, settings);
  expect(instance.alarms.at(-1)).not.toBeNull();
  expect((await evaluateTicks(instance, settings)).ticks).toBe(1);
  expect(instance.started).toHaveLength(1);
});

test('the scheduler is told that nothing is on while it is paused, and what is on when it goes on', async () => {
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  const paused = instance.timings.at(-1);
  await pauseInstance(instance, settings, { scope: 'dequeue', by: 'ann' });
  const draining = instance.timings.at(-1);
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  await resumeInstance(instance, settings);

  const hourly = { schedules: [{ cron: ['0 * * * *'], timezone: 'UTC' }], sensors: [] };
  expect(paused).toEqual({ schedules: [], sensors: [] });
  // Ticks go on enqueueing.
  expect(draining).toEqual(hourly);
  expect(instance.timings.at(-1)).toEqual(hourly);
});

test('a resume whose rules could not be made is repeated', async () => {
  // Prepare
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  const { scheduler } = instance;
  const setTimings = scheduler.setTimings.bind(scheduler);
  scheduler.setTimings = () => Promise.reject(new PortError('transient', 'Rate exceeded'));

  // Act
  await expect(resumeInstance(instance, settings)).rejects.toThrow('Rate exceeded');
  scheduler.setTimings = setTimings;
  await resumeInstance(instance, settings);

  // Assess
  expect(instance.timings.at(-1)?.schedules).toHaveLength(1);
  expect(instance.alarms.at(-1)).not.toBeNull();
});

test('a drain goes on with ticks; their runs wait in the queue and keep no sweep awake', async () => {
  // Prepare
  await pauseInstance(instance, settings, { scope: 'dequeue', by: 'ann' });
  clock.jump(HOUR);

  // Act
  const drained = await evaluateTicks(instance, settings);
  await setNextAlarm(instance, settings);

  // Assess
  expect(drained.ticks).toBe(1);
  expect(await runCount()).toBe(1);
  expect(instance.started).toEqual([]);
  expect(instance.alarms.at(-1)).toBe(Date.UTC(2026, 2, 10, 14));

  await resumeInstance(instance, settings);
  expect(instance.started).toHaveLength(1);
});

test('daemon health names the pause instead of what is overdue because of it', async () => {
  await pauseInstance(instance, settings, { scope: 'all', by: 'ann' });
  clock.jump(2 * HOUR);
  const health = await daemonHealth(instance, settings);
  const problems = Object.fromEntries(health.map((each) => [each.daemonType, each.problems.join()]));
  expect(problems.SCHEDULER).toMatch(/paused by ann since 2026-03-10T12:00:30.000Z; resume with/);
  expect(problems.SENSOR).toBe(problems.SCHEDULER);
  expect(problems.QUEUED_RUN_COORDINATOR).toBe(problems.SCHEDULER);
  expect(problems.MONITORING).toBe('');
});
