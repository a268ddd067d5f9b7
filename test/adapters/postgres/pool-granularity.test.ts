import { expect, test } from '@jest/globals';
import type { RunQueueSettings } from '../../../lib/model/run-queue-settings';
import { aRun, aStartedRun, aStep, launch, SUCCESS, UNLIMITED } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

const BY_RUN: RunQueueSettings = { ...UNLIMITED, poolGranularity: 'run' };
/** Its pool comes second: steps would hold it only then. */
const later = () =>
  aRun({ steps: [aStep({ key: 'free' }), aStep({ key: 'load', dependsOn: ['free'], pool: 'db' })] });
const both = () => aRun({ steps: [aStep({ key: 'a', pool: 'db' }), aStep({ key: 'b', pool: 'api' })] });

test('a run holds a slot of each of its pools from its start to its end, whichever step has them', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const [first, second, other] = [later(), later(), aRun()];
  await storage.createRuns([first, second, other]);

  const claimed = await storage.claimRuns(9, BY_RUN);
  expect(claimed.map(({ runId }) => runId).sort()).toEqual([first.runId, other.runId].sort());
  expect(await storage.claimRuns(9, BY_RUN)).toEqual([]);

  const ref = await launch(storage, first.runId);
  await worker.startRun(ref);
  expect(await storage.claimRuns(9, BY_RUN)).toEqual([]);
  await worker.finishRun(ref, SUCCESS);
  expect((await storage.claimRuns(9, BY_RUN)).map(({ runId }) => runId)).toEqual([second.runId]);
});

test('a run starts only when all of its pools have a slot, and lets those pass that need none of them', async () => {
  const { storage } = await open();
  await storage.setPoolLimit('db', 2);
  await storage.setPoolLimit('api', 1);
  const [one, two, three] = [both(), both(), later()];
  await storage.createRuns([one, two, three]);
  const claimed = await storage.claimRuns(9, BY_RUN);
  expect(claimed.map(({ runId }) => runId)).toEqual([one.runId, three.runId]);
});

test('steps of a run that holds its pools wait for no slot', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const run = aRun({ steps: [aStep({ key: 'a', pool: 'db' }), aStep({ key: 'b', pool: 'db' })] });
  await storage.createRuns([run]);
  await storage.claimRuns(9, BY_RUN);
  const ref = await launch(storage, run.runId);
  await worker.startRun(ref);
  expect(await worker.claimPoolSlot(ref, 'db', 'a')).toEqual({ held: true });
  expect(await worker.claimPoolSlot(ref, 'db', 'b')).toEqual({ held: true });
});

test('the reason of a waiting run names the full pool and who holds it', async () => {
  const { storage } = await open();
  await storage.setPoolLimit('db', 1);
  const [first, second] = [later(), later()];
  await storage.createRuns([first, second]);
  await storage.claimRuns(9, BY_RUN);
  const [wait] = await storage.runWaits([second.runId], 0, 'run');
  expect(wait?.pools).toEqual([{ pool: 'db', limit: 1, used: 1, waiting: 0, holders: [first.runId] }]);
  // By steps nothing holds it back: its first step has no pool.
  expect((await storage.runWaits([second.runId], 0, 'op'))[0]?.pools).toEqual([]);
});

test('slots that steps hold count when the granularity changes', async () => {
  const { storage, worker } = await open();
  await storage.setPoolLimit('db', 1);
  const ref = await aStartedRun(storage, worker, later());
  expect(await worker.claimPoolSlot(ref, 'db', 'load')).toEqual({ held: true });
  await storage.createRuns([later()]);
  expect(await storage.claimRuns(9, BY_RUN)).toEqual([]);
  await worker.finishRun(ref, SUCCESS);
  expect(await storage.claimRuns(9, BY_RUN)).toHaveLength(1);
});
