import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type SnowflakeFixture, startFixture } from './local-snowflake-fixture';

const PROJECT = fileURLToPath(new URL('../fixtures/dbt-tiny', import.meta.url));

let fixture: SnowflakeFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(async () => {
  await fixture.dispose();
});

function dbtBuild(...args: string[]): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(
    join(fixture.python.bin, 'dbt'),
    [
      '--no-use-colors',
      'build',
      '--target-path',
      join(fixture.directory, 'target'),
      '--log-path',
      fixture.directory,
      ...args,
    ],
    {
      cwd: PROJECT,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: fixture.directory,
        DBT_PROFILES_DIR: PROJECT,
        SNOWFLAKE_ACCOUNT: fixture.server.account,
        SNOWFLAKE_USER: fixture.server.user,
        SNOWFLAKE_PRIVATE_KEY_PATH: fixture.keys.privateKeyFile,
        SNOWFLAKE_PORT: String(fixture.server.port),
      },
    },
  );
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (status) => resolve({ status, output }));
  });
}

it('runs dbt build with four threads: seed, view, table, incremental merge, snapshot, tests, unit test; twice, then in full', async () => {
  for (const args of [[], [], ['--full-refresh']]) {
    const { status, output } = await dbtBuild(...args);
    expect(output).toContain('PASS=10 WARN=0 ERROR=0 SKIP=0');
    expect(status).toBe(0);
  }
  const client = await fixture.connect();
  expect(await client.run('SELECT * FROM ANALYTICS.TINY.BY_COUNTRY ORDER BY COUNTRY')).toEqual([
    { COUNTRY: 'GB', CUSTOMERS: 1, SPENT: 10.5 },
    { COUNTRY: 'NL', CUSTOMERS: 1, SPENT: 0 },
    { COUNTRY: 'US', CUSTOMERS: 1, SPENT: 20.25 },
  ]);
  expect(await client.run('SELECT COUNT(*) N FROM ANALYTICS.TINY.CUSTOMERS_SNAPSHOT')).toEqual([{ N: 3 }]);
  const tags = await client.run(
    "SELECT COUNT(*) N FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TAG = 'dbt_tiny'",
  );
  expect(tags[0]?.N).toBeGreaterThan(0);
});
