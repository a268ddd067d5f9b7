import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { applyPoolLimits } from '../../lib/engine/apply-pool-limits';
import type { Storage } from '../../lib/ports/storage';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

it('sets the limits that settings name, a default for other pools, and leaves what was set by hand', async () => {
  const instance = createTestInstance(storage);
  const pools = { a: { pool: 'named' }, b: { pool: 'by_hand' }, c: { pool: 'other' } };
  instance.locations.push(aLocation(aManifest({ assets: { a: {}, b: {}, c: {} }, ops: pools })));
  await storage.setPoolLimit('named', 9);
  await storage.setPoolLimit('by_hand', 7);
  const settings = someSettings({ pools: { defaultLimit: 3, limits: { named: 2, unused: 1 } } });
  await applyPoolLimits(instance, settings);
  await applyPoolLimits(instance, settings);
  const limits = (await storage.poolStates()).map(({ pool, limit }) => [pool, limit]);
  expect(Object.fromEntries(limits)).toEqual({ named: 2, by_hand: 7, other: 3, unused: 1 });
});
