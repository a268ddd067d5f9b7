import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { freshness } from '../../lib/definitions/freshness';
import { daemonHealth } from '../../lib/engine/daemon-health';
import { evaluateFreshness } from '../../lib/engine/evaluate-freshness';
import { setNextAlarm } from '../../lib/engine/next-alarm';
import { wakeUp } from '../../lib/engine/wake-up';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type AssetSketch, aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const MINUTE = 60_000;

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

function define(assets: Readonly<Record<string, AssetSketch>>) {
  instance.locations.splice(0, 1, aLocation(aManifest({ assets })));
}

const materialize = (assetKey: string): Promise<void> =>
  storage.appendSystemEvents(null, [
    {
      type: 'ASSET_MATERIALIZATION',
      data: { metadata: {}, tags: {}, inputDataVersions: {} },
      timestamp: clock.now(),
      level: 'INFO',
      message: '',
      assetKey,
    },
  ]);

async function announced(): Promise<readonly unknown[]> {
  const driver = createPgDriver({ url: database.url, maxConnections: 1 });
  try {
    return await driver.query(
      `select json_build_array(asset_key, data ->> 'previousState', data ->> 'newState') from headrace.events
       where type = 'FRESHNESS_STATE_CHANGE' order by storage_id`,
    );
  } finally {
    await driver.close();
  }
}

const hourly = {
  freshnessPolicy: freshness.timeWindow({ failWindow: '60m', warnWindow: '30m' }),
};
const healthOf = async (type: string) =>
  (await daemonHealth(instance, settings)).find(({ daemonType }) => daemonType === type);

describe('freshness', () => {
  it('is announced when it changes, once however many evaluate it', async () => {
    define({ a: hourly, b: {} });
    await Promise.all([materialize('a'), materialize('b')]);
    await Promise.all([1, 2, 3].map(() => evaluateFreshness(instance)));
    for (const minutes of [29, 2, 30]) {
      clock.jump(minutes * MINUTE);
      await wakeUp(instance, settings);
    }
    await materialize('a');
    await wakeUp(instance, settings);
    await storage.wipeAsset('a', null);
    await wakeUp(instance, settings);
    expect(await announced()).toEqual([
      ['a', 'UNKNOWN', 'PASS'],
      ['a', 'PASS', 'WARN'],
      ['a', 'WARN', 'FAIL'],
      ['a', 'FAIL', 'PASS'],
      ['a', 'PASS', 'UNKNOWN'],
    ]);
  });

  it('sets the alarm for its next change, and the sweep for what is not announced yet', async () => {
    define({ a: hourly });
    await setNextAlarm(instance, settings);
    expect(instance.alarms.at(-1)).toBeNull();
    await materialize('a');
    await setNextAlarm(instance, settings);
    expect(instance.alarms.at(-1)).toBeLessThanOrEqual(START + settings.runMonitoring.pollInterval * 1_000);
    await wakeUp(instance, settings);
    expect(instance.alarms.at(-1)).toBe(START + 30 * MINUTE);
  });

  it('asks storage nothing when no asset has a policy', async () => {
    define({ a: {} });
    let asked = 0;
    storage.freshnessRecords = async () => {
      asked += 1;
      return [];
    };
    await wakeUp(instance, settings);
    await daemonHealth(instance, settings);
    expect(asked).toBe(0);
    define({ a: hourly });
    await evaluateFreshness(instance);
    expect(asked).toBe(1);
  });

  it('makes its daemon unhealthy when nobody announces it for two minutes', async () => {
    define({ a: hourly });
    await materialize('a');
    await evaluateFreshness(instance);
    clock.jump(31 * MINUTE);
    expect(await healthOf('FRESHNESS')).toMatchObject({ healthy: true });
    clock.jump(2 * MINUTE);
    expect(await healthOf('FRESHNESS')).toMatchObject({
      healthy: false,
      problems: ["the freshness of 'a' is WARN since 2026-03-10T12:30:30.000Z and not announced"],
    });
    await wakeUp(instance, settings);
    expect(await healthOf('FRESHNESS')).toMatchObject({ healthy: true, problems: [] });
  });
});

describe('the health of automation', () => {
  it('is that of its sensors, apart from the others', async () => {
    instance.locations.splice(
      0,
      1,
      aLocation(
        aManifest({ assets: { a: {} }, sensors: [{ name: 'auto', kind: 'AUTOMATION', jobNames: [] }] }),
      ),
    );
    await wakeUp(instance, settings);
    expect(await healthOf('ASSET')).toMatchObject({ healthy: true });
    clock.jump(10 * MINUTE);
    expect(await healthOf('ASSET')).toMatchObject({ healthy: false });
    expect(await healthOf('SENSOR')).toMatchObject({ healthy: true });
  });
});
