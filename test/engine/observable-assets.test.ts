import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { automation } from '../../lib/definitions/automation';
import { assetGraph } from '../../lib/engine/asset-graph';
import { causesAmong, staleStatusOf } from '../../lib/engine/asset-staleness';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { launchBackfill } from '../../lib/engine/launch-backfill';
import { launchRun } from '../../lib/engine/launch-run';
import { selectRunAssets } from '../../lib/engine/select-run-assets';
import type { AssetKey } from '../../lib/model/asset-key';
import { ASSET_JOB } from '../../lib/model/run';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type AssetSketch, aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const MINUTE = 60_000;

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(Date.UTC(2026, 2, 10, 12, 0, 30));
  instance = createTestInstance(storage, clock);
});

afterEach(async () => {
  await storage.close();
  await database.drop();
});

/** One location of these assets, with an automation sensor over all of them. */
function define(assets: Readonly<Record<string, AssetSketch>>): void {
  const sensors = [
    { name: 'automation', kind: 'AUTOMATION' as const, jobNames: [], assets: Object.keys(assets) },
  ];
  const locations = [aLocation(aManifest({ assets, sensors }))];
  instance.codeLocations.list = async () => locations;
  instance.locations.splice(0, 1, ...locations);
}

const observed = (dataVersion: string | null, partition?: string): Promise<void> =>
  storage.appendSystemEvents(null, [
    {
      type: 'ASSET_OBSERVATION',
      data: { metadata: {}, tags: {}, ...(dataVersion === null ? {} : { dataVersion }) },
      timestamp: clock.now(),
      level: 'INFO',
      message: '',
      assetKey: 'source',
      partition,
    },
  ]);

/** Lets minutes pass and evaluates; what is asked for by the new runs. */
async function tick(minutes = 1): Promise<readonly (readonly AssetKey[] | null)[]> {
  const before = new Set((await runs()).map(({ runId }) => runId));
  clock.jump(minutes * MINUTE);
  expect(await evaluateTicks(instance, settings)).toMatchObject({ errors: [] });
  return (await runs())
    .filter(({ runId }) => !before.has(runId))
    .map(({ assetSelection }) => assetSelection)
    .sort();
}
const runs = () => storage.listRuns({ filter: {}, limit: 50 });

const source = { isObservable: true as const };
const every = (minutes: number) => ({
  automationCondition: {
    op: 'interval_passed',
    seconds: minutes * 60,
    label: `auto_observe(${minutes} min)`,
  },
});
const eager = { automationCondition: automation.eager().toSpec() };

describe('an asset that observes itself', () => {
  it('is asked for at once, and then when its interval has passed since', async () => {
    define({ source: { ...source, ...every(10) } });

    expect(await tick()).toEqual([['source']]);
    expect(await tick(9)).toEqual([]);
    expect(await tick()).toEqual([['source']]);
    // However late it is, once.
    expect(await tick(45)).toEqual([['source']]);
    expect(await tick(9)).toEqual([]);
    expect((await runs())[0]).toMatchObject({
      jobName: ASSET_JOB,
      tags: { 'dagster/auto_observe': 'true', 'dagster/sensor_name': 'automation' },
    });
  });

  it('has runs of its own, without a partition, and plans no materialization', async () => {
    define({
      source: { ...source, ...every(10), partitions: { type: 'static', keys: ['a', 'b'] } },
      other: { ...source, ...every(10) },
      made: { automationCondition: automation.missing().toSpec() },
    });

    expect(await tick()).toEqual([['made'], ['other', 'source']]);
    const run = (await runs()).find(({ assetSelection }) => assetSelection?.includes('source'));
    expect(run?.tags).not.toHaveProperty('dagster/partition');
    const planned = await storage.runEvents({
      runId: run?.runId ?? '',
      limit: 10,
      types: ['ASSET_MATERIALIZATION_PLANNED'],
    });
    expect(planned).toEqual([]);
  });
});

describe('what depends on an observed asset', () => {
  it('is made when the data version is another one, and by no other observation', async () => {
    define({ source, child: { after: ['source'], ...eager } });
    expect(await tick()).toEqual([]);

    // It was missing until now, which is why nothing was made.
    await observed('v1');
    expect(await tick()).toEqual([['child']]);
    await cancelAll();
    await observed('v1');
    expect(await tick()).toEqual([]);
    await observed(null);
    await observed('v1');
    expect(await tick()).toEqual([]);
    await observed('v2');
    expect(await tick()).toEqual([['child']]);
  });

  it('is made partition by partition', async () => {
    const partitions = { type: 'static' as const, keys: ['a', 'b'] };
    define({ source: { ...source, partitions }, child: { after: ['source'], partitions, ...eager } });
    for (const partition of partitions.keys) await observed('v1', partition);
    await tick();
    await cancelAll();
    expect(await tick()).toEqual([]);

    for (const [partition, version] of [
      ['a', 'v1'],
      ['b', 'v2'],
    ] as const)
      await observed(version, partition);
    expect(await tick()).toEqual([['child']]);
    expect((await runs())[0]?.tags).toMatchObject({ 'dagster/partition': 'b' });
  });

  it('is not asked for together with its observation, which may find nothing new', async () => {
    define({ source: { ...source, ...every(10) }, child: { after: ['source'], ...eager } });
    await observed('v1');

    expect(await tick()).toEqual([['source']]);
    await observed('v1');
    expect(await tick()).toEqual([]);
    await observed('v2');
    expect(await tick()).toEqual([['child']]);
  });

  it('is stale when it was made from another data version', async () => {
    define({ source, child: { after: ['source'] } });
    await observed('v1');
    await storage.appendSystemEvents(null, [
      {
        type: 'ASSET_MATERIALIZATION',
        data: { metadata: {}, tags: {}, inputDataVersions: { source: 'v1' } },
        timestamp: clock.now(),
        level: 'INFO',
        message: '',
        assetKey: 'child',
      },
    ]);
    expect(await stalenessOf('child')).toEqual(['FRESH', []]);

    await observed('v1');
    expect(await stalenessOf('child')).toEqual(['FRESH', []]);
    await observed('v2');
    expect(await stalenessOf('child')).toEqual(['STALE', ['has a new dependency data version']]);
    // What is made elsewhere is never stale, nor missing.
    expect(await stalenessOf('source')).toEqual(['FRESH', []]);
  });
});

describe('an observation', () => {
  it('is launched by naming the asset; an expression that reaches it leaves it out', async () => {
    define({ source, child: { after: ['source'] } });
    const { locations } = instance;
    const selected = (...selections: readonly string[]) =>
      selectRunAssets(selections, locations, null).assets;

    expect(selected('source')).toEqual(['source']);
    expect(selected('+child')).toEqual(['child']);
    expect(selected('source', 'child')).toEqual(['child', 'source']);
    expect(() => selected('is:external')).toThrow('matches no asset that can be materialized');
    expect(assetGraph(locations).selectable.map(({ key, external }) => [key, external])).toEqual([
      ['source', true],
      ['child', false],
    ]);
    const { runId } = await launchRun(instance, settings, { assets: ['source'] });
    expect(await storage.getRunPlan(runId)).toMatchObject({ steps: [{ assets: [], observes: ['source'] }] });
  });

  it('is no part of a backfill', async () => {
    define({ source: { ...source, partitions: { type: 'static', keys: ['a'] } } });

    await expect(
      launchBackfill(instance, settings, {
        location: null,
        jobName: null,
        assets: ['source'],
        partitions: 'all',
        config: null,
        tags: {},
      }),
    ).rejects.toThrow("Asset 'source' is external");
  });
});

/** What was asked for and is still queued stands in the way of the next request. */
async function cancelAll(): Promise<void> {
  for (const { runId } of await runs()) await storage.cancelRun(runId, { force: true, cause: 'test' });
}

async function stalenessOf(key: AssetKey): Promise<readonly [string, readonly string[]]> {
  const versions = new Map((await storage.assetVersions()).map((each) => [each.key, each]));
  const asset = instance.locations[0]?.manifest?.assets.find((each) => each.key === key);
  if (asset === undefined) throw new Error(`no asset ${key}`);
  const causes = causesAmong(asset, versions);
  return [staleStatusOf(asset, causes), (causes ?? []).map(({ reason }) => reason)];
}
