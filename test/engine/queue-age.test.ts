import { setTimeout as sleep } from 'node:timers/promises';
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

test('A queue that a run has left and ended in within the last minute goes on, also while nothing is in progress', async () => {
  const { storage } = await open();
  const [first, waiting] = [aRun(), aRun()];
  await storage.createRuns([first]);
  await storage.claimRuns(1, settings.runQueue);
  await storage.createRuns([waiting]);
  const created = (await storage.getRun(waiting.runId))?.updatedAt ?? 0;
  // So that the end is later than what waits for it by more than the clock's precision.
  await sleep(10);
  await storage.finalizeAttempt(first.runId, 1, { kind: 'fail', reason: 'RUN_EXCEPTION', cause: 'x' });
  const ended = (await storage.getRun(first.runId))?.updatedAt ?? 0;
  const ageAt = (now: number) => queueAge({ storage, clock: new ManualClock(now) }, settings);

  expect(ended).toBeGreaterThan(created + 1);
  expect([await ageAt(ended + 59_999), await ageAt(ended + 60_001)]).toEqual([0, 60]);
});
