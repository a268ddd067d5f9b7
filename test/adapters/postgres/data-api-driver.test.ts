import fc from 'fast-check';
import { migrate } from '../../../lib/adapters/postgres/migrate';
import { MIGRATIONS } from '../../../lib/adapters/postgres/migrations.generated';
import { aRun, aStep } from '../../contracts/storage-builders';
import { type DataApiHarness, dataApiConnections, dataApiHarness, WORKER_SECRET } from './data-api-harness';

const open = dataApiHarness();
const connect = dataApiConnections(open);

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
        // Another for each run: what runs have in common is sent once.
        config: { text: String(i).padEnd(300, 'y') },
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

test('an empty database is migrated', async () => {
  const { admin, api } = await connect();
  await admin.query('drop database if exists data_api_empty');
  await admin.query('create database data_api_empty template template0');
  const superuser = WORKER_SECRET.replace('headrace-worker', 'headrace-migrator');
  const { driver } = await connect({
    secretArn: superuser,
    database: 'data_api_empty',
    continueAfterTimeout: true,
  });

  api.faults.set({ loseExecuteReply: 3 });
  const applied = await migrate(driver);

  expect(api.faults.fired.lostExecuteReply).toBe(3);
  expect(applied.map(({ id }) => id)).toEqual(MIGRATIONS.map(({ id }) => id));
  expect(await migrate(driver)).toEqual([]);
  await admin.query('drop database data_api_empty with (force)');
});
