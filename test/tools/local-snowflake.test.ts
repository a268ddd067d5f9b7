import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, type SnowflakeFixture, startFixture } from './local-snowflake-fixture';

/** What the development server promises, each seen through the unmodified Node driver. */
let fixture: SnowflakeFixture;
let client: Client;

beforeAll(async () => {
  fixture = await startFixture();
  client = await fixture.connect({ warehouse: 'loading', role: 'loader', queryTag: 'conformance' });
});

afterAll(async () => {
  await fixture.dispose();
});

const run: Client['run'] = (sql, binds) => client.run(sql, binds);

/** Writes a compressed file and puts it on a new stage. */
async function stageFile(stage: string, name: string, text: string): Promise<void> {
  const file = join(fixture.directory, name);
  await writeFile(file, gzipSync(text));
  await run(`CREATE OR REPLACE TEMPORARY STAGE ${stage}`);
  await run(`PUT 'file://${file}' @${stage} AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = GZIP`);
}

describe('the session', () => {
  it('answers with the user, role, warehouse, account and database that the client connected with', async () => {
    const [row] = await run(
      'SELECT CURRENT_USER() U, CURRENT_ROLE() R, CURRENT_WAREHOUSE() W, CURRENT_ACCOUNT() A, CURRENT_DATABASE() D, CURRENT_SCHEMA() S',
    );
    expect(row).toEqual({ U: 'HEADRACE', R: 'LOADER', W: 'LOADING', A: 'LOCAL', D: 'RAW', S: 'PUBLIC' });
  });

  it('follows USE ROLE and USE WAREHOUSE', async () => {
    const other = await fixture.connect();
    await other.run('USE ROLE transformer');
    await other.run('USE WAREHOUSE "mixed"');
    expect(await other.run('SELECT CURRENT_ROLE() R, CURRENT_WAREHOUSE() W')).toEqual([
      { R: 'TRANSFORMER', W: 'mixed' },
    ]);
  });

  it('keeps the query tag of each statement in the query history', async () => {
    await run("SELECT 'tagged' AS WHAT");
    const rows = await run(
      "SELECT QUERY_TAG, EXECUTION_STATUS FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TEXT = 'SELECT ''tagged'' AS WHAT'",
    );
    expect(rows).toEqual([{ QUERY_TAG: 'conformance', EXECUTION_STATUS: 'SUCCESS' }]);
  });

  it('does not create the database that a client names at login', async () => {
    const lost = await fixture.connect({ database: 'NOT_THERE' });
    await expect(lost.run('SELECT * FROM ANYTHING')).rejects.toMatchObject({ code: '090105' });
  });
});

describe('types', () => {
  it('returns numbers, floats, text, booleans, dates, timestamps, variants and nulls as the driver expects them', async () => {
    await run(
      'CREATE OR REPLACE TABLE TYPES (I NUMBER(38,0), N NUMBER(18,4), F FLOAT, T VARCHAR, B BOOLEAN, D DATE, NTZ TIMESTAMP_NTZ, TZ TIMESTAMP_TZ, V VARIANT)',
    );
    await run('INSERT INTO TYPES SELECT ?, ?, ?, ?, ?, ?, ?, ?, PARSE_JSON(?)', [
      ...[7, '12.3456', 1.5, "O'Brien ☃", true],
      ...['2026-01-02', '1965-03-04 05:06:07.089', '2026-01-02T03:04:05.678+02:00', '{"a":{"b":[1,2]}}'],
    ]);
    await run('INSERT INTO TYPES (I) VALUES (8)');
    const [full, empty] = await run('SELECT * FROM TYPES ORDER BY I');
    expect(full).toMatchObject({
      I: 7,
      N: 12.3456,
      F: 1.5,
      T: "O'Brien ☃",
      B: true,
      V: { a: { b: [1, 2] } },
    });
    expect(['D', 'NTZ', 'TZ'].map((name) => new Date(Number(full?.[name])).toISOString())).toEqual([
      '2026-01-02T00:00:00.000Z',
      '1965-03-04T05:06:07.089Z',
      '2026-01-02T01:04:05.678Z',
    ]);
    expect(Object.entries(empty ?? {}).filter(([, value]) => value !== null)).toEqual([['I', 8]]);
  });

  it('casts ISO text with an offset by TO_TIMESTAMP_TZ', async () => {
    const [row] = await run("SELECT TO_TIMESTAMP_TZ('2026-05-06T07:08:09+01:00') AS T");
    expect(new Date(Number(row?.T)).toISOString()).toBe('2026-05-06T06:08:09.000Z');
  });

  it('inserts an array of binds, nulls among them, as one statement', async () => {
    await run('CREATE OR REPLACE TABLE BINDS (ID NUMBER(38,0), NAME VARCHAR, SCORE FLOAT)');
    const rows = Array.from({ length: 1000 }, (_, id) => [id, id % 3 === 0 ? null : `n${id}`, id / 2]);
    expect(await run('INSERT INTO BINDS VALUES (?, ?, ?)', rows)).toEqual([
      { 'number of rows inserted': 1000 },
    ]);
    expect(await run('SELECT COUNT(*) N, COUNT(NAME) C, SUM(SCORE) S FROM BINDS')).toEqual([
      { N: 1000, C: 666, S: 249750 },
    ]);
  });
});

describe('MERGE', () => {
  it('counts inserted, updated and deleted rows, a column for each kind it can do', async () => {
    await run('CREATE OR REPLACE TABLE MERGED (ID NUMBER(38,0), NAME VARCHAR)');
    await run("INSERT INTO MERGED VALUES (1, 'one'), (2, 'two'), (3, 'three')");
    const source =
      "(SELECT 2 AS ID, 'TWO' AS NAME UNION ALL SELECT 3, 'gone' UNION ALL SELECT 4, 'four' UNION ALL SELECT 5, 'five')";
    expect(
      await run(
        `MERGE INTO MERGED T USING ${source} S ON T.ID = S.ID WHEN MATCHED AND S.NAME = 'gone' THEN DELETE WHEN MATCHED THEN UPDATE SET T.NAME = S.NAME WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (S.ID, S.NAME)`,
      ),
    ).toEqual([{ 'number of rows inserted': 2, 'number of rows updated': 1, 'number of rows deleted': 1 }]);
    expect(
      await run(
        'MERGE INTO MERGED T USING (SELECT 9 AS ID) S ON T.ID = S.ID WHEN NOT MATCHED THEN INSERT (ID) VALUES (S.ID)',
      ),
    ).toEqual([{ 'number of rows inserted': 1 }]);
  });
});

describe('MERGE of ambiguous rows', () => {
  it('refuses a source with two rows for one row of the target, as Snowflake does', async () => {
    await run('CREATE OR REPLACE TABLE AMBIGUOUS AS SELECT 1 AS ID, 0 AS N');
    const merge = run(
      'MERGE INTO AMBIGUOUS T USING (SELECT 1 AS ID, 1 AS N UNION ALL SELECT 1, 2) S ON T.ID = S.ID WHEN MATCHED THEN UPDATE SET N = S.N',
    );
    await expect(merge).rejects.toMatchObject({ code: '100090' });
    expect(await run('SELECT N FROM AMBIGUOUS')).toEqual([{ N: 0 }]);
  });
});

describe('RESULT_SCAN', () => {
  it('reads the result of the last query', async () => {
    await run('SELECT 7 AS SEVEN UNION ALL SELECT 8 ORDER BY 1');
    expect(await run('SELECT SUM(SEVEN) AS TOTAL FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))')).toEqual([
      { TOTAL: 15 },
    ]);
  });
});

describe('stages and COPY INTO', () => {
  it('copies CSV with quotes, line breaks, empty strings apart from nulls, and reports each file', async () => {
    await run('CREATE OR REPLACE TABLE CSV (A NUMBER(38,0), B VARCHAR, C FLOAT, D TIMESTAMP_TZ)');
    await stageFile(
      'CSV_STAGE',
      'a.csv.gz',
      '1,"",,2026-01-01T00:00:00.5Z\n2,"x ""q"" \n, y",0.25,\n3,\\N,,\n',
    );
    const report = await run(
      "COPY INTO CSV FROM @CSV_STAGE FILE_FORMAT = (TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"' NULL_IF = () ESCAPE_UNENCLOSED_FIELD = NONE)",
    );
    expect(report).toMatchObject([
      { file: 'csv_stage/a.csv.gz', status: 'LOADED', rows_loaded: 3, errors_seen: 0 },
    ]);
    expect(await run('SELECT A, B, C, D IS NULL AS NO_D FROM CSV ORDER BY A')).toEqual([
      { A: 1, B: '', C: null, NO_D: false },
      { A: 2, B: 'x "q" \n, y', C: 0.25, NO_D: true },
      { A: 3, B: '\\N', C: null, NO_D: true },
    ]);
  });

  it('copies newline-delimited JSON by column name, by path and into a VARIANT', async () => {
    await stageFile('JSON_STAGE', 'b.json.gz', '{"id":1,"Name":"null","n":{"x":1.5}}\n{"id":2,"n":null}\n');
    await run('CREATE OR REPLACE TABLE BY_NAME (ID NUMBER(38,0), NAME VARCHAR, N VARIANT)');
    await run(
      'COPY INTO BY_NAME FROM @JSON_STAGE FILE_FORMAT = (TYPE = JSON) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE',
    );
    expect(await run('SELECT * FROM BY_NAME ORDER BY ID')).toEqual([
      { ID: 1, NAME: 'null', N: { x: 1.5 } },
      { ID: 2, NAME: null, N: null },
    ]);
    await run('CREATE OR REPLACE TABLE BY_PATH (ID NUMBER(38,0), X FLOAT)');
    await run(
      'COPY INTO BY_PATH FROM (SELECT $1:id::INT, $1:n.x::FLOAT FROM @JSON_STAGE) FILE_FORMAT = (TYPE = JSON)',
    );
    expect(await run('SELECT * FROM BY_PATH ORDER BY ID')).toEqual([
      { ID: 1, X: 1.5 },
      { ID: 2, X: null },
    ]);
    await run('CREATE OR REPLACE TABLE AS_VARIANT (V VARIANT)');
    await run('COPY INTO AS_VARIANT FROM @JSON_STAGE FILE_FORMAT = (TYPE = JSON)');
    expect(await run('SELECT V:id::INT AS ID FROM AS_VARIANT ORDER BY 1')).toEqual([{ ID: 1 }, { ID: 2 }]);
  });

  it('does not load a file into the same table twice', async () => {
    await run('CREATE OR REPLACE TABLE ONCE (A VARCHAR)');
    await stageFile('ONCE_STAGE', 'once.csv.gz', 'a\nb\n');
    await run('COPY INTO ONCE FROM @ONCE_STAGE FILE_FORMAT = (TYPE = CSV)');
    expect(await run('COPY INTO ONCE FROM @ONCE_STAGE FILE_FORMAT = (TYPE = CSV)')).toMatchObject([
      { status: 'LOAD_SKIPPED' },
    ]);
    expect(await run('SELECT COUNT(*) N FROM ONCE')).toEqual([{ N: 2 }]);
  });

  it('loads nothing of any file when a value of one does not fit, and names the file', async () => {
    await run('CREATE OR REPLACE TABLE STRICT (A NUMBER(38,0))');
    await stageFile('STRICT_STAGE', 'bad.csv.gz', '1\n2\nthree\n');
    await expect(run('COPY INTO STRICT FROM @STRICT_STAGE FILE_FORMAT = (TYPE = CSV)')).rejects.toMatchObject(
      {
        code: '100038',
        message: expect.stringContaining('bad.csv.gz'),
      },
    );
    expect(await run('SELECT COUNT(*) N FROM STRICT')).toEqual([{ N: 0 }]);
  });

  it('lists and removes staged files', async () => {
    await stageFile('LISTED', 'c.csv.gz', '1\n');
    expect(await run('LIST @LISTED')).toMatchObject([{ name: 'listed/c.csv.gz' }]);
    expect(await run('REMOVE @LISTED')).toEqual([{ name: 'listed/c.csv.gz', result: 'removed' }]);
    expect(await run('LIST @LISTED')).toEqual([]);
  });
});

describe('DDL', () => {
  it('adds columns, and describes them in information_schema and DESCRIBE TABLE', async () => {
    await run('CREATE OR REPLACE TABLE GROWING (ID NUMBER(38,0) NOT NULL, NAME VARCHAR(20))');
    await run('ALTER TABLE GROWING ADD COLUMN IF NOT EXISTS AT TIMESTAMP_TZ, EXTRA VARIANT');
    const described = await run('DESCRIBE TABLE GROWING');
    expect(described.map((row) => `${row.name} ${row.type}`)).toEqual([
      'ID NUMBER(38,0)',
      'NAME VARCHAR(20)',
      'AT TIMESTAMP_TZ(9)',
      'EXTRA VARIANT',
    ]);
    expect(
      await run(
        "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH L FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'GROWING' AND ORDINAL_POSITION < 3 ORDER BY ORDINAL_POSITION",
      ),
    ).toEqual([
      { COLUMN_NAME: 'ID', DATA_TYPE: 'NUMBER', L: null },
      { COLUMN_NAME: 'NAME', DATA_TYPE: 'TEXT', L: 20 },
    ]);
  });

  it('lengthens VARCHAR and NUMBER and refuses every other change of type', async () => {
    await run('CREATE OR REPLACE TABLE WIDENING (A VARCHAR(5), B NUMBER(10,0), C NUMBER(10,2))');
    await run('ALTER TABLE WIDENING ALTER COLUMN A SET DATA TYPE VARCHAR(50)');
    await run('ALTER TABLE WIDENING MODIFY COLUMN B NUMBER(38,0)');
    await run('ALTER TABLE WIDENING ALTER COLUMN C SET DATA TYPE NUMBER(20,2)');
    expect((await run('DESCRIBE TABLE WIDENING')).map((row) => row.type)).toEqual([
      'VARCHAR(50)',
      'NUMBER(38,0)',
      'NUMBER(20,2)',
    ]);
    for (const change of [
      'A SET DATA TYPE VARCHAR(10)',
      'B SET DATA TYPE FLOAT',
      'C SET DATA TYPE NUMBER(20,4)',
      'B SET DATA TYPE VARCHAR',
    ]) {
      await expect(run(`ALTER TABLE WIDENING ALTER COLUMN ${change}`)).rejects.toMatchObject({
        code: '002108',
      });
    }
  });

  it('does not enforce primary and unique keys, as Snowflake does not, but enforces NOT NULL', async () => {
    await run(
      'CREATE OR REPLACE TABLE KEYED (ID NUMBER(38,0) PRIMARY KEY, NAME VARCHAR NOT NULL, UNIQUE (NAME))',
    );
    await run("INSERT INTO KEYED VALUES (1, 'a'), (1, 'a')");
    await expect(run('INSERT INTO KEYED VALUES (2, NULL)')).rejects.toMatchObject({ code: '100072' });
    expect(await run('SELECT COUNT(*) N FROM KEYED')).toEqual([{ N: 2 }]);
  });

  it('drops temporary tables and stages when the session ends', async () => {
    const other = await fixture.connect();
    await other.run('CREATE TEMPORARY TABLE SHORT_LIVED (A NUMBER(38,0))');
    await other.run('CREATE TEMPORARY STAGE SHORT_STAGE');
    expect(await run('SELECT COUNT(*) N FROM SHORT_LIVED')).toEqual([{ N: 0 }]);
    await other.close();
    await expect(run('SELECT * FROM SHORT_LIVED')).rejects.toMatchObject({ code: '002003' });
    await expect(run('LIST @SHORT_STAGE')).rejects.toMatchObject({ code: '002003' });
  });
});

describe('errors', () => {
  it.each([
    ['a missing table', 'SELECT * FROM NOWHERE', '002003', '42S02'],
    ['a missing column', 'SELECT NOPE FROM (SELECT 1 AS A)', '000904', '42000'],
    ['bad syntax', 'SELEC 1', '001003', '42000'],
    ['a missing function', "SELECT NO_SUCH_FUNCTION('a')", '002141', '42601'],
    ['several statements', 'SELECT 1; SELECT 2', '000008', '0A000'],
    ['no statement', '-- nothing', '000900', '42601'],
    ['a missing stage', 'LIST @NO_STAGE', '002003', '02000'],
  ])('reports %s with Snowflake’s code', async (_what, sql, code, sqlState) => {
    await expect(run(sql)).rejects.toMatchObject({ code, sqlState });
  });

  it('ends a statement that the client cancels', async () => {
    const endless = 'SELECT COUNT(*) FROM RANGE(100000000) A, RANGE(100000) B';
    await expect(client.cancelAfter(endless, 300)).rejects.toMatchObject({ code: '000604' });
    expect(await run('SELECT 1 AS ONE')).toEqual([{ ONE: 1 }]);
  });
});
