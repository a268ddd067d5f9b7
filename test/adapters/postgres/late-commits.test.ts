import pg from 'pg';
import { aMaterialization, anEvent, aRun, aStartedRun, SUCCESS } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

/** A writer whose transaction stays open after it took event ids. */
async function openWriter(url: string, sql: string, parameters: readonly unknown[]) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('begin');
  await client.query(sql, [...parameters]);
  return {
    client,
    async commit() {
      await client.query('commit');
      await client.end();
    },
    async rollback() {
      await client.query('rollback');
      await client.end();
    },
  };
}

const report = (key: string) =>
  [
    'select headrace.append_system_events(null, $1::json)',
    [JSON.stringify([aMaterialization(key)])],
  ] as const;

test('followers wait for a writer that took a lower id and has not committed', async () => {
  const { storage, database } = await open();
  await storage.appendSystemEvents(null, [aMaterialization('before')]);
  const late = await openWriter(database.url, ...report('late'));
  await storage.appendSystemEvents(null, [aMaterialization('after')]);
  const follow = () => storage.assetUpdates({ after: 0, keys: ['before', 'late', 'after'], limit: 10 });

  const during = await follow();
  const safeDuring = await storage.safeStorageId();
  await late.commit();
  const afterwards = await follow();

  expect(during.map(({ assetKey }) => assetKey)).toEqual(['before']);
  expect(safeDuring).toBe(during[0]?.storageId);
  expect(afterwards.map(({ assetKey }) => assetKey)).toEqual(['before', 'late', 'after']);
  expect(await storage.safeStorageId()).toBe(afterwards[2]?.storageId);
});

test('also when the one who committed is the older transaction, so that comparing transaction ids would not do', async () => {
  const { storage, database } = await open();
  // The older transaction gets its id first, and its event only after the younger one's.
  const older = await openWriter(database.url, 'select pg_current_xact_id()', []);
  const younger = await openWriter(database.url, ...report('younger'));
  const [sql, parameters] = report('older');
  await older.client.query(sql, [...parameters]);
  await older.commit();

  const during = await storage.assetUpdates({ after: 0, keys: ['older', 'younger'], limit: 10 });
  await younger.commit();
  const afterwards = await storage.assetUpdates({ after: 0, keys: ['older', 'younger'], limit: 10 });

  expect(during).toEqual([]);
  expect(afterwards.map(({ assetKey }) => assetKey)).toEqual(['younger', 'older']);
});

test('a writer that rolls back holds nobody up, nor does a long transaction that writes no event', async () => {
  const { storage, database } = await open();
  const undone = await openWriter(database.url, ...report('undone'));
  const elsewhere = await openWriter(
    database.url,
    "insert into headrace.key_values values ('a', 'b', '1')",
    [],
  );
  await storage.appendSystemEvents(null, [aMaterialization('x')]);
  expect(await storage.assetUpdates({ after: 0, keys: ['x'], limit: 10 })).toEqual([]);

  await undone.rollback();

  expect(await storage.assetUpdates({ after: 0, keys: ['x'], limit: 10 })).toHaveLength(1);
  await elsewhere.rollback();
});

test('run ends are followed under the same rule', async () => {
  const { storage, worker, database } = await open();
  const ref = await aStartedRun(storage, worker);
  const late = await openWriter(database.url, ...report('x'));
  await worker.finishRun(ref, SUCCESS);
  const follow = () =>
    storage.runStatusChanges({
      after: 0,
      statuses: ['SUCCESS'],
      jobs: [{ location: 'shop', jobName: null }],
      limit: 9,
    });

  expect(await follow()).toEqual([]);
  await late.commit();
  expect(await follow()).toHaveLength(1);
});

test('a follower beside many writers sees every event, once', async () => {
  const { storage, worker } = await open();
  const refs = [];
  for (let i = 0; i < 5; i += 1) refs.push(await aStartedRun(storage, worker, aRun()));
  let writing = true;
  const seen: number[] = [];
  const follow = async () => {
    for (let last = 0, rest = 2; rest > 0; ) {
      if (!writing) rest -= 1;
      const updates = await storage.assetUpdates({ after: last, keys: ['x'], limit: 7 });
      seen.push(...updates.map(({ storageId }) => storageId));
      last = seen.at(-1) ?? 0;
      if (updates.length > 0) rest = 2;
    }
  };

  const following = follow();
  await Promise.all(
    refs.map(async (ref) => {
      for (let batch = 0; batch < 30; batch += 1) {
        await worker.appendEvents(ref, batch * 3 + 1, [
          aMaterialization('x'),
          anEvent('STEP_START', {}),
          aMaterialization('x'),
        ]);
      }
    }),
  );
  writing = false;
  await following;

  const stored = await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 1_000 });
  expect(stored).toHaveLength(300);
  expect(seen).toEqual(stored.map(({ storageId }) => storageId).reverse());
});
