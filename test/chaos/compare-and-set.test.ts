import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import type { NewBackfill } from '../../lib/model/backfill';
import type { Storage } from '../../lib/ports/storage';
import { aRun } from '../contracts/storage-builders';
import { type ChaosDatabase, openChaosDatabase } from './support/chaos-database';

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
