import pg from 'pg';
import { postgresHarness } from './postgres-harness';

const open = postgresHarness();

async function asWorker<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  const { database } = await open();
  const client = new pg.Client(database.workerUrl);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

test("a worker's role reads and writes no table", async () => {
  const { admin } = await open();
  const tables = await admin.query(
    `select c.relname from pg_class c where c.relnamespace = 'headrace'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')`,
  );
  expect(tables.rows.length).toBeGreaterThan(20);

  await asWorker(async (client) => {
    for (const { relname } of tables.rows) {
      await expect(client.query(`select * from headrace.${relname}`)).rejects.toMatchObject({
        code: '42501',
      });
    }
    await expect(client.query('delete from headrace.runs')).rejects.toMatchObject({ code: '42501' });
    await expect(client.query("update headrace.runs set status = 'SUCCESS'")).rejects.toMatchObject({
      code: '42501',
    });
    await expect(client.query('create table headrace.mine (a int)')).rejects.toMatchObject({ code: '42501' });
  });
});

test("a worker's role may call the worker functions and those of transfers, and no other", async () => {
  const { admin } = await open();

  const callable = await admin.query(
    `select p.proname from pg_proc p where p.pronamespace = 'headrace'::regnamespace
       and has_function_privilege('test_worker', p.oid, 'execute') order by 1`,
  );

  expect(callable.rows.map(({ proname }) => proname)).toEqual([
    'answer',
    'append_events',
    'claim_pool_slot',
    'finish_run',
    'get_transfer',
    'heartbeat',
    'put_transfer',
    'release_pool_slot',
    'start_run',
    'suspend_run',
    'suspended_state',
    'transferred_text',
    'worker_asset_events',
    'worker_dynamic_partitions',
    'worker_materializations',
  ]);
  await asWorker(async (client) => {
    const calls = [
      "headrace.claim_runs(1, '{}')",
      'headrace.safe_storage_id()',
      'headrace.run_assignment(gen_random_uuid(), 1)',
    ];
    for (const call of calls) {
      await expect(client.query(`select ${call}`)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

test('functions with the rights of their owner look names up in one fixed place', async () => {
  const { admin } = await open();

  const open_ended = await admin.query(
    `select proname from pg_proc where pronamespace = 'headrace'::regnamespace and prosecdef
       and not coalesce('search_path=headrace, pg_temp' = any (proconfig), false)`,
  );

  expect(open_ended.rows).toEqual([]);
});

test("the control plane's role can do all that storage does, and cannot change the schema", async () => {
  const { admin } = await open();
  await admin.query("create role test_app login password 'test' in role headrace_app").catch((error) => {
    if (error.code !== '42710') throw error;
  });
  const { database } = await open();
  const url = new URL(database.url);
  url.username = 'test_app';
  url.password = 'test';
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    await client.query(`select * from headrace.create_runs('{"plans": [], "runs": []}')`);
    await client.query(
      `select * from headrace.claim_runs(1, '{"maxConcurrentRuns": -1, "tagConcurrencyLimits": []}')`,
    );
    await client.query('select headrace.safe_storage_id()');
    await expect(client.query('drop table headrace.runs')).rejects.toMatchObject({ code: '42501' });
    await expect(client.query('delete from headrace.migrations')).rejects.toMatchObject({ code: '42501' });
    // Entries of the audit log are added and read, by nobody changed.
    for (const change of ['delete from', 'update', 'truncate']) {
      const set = change === 'update' ? " set user_name = 'somebody else'" : '';
      await expect(client.query(`${change} headrace.audit_log${set}`)).rejects.toMatchObject({
        code: '42501',
      });
    }
  } finally {
    await client.end();
  }
});
