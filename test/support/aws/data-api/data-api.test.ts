import type { ExecuteStatementCommandInput, Field } from '@aws-sdk/client-rds-data';
import { WORKER_USER } from '../../test-server';
import { dataApiClient, TARGET } from './data-api-client';

const { run, runOnce, cells, count } = dataApiClient();
const parameter = (value: Field) => ({ parameters: [{ name: 'x', value }] });

describe('parameters', () => {
  test.each<[Field, string]>([
    [{ stringValue: 'a' }, 'text'],
    [{ longValue: 1 }, 'bigint'],
    [{ doubleValue: 1 }, 'double precision'],
    [{ booleanValue: true }, 'boolean'],
    [{ blobValue: new Uint8Array([1, 255]) }, 'bytea'],
  ])('%j is of type %s', async (value, type) => {
    const answer = await cells('select pg_typeof(:x)::text, :x', parameter(value));

    expect(answer).toEqual([{ stringValue: type }, value]);
  });

  test('a column of another type takes a text only by a cast or a type hint', async () => {
    const doc = { name: 'd', value: { stringValue: '{"a": 1}' } };
    const insert = (sql: string, parameters: ExecuteStatementCommandInput['parameters']) =>
      run(`insert into items (doc) values (${sql})`, { parameters });

    await expect(insert(':d', [doc])).rejects.toMatchObject({
      name: 'DatabaseErrorException',
      message: expect.stringContaining('SQLState: 42804'),
    });
    await insert(':d::jsonb', [doc]);
    await insert(':d', [{ ...doc, typeHint: 'JSON' }]);
    expect(await count()).toBe(2);
  });

  test('arrays, hints in another form, names that are missing, and names in dollar quotes are refused', async () => {
    await expect(run('select :x', parameter({ arrayValue: { stringValues: ['a'] } }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(
      run('select :x', { parameters: [{ name: 'x', value: { stringValue: 'soon' }, typeHint: 'DATE' }] }),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(run('select :y')).rejects.toMatchObject({ message: expect.stringContaining('08P01') });
    await expect(run('select $$ :x $$')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('names in strings, identifiers, comments and casts are none', async () => {
    const answer = await cells(
      `select ':x', e'\\':x', 1 as ":x", /* :x /* :y */ */ 2::int -- :x\n, :x`,
      parameter({ longValue: 7 }),
    );

    expect(answer).toEqual([
      { stringValue: ':x' },
      { stringValue: "':x" },
      { longValue: 1 },
      { longValue: 2 },
      { longValue: 7 },
    ]);
  });
});

describe('results', () => {
  test.each<[string, Field]>([
    ['1::int2', { longValue: 1 }],
    ['1.5::float4', { doubleValue: 1.5 }],
    ['1.50::numeric', { stringValue: '1.50' }],
    ['null::text', { isNull: true }],
    ['true', { booleanValue: true }],
    [`'{"a":1}'::jsonb`, { stringValue: '{"a": 1}' }],
    ["'2026-01-02 03:04:05+02'::timestamptz", { stringValue: '2026-01-02 01:04:05' }],
    ["'2026-01-02'::date", { stringValue: '2026-01-02' }],
    ["array['a', null, 'b,\"c']", { arrayValue: { stringValues: ['a', null as unknown as string, 'b,"c'] } }],
    ["'{}'::int[]", { arrayValue: { stringValues: [] } }],
  ])('%s is %j', async (sql, field) => {
    expect(await cells(`select ${sql}`)).toEqual([field]);
  });

  test.each([
    "'1 day'::interval",
    "'(1,2)'::point",
    "'<a/>'::xml",
    'array[[1], [2]]',
    'int4range(1, 2)',
  ])('%s has no form', async (sql) => {
    await expect(run(`select ${sql}`)).rejects.toMatchObject({ name: 'UnsupportedResultException' });
  });

  test('an infinite timestamp is an internal failure', async () => {
    await expect(runOnce("select 'infinity'::timestamptz")).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
  });

  test('a bigint over 2^53 is exact only as text', async () => {
    const sql = 'select 9007199254740993';

    expect(await cells(sql)).toEqual([{ longValue: 9_007_199_254_740_992 }]);
    expect(await cells(sql, { resultSetOptions: { longReturnType: 'STRING' } })).toEqual([
      { stringValue: '9007199254740993' },
    ]);
  });

  test('records as JSON, column metadata and counts', async () => {
    await run("insert into items (name) values ('a')");

    const asJson = await run('select name, doc from items', { formatRecordsAs: 'JSON' });
    const withMetadata = await run('select id, name from items', { includeResultMetadata: true });
    const updated = await run("update items set name = 'b'");

    expect(asJson.formattedRecords).toBe('[{"name":"a","doc":null}]');
    expect(withMetadata.columnMetadata).toMatchObject([
      { name: 'id', typeName: 'int8', isAutoIncrement: true, nullable: 0, tableName: 'items', precision: 19 },
      { name: 'name', typeName: 'text', isAutoIncrement: false, nullable: 1, schemaName: 'public' },
    ]);
    expect(updated.numberOfRecordsUpdated).toBe(1);
  });
});

describe('limits', () => {
  test('64 KB a row, 1 MiB an answer, 4 MiB a request: what is at the limit passes, what is above does not', async () => {
    const text = (length: number, rows: number) =>
      run(`select repeat('x', ${length}) from generate_series(1, ${rows})`);
    const request = (length: number) =>
      run('select length(:x)', parameter({ stringValue: 'x'.repeat(length) }));

    expect((await text(65_536, 15)).records).toHaveLength(15);
    await expect(text(65_537, 1)).rejects.toMatchObject({
      name: 'UnsupportedResultException',
      message: expect.stringContaining('64 KB'),
    });
    await expect(text(65_536, 16)).rejects.toMatchObject({
      name: 'UnsupportedResultException',
      message: expect.stringContaining('1 MB'),
    });
    expect((await request(4_190_000)).records).toEqual([[{ longValue: 4_190_000 }]]);
    await expect(request(4_194_304)).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
  });

  test('several statements, an empty one, COPY and a schema are refused', async () => {
    await expect(run('select 1; select 2')).rejects.toMatchObject({
      message: "Multistatements aren't supported.",
    });
    await expect(run('  ')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(run('copy items to stdout')).rejects.toMatchObject({ name: 'DatabaseErrorException' });
    await expect(run('select 1', { schema: 'public' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect((await run('select 1; -- the end')).records).toHaveLength(1);
  });

  test('a statement that takes too long is stopped', async () => {
    await expect(run("insert into items (name) select 'slow' from pg_sleep(10)")).rejects.toMatchObject({
      name: 'StatementTimeoutException',
      dbConnectionId: expect.any(Number),
    });
    expect(await count()).toBe(0);
  });

  test('outside a transaction nothing of the session stays', async () => {
    for (let i = 0; i < 30; i += 1) {
      await run("set application_name = 'mine'");
      expect(await cells('show application_name')).toEqual([{ stringValue: 'data-api' }]);
    }
  });
});

test('a secret stands for a role; other ARNs are refused', async () => {
  const worker = { secretArn: TARGET.secretArn.replace('admin', 'worker') };

  expect(await cells('select current_user::text', worker)).toEqual([{ stringValue: WORKER_USER }]);
  await expect(run('select * from headrace.runs', worker)).rejects.toThrow('SQLState: 42501');
  await expect(run('select 1', { secretArn: 'mine' })).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(run('select 1', { database: 'nowhere' })).rejects.toThrow('SQLState: 3D000');
});
