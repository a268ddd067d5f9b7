import pg from 'pg';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { toRunBatch } from '../../lib/adapters/postgres/to-run-batch';
import type { NewBackfill } from '../../lib/model/backfill';
import type { NewRun } from '../../lib/model/run';
import type { Storage } from '../../lib/ports/storage';
import { aRun, UNLIMITED } from '../contracts/storage-builders';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';
import { waitingFor } from './support/waiting-for';

let database: ChaosDatabase;
let storage: Storage;
beforeAll(async () => {
  database = await openChaosDatabase();
  storage = createPostgresStorage({ driver: database.control });
});
afterAll(() => database.close());

const aBackfill: NewBackfill = {
  backfillId: 'aaaabbbb',
  location: 'shop',
  jobName: 'load',
  locations: ['shop'],
  assetSelection: null,
  config: {},
  tags: {},
  title: null,
  description: null,
  fromFailure: false,
  parentBackfillId: null,
  rootBackfillId: null,
  targets: [{ asset: null, partitions: ['p1', 'p2'] }],
};

test('of those who decided on one version of a backfill the first counts, and the others’ runs are not made', async () => {
  await storage.createBackfill(aBackfill);
  const [{ version } = { version: 0 }] = await storage.listBackfills({ limit: 1 });
  const decide = async (partition: string): Promise<boolean> => {
    const run = aRun({ tags: { 'dagster/backfill': aBackfill.backfillId } });
    return storage.advanceBackfill(aBackfill.backfillId, version, {
      runs: [run],
      requested: [{ asset: null, partitions: [partition], runId: run.runId, status: 'REQUESTED' }],
      nextIterationAt: 0,
    });
  };

  const decisions = await Promise.all(['p1', 'p2', 'p1', 'p2'].map(decide));

  expect(decisions.filter(Boolean)).toHaveLength(1);
  expect(await storage.countRuns({})).toBe(1);
});

describe('whether a failed run is retried', () => {
  async function aFailedRun(): Promise<string> {
    const run = aRun();
    await storage.createRuns([run]);
    await storage.claimRuns(9, UNLIMITED);
    await storage.finalizeAttempt(run.runId, 1, { kind: 'fail', reason: 'UNKNOWN', cause: 'lost' });
    return run.runId;
  }
  const aRetryOf = (runId: string) =>
    aRun({ parentRunId: runId, origin: { kind: 'retry', name: runId, runKey: 'automatic' } });
  const saidOf = async (runId: string) => {
    const tags = (await storage.getRun(runId))?.tags ?? {};
    return [tags['dagster/will_retry'], tags['dagster/auto_retry_run_id']];
  };

  /** Someone decides and has not committed; the other one comes meanwhile, and waits. */
  async function decideBoth(
    runId: string,
    decided: NewRun | null,
    other: NewRun | null,
  ): Promise<string | null> {
    const first = new pg.Client(database.url);
    await first.connect();
    await first.query('begin');
    await first.query('select headrace.decide_retry($1, $2)', [
      runId,
      decided === null ? null : JSON.stringify(toRunBatch([decided])),
    ]);
    const second = storage.decideRetry(runId, other);
    await waitingFor(database.admin, 'headrace.decide_retry', { lock: 'any' });
    await first.query('commit');
    await first.end();
    return second;
  }

  test('is decided once: who comes second to say that it is not hears of the retry', async () => {
    const runId = await aFailedRun();
    const retry = aRetryOf(runId);

    expect(await decideBoth(runId, retry, null)).toBe(retry.runId);
    expect(await saidOf(runId)).toEqual(['true', retry.runId]);
  });

  test('is decided once: who comes second with a retry makes none where it was declined, or made', async () => {
    const declined = await aFailedRun();
    const retried = await aFailedRun();
    const retry = aRetryOf(retried);
    const before = await storage.countRuns({});

    expect(await decideBoth(declined, null, aRetryOf(declined))).toBeNull();
    expect(await decideBoth(retried, retry, aRetryOf(retried))).toBe(retry.runId);
    expect(await saidOf(declined)).toEqual(['false', undefined]);
    expect(await saidOf(retried)).toEqual(['true', retry.runId]);
    expect(await storage.countRuns({})).toBe(before + 1);
  });

  test('is decided still where somebody said so and died before the retry was made, or made it and did not say so', async () => {
    const [said, made] = [await aFailedRun(), await aFailedRun()];
    const [late, early] = [aRetryOf(said), aRetryOf(made)];
    await storage.addRunTags(said, { 'dagster/will_retry': 'true' });
    await storage.createRuns([early]);
    expect(await storage.undecidedFailures(1, 9)).toEqual(expect.arrayContaining([said, made]));

    expect(await storage.decideRetry(said, late)).toBe(late.runId);
    expect(await storage.decideRetry(made, null)).toBe(early.runId);

    expect([await saidOf(said), await saidOf(made)]).toEqual([
      ['true', late.runId],
      ['true', early.runId],
    ]);
    const undecided = await storage.undecidedFailures(1, 9);
    expect(undecided).not.toContain(said);
    expect(undecided).not.toContain(made);
  });

  test('is not decided of a run that has not failed', async () => {
    const run = aRun();
    await storage.createRuns([run]);

    expect(await storage.decideRetry(run.runId, aRetryOf(run.runId))).toBeNull();
    expect(await saidOf(run.runId)).toEqual([undefined, undefined]);
  });
});
