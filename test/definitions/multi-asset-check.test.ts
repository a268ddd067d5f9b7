import {
  asset,
  assetCheck,
  type CheckResult,
  checkResult,
  type DefinitionsError,
  dailyPartitions,
  define,
  externalAsset,
  multiAssetCheck,
  resource,
  staticPartitions,
} from 'headrace';
import { materialize } from 'headrace/testing';
import { createExecutionPlan } from '../../lib/engine/plan/create-execution-plan';
import { ASSET_JOB } from '../../lib/model/run';

const orders = asset({ key: 'shop/orders', run: () => ({ rows: 3 }) });
const customers = asset({ key: 'shop/customers', deps: [orders], run: () => ({ rows: 0 }) });
const db = resource({ setUp: () => ({ rows: (key: string) => key.length }) });

const rowCounts = multiAssetCheck({
  name: 'row_counts',
  description: 'Counts rows of all at once.',
  resources: { db },
  canSubset: true,
  checks: [
    { asset: orders, name: 'has_rows', blocking: true },
    { asset: 'shop/customers', name: 'has_rows', severity: 'WARN', description: 'May be empty.' },
  ],
  *run({ selectedChecks, resources }) {
    for (const { asset: key, name } of selectedChecks) {
      const rows = resources.db.rows(key);
      yield checkResult({ asset: key, check: name, passed: rows > 0, metadata: { rows } });
    }
  },
});

/** A check of two assets whose `run` gives these results. */
const giving = (...results: readonly Omit<CheckResult, 'kind'>[]) =>
  multiAssetCheck({
    name: 'both',
    checks: [
      { asset: orders, name: 'one' },
      { asset: orders, name: 'two' },
      { asset: customers, name: 'two' },
    ],
    run: () => results.map((result) => checkResult(result)),
  });

const manifestOf = (...assetChecks: readonly (typeof rowCounts)[]) =>
  define({ assets: [orders, customers], assetChecks }).manifest('shop');

function planOf(manifest: ReturnType<typeof manifestOf>, ...request: readonly string[]) {
  const job = manifest.jobs.find(({ name }) => name === ASSET_JOB);
  if (job === undefined) throw new Error('there is no implicit job');
  const { steps } = createExecutionPlan(
    manifest,
    job,
    request.length === 0 ? {} : { assetSelection: request },
  );
  return steps.map(({ key, checks, dependsOn }) => ({
    key,
    checks: checks.map((each) => each.asset),
    dependsOn,
  }));
}

describe('a multi-asset check', () => {
  test('is one op with its checks, each with what is said of it', () => {
    const { assetChecks, ops } = manifestOf(rowCounts);
    expect(assetChecks).toMatchObject([
      { asset: 'shop/orders', name: 'has_rows', op: 'row_counts', blocking: true, description: null },
      { asset: 'shop/customers', name: 'has_rows', blocking: false, description: 'May be empty.' },
    ]);
    expect(assetChecks[0]?.source.file).toMatch(/multi-asset-check\.test\.ts$/);
    expect(ops.find(({ name }) => name === 'row_counts')).toMatchObject({
      description: 'Counts rows of all at once.',
      assets: [],
      checks: ['has_rows', 'has_rows'],
      canSubset: true,
    });
  });

  test('runs as one step after its assets, in two where a blocking check has to come between them', () => {
    const plain = giving();
    expect(planOf(manifestOf(plain))).toEqual([
      { key: 'shop__orders', checks: [], dependsOn: [] },
      { key: 'shop__customers', checks: [], dependsOn: ['shop__orders'] },
      {
        key: 'both',
        checks: ['shop/orders', 'shop/orders', 'shop/customers'],
        dependsOn: ['shop__orders', 'shop__customers'],
      },
    ]);
    expect(planOf(manifestOf(rowCounts)).map(({ key }) => key)).toEqual([
      'shop__orders',
      'row_counts',
      'shop__customers',
      'row_counts_2',
    ]);
  });

  test('evaluates the checks of chosen assets only, when it can be subset', () => {
    expect(planOf(manifestOf(rowCounts), 'shop/customers').at(-1)).toEqual({
      key: 'row_counts',
      checks: ['shop/customers'],
      dependsOn: ['shop__customers'],
    });
    expect(planOf(manifestOf(giving()), 'shop/customers').at(-1)?.checks).toHaveLength(3);
  });

  test('gives results with the severity that each check has', async () => {
    const fake = { db: { rows: () => 0 } };
    const { checkEvaluations, success } = await materialize([rowCounts], {
      resources: fake,
      raiseOnError: false,
    });
    expect(checkEvaluations).toMatchObject([
      { asset: 'shop/orders', name: 'has_rows', passed: false, severity: 'ERROR' },
      { asset: 'shop/customers', name: 'has_rows', passed: false, severity: 'WARN' },
    ]);
    // The failure of the blocking one ends the step.
    expect(success).toBe(false);
  });

  test('is asked for what a failed blocking check does not hold back', async () => {
    const fake = { db: { rows: () => 0 } };
    const result = await materialize([orders, customers, rowCounts], {
      resources: fake,
      raiseOnError: false,
    });
    expect(result.materializations.map(({ asset: key }) => key)).toEqual(['shop/orders']);
    expect(result.checkEvaluations.map(({ asset: key }) => key)).toEqual(['shop/orders']);
  });

  test('finds out of which check a result is, as far as there is only one', async () => {
    const sure = giving(
      { check: 'one', passed: true },
      { check: 'two', asset: 'shop/orders', passed: true },
      { asset: 'shop/customers', passed: false },
    );
    const { checkEvaluations } = await materialize([sure], { raiseOnError: false });
    expect(checkEvaluations.map(({ asset: key, name, passed }) => [key, name, passed])).toEqual([
      ['shop/orders', 'one', true],
      ['shop/orders', 'two', true],
      ['shop/customers', 'two', false],
    ]);
  });

  test.each([
    ['is in doubt', { check: 'two', passed: true }, /may be shop\/orders:two or shop\/customers:two/],
    ['is of no check', { check: 'three', passed: true }, /"three"}, which is none of the selected checks/],
    [
      'is the only one',
      { check: 'one', passed: true },
      /without a result for shop\/orders:two, shop\/customers:two/,
    ],
  ])('fails when a result %s', async (_what, result, message) => {
    await expect(materialize([giving(result)])).rejects.toThrow(message);
  });

  test('of external assets alone has a job to run in', () => {
    const check = assetCheck({ asset: 'erp/orders', name: 'own', run: () => true });
    const { jobs } = define({ assets: externalAsset('erp/orders'), assetChecks: check }).manifest('erp');
    expect(jobs).toMatchObject([{ name: ASSET_JOB, assets: [] }]);
  });

  test('is refused without checks, twice, of no asset, or of assets with different partitions', () => {
    const days = asset({ key: 'days', partitions: dailyPartitions({ start: '2026-01-01' }), run: () => 1 });
    const regions = asset({ key: 'regions', partitions: staticPartitions(['eu']), run: () => 1 });
    const wrong = (name: string, ...checks: readonly (readonly [string, string])[]) =>
      multiAssetCheck({
        name,
        checks: checks.map(([key, check]) => ({ asset: key, name: check })),
        run: () => [],
      });
    const mistakes = (() => {
      try {
        define({
          assets: [orders, days, regions],
          assetChecks: [
            wrong('empty'),
            wrong('twice', ['shop/orders', 'same'], ['shop/orders', 'same']),
            wrong('lost', ['shop/nothing', 'c']),
            wrong('mixed', ['days', 'c'], ['regions', 'c']),
          ],
        });
        return [];
      } catch (error) {
        return (error as DefinitionsError).mistakes;
      }
    })();
    const texts = mistakes.map(({ message, source }) => `${message} (${source.file})`);
    for (const expected of [
      /^Op empty: it has no checks \(.*multi-asset-check\.test\.ts\)/,
      /^Check same of asset shop\/orders: it is defined twice/,
      /^Check c of asset shop\/nothing: there is no such asset/,
      /^Op mixed: it checks assets of different partitions/,
    ]) {
      expect(texts).toContainEqual(expect.stringMatching(expected));
    }
    expect(mistakes).toHaveLength(4);
  });
});
