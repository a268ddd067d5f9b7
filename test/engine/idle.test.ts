import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TimerScheduler } from '../../lib/adapters/local/timer-scheduler';
import type { Driver } from '../../lib/adapters/postgres/driver';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { setNextAlarm } from '../../lib/engine/next-alarm';
import { wakeUp } from '../../lib/engine/wake-up';
import type { CodeLocationRequest } from '../../lib/model/code-location';
import type { Instance } from '../../lib/ports/instance';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings } from './support/test-instance';

const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const MINUTE = 60_000;
const settings = someSettings();

let database: TestDatabase;
let driver: Driver;
let clock: ManualClock;
let scheduler: TimerScheduler;
let instance: Instance;
/** Every statement that the instance sent. */
let sent: string[];
/** Wake-ups that have not ended. */
let awake: number;
let failures: unknown[];
/** What was asked of user code. */
let requests: readonly CodeLocationRequest[];

beforeEach(async () => {
  database = await createTestDatabase();
  driver = createPgDriver({ url: database.url });
  clock = new ManualClock(START);
  sent = [];
  awake = 0;
  failures = [];
  const counting: Driver = {
    query: (sql, parameters) => {
      sent.push(sql);
      return driver.query(sql, parameters);
    },
    close: () => driver.close(),
  };
  scheduler = new TimerScheduler({
    clock,
    async wakeUp() {
      awake += 1;
      failures.push(...(await wakeUp(instance, settings)));
      awake -= 1;
    },
    onError: (error) => failures.push(error),
  });
  const test = createTestInstance(createPostgresStorage({ driver: counting }), clock);
  test.locations.push(
    aLocation(
      aManifest({
        assets: { orders: {} },
        jobs: [{ name: 'load' }],
        schedules: [{ name: 'nightly', jobName: 'load', cron: ['0 2 * * *'], defaultStatus: 'RUNNING' }],
        sensors: [
          { name: 'off', jobNames: ['load'], defaultStatus: 'STOPPED' },
          { name: 'follow_orders', kind: 'ASSET', jobNames: ['load'], assets: ['orders'] },
          {
            name: 'follow_failures',
            kind: 'RUN_STATUS',
            jobNames: ['load'],
            runStatus: { statuses: ['FAILURE'], jobs: [{ location: null, jobName: 'load' }] },
          },
        ],
      }),
      { updatedAt: START },
    ),
  );
  test.answer = () =>
    ({
      result: { runRequests: [], skipReason: null, cursor: null, dynamicPartitionsRequests: [] },
      logs: [],
    }) as never;
  requests = test.requests;
  instance = { ...test, scheduler };
});

afterEach(async () => {
  scheduler.close();
  await driver.close();
  await database.drop();
});

/** Lets virtual time pass, and whatever wakes up meanwhile come to its end. */
async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  while (awake > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('an instance of which nothing is due', () => {
  it('sends the database nothing for ten minutes, and what is needed when its schedule is due', async () => {
    failures.push(...(await wakeUp(instance, settings)));
    // The sweep of what the start may have left.
    await pass(5 * MINUTE);
    sent.length = 0;

    await pass(10 * MINUTE);
    expect(sent).toEqual([]);

    const untilTwo = Date.UTC(2026, 2, 11, 2) - clock.now();
    await pass(untilTwo - MINUTE);
    expect(sent).toEqual([]);

    await pass(2 * MINUTE);
    expect(sent.length).toBeGreaterThan(0);
    const [tick] = await instance.storage.listTicks({
      instigator: { location: 'orchestration', kind: 'schedule', name: 'nightly' },
      limit: 1,
    });
    expect(tick?.scheduledAt).toBe(Date.UTC(2026, 2, 11, 2));
    expect(failures).toEqual([]);
  });

  it('asks its sensors that follow something only when something was written', async () => {
    failures.push(...(await wakeUp(instance, settings)));
    await pass(5 * MINUTE);
    expect(await ticksOf('follow_orders')).toEqual(['Follows what happens from now on.']);

    await instance.storage.appendSystemEvents(null, [
      {
        type: 'ASSET_MATERIALIZATION',
        assetKey: 'orders',
        data: { metadata: {}, tags: {}, inputDataVersions: {} },
        timestamp: clock.now(),
        level: 'INFO',
        message: 'reported',
      },
    ]);
    await setNextAlarm(instance, settings);
    await pass(5 * MINUTE);
    expect(await ticksOf('follow_orders')).toEqual([null, 'Follows what happens from now on.']);
    expect(await ticksOf('follow_failures')).toEqual(['Nothing new.', 'Follows what happens from now on.']);
    expect(requests).toMatchObject([{ sensor: 'follow_orders', assetUpdates: [{ assetKey: 'orders' }] }]);
    sent.length = 0;

    await pass(10 * MINUTE);
    expect(sent).toEqual([]);
    expect(failures).toEqual([]);
  });
});

/** Why each tick of a sensor made no run, newest first. */
async function ticksOf(name: string): Promise<readonly (string | null)[]> {
  const instigator = { location: 'orchestration', kind: 'sensor', name } as const;
  return (await instance.storage.listTicks({ instigator, limit: 10 })).map(({ skipReason }) => skipReason);
}
