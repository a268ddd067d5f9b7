import {
  asset,
  automation,
  type DefinitionsError,
  dailyPartitions,
  define,
  defineAssetJob,
  dependency,
  mapping,
  observableAsset,
  resource,
  schedule,
  staticPartitions,
  z,
} from 'headrace';
import { materialize, observe } from 'headrace/testing';
import { createExecutionPlan } from '../../lib/engine/plan/create-execution-plan';
import { ASSET_JOB } from '../../lib/model/run';

const erp = resource({ setUp: () => ({ etag: (path: string) => `etag of ${path}` }) });
const orders = observableAsset({
  key: 'erp/orders',
  group: 'erp',
  resources: { erp },
  config: z.object({ path: z.string().default('/orders') }),
  run: ({ resources, config, asset: key }) => ({
    dataVersion: resources.erp.etag(config.path),
    metadata: { key },
    tags: { seen: 'yes' },
  }),
});
const regions = observableAsset({
  key: 'erp/regions',
  partitions: staticPartitions(['eu', 'us', 'asia']),
  run: () => ({ eu: 'v1', us: 'v2' }),
});
const report = asset({ key: 'report', deps: [orders], codeVersion: '1', run: () => {} });

function mistakesOf(...assets: Parameters<typeof define>[0]['assets'][]): readonly string[] {
  try {
    define({ assets: assets as never });
  } catch (error) {
    return (error as DefinitionsError).mistakes.map(({ message }) => message);
  }
  return [];
}

describe('an observable asset', () => {
  test('is an asset of the manifest with an op that observes it', () => {
    // Act
    const { assets, ops } = define({ assets: [orders, report] }).manifest('shop');

    // Assess
    expect(assets.find(({ key }) => key === 'erp/orders')).toMatchObject({
      op: 'erp__orders',
      isObservable: true,
      group: 'erp',
      automationCondition: null,
      source: { file: expect.stringMatching(/observable-asset\.test\.ts$/), line: expect.any(Number) },
    });
    expect(assets.find(({ key }) => key === 'report')).not.toHaveProperty('isObservable');
    expect(ops.find(({ name }) => name === 'erp__orders')).toMatchObject({
      assets: ['erp/orders'],
      outputs: [{ name: 'result', isRequired: false }],
      resources: ['erp'],
    });
  });

  test('that observes itself has a condition, which the automation sensor covers', () => {
    // Prepare
    const automatic = observableAsset({ key: 'a', autoObserveIntervalMinutes: 0.5, run: () => 'v' });
    const eager = observableAsset({ key: 'b', automation: automation.onCron('@daily'), run: () => 'v' });

    // Act
    const { assets, sensors } = define({ assets: [automatic, eager] }).manifest('shop');

    // Assess
    expect(assets.map(({ automationCondition }) => automationCondition?.label)).toEqual([
      'auto_observe(0.5 min)',
      'on_cron(@daily, UTC)',
    ]);
    expect(assets[0]?.automationCondition).toMatchObject({ op: 'interval_passed', seconds: 30 });
    expect(sensors).toMatchObject([{ kind: 'AUTOMATION', assets: ['a', 'b'] }]);
  });

  test('is refused with an interval that is none, or that competes with a condition', () => {
    // Act
    const mistakes = mistakesOf(
      observableAsset({ key: 'a', autoObserveIntervalMinutes: 0, run: () => 'v' }),
      observableAsset({
        key: 'b',
        autoObserveIntervalMinutes: 5,
        automation: automation.onCron('@daily'),
        run: () => 'v',
      }),
    );

    // Assess
    expect(mistakes).toEqual([
      'Asset a: autoObserveIntervalMinutes is 0: it must be more than 0',
      'Asset b: it has both automation and autoObserveIntervalMinutes; give it one of them',
    ]);
  });

  test('is part of a job or schedule that names it, not of one whose expression reaches it', () => {
    // Act
    const { jobs } = define({
      assets: [orders, report],
      jobs: [
        defineAssetJob({ name: 'named', select: [orders, 'report'] }),
        defineAssetJob({ name: 'by_key', select: 'erp/orders' }),
        defineAssetJob({ name: 'reached', select: '+report' }),
        defineAssetJob({ name: 'everything', select: '*' }),
      ],
      schedules: [schedule({ name: 'watch', select: orders, cron: '@hourly' })],
    }).manifest('shop');

    // Assess
    const assetsOf = Object.fromEntries(jobs.map(({ name, assets }) => [name, assets]));
    expect(assetsOf).toMatchObject({
      named: ['report', 'erp/orders'],
      by_key: ['erp/orders'],
      reached: ['report'],
      everything: ['report'],
      [ASSET_JOB]: ['report', 'erp/orders'],
    });
    expect(Object.values(assetsOf)).toContainEqual(['erp/orders']);
  });

  test('is observed by a step that materializes nothing, before what depends on it', () => {
    // Prepare
    const manifest = define({ assets: [orders, report] }).manifest('shop');
    const job = manifest.jobs.find(({ name }) => name === ASSET_JOB);
    if (job === undefined) throw new Error('there is no implicit job');

    // Act
    const both = createExecutionPlan(manifest, job);
    const alone = createExecutionPlan(manifest, job, { assetSelection: ['report'] });

    // Assess
    expect(both.steps).toMatchObject([
      { key: 'erp__orders', assets: [], observes: ['erp/orders'], dependsOn: [] },
      { key: 'report', assets: ['report'], dependsOn: ['erp__orders'], upstreamAssets: ['erp/orders'] },
    ]);
    expect(both.steps[1]).not.toHaveProperty('observes');
    expect(alone.steps).toMatchObject([{ key: 'report', upstreamAssets: ['erp/orders'] }]);
  });

  test('says with the result of its function what was seen', async () => {
    // Act
    const seen = await observe(orders, { config: { path: '/new' } });

    // Assess
    expect(seen).toMatchObject({
      success: true,
      dataVersion: 'etag of /new',
      metadata: { key: 'erp/orders' },
      materializations: [],
      observations: [{ asset: 'erp/orders', partition: null, tags: { seen: 'yes' } }],
    });
    expect(seen.events.map(({ type }) => type)).not.toContain('STEP_OUTPUT');
  });

  test('may be partitioned, and is observed as a whole', async () => {
    // Act
    const seen = await observe(regions);

    // Assess
    expect(seen.dataVersion).toBeNull();
    expect(seen.dataVersions).toEqual({ eu: 'v1', us: 'v2' });
    expect(seen.observations.map(({ partition }) => partition)).toEqual(['eu', 'us']);
  });

  test('gives what is made after it in the same run its data version', async () => {
    // Act
    const { materializations, events } = await materialize([orders, report]);

    // Assess
    expect(materializations.map(({ asset: key }) => key)).toEqual(['report']);
    expect(events.find(({ type }) => type === 'ASSET_MATERIALIZATION')?.data).toMatchObject({
      inputDataVersions: { 'erp/orders': 'etag of /orders' },
    });
  });

  test('needs no partition, also beside assets that do', async () => {
    // Prepare
    const daily = asset({
      key: 'daily',
      deps: dependency(regions, mapping.all()),
      partitions: dailyPartitions({ start: '2026-01-01' }),
      run: () => {},
    });

    // Act
    const { materializations, observations } = await materialize([regions, daily], {
      partition: '2026-01-02',
    });

    // Assess
    expect(materializations).toMatchObject([{ asset: 'daily', partition: '2026-01-02' }]);
    expect(observations.map(({ partition }) => partition)).toEqual(['eu', 'us']);
  });

  test.each([
    ['nothing', undefined, 'return its data version, or { dataVersion, metadata }, not undefined.'],
    ['a number', 3, 'return its data version, or { dataVersion, metadata }, not number.'],
    [
      'a data version of another type',
      { dataVersion: 3 },
      'its data version is number; it must be a string.',
    ],
  ])('fails when its function returns %s', async (_what, returned, message) => {
    // Prepare
    const broken = observableAsset({ key: 'broken', run: () => returned as never });

    // Act
    const seen = await observe(broken, { raiseOnError: false });

    // Assess
    expect(seen).toMatchObject({ success: false, observations: [] });
    expect(seen.error).toMatchObject({ asset: 'broken', message: `Observing broken: ${message}` });
    // Nothing was to be made.
    expect(seen.events.map(({ type }) => type)).not.toContain('ASSET_FAILED_TO_MATERIALIZE');
  });

  test.each([
    ['one data version', 'v1', 'it is partitioned; return { <partition>: <data version> }, not string.'],
    ['numbers', { eu: 1 }, 'the data version of partition eu is number; it must be a string.'],
  ])('fails when that of a partitioned one returns %s', async (_what, returned, message) => {
    // Prepare
    const broken = observableAsset({
      key: 'broken',
      partitions: staticPartitions(['eu']),
      run: () => returned as never,
    });

    // Act and assess
    await expect(observe(broken)).rejects.toThrow(`Observing broken: ${message}`);
  });
});
