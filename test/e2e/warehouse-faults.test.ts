import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { contents, type Dev, type FaultsProject, openFaultsProject, textOf } from './support/faults-project';

const EARTHQUAKES = { rows: 1_707, keys: 1_707 };
const MINUTES = 60_000;

jest.setTimeout(3 * MINUTES);

let project: FaultsProject;
let dev: Dev;

beforeAll(async () => {
  project = await openFaultsProject(['faults', 'transforms']);
  dev = await project.dev();
});

afterEach(() => project.apis.faults.clear());

afterAll(() => project.dispose());

describe('wrong credentials of Snowflake', () => {
  test('The run fails and says which user, account and key were refused, what to mend, and nothing secret', async () => {
    const run = await dev.run('logins');

    expect(run.status).toBe('FAILURE');
    const failures = Object.fromEntries(
      run.events.flatMap((event) =>
        event.type === 'STEP_FAILURE' ? [[event.stepKey ?? '', event.data.error.message]] : [],
      ),
    );
    const { unregistered } = project;
    expect(failures.with_unregistered_key).toMatch(/refused the login/);
    for (const part of ['username "HEADRACE"', 'account "LOCAL"', unregistered, 'RSA_PUBLIC_KEY', 'SHA256:'])
      expect(failures.with_unregistered_key).toContain(part);
    expect(failures.with_stranger).toContain('username "stranger"');
    expect(failures.without_key).toContain('/nowhere/key.p8 does not exist');
    expect(failures.without_key).toContain('privateKeyFile');

    const keys = [unregistered, project.snowflake.keys.privateKeyFile];
    const secrets = (await Promise.all(keys.map((file) => readFile(file, 'utf8')))).flatMap((pem) =>
      pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
    );
    const said = `${JSON.stringify(run.events)}${dev.running.stderr()}${await capturedOutput(run.runId)}`;
    expect(secrets.length).toBeGreaterThan(40);
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
    expect(said).not.toMatch(/eyJ[A-Za-z0-9_-]{20,}/);
  });
});

/** Everything that a run's steps printed. */
async function capturedOutput(runId: string): Promise<string> {
  const folder = join(project.product.home, 'compute_logs', runId);
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join(
    '',
  );
}

describe('bad answers of a source', () => {
  const load = (table: string) => dev.run('earthquakes', { load_earthquakes: { table } });

  test('A 500 and a page cut in two are asked for again; records that change shape are loaded, each once', async () => {
    const path = '/fdsnws';
    project.apis.faults.add({ kind: 'status', status: 500, path, nth: 2 });
    project.apis.faults.add({ kind: 'malformed', path, nth: 4 });
    const first = await load('raw.quakes');
    expect(first.status).toBe('SUCCESS');
    expect(project.apis.faults.report().map(({ fired }) => fired)).toEqual([1, 1]);
    expect(await contents(project, 'raw.quakes', 'ID')).toEqual(EARTHQUAKES);

    project.apis.faults.clear();
    const bytes = 10 * 1024 * 1024;
    project.apis.faults.add({ kind: 'new-column', name: 'reviewed_by', value: 'somebody', path, nth: 2 });
    project.apis.faults.add({ kind: 'changed-type', field: 'geometry', path, nth: 3 });
    project.apis.faults.add({ kind: 'big-text', field: 'essay', bytes, path, nth: 1 });
    const second = await load('raw.quakes');
    expect(textOf(second, 'STEP_FAILURE')).toBe('');
    expect(second.status).toBe('SUCCESS');
    expect(project.apis.faults.report().map(({ fired }) => fired)).toEqual([1, 1, 1]);
    expect(await contents(project, 'raw.quakes', 'ID')).toEqual(EARTHQUAKES);
    const [added] = await project.sql.run(
      'SELECT COUNT(REVIEWED_BY) AS REVIEWED, MAX(LENGTH(ESSAY)) AS LONGEST FROM raw.quakes',
    );
    expect({ reviewed: Number(added?.REVIEWED), longest: Number(added?.LONGEST) }).toEqual({
      reviewed: 500,
      longest: bytes,
    });
  });

  test('A record without its key fails the run with its place, and the table stays as it was', async () => {
    await load('raw.quakes_kept');
    project.apis.faults.add({ kind: 'null-key', path: '/fdsnws', nth: 2 });
    const run = await load('raw.quakes_kept');

    expect(project.apis.faults.fired('null-key')).toBe(1);
    expect(run.status).toBe('FAILURE');
    expect(textOf(run, 'STEP_FAILURE')).toMatch(/Record 0 has no value in its primary key "id" .*page 2/);
    expect(await contents(project, 'raw.quakes_kept', 'ID')).toEqual(EARTHQUAKES);
  });
});

describe('a failing dbt model', () => {
  test('The run names node, file and the database’s message; what needs it is skipped; other locations work', async () => {
    const run = await dev.run('transform');

    expect(run.status).toBe('FAILURE');
    const failure = textOf(run, 'STEP_FAILURE');
    expect(failure).toContain('model.failing.broken');
    expect(failure).toContain('models/broken.sql');
    expect(failure).toMatch(/no_such_column/i);
    const materialized = run.events.flatMap((event) =>
      event.type === 'ASSET_MATERIALIZATION' ? [event.assetKey ?? ''] : [],
    );
    expect(materialized.sort()).toEqual(['failing/guarded', 'failing/numbers']);
    expect((await dev.run('earthquakes', { load_earthquakes: { table: 'raw.beside' } })).status).toBe(
      'SUCCESS',
    );
  });
});
