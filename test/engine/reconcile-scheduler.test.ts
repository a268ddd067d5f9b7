import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { reconcileScheduler } from '../../lib/engine/reconcile-scheduler';
import { setInstigatorStatus } from '../../lib/engine/set-instigator-status';
import type { InstigatorId } from '../../lib/model/tick';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let instance: TestInstance;
const settings = someSettings();

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  instance = createTestInstance(storage, new ManualClock());
  instance.locations.push(
    aLocation(
      aManifest({
        assets: { a: {} },
        schedules: [
          { name: 'on', cron: ['0 * * * *'], timezone: 'Europe/Berlin', defaultStatus: 'RUNNING' },
          { name: 'off', cron: ['5 * * * *'], defaultStatus: 'STOPPED' },
        ],
        sensors: [
          { name: 'polled', minimumIntervalSeconds: 300, defaultStatus: 'RUNNING' },
          { name: 'automation', kind: 'AUTOMATION', minimumIntervalSeconds: 60, defaultStatus: 'RUNNING' },
        ],
      }),
    ),
  );
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

const schedule = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'schedule', name });
const on = { cron: ['0 * * * *'], timezone: 'Europe/Berlin' };
const off = { cron: ['5 * * * *'], timezone: 'UTC' };
const polled = { minimumIntervalSeconds: 300 };
const automation = { minimumIntervalSeconds: 60 };

describe('reconcileScheduler', () => {
  it('tells the scheduler what is on and can be evaluated, and sets the alarm', async () => {
    await reconcileScheduler(instance, settings);
    expect(instance.timings).toEqual([{ schedules: [on], sensors: [polled, automation] }]);
    expect(instance.alarms).not.toEqual([]);
  });

  it('is what turning a schedule on or off leads to', async () => {
    await setInstigatorStatus(instance, settings, schedule('off'), 'RUNNING');
    await setInstigatorStatus(instance, settings, schedule('on'), 'STOPPED');
    expect(instance.timings.at(-1)).toEqual({ schedules: [off], sensors: [polled, automation] });
  });

  it('tells it again when a state changed while it was told', async () => {
    const { scheduler } = instance;
    const setTimings = scheduler.setTimings.bind(scheduler);
    let changes = 0;
    scheduler.setTimings = async (timings) => {
      if (changes++ === 0) await storage.setInstigatorStatus(schedule('off'), 'RUNNING', 0);
      await setTimings(timings);
    };
    await reconcileScheduler(instance, settings);
    expect(changes).toBe(2);
    expect(instance.timings.at(-1)).toEqual({ schedules: [on, off], sensors: [polled, automation] });
  });
});
