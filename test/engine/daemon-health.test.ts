import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { type DaemonType, daemonHealth } from '../../lib/engine/daemon-health';
import { wakeUp } from '../../lib/engine/wake-up';
import { PortError } from '../../lib/ports/errors';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest, aNode } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const manifest = aManifest({
  jobs: [{ name: 'job', nodes: [aNode('one')] }],
  schedules: [{ name: 'hourly', cron: ['0 * * * *'], jobName: 'job' }],
  sensors: [{ name: 'watch', jobNames: ['job'], minimumIntervalSeconds: 60 }],
});

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
  instance.locations[0] = aLocation(manifest, { updatedAt: START });
  instance.answer = () =>
    ({
      result: { runRequests: [], skipReason: 'nothing', cursor: null, dynamicPartitionsRequests: [] },
      logs: [],
    }) as never;
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

const healthOf = async (type: DaemonType) =>
  (await daemonHealth(instance, settings)).find(({ daemonType }) => daemonType === type);
const unhealthy = async () =>
  (await daemonHealth(instance, settings)).flatMap(({ daemonType, healthy }) =>
    healthy ? [] : [daemonType],
  );
const wake = async () => expect(await wakeUp(instance, settings)).toEqual([]);

it('A daemon that was never there is unhealthy two minutes after it was first needed, without a heartbeat', async () => {
  expect(await healthOf('SCHEDULER')).toMatchObject({ healthy: true, lastHeartbeatAt: null });
  clock.jump(120_000);
  expect(await unhealthy()).toEqual([]);
  clock.jump(1_000);
  expect(await unhealthy()).toEqual(['SENSOR']);
  // 13:00 and two minutes.
  clock.jump(3_600_000 + 120_000 - 30_000 - 121_000);
  expect(await unhealthy()).toEqual(['SENSOR']);
  clock.jump(1_000);
  expect(await healthOf('SCHEDULER')).toMatchObject({
    healthy: false,
    problems: ["'orchestration/hourly' was due at 2026-03-10T13:00:00.000Z and is not evaluated"],
    lastHeartbeatAt: null,
  });
});

it('One that stops is unhealthy within two minutes of being late, keeps its last heartbeat, and comes back', async () => {
  await wake();
  for (const { healthy, lastHeartbeatAt } of await daemonHealth(instance, settings)) {
    expect({ healthy, lastHeartbeatAt }).toEqual({ healthy: true, lastHeartbeatAt: START });
  }
  // The next poll is due in a minute, and two more pass.
  clock.jump(180_000);
  expect(await unhealthy()).toEqual([]);
  clock.jump(1);
  expect(await healthOf('SENSOR')).toMatchObject({ healthy: false, lastHeartbeatAt: START });
  await wake();
  expect(await healthOf('SENSOR')).toMatchObject({ healthy: true, lastHeartbeatAt: START + 180_001 });
});

it('A wake-up that could not look leaves no heartbeat, and looking at health writes none', async () => {
  const broken = {
    ...instance,
    codeLocations: {
      ...instance.codeLocations,
      list: () => Promise.reject(new PortError('transient', 'no database')),
    },
  };
  expect((await wakeUp(broken, settings)).length).toBeGreaterThan(0);
  expect(await healthOf('MONITORING')).toMatchObject({ lastHeartbeatAt: null });
  await wake();
  clock.jump(60_000);
  expect(await healthOf('MONITORING')).toMatchObject({ lastHeartbeatAt: START });
});

it('An alert that nobody takes makes monitoring unhealthy', async () => {
  clock.jump(Date.now() - START);
  instance.locations.length = 0;
  await storage.raiseAlert('stuck', { type: 'queue_stuck', at: clock.now(), seconds: 600 });
  const deaf = {
    ...instance,
    alertPublisher: { publish: () => Promise.reject(new PortError('transient', 'the bus is away')) },
  };
  expect(await wakeUp(deaf, settings)).toEqual([]);
  expect(await unhealthy()).toEqual([]);
  clock.jump(130_000);
  expect(await healthOf('MONITORING')).toMatchObject({
    healthy: false,
    problems: [expect.stringMatching(/^an alert of .* is not delivered$/)],
  });
});
