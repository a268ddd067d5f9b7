import fc from 'fast-check';
import type { DataApiDriverOptions } from '../../../lib/adapters/postgres/data-api-driver';
import type { Driver } from '../../../lib/adapters/postgres/driver';
import { checkSchema, migrate } from '../../../lib/adapters/postgres/migrate';
import { MIGRATIONS } from '../../../lib/adapters/postgres/migrations.generated';
import { aRun, aStep } from '../../contracts/storage-builders';
import { startDataApi } from '../../support/aws/data-api/start-data-api';
import { type DataApiHarness, dataApiHarness, testDataApiDriver, WORKER_SECRET } from './data-api-harness';

const open = dataApiHarness();
const drivers: Driver[] = [];
afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()));
});

/** Time that passes only by sleeping. */
function aClock() {
  const sleeps: number[] = [];
  const clock = {
    now: () => sleeps.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms: number) => {
      sleeps.push(ms);
    },
  };
  return { clock, sleeps };
}

async function connect(options: Partial<DataApiDriverOptions> = {}) {
  const harness = await open();
  const database = new URL(harness.database.url).pathname.slice(1);
  const driver = testDataApiDriver(harness.api.url, { database, ...options });
  drivers.push(driver);
  return { ...harness, driver };
}

const executed = ({ api }: Pick<DataApiHarness, 'api'>) => api.calls.Execute ?? 0;

describe('values', () => {
  test('texts, whatever they hold, arrive as they were sent', async () => {
    const { driver } = await connect();
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => value.isWellFormed() && !value.includes('\0'));

    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, fc.constantFrom(":p1 $1 '' \\' $$", null))), async (texts) => {
        const sql = `select json_build_array(${texts.map((_, i) => `$${i + 1}::text`).join(', ')})`;
        expect(await driver.query(sql, texts)).toEqual([texts]);
      }),
      { numRuns: 25 },
    );
  });

  test('numbers, truth values and nulls keep their type', async () => {
    const { driver } = await connect();
    const values = [Number.MAX_SAFE_INTEGER, -1, 0.1, 1e300, true, false, null];

    const answer = await driver.query(
      'select json_build_array($1::bigint, $2::integer, $3::float8, $4::float8, $5::boolean, $6::boolean, $7::bigint)',
      values,
    );

    expect(answer).toEqual([values]);
    await expect(driver.query('select to_json($1::float8)', [Number.NaN])).rejects.toMatchObject({
      fault: 'permanent',
    });
  });

  test('records keep their order; no record, a null record and a statement without records are told apart', async () => {
    const { driver } = await connect();

    expect(await driver.query('select to_json(i) from generate_series(3, 1, -1) i')).toEqual([3, 2, 1]);
    expect(await driver.query('select to_json(1) where false')).toEqual([]);
    expect(await driver.query('select null::json')).toEqual([null]);
    expect(await driver.query("delete from headrace.pools where pool = 'none'")).toEqual([]);
  });
});

describe('limits of the API', () => {
  test('an answer of many times 1 MiB with records of over 64 KB arrives whole, to a worker too', async () => {
    const { driver, ...harness } = await connect({ secretArn: WORKER_SECRET });
    const before = executed(harness);

    const records = await driver.query<string>(
      `select to_json(repeat($1, 20000) || i) from generate_series(1, 30) i`,
      ['"ä😀\\'],
    );

    expect(records).toEqual(Array.from({ length: 30 }, (_, i) => '"ä😀\\'.repeat(20_000) + (i + 1)));
    // 30 × 20,000 × 10 bytes of JSON in parts of 720,000 bytes.
    expect(executed(harness) - before).toBe(9);
  });

  test('a plan and a config that no row of the API could hold come back', async () => {
    const { storage, worker } = await open();
    const steps = Array.from({ length: 2_000 }, (_, i) => aStep({ key: `step_${i}` }));
    const large = aRun({ steps, config: { text: 'x'.repeat(100_000) } });
    await storage.createRuns([large]);
    await storage.claimRuns(1, { maxConcurrentRuns: -1, tagConcurrencyLimits: [] });
    const token = await storage.issueAttemptToken(large.runId, 1);

    const assignment = await worker.startRun({ runId: large.runId, attempt: 1, workerId: 'w', token });

    expect(assignment.plan).toEqual(large.plan);
    expect(assignment.config).toEqual(large.config);
    expect((await storage.getRun(large.runId))?.config).toEqual(large.config);
  });

  test('a backfill of 10,000 runs is one call, even when an answer on the way is lost', async () => {
    const { storage, ...harness } = await open();
    const plan = { steps: [aStep({ key: 's', assets: ['orders'] })], maxConcurrentSteps: null };
    const runs = Array.from({ length: 10_000 }, (_, i) =>
      aRun({
        config: { text: 'y'.repeat(300) },
        plan: { ...plan, partitionKeys: [`p${i}`] },
        origin: { kind: 'backfill', name: 'b', runKey: `p${i}` },
      }),
    );
    const before = executed(harness);

    harness.api.faults.set({ loseExecuteReply: 1 });
    const created = await storage.createRuns(runs);

    expect(created.map(({ runId }) => runId)).toEqual(runs.map(({ runId }) => runId));
    expect(executed(harness) - before).toBeGreaterThan(4);
    expect(harness.api.faults.fired.lostExecuteReply).toBe(1);
    expect(await storage.countRuns({}, 20_000)).toBe(10_000);
    expect(await storage.partitionStates(['orders'])).toEqual([]);
  });

  test('what is too large even in parts is refused with its size', async () => {
    const { driver, ...harness } = await connect();
    const before = executed(harness);
    const texts = Array.from({ length: 100 }, () => 'z'.repeat(60_000));
    const sql = `select to_json(length(concat(${texts.map((_, i) => `$${i + 1}::text`).join(', ')})))`;

    await expect(driver.query(sql, texts)).rejects.toMatchObject({
      fault: 'permanent',
      message: expect.stringMatching(/^A request of 60\d{5} bytes is too large: the Data API takes 4128768/),
    });
    expect(executed(harness)).toBe(before);
  });

  test('parts of over an hour ago are removed; a text whose parts are gone is a failure that passes', async () => {
    const { driver, admin } = await connect();
    await admin.query(
      `insert into headrace.transfers select gen_random_uuid(), 1, 'old', headrace.now_ms() - 3600001`,
    );

    await driver.query(`select to_json(repeat('a', 800000))`);
    const kept = await admin.query(
      `select convert_from(body, 'UTF8') = 'old' as old from headrace.transfers`,
    );

    expect(kept.rows).toEqual([{ old: false }]);
    await expect(
      driver.query('select to_json(headrace.transferred_text(gen_random_uuid(), 2))'),
    ).rejects.toMatchObject({ fault: 'transient', message: expect.stringContaining('2 of the 2 parts') });
  });
});

describe('a database that is paused', () => {
  test('is waited for, with growing pauses', async () => {
    const { clock, sleeps } = aClock();
    const { driver, api } = await connect({ clock });

    api.faults.set({ resumingNext: 5 });
    const answer = await driver.query('select to_json(1)');

    expect(answer).toEqual([1]);
    expect(api.faults.fired.resuming).toBe(5);
    expect(sleeps).toHaveLength(5);
    for (const [i, ms] of sleeps.entries()) {
      const longest = Math.min(4_000, 500 * 2 ** i);
      expect(ms).toBeGreaterThanOrEqual(longest / 2);
      expect(ms).toBeLessThanOrEqual(longest);
    }
  });

  test('is given up as transient when it sleeps on, and the error says that it wakes up', async () => {
    const { clock, sleeps } = aClock();
    const { driver, api } = await connect({ clock, wakeTimeout: 10_000 });

    api.faults.set({ resumingUntil: Number.MAX_SAFE_INTEGER });
    const failure = driver.query('select to_json(1)');

    await expect(failure).rejects.toMatchObject({
      fault: 'transient',
      message: 'The database was asleep and is still waking up after 10 s. Try again in a few seconds.',
    });
    expect(sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(10_000);
    expect(api.faults.fired.resuming).toBe(sleeps.length + 1);
  });
});

describe('faults of the service', () => {
  test.each([
    ['throttled', { throttleNext: 2 }],
    ['unavailable', { unavailableNext: 2 }],
  ] as const)('a call that is %s twice is repeated', async (name, fault) => {
    const { driver, api } = await connect();

    api.faults.set(fault);

    expect(await driver.query('select to_json(1)')).toEqual([1]);
    expect(api.faults.fired[name]).toBe(2);
  });

  test.each([
    ['throttled', { throttleNext: 9 }, 'ThrottlingException'],
    ['unavailable', { unavailableNext: 9 }, 'ServiceUnavailableError'],
    ['lostExecuteReply', { loseExecuteReply: 9 }, 'ECONNRESET|hang up'],
  ] as const)('one that is %s at every attempt fails as transient', async (name, fault, message) => {
    const { driver, api } = await connect({ maxAttempts: 2 });

    api.faults.set(fault);

    await expect(driver.query('select to_json(1)')).rejects.toMatchObject({
      fault: 'transient',
      message: expect.stringMatching(message),
    });
    expect(api.faults.fired[name]).toBe(2);
  });

  test('an API that is not there is transient; one that refuses is permanent', async () => {
    const { api } = await connect();
    const nobody = testDataApiDriver('http://127.0.0.1:1', { maxAttempts: 1 });
    const stranger = testDataApiDriver(api.url, { secretArn: 'headrace' });
    drivers.push(nobody, stranger);

    await expect(nobody.query('select to_json(1)')).rejects.toMatchObject({ fault: 'transient' });
    await expect(stranger.query('select to_json(1)')).rejects.toMatchObject({
      fault: 'permanent',
      message: expect.stringContaining('Invalid secret ARN'),
    });
  });

  test('a statement that takes too long is transient and leaves nothing; a patient driver lets it finish', async () => {
    const { database, admin } = await connect();
    const api = await startDataApi({ databaseUrl: database.url, statementTimeout: 300 });
    const name = new URL(database.url).pathname.slice(1);
    const slow = testDataApiDriver(api.url, { database: name });
    const patient = testDataApiDriver(api.url, { database: name, continueAfterTimeout: true });
    drivers.push(slow, patient);
    const insert = (pool: string) =>
      `insert into headrace.pools (pool, slots) select '${pool}', 1 from pg_sleep(0.6) returning to_json(pool)`;

    for (const [driver, pool] of [
      [slow, 'a'],
      [patient, 'b'],
    ] as const) {
      await expect(driver.query(insert(pool))).rejects.toMatchObject({
        fault: 'transient',
        message: expect.stringContaining('45 s'),
      });
    }

    let pools: unknown[] = [];
    while (pools.length === 0) pools = (await admin.query('select pool from headrace.pools')).rows;
    expect(pools).toEqual([{ pool: 'b' }]);
    await api.stop();
  });

  test("PostgreSQL's errors are told apart by their SQLSTATE", async () => {
    const { driver } = await connect();

    for (const [code, fault, name] of [
      ['08006', 'transient', 'PortError'],
      ['40P01', 'transient', 'PortError'],
      ['57P01', 'transient', 'PortError'],
      ['HR001', 'conflict', 'StaleAttemptError'],
      ['HR002', 'conflict', 'PortError'],
      ['23505', 'conflict', 'PortError'],
      ['HR003', 'permanent', 'PortError'],
      ['22P02', 'permanent', 'PortError'],
    ]) {
      await expect(
        driver.query(`do $$ begin raise exception 'it is; so' using errcode = '${code}', hint = 'h'; end $$`),
      ).rejects.toMatchObject({
        fault,
        name,
        // The service itself answers for a connection that is lost.
        message: expect.stringMatching(code === '57P01' ? /did not answer/ : /^it is; so( \(SQLSTATE|$)/),
      });
    }
  });
});

test('an empty database is migrated', async () => {
  const { admin, api } = await connect();
  await admin.query('drop database if exists data_api_empty');
  await admin.query('create database data_api_empty template template0');
  const superuser = WORKER_SECRET.replace('headrace-worker', 'headrace-migrator');
  const driver = testDataApiDriver(api.url, {
    secretArn: superuser,
    database: 'data_api_empty',
    continueAfterTimeout: true,
  });

  api.faults.set({ loseExecuteReply: 3 });
  const applied = await migrate(driver);

  expect(api.faults.fired.lostExecuteReply).toBe(3);
  expect(applied.map(({ id }) => id)).toEqual(MIGRATIONS.map(({ id }) => id));
  expect(await migrate(driver)).toEqual([]);
  await expect(checkSchema(driver)).resolves.toBeUndefined();
  await driver.close();
  await admin.query('drop database data_api_empty with (force)');
});
