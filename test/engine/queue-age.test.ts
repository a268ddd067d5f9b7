import { queueAge } from '../../lib/engine/queue-age';
import { defaultInstanceSettings } from '../../lib/settings/instance-settings';
import { postgresHarness } from '../adapters/postgres/postgres-harness';
import { aRun } from '../contracts/storage-builders';
import { ManualClock } from '../support/manual-clock';

const open = postgresHarness();
const settings = defaultInstanceSettings();

test('The age of the oldest queued run is told in steps, while nothing is in progress that it may wait for', async () => {
  const { storage } = await open();
  const clock = new ManualClock();
  const age = (minutes: number, limits = settings) => {
    clock.jump(Date.now() + minutes * 60_000 - clock.now());
    return queueAge({ storage, clock }, limits);
  };
  expect(await age(60)).toBe(0);
  await storage.createRuns([aRun(), aRun()]);

  expect([await age(0), await age(1.5), await age(11), await age(26 * 60)]).toEqual([0, 60, 600, 86_400]);
  const none = { ...settings, runQueue: { ...settings.runQueue, maxConcurrentRuns: 0 } };
  expect(await age(11, none)).toBe(0);
  await storage.claimRuns(1, settings.runQueue);
  expect(await age(11)).toBe(0);
});
