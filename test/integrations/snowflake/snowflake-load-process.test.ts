import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SnowflakeConfig } from '../../../lib/integrations/snowflake/config';
import {
  createSnowflakeDestination,
  type SnowflakeDestination,
} from '../../../lib/integrations/snowflake/snowflake-destination';
import { buildPrograms } from '../../support/build-programs';
import { until } from '../../support/until';
import { type SnowflakeFixture, startFixture } from '../../tools/local-snowflake-fixture';
import type { LoadProgramOptions, LoadProgramReport } from './load-program';

const MEGABYTE = 1024 * 1024;

let fixture: SnowflakeFixture;
let config: SnowflakeConfig;
let snowflake: SnowflakeDestination;
let programs: string;

beforeAll(async () => {
  fixture = await startFixture({ idleTransactionSeconds: 1 });
  config = {
    account: fixture.server.account,
    username: fixture.server.user,
    privateKeyFile: fixture.keys.privateKeyFile,
    database: 'RAW',
    accessUrl: fixture.server.url,
    temporaryDirectory: fixture.directory,
  };
  snowflake = createSnowflakeDestination(config, { runId: 'test', now: () => new Date(), newId: randomUUID });
  programs = await buildPrograms({ 'load-program': 'test/integrations/snowflake/load-program.ts' });
});

afterAll(async () => {
  await snowflake.close();
  await fixture.dispose();
  await rm(programs, { recursive: true, force: true });
});

interface RunningLoad {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

function startLoad(
  options: Omit<LoadProgramOptions, 'config'>,
  nodeOptions: readonly string[] = [],
): RunningLoad {
  const child = spawn(process.execPath, [
    ...nodeOptions,
    join(programs, 'load-program.mjs'),
    JSON.stringify({ config, ...options }),
  ]);
  let text = '';
  const collect = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => text, ended };
}

function reportOf(load: RunningLoad): LoadProgramReport {
  return JSON.parse(/^loaded (.*)$/m.exec(load.output())?.[1] ?? `"${load.output()}"`) as LoadProgramReport;
}

async function contents(table: string): Promise<unknown> {
  const [row] = await snowflake.query(
    `SELECT COUNT(*) N, COUNT(DISTINCT ID) D, SUM(ID) S, COUNT(NAME) C FROM ${table}`,
  );
  return row;
}

describe('a load whose process is killed', () => {
  const ROWS = 400_000;
  const EVERY_ROW_ONCE = { N: ROWS, D: ROWS, S: (ROWS * (ROWS - 1)) / 2, C: ROWS };

  it('leaves the table as it was when it dies while reading, and loads every row once when it runs again', async () => {
    const table = 'killed.reading';
    const killed = startLoad({ runId: 'killed-reading', table, rows: ROWS, stallAfterBatch: 60 });
    await until('the load stalls', () => killed.output().includes('stalled'));
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(contents(table)).rejects.toMatchObject({ code: '002003' });

    const again = startLoad({ runId: 'again-reading', table, rows: ROWS });
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect(reportOf(again)).toMatchObject({ rows: ROWS, inserted: ROWS, updated: 0 });
    expect(await contents(table)).toEqual(EVERY_ROW_ONCE);
  });

  it('commits neither rows nor cursor when it dies inside the transaction, and loads every row once when it runs again', async () => {
    const table = 'killed.writing';
    await snowflake.execute('CREATE SCHEMA IF NOT EXISTS KILLED');
    const killed = startLoad({ runId: 'killed-writing', table, rows: ROWS });
    // The cursor has been changed in the open transaction, so the MERGE is what runs now.
    await until('the change is under way', async () => {
      const changes = await snowflake.query(
        "SELECT 1 FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY()) WHERE QUERY_TAG LIKE '%killed-writing%' AND QUERY_TEXT LIKE 'UPDATE%'",
      );
      return changes.length > 0 || killed.child.exitCode !== null;
    });
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(killed.output()).not.toContain('loaded');
    expect(await contents(table)).toEqual({ N: 0, D: 0, S: null, C: 0 });

    const again = startLoad({ runId: 'again-writing', table, rows: ROWS });
    expect(await again.ended).toEqual({ code: 0, signal: null });
    expect(reportOf(again)).toMatchObject({ rows: ROWS, inserted: ROWS, updated: 0 });
    expect(await contents(table)).toEqual(EVERY_ROW_ONCE);
    expect(
      await snowflake.query(
        'SELECT CURSOR_VALUE, RUN_ID FROM KILLED._HEADRACE_CURSORS WHERE TABLE_NAME = ?',
        ['WRITING'],
      ),
    ).toEqual([{ CURSOR_VALUE: String(ROWS), RUN_ID: 'again-writing' }]);
  });
});

describe('memory', () => {
  it('stays under 300 MB and does not grow with the number of rows', async () => {
    const load = startLoad({ runId: 'memory', table: 'memory.rows', rows: 1_000_000 }, [
      '--max-old-space-size=256',
    ]);
    expect(await load.ended).toEqual({ code: 0, signal: null });
    const { rows, residentByTenth } = reportOf(load);
    expect(rows).toBe(1_000_000);
    expect(Math.max(...residentByTenth)).toBeLessThan(300 * MEGABYTE);
    // Half a million rows lie between these two, after the heap has found its size.
    expect((residentByTenth[9] ?? 0) - (residentByTenth[4] ?? 0)).toBeLessThan(60 * MEGABYTE);
  });
});
