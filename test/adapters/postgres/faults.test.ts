import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { aRun, aStartedRun, claimAll, SUCCESS, UNLIMITED } from '../../contracts/storage-builders';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

/** Waits until a statement with this text is waiting in the database, and answers its process id. */
async function waitingFor(admin: pg.Client, text: string): Promise<number> {
  for (;;) {
    const found = await admin.query(
      `select pid from pg_stat_activity where datname = current_database() and query like $1 and wait_event_type = 'Lock'`,
      [`%${text}%`],
    );
    if (found.rows[0] !== undefined) return found.rows[0].pid;
    await sleep(10);
  }
}

test('a claim whose connection is killed half way leaves nothing half done', async () => {
  const { storage, database, admin } = await open();
  const runs = Array.from({ length: 5 }, () => aRun());
  await storage.createRuns(runs);
  // The third run is held, so that the claim stops after it has taken two.
  const holder = new pg.Client(database.url);
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from headrace.runs where run_id = $1 for update', [runs[2]?.runId]);
  const dying = createPostgresStorage({ url: database.url });

  const claim = dying.claimRuns(5, UNLIMITED);
  const failure = expect(claim).rejects.toMatchObject({ fault: 'transient' });
  await admin.query('select pg_terminate_backend($1)', [await waitingFor(admin, 'headrace.claim_runs')]);
  await failure;
  await holder.query('rollback');
  await holder.end();
  await dying.close();

  expect(await storage.countRuns({ statuses: ['QUEUED'] })).toBe(5);
  expect((await storage.takeOutbox(10, 60)).map(({ kind }) => kind)).toEqual(['dequeue']);
  expect(await claimAll(storage)).toHaveLength(5);
});

test('claims go on while connections are killed at random: nothing is claimed twice and nothing is lost', async () => {
  const { storage, database, admin } = await open();
  const victim = createPostgresStorage({ url: database.url, maxConnections: 6, applicationName: 'victim' });
  const runs = Array.from({ length: 60 }, () => aRun());
  await storage.createRuns(runs);
  let faults = 0;
  let done = false;
  const killer = async () => {
    while (!done) {
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'victim' and state = 'active' order by random() limit 1`,
      );
      await sleep(5);
    }
  };
  const claimer = async () => {
    while ((await storage.countRuns({ statuses: ['QUEUED'] })) > 0) {
      await victim.claimRuns(1, UNLIMITED).catch((error) => {
        expect(error).toMatchObject({ fault: 'transient' });
        faults += 1;
      });
    }
  };
  const killing = killer();
  await Promise.all(Array.from({ length: 6 }, claimer));
  done = true;
  await killing;
  await victim.close();

  expect(faults).toBeGreaterThan(0);
  expect(await storage.countRuns({ statuses: ['STARTING'] })).toBe(60);
  const starts = (await storage.takeOutbox(1_000, 60)).filter(({ kind }) => kind === 'start-execution');
  expect(new Set(starts.map(({ runId }) => runId)).size).toBe(60);
  expect(starts).toHaveLength(60);
});

test('a claim waits for another one that is under way, and then sees what that one took', async () => {
  const { storage, database, admin } = await open();
  const runs = [aRun(), aRun()];
  await storage.createRuns(runs);
  const first = new pg.Client(database.url);
  await first.connect();
  await first.query('begin');
  await first.query(
    `select * from headrace.claim_runs(1, '{"maxConcurrentRuns": 2, "tagConcurrencyLimits": []}')`,
  );

  const second = storage.claimRuns(5, { maxConcurrentRuns: 2, tagConcurrencyLimits: [] });
  await waitingFor(admin, 'headrace.claim_runs');
  // Enqueued while the second claimer waits: it must not be left behind, nor exceed the limit.
  await storage.createRuns([aRun()]);
  await first.query('commit');
  await first.end();

  expect((await second).map(({ runId }) => runId)).toEqual([runs[1]?.runId]);
});

test('who settles dependencies waits for another one that looked before the end of a run, and then looks anew', async () => {
  const { storage, worker, database, admin } = await open();
  const upstream = await aStartedRun(storage, worker);
  const dependent = aRun({
    dependencies: { mode: 'all', on: [{ runId: upstream.runId, requires: 'success' }] },
  });
  await storage.createRuns([dependent]);
  const first = new pg.Client(database.url);
  await first.connect();
  await first.query('begin');
  expect((await first.query('select headrace.settle_dependencies(0) as changed')).rows[0].changed).toBe(0);
  await worker.finishRun(upstream, SUCCESS);

  const second = storage.settleDependencies(0);
  await waitingFor(admin, 'headrace.settle_dependencies');
  await first.query('commit');
  await first.end();

  expect(await second).toBe(1);
  expect(await claimAll(storage)).toEqual([{ runId: dependent.runId, attempt: 1 }]);
});

test('a claim that waits too long for another gives up as transient', async () => {
  const { storage, database } = await open();
  const first = new pg.Client(database.url);
  await first.connect();
  await first.query('begin');
  await first.query("select pg_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0))");

  await expect(storage.claimRuns(1, UNLIMITED)).rejects.toMatchObject({ fault: 'transient' });

  await first.query('rollback');
  await first.end();
});

test('a database that is not there, or refuses, is told apart', async () => {
  const { database } = await open();
  const nobody = createPgDriver({ url: 'postgresql://a:b@127.0.0.1:1/c' });
  const stranger = createPgDriver({ url: database.url.replace(/\/\/[^@]*@/, '//headrace:wrong@') });
  const wrong = createPgDriver({ url: database.url });

  await expect(nobody.query('select to_json(1)')).rejects.toMatchObject({ fault: 'transient' });
  await expect(stranger.query('select to_json(1)')).rejects.toMatchObject({ fault: 'permanent' });
  await expect(wrong.query('select nonsense')).rejects.toMatchObject({ fault: 'permanent' });
  await expect(wrong.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
    fault: 'transient',
  });

  await Promise.all([nobody.close(), stranger.close(), wrong.close()]);
});

test.each([
  ['08006', 'transient'],
  ['40001', 'transient'],
  ['40P01', 'transient'],
  ['53300', 'transient'],
  ['57P01', 'transient'],
  ['57P03', 'transient'],
  ['HR001', 'conflict'],
  ['HR002', 'conflict'],
  ['23505', 'conflict'],
  ['HR003', 'permanent'],
  ['42501', 'permanent'],
  ['22P02', 'permanent'],
])('SQLSTATE %s is %s', async (code, fault) => {
  const { database } = await open();
  const driver = createPgDriver({ url: database.url, maxConnections: 1 });

  await expect(
    driver.query(`do $$ begin raise exception 'x' using errcode = '${code}'; end $$`),
  ).rejects.toMatchObject({
    fault,
    name: code === 'HR001' ? 'StaleAttemptError' : 'PortError',
  });
  await driver.close();
});
