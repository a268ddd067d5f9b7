import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { define } from '../../../lib/definitions/define/define';
import { DbtBuildError, DbtError, dbtAssets } from '../../../lib/integrations/dbt';
import { type OpOutcome, PROFILES, prepareProject, runOp, startWarehouse, type Warehouse } from './support';

let warehouse: Warehouse;
let analytics: string;
let failing: string;
let printed: string;
const environment = { ...process.env };

beforeAll(async () => {
  warehouse = await startWarehouse();
  const { directory, python } = warehouse.fixture;
  const dbt = join(python.bin, 'dbt');
  [analytics, failing] = await Promise.all([
    prepareProject('dbt_project', directory, dbt, warehouse.variables),
    prepareProject('test/fixtures/dbt-failing', directory, dbt),
  ]);
});

beforeEach(() => {
  Object.assign(process.env, warehouse.variables);
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});

afterAll(async () => {
  await warehouse.fixture.dispose();
});

const project = (directory: string, options: Omit<Parameters<typeof dbtAssets>[0], 'project'> = {}) =>
  define({ assets: dbtAssets({ project: directory, profilesDirectory: PROFILES, ...options }) });

describe('the whole project', () => {
  let built: Promise<OpOutcome> | undefined;
  /** The project built whole, once: a test that needs its tables asks for them. */
  const build = (): Promise<OpOutcome> => {
    built ??= runOp(project(analytics));
    return built;
  };

  it('builds twice: every node a materialization, every test a passed check, dbt’s words on stdout', async () => {
    const definitions = project(analytics);
    const { assets, assetChecks } = definitions.manifest('test');
    const own = assets.flatMap(({ key, op }) => (op === null ? [] : [key]));

    for (const attempt of ['first', 'second']) {
      const { materialized, checks, error } = await (attempt === 'first' ? build() : runOp(definitions));

      expect([attempt, error]).toEqual([attempt, undefined]);
      expect(Object.keys(materialized).sort()).toEqual([...own].sort());
      expect(Object.keys(checks).sort()).toEqual(assetChecks.map(({ name }) => name).sort());
      expect(Object.values(checks).every(({ passed }) => passed)).toBe(true);
    }

    expect(own).toHaveLength(15);
    expect(assetChecks).toHaveLength(41);
    expect(printed).toContain('Completed successfully');
    const days = await warehouse.client.run(
      'select to_varchar(occurred_on) as day, magnitude_class as class, earthquakes as n from analytics.marts.earthquakes_daily order by 1, 2',
    );
    expect(days).toEqual([
      { DAY: '2018-01-31', CLASS: 'light', N: 1 },
      { DAY: '2018-01-31', CLASS: 'micro', N: 1 },
      { DAY: '2018-02-01', CLASS: 'strong', N: 1 },
    ]);
  });

  it('tells each node’s id, kind, time, query, and the rows of seeds, and tags its queries with run and step; nothing is parsed again', async () => {
    const log = await logOfDbt();
    const { materialized, checks } = await runOp(project(analytics), {
      assets: ['seeds/magnitude_classes', 'staging/stg_flights'],
      runId: 'run-2',
    });
    expect(await log()).toContain('Partial parsing enabled, no changes found, skipping parsing');
    expect(printed).not.toContain('Unable to do partial parsing');
    expect(materialized['seeds/magnitude_classes']).toMatchObject({
      'dbt/unique_id': 'seed.analytics.magnitude_classes',
      'dbt/resource_type': 'seed',
      'dbt/status': 'success',
      'dagster/row_count': 7,
      'dagster/relation_identifier': 'ANALYTICS.SEEDS.magnitude_classes',
    });
    const view = materialized['staging/stg_flights'];
    expect(view).toMatchObject({ seconds: expect.any(Number), 'dbt/query_id': expect.any(String) });
    expect(view).not.toHaveProperty('dagster/row_count');
    expect(checks.not_null_stg_flights_departed_at?.metadata).toMatchObject({
      'dbt/status': 'pass',
      'dbt/failures': 0,
    });
    const tags = await warehouse.client.run(
      'select query_tag as tag from table(information_schema.query_history()) where query_id = ?',
      [String(view?.['dbt/query_id'])],
    );
    expect(JSON.parse(String(tags[0]?.TAG))).toEqual({
      app: 'headrace',
      run: 'run-2',
      step: 'dbt_analytics',
      job: 'job',
    });
  });

  it('builds exactly the assets and checks that were asked for', async () => {
    const checks = [{ asset: 'marts/airport_delays', name: 'airports_count_their_very_late_departures' }];
    const outcome = await runOp(project(analytics), { assets: ['staging/stg_airports'], checks });
    expect(outcome.error).toBeUndefined();
    expect(Object.keys(outcome.materialized)).toEqual(['staging/stg_airports']);
    expect(Object.keys(outcome.checks)).toEqual(['airports_count_their_very_late_departures']);
    expect(printed.match(/TOTAL=\d+/g)).toEqual(['TOTAL=1', 'TOTAL=1']);
  });

  it('counts days again that were loaded late, and all of them in a full refresh', async () => {
    const definitions = project(analytics);
    await build();
    await warehouse.client.run(
      `insert into analytics.raw.earthquakes select 'b1', '2018-01-01T10:00:00Z'::timestamp_tz, properties, geometry from analytics.raw.earthquakes where id = 'a1'`,
    );
    await warehouse.client.run("delete from analytics.raw.earthquakes where id = 'a2'");
    const days = () =>
      warehouse.client.run(
        'select to_varchar(occurred_on) as day, sum(earthquakes) as n from analytics.marts.earthquakes_daily group by 1 order by 1',
      );
    try {
      await runOp(definitions, { assets: ['marts/earthquakes_daily'] });
      expect((await days()).map(({ DAY }) => DAY)).toEqual(['2018-01-01', '2018-01-31', '2018-02-01']);
      expect((await days())[1]).toEqual({ DAY: '2018-01-31', N: 2 });

      await runOp(definitions, { assets: ['marts/earthquakes_daily'], config: { fullRefresh: true } });
      expect((await days())[1]).toEqual({ DAY: '2018-01-31', N: 1 });
    } finally {
      await warehouse.client.run("delete from analytics.raw.earthquakes where id = 'b1'");
      await warehouse.client.run(
        `insert into analytics.raw.earthquakes select 'a2', '2018-01-31T23:59:59Z'::timestamp_tz, parse_json(replace(to_json(properties), '1.2', '4.4')), geometry from analytics.raw.earthquakes where id = 'a1'`,
      );
    }
  });
});

describe('failures', () => {
  it('a failing model and a failing test fail the step after everything else was reported; warnings do not', async () => {
    const { materialized, checks, error } = await runOp(project(failing, { exclude: 'slow' }));

    expect(Object.keys(materialized).sort()).toEqual(['failing/guarded', 'failing/numbers']);
    expect(checks.unique_numbers_n).toMatchObject({ passed: true });
    expect(checks.n_is_one_or_two).toMatchObject({
      passed: false,
      severity: 'WARN',
      metadata: { 'dbt/failures': 1 },
    });
    expect(checks.n_is_one).toMatchObject({
      passed: false,
      severity: 'ERROR',
      metadata: { 'dbt/status': 'fail' },
    });
    expect(error).toBeInstanceOf(DbtBuildError);
    const { failures } = error as DbtBuildError;
    expect(failures.map(({ uniqueId }) => uniqueId.split('.')[2]).sort()).toEqual(['broken', 'n_is_one']);
    expect((error as Error).message).toContain('NO_SUCH_COLUMN');
  });

  it('says what is missing when the profile’s variables are not set', async () => {
    for (const name of Object.keys(warehouse.variables))
      if (name.startsWith('SNOWFLAKE_')) delete process.env[name];
    const { materialized, error } = await runOp(project(failing, { select: 'numbers' }));
    expect(materialized).toEqual({});
    expect(error).toBeInstanceOf(DbtBuildError);
    expect((error as Error).message).toContain('SNOWFLAKE_PRIVATE_KEY_PATH is not set');
  });

  it('says where dbt was looked for when there is none', async () => {
    process.env.HEADRACE_DBT = '/nowhere/dbt';
    const { error } = await runOp(project(failing, { select: 'numbers' }));
    expect(error).toBeInstanceOf(DbtError);
    expect((error as Error).message).toContain('"/nowhere/dbt"');
  });
});

/** Puts something behind dbt that keeps all that it says. */
async function logOfDbt(): Promise<() => Promise<string>> {
  const file = join(warehouse.fixture.directory, 'log');
  const wrapper = join(warehouse.fixture.directory, 'dbt-with-log');
  await writeFile(wrapper, `#!/bin/sh\n${warehouse.variables.HEADRACE_DBT} "$@" | tee ${file}\n`);
  await chmod(wrapper, 0o755);
  process.env.HEADRACE_DBT = wrapper;
  return () => readFile(file, 'utf8');
}

/** Puts something before dbt that writes down its process id. */
async function pidOfDbt(): Promise<() => Promise<number>> {
  const pidFile = join(warehouse.fixture.directory, 'pid');
  const wrapper = join(warehouse.fixture.directory, 'dbt-with-pid');
  await writeFile(
    wrapper,
    `#!/bin/sh\necho $$ > ${pidFile}\nexec ${warehouse.variables.HEADRACE_DBT} "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  process.env.HEADRACE_DBT = wrapper;
  return async () => Number(await readFile(pidFile, 'utf8'));
}

const begun = async (): Promise<void> => {
  while (!printed.includes('START sql table model')) await new Promise((wait) => setTimeout(wait, 50));
};

/**
 * Works while the statements of sessions that there are by now are ended: a killed client's run on, as in Snowflake, and
 * here they would keep everybody else from writing.
 */
async function withoutTheDead<Result>(work: () => Promise<Result>): Promise<Result> {
  const client = await warehouse.fixture.connect({ database: 'ANALYTICS' });
  await client.run('select 1');
  const history = 'table(information_schema.query_history())';
  const [own] = await client.run(`select max(session_id) as id from ${history}`);
  const isThere = (id: number): Promise<boolean> =>
    client.run(`select system$cancel_all_queries(${id})`).then(
      () => true,
      () => false,
    );
  let dead = Array.from({ length: Number(own?.ID) - 1 }, (_, index) => index + 1);
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const there = await Promise.all(dead.map(isThere));
    dead = dead.filter((_, index) => there[index]);
    await new Promise((wait) => setTimeout(wait, 50));
  }
  return working;
}

it('kill -9 of dbt alone fails the step, which says what killed it and that the rest can be run again', async () => {
  const pid = await pidOfDbt();
  const ended = runOp(project(failing, { select: 'slow' }));
  await begun();

  process.kill(await pid(), 'SIGKILL');
  const { materialized, error } = await ended;

  expect(materialized).toEqual({});
  expect(error).toBeInstanceOf(DbtBuildError);
  expect(error).toMatchObject({ signal: 'SIGKILL', exitCode: null });
  expect((error as Error).message).toMatch(
    /^dbt was killed by SIGKILL, .* run the others again\.\nIts last words:\n/,
  );
  const again = await withoutTheDead(() => runOp(project(failing, { select: 'numbers' })));
  expect(Object.keys(again.materialized)).toHaveLength(1);
});

it('interrupts dbt on cancel: it cancels its query, ends, and the step fails with the reason', async () => {
  const pid = await pidOfDbt();
  const controller = new AbortController();
  const reason = new Error('canceled by a person');
  const ended = runOp(project(failing, { select: 'slow' }), { signal: controller.signal });
  await begun();

  controller.abort(reason);
  const { materialized, error } = await ended;

  expect(error).toBe(reason);
  expect(materialized).toEqual({});
  expect(printed).toMatch(/CANCEL|keyboard interrupt/i);
  const gone = await pid();
  expect(() => process.kill(gone, 0)).toThrow(/ESRCH/);
});
