import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { automation } from '../../../lib/definitions/automation';
import { evaluateTicks } from '../../../lib/engine/evaluate-ticks';
import { previewSensor } from '../../../lib/engine/preview-instigator';
import { setInstigatorStatus } from '../../../lib/engine/set-instigator-status';
import { readTickLogs } from '../../../lib/engine/ticks/tick-logs';
import type { InstigatorId, Tick } from '../../../lib/model/tick';
import type { Storage } from '../../../lib/ports/storage';
import { ManualClock } from '../../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { type AssetSketch, aManifest, type ManifestSketch } from '../support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from '../support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12, 0, 30);
const MINUTE = 60_000;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

const sensor = (name = 'automation'): InstigatorId => ({ location: 'orchestration', kind: 'sensor', name });
const ticksOf = (id: InstigatorId = sensor()): Promise<readonly Tick[]> =>
  storage.listTicks({ instigator: id, limit: 50 });
const runs = () => storage.listRuns({ filter: {}, limit: 50 });

async function sql(statement: string): Promise<readonly unknown[]> {
  const driver = createPgDriver({ url: database.url, maxConnections: 1 });
  try {
    return await driver.query(statement);
  } finally {
    await driver.close();
  }
}

/** New code, with one automation sensor over all assets unless others are given. */
function define(assets: Readonly<Record<string, AssetSketch>>, sketch: Omit<ManifestSketch, 'assets'> = {}) {
  const covered = Object.keys(assets);
  const sensors = [{ name: 'automation', kind: 'AUTOMATION' as const, jobNames: [], assets: covered }];
  instance.codeLocations.list = async () => locations;
  const locations = [aLocation(aManifest({ assets, sensors, ...sketch }))];
  instance.locations.splice(0, 1, ...locations);
}

const materialize = (assetKey: string, partition?: string): Promise<void> =>
  storage.appendSystemEvents(null, [
    {
      type: 'ASSET_MATERIALIZATION',
      data: { metadata: {}, tags: {}, inputDataVersions: {} },
      timestamp: clock.now(),
      level: 'INFO',
      message: '',
      assetKey,
      partition,
    },
  ]);

/** Lets a minute pass and evaluates. */
async function tick(): Promise<readonly unknown[]> {
  clock.jump(MINUTE);
  const { errors } = await evaluateTicks(instance, settings);
  return errors;
}

const eager = { automationCondition: automation.eager().toSpec() };
const eagerChild = { parent: {}, child: { deps: ['parent'], ...eager } };

describe('an automation sensor', () => {
  it('asks for one run when something upstream is new, and remembers that it did', async () => {
    define(eagerChild);
    expect(await tick()).toEqual([]);
    expect(await runs()).toEqual([]);
    await materialize('parent');
    await tick();
    await tick();

    const [run, ...others] = await runs();
    const [idle, asked, first] = await ticksOf();
    expect(others).toEqual([]);
    expect([first?.status, asked?.status, idle?.status]).toEqual(['SKIPPED', 'SUCCESS', 'SKIPPED']);
    expect(idle?.skipReason).toBe('The one condition asked for nothing.');
    expect(asked?.runIds).toEqual([run?.runId]);
    expect(run).toMatchObject({ jobName: '__ASSET_JOB', assetSelection: ['child'] });
    expect(run?.tags).toMatchObject({
      'dagster/auto_materialize': 'true',
      'dagster/from_automation_condition': 'true',
      'dagster/asset_evaluation_id': String(asked?.tickId),
      'dagster/sensor_name': 'automation',
    });
  });

  it('puts what can be made together into one run', async () => {
    define({ ...eagerChild, grandchild: { deps: ['child'], ...eager } });
    await tick();
    await materialize('parent');
    await tick();
    expect((await runs()).map((run) => run.assetSelection)).toEqual([['child', 'grandchild']]);
  });

  it('waits while it is being made', async () => {
    define(eagerChild);
    await tick();
    await materialize('parent');
    await tick();
    await tick();
    await materialize('parent');
    await tick();
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    await storage.cancelRun(run?.runId ?? '', { force: true, cause: 'test' });
    await tick();
    expect(await runs()).toHaveLength(2);
  });

  it('makes one run for each partition, or one for neighbours that may share it', async () => {
    const partitions = { type: 'static', keys: ['a', 'b', 'c', 'd'] } as const;
    const missing = { partitions, automationCondition: automation.missing().toSpec() };
    define({
      single: { ...missing, backfillPolicy: { maxPartitionsPerRun: null } },
      each: missing,
    });
    await materialize('single', 'b');
    for (const partition of ['a', 'b']) await materialize('each', partition);
    await tick();
    const found = (await runs()).map(({ assetSelection, tags }) => [
      assetSelection,
      tags['dagster/partition'] ?? [
        tags['dagster/asset_partition_range_start'],
        tags['dagster/asset_partition_range_end'],
      ],
    ]);
    expect(found).toEqual(
      expect.arrayContaining([
        [['single'], 'a'],
        [['each', 'single'], 'c'],
        [['each', 'single'], 'd'],
      ]),
    );
    expect(found).toHaveLength(3);

    define({ single: { ...missing, backfillPolicy: { maxPartitionsPerRun: null } } });
    await tick();
    expect((await runs())[0]?.tags).toMatchObject({
      'dagster/asset_partition_range_start': 'c',
      'dagster/asset_partition_range_end': 'd',
    });
  });

  it('does nothing while it is off, and goes on from where it was', async () => {
    define(eagerChild);
    await tick();
    await setInstigatorStatus(instance, settings, sensor(), 'STOPPED');
    await materialize('parent');
    await tick();
    expect(await runs()).toEqual([]);
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    expect(await runs()).toHaveLength(1);
  });

  it('can be tried without making anything', async () => {
    define(eagerChild);
    await tick();
    await materialize('parent');
    const preview = await previewSensor(
      instance,
      settings,
      { location: 'orchestration', name: 'automation' },
      null,
    );
    expect(preview).toMatchObject({ ok: true, result: { runRequests: [{ assetSelection: ['child'] }] } });
    expect(await runs()).toEqual([]);
    await tick();
    expect(await runs()).toHaveLength(1);
  });

  it('leaves a condition that cannot be evaluated behind, and says so', async () => {
    define({ ...eagerChild, bad: { automationCondition: { op: 'of_another_version' } } });
    await tick();
    await materialize('parent');
    await tick();
    expect(await runs()).toHaveLength(1);
    const [last] = await ticksOf();
    const [log] = await readTickLogs(instance, sensor(), last?.tickId ?? 0);
    expect(log?.message).toContain("'of_another_version' is not known");
  });
});

describe('what a condition remembers', () => {
  it('outlives new code, also of the condition itself', async () => {
    define({ gate: {}, ...eagerChild });
    await tick();
    await materialize('parent');
    // Upstream is there, but the run is held by a gate of the new code; the update must not be forgotten meanwhile.
    const gated = automation.eager().and(automation.assetMatches('gate', automation.missing().not()));
    define({ gate: {}, parent: {}, child: { deps: ['parent'], automationCondition: gated.toSpec() } });
    await tick();
    await tick();
    expect(await runs()).toEqual([]);
    const edited = gated.replace('newly_missing', automation.executionFailed());
    define({ gate: {}, parent: {}, child: { deps: ['parent'], automationCondition: edited.toSpec() } });
    await tick();
    expect(await runs()).toEqual([]);
    await materialize('gate');
    await tick();
    expect((await runs()).map((run) => run.assetSelection)).toEqual([['child']]);
  });

  it('goes with the asset to another sensor, and misses nothing while no sensor covers it', async () => {
    const covered = (name: string, assets: readonly string[]) =>
      define(eagerChild, { sensors: [{ name, kind: 'AUTOMATION', jobNames: [], assets }] });
    covered('automation', ['child']);
    await tick();
    covered('automation', []);
    await tick();
    await materialize('parent');
    await tick();
    covered('other', ['child']);
    await tick();
    await tick();
    expect(await runs()).toHaveLength(1);
    expect((await ticksOf(sensor('other'))).map(({ status }) => status)).toEqual(['SKIPPED', 'SUCCESS']);
  });
});

describe('a tick whose process dies', () => {
  it('after its runs were made and before its end leaves neither; the next one asks once', async () => {
    define(eagerChild);
    await tick();
    await materialize('parent');
    // In the transaction that ends the tick, after its runs: the connection is gone.
    await sql(`
      create function headrace.die() returns trigger language plpgsql as $$
      begin
        if (select count(*) from headrace.runs) = 0 then raise 'the runs come first'; end if;
        drop trigger die on headrace.automation_evaluations;
        perform pg_terminate_backend(pg_backend_pid());
        return new;
      end $$`);
    await sql(
      'create trigger die before insert on headrace.automation_evaluations for each row execute function headrace.die()',
    );
    await tick();
    expect(await runs()).toEqual([]);
    const [killed] = await ticksOf();
    expect(killed).toMatchObject({ status: 'FAILURE', runIds: [], cursor: null });
    expect(killed?.error?.message).toMatch(/terminat|connection/i);
    const stillThere = await sql("select to_json(tgname) from pg_trigger where tgname = 'die'");
    expect(stillThere).toHaveLength(1);

    await sql('drop trigger die on headrace.automation_evaluations');
    for (let count = 0; count < 5; count += 1) await tick();
    expect(await runs()).toHaveLength(1);
  });

  it('after its end, before it heard so, has asked once', async () => {
    define(eagerChild);
    await tick();
    await materialize('parent');
    const { finishTick } = storage;
    let lost = 0;
    storage.finishTick = async (...args) => {
      await finishTick(...args);
      lost += 1;
      throw new Error('the connection broke');
    };
    await tick();
    expect(lost).toBeGreaterThan(0);
    storage.finishTick = finishTick;
    for (let count = 0; count < 5; count += 1) await tick();
    expect(await runs()).toHaveLength(1);
  });

  it('beside others that evaluate at the same time asks once', async () => {
    define(eagerChild);
    await tick();
    await materialize('parent');
    clock.jump(MINUTE);
    await Promise.all([1, 2, 3, 4].map(() => evaluateTicks(instance, settings)));
    expect(await runs()).toHaveLength(1);
  });
});

describe('evaluations', () => {
  it('say why something ran and why it did not, once for as long as nothing changes', async () => {
    define(eagerChild);
    for (let count = 0; count < 3; count += 1) await tick();
    await materialize('parent');
    await tick();
    const found = await storage.automationEvaluations({ key: 'child', limit: 10 });
    const [asked, , first] = found;
    const [run] = await runs();
    expect(asked).toMatchObject({ numRequested: 1, runIds: [run?.runId], sensor: 'automation' });
    expect(asked?.root).toMatchObject({ label: 'eager', name: 'AND', operatorType: 'and', numTrue: 1 });
    expect(first?.root.children.find(({ name }) => name === 'NOT')).toMatchObject({
      numTrue: 0,
      numCandidates: 0,
    });
    expect(first?.root.numTrue).toBe(0);
    // The first, the one after it (its `initial_evaluation` is no longer true), and the one that asks.
    expect(found).toHaveLength(3);
    expect(
      await storage.automationEvaluations({ evaluationId: asked?.evaluationId ?? 0, limit: 10 }),
    ).toEqual([asked]);
  });

  it('are removed by age', async () => {
    define(eagerChild);
    await tick();
    const at = clock.now();
    await materialize('parent');
    await tick();
    expect(await storage.purgeAutomationEvaluations(at + 1, 100)).toBe(1);
    expect(await storage.automationEvaluations({ key: 'child', limit: 10 })).toHaveLength(1);
  });
});

describe('conditions on checks', () => {
  const fresh = { asset: 'parent', name: 'fresh', op: 'check_parent' };
  const cron = { automationCondition: automation.onCron('*/10 * * * *').toSpec() };
  /** On every second minute, whatever its asset does. */
  const byTime = {
    automationCondition: automation.cronTickPassed('*/2 * * * *').sinceLastHandled().toSpec(),
  };
  const checksOf = async () =>
    (await runs()).map(({ assetSelection, assetCheckSelection, tags }) => ({
      assets: assetSelection,
      checks: assetCheckSelection?.map(({ asset, name }) => `${asset}:${name}`) ?? null,
      evaluation: tags['dagster/from_automation_condition'],
    }));
  const ended = () => sql("update headrace.runs set status = 'SUCCESS', ended_at = 1 where ended_at is null");

  it('evaluate the check by itself, once each time that it is due, and say why', async () => {
    define({ parent: {} }, { checks: [{ ...fresh, ...byTime }] });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    await tick();
    await tick();
    const made = await checksOf();
    expect(made).toEqual([{ assets: [], checks: ['parent:fresh'], evaluation: 'true' }]);
    await ended();
    await tick();
    await tick();
    expect(await checksOf()).toHaveLength(2);
    const evaluations = await storage.automationEvaluations({ key: 'parent:fresh', limit: 9 });
    expect(evaluations.some(({ numRequested, runIds }) => numRequested === 1 && runIds.length === 1)).toBe(
      true,
    );
  });

  it('look at the asset as the check’s only dependency', async () => {
    define({ grandparent: {}, parent: { deps: ['grandparent'] } }, { checks: [{ ...fresh, ...cron }] });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    // Past ten minutes past twelve.
    for (let minute = 0; minute < 10; minute += 1) await tick();
    await materialize('grandparent');
    await tick();
    expect(await runs()).toEqual([]);
    await materialize('parent');
    await tick();
    await tick();
    expect((await checksOf()).map(({ checks }) => checks)).toEqual([['parent:fresh']]);
  });

  it('leave to the run of the asset what that run evaluates anyway', async () => {
    define(
      { grandparent: {}, parent: { deps: ['grandparent'], ...eager } },
      {
        checks: [
          { ...fresh, automationCondition: automation.anyDepsMatch(automation.willBeRequested()).toSpec() },
        ],
      },
    );
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await materialize('grandparent');
    await tick();
    await materialize('grandparent');
    await tick();
    const made = await checksOf();
    expect(made.map(({ assets, checks }) => ({ assets, checks }))).toEqual([
      { assets: ['parent'], checks: null },
    ]);
    const [latest] = await storage.automationEvaluations({ key: 'parent:fresh', limit: 1 });
    expect(latest).toMatchObject({ numRequested: 1, runIds: [expect.any(String)] });
  });

  it('check the partition that was made last', async () => {
    define(
      { parent: { partitions: { type: 'static', keys: ['a', 'b'] } } },
      { checks: [{ ...fresh, ...byTime }] },
    );
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    for (let minute = 0; minute < 4; minute += 1) await tick();
    expect(await runs()).toEqual([]);
    await materialize('parent', 'b');
    for (let minute = 0; minute < 2; minute += 1) await tick();
    expect((await runs()).map(({ tags }) => tags['dagster/partition'])).toEqual(['b']);
  });
});

describe('conditions on jobs', () => {
  const job = (condition: { toSpec(): object }) => ({
    name: 'report',
    assets: ['root', 'leaf'],
    nodes: [],
    defaultConfig: {},
    automationCondition: condition.toSpec() as never,
  });
  const assets = { source: {}, root: { deps: ['source'] }, leaf: { deps: ['root'] } };
  const made = async () => (await runs()).map(({ jobName, assetSelection }) => ({ jobName, assetSelection }));
  const ended = () => sql("update headrace.runs set status = 'SUCCESS', ended_at = 1 where ended_at is null");

  it('run the whole job when one of its root assets has something new upstream, once', async () => {
    const condition = automation
      .anyJobRootAssetsMatch(automation.anyDepsUpdated())
      .sinceLastHandled()
      .and(automation.inProgress().not());
    define(assets, { jobs: [job(condition)] });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    expect(await made()).toEqual([]);
    await materialize('root');
    await tick();
    expect(await made()).toEqual([]);
    await materialize('source');
    await tick();
    expect(await made()).toEqual([{ jobName: 'report', assetSelection: null }]);
    await tick();
    await ended();
    await tick();
    expect(await made()).toHaveLength(1);
    const evaluations = await storage.automationEvaluations({ key: '@job/orchestration/report', limit: 9 });
    expect(evaluations.some(({ numRequested, runIds }) => numRequested === 1 && runIds.length === 1)).toBe(
      true,
    );
  });

  it('know whether the job has ever run, is running, and failed the last time', async () => {
    define(assets, {
      jobs: [
        job(automation.missing().or(automation.executionFailed()).and(automation.runInProgress().not())),
      ],
    });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    expect(await made()).toHaveLength(1);
    await tick();
    expect(await made()).toHaveLength(1);
    await sql("update headrace.runs set status = 'FAILURE', ended_at = 1 where ended_at is null");
    await tick();
    expect(await made()).toHaveLength(2);
    await ended();
    await tick();
    expect(await made()).toHaveLength(2);
  });

  it('run each partition of a partitioned job by itself, and know how it went', async () => {
    const partitions = { type: 'static', keys: ['a', 'b', 'c'] } as const;
    const partitioned = Object.fromEntries(
      Object.entries(assets).map(([key, asset]) => [key, { ...asset, partitions }]),
    );
    const condition = automation
      .anyJobRootAssetsMatch(automation.anyDepsUpdated())
      .sinceLastHandled()
      .or(automation.executionFailed())
      .and(automation.inProgress().not());
    define(partitioned, { jobs: [{ ...job(condition), partitions }] });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    expect(await made()).toEqual([]);
    for (const partition of ['b', 'c']) await materialize('source', partition);
    await tick();
    const partitionsOf = async () => (await runs()).map(({ tags }) => tags['dagster/partition']).sort();
    expect(await partitionsOf()).toEqual(['b', 'c']);
    expect(await made()).toContainEqual({ jobName: 'report', assetSelection: null });

    // What is on its way is not asked for again.
    await materialize('source', 'b');
    await tick();
    expect(await partitionsOf()).toEqual(['b', 'c']);
    await sql(
      "update headrace.runs set status = 'FAILURE', ended_at = 1 where tags ->> 'dagster/partition' = 'c'",
    );
    await tick();
    expect(await partitionsOf()).toEqual(['b', 'c', 'c']);
    await ended();
    await tick();
    expect(await partitionsOf()).toEqual(['b', 'c', 'c']);
    await materialize('source', 'b');
    await tick();
    expect(await partitionsOf()).toEqual(['b', 'b', 'c', 'c']);
  });

  it('see each success of the job once', async () => {
    define(assets, { jobs: [job(automation.missing().or(automation.newlyUpdated()))] });
    await setInstigatorStatus(instance, settings, sensor(), 'RUNNING');
    await tick();
    expect(await made()).toHaveLength(1);
    await tick();
    expect(await made()).toHaveLength(1);
    await sql(`update headrace.runs set status = 'SUCCESS', ended_at = ${clock.now() + 1}`);
    await tick();
    expect(await made()).toHaveLength(2);
    await tick();
    expect(await made()).toHaveLength(2);
    await sql(
      `update headrace.runs set status = 'FAILURE', ended_at = ${clock.now() + 1} where status <> 'SUCCESS'`,
    );
    await tick();
    expect(await made()).toHaveLength(2);
  });
});
