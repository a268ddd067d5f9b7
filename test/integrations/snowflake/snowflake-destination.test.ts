import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceRecord } from '../../../lib/ingestion/batch';
import type { WriteDisposition } from '../../../lib/ingestion/destination';
import type { SnowflakeConfig } from '../../../lib/integrations/snowflake/config';
import {
  SnowflakeAuthenticationError,
  SnowflakeConfigError,
  SnowflakeConflictError,
  SnowflakeRecordError,
  SnowflakeSchemaError,
  SnowflakeStatementError,
} from '../../../lib/integrations/snowflake/errors';
import {
  createSnowflakeDestination,
  type SnowflakeDestination,
} from '../../../lib/integrations/snowflake/snowflake-destination';
import { type SnowflakeFixture, startFixture } from '../../tools/local-snowflake-fixture';
import { arraySource } from './array-source';

let fixture: SnowflakeFixture;
let config: SnowflakeConfig;
let snowflake: SnowflakeDestination;
let table: string;
let tables = 0;

beforeAll(async () => {
  fixture = await startFixture();
  config = {
    account: fixture.server.account,
    username: fixture.server.user,
    privateKeyFile: fixture.keys.privateKeyFile,
    database: 'RAW',
    accessUrl: fixture.server.url,
    temporaryDirectory: fixture.directory,
  };
  snowflake = destination();
});

beforeEach(() => {
  table = `loads.t${tables++}`;
});

afterAll(async () => {
  await snowflake.close();
  await fixture.dispose();
});

function destination(runId = 'run-1'): SnowflakeDestination {
  return createSnowflakeDestination(config, {
    runId,
    tags: { step: 'a_step' },
    now: () => new Date(),
    newId: randomUUID,
  });
}

const MERGE: WriteDisposition = { kind: 'merge' };

const rows = (order = 'ID') => snowflake.query(`SELECT * FROM ${table} ORDER BY ${order}`);
const types = async () =>
  Object.fromEntries(
    (await snowflake.query<{ name: string; type: string }>(`DESCRIBE TABLE ${table}`)).map((c) => [
      c.name,
      c.type,
    ]),
  );

function load(
  records: readonly SourceRecord[],
  write: WriteDisposition = MERGE,
  primaryKey: readonly string[] = ['id'],
) {
  return snowflake.load({ source: arraySource([records], { primaryKey }), table, write });
}

describe('merging', () => {
  it('inserts new keys, updates known ones, and counts both', async () => {
    expect(
      await load([
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ]),
    ).toMatchObject({
      table: expect.stringMatching(/^RAW\.LOADS\.T\d+$/),
      ...{ rows: 2, inserted: 2, updated: 0, deleted: 0 },
    });
    expect(
      await load([
        { id: 2, name: 'B' },
        { id: 3, name: 'c' },
      ]),
    ).toMatchObject({ rows: 2, inserted: 1, updated: 1 });
    expect(await rows()).toEqual([
      { ID: 1, NAME: 'a' },
      { ID: 2, NAME: 'B' },
      { ID: 3, NAME: 'c' },
    ]);
  });

  it('keeps the last of the records with the same key', async () => {
    const source = arraySource([
      [
        { id: 1, n: 1 },
        { id: 1, n: 2 },
      ],
      [
        { id: 2, n: 5 },
        { id: 1, n: 3 },
      ],
    ]);
    expect(await snowflake.load({ source, table, write: MERGE })).toMatchObject({
      rows: 4,
      inserted: 2,
      updated: 0,
    });
    expect(await rows()).toEqual([
      { ID: 1, N: 3 },
      { ID: 2, N: 5 },
    ]);
  });

  it('merges by several keys, also when they are the only columns', async () => {
    const both = ['a', 'b'];
    await load(
      [
        { a: 1, b: 'x' },
        { a: 1, b: 'y' },
      ],
      MERGE,
      both,
    );
    expect(
      await load(
        [
          { a: 1, b: 'y' },
          { a: 2, b: 'x' },
        ],
        MERGE,
        both,
      ),
    ).toMatchObject({ inserted: 1, updated: 0 });
    expect(await rows('A, B')).toEqual([
      { A: 1, B: 'x' },
      { A: 1, B: 'y' },
      { A: 2, B: 'x' },
    ]);
  });

  it('refuses a record without its key, names its position, and loads nothing', async () => {
    await load([{ id: 1 }]);
    const failed = snowflake.load({
      source: arraySource([[{ id: 2 }], [{ id: 3 }, { id: null, name: 'x' }]]),
      table,
      write: MERGE,
    });
    await expect(failed).rejects.toBeInstanceOf(SnowflakeRecordError);
    await expect(failed).rejects.toMatchObject({
      position: 2,
      message: expect.stringMatching(/Record 3 .*"id".*"name":"x"/),
    });
    expect(await rows()).toEqual([{ ID: 1 }]);
  });

  it('refuses to merge a source without a primary key', async () => {
    await expect(load([{ a: 1 }], MERGE, [])).rejects.toThrow(/no primary key/);
  });
});

describe('replacing and appending', () => {
  it('replaces the whole table', async () => {
    await load([{ id: 1 }, { id: 2 }]);
    expect(await load([{ id: 3 }], { kind: 'replace' })).toMatchObject({ inserted: 1, deleted: 2 });
    expect(await rows()).toEqual([{ ID: 3 }]);
    expect(await load([], { kind: 'replace' })).toMatchObject({ rows: 0, inserted: 0, deleted: 1 });
  });

  it.each([
    ['with', ['id']],
    ['without', []],
  ] as const)('replaces a partition, %s a primary key, however often', async (_how, key) => {
    const monday: WriteDisposition = { kind: 'replace-partition', partition: "it's monday" };
    await load([{ id: 1 }, { id: 2 }], monday, key);
    await load([{ id: 3 }], { kind: 'replace-partition', partition: 'tuesday' }, key);
    for (let i = 0; i < 2; i++) {
      expect(await load([{ id: 2 }, { id: 4 }], monday, key)).toMatchObject({ inserted: 2, deleted: 2 });
    }
    expect(await rows()).toEqual([
      { ID: 2, _HEADRACE_PARTITION: "it's monday" },
      { ID: 3, _HEADRACE_PARTITION: 'tuesday' },
      { ID: 4, _HEADRACE_PARTITION: "it's monday" },
    ]);
  });

  it('replaces a window of time', async () => {
    const window: WriteDisposition = {
      kind: 'replace-window',
      column: 'at',
      start: '2026-01-02T00:00:00Z',
      end: '2026-01-03T00:00:00Z',
    };
    await load([
      { id: 1, at: '2026-01-01T23:59:59Z' },
      { id: 2, at: '2026-01-02T00:00:00Z' },
      { id: 3, at: '2026-01-03T00:00:00Z' },
    ]);
    expect(await load([{ id: 9, at: '2026-01-02T12:00:00+02:00' }], window, [])).toMatchObject({
      inserted: 1,
      deleted: 1,
    });
    expect((await rows()).map((row) => row.ID)).toEqual([1, 3, 9]);
  });

  it.each([
    ['instants', '2026-01-02T08:00:00Z', 'TIMESTAMP_TZ(9)'],
    ['days', '2026-01-02', 'DATE'],
    ['numbers', 20_260_102, 'NUMBER(38,0)'],
  ])('empties a window of %s that has no records any more', async (_, at, type) => {
    const [start, end] =
      typeof at === 'number'
        ? ['20260102', '20260103']
        : type === 'DATE'
          ? ['2026-01-02', '2026-01-03']
          : ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];
    await load([{ id: 1, at }]);
    expect((await types()).AT).toBe(type);
    const window: WriteDisposition = { kind: 'replace-window', column: 'at', start, end };
    expect(await load([], window, [])).toMatchObject({ inserted: 0, deleted: 1 });
    expect(await rows()).toEqual([]);
  });

  it('refuses records outside the window when no key would keep them single', async () => {
    const window: WriteDisposition = {
      kind: 'replace-window',
      column: 'day',
      start: '2026-01-02',
      end: '2026-01-03',
    };
    await expect(
      load([{ day: '2026-01-02' }, { day: '2026-01-03' }, { day: null }], window, []),
    ).rejects.toThrow(/2 records .* DAY outside the window \[2026-01-02, 2026-01-03\)/);
    await expect(load([{ other: 1 }], window, [])).rejects.toBeInstanceOf(SnowflakeSchemaError);
  });

  it('appends only with a cursor, and continues from it', async () => {
    const append: WriteDisposition = { kind: 'append' };
    await expect(load([{ id: 1 }], append, [])).rejects.toThrow(/no cursor/);
    const [first, second] = [
      arraySource([[{ id: 1 }]], { primaryKey: [], cursor: { at: 1 } }),
      arraySource([[{ id: 1 }]], { primaryKey: [], cursor: { at: 2 } }),
    ];
    await snowflake.load({ source: first, table, write: append });
    expect(await snowflake.load({ source: second, table, write: append })).toMatchObject({
      cursor: { at: 2 },
      inserted: 1,
    });
    expect([first.askedFrom, second.askedFrom]).toEqual([[undefined], [{ at: 1 }]]);
    expect(await rows()).toEqual([{ ID: 1 }, { ID: 1 }]);
  });
});

describe('cursors', () => {
  it('stores the cursor with the rows and hands it to the next incremental read, not to a replacing one', async () => {
    const source = (cursor: number) => arraySource([[{ id: cursor }]], { cursor });
    const [one, two, all, three] = [source(1), source(2), source(7), source(3)];
    await snowflake.load({ source: one, table, write: MERGE });
    await snowflake.load({ source: two, table, write: MERGE });
    await snowflake.load({ source: all, table, write: { kind: 'replace' } });
    await snowflake.load({ source: three, table, write: MERGE });
    expect([one, two, all, three].map((s) => s.askedFrom)).toEqual([[undefined], [1], [undefined], [7]]);
  });

  it('loads nothing and says so when another load was committed in between', async () => {
    await snowflake.load({ source: arraySource([[{ id: 1 }]], { cursor: 1 }), table, write: MERGE });
    const slow = arraySource([[{ id: 2 }]], { cursor: 2 });
    const overtaken: typeof slow = {
      ...slow,
      async *read(options) {
        yield* slow.read(options);
        await snowflake.load({ source: arraySource([[{ id: 3 }]], { cursor: 3 }), table, write: MERGE });
      },
    };
    const failed = snowflake.load({ source: overtaken, table, write: MERGE });
    await expect(failed).rejects.toBeInstanceOf(SnowflakeConflictError);
    await expect(failed).rejects.toMatchObject({ transient: true });
    expect(await rows()).toEqual([{ ID: 1 }, { ID: 3 }]);
  });

  it('stores no cursor when the load fails', async () => {
    const broken = arraySource([[{ id: 1 }], [{ id: null }]], { cursor: 1 });
    await expect(snowflake.load({ source: broken, table, write: MERGE })).rejects.toBeInstanceOf(
      SnowflakeRecordError,
    );
    const next = arraySource([[{ id: 1 }]], { cursor: 1 });
    await snowflake.load({ source: next, table, write: MERGE });
    expect(next.askedFrom).toEqual([undefined]);
  });
});

describe('columns and types', () => {
  it('infers types from the records', async () => {
    await load([
      {
        id: 1,
        ok: true,
        n: 1,
        f: 1.5,
        day: '2026-01-02',
        at: '2026-01-02T03:04:05Z',
        local: '2026-01-02T03:04:05.5',
        text: 'x',
        nested: { a: [1] },
        nothing: null,
      },
      {
        id: 2,
        ok: null,
        n: null,
        f: 2,
        day: null,
        at: null,
        local: null,
        text: '',
        nested: [],
        nothing: null,
      },
    ]);
    expect(await types()).toEqual({
      ...{
        ID: 'NUMBER(38,0)',
        OK: 'BOOLEAN',
        N: 'NUMBER(38,0)',
        F: 'FLOAT',
        DAY: 'DATE',
        AT: 'TIMESTAMP_TZ(9)',
      },
      ...{ LOCAL: 'TIMESTAMP_NTZ(9)', TEXT: 'VARCHAR(16777216)', NESTED: 'VARIANT' },
    });
    expect((await rows())[1]).toMatchObject({
      ID: 2,
      OK: null,
      N: null,
      F: 2,
      DAY: null,
      TEXT: '',
      NESTED: [],
    });
  });

  it('reads back what was written: any text, numbers and nested values', async () => {
    const record = fc.record({
      text: fc.option(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('', ' ', '"', '\\N', 'a,b', '\r\n', '\\', "'", 'null', '2026-02-30', 'true', '1e5'),
        ),
        { nil: null },
      ),
      int: fc.option(fc.maxSafeInteger(), { nil: null }),
      float: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }), {
        nil: null,
      }),
      nested: fc.option(
        fc.dictionary(
          fc.stringMatching(/^[a-z"',]{1,5}$/),
          fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        ),
        { nil: null },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), async (records) => {
        // The last row fixes the types, so that each column is compared as what it is.
        const written = [...records, { text: 'x', int: 1, float: 0.5, nested: { a: 1 } }].map(
          (fields, id) => ({ id, ...fields }),
        );
        table = `loads.t${tables++}`;
        await load(written, { kind: 'replace' });
        const read = await snowflake.query(`SELECT ID, TEXT, INT, FLOAT, NESTED FROM ${table} ORDER BY ID`);
        expect(
          read.map((row) => ({
            id: row.ID,
            text: row.TEXT,
            int: row.INT,
            float: row.FLOAT,
            nested: row.NESTED,
          })),
        ).toEqual(
          written.map((row) => ({
            ...row,
            int: row.int === null ? null : row.int + 0,
            float: row.float === null ? null : row.float + 0,
          })),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('adds columns that appear later, within a load and between loads', async () => {
    const source = arraySource([[{ id: 1 }], [{ id: 2, b: 'x' }], [{ id: 3, c: true }]]);
    expect((await snowflake.load({ source, table, write: MERGE })).schemaChanges).toEqual([
      'ID NUMBER(38,0) (added)',
      'B VARCHAR (added)',
      'C BOOLEAN (added)',
    ]);
    expect((await load([{ id: 3, d: 1.5 }])).schemaChanges).toEqual(['D FLOAT (added)']);
    expect(await rows()).toEqual([
      { ID: 1, B: null, C: null, D: null },
      { ID: 2, B: 'x', C: null, D: null },
      { ID: 3, B: null, C: true, D: 1.5 },
    ]);
  });

  it.each([
    ['integers that become floats', 7, 7.5, 'FLOAT', 7, 7.5],
    ['numbers that become text', 7, 'x', 'VARCHAR(16777216)', '7', 'x'],
    ['booleans that become numbers', true, 1, 'VARCHAR(16777216)', 'true', '1'],
    ['text that becomes nested', 'x', { a: 1 }, 'VARCHAR(16777216)', 'x', '{"a":1}'],
    ['integers that become nested', 7, { a: 1 }, 'VARIANT', 7, { a: 1 }],
  ] as const)('widens a column of the table: %s', async (_what, before, after, type, readBefore, readAfter) => {
    await load([{ id: 1, v: before }]);
    await load([{ id: 2, v: after }]);
    expect((await types()).V).toBe(type);
    expect((await rows()).map((row) => row.V)).toEqual([readBefore, readAfter]);
  });

  it('makes a column VARIANT that holds scalars and nested values in one load, whichever comes first', async () => {
    await snowflake.load({
      source: arraySource([
        [
          { id: 1, v: 5 },
          { id: 2, v: 's' },
        ],
        [
          { id: 3, v: [1] },
          { id: 4, v: 6 },
        ],
      ]),
      table,
      write: MERGE,
    });
    expect((await types()).V).toBe('VARIANT');
    expect((await rows()).map((row) => row.V)).toEqual(['5', 's', [1], 6]);
  });

  it('lengthens VARCHAR and NUMBER of an existing table only when a value needs it', async () => {
    await snowflake.execute('CREATE SCHEMA IF NOT EXISTS LOADS');
    await snowflake.execute(`CREATE TABLE ${table} (ID NUMBER(5,0), NAME VARCHAR(50), AMOUNT NUMBER(10,2))`);
    expect((await load([{ id: 99_999, name: 'short', amount: 1.239 }])).schemaChanges).toEqual([]);
    expect((await load([{ id: 100_000, name: 'x'.repeat(51), amount: 2 }])).schemaChanges).toEqual([
      'ID NUMBER(38,0) (was NUMBER(5,0))',
      'NAME VARCHAR (was VARCHAR(50))',
    ]);
    expect((await rows()).map((row) => row.AMOUNT)).toEqual([1.24, 2]);
  });

  it('finishes a change of type that was interrupted', async () => {
    await load([{ id: 1, a: 1, b: 1 }]);
    await snowflake.execute(`ALTER TABLE ${table} ADD COLUMN A__HEADRACE_NEW FLOAT`);
    await snowflake.execute(`ALTER TABLE ${table} RENAME COLUMN B TO B__HEADRACE_NEW`);
    await load([{ id: 2, a: 2.5, b: 2 }]);
    expect(await rows()).toEqual([
      { ID: 1, B: 1, A: 1 },
      { ID: 2, B: 2, A: 2.5 },
    ]);
  });

  it('creates columns with the types that the user gives', async () => {
    const columns = { amount: 'number(18,4)', CODE: 'VARCHAR(3)', later: 'DATE' };
    await snowflake.load({
      source: arraySource([[{ id: 1, amount: 1, code: 7 }]]),
      table,
      write: MERGE,
      columns,
    });
    expect(await types()).toMatchObject({ AMOUNT: 'NUMBER(18,4)', CODE: 'VARCHAR(3)', LATER: 'DATE' });
    expect(await rows()).toMatchObject([{ AMOUNT: 1, CODE: '7' }]);
  });

  it('takes reserved words and odd characters as column names, and refuses two keys for one column', async () => {
    await load([{ id: 1, order: 1, 'a-b c': 2, '1st': 3, é: 4 }]);
    expect(await rows()).toEqual([{ ID: 1, ORDER: 1, A_B_C: 2, _1ST: 3, _: 4 }]);
    await expect(load([{ id: 1, aB: 1, AB: 2 }])).rejects.toThrow(/"aB" and "AB", which are both column AB/);
  });
});

describe('what a load leaves', () => {
  it('leaves no files, stages or staging tables, whether it succeeds or fails', async () => {
    await load([{ id: 1 }]);
    await expect(load([{ id: null }])).rejects.toThrow();
    expect(
      (await readdir(fixture.directory)).filter((name) => name.startsWith('headrace-snowflake')),
    ).toEqual([]);
    expect(
      await snowflake.query(
        "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME LIKE 'HEADRACE%'",
      ),
    ).toEqual([]);
    expect(await snowflake.query('SHOW STAGES IN DATABASE RAW')).toEqual([]);
  });

  it('tags every statement with the run and the step', async () => {
    await destination('run-tagged').load({ source: arraySource([[{ id: 1 }]]), table, write: MERGE });
    const tagged = await snowflake.query<{ QUERY_TAG: string; QUERY_TEXT: string }>(
      `SELECT QUERY_TAG, QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TAG LIKE '%run-tagged%'`,
    );
    expect(tagged.map((row) => row.QUERY_TEXT.slice(0, 5))).toEqual(
      expect.arrayContaining(['COPY ', 'MERGE', 'BEGIN', 'COMMI']),
    );
    expect(JSON.parse(tagged[0]?.QUERY_TAG ?? '')).toEqual({
      app: 'headrace',
      run: 'run-tagged',
      step: 'a_step',
    });
  });

  it('changes the table’s columns before the transaction, because DDL would commit it', async () => {
    await load([{ id: 1 }]);
    await destination('run-order').load({
      source: arraySource([[{ id: 2, added: 'x' }]], { cursor: 1 }),
      table,
      write: MERGE,
    });
    const texts = await snowflake.query<{ QUERY_TEXT: string }>(
      `SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TAG LIKE '%run-order%' ORDER BY START_TIME`,
    );
    const statements = texts.map((row) => row.QUERY_TEXT);
    const [begin, commit] = [statements.indexOf('BEGIN'), statements.indexOf('COMMIT')];
    expect(statements.slice(begin + 1, commit).map((text) => text.split(' ')[0])).toEqual([
      'UPDATE',
      'MERGE',
    ]);
    expect(statements.slice(0, begin).some((text) => text.startsWith('ALTER TABLE'))).toBe(true);
  });

  it('stops when it is cancelled, and loads nothing', async () => {
    const abort = new AbortController();
    const source = arraySource([[{ id: 1 }], [{ id: 2 }]]);
    const cancelled: typeof source = {
      ...source,
      async *read(options) {
        yield* source.read(options);
        abort.abort(new Error('cancelled by the user'));
      },
    };
    await expect(
      snowflake.load({ source: cancelled, table, write: MERGE, signal: abort.signal }),
    ).rejects.toThrow('cancelled by the user');
    await expect(rows()).rejects.toMatchObject({ code: '002003' });
  });

  it('passes on what the source throws', async () => {
    const source: ReturnType<typeof arraySource> = {
      ...arraySource([]),
      async *read() {
        yield { records: [{ id: 1 }] };
        throw new RangeError('page 2 is broken');
      },
    };
    await expect(snowflake.load({ source, table, write: MERGE })).rejects.toThrow(RangeError);
  });
});

describe('errors', () => {
  it('carries code, SQL state, query id and the statement', async () => {
    const failed = snowflake.query('SELECT * FROM NOT_HERE');
    await expect(failed).rejects.toBeInstanceOf(SnowflakeStatementError);
    await expect(failed).rejects.toMatchObject({
      ...{ code: '002003', sqlState: '42S02', statement: 'SELECT * FROM NOT_HERE', transient: false },
      queryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('says what to check when the login is refused', async () => {
    const wrong = createSnowflakeDestination(
      { ...config, username: 'nobody' },
      { runId: 'r', now: () => new Date(), newId: randomUUID },
    );
    const failed = wrong.query('SELECT 1');
    await expect(failed).rejects.toBeInstanceOf(SnowflakeAuthenticationError);
    await expect(failed).rejects.toThrow(/NOBODY.*RSA_PUBLIC_KEY/);
  });

  it('refuses a password, and a configuration without or with two keys, before anything is sent', () => {
    const make = (change: object) => () =>
      createSnowflakeDestination(
        { ...config, ...change },
        { runId: 'r', now: () => new Date(), newId: randomUUID },
      );
    expect(make({ password: 'x' })).toThrow(/key-pair authentication only/);
    expect(make({ privateKeyFile: undefined })).toThrow(/it has neither/);
    expect(make({ privateKey: 'pem' })).toThrow(/it has both/);
    expect(make({ account: '' })).toThrow(SnowflakeConfigError);
  });
});
